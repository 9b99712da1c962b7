"""Does a watch ask everything of a record that it is told?"""

from random import Random

import msgspec
import pytest

from openline.engine import AnyEvent, Engine, State
from openline.engine import inputs as i
from openline.invariants import InvariantBrokenError, Watch
from openline.model import BugError, Duration
from tests.engine.rehearsal import Rehearsal, Step
from tests.properties.random_day import RandomDay


@pytest.fixture(scope="module")
def day() -> list[Step]:
    """A random day, of which only the steps that left a trace are kept, as in a record."""
    rehearsal = Rehearsal()
    RandomDay(rehearsal, Random(4)).play(400)
    return [step for step in rehearsal.steps if step.outcome.events]


def tell(watch: Watch, day: list[Step]) -> None:
    for number, step in enumerate(day, start=1):
        watch.step(number, step.seen, step.now, step.outcome.events)


def test_a_day_as_it_was_keeps_every_invariant(day: list[Step]) -> None:
    watch = Watch(whole_every=50)
    tell(watch, day)
    watch.look_at_every_byte()
    assert watch.state.step == len(day) > 100


def test_a_look_now_and_then_leaves_no_event_out(day: list[Step]) -> None:
    watch = Watch(look_every=10_000)
    tell(watch, day)
    begun = watch.history.arrived + watch.history.attempts
    assert begun == watch.state.next_call - 1
    assert watch.history.now == day[-1].now


def test_events_that_the_engine_does_not_decide_are_told_with_both(day: list[Step]) -> None:
    forged = [*day, msgspec.structs.replace(day[-1], seen=i.ClockStepped(by=Duration(7)))]
    with pytest.raises((InvariantBrokenError, BugError)):
        tell(Watch(), forged)


def test_a_step_that_is_missing_is_found(day: list[Step]) -> None:
    with pytest.raises((InvariantBrokenError, BugError)):
        tell(Watch(), day[:5] + day[6:])


def test_a_twin_that_decides_otherwise_breaks_the_invariant_of_replay() -> None:
    seen = i.ClockStepped(by=Duration(5))
    events: tuple[AnyEvent, ...] = Engine(State()).handle(seen, Rehearsal().now).events
    bent = i.ClockStepped(by=Duration(6))
    with pytest.raises(
        InvariantBrokenError,
        match="I7: ClockStepped leads to ClockStepNoted now and led to ClockStepNoted then",
    ):
        Watch().step(1, bent, Rehearsal().now, events)
