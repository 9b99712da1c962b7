"""Whether a promised callback keeps its place, is safe, and ends made or explained."""

import msgspec

from openline.engine import (
    AgentState,
    Announcements,
    CallbackSettings,
    CallOutcome,
    CallState,
    FlowsWhen,
    Outcome,
    ToMessage,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Instant, LegId, Reason, SealedRef
from tests.builders import flows, seconds, step
from tests.engine.builders import CRISIS, DIRECT, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

NUMBER = SealedRef("sealed-number")
PAUSE_S, DIAL_S, KEPT_S = 600, 25, 7_200


def a_centre(**rules: object) -> Rehearsal:
    """Begins a centre whose English queue calls back, and its others do not."""
    usual = CallbackSettings(
        pause=seconds(PAUSE_S), dial_timeout=seconds(DIAL_S), kept=seconds(KEPT_S)
    )
    callback = msgspec.structs.replace(usual, **rules)
    queues = (msgspec.structs.replace(ENGLISH, callback=callback), SPANISH, CRISIS)
    return Rehearsal(another_version(queues=queues))


def ask(
    night: Rehearsal,
    leg: str,
    *,
    number: str = NUMBER,
    after_s: float | None = None,
    until_s: float | None = None,
    may_leave_message: bool = False,
) -> Outcome:
    """Lets the caller ask to be called back, in a time counted from now."""

    def at(offset: float | None) -> Instant | None:
        return None if offset is None else Instant(night.now + seconds(offset))

    return night.see(
        i.CallbackAsked(
            leg=LegId(leg),
            number=SealedRef(number),
            not_before=at(after_s),
            not_after=at(until_s),
            may_leave_message=may_leave_message,
        )
    )


def dialled_leg(night: Rehearsal) -> LegId:
    """Returns the leg of the one number that is being rung."""
    (call,) = [call for call in night.state.calls.values() if call.state is CallState.DIALLING]
    return call.leg


def being_dialled(agent: str = "ben", **rules: object) -> Rehearsal:
    """Brings a centre to where the agent is on the line and the number rings."""
    night = a_centre(**rules)
    night.arrive("sip:1")
    ask(night, "sip:1")
    night.wait(30)
    night.ready(agent)
    night.accept(agent)
    return night


def reached() -> Rehearsal:
    """Brings a centre to where somebody has answered a callback."""
    night = being_dialled()
    night.see(i.DialAnswered(leg=dialled_leg(night)))
    return night


def close(night: Rehearsal, word: i.CallbackWord, agent: str = "ben") -> Outcome:
    return night.see(i.CallbackCloseRequested(agent=AgentKey(agent), word=word))


def how_it_ended(night: Rehearsal) -> Reason:
    return only(night.events, e.CallbackEnded).reason


# --- the promise ---------------------------------------------------------------------------


def test_a_caller_who_is_promised_a_callback_leaves_and_has_not_abandoned() -> None:
    night = a_centre()
    night.arrive("sip:1")
    night.wait(100)
    outcome = ask(night, "sip:1")
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.waited) == (CallOutcome.LEFT_FOR_CALLBACK, seconds(100))
    assert only(outcome.commands, c.HangUpLeg).leg == "sip:1"


def test_a_callback_keeps_the_place_of_its_caller() -> None:
    night = a_centre()
    night.arrive("sip:1")
    night.wait(10)
    night.arrive("sip:2")
    night.wait(10)
    ask(night, "sip:1")
    ring = only(night.ready("ben").commands, c.RingAgent)
    assert ring.callback == only(night.events, e.CallbackPromised).callback


def test_a_callback_that_is_safe_only_later_lets_others_pass_until_then() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", after_s=3_600)
    night.arrive("sip:2")
    night.ready("ben")
    assert night.agent_offered("sip:2") == "ben"
    night.accept("ben")
    night.wait(3_599)
    assert not any(call.callback for call in night.state.calls.values())
    events = night.wait(1)
    assert only(events, e.CallbackQueued).waiting_since == night.steps[1].now


def test_what_could_not_be_kept_in_the_safe_time_is_explained() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", until_s=900)
    events = night.wait(900)
    assert only(events, e.CallEnded).outcome is CallOutcome.CALLBACK_FAILED
    assert only(events, e.CallbackEnded).reason is Reason.SAFE_TIME_PASSED


