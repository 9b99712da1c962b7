"""Whether rows follow the clock on the wall, on days of 23, 24 and 25 hours and in odd zones."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from openline.measures import INTERVAL
from openline.model import MINUTE, Instant
from openline.reports import By, Calendar
from openline.simulation.civil import instant_of, zone

HOUR = 60 * MINUTE


def calendar(place: str, by: By, first: date, last: date, minutes: int = 15) -> Calendar:
    where = zone(place)
    return Calendar(
        where,
        by,
        since=instant_of(first, 0, where),
        until=instant_of(last, 0, where),
        minutes=minutes,
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)],
)
@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_a_day_has_as_many_intervals_as_it_has_time(day: date, hours: int, minutes: int) -> None:
    days = calendar("America/Chicago", By.INTERVAL, day, day + timedelta(days=1), minutes)
    slices = list(days.slices())
    assert len(slices) == hours * 60 // minutes
    assert {end - start for start, end in slices} == {minutes * MINUTE}


def test_the_hour_that_comes_twice_is_two_rows() -> None:
    hours = calendar("America/Chicago", By.HOUR, date(2026, 11, 1), date(2026, 11, 2))
    shown = [hours.local(slice_.start).isoformat() for slice_ in hours.slices()]
    assert shown[1:3] == ["2026-11-01T01:00:00-05:00", "2026-11-01T01:00:00-06:00"]


def test_hours_begin_on_the_hour_of_the_wall_where_zones_are_off_by_less() -> None:
    for place in ("Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide"):
        hours = calendar(place, By.HOUR, date(2026, 5, 1), date(2026, 5, 3))
        slices = list(hours.slices())
        assert len(slices) == 48
        assert {hours.local(start).minute for start, _ in slices} == {0}


def test_where_clocks_change_by_half_an_hour_the_hour_is_cut_there() -> None:
    hours = calendar("Australia/Lord_Howe", By.HOUR, date(2026, 4, 5), date(2026, 4, 6))
    lengths = [(end - start) // MINUTE for start, end in hours.slices()]
    assert sum(lengths) == 24 * 60 + 30
    assert sorted(lengths)[0] == 30
    assert len(lengths) == 25


@pytest.mark.parametrize("place", ["America/Chicago", "Australia/Lord_Howe", "Asia/Kathmandu"])
@pytest.mark.parametrize("by", By, ids=lambda by: by.value)
def test_every_quarter_of_an_hour_is_in_exactly_one_slice(place: str, by: By) -> None:
    whole = calendar(place, by, date(2026, 2, 25), date(2026, 4, 20), 30)
    slices = list(whole.slices())
    assert slices[0].start == whole.since
    assert slices[-1].end == whole.until
    assert all(one.end == next_.start for one, next_ in pairwise(slices))
    for slice_ in slices:
        for at in range(slice_.start, slice_.end, INTERVAL):
            assert whole.slice_of(Instant(at)) == slice_


def test_weeks_begin_on_monday_and_are_cut_where_the_report_begins_and_ends() -> None:
    weeks = calendar("America/Chicago", By.WEEK, date(2026, 3, 4), date(2026, 3, 20))
    starts = [weeks.local(slice_.start).date() for slice_ in weeks.slices()]
    assert starts == [date(2026, 3, 4), date(2026, 3, 9), date(2026, 3, 16)]


def test_months_are_those_of_the_calendar() -> None:
    months = calendar("America/Chicago", By.MONTH, date(2025, 12, 1), date(2027, 1, 1))
    starts = [months.local(slice_.start).date() for slice_ in months.slices()]
    assert starts == [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 13))]


def test_before_the_begin_and_after_the_end_there_is_no_slice() -> None:
    days = calendar("America/Chicago", By.DAY, date(2026, 3, 4), date(2026, 3, 5))
    assert days.slice_of(Instant(days.since - 1)) is None
    assert days.slice_of(days.until) is None
