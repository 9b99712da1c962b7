"""What is known of a day before it comes: its weekday, its place in the month, its marks.

A day is marked when somebody said so (a public holiday, a campaign), or when it follows days on
which the line was closed out of turn: a Tuesday after a Monday off is busier than a Tuesday. Marked
days teach nothing about common ones, and get an effect of their own, learned from earlier marked
days of the same name (see `effects`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from openline.planning.forecast.history import Bools, Floats, History, Ints, has_rows

AFTER_CLOSURE = "after a closure"
FAR_OFF = 3.0
"""A day with so many times its usual calls, or as much fewer, is no example for other days."""
MONTH_WAVES = 3


@dataclass(frozen=True, kw_only=True)
class Days:
    """Holds what is known of each day of a history and of the days to be forecast."""

    weekday: Ints
    marks: tuple[str | None, ...]
    is_closed: Bools
    """Closed the whole day: never open on this weekday, or always closed on such a mark."""
    is_example: Bools
    """Has rows and is like other days of its weekday."""
    month: Floats
    """Days × waves: where in its month a day lies, as sines and cosines."""
    odd: tuple[int, ...]
    """Days of the history that were left out for being far off."""


def describe(history: History, horizon: int, marks: Mapping[date, str]) -> Days:
    """Returns what is known of the history's days and of `horizon` days behind them."""
    count = history.days + horizon
    weekday = history.weekdays(count)
    lived = np.zeros(count, dtype=np.bool_)
    lived[: history.days] = has_rows(history.calls)
    weekday_open = np.asarray(history.is_open.any(axis=1), dtype=np.bool_)
    named: list[str | None] = [marks.get(history.day(at)) for at in range(count)]
    closed_marks = _always_closed(named, lived, weekday_open[weekday], history.days)
    is_closed = ~weekday_open[weekday]
    for at, name in enumerate(named):
        if name is not None and name in closed_marks and not lived[at]:
            is_closed[at] = True
    is_there = lived.copy()
    is_there[history.days :] = ~is_closed[history.days :]
    for at in _after_closure(is_there, weekday):
        if named[at] is None:
            named[at] = AFTER_CLOSURE
    odd = _far_off(history.calls, weekday, lived, named)
    example = lived & np.array([name is None for name in named])
    example[list(odd)] = False
    return Days(
        weekday=weekday,
        marks=tuple(named),
        is_closed=is_closed,
        is_example=example,
        month=_month(history, count),
        odd=odd,
    )


def _always_closed(
    named: list[str | None], lived: Bools, usually_open: Bools, known: int
) -> set[str]:
    """Returns the marks on which the line was never open: each of them, or of all at least two."""
    seen: dict[str, list[bool]] = {}
    for at, name in enumerate(named[:known]):
        if name is not None and usually_open[at]:
            seen.setdefault(name, []).append(bool(lived[at]))
    together = [was for each in seen.values() for was in each]
    if len(together) >= 2 and not any(together):
        return {name for name in named if name is not None}
    return {name for name, each in seen.items() if not any(each)}


def _after_closure(is_there: Bools, weekday: Ints) -> list[int]:
    """Returns the days before which the line was closed for longer than is usual on a weekday."""
    since = np.zeros(len(is_there), dtype=np.int64)
    last = -1
    for at, there in enumerate(is_there):
        since[at] = at - last
        if there:
            last = at
    found: list[int] = []
    for each in range(7):
        mine = np.flatnonzero((weekday == each) & is_there)
        mine = mine[mine >= 7]
        if len(mine):
            usual = np.median(since[mine])
            found.extend(int(at) for at in mine if usual < since[at] <= usual + 4)
    return sorted(found)


def _far_off(
    calls: Floats, weekday: Ints, lived: Bools, named: list[str | None]
) -> tuple[int, ...]:
    """Returns the days that are far from the weekday's usual, slot by slot where rows are."""
    odd = []
    for each in range(7):
        mine = np.flatnonzero(lived[: len(calls)] & (weekday[: len(calls)] == each))
        for place, at in enumerate(mine):
            # Only what came before: a test of the past must not know its future.
            before = mine[max(0, place - 8) : place]
            if len(before) < 4:
                continue
            usual = np.median(np.where(np.isfinite(calls[before]), calls[before], 0), axis=0)
            here = np.isfinite(calls[at])
            expected, was = usual[here].sum(), calls[at][here].sum()
            # Small lines are allowed their chance: a busy Sunday of nine calls is no outage.
            slack = 4 * np.sqrt(expected + 1)
            is_high = was > FAR_OFF * expected + slack
            is_low = FAR_OFF * was + slack < expected
            if (is_high or is_low) and named[at] is None:
                odd.append(int(at))
    return tuple(sorted(odd))


def _month(history: History, count: int) -> Floats:
    phase = np.empty(count)
    for at in range(count):
        day = history.day(at)
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        length = (following - date(day.year, day.month, 1)).days
        phase[at] = 2 * np.pi * (day.day - 1) / length
    waves = [turn(k * phase) for k in range(1, MONTH_WAVES + 1) for turn in (np.sin, np.cos)]
    return np.stack(waves, axis=1)


def effects(relative: Floats, days: Days, target: int, known: int) -> float:
    """Returns by what share a marked day differs from a common one; 0 where it is not marked.

    `relative` tells of each day by what share it differed from its forecast; only days before
    `known` are looked at. The mean of all marked days, drawn towards zero, is what a name starts
    from; its own days count more with each (one earlier Christmas counts half).
    """
    name = days.marks[target]
    if name is None:
        return 0.0
    past = np.array([mark is not None for mark in days.marks[:known]], dtype=np.bool_)
    past &= np.isfinite(relative[:known])
    is_auto = name == AFTER_CLOSURE
    kin = past & np.array([(m == AFTER_CLOSURE) == is_auto for m in days.marks[:known]])
    start = relative[:known][kin].sum() / (kin.sum() + 1)
    mine = past & np.array([mark == name for mark in days.marks[:known]])
    return float((relative[:known][mine].sum() + start) / (mine.sum() + 1))