def test_a_promise_without_a_time_runs_out_in_the_end() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1")
    assert only(night.wait(KEPT_S), e.CallbackEnded).reason is Reason.PROMISE_RAN_OUT


def test_an_offer_of_a_callback_is_taken_back_when_its_time_is_over() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", until_s=60)
    night.wait(50)
    night.ready("ben")
    events = night.wait(10)
    assert "OfferWithdrawn" in kinds(events)
    assert night.agent("ben").state is AgentState.READY


def test_no_callback_is_promised_where_the_queue_makes_none() -> None:
    night = a_centre()
    night.arrive("sip:1", "crisis")
    passed_over = only(ask(night, "sip:1").events, e.InputPassedOver)
    assert passed_over.reason is Reason.NOT_CALLED_BACK_HERE
    assert night.call("sip:1").is_waiting


def test_no_callback_is_promised_for_a_time_that_is_never() -> None:
    night = a_centre()
    night.arrive("sip:1")
    outcome = ask(night, "sip:1", after_s=60, until_s=60)
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NO_SAFE_TIME
    later = ask(night, "sip:1", after_s=KEPT_S)
    assert only(later.events, e.InputPassedOver).reason is Reason.NO_SAFE_TIME


def test_who_is_rung_for_the_caller_is_rung_for_the_callback_instead() -> None:
    night = a_centre()
    night.ready("ben")
    night.arrive("sip:1")
    ring = only(ask(night, "sip:1").commands, c.RingAgent)
    assert (ring.agent, ring.callback) == ("ben", 1)


def test_who_cannot_be_called_is_promised_nothing() -> None:
    night = a_centre()
    night.arrive("web:1")
    passed_over = only(ask(night, "web:1").events, e.InputPassedOver)
    assert passed_over.reason is Reason.NOT_CALLED_BACK_HERE


# --- the offer -----------------------------------------------------------------------------


def test_who_has_waited_long_enough_is_offered_a_callback_once() -> None:
    night = a_centre(offer_after=seconds(240))
    night.arrive("sip:1")
    night.arrive("web:2")
    night.wait(239)
    assert "CallbackOffered" not in kinds(night.events)
    night.wait(1)
    assert only(night.steps[-1].outcome.commands, c.OfferCallback).leg == "sip:1"
    night.wait(3_000)
    assert kinds(night.events).count("CallbackOffered") == 1


def test_who_is_answered_in_time_is_offered_none() -> None:
    night = a_centre(offer_after=seconds(240))
    night.arrive("sip:1")
    night.ready("ben")
    night.accept("ben")
    night.wait(600)
    assert "CallbackOffered" not in kinds(night.events)


def test_who_will_wait_too_long_is_offered_a_callback_before_he_has() -> None:
    night = a_centre(offer_after=seconds(240))
    night.arrive("sip:1")
    night.see(i.WaitEstimated(leg=LegId("sip:1"), wait=seconds(239)))
    assert "CallbackOffered" not in kinds(night.events)
    night.see(i.WaitEstimated(leg=LegId("sip:1"), wait=seconds(240)))
    assert "CallbackOffered" in kinds(night.events)


def test_an_offer_that_is_no_longer_made_is_dropped() -> None:
    night = a_centre(offer_after=seconds(240))
    night.arrive("sip:1")
    night.publish(another_version(version=3))
    night.wait(240)
    assert only(night.events[-1:], e.CallbackOfferPlanned).offer_at is None


# --- one number, one callback --------------------------------------------------------------


def test_who_asks_twice_from_one_number_is_called_once() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1")
    night.arrive("sip:2")
    second = ask(night, "sip:2")
    assert "CallbackJoined" in kinds(second.events)
    assert len(night.state.callbacks) == 1
    assert only(second.events, e.CallEnded).outcome is CallOutcome.LEFT_FOR_CALLBACK


def test_of_two_answers_to_what_is_safe_the_narrower_time_holds() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", after_s=600, until_s=3_000, may_leave_message=True)
    night.arrive("sip:2")
    ask(night, "sip:2", until_s=1_800)
    (callback,) = night.state.callbacks.values()
    assert callback.not_before == night.now + seconds(600)
    assert callback.not_after == night.now + seconds(1_800)
    assert not callback.may_leave_message


