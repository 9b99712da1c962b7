"""May a queue send its calls to this number outside, and does the caller hear of it before?

The number must stand in the list of destinations outside, be no emergency service, which people
alone call, and be none of the centre's own numbers, by which the call would come in again.
"""

from collections.abc import Iterator

from openline.configuration.outside_checks import dialled
from openline.configuration.problems import Path, Problem
from openline.configuration.raw import Raw, entries_of, known_in, table_of
from openline.configuration.sounds import Sounds
from openline.configuration.words import Reporter

Rules = list[tuple[Path, Raw]]


def problems_of_forwarding(
    raw: Raw, rules: Rules, sounds: Sounds, report: Reporter
) -> Iterator[Problem]:
    """Yields what is wrong with the rules by which queues send calls outside."""
    yield from _numbers_are_listed(raw, rules, report)
    yield from _callers_are_told(raw, rules, sounds, report)
    yield from _places_are_kept(rules, report)
    yield from _nobody_comes_in_again(raw, rules, report)
    yield from _every_rule_is_asked(rules, report)


def _numbers_are_listed(raw: Raw, rules: Rules, report: Reporter) -> Iterator[Problem]:
    known = known_in(raw, "outside")
    kinds = {key: outside.get("kind") for key, outside in entries_of(raw, "outside")}
    for path, rule in rules:
        outside = rule.get("outside")
        if not isinstance(outside, str):
            continue
        if outside not in known:
            yield report.unknown((*path, "outside"), "destination outside", outside, known)
        elif kinds.get(outside) == "emergency":
            yield report.problem(
                (*path, "outside"),
                f'cannot be "{outside}": emergency services are called by people alone, who say '
                "what has happened.",
                allowed='Allowed: a destination of another kind, for example kind = "service".',
            )


def _callers_are_told(
    raw: Raw, rules: Rules, sounds: Sounds, report: Reporter
) -> Iterator[Problem]:
    known = {**dict.fromkeys(sounds.greetings, ()), **known_in(raw, "recordings")}
    for path, rule in rules:
        said, where = rule.get("announcement"), (*path, "announcement")
        if "outside" in rule and "announcement" not in rule:
            yield report.problem(
                where,
                "is missing: callers are told before they are connected with somebody else.",
                allowed='Allowed: the name of a recording, for example "connecting-en".',
            )
        elif "outside" not in rule and "announcement" in rule:
            yield report.problem(
                where,
                "stands where no number outside is rung.",
                allowed="Allowed: beside outside alone.",
            )
        elif isinstance(said, str) and said not in known:
            yield report.unknown(where, "recording", said, known)


def _places_are_kept(rules: Rules, report: Reporter) -> Iterator[Problem]:
    for path, rule in rules:
        if "outside" in rule and rule.get("keeps_place") is False:
            yield report.problem(
                (*path, "keeps_place"),
                "cannot be false here: a call that nobody takes outside has its place again.",
                allowed="Leave it out.",
            )


def _nobody_comes_in_again(raw: Raw, rules: Rules, report: Reporter) -> Iterator[Problem]:
    numbers = {
        key: dialled(number)
        for key, outside in entries_of(raw, "outside")
        if isinstance(number := outside.get("number"), str)
    }
    own = {
        dialled(number): key
        for key, line in entries_of(raw, "lines")
        for entry in table_of(line.get("entries")).values()
        if isinstance(number := table_of(entry).get("number"), str)
    }
    for path, rule in rules:
        outside = rule.get("outside")
        line = own.get(numbers.get(outside, "")) if isinstance(outside, str) else None
        if line is not None:
            yield report.problem(
                (*path, "outside"),
                f'sends calls in a circle: "{outside}" has the number of the line "{line}".',
                allowed="Allowed: a number that is not the centre's own.",
            )


def _every_rule_is_asked(rules: Rules, report: Reporter) -> Iterator[Problem]:
    """Finds rules that lead outside and stand behind one of the same cause, which goes first."""
    for path, rule in rules:
        earlier = [
            other
            for where, other in rules
            if where[:-1] == path[:-1]
            and other.get("when") == rule.get("when")
            and "outside" not in other
            and _goes_first(where, other, path, rule)
        ]
        if "outside" in rule and earlier:
            yield report.problem(
                (*path, "when"),
                f'is "{rule.get("when")}" after a rule by which the call has left already.',
                allowed="Allowed: outside first, then where calls go that nobody takes there.",
            )


def _goes_first(where: Path, other: Raw, path: Path, rule: Raw) -> bool:
    sooner, later = other.get("after_s"), rule.get("after_s")
    if rule.get("when") == "waited" and isinstance(sooner, int) and isinstance(later, int):
        return sooner < later or (sooner == later and list(where) < list(path))
    return list(where) < list(path)
