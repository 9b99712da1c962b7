"""Which tallies a thing is booked on: where `fold` writes what happened.

`IntervalsAndDays` is for the screens of a running centre: it keeps the last hours and days and
forgets the rest. `Slices` is for reports: it keeps one tally for each slice of time that was asked
for, and nothing of what lies outside. `of` and `by_queue` add up the cells that somebody asks for.

A slice is made of whole quarters of an hour of UTC. So are the intervals, hours and days of every
zone in use today, on days of 23 and 25 hours too; that is why sums of slices are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NewType, Protocol

import msgspec

from openline.measures.tally import Tally
from openline.model import MINUTE, Duration, Instant, LineKey, Origin, QueueKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

INTERVAL = Duration(15 * MINUTE)
INTERVALS_REMEMBERED = 4_096
"""Of which it is known to which slice they belong; some weeks."""

Day = NewType("Day", int)
"""Numbers the civil days of the centre in their order; what counts from where is the caller's."""


class Cell(NamedTuple):
    """Names the finest slice that is counted."""

    line: LineKey
    queue: QueueKey | None
    """None only for an arrival at a line that the settings do not know."""
    origin: Origin


class Interval(msgspec.Struct, kw_only=True):
    """Holds the tallies of one quarter of an hour."""

    start: Instant
    day: Day
    cells: dict[Cell, Tally] = msgspec.field(default_factory=dict)


class Slice(NamedTuple):
    """Is a stretch of time that is counted by itself, from its start to just before its end."""

    start: Instant
    end: Instant


class Books(Protocol):
    """Says which tallies hold what begins in a cell at an instant."""

    keeps_waits: bool
    """Whether it is worth keeping how waits are spread, or only their sum."""

    def at(self, at: Instant, cell: Cell) -> tuple[Tally, ...]:
        """Returns the tallies, made if need be; none where nothing is to be kept."""


def start_of_interval(at: Instant) -> Instant:
    """Returns the start of the interval that holds the instant.

    >>> start_of_interval(Instant(1_000_000_000)) // 1_000_000
    900
    """
    return Instant(at - at % INTERVAL)


class IntervalsAndDays:
    """Keeps the last intervals and days; memory does not grow.

    What a day is, the caller says, by a function from an instant to a day; zones are not known
    here. The function is asked once for each interval. A call that outlives its interval still
    books on it, into nothing.
    """

    keeps_waits = False

    def __init__(
        self, day_of: Callable[[Instant], Day], *, hours_kept: int = 30, days_kept: int = 2
    ) -> None:
        self._day_of = day_of
        self._kept = Duration(hours_kept * 60 * MINUTE)
        self._days_kept = days_kept
        self._intervals: dict[Instant, Interval] = {}
        self._days: dict[Day, dict[Cell, Tally]] = {}

    def interval(self, start: Instant) -> Mapping[Cell, Tally]:
        """Returns the live tallies of the interval: read them, do not change or keep them.

        Empty where nothing happened, or where it is forgotten.
        """
        interval = self._intervals.get(start)
        return {} if interval is None else interval.cells

    def intervals(self) -> Iterable[Interval]:
        """Returns the intervals in which something happened, oldest first."""
        return self._intervals.values()

    def day(self, day: Day) -> Mapping[Cell, Tally]:
        """Returns the live tallies of the day: read them, do not change or keep them."""
        return self._days.get(day, {})

    def at(self, at: Instant, cell: Cell) -> tuple[Tally, ...]:
        """Returns the tally of the interval and that of its day."""
        start = start_of_interval(at)
        interval = self._intervals.get(start)
        if interval is None:
            interval = self._open(start)
        tally = interval.cells.get(cell)
        if tally is None:
            tally = interval.cells[cell] = Tally()
        day = self._days[interval.day]
        of_day = day.get(cell)
        if of_day is None:
            of_day = day[cell] = Tally()
        return tally, of_day

    def _open(self, start: Instant) -> Interval:
        interval = Interval(start=start, day=self._day_of(start))
        self._intervals[start] = interval
        self._days.setdefault(interval.day, {})
        # Time never runs backwards, so both dictionaries are in order of time.
        while (oldest := next(iter(self._intervals))) <= start - self._kept:
            del self._intervals[oldest]
        while len(self._days) > self._days_kept:
            del self._days[next(iter(self._days))]
        return interval


class Slices:
    """Keeps one tally for each slice and cell in which something happened.

    `slice_of` says which slice holds an instant, or None for an instant outside the report; it is
    asked once for each quarter of an hour.
    """

    keeps_waits = True

    def __init__(self, slice_of: Callable[[Instant], Slice | None]) -> None:
        self._slice_of = slice_of
        self._known: dict[Instant, Slice | None] = {}
        self._cells: dict[Slice, dict[Cell, Tally]] = {}

    def slice_of(self, at: Instant) -> Slice | None:
        """Returns the slice that holds the instant, or None outside of all."""
        start = start_of_interval(at)
        if start not in self._known:
            if len(self._known) >= INTERVALS_REMEMBERED:
                self._known.clear()
            self._known[start] = self._slice_of(start)
        return self._known[start]

    def cells(self, slice_: Slice) -> Mapping[Cell, Tally]:
        """Returns the tallies of the slice; empty where nothing happened."""
        return self._cells.get(slice_, {})

    def at(self, at: Instant, cell: Cell) -> tuple[Tally, ...]:
        """Returns the tally of the slice, or none outside of all."""
        slice_ = self.slice_of(at)
        if slice_ is None:
            return ()
        cells = self._cells.setdefault(slice_, {})
        tally = cells.get(cell)
        if tally is None:
            tally = cells[cell] = Tally()
        return (tally,)


def of(
    cells: Mapping[Cell, Tally],
    *,
    origins: Iterable[Origin],
    queues: Iterable[QueueKey] | None = None,
    lines: Iterable[LineKey] | None = None,
) -> Tally:
    """Returns the sum of the cells of these origins, and where given of these queues and lines.

    >>> cells = {
    ...     Cell(LineKey("en"), QueueKey("help"), Origin.REAL): Tally(offered=2),
    ...     Cell(LineKey("es"), QueueKey("help"), Origin.REAL): Tally(offered=3),
    ...     Cell(LineKey("es"), QueueKey("help"), Origin.PRACTICE): Tally(offered=9),
    ... }
    >>> of(cells, origins=[Origin.REAL], queues=[QueueKey("help")]).offered
    5
    """
    wanted_origins = tuple(origins)
    wanted_queues = None if queues is None else tuple(queues)
    wanted_lines = None if lines is None else tuple(lines)
    result = Tally()
    for cell, tally in cells.items():
        if (
            cell.origin in wanted_origins
            and (wanted_queues is None or cell.queue in wanted_queues)
            and (wanted_lines is None or cell.line in wanted_lines)
        ):
            result.add(tally)
    return result


def by_queue(
    cells: Mapping[Cell, Tally], origins: Iterable[Origin]
) -> dict[QueueKey | None, Tally]:
    """Returns the sums of these origins queue by queue, in one pass over the cells.

    >>> cells = {
    ...     Cell(LineKey("en"), QueueKey("help"), Origin.REAL): Tally(offered=2),
    ...     Cell(LineKey("es"), QueueKey("help"), Origin.REAL): Tally(offered=3),
    ... }
    >>> by_queue(cells, [Origin.REAL])[QueueKey("help")].offered
    5
    """
    wanted = tuple(origins)
    sums: dict[QueueKey | None, Tally] = {}
    for cell, tally in cells.items():
        if cell.origin in wanted:
            sums.setdefault(cell.queue, Tally()).add(tally)
    return sums
