"""Do the tables of the file agree with each other and with the world?

The rules here need more than one key: a line leads to a queue that exists, a shift has a length.
They read the raw document, not the models, so that one wrong type elsewhere does not hide them; a
value of a wrong type is passed over, since the models tell it. One rule, one function.
"""

from collections.abc import Iterator
from typing import get_args

from openline.configuration.defaults import PAUSE_REASONS
from openline.configuration.line_checks import problems_of_lines
from openline.configuration.outside_checks import (
    problems_of_outside,
    problems_of_simulated_transfers,
)
from openline.configuration.partner_checks import problems_of_partners
from openline.configuration.problems import Path, Problem
from openline.configuration.queue_checks import overflow_steps, problems_of_queues
from openline.configuration.queue_tables import QueueTable
from openline.configuration.raw import (
    Raw,
    caller_groups,
    colleague_groups,
    entries_of,
    known_in,
    list_of,
    shifts_of,
    table_of,
)
from openline.configuration.server_checks import problems_of_server
from openline.configuration.simulation_checks import SIMULATED, problems_of_simulation
from openline.configuration.sounds import Sounds
from openline.configuration.tables import Language
from openline.configuration.telephony_checks import problems_of_telephony
from openline.configuration.words import ALIASES, Reporter
from openline.configuration.zones import zone_names

_NAMED = (
    "skills",
    "queues",
    "lines",
    "agents",
    "pause_reasons",
    "dispositions",
    "topics",
    "surge",
    "outside",
)


def problems_between(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    """Yields every problem that shows only when tables are read together."""
    yield from _skills_exist(raw, report)
    yield from _queues_exist(raw, report)
    yield from _lines_exist(raw, report)
    yield from _pause_reasons_exist(raw, report)
    yield from problems_of_lines(raw, sounds, report)
    yield from _goodbyes_exist(raw, sounds, report)
    yield from _zone_exists(raw, report)
    yield from _languages_are_offered(raw, report)
    yield from _agent_keys_are_free(raw, report)
    yield from _turn_has_one_secret(raw, report)
    yield from _lists_repeat_nothing(raw, report)
    yield from _on_call_agents_exist(raw, report)
    yield from _a_way_to_ring_is_given(raw, report)
    yield from _ceilings_leave_time_to_ring(raw, report)
    yield from problems_of_queues(raw, sounds, report)
    yield from problems_of_server(raw, report)
    yield from problems_of_telephony(raw, report)
    yield from problems_of_outside(raw, report)
    yield from problems_of_simulated_transfers(raw, report)
    yield from problems_of_simulation(raw, report)
    yield from problems_of_partners(raw, report)


def _skills_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "skills")
    places: list[tuple[Path, object]] = [
        (("queues", key, "needs"), queue.get("needs")) for key, queue in entries_of(raw, "queues")
    ]
    places += [((*path, "needs"), step.get("needs")) for path, step in overflow_steps(raw)]
    places += [(("agents", key, "skills"), a.get("skills")) for key, a in entries_of(raw, "agents")]
    places += [((*path, "skills"), group.get("skills")) for path, group in colleague_groups(raw)]
    for path, levels in places:
        for skill in table_of(levels):
            if skill not in known:
                yield report.unknown((*path, skill), "skill", skill, known)


def _queues_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "queues")
    for key, line in entries_of(raw, "lines"):
        queue = line.get("queue")
        if isinstance(queue, str) and queue not in known:
            yield report.unknown(("lines", key, "queue"), "queue", queue, known)
    for path, group in caller_groups(raw):
        queue = group.get("transfer_to")
        if isinstance(queue, str) and queue not in known:
            yield report.unknown((*path, "transfer_to"), "queue", queue, known)


def _lines_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "lines")
    for path, group in caller_groups(raw):
        line = group.get("line")
        if isinstance(line, str) and line not in known:
            yield report.unknown((*path, "line"), "line", line, known)


def _pause_reasons_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "pause_reasons")
    if "pause_reasons" not in raw:
        known = {key: tuple(texts.values()) for key, texts in PAUSE_REASONS.items()}
    for path, group in colleague_groups(raw):
        for number, each in enumerate(list_of(group.get("breaks"))):
            why = table_of(each).get("pause_reason")
            if isinstance(why, str) and why not in known:
                where = (*path, "breaks", number, "pause_reason")
                yield report.unknown(where, "pause reason", why, known)


