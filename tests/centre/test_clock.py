import pytest

from openline.centre import CentreClock
from openline.model import Instant
from tests.builders import seconds
from tests.centre.virtual_loop import advance, in_virtual_time, virtual_loop


class Clocks:
    """Is the machine's two clocks, moved by hand."""

    def __init__(self, wall: int = 1_000_000_000) -> None:
        self.steady_us = 5_000
        self.wall_us = wall

    def pass_time(self, count: float) -> None:
        self.steady_us += seconds(count)
        self.wall_us += seconds(count)

    def clock(self, *, last: int = 0, speed: float = 1.0) -> CentreClock:
        return CentreClock(
            last=Instant(last),
            speed=speed,
            steady=lambda: self.steady_us,
            wall=lambda: self.wall_us,
        )


def test_centre_time_begins_with_the_wall_clock() -> None:
    assert Clocks(wall=1_234).clock(last=1_000).now() == 1_234


def test_centre_time_never_begins_before_the_record_ends() -> None:
    assert Clocks(wall=1_234).clock(last=2_000).now() == 2_000


def test_centre_time_follows_the_clock_that_nobody_sets() -> None:
    clocks = Clocks(wall=0)
    clock = clocks.clock()
    clocks.steady_us += 10
    clocks.wall_us += 999_999_999
    assert clock.now() == 10


@pytest.mark.parametrize("speed", [0.1, 1, 60, 3600])
def test_centre_time_runs_as_fast_as_asked(speed: float) -> None:
    clocks = Clocks(wall=0)
    clock = clocks.clock(speed=speed)
    clocks.pass_time(10)
    assert clock.now() == Instant(seconds(10 * speed))


def test_a_step_of_the_wall_clock_is_told_once() -> None:
    clocks = Clocks()
    clock = clocks.clock()
    assert clock.step_since_last_asked() is None
    clocks.pass_time(100)
    assert clock.step_since_last_asked() is None
    clocks.wall_us -= seconds(90)
    assert clock.step_since_last_asked() == -seconds(90)
    assert clock.step_since_last_asked() is None


@pytest.mark.parametrize(("by", "told"), [(1.0, False), (1.000_001, True), (-1.5, True)])
def test_a_drift_of_up_to_a_second_is_no_step(by: float, told: bool) -> None:
    clocks = Clocks()
    clock = clocks.clock()
    clocks.wall_us += seconds(by)
    assert (clock.step_since_last_asked() is not None) is told


@in_virtual_time
async def test_a_call_comes_at_its_instant_at_any_speed() -> None:
    loop = virtual_loop()
    clock = CentreClock(
        last=Instant(0), speed=60, steady=lambda: loop.microseconds, wall=lambda: loop.microseconds
    )
    called: list[Instant] = []
    clock.at(Instant(seconds(120)), lambda: called.append(clock.now()))
    await advance(1.999)
    assert called == []
    await advance(0.001)
    assert called == [Instant(seconds(120))]


@in_virtual_time
async def test_an_instant_that_has_passed_calls_at_once_and_a_dropped_timer_never() -> None:
    loop = virtual_loop()
    clock = CentreClock(
        last=Instant(9), steady=lambda: loop.microseconds, wall=lambda: loop.microseconds
    )
    called: list[str] = []
    clock.at(Instant(3), lambda: called.append("past"))
    clock.at(Instant(seconds(1)), lambda: called.append("dropped")).cancel()
    await advance(0)
    assert called == ["past"]
    await advance(5)
    assert called == ["past"]
