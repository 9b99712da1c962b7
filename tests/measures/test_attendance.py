"""Whether agents' time falls into the right slices, and adds up."""

import random

from openline.engine.inputs import PauseRequested
from openline.measures import INTERVAL, Attendance, Presence, Slice, start_of_interval
from openline.measures.tally import AgentTime
from openline.model import SECOND, Instant, Origin
from tests.builders import (
    ALL_ORIGINS,
    ANN,
    BEN,
    CARLA,
    ES,
    USUAL_ACTS,
    Night,
    a_centre,
    play,
    seconds,
)

START = Instant(1_775_000_700 * SECOND)
AGENTS = (ANN, BEN, CARLA)


def slice_of(at: Instant) -> Slice:
    start = start_of_interval(at)
    return Slice(start, Instant(start + INTERVAL))


def attendance_of(night: Night, begin: Instant = START) -> Attendance:
    attendance = Attendance(slice_of, begin=begin)
    for now, events in night.record:
        for event in events:
            attendance.notice(now, event)
    attendance.settle(night.now)
    return attendance


def test_time_is_cut_at_the_end_of_a_slice() -> None:
    night = Night(a_centre(), Instant(START + INTERVAL - seconds(10)))
    night.sign_in(ANN)
    night.wait(seconds(25))
    attendance = attendance_of(night)
    first, second = slice_of(START), slice_of(Instant(START + INTERVAL))
    assert attendance.time(first, [Origin.REAL]) == AgentTime(ready=seconds(10))
    assert attendance.time(second, [Origin.REAL]) == AgentTime(ready=seconds(15))


def test_a_pause_is_time_signed_in_and_not_on_the_queue() -> None:
    night = Night(a_centre(), START)
    night.sign_in(ANN)
    night.wait(seconds(30))
    night.see(PauseRequested(agent=ANN, pause_reason="meal"))
    night.wait(seconds(60))
    time = attendance_of(night).time(slice_of(START), [Origin.REAL])
    assert (time.on_queue, time.paused, time.signed_in) == (seconds(30), seconds(60), seconds(90))


def test_nobody_counts_before_the_report_begins() -> None:
    night = Night(a_centre(), START)
    night.sign_in(ANN)
    night.wait(seconds(100))
    time = attendance_of(night, Instant(START + seconds(40))).time(slice_of(START), [Origin.REAL])
    assert time == AgentTime(ready=seconds(60))


def test_who_signed_in_before_the_record_counts_from_her_next_call_on() -> None:
    night = Night(a_centre(), START)
    night.sign_in(CARLA)
    night.wait(seconds(100))
    night.record.clear()
    night.arrive(ES)
    night.wait(seconds(3))
    night.answer(CARLA)
    night.wait(seconds(50))
    time = attendance_of(night).time(slice_of(START), [Origin.REAL])
    assert time == AgentTime(talking=seconds(50))


def test_slices_together_are_what_the_whole_is_without_them() -> None:
    seed = 11
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    night = Night(a_centre(), START)
    play(
        night,
        [
            (chance.choice(USUAL_ACTS), chance.randrange(1000), chance.expovariate(1 / 20))
            for _ in range(2_000)
        ],
    )
    presence = Presence()
    for now, events in night.record:
        for event in events:
            presence.notice(now, event)
    together = AgentTime()
    for time in attendance_of(night).times(ALL_ORIGINS).values():
        together = together.plus(time)
    assert together == presence.whole(night.now)
    assert together.talking > 0
