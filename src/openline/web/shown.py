"""How figures, times and lengths of time are written on a page, in the reader's language.

A figure that nothing can be said of is a dash, never 0. Times are those of the centre's zone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal, format_percent

from openline.measures import definition
from openline.model import MINUTE, Instant
from openline.reports.columns import Value
from openline.web.catalogue import Catalogue

NOTHING = "–"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def span(seconds: float) -> str:
    """Returns a length of time: minutes and seconds, or hours and minutes.

    >>> span(7.04), span(59.6), span(125)
    ('0:07', '1:00', '2:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02d}"
    return f"{minutes // 60}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{minutes % 60:02d}"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Writes for one reader."""

    language: str
    zone: ZoneInfo

    def local(self, at: Instant) -> datetime:
        """Returns what the clock on the wall shows."""
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self.zone)

    def figure(self, key: str, value: Value) -> str:
        """Returns a figure of a report."""
        if value is None:
            return NOTHING
        unit = definition(key).unit
        if unit == "share":
            # Rounds down: 79.95 % with a target of 80 % has not reached it.
            share = int(value * 1000 + 1e-9) / 1000
            return format_percent(share, format="#,##0.0%", locale=self.language)
        if unit == "count":
            return format_decimal(value, format="#,##0", locale=self.language)
        return span(value)

    def difference(self, key: str, now: Value, before: Value) -> str:
        """Returns by how much a figure changed, with its sign; shares in points of a per cent."""
        if now is None or before is None:
            return NOTHING
        change = now - before
        unit = definition(key).unit
        sign = "+" if change > 0 else "\N{MINUS SIGN}" if change < 0 else "±"
        if unit == "share":
            points = format_decimal(abs(change) * 100, format="#,##0.0", locale=self.language)
            return f"{sign}{points}"
        if unit == "count":
            return sign + format_decimal(abs(change), format="#,##0", locale=self.language)
        return sign + span(abs(change))

    def count(self, value: int) -> str:
        """Returns a number of things."""
        return format_decimal(value, format="#,##0", locale=self.language)

    def time(self, at: Instant) -> str:
        """Returns the time of day, "04:12"."""
        return format_time(self.local(at), "HH:mm", locale=self.language)

    def exact(self, at: Instant) -> str:
        """Returns the time of day to the second."""
        return format_time(self.local(at), "HH:mm:ss", locale=self.language)

    def day(self, at: Instant) -> str:
        """Returns the day, "Sat 7 Mar"."""
        return format_date(self.local(at).date(), "EEE d MMM", locale=self.language)

    def date(self, at: Instant) -> str:
        """Returns the day with its year, "March 7, 2026"."""
        return format_date(self.local(at).date(), "long", locale=self.language)

    def month(self, at: Instant) -> str:
        """Returns the month, "March 2026"."""
        return format_date(self.local(at).date(), "LLLL y", locale=self.language)

    def moment(self, at: Instant) -> str:
        """Returns day and time with the zone, where they could be mistaken."""
        return format_datetime(self.local(at), "EEEE d MMMM y, HH:mm:ss zzz", locale=self.language)

    def minute(self, at: Instant) -> str:
        """Returns day and time without seconds, "7 Mar 04:12"."""
        return format_datetime(self.local(at), "d MMM HH:mm", locale=self.language)

    def span(self, seconds: float | None) -> str:
        """Returns a length of time, or a dash."""
        return NOTHING if seconds is None else span(seconds)


def time_left(catalogue: Catalogue, microseconds: int) -> str:
    """Says how long something is still kept, in its largest unit."""
    minutes = max(0, microseconds // MINUTE)
    if minutes < 60:
        return catalogue.text("kept.left.minutes", count=minutes)
    if minutes < 48 * 60:
        return catalogue.text("kept.left.hours", count=minutes // 60)
    return catalogue.text("kept.left.days", count=minutes // (24 * 60))
