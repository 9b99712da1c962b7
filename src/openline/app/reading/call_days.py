"""From where the reading process takes the calls of each day, and which days it remembers.

Days that are over have a list, sealed beside the journal (`centre.call_lists`). What calls are
chosen by is remembered of as many days as there is room for, what is shown of them is not. The
others, today above all, are read step by step and followed from there.

Whatever is remembered of a day is dropped as soon as the key of the day is gone.
"""

from collections import OrderedDict
from collections.abc import Iterator
from functools import partial

from openline.app.reading.days import follow
from openline.app.record import Record, Tell, quietly
from openline.centre.call_lists import open_details, open_filters
from openline.centre.recovery import last_step_before
from openline.engine import AnyEvent
from openline.model import MINUTE, Duration, Instant, PeerError
from openline.reports import CallRow, CallRows
from openline.reports.call_columns import FORM, DayColumns, Details, Filters, columns_of
from openline.reports.call_search import Day
from openline.sealing.kinds import DAY
from openline.sealing.segments import mark_of

CALL_DAYS_REMEMBERED = 40
"""Days without a list; there are few, since a day is listed some two days after it is over."""
FILTERS_REMEMBERED = 128 * 1024 * 1024
"""Bytes: those of 16 million calls."""
_LISTED_LATER = Duration(8 * DAY)
"""So long after its arrival a call may have entered the queue by which it is listed."""
_GREETED_WITHIN = Duration(60 * MINUTE)
"""As long as that where steps are read: a call that entered a queue after midnight."""
_AT_ONCE = 31


class TooManyDaysError(Exception):
    """Says that more days have to be read step by step than there is time for."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} days have no list")
        self.count = count


class _CallsOfDay:
    """Collects the calls that arrived in one day of UTC."""

    def __init__(self, begin: Instant) -> None:
        self._begin = begin
        self._end = Instant(begin + DAY)
        self.read_to: int | None = None
        self.is_done = False
        self.mark: bytes | None = None
        self._rows: list[CallRow] = []
        self._calls = CallRows(begin, self._end, targets={})
        self._columns = columns_of(())
        self._is_new = False

    def begin(self, record: Record) -> int:
        """Returns the step after which to begin."""
        return last_step_before(record.store, self._begin)

    def take(self, step: int, at: Instant, events: tuple[AnyEvent, ...]) -> None:
        self.read_to = step
        if at >= self._end and self._calls.is_settled:
            self.is_done = True
            return
        before = len(self._rows)
        self._rows.extend(self._calls.take(at, events))
        self._is_new = self._is_new or len(self._rows) > before

    @property
    def columns(self) -> DayColumns:
        """The calls of the day that are over."""
        if self._is_new:
            self._columns, self._is_new = columns_of(self._rows), False
        if self.is_done:
            self._rows = []
        return self._columns


class CallDays:
    """Finds the calls of days, in their lists or in the steps."""

    def __init__(self) -> None:
        self._filters: OrderedDict[Instant, tuple[bytes, Filters]] = OrderedDict()
        self._followed: OrderedDict[Instant, _CallsOfDay] = OrderedDict()

    def days(
        self,
        record: Record,
        since: Instant,
        until: Instant,
        *,
        most: int | None = None,
        tell: Tell = quietly,
    ) -> list[Day]:
        """Returns the days that may have calls of a stretch; tells how many are read of how many.

        Raises `TooManyDaysError` where more than `most` have no list and are not known yet.
        """
        self._forget(record)
        first, last = (
            next(record.store.read(record.store.forgotten()[0]), None),
            record.store.last(),
        )
        if first is None or last is None:
            return []
        end = min(until, Instant(last.at + 1))
        marks = record.store.call_list_marks(
            Instant(since - since % DAY - _LISTED_LATER), end, form=FORM
        )
        touched = max(first.at, since - _GREETED_WITHIN)
        unlisted = [
            day
            for day in map(Instant, range(touched - touched % DAY, end, DAY))
            if day not in marks
        ]
        found = [
            Day(day // DAY, filters, partial(_details, record, day))
            for day, filters in self._listed(record, marks)
        ]
        for day, follower in self._read(record, unlisted, most, tell):
            columns = follower.columns
            found.append(Day(day // DAY, columns.filters, partial(_first, columns.details)))
        return found

    def _forget(self, record: Record) -> None:
        """Drops what is remembered of days whose keys are destroyed."""
        knows = record.keys.knows
        for day, (mark, _) in list(self._filters.items()):
            if not knows(mark):
                del self._filters[day]
        for day, follower in list(self._followed.items()):
            if follower.mark is not None and not knows(follower.mark):
                del self._followed[day]

    # --- days that have a list -------------------------------------------------------------

    def _listed(
        self, record: Record, marks: dict[Instant, bytes]
    ) -> Iterator[tuple[Instant, Filters]]:
        readable = {day: mark for day, mark in marks.items() if record.keys.knows(mark)}
        missing = [
            day
            for day, mark in readable.items()
            if (known := self._filters.get(day)) is None or known[0] != mark
        ]
        fetched: dict[Instant, Filters] = {}
        for chunk in (missing[at : at + _AT_ONCE] for at in range(0, len(missing), _AT_ONCE)):
            end = Instant(chunk[-1] + 1)
            for day, sealed in record.store.call_list_filters(chunk[0], end):
                if day in readable and (filters := open_filters(record.keys, day, sealed)):
                    fetched[day] = filters
        for day, mark in readable.items():
            if day in fetched:
                self._filters[day] = mark, fetched[day]
            if day in self._filters:
                self._filters.move_to_end(day)
                yield day, self._filters[day][1]
        room = FILTERS_REMEMBERED
        for day in list(reversed(self._filters)):
            _, filters = self._filters[day]
            room -= len(filters.kind) + len(filters.waited_s)
            if room < 0:
                del self._filters[day]

    # --- days that have none ---------------------------------------------------------------

    def _read(
        self, record: Record, days: list[Instant], most: int | None, tell: Tell
    ) -> list[tuple[Instant, _CallsOfDay]]:
        unknown = sum(day not in self._followed for day in days)
        if most is not None and unknown > most:
            raise TooManyDaysError(unknown)
        for day in days:
            if day not in self._followed:
                self._followed[day] = _CallsOfDay(day)
            self._followed.move_to_end(day)
        followers = [(day, self._followed[day]) for day in days]
        follow(record, [follower for _, follower in followers], tell)
        for day, follower in followers:
            if follower.mark is None:
                follower.mark = _mark(record, day)
        while len(self._followed) > CALL_DAYS_REMEMBERED:
            self._followed.popitem(last=False)
        return followers


def _mark(record: Record, day: Instant) -> bytes | None:
    """Returns what names the key of the first step of a day, if it has one."""
    step = last_step_before(record.store, day)
    found = next(record.store.read(step, until=step + 1), None)
    return None if found is None or found.at >= day + DAY else mark_of(found.body)


def _details(record: Record, day: Instant) -> Details:
    sealed = record.store.call_list_details(day)
    details = None if sealed is None else open_details(record.keys, day, sealed)
    if details is None:
        # Forgotten in this very moment; asked again, the day is not among those of the list.
        raise PeerError("A day of the record was forgotten while it was read.")
    return details


def _first(details: Details) -> Details:
    return details
