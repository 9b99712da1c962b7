import pytest

from openline.engine import AgentState, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.invariants import written
from openline.model import SECOND, Reason
from tests.engine.builders import ABSENT_S, GREETING_LIMIT_S, HEAL_S, RING_S, WRAP_UP_LIMIT_S
from tests.engine.rehearsal import Rehearsal, kinds, only


def test_a_missed_offer_gives_the_caller_his_own_place_back_and_pauses_the_agent() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    since = night.now
    night.wait(5)
    night.arrive("web:2")
    night.ready("ben")
    missed = night.wait(RING_S)
    assert kinds(missed) == ["OfferMissed"]
    assert night.call("web:1").waiting_since == since
    assert night.agent("ben").state is AgentState.PAUSED
    assert night.agent("ben").reason is Reason.OFFER_MISSED
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_a_missed_call_goes_to_the_next_idle_agent_at_once() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    assert kinds(night.wait(RING_S)) == ["OfferMissed", "CallOffered"]
    assert night.agent_offered("web:1") == "ben"


def test_an_offer_rings_to_the_last_instant_and_no_longer() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    assert not night.wait(RING_S - 0.000_001)
    assert kinds(night.wait(0.000_001)) == ["OfferMissed"]
    stop = only(night.steps[-1].outcome.commands, c.StopRinging)
    assert stop.reason is Reason.MISSED


def test_a_greeting_whose_end_is_never_reported_counts_as_heard() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    queued = only(night.wait(GREETING_LIMIT_S), e.CallQueued)
    assert queued.reason is Reason.GREETING_OVERDUE
    assert night.call("web:1").state is CallState.QUEUED


def test_a_caller_who_does_not_come_back_is_gone_after_fifteen_seconds() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.wait(10)
    night.lose("web:1")
    assert not night.wait(HEAL_S - 1)
    ended = only(night.wait(1), e.CallEnded)
    assert (ended.outcome, ended.reason, ended.waited) == (
        CallOutcome.ABANDONED,
        Reason.CALLER_LOST,
        25 * SECOND,
    )


def test_a_caller_lost_in_a_talk_leaves_the_agent_her_wrap_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("web:1")
    assert kinds(night.wait(HEAL_S)) == ["CallEnded", "WrapUpStarted"]
    assert night.agent("ben").state is AgentState.WRAP_UP


@pytest.mark.parametrize("is_held", [False, True])
def test_an_agent_gone_in_a_talk_gives_the_caller_his_first_place(is_held: bool) -> None:
    night = Rehearsal()
    night.arrive("web:1")
    first = night.now
    night.wait(30)
    night.arrive("web:2")
    night.ready("ben")
    night.accept("ben")
    if is_held:
        night.hold("ben")
    night.wait(100)
    night.lose("desk:ben")
    events = night.wait(HEAL_S)
    assert kinds(events) == ["CallQueued", "AgentPaused", "AgentLost"]
    queued = only(events, e.CallQueued)
    assert (queued.entry, queued.waiting_since, queued.reason) == (2, first, Reason.AGENT_LOST)
    assert night.agent("ben").reason is Reason.CONNECTION_LOST
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_an_idle_agent_who_is_gone_is_paused_and_later_signed_out() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.lose("desk:ben")
    assert kinds(night.wait(HEAL_S)) == ["AgentPaused", "AgentLost"]
    assert not night.wait(ABSENT_S - 1)
    signed_out = only(night.wait(1), e.AgentSignedOut)
    assert signed_out.reason is Reason.ABSENT


@pytest.mark.parametrize("at_ease", ["paused", "wrap_up"])
def test_an_agent_on_whom_nobody_depends_has_ten_minutes_to_come_back(at_ease: str) -> None:
    night = Rehearsal()
    if at_ease == "paused":
        night.sign_in("ben")
    else:
        night.talk("ben", "web:1")
        night.hang_up("ben")
    night.lose("desk:ben")
    night.wait(ABSENT_S - 1)
    assert night.agent("ben").state.value == at_ease
    night.wait(1)
    assert night.agent("ben").state is AgentState.SIGNED_OUT


def test_an_agent_lost_in_a_call_that_then_ended_keeps_her_wrap_up_for_ten_minutes() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("desk:ben")
    night.wait(5)
    night.leave("web:1")
    night.wait(ABSENT_S - 1)
    assert night.agent("ben").state is AgentState.WRAP_UP
    night.wait(1)
    assert night.agent("ben").state is AgentState.SIGNED_OUT


def test_the_wrap_up_limit_warns_once_and_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    before = night.agent("ben").since
    night.wait(WRAP_UP_LIMIT_S - 1)
    assert kinds(night.wait(1)) == ["WrapUpLimitReached"]
    assert not night.steps[-1].outcome.commands
    assert (night.agent("ben").state, night.agent("ben").since) == (AgentState.WRAP_UP, before)
    assert not night.wait(3_600)


def test_a_wrap_up_that_is_done_in_time_is_not_warned_of() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    night.finish("ben")
    state = written(night.state)
    assert not night.wait(WRAP_UP_LIMIT_S)
    assert written(night.state) == state
