"""Do the rules of a queue agree with each other, and can every call come to an end?

Overflow and interflow: their steps in order, their destinations there, and nobody sent in circles.
The engine would stop a call that goes round (it counts), but such rules are never meant.
"""

from collections.abc import Iterator

from openline.configuration.forwarding_checks import problems_of_forwarding
from openline.configuration.problems import Path, Problem
from openline.configuration.raw import Raw, entries_of, known_in, list_of, table_of
from openline.configuration.sounds import Sounds
from openline.configuration.words import Reporter

_Leads = dict[str, list[tuple[Path, str]]]
_PLACES = ("queue", "message", "voicemail", "outside")


def problems_of_queues(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    """Yields what is wrong with the overflow and the interflow of the queues."""
    yield from _overflow_goes_on(raw, report)
    yield from _interflow_has_one_destination(raw, report)
    yield from _destinations_exist(raw, sounds, report)
    yield from _interflow_says_after_what(raw, report)
    yield from _each_cause_once(raw, report)
    yield from problems_of_forwarding(raw, interflow_rules(raw), sounds, report)
    yield from _nobody_goes_round(raw, report)
    yield from _surges_offer_what_there_is(raw, report)
    yield from _those_on_call_have_time(raw, report)
    yield from _announcements_say_something(raw, report)


def overflow_steps(raw: Raw) -> list[tuple[Path, Raw]]:
    """Returns the steps of every queue's overflow, each with its path."""
    return _of_queues(raw, "overflow")


def interflow_rules(raw: Raw) -> list[tuple[Path, Raw]]:
    """Returns the rules of every queue's interflow, usually and in each surge, with their paths."""
    return _of_queues(raw, "interflow")


def _of_queues(raw: Raw, name: str) -> list[tuple[Path, Raw]]:
    """Returns what every queue has by this name, usually and in each surge."""
    queues: list[tuple[Path, Raw]] = [
        (("queues", key), queue) for key, queue in entries_of(raw, "queues")
    ]
    for surge, changed in entries_of(raw, "surge"):
        queues += [
            (("surge", surge, "queues", key), queue) for key, queue in entries_of(changed, "queues")
        ]
    return [
        ((*path, name, number), table_of(each))
        for path, queue in queues
        for number, each in enumerate(list_of(queue.get(name)))
    ]


def _queue_of(path: Path) -> str:
    """Returns the queue whose rule stands at the path."""
    return str(path[-3])


def _overflow_goes_on(raw: Raw, report: Reporter) -> Iterator[Problem]:
    before: dict[Path, int] = {}
    for path, step in overflow_steps(raw):
        after = step.get("after_s")
        if not isinstance(after, int):
            continue
        last = before.get(path[:-1])
        if last is not None and after <= last:
            yield report.problem(
                (*path, "after_s"),
                f"cannot be {after}: the step before comes after {last}.",
                allowed=f"Allowed: a wait above {last}, or the steps in their order.",
            )
        before[path[:-1]] = after


def _interflow_has_one_destination(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, rule in interflow_rules(raw):
        given = [key for key in _PLACES if key in rule]
        if not given:
            yield report.problem(
                (*path, "queue"),
                "is missing.",
                allowed=f"Allowed: one of {', '.join(_PLACES)}.",
            )
        elif len(given) > 1:
            yield report.problem(
                (*path, given[1]),
                f"cannot stand beside {given[0]}.",
                allowed="Allowed: one of the two.",
            )


def _destinations_exist(raw: Raw, sounds: Sounds, report: Reporter) -> Iterator[Problem]:
    queues, boxes = known_in(raw, "queues"), known_in(raw, "voicemail")
    for path, rule in interflow_rules(raw):
        queue, message = rule.get("queue"), rule.get("message")
        box = rule.get("voicemail")
        if isinstance(box, str) and box not in boxes:
            yield report.unknown((*path, "voicemail"), "voicemail box", box, boxes)
        if isinstance(queue, str) and queue not in queues:
            yield report.unknown((*path, "queue"), "queue", queue, queues)
        if isinstance(message, str) and message not in sounds.greetings:
            choices = dict.fromkeys(sounds.greetings, ())
            yield report.unknown((*path, "message"), "recording", message, choices)


def _interflow_says_after_what(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, rule in interflow_rules(raw):
        if rule.get("when") in ("waited", "long_wait") and "after_s" not in rule:
            yield report.problem(
                (*path, "after_s"),
                "is missing.",
                allowed="Allowed: the wait in seconds, for example 600.",
            )
        elif rule.get("when") == "nobody_at_work" and "after_s" in rule:
            yield report.problem(
                (*path, "after_s"),
                "cannot stand here: this is asked when a call comes to the queue.",
                allowed='Allowed: only with when = "waited" or "long_wait".',
            )


def _each_cause_once(raw: Raw, report: Reporter) -> Iterator[Problem]:
    seen: set[tuple[Path, object, bool]] = set()
    for path, rule in interflow_rules(raw):
        when, is_tried = rule.get("when"), "outside" in rule
        if isinstance(when, str) and (path[:-1], when, is_tried) in seen:
            yield report.problem(
                (*path, "when"),
                f'is "{when}" again: only the first such rule would ever be followed.',
                allowed="Allowed: each once in a queue, and once more with outside before it.",
            )
        if isinstance(when, str):
            seen.add((path[:-1], when, is_tried))


def _nobody_goes_round(raw: Raw, report: Reporter) -> Iterator[Problem]:
    yield from _circles(_leads(raw, None), None, report)
    for surge, _ in entries_of(raw, "surge"):
        yield from _circles(_leads(raw, surge), surge, report)


def _leads(raw: Raw, surge: str | None) -> _Leads:
    """Returns to which queues each queue sends calls, usually or in a surge, and where it says."""
    changed = entries_of(table_of(table_of(raw.get("surge")).get(surge or "")), "queues")
    otherwise = {key for key, queue in changed if "interflow" in queue}
    leads: _Leads = {}
    for path, rule in interflow_rules(raw):
        queue, key = rule.get("queue"), _queue_of(path)
        usual = path[0] == "queues" and key not in otherwise
        if isinstance(queue, str) and (usual or path[:2] == ("surge", surge)):
            leads.setdefault(key, []).append(((*path, "queue"), queue))
    return leads


def _circles(leads: _Leads, surge: str | None, report: Reporter) -> Iterator[Problem]:
    for start in leads:
        found = _way_back(start, leads)
        # Each circle is told once, at its first queue in the order of the alphabet.
        if found is not None and start == min(found[1]):
            way = " -> ".join((*found[1], start))
            if surge is not None and not _is_of_surge(found[1], leads):
                continue  # it goes round without the surge too, and was told there
            way += "" if surge is None else f", while the surge {surge} is on"
            yield report.problem(
                found[0],
                f"sends calls in a circle: {way}.",
                allowed="Allowed: destinations of which the last keeps its calls, or is a message "
                "or a box.",
            )


def _is_of_surge(way: tuple[str, ...], leads: _Leads) -> bool:
    return any(path[0] == "surge" for queue in way for path, _ in leads[queue])


def _way_back(start: str, leads: _Leads) -> tuple[Path, tuple[str, ...]] | None:
    """Returns the first step of a way from the queue to itself and the queues on it, or None."""
    ways: list[tuple[Path, tuple[str, ...], str]] = [
        (path, (start,), queue) for path, queue in leads.get(start, ())
    ]
    seen: set[str] = set()
    while ways:
        first, way, queue = ways.pop(0)
        if queue == start:
            return first, way
        if queue not in seen:
            seen.add(queue)
            ways.extend((first, (*way, queue), onward) for _, onward in leads.get(queue, ()))
    return None


def _surges_offer_what_there_is(raw: Raw, report: Reporter) -> Iterator[Problem]:
    calls_back = {key for key, queue in entries_of(raw, "queues") if "callback" in queue}
    queues = known_in(raw, "queues")
    for surge, changed in entries_of(raw, "surge"):
        for key, queue in entries_of(changed, "queues"):
            where = ("surge", surge, "queues", key, "callback_offer_after_s")
            if "callback_offer_after_s" not in queue or key not in queues:
                continue
            if key not in calls_back:
                yield report.problem(
                    where,
                    f'cannot be: queue "{key}" has no "callback", so nobody is called back.',
                    allowed=f"Allowed: with [queues.{key}.callback] alone.",
                )
            elif queue.get("offers_callbacks") is False:
                yield report.problem(
                    where,
                    "cannot stand beside offers_callbacks = false.",
                    allowed="Allowed: one of the two.",
                )


def _those_on_call_have_time(raw: Raw, report: Reporter) -> Iterator[Problem]:
    queues = dict(entries_of(raw, "queues"))
    for path, rule in interflow_rules(raw):
        on_call = list_of(queues.get(_queue_of(path), {}).get("on_call"))
        if rule.get("when") == "nobody_at_work" and on_call:
            yield report.problem(
                (*path, "when"),
                "contradicts on_call: calls that find nobody at work leave at once, so those on "
                "call would never be rung.",
                allowed='Allowed: when = "waited" with time for them to come, or no on_call.',
            )


def _announcements_say_something(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for key, queue in entries_of(raw, "queues"):
        told = table_of(queue.get("announcements"))
        if told.get("place") is False and told.get("wait") is False:
            yield report.problem(
                ("queues", key, "announcements", "wait"),
                "cannot be false beside place: nothing would be told.",
                allowed="Allowed: one of the two, or no announcements.",
            )
