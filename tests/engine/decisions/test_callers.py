import pytest

from openline.engine import CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, CommandId, LegId, Origin, Reason, SealedRef
from tests.engine.builders import BEGIN, GREETING_LIMIT_S
from tests.engine.rehearsal import Rehearsal, kinds, only


def test_a_caller_hears_the_greeting_first() -> None:
    night = Rehearsal()
    outcome = night.arrive("web:1", line="public")
    assert kinds(outcome.events) == ["CallArrived", "GreetingStarted"]
    play = only(outcome.commands, c.PlayGreeting)
    assert (play.leg, play.sound, play.id) == ("web:1", "welcome-en", night.call("web:1").playback)
    assert only(outcome.events, e.GreetingStarted).due_at == BEGIN + GREETING_LIMIT_S * SECOND


def test_a_caller_who_heard_the_greeting_waits_with_music() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.wait(7)
    outcome = night.hear_greeting("web:1")
    queued = only(outcome.events, e.CallQueued)
    assert (queued.reason, queued.entry, queued.waiting_since) == (
        Reason.GREETING_HEARD,
        1,
        night.now,
    )
    assert only(outcome.commands, c.PlayMusic).leg == "web:1"


def test_without_a_greeting_a_caller_waits_at_once() -> None:
    outcome = Rehearsal().arrive("web:1")
    assert kinds(outcome.events) == ["CallArrived", "CallQueued"]
    assert only(outcome.events, e.CallQueued).reason is Reason.NO_GREETING


def test_the_arrival_keeps_where_the_call_comes_from_and_who_was_sealed() -> None:
    night = Rehearsal()
    outcome = night.see(
        i.LegArrived(
            leg=LegId("sim:1"),
            line=night.state.settings.lines[0].key,
            origin=Origin.SIMULATED,
            caller=SealedRef("sealed-1"),
        )
    )
    arrived = only(outcome.events, e.CallArrived)
    assert (arrived.origin, arrived.caller) == (Origin.SIMULATED, "sealed-1")


def test_a_call_to_a_line_that_does_not_exist_is_hung_up() -> None:
    night = Rehearsal()
    outcome = night.arrive("web:1", line="nowhere")
    assert outcome.events == (e.InputPassedOver(input="LegArrived", reason=Reason.UNKNOWN_LINE),)
    assert only(outcome.commands, c.HangUpLeg).reason is Reason.UNKNOWN_LINE
    assert not night.state.calls


def test_a_leg_that_arrives_twice_is_one_call() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    outcome = night.arrive("web:1", line="public")
    assert outcome.events == (
        e.InputPassedOver(input="LegArrived", reason=Reason.LEG_KNOWN_ALREADY),
    )
    assert len(night.state.calls) == 1


def test_an_agents_leg_cannot_call() -> None:
    night = Rehearsal()
    night.sign_in("ben")
    outcome = night.arrive("desk:ben")
    assert only(outcome.events, e.InputPassedOver).reason is Reason.LEG_KNOWN_ALREADY
    assert not night.state.calls


def test_the_end_of_another_playback_is_passed_over() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    outcome = night.see(i.PlaybackFinished(leg=LegId("web:1"), playback=CommandId(1)))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE
    assert night.call("web:1").state is CallState.GREETING


def test_a_greeting_that_ends_twice_queues_the_caller_once() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.hear_greeting("web:1")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE
    assert night.call("web:1").entry == 1


def test_a_caller_who_hangs_up_during_the_greeting_was_never_offered() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.wait(4)
    ended = only(night.leave("web:1").events, e.CallEnded)
    assert ended.outcome is CallOutcome.LEFT_BEFORE_QUEUE
    assert (ended.queue, ended.waited, ended.talked) == (None, 0, 0)


def test_a_caller_who_hangs_up_while_waiting_abandons() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.wait(42)
    outcome = night.leave("web:1")
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.waited) == (CallOutcome.ABANDONED, 42 * SECOND)
    assert not outcome.commands, "a leg that hung up is not hung up again"


def test_a_caller_who_hangs_up_while_being_offered_takes_the_offer_with_him() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    outcome = night.leave("web:1")
    assert kinds(outcome.events) == ["OfferWithdrawn", "CallEnded"]
    assert only(outcome.events, e.OfferWithdrawn).reason is Reason.CALLER_LEFT
    assert only(outcome.commands, c.StopRinging).agent == "ben"
    assert night.agent("ben").is_idle


def test_an_agent_whose_caller_hung_up_is_offered_the_next_at_once() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.arrive("web:2")
    night.ready("ben")
    outcome = night.leave("web:1")
    assert kinds(outcome.events) == ["OfferWithdrawn", "CallEnded", "CallOffered"]
    assert night.agent_offered("web:2") == "ben"


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (i.HangUp.WHILE_AWAY, Reason.LEFT_WHILE_AWAY),
        (i.HangUp.TELEPHONY_LOST, Reason.TELEPHONY_LOST),
    ],
)
def test_a_leg_that_is_gone_otherwise_is_noted_so_and_not_hung_up_again(
    why: i.HangUp, reason: Reason
) -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.see(i.LegHungUp(leg=LegId("web:1"), why=why))
    assert only(outcome.events, e.CallEnded).reason is reason
    assert only(outcome.events, e.WrapUpStarted).reason is reason
    assert kinds(outcome.commands) == ["ReleaseAgent"]


def test_a_caller_who_hangs_up_in_a_talk_leaves_the_agent_her_wrap_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.wait(200)
    outcome = night.leave("web:1")
    assert kinds(outcome.events) == ["CallEnded", "WrapUpStarted"]
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.reason, ended.agent, ended.talked) == (
        CallOutcome.ANSWERED,
        Reason.CALLER_HUNG_UP,
        "ben",
        200 * SECOND,
    )
    assert only(outcome.commands, c.ReleaseAgent).leg == "desk:ben"


def test_an_agents_leg_cannot_hang_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    assert only(night.leave("desk:ben").events, e.InputPassedOver).reason is Reason.UNKNOWN_LEG
    assert night.call("web:1").agent == "ben"