def test_of_two_times_that_exclude_each_other_the_later_answer_holds() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", until_s=600)
    night.arrive("sip:2")
    events = ask(night, "sip:2", after_s=1_200, until_s=1_800).events
    (callback,) = night.state.callbacks.values()
    assert (callback.call, callback.due_at) == (None, night.now + seconds(1_200))
    assert only(events, e.CallbackDeferred).reason is Reason.NOT_SAFE_YET


def test_who_asks_again_while_his_number_rings_is_owed_another_attempt() -> None:
    night = being_dialled()
    night.arrive("sip:2")
    ask(night, "sip:2")
    night.see(i.DialFailed(leg=dialled_leg(night), why=i.DialFailure.BUSY))
    assert only(night.events, e.CallbackDeferred).again_at == night.now + seconds(PAUSE_S)


# --- the attempt ---------------------------------------------------------------------------


def test_the_agent_is_on_the_line_before_the_number_rings() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1")
    rung = night.ready("ben")
    assert not [order for order in rung.commands if isinstance(order, c.Dial)]
    dial = only(night.accept("ben").commands, c.Dial)
    assert night.agent("ben").state is AgentState.TALKING
    assert (dial.number, dial.is_anonymous) == (NUMBER, True)
    assert dial.leg.startswith("sip:")


def test_who_is_reached_is_connected_and_the_promise_is_kept() -> None:
    night = reached()
    assert only(night.steps[-1].outcome.commands, c.ConnectLegs).agent_leg == "desk:ben"
    night.wait(120)
    ended = only(night.hang_up("ben").events, e.CallEnded)
    assert (ended.outcome, ended.talked) == (CallOutcome.CALLBACK_MADE, seconds(120))
    assert how_it_ended(night) is Reason.CALLBACK_MADE


def test_a_number_at_which_nobody_answers_is_given_up() -> None:
    night = being_dialled()
    events = night.wait(DIAL_S)
    assert only(events, e.CallbackEnded).reason is Reason.NO_ANSWER
    assert night.agent("ben").state is AgentState.WRAP_UP


def test_by_default_there_is_one_attempt() -> None:
    night = being_dialled()
    night.see(i.DialFailed(leg=dialled_leg(night), why=i.DialFailure.BUSY))
    assert how_it_ended(night) is Reason.BUSY


def test_more_attempts_come_after_a_pause_at_the_same_place() -> None:
    night = being_dialled(attempts=2)
    night.see(i.DialFailed(leg=dialled_leg(night), why=i.DialFailure.BUSY))
    night.finish("ben")
    assert not night.state.calls
    events = night.wait(PAUSE_S)
    assert only(events, e.CallbackQueued).waiting_since == night.steps[1].now
    night.accept("ben")
    night.wait(DIAL_S)
    assert how_it_ended(night) is Reason.NO_ANSWER


def test_our_ceiling_of_calls_out_is_not_held_against_the_caller() -> None:
    night = being_dialled()
    night.see(i.DialFailed(leg=dialled_leg(night), why=i.DialFailure.HELD_BACK))
    deferred = only(night.events, e.CallbackDeferred)
    assert (deferred.reason, deferred.attempts) == (Reason.CALLS_OUT_SPENT, 0)
    assert deferred.again_at == night.now + seconds(PAUSE_S)


def test_no_attempt_follows_that_would_not_be_safe() -> None:
    night = a_centre(attempts=3)
    night.arrive("sip:1")
    ask(night, "sip:1", until_s=300)
    night.ready("ben")
    night.accept("ben")
    night.see(i.DialFailed(leg=dialled_leg(night), why=i.DialFailure.NO_ANSWER))
    assert how_it_ended(night) is Reason.SAFE_TIME_PASSED


def test_an_order_to_dial_that_failed_ends_the_attempt() -> None:
    night = being_dialled()
    call = night.call(dialled_leg(night))
    assert call.dial is not None
    night.see(i.CommandFailed(command=call.dial, leg=call.leg, why="unreachable"))
    assert how_it_ended(night) is Reason.DIAL_FAILED


