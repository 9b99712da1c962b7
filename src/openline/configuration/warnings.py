"""What is allowed and yet probably not meant?

Warnings never keep a centre from starting. They are told by `openline check` and at the start.
"""

import shutil
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from openline.configuration.document import Document
from openline.configuration.forwarding_warnings import warnings_of_forwarding
from openline.configuration.line_warnings import destinations_of, rules_of, warnings_of_lines
from openline.configuration.partner_list import Partner
from openline.configuration.problems import Path, Problem
from openline.configuration.queue_tables import QueueTable
from openline.configuration.surge_warnings import queues_as_set
from openline.configuration.tables import AgentTable
from openline.configuration.words import Reporter

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def warnings_of(
    document: Document, report: Reporter, partners: Sequence[Partner] = ()
) -> Iterator[Problem]:
    """Yields what looks wrong in a document that is right."""
    yield from _every_queue_has_an_agent(document, report)
    yield from _every_queue_has_a_line(document, report)
    yield from _every_skill_is_somebodys(document, report)
    yield from _every_agent_can_take_calls(document, report)
    yield from _limits_agree(document, report)
    yield from _those_on_call_can_take_the_calls(document, report)
    yield from _on_call_has_a_list(document, report)
    yield from _who_is_on_call_can_be_rung(document, report)
    yield from _the_command_is_there(document, report)
    yield from _the_password_is_elsewhere(document, report)
    yield from warnings_of_lines(document, report)
    yield from _limits_can_be_reached(document, report, partners)
    yield from _every_step_brings_somebody(document, report)
    yield from _calls_stay_long_enough(document, report)
    yield from _the_secret_is_elsewhere(document, report)
    yield from _others_can_be_heard(document, report)
    yield from _somebody_can_ring(document, report)
    yield from _somebody_can_be_dialled(document, report)
    yield from warnings_of_forwarding(document, report)


def _every_queue_has_an_agent(document: Document, report: Reporter) -> Iterator[Problem]:
    empty = [
        key
        for key, queue in document.queues.items()
        if not any(_can_take(agent, queue) for agent in document.agents.values())
    ]
    for key in empty:
        yield report.problem(
            ("queues", key),
            "no agent can take these calls: they would wait for ever.",
            allowed="Give an agent the skills that the queue needs"
            + (", or ask for a lower level." if document.queues[key].needs else "."),
        )
    for one in queues_as_set(document):
        if one.changed is None or one.path[-1] in empty:
            continue
        if not any(_can_take(agent, one.queue) for agent in document.agents.values()):
            yield report.problem(
                one.at("overflow"),
                "no agent can take these calls while the surge is on: they would wait for ever.",
                allowed="Keep the steps that bring agents in, or give one the skills.",
            )


def _limits_can_be_reached(
    document: Document, report: Reporter, partners: Sequence[Partner]
) -> Iterator[Problem]:
    table = document.partners
    if table is None:
        callers = [] if document.simulation is None else document.simulation.callers
        for number, simulated in enumerate(callers):
            if simulated.partners:
                yield report.problem(
                    ("simulation", "callers", number, "partners"),
                    "there are no partners for whom they could call.",
                    allowed="Name them in [partners], or leave this out.",
                )
        return
    people = len(document.agents)
    if document.simulation is not None:
        people += sum(s.count for group in document.simulation.colleagues for s in group.shifts)
    limits: list[tuple[Path, int | None]] = [(("partners", "agents"), table.agents)]
    limits.append((("partners", "agents_each"), table.agents_each))
    for key, group in table.groups.items():
        limits.append((("partners", "groups", key, "agents"), group.agents))
        if all(partner.group != key for partner in partners):
            yield report.problem(
                ("partners", "groups", key),
                "no partner is in this group.",
                allowed="Name it in the column group of a row, or leave it out.",
            )
    for path, limit in limits:
        if limit is not None and limit >= people:
            yield report.problem(
                path,
                f"holds nobody back: there are {people} agents.",
                allowed="Write fewer, or leave it out.",
            )


