"""Can the number outside be reached to which a queue sends its calls?"""

from collections.abc import Iterator

from openline.configuration.document import Document
from openline.configuration.problems import Path, Problem
from openline.configuration.queue_tables import InterflowTable
from openline.configuration.words import Reporter

_Rules = list[tuple[Path, str, InterflowTable]]


def warnings_of_forwarding(document: Document, report: Reporter) -> Iterator[Problem]:
    """Yields the rules by which no call, or not every call, ever gets outside."""
    rules = _rules_outside(document)
    yield from _somebody_can_be_reached(document, rules, report)
    yield from _lines_may_be_connected(document, rules, report)


def _rules_outside(document: Document) -> _Rules:
    """Returns the rules that lead outside, usually and in a surge, with the queue of each."""
    queues = [(("queues", key), key, queue.interflow) for key, queue in document.queues.items()]
    found: _Rules = []
    changed = [
        (("surge", surge, "queues", key), key, queue.interflow or [])
        for surge, table in document.surge.items()
        for key, queue in table.queues.items()
    ]
    for path, key, rules in (*queues, *changed):
        found += [
            ((*path, "interflow", number), key, rule)
            for number, rule in enumerate(rules)
            if rule.outside is not None
        ]
    return found


def _somebody_can_be_reached(
    document: Document, rules: _Rules, report: Reporter
) -> Iterator[Problem]:
    if document.simulation is not None:
        return
    if document.telephony.asterisk is None:
        why = "there are no telephones, and callers by web page cannot be connected with a number"
        mend = "Set up telephones ([telephony.asterisk]), or send them elsewhere."
    elif not any(trunk.dials for trunk in document.trunks.values()):
        why = "no trunk dials"
        mend = "Write dials = true at the trunk by which calls go out."
    else:
        return
    for path, _, _ in rules:
        yield report.problem(
            (*path, "outside"),
            f"no telephony can ring this number: {why}. Every call would come back to its place.",
            allowed=mend,
        )


def _lines_may_be_connected(
    document: Document, rules: _Rules, report: Reporter
) -> Iterator[Problem]:
    for path, queue, rule in rules:
        allowed = document.outside[rule.outside or ""].lines
        lines = [key for key, line in document.lines.items() if line.queue == queue]
        stay = [key for key in lines if allowed and key not in allowed]
        if stay:
            yield report.problem(
                (*path, "outside"),
                f"is not for calls of {', '.join(stay)}: they stay in the queue.",
                allowed=f"Name the lines in [outside.{rule.outside}], or leave lines out there.",
            )
