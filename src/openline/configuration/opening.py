"""From hours in civil time to the instants at which a line opens and closes.

Zones come from the tzdata package that Openline pins. A time that the clock shows twice is meant
the first time it comes for opening and the last time for closing; a time that the clock leaves out
is the moment of the leap. So every span of a day opens once and closes once, in whatever night.

The span of a compilation is fixed to calendar years, so that a restart compiles the same instants:
from the year of `now` to the end of the next. So at least a year lies ahead of a fresh compilation,
and the centre makes a new one when the year has changed (see `app.hours`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import msgspec

from openline.configuration.public_holidays import public_holidays
from openline.engine import HoursSettings
from openline.model import SECOND, HoursKey, Instant

DAY_MINUTES = 24 * 60
Minutes = tuple[tuple[int, int], ...]
"""Spans of a day in minutes after midnight; an end past 1440 lies on the next day."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Holds opening hours in civil time."""

    key: HoursKey
    week: tuple[Minutes, ...]
    """From Monday."""
    special: dict[date, Minutes]
    country: str | None = None
    """Whose public holidays are kept, if any, and of which region."""
    region: str | None = None
    on_holidays: Minutes = ()

    def on(self, day: date, holidays: frozenset[date]) -> Minutes:
        """Returns the spans that begin on the day."""
        usual = self.on_holidays if day in holidays else self.week[day.weekday()]
        return self.special.get(day, usual)


def minutes_of(span: str) -> tuple[int, int]:
    """Returns a span such as "16:00-02:00" in minutes; what ends at its start lasts a day.

    >>> minutes_of("16:00-02:00"), minutes_of("00:00-24:00")
    ((960, 1560), (0, 1440))
    """
    start, _, end = span.partition("-")
    begins, ends = (int(each[:2]) * 60 + int(each[3:]) for each in (start, end))
    return begins, ends if ends > begins else ends + DAY_MINUTES


def compiled_hours(opening: Opening, where: ZoneInfo, now: Instant) -> HoursSettings:
    """Returns the instants of change for the year of `now` and the next."""
    year = datetime.fromtimestamp(now // SECOND, where).year
    # A day more at both ends: the night before may reach into the first day.
    first, last = date(year - 1, 12, 31), date(year + 1, 12, 31)
    changes: list[Instant] = []
    for opens, closes in sorted(_intervals(opening, where, first, last)):
        if closes <= opens:
            continue
        if changes and opens <= changes[-1]:
            changes[-1] = max(changes[-1], closes)
        else:
            changes += [opens, closes]
    return HoursSettings(key=opening.key, open_first=False, changes=tuple(changes))


def _intervals(
    opening: Opening, where: ZoneInfo, first: date, last: date
) -> Iterator[tuple[Instant, Instant]]:
    holidays: frozenset[date] = frozenset()
    if opening.country is not None:
        years = range(first.year, last.year + 1)
        holidays = public_holidays(opening.country, opening.region, years)
    day = first
    while day <= last:
        for start, end in opening.on(day, holidays):
            yield instant_of(day, start, where, last=False), instant_of(day, end, where, last=True)
        day += timedelta(days=1)


def instant_of(day: date, minute: int, where: ZoneInfo, *, last: bool) -> Instant:
    """Returns when the clock shows so many minutes after midnight, the first or last time."""
    over, within = divmod(minute, DAY_MINUTES)
    there = day + timedelta(days=over)
    shown = datetime(there.year, there.month, there.day, within // 60, within % 60, tzinfo=where)
    before, after = (int(shown.replace(fold=fold).timestamp()) for fold in (0, 1))
    if before > after:  # left out: the clock leaps somewhere between the two
        return Instant(_leap(after, before, where) * SECOND)
    return Instant((after if last else before) * SECOND)


def _leap(low: int, high: int, where: ZoneInfo) -> int:
    """Returns the second at which the offset changes between the two."""

    def offset(at: int) -> timedelta | None:
        return datetime.fromtimestamp(at, where).utcoffset()

    old = offset(low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if offset(middle) == old else (low, middle)
    return high


def told(hours: HoursSettings, where: ZoneInfo, now: Instant) -> str:
    """Returns in words whether it is open, and until or from when."""
    is_open = hours.open_first
    for change in hours.changes:
        if change > now:
            at = _words(change, where)
            return f"open, until {at}" if is_open else f"closed, opens {at}"
        is_open = not is_open
    return "open" if is_open else "closed, and never opens"


def _words(at: Instant, where: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(at // SECOND, where):%A, %-d %B %Y, %H:%M}"


def dates(texts: Mapping[str, list[str]]) -> dict[date, Minutes]:
    """Returns special days by date; the texts were checked."""
    return {
        date.fromisoformat(day): tuple(minutes_of(span) for span in spans)
        for day, spans in texts.items()
    }


def tzdata_version() -> str:
    """Returns which time zone data is used, such as 2025b."""
    text = resources.files("tzdata").joinpath("zoneinfo", "tzdata.zi").read_text(encoding="utf-8")
    return text.splitlines()[0].removeprefix("# version ").strip()
