"""Overflow: after a wait a call is offered to more agents and keeps its place."""

import msgspec
import pytest

from openline.engine import Settings
from openline.engine import events as e
from openline.engine.settings import OverflowStep
from openline.model import Instant, Origin, Reason
from tests.builders import seconds, step
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

# Ana serves English and Spanish, Ben English, Cleo English and crisis, Dora Spanish.


def _centre(*steps: OverflowStep, version: int = 2) -> Settings:
    """Returns the small centre in which the English queue overflows."""
    english = msgspec.structs.replace(ENGLISH, overflow=steps)
    return another_version(version=version, queues=(english, SPANISH, CRISIS))


def test_before_its_step_a_call_is_not_offered_to_others() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.ready("dora")
    night.arrive("web:1")
    night.wait(59)
    assert night.agent_offered("web:1") is None


def test_at_its_step_a_call_is_offered_to_who_is_idle_then() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.ready("dora")
    night.arrive("web:1")
    events = night.wait(60)
    assert only(events, e.CallWidened).reason is Reason.WAITED
    assert night.agent_offered("web:1") == "dora"


def test_a_call_keeps_its_place_when_it_overflows() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.arrive("web:1")
    since = night.call("web:1").waiting_since
    night.wait(30)
    night.arrive("web:2")
    night.wait(60)
    assert night.call("web:1").waiting_since == since
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_a_later_call_that_has_not_overflowed_does_not_go_before_it() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.arrive("web:1")
    night.wait(30)
    night.arrive("web:2")
    night.wait(30)
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_an_agent_takes_whoever_waits_longest_of_her_own_and_those_that_overflowed_to_her() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.arrive("web:english")
    night.wait(10)
    night.arrive("web:spanish", line="publico")
    night.hear_greeting("web:spanish")
    night.wait(60)
    night.ready("dora")
    assert night.agent_offered("web:english") == "dora"


def test_needs_can_relax_until_everybody_may_take_the_call() -> None:
    crisis = msgspec.structs.replace(CRISIS, overflow=(step(20, crisis=1), step(40)))
    night = Rehearsal(another_version(queues=(ENGLISH, SPANISH, crisis)))
    night.ready("dora")
    night.arrive("web:1", line="crisis")
    night.wait(39)
    assert night.agent_offered("web:1") is None
    night.wait(1)
    assert night.agent_offered("web:1") == "dora"


def test_who_meets_an_earlier_step_is_asked_first() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.arrive("web:1")
    night.wait(55)
    night.ready("ben")
    night.ready("dora")
    night.ready("cleo")
    night.wait(10)  # it overflows while it rings at Ben
    night.decline("ben")
    assert night.agent_offered("web:1") == "cleo"


def test_a_call_that_overflows_while_it_rings_is_not_torn_away() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.arrive("web:1")
    night.wait(55)
    night.ready("ben")
    night.ready("dora")
    assert kinds(night.wait(5)) == ["CallWidened"]
    assert night.agent_offered("web:1") == "ben"


def test_who_comes_back_has_overflowed_meanwhile() -> None:
    night = Rehearsal(_centre(step(10, es=1)))
    night.ready("dora")
    night.arrive("web:1")
    night.wait(5)
    night.lose("web:1")
    night.wait(8)
    night.come_back("web:1")
    assert night.agent_offered("web:1") == "dora"


def test_a_caller_cut_off_in_his_talk_overflows_at_once_by_his_old_place() -> None:
    night = Rehearsal(_centre(step(60, es=1)))
    night.talk("ben", "web:1")
    night.wait(50)
    night.lose("desk:ben")
    events = night.wait(15)
    assert [type(one) for one in events[:2]] == [e.CallQueued, e.CallWidened]
    assert only(events, e.CallQueued).widens_at is not None
    night.ready("dora")
    assert night.agent_offered("web:1") == "dora"


def test_several_steps_that_came_while_the_program_slept_are_one() -> None:
    night = Rehearsal(_centre(step(20, crisis=5), step(40, es=1), step(200)))
    night.arrive("web:1")
    began = night.now
    widened = only(night.oversleep(50), e.CallWidened)
    assert (widened.step, widened.next_at) == (2, Instant(began + seconds(200)))


def test_a_changed_configuration_is_reckoned_with_at_once() -> None:
    night = Rehearsal()
    night.ready("dora")
    night.arrive("web:1")
    night.wait(60)
    events = night.publish(_centre(step(30, es=1))).events
    assert only(events, e.CallWidened).reason is Reason.CONFIGURATION_CHANGED
    assert night.agent_offered("web:1") == "dora"


def test_where_the_overflow_is_taken_away_a_call_waits_for_its_own_agents_again() -> None:
    night = Rehearsal(_centre(step(30, es=1)))
    night.arrive("web:1")
    night.wait(30)
    night.publish(another_version(version=3))
    night.ready("dora")
    assert night.agent_offered("web:1") is None
    assert night.call("web:1").step == 0


def test_overflow_survives_a_restart() -> None:
    night = Rehearsal(_centre(step(30, es=1)))
    night.arrive("web:1")
    night.wait(20)
    night.restart("web:1")
    night.ready("dora")
    night.wait(10)
    assert night.agent_offered("web:1") == "dora"


def test_origins_stay_apart_when_a_call_overflows() -> None:
    night = Rehearsal(_centre(step(30, es=1)))
    night.ready("dora")
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.wait(30)
    assert night.agent_offered("lesson:1") is None


def test_who_helps_out_is_no_reason_to_leave_those_at_home_alone() -> None:
    english = msgspec.structs.replace(
        ENGLISH, overflow=(step(600, es=1),), on_call=("ben",), on_call_after=seconds(5)
    )
    night = Rehearsal(another_version(queues=(english, SPANISH, CRISIS)))
    night.ready("dora")
    night.arrive("web:1")
    assert "OnCallRung" in kinds(night.wait(5))


@pytest.mark.parametrize("waited_s", [0, 29, 30, 1_000])
def test_where_no_queue_overflows_nothing_happens(waited_s: float) -> None:
    night = Rehearsal()
    night.ready("dora")
    night.arrive("web:1")
    assert night.wait(waited_s) == []
