"""Whether `--from` and `--to` mean what people mean by them."""

from datetime import date, timedelta

import pytest

from openline.app.period import period
from openline.model import MINUTE, Instant, RefusedError
from openline.simulation.civil import instant_of, zone

ZONE = zone("America/Chicago")
HOUR = 60 * MINUTE


def midnight(day: date) -> Instant:
    return instant_of(day, 0, ZONE)


FIRST, LAST = midnight(date(2026, 1, 1)), Instant(midnight(date(2026, 3, 20)) + 5 * HOUR)


def hours(since: str | None, until: str | None) -> float:
    begin, end = period(since, until, ZONE, FIRST, LAST)
    return (end - begin) / HOUR


@pytest.mark.parametrize(
    ("day", "length"), [("2026-03-08", 23), ("2026-03-09", 24), ("2026-11-01", 25)]
)
def test_a_day_is_as_long_as_it_is(day: str, length: int) -> None:
    assert hours(day, day) == length


def test_a_time_is_where_it_stops_and_an_offset_tells_the_doubled_hour_apart() -> None:
    assert hours("2026-03-07T16:00", "2026-03-08T02:00") == 10
    assert hours("2026-11-01T01:00-05:00", "2026-11-01T01:00-06:00") == 1
    assert hours("2026-11-01T01:00", "2026-11-01T02:00") == 2


def test_left_open_it_is_the_last_seven_days_of_the_record_or_what_there_is() -> None:
    begin, end = period(None, None, ZONE, FIRST, LAST)
    assert begin == midnight(date(2026, 3, 14))
    assert end == midnight(date(2026, 3, 21))
    begin, _ = period(None, None, ZONE, Instant(LAST - 24 * HOUR), LAST)
    assert begin == midnight(date(2026, 3, 19))
    begin, end = period(None, "2026-02-10", ZONE, FIRST, LAST)
    assert end - begin == 7 * timedelta(days=1) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-08", "2026-03-07"),
        ("2026-03-08T10:00", "2026-03-08T10:00"),
        ("8 March", None),
        ("2026-13-01", None),
        ("2026-03-08T10:07", None),
        ("10:00", None),
        ("9999-12-31", None),
        ("", "tomorrow"),
    ],
    ids=str,
)
def test_what_means_nothing_is_refused(since: str, until: str | None) -> None:
    with pytest.raises(RefusedError) as refused:
        period(since, until, ZONE, FIRST, LAST)
    assert refused.value.code == "bad_period"
