"""How a call ends, from whatever state, with all that follows for everybody in it."""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions.acts import offer_to, sound_for, talk_so_far, withdraw, wrap_up
from openline.engine.decisions.parties import dismiss, send_on
from openline.engine.decisions.promises import outcome_of, rules_of, settle
from openline.engine.state import Agent, Call, CallState
from openline.model import Duration, Instant, Reason

# Every call comes past these; a member of an enum is slow to look up on its class.
_QUEUED = CallState.QUEUED
_ANSWERED, _ABANDONED = e.CallOutcome.ANSWERED, e.CallOutcome.ABANDONED
_OUTSIDE, _FORWARDED = CallState.OUTSIDE, CallState.FORWARDED
_CALLBACK_ASKED = Reason.CALLBACK_ASKED
_ANNOUNCED = (CallState.MESSAGE, CallState.VOICEMAIL)
_CLOSED = (Reason.LINE_CLOSED, Reason.CLOSED_BY_SUPERVISOR)
_LEG_IS_GONE = (
    Reason.CALLER_HUNG_UP,
    Reason.LEFT_WHILE_AWAY,
    Reason.TELEPHONY_LOST,
    Reason.BUSY,
)


def end_call(d: Decision, call: Call, reason: Reason) -> None:
    """Ends the call from whatever state, with all that follows for the agent."""
    agent: Agent | None = None
    if call.offer is not None:
        _, agent = withdraw(d, d.state.offers[call.offer], Reason.CALLER_LEFT)
    freed = dismiss(d, call, Reason.CALLER_LEFT) if call.parties else ()
    talked, held = talk_so_far(call, d.now)
    if call.callback is not None or reason is _CALLBACK_ASKED:
        outcome, waited = _outcome_of_callback(call, reason, d.now)
    elif call.answered_at is not None:
        outcome, waited = _ANSWERED, call.waited
    elif call.state is _QUEUED or (call.state is _FORWARDED and call.reached_at is None):
        # Who gave up while it rang for him outside gave up waiting.
        assert call.queued_at is not None, f"call {call.id} is queued since never"
        outcome, waited = _ABANDONED, Duration(d.now - call.queued_at)
    else:
        outcome, waited = _outcome_unqueued(call), call.waited
    d.record(
        e.CallEnded(
            call=call.id,
            leg=call.leg,
            line=call.line,
            origin=call.origin,
            outcome=outcome,
            reason=reason,
            queue=call.queue,
            agent=call.agent,
            waited=waited,
            talked=talked,
            held=held,
            topic=call.topic,
            language=call.language,
        )
    )
    if call.callback is not None:
        _end_leg_of_callback(d, call, reason)
        settle(d, call, reason)
    elif reason not in _LEG_IS_GONE:
        d.order(c.HangUpLeg(id=d.command_id(), leg=call.leg, reason=reason))
    if call.agent is not None:
        wrap_up(d, call, d.state.agents[call.agent], reason)
    elif agent is not None:
        offer_to(d, agent)
    if freed:
        send_on(d, freed)


def _outcome_unqueued(call: Call) -> e.CallOutcome:
    """Returns how a call ends that neither talks nor waits for anybody."""
    if call.state is _OUTSIDE:
        return _ANSWERED
    if call.state is _FORWARDED:
        return e.CallOutcome.ANSWERED_OUTSIDE
    if call.has_left_voicemail:
        return e.CallOutcome.VOICEMAIL_LEFT
    if call.state is CallState.MENU:
        return e.CallOutcome.LEFT_IN_MENU
    if call.state not in _ANNOUNCED:
        return e.CallOutcome.LEFT_BEFORE_QUEUE
    closed = call.sent_because in _CLOSED
    return e.CallOutcome.HEARD_CLOSED if closed else e.CallOutcome.HEARD_MESSAGE


def _outcome_of_callback(
    call: Call, reason: Reason, now: Instant
) -> tuple[e.CallOutcome, Duration]:
    """Returns how a call ends that leaves for a callback or is one, and its wait in the queue."""
    assert call.queued_at is not None, f"call {call.id} is queued since never"
    waited = call.waited if call.agent is not None else Duration(now - call.queued_at)
    if call.callback is None:
        return e.CallOutcome.LEFT_FOR_CALLBACK, waited
    return outcome_of(call, reason), waited


def _end_leg_of_callback(d: Decision, call: Call, reason: Reason) -> None:
    """Ends what was dialled, if it still rings or speaks; to the wrong person, with few words."""
    if not call.has_leg or reason in _LEG_IS_GONE:
        return
    assert call.callback is not None, f"call {call.id} is no callback"
    words = rules_of(d, d.state.callbacks[call.callback]).goodbye
    if reason is Reason.WRONG_PERSON and words is not None:
        d.order(
            c.EndWithWords(
                id=d.command_id(),
                leg=call.leg,
                call=call.id,
                sound=sound_for(d, call, words),
                reason=reason,
            )
        )
    else:
        d.order(c.HangUpLeg(id=d.command_id(), leg=call.leg, reason=reason))
