import pytest

from openline.engine import AgentState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Reason
from tests.engine.builders import another_version
from tests.engine.rehearsal import Rehearsal, kinds, only


def _refused(outcome_events: tuple[e.AnyEvent, ...]) -> e.RequestRefused:
    return only(outcome_events, e.RequestRefused)


def test_a_supervisor_pauses_an_agent_who_sees_who_and_why() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.force("ben", AgentState.PAUSED, "training")
    ben = night.agent("ben")
    assert (ben.state, ben.reason, ben.by) == (AgentState.PAUSED, Reason.FORCED, "sue")
    assert ben.pause_reason == "training"


def test_a_forced_pause_during_a_talk_cuts_nothing_and_holds_after_the_wrap_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.force("ben", AgentState.PAUSED, "lunch")
    assert kinds(outcome.events) == ["StateForceNoted"]
    assert not outcome.commands
    night.hang_up("ben")
    assert night.agent("ben").state is AgentState.WRAP_UP
    night.finish("ben", ready=True)
    ben = night.agent("ben")
    assert (ben.state, ben.reason, ben.by) == (AgentState.PAUSED, Reason.FORCED, "sue")
    assert ben.forced_to is None


def test_who_was_signed_out_by_a_supervisor_in_a_talk_goes_after_the_wrap_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.force("ben", AgentState.SIGNED_OUT)
    night.hang_up("ben")
    signed_out = only(night.finish("ben").events, e.AgentSignedOut)
    assert (signed_out.reason, signed_out.by) == (Reason.FORCED, "sue")


def test_the_last_word_of_the_supervisors_holds() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.force("ben", AgentState.SIGNED_OUT)
    night.force("ben", AgentState.READY)
    night.hang_up("ben")
    night.finish("ben", ready=False)
    assert night.agent("ben").state is AgentState.READY


def test_who_left_her_wrap_up_open_can_be_signed_out_at_once() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.force("ben", AgentState.SIGNED_OUT)
    night.hang_up("ben")
    night.force("ben", AgentState.SIGNED_OUT)
    assert night.agent("ben").state is AgentState.SIGNED_OUT


def test_nobody_who_types_is_made_ready() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    night.force("ben", AgentState.READY)
    assert night.agent("ben").state is AgentState.WRAP_UP
    night.wait(3_600)
    assert night.agent("ben").state is AgentState.WRAP_UP
    night.finish("ben", ready=False)
    assert night.agent("ben").state is AgentState.READY


def test_an_offer_goes_back_to_its_place_before_the_agent_is_paused() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.ready("ana")
    outcome = night.force("ben", AgentState.PAUSED)
    assert only(outcome.commands, c.StopRinging).agent == "ben"
    assert night.agent_offered("web:1") == "ana"


def test_an_agent_who_is_made_ready_gets_the_call_that_waits() -> None:
    night = Rehearsal()
    night.sign_in("ben")
    night.arrive("web:1")
    night.force("ben", AgentState.READY)
    assert night.agent_offered("web:1") == "ben"


def test_she_may_be_ready_again_by_her_own_word() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.force("ben", AgentState.PAUSED)
    night.ready("ben")
    assert (night.agent("ben").state, night.agent("ben").by) == (AgentState.READY, None)


def test_nobody_can_be_signed_in_from_outside() -> None:
    night = Rehearsal()
    refused = _refused(night.force("ben", AgentState.READY).events)
    assert (refused.agent, refused.reason) == ("sue", Reason.NOT_SIGNED_IN)


@pytest.mark.parametrize("to", [AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP])
def test_a_state_that_only_a_call_brings_cannot_be_forced(to: AgentState) -> None:
    night = Rehearsal()
    night.ready("ben")
    assert _refused(night.force("ben", to).events).reason is Reason.NOT_IN_THIS_STATE


def test_an_unknown_agent_or_pause_reason_is_refused_to_the_supervisor() -> None:
    night = Rehearsal()
    night.ready("ben")
    assert _refused(night.force("zoe", AgentState.PAUSED).events).reason is Reason.UNKNOWN_AGENT
    refused = _refused(night.force("ben", AgentState.PAUSED, "holiday").events)
    assert refused.reason is Reason.UNKNOWN_PAUSE_REASON


@pytest.mark.parametrize("to", [AgentState.READY, AgentState.PAUSED])
def test_a_recovery_break_is_cut_by_nobody(to: AgentState) -> None:
    night = Rehearsal(another_version(recovery_s=300))
    night.talk("ben", "web:1")
    night.hang_up("ben")
    night.finish("ben", recovery=True)
    assert _refused(night.force("ben", to).events).reason is Reason.IN_RECOVERY
    night.force("ben", AgentState.SIGNED_OUT)
    assert night.agent("ben").state is AgentState.SIGNED_OUT


def test_said_twice_it_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.force("ben", AgentState.PAUSED, "lunch")
    assert only(night.say_again().events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
    night.hang_up("ben")
    night.finish("ben")
    night.force("ben", AgentState.PAUSED, "lunch")
    assert only(night.say_again().events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_what_was_noted_is_gone_with_an_agent_who_was_lost_in_the_talk() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.force("ben", AgentState.READY)
    night.lose("desk:ben")
    night.wait(20)
    assert night.agent("ben").reason is Reason.CONNECTION_LOST
    night.see(i.ReadyRequested(agent=AgentKey("ben")))
    assert night.agent("ben").forced_to is None
