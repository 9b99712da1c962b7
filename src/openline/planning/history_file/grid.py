"""Rows become a grid of days and slots: finer rows are added up, clock changes and doubles told.

At a change of the clocks one hour comes twice and one not at all. With a zone (or offsets) it is
known which; without, two rows of one time are a clock change where they lie in the small hours and
a whole hour is doubled, and a fault elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from openline.model import RefusedError
from openline.planning.forecast.history import (
    MINUTES_OF_DAY,
    Bools,
    Floats,
    History,
    opened,
)
from openline.planning.history_file.findings import Finding, Value

SMALL_HOURS = 4
"""Clocks change before this hour."""
ENOUGH = 0.5
"""Finer rows make up a slot where so many of them are there."""
GAPS_TOLD = 12
MOST_YEARS = 30


class Entry(NamedTuple):
    """Is a row that was understood."""

    row: int
    civil: datetime
    """What the clock showed."""
    at: datetime
    """As it was written, with its offset where it had one."""
    calls: float
    aht_s: float | None


def step_of(times: Sequence[datetime], name: str) -> int:
    """Returns how many minutes lie between the rows.

    Raises:
        RefusedError: the rows are not those of equal intervals (`no_intervals`,
            `one_interval`, `far_dates`).
    """
    different = sorted(set(times))
    if len(different) < 2:
        raise RefusedError(
            f"{name} has one interval only. A forecast needs some weeks of them.",
            code="one_interval",
        )
    if (different[-1] - different[0]).days > 366 * MOST_YEARS:
        raise RefusedError(
            f"{name} reaches from {different[0]:%Y-%m-%d} to {different[-1]:%Y-%m-%d}; one of "
            f"the two is a slip.",
            code="far_dates",
        )
    between = Counter(int((b - a).total_seconds()) for a, b in pairwise(different))
    seconds, _ = between.most_common(1)[0]
    minutes = seconds // 60
    if seconds % 60 or minutes > MINUTES_OF_DAY or MINUTES_OF_DAY % minutes:
        raise RefusedError(
            f"{name}: most rows lie {seconds:,} s apart, which does not divide a day. Count calls "
            f"by quarters of an hour, half hours, hours or days.",
            code="no_intervals",
        )
    return minutes


def grid_of(
    entries: list[Entry],
    step: int,
    wanted: int,
    zone: ZoneInfo | None,
    *,
    missing_is_zero: bool,
) -> tuple[History, list[Finding], list[Finding]]:
    """Returns the grid in intervals of `wanted` minutes, the faults, and what is to be told."""
    faults = [_off_grid(entry, step) for entry in entries if _is_off(entry, step)]
    entries = [entry for entry in entries if not _is_off(entry, step)]
    first = min(entry.civil for entry in entries).date()
    last = max(entry.civil for entry in entries).date()
    shape = ((last - first).days + 1, MINUTES_OF_DAY // step)
    total, spent, timed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    seen: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        minute = entry.civil.hour * 60 + entry.civil.minute
        seen[(entry.civil.date() - first).days, minute // step].append(entry)
    twice = _twice(seen, first, step, zone)
    for (day, slot), some in seen.items():
        used = some
        if len(some) > 1 and (day, slot) not in twice:
            used = some[:1]
            faults += [
                Finding(
                    row=each.row,
                    column="timestamp",
                    code="double",
                    values={"time": f"{each.civil:%Y-%m-%d %H:%M}", "other": some[0].row},
                )
                for each in some[1:]
            ]
        total[day, slot] = sum(each.calls for each in used) / len(used)
        with_time = [each for each in used if each.aht_s is not None]
        timed[day, slot] = sum(each.calls for each in with_time) / len(used)
        spent[day, slot] = sum(each.calls * (each.aht_s or 0.0) for each in with_time) / len(used)
    known = np.zeros(shape, dtype=np.bool_)
    for place in seen:
        known[place] = True
    if missing_is_zero:
        known |= _between(known)
    calls = np.where(known, total, np.nan)
    notes = [_told_twice(sorted({day for day, _ in twice}), first)] if twice else []
    many = wanted // step
    counted = _coarser(calls, many, first)
    with np.errstate(divide="ignore", invalid="ignore"):
        aht = _sums(spent, many) / _sums(timed, many)
    history = History(
        first=first,
        minutes=wanted,
        calls=counted,
        is_open=opened(counted, first),
        aht_s=aht if timed.any() else None,
    )
    return history, faults, notes


def _is_off(entry: Entry, step: int) -> bool:
    minute = entry.civil.hour * 60 + entry.civil.minute
    return minute % step != 0 or entry.civil.second != 0


def _off_grid(entry: Entry, step: int) -> Finding:
    return Finding(
        row=entry.row,
        column="timestamp",
        code="off_interval",
        values={"time": f"{entry.civil:%H:%M:%S}", "minutes": step},
    )


def _twice(
    seen: dict[tuple[int, int], list[Entry]], first: date, step: int, zone: ZoneInfo | None
) -> set[tuple[int, int]]:
    """Returns the slots that two rows tell of because the clocks were put back."""
    doubled = {place: some for place, some in seen.items() if len(some) == 2}
    found = set()
    by_day = Counter(day for day, _ in doubled)
    hour = max(60 // step, 1)
    for (day, slot), (one, other) in doubled.items():
        if one.at.tzinfo is not None and other.at.tzinfo is not None:
            is_change = one.at != other.at
        elif zone is not None:
            early = one.civil.replace(tzinfo=zone)
            is_change = early.utcoffset() != early.replace(fold=1).utcoffset()
        else:
            is_early = slot * step < SMALL_HOURS * 60
            is_change = is_early and by_day[day] == hour
        if is_change:
            found.add((day, slot))
    return found


def _told_twice(days: list[int], first: date) -> Finding:
    told = ", ".join(f"{first + timedelta(days=day)}" for day in days[:GAPS_TOLD])
    return Finding(column="timestamp", code="put_back", values={"days": told})


def _between(known: Bools) -> Bools:
    """Returns the slots from the first row to the last."""
    flat = np.flatnonzero(known.ravel())
    between = np.zeros(known.size, dtype=np.bool_)
    between[flat[0] : flat[-1] + 1] = True
    return between.reshape(known.shape)


def _sums(rows: Floats, many: int) -> Floats:
    return np.asarray(rows.reshape(len(rows), -1, many).sum(axis=2))


def _coarser(calls: Floats, many: int, first: date) -> Floats:
    """Returns slots of `many` finer ones; a few missing ones are made up by the others."""
    if many == 1:
        return calls
    weekday = (first.weekday() + np.arange(len(calls))) % 7
    usual = opened(calls, first)[weekday]
    known = np.isfinite(calls)
    there = _sums(known.astype(np.float64), many)
    wanted = _sums((usual | known).astype(np.float64), many)
    total = _sums(np.where(known, calls, 0.0), many)
    enough = (there > 0) & (there >= ENOUGH * wanted)
    scale = np.divide(wanted, there, out=np.ones_like(there), where=there > 0)
    return np.asarray(np.where(enough, total * scale, np.nan))


def gaps(history: History, line: str) -> list[Finding]:
    """Returns what is missing where the line is usually open, stretch by stretch."""
    calls = history.calls
    weekday = history.weekdays(history.days)
    usual = history.is_open[weekday].ravel()
    known = np.isfinite(calls).ravel()
    places = np.flatnonzero(known)
    lacking = usual & ~known
    lacking[: places[0]] = False
    lacking[places[-1] + 1 :] = False
    stretches = _stretches(lacking, usual)
    of = f" ({line})" if line else ""
    found = [_gap(history, begin, end, of) for begin, end in stretches[:GAPS_TOLD]]
    if len(stretches) > GAPS_TOLD:
        values: dict[str, Value] = {
            "count": len(stretches) - GAPS_TOLD,
            "of": of,
            "missing": int(lacking.sum()),
        }
        found.append(Finding(code="more_gaps", values=values))
    if len(stretches) > history.days and np.nanmean(calls) < 2:
        found.append(Finding(code="quiet"))
    return found


def _stretches(lacking: Bools, usual: Bools) -> list[tuple[int, int]]:
    """Returns begin and end of each gap; closed slots do not part one."""
    found: list[tuple[int, int]] = []
    for place in np.flatnonzero(lacking):
        if found and not usual[found[-1][1] : place].any():
            found[-1] = (found[-1][0], int(place) + 1)
        else:
            found.append((int(place), int(place) + 1))
    return found


def _gap(history: History, begin: int, end: int, of: str) -> Finding:
    day, slot = divmod(begin, history.slots)
    last_day, last = divmod(end, history.slots)
    start = _midnight(history.day(day)) + timedelta(minutes=slot * history.minutes)
    stop = _midnight(history.day(last_day)) + timedelta(minutes=last * history.minutes)
    is_spring = (
        (stop - start) == timedelta(hours=1)
        and start.hour < SMALL_HOURS
        and start.weekday() in (4, 5, 6)
    )
    values = {"of": of, "begin": f"{start:%Y-%m-%d %H:%M}", "end": f"{stop:%Y-%m-%d %H:%M}"}
    return Finding(code="gap_spring" if is_spring else "gap", values={**values})


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  # civil time


def end_of(history: History) -> datetime:
    """Returns when the last interval that has a row ends, by the clock."""
    day, slot = divmod(int(np.flatnonzero(np.isfinite(history.calls))[-1]) + 1, history.slots)
    return _midnight(history.day(day)) + timedelta(minutes=slot * history.minutes)


def add_up(lines: Sequence[History]) -> History:
    """Returns the calls of several lines as one; missing where an open one's are."""
    first = min(line.first for line in lines)
    last = max(line.day(line.days - 1) for line in lines)
    shape = ((last - first).days + 1, lines[0].slots)
    calls, some, lacks = np.zeros(shape), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    spent, timed = np.zeros(shape), np.zeros(shape)
    for line in lines:
        begin = (line.first - first).days
        rows = slice(begin, begin + line.days)
        known = np.isfinite(line.calls)
        calls[rows] += np.where(known, line.calls, 0.0)
        some[rows] |= known
        # A line that began later lacks nothing before.
        lacks[rows] |= line.is_open[line.weekdays(line.days)] & ~known
        if line.aht_s is not None:
            told = known & np.isfinite(line.aht_s)
            timed[rows] += np.where(told, line.calls, 0.0)
            spent[rows] += np.where(told, line.calls * line.aht_s, 0.0)
    whole = np.where(some & ~lacks, calls, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        aht = spent / timed
    return History(
        first=first,
        minutes=lines[0].minutes,
        calls=whole,
        is_open=opened(whole, first),
        aht_s=aht if timed.any() else None,
    )
