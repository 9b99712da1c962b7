from datetime import UTC, date, datetime, timedelta
from itertools import islice
from math import sqrt

import msgspec
import pytest

from openline.model import SECOND, Instant
from openline.simulation import WorldProfile
from openline.simulation.arrivals import HOUR, Arrivals, hour_name, hour_of_name
from openline.simulation.civil import instant_of, zone
from tests.simulation.worlds import small_line, yardstick

CHICAGO = zone("America/Chicago")
SEED = 7


def a_profile(seed: int = SEED, **changes: object) -> WorldProfile:
    return msgspec.structs.replace(yardstick(seed)[1], **changes)


def on(year: int, month: int, day: int, minute: int = 0) -> Instant:
    return instant_of(date(year, month, day), minute, CHICAGO)


def between(arrivals: Arrivals, start: Instant, end: Instant) -> list[Instant]:
    hours = range(start // HOUR, -(-end // HOUR))
    return [at for hour in hours for at in arrivals.in_hour(hour) if start <= at < end]


def test_counts_of_each_local_hour_agree_with_the_rate() -> None:
    print(f"seed {SEED}")  # noqa: T201 - a failure must be found again
    arrivals = Arrivals(a_profile())
    for day in (on(2025, 11, 24), on(2025, 11, 25), on(2025, 11, 30)):
        for hour in range(24):
            start = Instant(day + hour * HOUR)
            found = len(between(arrivals, start, Instant(start + HOUR)))
            # Simpson's rule; the rate is smooth within an hour.
            wanted = (
                arrivals.rate(start)
                + 4 * arrivals.rate(Instant(start + HOUR // 2))
                + arrivals.rate(Instant(start + HOUR - SECOND))
            ) / 6
            assert abs(found - wanted) < 4 * sqrt(wanted)


def test_the_yardstick_day_has_its_peak_at_three_and_its_trough_at_three() -> None:
    arrivals = Arrivals(a_profile(busyness_cv=0.0))
    day = on(2025, 11, 27)
    hourly = 6500 / 24
    assert arrivals.rate(Instant(day + 15 * HOUR)) == pytest.approx(1.75 * hourly)
    assert arrivals.rate(Instant(day + 3 * HOUR)) == pytest.approx(0.25 * hourly)
    monday = arrivals.rate(on(2025, 11, 24, 15 * 60))
    sunday = arrivals.rate(on(2025, 11, 23, 15 * 60))
    assert monday / sunday == pytest.approx(1.10 / 0.90)


def test_the_mean_over_many_days_is_the_calls_per_day() -> None:
    arrivals = Arrivals(a_profile())
    weeks = 26
    first = on(2025, 1, 6)
    total = sum(
        len(between(arrivals, Instant(first + d * 24 * HOUR), Instant(first + (d + 1) * 24 * HOUR)))
        for d in range(7 * weeks)
    ) / (7 * weeks)
    # Days differ by 8 % and by Poisson chance; the weekdays are all there equally often.
    error = sqrt((0.08 * 6500) ** 2 + 6500) / sqrt(7 * weeks)
    assert abs(total - 6500) < 4 * error


def test_an_hour_is_a_pure_function_of_seed_and_hour() -> None:
    hour = on(2025, 11, 25, 600) // HOUR
    forwards = Arrivals(a_profile())
    for earlier in range(hour - 50, hour):
        forwards.in_hour(earlier)
    assert forwards.in_hour(hour) == Arrivals(a_profile()).in_hour(hour)
    assert Arrivals(a_profile(seed=SEED + 1)).in_hour(hour) != forwards.in_hour(hour)


def test_whoever_stops_in_the_middle_goes_on_with_the_next_caller() -> None:
    start = on(2025, 11, 25, 590)
    whole = list(islice(Arrivals(a_profile()).after(start), 400))
    stopped_at = whole[150][0]
    assert whole == whole[:151] + list(islice(Arrivals(a_profile()).after(stopped_at), 249))
    assert [at for at, _, _ in whole] == sorted(at for at, _, _ in whole)
    assert len({(hour, index) for _, hour, index in whole}) == 400


@pytest.mark.parametrize(
    ("day", "hours"), [((2026, 3, 8), 23), ((2026, 11, 1), 25), ((2026, 11, 2), 24)]
)
def test_a_day_has_as_many_hours_as_the_clocks_say(day: tuple[int, int, int], hours: int) -> None:
    here, following = on(*day), instant_of(date(*day) + timedelta(days=1), 0, CHICAGO)
    assert (following - here) / HOUR == hours
    # In a flat week an hour is an hour: a longer day has more calls, a shorter one fewer.
    flat = Arrivals(a_profile(amplitude=0.0, busyness_cv=0.0, weekday_factors=(1.0,) * 7))
    found = len(between(flat, here, following))
    wanted = hours * 6500 / 24
    assert abs(found - wanted) < 4 * sqrt(wanted)
    for hour in range(hours):
        assert len(flat.in_hour(here // HOUR + hour)) > 200


def test_the_doubled_hour_has_the_rate_of_its_clock_time_twice() -> None:
    arrivals = Arrivals(a_profile())
    first = on(2026, 11, 1, 90)
    assert arrivals.rate(first) == arrivals.rate(Instant(first + HOUR))
    assert arrivals.in_hour(first // HOUR) != arrivals.in_hour(first // HOUR + 1)


def test_a_zone_with_half_hours_is_as_exact() -> None:
    profile = a_profile(zone="Asia/Kolkata", busyness_cv=0.0, weekday_factors=(1.0,) * 7)
    arrivals = Arrivals(profile)
    midnight = instant_of(date(2025, 11, 25), 0, zone("Asia/Kolkata"))
    assert midnight % HOUR == HOUR // 2
    at_peak = arrivals.rate(Instant(midnight + 15 * HOUR))
    assert at_peak == pytest.approx(1.75 * 6500 / 24)
    found = len(between(arrivals, midnight, Instant(midnight + 24 * HOUR)))
    assert abs(found - 6500) < 4 * sqrt(6500)


def test_a_line_that_closes_has_all_its_calls_while_it_is_open() -> None:
    arrivals = Arrivals(small_line(SEED)[1])
    day = on(2025, 11, 25)
    days = 200
    found = between(arrivals, day, Instant(day + days * 24 * HOUR))
    local = [datetime.fromtimestamp(at / SECOND, CHICAGO) for at in found]
    assert all(moment.hour >= 16 or moment.hour < 2 for moment in local)
    assert {moment.hour for moment in local} == {16, 17, 18, 19, 20, 21, 22, 23, 0, 1}
    error = sqrt((0.08 * 60) ** 2 + 60) / sqrt(days)
    assert abs(len(found) / days - 60) < 4 * error


def test_a_line_that_nobody_calls_has_no_arrivals() -> None:
    assert list(Arrivals(a_profile(calls_per_day=0.0)).after(on(2025, 11, 25))) == []
    assert list(Arrivals(a_profile(weekday_factors=(0.0,) * 7)).after(on(2025, 11, 25))) == []


def test_an_hour_can_be_found_by_its_name() -> None:
    hour = int(datetime(2026, 11, 22, 14, tzinfo=UTC).timestamp()) // 3600
    assert hour_name(hour) == "20261122T14"
    assert hour_of_name("20261122T14") == hour
    with pytest.raises(ValueError, match="does not match"):
        hour_of_name("yesterday")
