from typing import get_args

import pytest

from openline.engine import AnyEvent, State
from openline.engine import apply as applying
from openline.engine import events as e
from openline.engine.apply import apply_step
from openline.invariants import written
from openline.model import BugError, Duration, Instant
from tests.engine.builders import BEGIN, SETTINGS
from tests.engine.rehearsal import Rehearsal


def test_every_event_is_applied_by_a_function_of_its_own() -> None:
    assert set(applying.APPLY) == set(get_args(AnyEvent))


def test_the_events_alone_give_the_state_that_was() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    night.arrive("web:2", line="public")
    night.wait(300)
    folded = State()
    number = 0
    for step in night.steps:
        if step.outcome.events:
            number += 1
            apply_step(folded, number, step.now, step.outcome.events)
    assert written(folded) == written(night.state)


def test_a_step_that_leaves_a_gap_is_refused() -> None:
    with pytest.raises(BugError, match="step 2 cannot follow step 0"):
        apply_step(State(), 2, BEGIN, ())


def test_a_step_that_was_applied_is_not_applied_again() -> None:
    state = State()
    adopted = (e.ConfigurationAdopted(settings=SETTINGS),)
    apply_step(state, 1, BEGIN, adopted)
    with pytest.raises(BugError, match="step 1 cannot follow step 1"):
        apply_step(state, 1, BEGIN, adopted)


@pytest.mark.parametrize(
    "event",
    [
        e.ClockStepNoted(by=Duration(5)),
        e.CentreResumed(legs_seen=0),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_for_the_record_only_changes_nothing_but_step_and_time(event: AnyEvent) -> None:
    state = State()
    apply_step(state, 1, BEGIN, (event,))
    state.step, state.now = 0, Instant(0)
    assert written(state) == written(State())
