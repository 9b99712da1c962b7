"""What the reading process remembers: civil days of the record, added up, and their calls.

A day is read once and followed from there: a day that is over and settled is never read again, and
of today only what is new is. Days are forgotten oldest first, and all of them when the
configuration changes, since its targets decide what was in time.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from openline.app.reporting import SIGNED_IN_WITHIN, Record
from openline.centre.codec import decode_step
from openline.centre.recovery import last_step_before
from openline.configuration import Published
from openline.engine import AnyEvent
from openline.measures import Day
from openline.model import MINUTE, Duration, Instant
from openline.reports import By, Calendar, CallRow, CallRows, CivilDays, Historian

DAYS_REMEMBERED = 40
CALL_DAYS_REMEMBERED = 8
_GREETED_WITHIN = Duration(60 * MINUTE)
"""A call that entered a queue after midnight arrived at most so long before."""


class _SumsOfDay:
    """Adds up one civil day by quarters of an hour."""

    def __init__(self, published: Published, since: Instant, until: Instant) -> None:
        self.begin = Instant(since - SIGNED_IN_WITHIN)
        self.read_to: int | None = None
        self.is_done = False
        self.historian = Historian(
            Calendar(published.zone, By.INTERVAL, since=since, until=until),
            settings=published.settings,
            targets={key: target.within for key, target in published.targets.items()},
            short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        )

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self.read_to = step
        self.is_done = not self.historian.take(at, events)


class _CallsOfDay:
    """Collects the calls of one civil day."""

    def __init__(self, published: Published, since: Instant, until: Instant) -> None:
        self.begin = Instant(since - _GREETED_WITHIN)
        self.read_to: int | None = None
        self.is_done = False
        self.rows: list[CallRow] = []
        self._until = until
        targets = {key: target.within for key, target in published.targets.items()}
        self._calls = CallRows(self.begin, until, targets)

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self.read_to = step
        if at >= self._until and self._calls.is_settled:
            self.is_done = True
            return
        self.rows.extend(self._calls.take(at, events))


_Follower = _SumsOfDay | _CallsOfDay
F = TypeVar("F", _SumsOfDay, _CallsOfDay)


class RememberedDays:
    """Keeps the days of one record under one configuration."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._civil = CivilDays(published.zone)
        self._sums: OrderedDict[Day, _SumsOfDay] = OrderedDict()
        self._calls: OrderedDict[Day, _CallsOfDay] = OrderedDict()

    def days_of(self, since: Instant, until: Instant) -> list[Day]:
        """Returns the civil days that the stretch touches."""
        first, last = self._civil.day_of(since), self._civil.day_of(Instant(until - 1))
        return [Day(day) for day in range(first, last + 1)]

    def historian(self, record: Record, calendar: Calendar) -> Historian:
        """Returns the sums of the slices of a calendar, of at most `DAYS_REMEMBERED` days."""
        whole = Historian(
            calendar,
            settings=self._published.settings,
            targets={key: target.within for key, target in self._published.targets.items()},
            short_abandons={
                key: each.short_abandon for key, each in self._published.targets.items()
            },
        )
        days = self.days_of(calendar.since, calendar.until)
        followers = [self._known(self._sums, day, _SumsOfDay, DAYS_REMEMBERED) for day in days]
        _follow(record, followers)
        for follower in followers:
            whole.merge(follower.historian)
        return whole

    def calls(self, record: Record, since: Instant, until: Instant) -> Iterator[CallRow]:
        """Yields the calls of the days that the stretch touches, each once."""
        days = self.days_of(since, until)
        followers = [
            self._known(self._calls, day, _CallsOfDay, CALL_DAYS_REMEMBERED) for day in days
        ]
        _follow(record, followers)
        for day, follower in zip(days, followers, strict=True):
            for row in follower.rows:
                at = row.arrived_at if row.queued_at is None else row.queued_at
                if self._civil.day_of(at) == day:
                    yield row

    def _known(self, days: "OrderedDict[Day, F]", day: Day, kind: type[F], most: int) -> F:
        found = days.get(day)
        if found is None:
            since, until = self._civil.start_of(day), self._civil.start_of(Day(day + 1))
            found = days[day] = kind(self._published, since, until)
        days.move_to_end(day)
        while len(days) > most:
            days.popitem(last=False)
        return found


def _follow(record: Record, followers: Iterable[_Follower]) -> None:
    """Reads what the followers have not read yet, each step once."""
    waiting = sorted(
        (_begin(record, each), number, each)
        for number, each in enumerate(followers)
        if not each.is_done
    )
    reading: list[_Follower] = []
    while waiting:
        step, _, follower = waiting.pop(0)
        reading = [follower]
        for number, at, events in _steps_after(record, step):
            while waiting and waiting[0][0] < number:
                reading.append(waiting.pop(0)[2])
            for each in reading:
                each.take(number, at, events)
            reading = [each for each in reading if not each.is_done]
            if not reading:
                break


def _begin(record: Record, follower: _Follower) -> int:
    """Returns the step after which the follower wants to read."""
    if follower.read_to is None:
        follower.read_to = last_step_before(record.store, follower.begin)
    return follower.read_to


def _steps_after(record: Record, step: int) -> Iterator[tuple[int, Instant, tuple[AnyEvent, ...]]]:
    for each in record.store.read(step):
        at = Instant(each.at)
        body = record.keys.open_step(each.step, at, each.body)
        if body is not None:
            yield each.step, at, decode_step(body, each.schema).events