def test_while_it_rings_the_agent_can_hang_up_and_nothing_else() -> None:
    night = being_dialled()
    held = only(night.hold("ben").events, e.RequestRefused)
    closed = only(close(night, i.CallbackWord.WRONG_PERSON).events, e.RequestRefused)
    assert held.reason is closed.reason is Reason.STILL_DIALLING
    outcome = night.hang_up("ben")
    assert only(outcome.events, e.CallbackEnded).reason is Reason.AGENT_HUNG_UP
    assert only(outcome.commands, c.HangUpLeg).leg.startswith("sip:callback-")


# --- who answered --------------------------------------------------------------------------


def test_the_wrong_person_hears_neutral_words_and_nothing_more() -> None:
    night = being_dialled(goodbye="wrong-number")
    night.see(i.DialAnswered(leg=dialled_leg(night)))
    outcome = close(night, i.CallbackWord.WRONG_PERSON)
    assert only(outcome.commands, c.EndWithWords).sound == "wrong-number"
    assert "HangUpLeg" not in kinds(outcome.commands)
    assert only(outcome.events, e.CallEnded).outcome is CallOutcome.CALLBACK_FAILED
    assert how_it_ended(night) is Reason.WRONG_PERSON


def test_the_wrong_person_ends_the_promise_though_attempts_are_left() -> None:
    night = being_dialled(attempts=3)
    night.see(i.DialAnswered(leg=dialled_leg(night)))
    close(night, i.CallbackWord.WRONG_PERSON)
    assert how_it_ended(night) is Reason.WRONG_PERSON


def test_a_machine_to_which_nothing_was_said_leaves_another_attempt() -> None:
    night = being_dialled(attempts=2)
    night.see(i.DialAnswered(leg=dialled_leg(night)))
    close(night, i.CallbackWord.ANSWERING_MACHINE)
    assert only(night.events, e.CallbackDeferred).reason is Reason.ANSWERING_MACHINE


def test_a_message_is_left_only_where_the_caller_allowed_it() -> None:
    night = reached()
    refused = only(close(night, i.CallbackWord.MESSAGE_LEFT).events, e.RequestRefused)
    assert refused.reason is Reason.NO_MESSAGE_ALLOWED
    allowed = a_centre()
    allowed.arrive("sip:1")
    ask(allowed, "sip:1", may_leave_message=True)
    allowed.ready("ben")
    allowed.accept("ben")
    allowed.see(i.DialAnswered(leg=dialled_leg(allowed)))
    close(allowed, i.CallbackWord.MESSAGE_LEFT)
    assert how_it_ended(allowed) is Reason.MESSAGE_LEFT


# --- faults --------------------------------------------------------------------------------


def test_nobody_answers_to_silence_when_the_agent_is_lost() -> None:
    night = being_dialled()
    leg = dialled_leg(night)
    outcome = night.lose("desk:ben")
    assert only(outcome.commands, c.HangUpLeg).leg == leg
    deferred = only(outcome.events, e.CallbackDeferred)
    assert (deferred.attempts, deferred.reason) == (0, Reason.AGENT_LOST)


def test_an_agent_whose_page_is_not_back_cannot_accept_a_callback() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1")
    night.ready("ben")
    night.restart()
    refused = only(night.accept("ben").events, e.RequestRefused)
    assert refused.reason is Reason.CONNECTION_LOST


def test_after_a_restart_nothing_is_dialled_again_blindly() -> None:
    night = being_dialled()
    outcome = night.restart("desk:ben")
    assert "Dial" not in kinds(outcome.commands)
    deferred = only(outcome.events, e.CallbackDeferred)
    assert (deferred.attempts, deferred.reason) == (0, Reason.RESTARTED)
    night.wait(PAUSE_S)
    night.finish("ben")
    assert only(night.accept("ben").events, e.CallbackDialled).attempt == 1


def test_a_restart_without_the_agent_of_a_callback_said_twice_changes_nothing() -> None:
    night = being_dialled()
    night.restart(dialled_leg(night))
    night.say_again()


def test_after_a_restart_a_number_that_rings_on_is_left_ringing() -> None:
    night = being_dialled()
    leg = dialled_leg(night)
    outcome = night.restart("desk:ben", leg)
    assert not outcome.commands
    night.see(i.DialAnswered(leg=leg))
    assert night.call(leg).state is CallState.TALKING


