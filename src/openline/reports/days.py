"""When the centre's civil days begin and end, in instants.

A day is named by the number of its date, so that measures can keep days apart without knowing
zones. A day may have 23 or 25 hours. Where clocks skip midnight, the day begins with the first
moment that exists; where midnight comes twice, with the first of the two.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openline.measures import Day
from openline.model import Instant

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class CivilDays:
    """Turns instants into days of one zone and back."""

    __slots__ = ("zone",)

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    def day_of(self, at: Instant) -> Day:
        """Returns the day in which the instant lies."""
        local = (_EPOCH + timedelta(microseconds=at)).astimezone(self.zone)
        return Day(local.toordinal())

    def start_of(self, day: Day) -> Instant:
        """Returns the day's first instant."""
        midnight = datetime.combine(self.date_of(day), time(), tzinfo=self.zone)
        return Instant((midnight.astimezone(UTC) - _EPOCH) // _MICROSECOND)

    def date_of(self, day: Day) -> date:
        """Returns the day's date."""
        return date.fromordinal(day)
