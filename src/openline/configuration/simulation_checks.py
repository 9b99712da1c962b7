"""Does the simulated world agree with itself: shifts, breaks, shares, prefixes?

The rules here need more than one key. They read the raw document, as `cross_checks` does.
"""

from collections.abc import Iterator

from openline.configuration.problems import Path, Problem, listed
from openline.configuration.raw import (
    Raw,
    caller_groups,
    colleague_groups,
    list_of,
    seconds_of_day,
    shifts_of,
    table_of,
)
from openline.configuration.words import Reporter

SIMULATED = "sim-"
"""Begins the keys of simulated colleagues, and of nobody else."""

BREAK_PLACES = 4
"""In so many places, one after the other, colleagues take the same break."""


def problems_of_simulation(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields what contradicts itself in `[simulation]`."""
    yield from _prefixes_differ(raw, report)
    yield from _hours_have_a_length(raw, report)
    yield from _breaks_are_within_shifts(raw, report)
    yield from _shares_make_sense(raw, report)


def _prefixes_differ(raw: Raw, report: Reporter) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path, group in colleague_groups(raw):
        prefix = group.get("prefix")
        if isinstance(prefix, str) and seen.setdefault(prefix, path) != path:
            yield report.problem(
                (*path, "prefix"),
                f'cannot be "{prefix}" again.',
                allowed="Allowed: a prefix that no other group of colleagues has.",
            )


def _hours_have_a_length(raw: Raw, report: Reporter) -> Iterator[Problem]:
    simulation = table_of(raw.get("simulation"))
    spans: list[tuple[Path, Raw]] = [
        (("simulation", "day", "open"), table_of(table_of(simulation.get("day")).get("open")))
    ]
    spans += shifts_of(raw)
    for path, span in spans:
        start, end = seconds_of_day(span.get("start")), seconds_of_day(span.get("end"))
        if start is not None and start == end:
            yield report.problem(
                (*path, "end"),
                "cannot be the same as start.",
                allowed="Allowed: a later time, or an earlier one for the next day.",
            )


def _breaks_are_within_shifts(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, group in colleague_groups(raw):
        lengths = [
            (end - start) % 86_400 or 86_400
            for shift_path, shift in shifts_of(raw)
            if shift_path[: len(path)] == path
            and (start := seconds_of_day(shift.get("start"))) is not None
            and (end := seconds_of_day(shift.get("end"))) is not None
        ]
        for number, each in enumerate(list_of(group.get("breaks"))):
            after, length = table_of(each).get("after_s"), table_of(each).get("length_s")
            if not (isinstance(after, int) and isinstance(length, int) and lengths):
                continue
            # The last to take it begins some lengths later.
            if after + BREAK_PLACES * length > min(lengths):
                yield report.problem(
                    (*path, "breaks", number),
                    "ends after the shortest shift.",
                    allowed=f"Allowed: after_s + {BREAK_PLACES} × length_s up to {min(lengths)}, "
                    "since colleagues take breaks one after the other.",
                )


def _shares_make_sense(raw: Raw, report: Reporter) -> Iterator[Problem]:
    shares = [group.get("share", 1) for _, group in caller_groups(raw)]
    if shares and all(share == 0 for share in shares):
        yield report.problem(
            ("simulation", "callers", 0, "share"),
            "cannot be 0 in every group.",
            allowed="Allowed: a number above 0 in at least one.",
        )
    factors = list_of(table_of(table_of(raw.get("simulation")).get("day")).get("weekday_factors"))
    if factors and all(factor == 0 for factor in factors):
        yield report.problem(
            ("simulation", "day", "weekday_factors"),
            "cannot be 0 on every day.",
            allowed="Allowed: a number above 0 on at least one.",
        )
    for path, group in caller_groups(raw):
        kinds = ("silent_share", "early_hang_up_share", "wrong_number_share")
        given = [s for key in kinds if isinstance(s := group.get(key), int | float) and 0 <= s <= 1]
        if sum(given) > 1:
            yield report.problem(
                path,
                f"{listed(kinds)} add up to more than 1.",
                allowed="Allowed: at most 1 in all.",
            )
        least, most = group.get("redial_least_s", 120), group.get("redial_most_s", 900)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            key = "redial_least_s" if "redial_least_s" in group else "redial_most_s"
            yield report.problem(
                (*path, key),
                f"makes redial_least_s ({least}) more than redial_most_s ({most}).",
                allowed="Allowed: redial_least_s up to redial_most_s.",
            )
