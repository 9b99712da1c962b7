"""What happened in a stretch of the record, slice by slice: the sums behind `openline report`.

The steps are read once and in order, from a state or a while before the begin (so that it is known
who was signed in) until the last call that belongs to the report is over. What becomes of a call is
booked on the slice in which it entered the queue (see `measures.fold`); agents' time is booked
when it is spent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from openline.engine import AnyEvent, Settings, State
from openline.measures import AgentTime, Attendance, Cell, Fold, Slice, Slices, Tally, of
from openline.model import Duration, Instant, LineKey, Origin, QueueKey
from openline.reports.calendar import Calendar
from openline.reports.columns import Sums

Per = Literal["queue", "line"]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Says which calls a report is of, and whether it tells queues or lines apart."""

    origins: tuple[Origin, ...] = (Origin.REAL,)
    queues: tuple[QueueKey, ...] | None = None
    """None: all."""
    lines: tuple[LineKey, ...] | None = None
    per: Per | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Is a slice, or of a slice what concerns one queue or line."""

    slice: Slice
    key: str | None
    sums: Sums


class History(msgspec.Struct, frozen=True, kw_only=True):
    """Is a report before its figures are computed."""

    rows: tuple[Row, ...]
    """Slice by slice, quiet ones too; within a slice by key."""
    totals: dict[str | None, Sums]
    """The sums of the rows by key; under None those of all."""


class Historian:
    """Adds up the steps of a stretch of the record, for as many questions as are asked of it."""

    def __init__(
        self,
        calendar: Calendar,
        *,
        settings: Settings,
        targets: Mapping[QueueKey, Duration],
        short_abandons: Mapping[QueueKey, Duration],
    ) -> None:
        """Begins with empty sums; see `Fold` for what the settings and limits are for."""
        self._calendar = calendar
        self._targets = targets
        self._books = Slices(calendar.slice_of)
        self._fold = Fold(
            settings=settings, targets=targets, books=self._books, short_abandons=short_abandons
        )
        self._attendance = Attendance(self._books.slice_of, begin=calendar.since)
        self._reached = calendar.since

    def know(self, state: State) -> None:
        """Says how things stood before the first step that is taken."""
        for agent in state.agents.values():
            self._attendance.know(state.now, agent.key, agent.state, agent.origins)

    def take(self, at: Instant, events: Sequence[AnyEvent]) -> bool:
        """Adds one step; returns False once no later step can change the report."""
        is_within = at < self._calendar.until
        if not is_within and self._fold.is_settled:
            self._reached = at
            return False
        self._reached = max(self._reached, at)
        if at >= self._calendar.since:
            book = self._fold.notice
            for event in events:
                book(at, event)
        if is_within:
            attend = self._attendance.notice
            for event in events:
                attend(at, event)
        return True

    def add(self, start: Instant, calls: Mapping[Cell, Tally], agents: AgentTime) -> None:
        """Adds sums of real calls that were kept of a quarter of an hour whose steps are gone."""
        slice_ = self._books.slice_of(start)
        if slice_ is None:
            return
        for cell, kept in calls.items():
            for tally in self._books.at(start, cell):
                tally.add(kept)
        self._attendance.add(slice_, (Origin.REAL,), agents)

    def merge(self, other: "Historian") -> None:
        """Adds what another has added up so far, as far as it lies in these slices.

        The other's slices must each lie within one of these, as quarters of an hour do.
        """
        other._attendance.settle(min(other._reached, other._calendar.until))
        for slice_, cells in other.cells():
            for cell, theirs in cells.items():
                for tally in self._books.at(slice_.start, cell):
                    tally.add(theirs)
        for slice_, origins, time in other._attendance.booked():
            mine = self._books.slice_of(slice_.start)
            if mine is not None:
                self._attendance.add(mine, origins, time)

    def history(self, asked: Asked) -> History:
        """Returns what has been added up so far; agents' time counts up to the last step."""
        self._attendance.settle(min(self._reached, self._calendar.until))
        times = self._attendance.times(asked.origins) if _is_of_all(asked) else None
        keys = _keys(self._books, self._calendar, asked)
        rows = tuple(
            Row(slice=slice_, key=key, sums=self._sums(slice_, key, asked, times))
            for slice_ in self._calendar.slices()
            for key in keys
        )
        totals = {key: _empty(asked, key, times) for key in (*keys, None)}
        for row in rows:
            totals[row.key].add(row.sums)
            if row.key is not None:
                totals[None].add(row.sums)
        if times is not None and asked.per is not None:
            # Agents serve several queues, so their time is in no row; it is the whole's all the
            # same.
            totals[None].time = _together(times.values())
        return History(rows=rows, totals=totals)

    def origins(self) -> set[Origin]:
        """Returns the origins of the calls that were met."""
        return {cell.origin for _, cells in self.cells() for cell in cells}

    def queues(self) -> set[QueueKey]:
        """Returns the queues that calls entered, also those of an older configuration."""
        met = {cell.queue for _, cells in self.cells() for cell in cells}
        return {queue for queue in met if queue is not None}

    def lines(self) -> set[LineKey]:
        """Returns the lines that calls reached."""
        return {cell.line for _, cells in self.cells() for cell in cells}

    def cells(self) -> Iterator[tuple[Slice, Mapping[Cell, Tally]]]:
        """Yields each slice with its sums by line, queue and origin; empty where it was quiet."""
        for slice_ in self._calendar.slices():
            yield slice_, self._books.cells(slice_)

    def _sums(
        self,
        slice_: Slice,
        key: str | None,
        asked: Asked,
        times: Mapping[Slice, AgentTime] | None,
    ) -> Sums:
        cells = self._books.cells(slice_)
        queues, lines = asked.queues, asked.lines
        if key is not None and asked.per == "queue":
            queues = (QueueKey(key),)
        elif key is not None:
            lines = (LineKey(key),)
        judged = [queue for queue in self._targets if queues is None or queue in queues]
        sums = _empty(asked, key, times)
        sums.tally = of(cells, origins=asked.origins, queues=queues, lines=lines)
        sums.judged = of(cells, origins=asked.origins, queues=judged, lines=lines)
        if sums.time is not None and times is not None:
            sums.time = times.get(slice_, AgentTime())
        return sums


def _is_of_all(asked: Asked) -> bool:
    return asked.queues is None and asked.lines is None


def _keys(books: Slices, calendar: Calendar, asked: Asked) -> tuple[str | None, ...]:
    if asked.per is None:
        return (None,)
    wanted: tuple[str, ...] | None = asked.queues if asked.per == "queue" else asked.lines
    met: set[str] = set()
    for slice_ in calendar.slices():
        for cell in books.cells(slice_):
            key = cell.queue if asked.per == "queue" else cell.line
            if key is not None and cell.origin in asked.origins:
                met.add(key)
    return tuple(sorted(key for key in met if wanted is None or key in wanted)) or (None,)


def _empty(asked: Asked, key: str | None, times: Mapping[Slice, AgentTime] | None) -> Sums:
    is_of_queue = asked.queues is not None or asked.per == "queue"
    return Sums(
        tally=Tally(),
        judged=Tally(),
        arrivals=not is_of_queue,
        time=AgentTime() if times is not None and key is None else None,
    )


def _together(times: Iterable[AgentTime]) -> AgentTime:
    whole = AgentTime()
    for time in times:
        whole = whole.plus(time)
    return whole
