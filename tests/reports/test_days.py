"""Whether civil days begin when people say they do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from openline.measures import Day
from openline.model import SECOND, Duration, Instant
from openline.reports import CivilDays

HOUR = Duration(3600 * SECOND)
CHICAGO = ZoneInfo("America/Chicago")


def at(text: str, in_zone: ZoneInfo | None = None) -> Instant:
    """Returns the instant of an ISO time: of that zone, or with its own offset."""
    moment = datetime.fromisoformat(text)
    if in_zone is not None:
        moment = moment.replace(tzinfo=in_zone)
    return Instant(round(moment.astimezone(UTC).timestamp()) * SECOND)


def hours_of(days: CivilDays, of: date) -> float:
    day = Day(of.toordinal())
    return (days.start_of(Day(day + 1)) - days.start_of(day)) / HOUR


@pytest.mark.parametrize(
    ("of", "hours"),
    [
        (date(2026, 3, 7), 24),
        (date(2026, 3, 8), 23),
        (date(2026, 3, 9), 24),
        (date(2026, 10, 31), 24),
        (date(2026, 11, 1), 25),
    ],
)
def test_a_day_in_chicago_has_as_many_hours_as_its_clocks_show(of: date, hours: int) -> None:
    assert hours_of(CivilDays(CHICAGO), of) == hours


def test_the_last_moment_before_midnight_is_still_the_old_day() -> None:
    days = CivilDays(CHICAGO)
    midnight = at("2026-11-02T00:00", CHICAGO)
    assert days.date_of(days.day_of(midnight)) == date(2026, 11, 2)
    assert days.date_of(days.day_of(Instant(midnight - 1))) == date(2026, 11, 1)
    assert days.start_of(days.day_of(midnight)) == midnight


def test_where_clocks_skip_midnight_the_day_begins_with_its_first_moment() -> None:
    days = CivilDays(ZoneInfo("America/Santiago"))  # 2024-09-08 began at 01:00 summer time
    start = days.start_of(Day(date(2024, 9, 8).toordinal()))
    assert start == at("2024-09-08T04:00:00+00:00")
    assert days.date_of(days.day_of(start)) == date(2024, 9, 8)
    assert days.date_of(days.day_of(Instant(start - 1))) == date(2024, 9, 7)


def test_where_midnight_comes_twice_the_day_begins_with_the_first() -> None:
    days = CivilDays(
        ZoneInfo("America/Havana")
    )  # on 2026-11-01 the clocks went from 01:00 to 00:00
    start = days.start_of(Day(date(2026, 11, 1).toordinal()))
    assert start == at("2026-11-01T00:00:00-04:00")
    assert hours_of(days, date(2026, 11, 1)) == 25


@pytest.mark.parametrize("name", ["America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_days_begin_on_a_quarter_of_an_hour(name: str) -> None:
    days = CivilDays(ZoneInfo(name))
    first = date(2026, 1, 1).toordinal()
    assert all(days.start_of(Day(day)) % (HOUR // 4) == 0 for day in range(first, first + 366))
