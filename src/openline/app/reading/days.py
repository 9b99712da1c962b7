"""What the reading process remembers: civil days of the record, added up, and their calls.

A day is read once and followed from there: a day that is over and settled is never read again, and
of today only what is new is. Days whose sums are kept are not read at all (see `sources`).
Days are forgotten oldest first, and all of them when the configuration changes, since its targets
decide what was in time.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import TypeVar

from openline.app.record import Record
from openline.app.sources import Sources, a_historian, add_sums, begin_of
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
    """Adds up one civil day, or a part of it, by quarters of an hour."""

    def __init__(self, published: Published, since: Instant, until: Instant) -> None:
        self._since = since
        self.read_to: int | None = None
        self.is_done = False
        calendar = Calendar(published.zone, By.INTERVAL, since=since, until=until)
        self.historian = a_historian(published, calendar)

    def begin(self, record: Record) -> int:
        """Returns the step after which to begin, and learns how things stood then."""
        known = begin_of(record, self._since)
        if known.state is not None:
            self.historian.know(known.state)
        return known.step

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self.read_to = step
        self.is_done = not self.historian.take(at, events)


class _CallsOfDay:
    """Collects the calls of one civil day."""

    def __init__(self, published: Published, since: Instant, until: Instant) -> None:
        self._begin = Instant(since - _GREETED_WITHIN)
        self.read_to: int | None = None
        self.is_done = False
        self.rows: list[CallRow] = []
        self._until = until
        targets = {key: target.within for key, target in published.targets.items()}
        self._calls = CallRows(self._begin, until, targets)

    def begin(self, record: Record) -> int:
        """Returns the step after which to begin."""
        return last_step_before(record.store, self._begin)

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self.read_to = step
        if at >= self._until and self._calls.is_settled:
            self.is_done = True
            return
        self.rows.extend(self._calls.take(at, events))


_Follower = _SumsOfDay | _CallsOfDay
_Span = tuple[Instant, Instant]
F = TypeVar("F", _SumsOfDay, _CallsOfDay)


class RememberedDays:
    """Keeps the days of one record under one configuration."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._civil = CivilDays(published.zone)
        self._sums: OrderedDict[_Span, _SumsOfDay] = OrderedDict()
        self._calls: OrderedDict[_Span, _CallsOfDay] = OrderedDict()

    def days_of(self, since: Instant, until: Instant) -> list[Day]:
        """Returns the civil days that the stretch touches."""
        first, last = self._civil.day_of(since), self._civil.day_of(Instant(until - 1))
        return [Day(day) for day in range(first, last + 1)]

    def days_read(self, sources: Sources) -> int:
        """Returns how many civil days have to be read step by step."""
        return sum(len(self.days_of(part.begin, part.end)) for part in sources.steps)

    def historian(self, record: Record, calendar: Calendar, sources: Sources) -> Historian:
        """Returns the sums of the slices of a calendar, of at most `DAYS_REMEMBERED` days read."""
        whole = a_historian(self._published, calendar)
        followers: list[_SumsOfDay] = []
        for part in sources.parts:
            if part.is_kept:
                add_sums(record, part, whole)
                continue
            for day in self.days_of(part.begin, part.end):
                since, until = self._span(day)
                span = max(since, part.begin), min(until, part.end)
                followers.append(self._known(self._sums, span, _SumsOfDay, DAYS_REMEMBERED))
        _follow(record, followers)
        for follower in followers:
            whole.merge(follower.historian)
        return whole

    def calls(self, record: Record, since: Instant, until: Instant) -> Iterator[CallRow]:
        """Yields the calls of the days that the stretch touches, each once."""
        days = self.days_of(since, until)
        followers = [
            self._known(self._calls, self._span(day), _CallsOfDay, CALL_DAYS_REMEMBERED)
            for day in days
        ]
        _follow(record, followers)
        for day, follower in zip(days, followers, strict=True):
            for row in follower.rows:
                at = row.arrived_at if row.queued_at is None else row.queued_at
                if self._civil.day_of(at) == day:
                    yield row

    def _span(self, day: Day) -> _Span:
        return self._civil.start_of(day), self._civil.start_of(Day(day + 1))

    def _known(self, days: "OrderedDict[_Span, F]", day: _Span, kind: type[F], most: int) -> F:
        found = days.get(day)
        if found is None:
            found = days[day] = kind(self._published, *day)
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
        follower.read_to = follower.begin(record)
    return follower.read_to


def _steps_after(record: Record, step: int) -> Iterator[tuple[int, Instant, tuple[AnyEvent, ...]]]:
    for each in record.store.read(step):
        at = Instant(each.at)
        body = record.keys.open_step(each.step, at, each.body)
        if body is not None:
            yield each.step, at, decode_step(body, each.schema).events