def _every_step_brings_somebody(document: Document, report: Reporter) -> Iterator[Problem]:
    for one in queues_as_set(document):
        known = {key for key, agent in document.agents.items() if _meets(agent, one.queue.needs)}
        for number, step in enumerate(one.queue.overflow if one.has_steps else ()):
            asked = {key for key, agent in document.agents.items() if _meets(agent, step.needs)}
            if document.agents and asked <= known:
                yield report.problem(
                    one.at("overflow", number),
                    "brings in no agent who could not take these calls before.",
                    allowed="Ask for less than the queue and the steps before, or leave it out.",
                )
            known |= asked


def _calls_stay_long_enough(document: Document, report: Reporter) -> Iterator[Problem]:
    for one in queues_as_set(document):
        # Who was sent outside may come back, and waits on.
        queue, while_on = one.queue, "" if one.changed is None else " while the surge is on"
        staying = [rule for rule in queue.interflow if rule.outside is None]
        waits = [rule.after_s for rule in staying if rule.when == "waited"]
        longest = min((wait for wait in waits if wait is not None), default=None)
        if longest is None:
            continue
        for number, step in enumerate(queue.overflow):
            if step.after_s >= longest:
                yield report.problem(
                    one.at("overflow", number, "after_s"),
                    f"comes too late: calls leave this queue after {longest} s{while_on}.",
                    allowed=f"Write less than {longest}, or let them stay longer.",
                )
        if queue.ceiling_s >= longest:
            yield report.problem(
                one.at("ceiling_s"),
                f"is never reached: calls leave this queue after {longest} s{while_on}.",
                allowed=f"Write less than {longest}, or let them stay longer.",
            )


def _can_take(agent: AgentTable, queue: QueueTable) -> bool:
    """Tells whether the agent can take these calls, at once or when they overflow."""
    asked = (queue.needs, *(step.needs for step in queue.overflow))
    return any(_meets(agent, needs) for needs in asked)


def _meets(agent: AgentTable, needs: dict[str, int]) -> bool:
    return all(agent.skills.get(skill, 0) >= least for skill, least in needs.items())


def _every_queue_has_a_line(document: Document, report: Reporter) -> Iterator[Problem]:
    used = {line.queue for line in document.lines.values()}
    used |= {to.queue for to in destinations_of(document) if to.queue is not None}
    used |= {rule.queue or "" for rule in rules_of(document)}
    used |= {key for key, queue in document.queues.items() if queue.transferred_priority}
    if document.simulation is not None:
        used |= {group.transfer_to or "" for group in document.simulation.callers}
    for key in document.queues:
        if key not in used:
            yield report.problem(
                ("queues", key),
                "no line, menu, other queue or surge leads here: only agents can send it calls, "
                "by transfer.",
                allowed="Name it where calls are sent. If it is meant for transfers, say so by "
                "transferred_priority.",
            )


def _every_skill_is_somebodys(document: Document, report: Reporter) -> Iterator[Problem]:
    owned = {skill for agent in document.agents.values() for skill in agent.skills}
    if document.simulation is not None:
        owned.update(s for group in document.simulation.colleagues for s in group.skills)
    for key in document.skills:
        if key not in owned:
            yield report.problem(
                ("skills", key),
                "nobody has this skill.",
                allowed="Give it to an agent, or leave it out.",
            )


def _every_agent_can_take_calls(document: Document, report: Reporter) -> Iterator[Problem]:
    for key, agent in document.agents.items():
        if not any(_can_take(agent, one.queue) for one in queues_as_set(document)):
            yield report.problem(
                ("agents", key),
                "no queue has calls that she could take: she would wait for ever.",
                allowed="Give her the skills that a queue needs.",
            )


def _limits_agree(document: Document, report: Reporter) -> Iterator[Problem]:
    for key, queue in document.queues.items():
        within = queue.service_level.within_s
        if 0 < queue.ceiling_s < within:
            yield report.problem(
                ("queues", key, "ceiling_s"),
                f"callers are next whatever their priority before the target of {within} s is "
                "missed: priority counts for hardly anything.",
                allowed="Give it more than service_level.within_s, or 0 for none.",
            )
        if queue.short_abandon_s > within:
            yield report.problem(
                ("queues", key, "short_abandon_s"),
                f"who leaves after the target of {within} s was missed would count as having left "
                "at once.",
                allowed="Give it at most service_level.within_s.",
            )
        if queue.ageing_s and not queue.ceiling_s and _is_the_only_choice(document, queue):
            yield report.problem(
                ("queues", key, "ageing_s"),
                "there is no other queue that these agents serve: priority decides nothing here.",
                allowed="Leave it out.",
            )


