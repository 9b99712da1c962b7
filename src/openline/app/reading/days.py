"""What the reading process remembers: civil days of the record, added up.

A day is read once and followed from there: a day that is over and settled is never read again, and
of today only what is new is. Days whose sums are kept are not read at all (see `sources`).
Days are forgotten oldest first, and all of them when the configuration changes, since its targets
decide what was in time. Its neighbour `call_days` remembers calls.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Protocol

from openline.app.record import Record, Tell, quietly
from openline.app.sources import Sources, a_historian, add_sums, begin_of
from openline.centre.codec import decode_step
from openline.configuration import Published
from openline.engine import AnyEvent
from openline.measures import Day
from openline.model import Instant
from openline.reports import By, Calendar, CivilDays, Historian

DAYS_REMEMBERED = 40
TELL_EVERY = 1024


class Follower(Protocol):
    """Reads a stretch of the record, and goes on where it left off."""

    read_to: int | None
    """The last step that it took; None where it has not begun."""
    is_done: bool

    def begin(self, record: Record) -> int:
        """Returns the step after which to begin."""

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Takes the next step."""


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


_Span = tuple[Instant, Instant]


class RememberedDays:
    """Keeps the days of one record under one configuration."""

    def __init__(self, published: Published) -> None:
        self._published = published
        self._civil = CivilDays(published.zone)
        self._sums: OrderedDict[_Span, _SumsOfDay] = OrderedDict()

    def days_of(self, since: Instant, until: Instant) -> list[Day]:
        """Returns the civil days that the stretch touches."""
        first, last = self._civil.day_of(since), self._civil.day_of(Instant(until - 1))
        return [Day(day) for day in range(first, last + 1)]

    def days_read(self, sources: Sources) -> int:
        """Returns how many civil days have to be read step by step."""
        return sum(len(self.days_of(part.begin, part.end)) for part in sources.steps)

    def historian(
        self, record: Record, calendar: Calendar, sources: Sources, tell: Tell = quietly
    ) -> Historian:
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
                followers.append(self._known(span))
        follow(record, followers, tell)
        for follower in followers:
            whole.merge(follower.historian)
        return whole

    def _span(self, day: Day) -> _Span:
        return self._civil.start_of(day), self._civil.start_of(Day(day + 1))

    def _known(self, day: _Span) -> _SumsOfDay:
        found = self._sums.get(day)
        if found is None:
            found = self._sums[day] = _SumsOfDay(self._published, *day)
        self._sums.move_to_end(day)
        while len(self._sums) > DAYS_REMEMBERED:
            self._sums.popitem(last=False)
        return found


def follow(record: Record, followers: Sequence[Follower], tell: Tell = quietly) -> None:
    """Reads what the followers have not read yet, each step once; tells how many are done."""
    waiting = sorted(
        (_begin(record, each), number, each)
        for number, each in enumerate(followers)
        if not each.is_done
    )
    whole = len(waiting)
    reading: list[Follower] = []
    while waiting:
        step, _, follower = waiting.pop(0)
        reading = [follower]
        for count, (number, at, events) in enumerate(_steps_after(record, step)):
            while waiting and waiting[0][0] < number:
                reading.append(waiting.pop(0)[2])
            for each in reading:
                each.take(number, at, events)
            reading = [each for each in reading if not each.is_done]
            if count % TELL_EVERY == 0:
                tell(max(0, whole - len(waiting) - len(reading)), whole)
            if not reading:
                break


def _begin(record: Record, follower: Follower) -> int:
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
