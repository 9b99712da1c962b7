from datetime import date, timedelta

import pytest

from openline.model import MINUTE, AgentKey, Duration, Instant
from openline.simulation import Break, ColleagueGroup, Shift, WorldProfile
from openline.simulation.civil import instant_of, zone
from openline.simulation.shifts import Duty, Timeline
from tests.simulation.worlds import HOUR, seconds, small_line

CHICAGO = zone("America/Chicago")
ANN = AgentKey("ann")
TUESDAY = date(2025, 11, 25)


def timeline(*shifts: Shift, late: float = 0, seed: int = 1) -> Timeline:
    group = ColleagueGroup(
        name="group", agents=(ANN,), shifts=shifts, late_by_at_most=seconds(late)
    )
    profile: WorldProfile = small_line(seed)[1]
    return Timeline(profile, group, ANN)


def at(day: date, hours: float) -> Instant:
    return instant_of(day, round(hours * 60), CHICAGO)


def test_a_shift_has_a_beginning_a_break_and_an_end() -> None:
    meal = Break(after=Duration(3 * HOUR), length=Duration(30 * MINUTE), pause_reason="meal")
    ann = timeline(Shift(start_minute=9 * 60, end_minute=17 * 60, breaks=(meal,)))
    before = ann.at(at(TUESDAY, 8))
    assert (before.duty, before.until) == (Duty.OFF, at(TUESDAY, 9))
    morning = ann.at(at(TUESDAY, 9))
    assert (morning.duty, morning.until) == (Duty.ON, at(TUESDAY, 12))
    pause = ann.at(at(TUESDAY, 12.25))
    assert (pause.duty, pause.until, pause.pause_reason) == (Duty.BREAK, at(TUESDAY, 12.5), "meal")
    afternoon = ann.at(at(TUESDAY, 16))
    assert (afternoon.duty, afternoon.until) == (Duty.ON, at(TUESDAY, 17))
    assert ann.at(at(TUESDAY, 17)).duty is Duty.OFF


def test_a_night_shift_crosses_midnight_and_belongs_to_the_day_it_begins_on() -> None:
    ann = timeline(Shift(start_minute=22 * 60, end_minute=6 * 60, days=(1,)))
    assert ann.at(at(TUESDAY, 23)).until == at(TUESDAY, 30)
    assert ann.at(at(TUESDAY, 5)).duty is Duty.OFF
    assert ann.at(at(TUESDAY, 29)).duty is Duty.ON
    assert ann.at(at(TUESDAY, 47)).duty is Duty.OFF


def test_the_last_hour_of_a_shift_is_the_tired_one() -> None:
    ann = timeline(Shift(start_minute=9 * 60, end_minute=17 * 60))
    assert not ann.is_tired(at(TUESDAY, 15.9))
    assert ann.is_tired(at(TUESDAY, 16.1))


def test_shifts_that_touch_are_one() -> None:
    ann = timeline(Shift(start_minute=0))
    assert not ann.is_tired(at(TUESDAY, 23.9))
    assert ann.at(at(TUESDAY, 24)).duty is Duty.ON


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 7), 7), (date(2026, 10, 31), 9)])
def test_a_night_shift_is_an_hour_shorter_or_longer_when_the_clocks_change(
    day: date, hours: int
) -> None:
    ann = timeline(Shift(start_minute=22 * 60, end_minute=6 * 60))
    span = ann.at(at(day, 23))
    assert (span.until - span.start) / HOUR == hours


def test_the_spans_follow_each_other_without_a_gap_over_months() -> None:
    meal = Break(after=Duration(3 * HOUR), length=Duration(45 * MINUTE), pause_reason="meal")
    shift = Shift(start_minute=20 * 60, end_minute=4 * 60, days=(0, 2, 5), breaks=(meal,))
    ann = timeline(shift, late=300)
    instant, spans = at(TUESDAY, 0), []
    while instant < at(TUESDAY + timedelta(days=150), 0):
        span = ann.at(instant)
        assert span.start <= instant < span.until
        spans.append(span)
        instant = span.until
    # One span a break, but where a week of knowledge ended within it.
    breaks = [span for span in spans if span.duty is Duty.BREAK]
    assert 3 * 150 // 7 - 2 <= len(breaks) <= 3 * 150 // 7 + 3


def test_being_late_is_fixed_by_seed_and_day() -> None:
    shift = Shift(start_minute=9 * 60, end_minute=17 * 60)
    starts = [
        timeline(shift, late=600).at(at(TUESDAY + timedelta(days=number), 12)).start
        - at(TUESDAY + timedelta(days=number), 9)
        for number in range(20)
    ]
    again = timeline(shift, late=600)
    assert again.at(at(TUESDAY, 12)).start - at(TUESDAY, 9) == starts[0]
    assert all(0 <= late <= seconds(600) for late in starts)
    assert len(set(starts)) == 20