def _is_the_only_choice(document: Document, queue: QueueTable) -> bool:
    """Tells whether nobody who serves this queue serves another."""
    return not any(
        _can_take(agent, queue) and _can_take(agent, other)
        for agent in document.agents.values()
        for other in document.queues.values()
        if other is not queue
    )


def _those_on_call_can_take_the_calls(document: Document, report: Reporter) -> Iterator[Problem]:
    for key, queue in document.queues.items():
        for number, called in enumerate(queue.on_call):
            if not _meets(document.agents[called], queue.needs):
                yield report.problem(
                    ("queues", key, "on_call", number),
                    f'"{called}" would be rung at home for calls that she cannot take.',
                    allowed="Give her the skills that the queue needs, or leave her out.",
                )


def _on_call_has_a_list(document: Document, report: Reporter) -> Iterator[Problem]:
    for key, queue in document.queues.items():
        if queue.on_call_after_s and not queue.on_call:
            yield report.problem(
                ("queues", key, "on_call_after_s"),
                "nobody is on call for this queue, so nobody is rung after any time.",
                allowed="Name who is rung in on_call, or leave this out.",
            )


def _who_is_on_call_can_be_rung(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.on_call.notify is not None or document.simulation is not None:
        return
    for key, queue in document.queues.items():
        if queue.on_call:
            yield report.problem(
                ("queues", key, "on_call"),
                "nobody on this list can be rung: nothing says how.",
                allowed="Give a command or a webhook in [on_call.notify].",
            )


def _the_command_is_there(document: Document, report: Reporter) -> Iterator[Problem]:
    notify = document.on_call.notify
    if notify is not None and notify.command and shutil.which(notify.command[0]) is None:
        yield report.problem(
            ("on_call", "notify", "command", 0),
            "names a program that is not on this machine, or may not be run.",
            allowed="Write its whole path, and make it executable.",
        )


def _the_password_is_elsewhere(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.store.url is not None and urlsplit(document.store.url).password:
        yield report.problem(
            ("store", "url"),
            "a password stands in this file, which is copied and shown to others.",
            allowed="Leave it out and write it into PostgreSQL's password file (PGPASSFILE).",
        )


def _the_secret_is_elsewhere(document: Document, report: Reporter) -> Iterator[Problem]:
    turn = document.telephony.turn
    if turn is not None and turn.secret is not None:
        yield report.problem(
            ("telephony", "turn", "secret"),
            "a secret stands in this file, which is copied and shown to others.",
            allowed="Put it into a file of its own and name that as secret_file.",
        )


def _others_can_be_heard(document: Document, report: Reporter) -> Iterator[Problem]:
    server = document.server
    if server.host not in _THIS_MACHINE and document.telephony.turn is None:
        yield report.problem(
            ("server", "host"),
            "other machines can open the pages, but will hear nothing without a relay.",
            allowed="Name a relay in [telephony.turn].",
        )


def _somebody_can_ring(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.telephony.asterisk is None:
        return
    entries = [entry for line in document.lines.values() for entry in line.entries.values()]
    if not any(entry.number for entry in entries):
        yield report.problem(
            ("telephony", "asterisk"),
            "no number leads to a line: nobody can call by telephone.",
            allowed="Give a line an entry with a number.",
        )
    elif not document.trunks:
        yield report.problem(
            ("telephony", "asterisk"),
            "there is no trunk: nobody can call the numbers.",
            allowed="Add [trunks.KEY] with the telephone company's addresses.",
        )


def _somebody_can_be_dialled(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.telephony.asterisk is None or any(
        trunk.dials for trunk in document.trunks.values()
    ):
        return
    called_back = [key for key, queue in document.queues.items() if queue.callback is not None]
    places: list[Path] = [("outside", key) for key in document.outside]
    places += [("queues", key, "callback") for key in called_back]
    for path in places:
        yield report.problem(
            path,
            "no trunk dials: callers by telephone cannot have this.",
            allowed="Write dials = true at the trunk by which calls go out.",
        )