def _goodbyes_exist(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    known = {**dict.fromkeys(sounds.goodbyes, ()), **known_in(raw, "recordings")}
    for key, queue in entries_of(raw, "queues"):
        sound = table_of(queue.get("callback")).get("goodbye")
        if isinstance(sound, str) and sound not in known:
            where = ("queues", key, "callback", "goodbye")
            yield report.unknown(where, "recording for the wrong person", sound, known)


def _zone_exists(raw: Raw, report: Reporter) -> Iterator[Problem]:
    name = table_of(raw.get("centre")).get("time_zone")
    if isinstance(name, str) and name not in zone_names():
        # People know their city, not their continent's spelling.
        cities = {
            z: (z.rpartition("/")[2], z.rpartition("/")[2].replace("_", " "))
            for z in sorted(zone_names())
        }
        problem = report.unknown(("centre", "time_zone"), "time zone", name, cities)
        yield Problem(
            file=problem.file,
            line=problem.line,
            column=problem.column,
            key=problem.key,
            message=problem.message,
            allowed='Time zones are named by continent and city, for example "America/Chicago".',
            nearest=problem.nearest,
        )


def _languages_are_offered(raw: Raw, report: Reporter) -> Iterator[Problem]:
    offered = list_of(table_of(raw.get("centre")).get("languages", list(get_args(Language))))
    known = {word: ALIASES.get(word, ()) for word in get_args(Language) if word in offered}
    for key, line in entries_of(raw, "lines"):
        language = line.get("language")
        if language in get_args(Language) and language not in known:
            yield report.unknown(("lines", key, "language"), "language", str(language), known)
        for entry, each in table_of(line.get("entries")).items():
            spoken = table_of(each).get("language")
            if spoken in get_args(Language) and spoken not in known:
                where = ("lines", key, "entries", entry, "language")
                yield report.unknown(where, "language", str(spoken), known)
    named: list[tuple[Path, object]] = [
        (("centre", "name"), table_of(raw.get("centre")).get("name"))
    ]
    for table in _NAMED:
        named += [
            ((table, key, "name"), thing.get("name")) for key, thing in entries_of(raw, table)
        ]
    for key, group in entries_of(table_of(raw.get("partners")), "groups"):
        named.append((("partners", "groups", key, "name"), group.get("name")))
    for path, name in named:
        for language in table_of(name):
            if language not in known:
                yield report.unknown((*path, language), "language", language, known)


def _agent_keys_are_free(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, _ in entries_of(raw, "agents"):
        if key.startswith(SIMULATED):
            yield report.problem(
                ("agents", key),
                "cannot be the key of an agent.",
                allowed=f"Keys that begin with {SIMULATED} are kept for simulated colleagues.",
            )


def _turn_has_one_secret(raw: Raw, report: Reporter) -> Iterator[Problem]:
    turn = table_of(raw.get("telephony")).get("turn")
    if not isinstance(turn, dict):
        return
    given = [key for key in ("secret_file", "secret") if key in turn]
    if not given:
        yield report.problem(
            ("telephony", "turn", "secret_file"),
            "is missing.",
            allowed='Allowed: a file that holds the secret, for example "turn-secret.txt".',
        )
    elif len(given) == 2:
        yield report.problem(
            ("telephony", "turn", "secret"),
            "cannot stand beside secret_file.",
            allowed="Allowed: one of the two.",
        )


def _lists_repeat_nothing(raw: Raw, report: Reporter) -> Iterator[Problem]:
    turn = table_of(table_of(raw.get("telephony")).get("turn"))
    lists: list[tuple[Path, object]] = [
        (("centre", "languages"), table_of(raw.get("centre")).get("languages")),
        (("telephony", "turn", "urls"), turn.get("urls")),
    ]
    lists += [((*path, "days"), shift.get("days")) for path, shift in shifts_of(raw)]
    lists += [
        (("queues", key, "on_call"), q.get("on_call")) for key, q in entries_of(raw, "queues")
    ]
    for path, values in lists:
        words = list_of(values)
        for number, word in enumerate(words):
            if isinstance(word, str) and word in words[:number]:
                yield report.problem(
                    (*path, number), f'is "{word}" again.', allowed="Allowed: each word once."
                )


def _on_call_agents_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "agents")
    for key, queue in entries_of(raw, "queues"):
        for number, agent in enumerate(list_of(queue.get("on_call"))):
            if isinstance(agent, str) and agent not in known:
                yield report.unknown(("queues", key, "on_call", number), "agent", agent, known)


def _a_way_to_ring_is_given(raw: Raw, report: Reporter) -> Iterator[Problem]:
    notify = table_of(raw.get("on_call")).get("notify")
    if isinstance(notify, dict) and not {"command", "webhook"} & notify.keys():
        yield report.problem(
            ("on_call", "notify"),
            "says not how people are rung.",
            allowed="Allowed: a command, a webhook, or both.",
        )


def _ceilings_leave_time_to_ring(raw: Raw, report: Reporter) -> Iterator[Problem]:
    default = QueueTable.model_fields["ring_timeout_s"].default
    # A ring that is itself not allowed is told of already.
    for key, queue in entries_of(raw, "queues"):
        ceiling, ring = queue.get("ceiling_s", 0), queue.get("ring_timeout_s", default)
        if isinstance(ceiling, int) and isinstance(ring, int) and 0 < ceiling < ring <= 120:
            yield report.problem(
                ("queues", key, "ceiling_s"),
                f"is less than one ring (ring_timeout_s is {ring}): whoever is not answered at the "
                "first ring would be next before everybody.",
                allowed=f"Allowed: 0 for none, or a number from {ring}.",
            )