def test_who_was_reached_and_lost_his_agent_waits_at_his_place_and_is_not_rung_again() -> None:
    night = reached()
    leg = LegId("sip:callback-2")
    night.lose("desk:ben")
    night.wait(15)
    assert night.call(leg).waiting_since == night.steps[1].now
    night.ready("ana")
    assert "ConnectLegs" in kinds(night.accept("ana").commands)
    night.hang_up("ana")
    assert how_it_ended(night) is Reason.CALLBACK_MADE


def test_a_queue_with_an_open_promise_cannot_be_taken_away() -> None:
    night = a_centre()
    night.arrive("sip:1")
    ask(night, "sip:1", after_s=60)
    without = another_version(version=3, queues=(SPANISH, CRISIS), lines=())
    passed_over = only(night.publish(without).events, e.InputPassedOver)
    assert passed_over.reason is Reason.CONFIGURATION_IN_USE


# --- beside what else a queue does ---------------------------------------------------------


def beside(**parts: object) -> Rehearsal:
    """Begins a centre whose English queue calls back and does something else besides."""
    english = msgspec.structs.replace(ENGLISH, callback=CallbackSettings(), **parts)
    return Rehearsal(another_version(queues=(english, SPANISH, CRISIS)))


def test_a_callback_overflows_by_all_that_its_caller_has_waited() -> None:
    night = beside(overflow=(step(60, es=1), step(120, crisis=1)))
    night.arrive("sip:1")
    night.wait(60)
    widened = [told for told in ask(night, "sip:1").events if isinstance(told, e.CallWidened)]
    assert [told.step for told in widened] == [1]
    assert only(night.ready("dora").commands, c.RingAgent).callback is not None


def test_a_callback_is_never_sent_out_of_its_queue() -> None:
    night = beside(
        interflow=(
            flows(FlowsWhen.WAITED, ToMessage(sound="sorry"), 60),
            flows(FlowsWhen.LONG_WAIT, ToMessage(sound="sorry"), 60),
        )
    )
    night.arrive("sip:1")
    ask(night, "sip:1")
    assert "CallSent" not in kinds(night.wait(600))
    assert only(night.ready("ben").commands, c.RingAgent).callback is not None


def test_a_callback_has_a_place_in_line_and_nobody_is_told_of_it() -> None:
    night = beside(announcements=Announcements(place=True, wait=False, every=seconds(30)))
    night.arrive("sip:1")
    night.wait(10)
    assert "AnnounceWait" not in kinds(ask(night, "sip:1").commands)
    assert only(night.arrive("sip:2").commands, c.AnnounceWait).place == 2


def test_a_caller_who_is_sent_elsewhere_is_not_offered_a_callback_there() -> None:
    night = beside(interflow=(flows(FlowsWhen.WAITED, ToMessage(sound="sorry"), 60),))
    night.publish(
        another_version(
            version=3,
            queues=(
                msgspec.structs.replace(
                    night.state.queues[ENGLISH.key],
                    callback=CallbackSettings(offer_after=seconds(90)),
                ),
                SPANISH,
                CRISIS,
            ),
        )
    )
    night.arrive("sip:1")
    assert "CallSent" in kinds(night.wait(60))
    assert "CallbackOffered" not in kinds(night.wait(60))


def test_while_it_rings_the_call_cannot_be_handed_on() -> None:
    night = being_dialled()
    refused = only(night.transfer("ben", queue="spanish").events, e.RequestRefused)
    assert refused.reason is Reason.STILL_DIALLING


def test_who_was_reached_can_be_handed_on_and_the_promise_is_kept() -> None:
    night = reached()
    night.transfer("ben", queue="spanish")
    night.ready("dora")
    night.accept("dora")
    night.hang_up("dora")
    assert how_it_ended(night) is Reason.CALLBACK_MADE


def test_a_callback_waits_in_the_language_of_its_caller() -> None:
    spoken = msgspec.structs.replace(DIRECT, language="es")
    english = msgspec.structs.replace(ENGLISH, callback=CallbackSettings())
    night = Rehearsal(another_version(lines=(spoken,), queues=(english, SPANISH, CRISIS)))
    night.arrive("sip:1")
    assert only(ask(night, "sip:1").events, e.CallbackQueued).language == "es"
