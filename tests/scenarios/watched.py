"""A line that lives through its faults while everything about it is checked and counted.

Night 12 in whatever length: a week of it is a test, the year a benchmark. Every step goes to a
`Watch`; every event is booked twice, on the interval in which it belongs and on the whole, and in
the end the sums of the intervals must be the whole.
"""

from collections.abc import Callable

from openline.engine import AnyInput, Outcome, Settings
from openline.invariants import Watch
from openline.measures import Cell, Fold, Tally, start_of_interval, total
from openline.model import Duration, Instant
from openline.simulation import Faults, FaultyCentre, WorldProfile


class IntervalsAndWhole:
    """Books everything on its interval and on the whole; memory grows by days, not by calls.

    Intervals of past days are added up day by day once nothing can be booked on them any more.
    """

    keeps_waits = False

    def __init__(self) -> None:
        self.whole = Tally()
        self._intervals: dict[Instant, Tally] = {}
        self._closed = Tally()
        self.intervals = 0

    def at(self, at: Instant, cell: Cell) -> tuple[Tally, ...]:
        """Returns the tally of the interval, whatever the cell, and that of the whole."""
        start = start_of_interval(at)
        tally = self._intervals.get(start)
        if tally is None:
            tally = self._intervals[start] = Tally()
            self.intervals += 1
        return tally, self.whole

    def close(self, before: Instant) -> None:
        """Adds up the intervals from before an instant, on which nothing is booked any more."""
        while self._intervals and (first := next(iter(self._intervals))) < before:
            self._closed.add(self._intervals.pop(first))

    def sum(self) -> Tally:
        """Returns the sum of all intervals."""
        return total((self._closed, *self._intervals.values()))


class Watched:
    """Plays one line among its faults."""

    def __init__(
        self, settings: Settings, profile: WorldProfile, faults: Faults, *, look_every: int = 1
    ) -> None:
        self.watch = Watch(look_every=look_every)
        self.books = IntervalsAndWhole()
        self.centre = FaultyCentre(settings, profile, faults, self._step)
        self.events = 0
        self._fold = Fold(
            settings=settings,
            targets={queue.key: Duration(20_000_000) for queue in settings.queues},
            books=self.books,
        )
        self._tell: Callable[[Instant], None] = _nobody

    def play(
        self, start: Instant, end: Instant, tell: Callable[[Instant], None] | None = None
    ) -> None:
        """Plays from start to end; `tell` hears of each day that is over.

        Raises `InvariantBrokenError` at the first step that breaks one.
        """
        self._tell = tell or _nobody
        self._day = Instant(start + DAY)
        self.centre.run(start, end)
        self.watch.look_at_every_byte()

    def _step(self, number: int, seen: AnyInput, now: Instant, outcome: Outcome) -> None:
        self.watch.step(number, seen, now, outcome.events)
        for event in outcome.events:
            self._fold.notice(now, event)
        self.events += len(outcome.events)
        if now >= self._day:
            self.books.close(Instant(self._day - 2 * DAY))
            self._tell(self._day)
            self._day = Instant(self._day + DAY)


DAY = Duration(86_400_000_000)


def _nobody(_: Instant) -> None:
    pass
