"""Which stretch of civil time was asked for: `--from` and `--to` as people write them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from openline.measures import INTERVAL
from openline.model import Instant, RefusedError
from openline.reports import CivilDays

DAYS_SHOWN = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def period(
    since: str | None, until: str | None, zone: ZoneInfo, first: Instant, last: Instant
) -> tuple[Instant, Instant]:
    """Returns begin and end in instants.

    A date alone is the whole day: `--to 2026-03-08` ends with that day. With a time it is that
    moment, on a quarter of an hour. A time that comes twice is the first of the two, unless its
    offset is written too. What was left open: the last seven days of the record, or as
    many as there are.

    Raises `RefusedError` (code `bad_period`) for anything else.
    """
    days = CivilDays(zone)
    today = days.date_of(days.day_of(last))
    to_day, end = _read("--to", until, zone) if until else (today, None)
    if end is None:
        end = _midnight(to_day + timedelta(days=1), zone)
    if since:
        from_day, begin = _read("--from", since, zone)
    else:
        from_day, begin = to_day - timedelta(days=DAYS_SHOWN - 1), None
        from_day = min(to_day, max(from_day, days.date_of(days.day_of(first))))
    if begin is None:
        begin = _midnight(from_day, zone)
    if begin >= end:
        raise RefusedError(
            f"--from {since or from_day} --to {until or to_day}: the end is not after the begin.",
            code="bad_period",
        )
    return begin, end


def instant_of(option: str, text: str, zone: ZoneInfo) -> Instant:
    """Returns the instant that a date or a date with a time names; a date begins at midnight."""
    day, at = _read(option, text, zone)
    return _midnight(day, zone) if at is None else at


def _midnight(day: date, zone: ZoneInfo) -> Instant:
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return _instant(midnight)


def _instant(moment: datetime) -> Instant:
    return Instant((moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1))


def _read(option: str, text: str, zone: ZoneInfo) -> tuple[date, Instant | None]:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text)
            if not 1971 <= day.year <= 9000:
                raise ValueError
            return day, None
        moment = datetime.fromisoformat(text)
        if not 1971 <= moment.year <= 9000 or not re.match(r"\d{4}-\d{2}-\d{2}[T ]", text):
            raise ValueError
    except ValueError:
        raise RefusedError(
            f"{option} {text}: write a date like 2026-03-08, or a date and a time like "
            f"2026-03-08T16:00.",
            code="bad_period",
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    at = _instant(moment)
    if at % INTERVAL != 0:
        raise RefusedError(
            f"{option} {text}: a report is made of quarters of an hour; write a time like "
            f"16:00, 16:15, 16:30 or 16:45.",
            code="bad_period",
        )
    return moment.astimezone(zone).date(), at
