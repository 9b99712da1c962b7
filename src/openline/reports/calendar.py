"""Which slice of civil time an instant falls into: the rows of a report.

Slices follow one another without a gap from the report's begin to its end, whatever the clocks do:
a day of 23 or 25 hours has that many hours, and the hour that comes twice is two rows. A slice that
reaches over the report's begin or end is cut there. Each is made of whole quarters of an hour of
UTC, so the sums of quarters are those of hours, days, weeks and years, exactly.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from openline.measures import INTERVAL, Day, Slice, start_of_interval
from openline.model import MINUTE, Instant
from openline.model.names import Name
from openline.reports.days import CivilDays

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class By(Name):
    """Says how long a row of a report is."""

    INTERVAL = "interval"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    """From Monday."""
    MONTH = "month"


MINUTES_ALLOWED = (15, 30, 60)


class Calendar:
    """Cuts the time from `since` to `until` into slices of civil time."""

    def __init__(
        self, zone: ZoneInfo, by: By, *, since: Instant, until: Instant, minutes: int = 15
    ) -> None:
        """`since` and `until` lie on quarters of an hour; `minutes` counts for intervals alone."""
        self.zone = zone
        self.by = by
        self.since = since
        self.until = until
        self._minutes = 60 if by is By.HOUR else minutes
        self._days = CivilDays(zone)

    def slice_of(self, at: Instant) -> Slice | None:
        """Returns the slice that holds the instant, or None before the begin or after the end."""
        if not self.since <= at < self.until:
            return None
        start, end = self._whole(at)
        return Slice(max(start, self.since), min(end, self.until))

    def slices(self) -> Iterator[Slice]:
        """Yields all slices in order, also those in which nothing happened."""
        at = self.since
        while (found := self.slice_of(at)) is not None:
            yield found
            at = found.end

    def local(self, at: Instant) -> datetime:
        """Returns what the clock on the wall shows."""
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self.zone)

    def _whole(self, at: Instant) -> tuple[Instant, Instant]:
        if self.by in (By.INTERVAL, By.HOUR):
            return self._part_of_hour(at)
        today = self._days.date_of(self._days.day_of(at))
        if self.by is By.DAY:
            first, after = today, today + timedelta(days=1)
        elif self.by is By.WEEK:
            first = today - timedelta(days=today.weekday())
            after = first + timedelta(days=7)
        else:
            first = today.replace(day=1)
            after = (first + timedelta(days=32)).replace(day=1)
        return self._midnight(first), self._midnight(after)

    def _midnight(self, day: date) -> Instant:
        return self._days.start_of(Day(day.toordinal()))

    def _part_of_hour(self, at: Instant) -> tuple[Instant, Instant]:
        """Returns the interval by the clock on the wall, cut where the clock was changed."""
        here = start_of_interval(at)
        shown = self.local(here)
        into = (shown.hour * 60 + shown.minute) % self._minutes
        start, end = here, Instant(here + INTERVAL)
        while into > 0 and self._offset(Instant(start - INTERVAL)) == shown.utcoffset():
            start, into = Instant(start - INTERVAL), into - 15
        while (
            end - start < self._minutes * MINUTE
            and self._shows(end) % self._minutes != 0
            and self._offset(end) == shown.utcoffset()
        ):
            end = Instant(end + INTERVAL)
        return start, end

    def _offset(self, at: Instant) -> timedelta | None:
        return self.local(at).utcoffset()

    def _shows(self, at: Instant) -> int:
        shown = self.local(at)
        return shown.hour * 60 + shown.minute
