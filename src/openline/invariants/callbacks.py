"""Could this have happened to a callback (I18)?

Each promise is made or explained, never is one number dialled twice at once, never outside the time
that the caller named, and never with nobody on the line.
"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState, CallbackSettings, CallOutcome, CallState
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldCall, ToldCallback
from openline.model import CallbackId, CallId, Reason

_OURS = (Reason.AGENT_LOST, Reason.RESTARTED, Reason.CALLS_OUT_SPENT)
_KEPT = (Reason.CALLBACK_MADE, Reason.MESSAGE_LEFT)
_NOT_HIM = (Reason.WRONG_PERSON, Reason.ANSWERING_MACHINE)
_EXPLAINED = (
    *_OURS,
    *_NOT_HIM,
    Reason.BUSY,
    Reason.NO_ANSWER,
    Reason.DIAL_FAILED,
    Reason.CALLER_HUNG_UP,
    Reason.LEFT_WHILE_AWAY,
    Reason.TELEPHONY_LOST,
    Reason.AGENT_HUNG_UP,
    Reason.SAFE_TIME_PASSED,
    Reason.PROMISE_RAN_OUT,
)


def after_a_step(told: Told) -> None:
    """Holds what must be true of promises between two inputs."""
    for leaving in told.leaving:
        expect(False, "I1", f"call {leaving} was promised a callback and waits on")
    for callback in told.callbacks.values():
        what = f"nobody said what becomes of callback {callback.id}"
        expect(callback.last is None, "I18", what)
        is_pending = (callback.call is None) != (callback.due_at is None)
        expect(is_pending, "I18", f"callback {callback.id} was forgotten")
        call = None if callback.call is None else told.calls[callback.call]
        if call is not None and call.stage is CallState.DIALLING:
            is_there = call.agent is not None and not told.agents[call.agent].is_lost
            expect(is_there, "I18", f"callback {callback.id} rings and nobody is on the line")


def outcome_of(told: Told, call: ToldCall, event: e.CallEnded) -> CallOutcome | None:
    """Returns how a call must end that callbacks have to do with, or None for any other."""
    if told.leaving.pop(call.id, None) is not None:
        return CallOutcome.LEFT_FOR_CALLBACK
    if call.callback is None:
        return None
    callback = told.callbacks[call.callback]
    expect(callback.call == call.id, "I18", f"callback {callback.id} had two calls")
    callback.call, callback.last = None, call
    if not call.is_reached or event.reason in _NOT_HIM:
        return CallOutcome.CALLBACK_FAILED
    is_outside = call.stage is CallState.OUTSIDE
    is_left = call.answered_at is None and not is_outside
    return CallOutcome.ABANDONED if is_left else CallOutcome.CALLBACK_MADE


def _offer_planned(told: Told, event: e.CallbackOfferPlanned) -> None:
    call = told.calls[event.call]
    is_possible = call.can_be_called_back and not call.is_callback_offered
    expect(is_possible, "I18", f"call {call.id} cannot be called back, or was told so before")
    call.callback_offer_at = event.offer_at


def _offered(told: Told, event: e.CallbackOffered) -> None:
    call = told.calls[event.call]
    waits = call.stage in (CallState.QUEUED, CallState.OFFERED)
    is_possible = call.can_be_called_back and not call.is_callback_offered and waits
    expect(is_possible, "I18", f"call {call.id} was offered a callback that cannot be made")
    call.is_callback_offered, call.callback_offer_at = True, None


def _leaves(told: Told, call: CallId, callback: CallbackId) -> ToldCall:
    caller = told.calls[call]
    waits = caller.stage in (CallState.QUEUED, CallState.OFFERED) and caller.can_be_called_back
    expect(waits and caller.callback is None, "I18", f"call {call} waits for no callback")
    told.leaving[call] = callback
    return caller


def _promised(told: Told, event: e.CallbackPromised) -> None:
    caller = _leaves(told, event.call, event.callback)
    number = event.callback
    expect(number > told.last_callback, "I18", f"callback number {number} was drawn twice")
    is_only = all(other.number != event.number for other in told.callbacks.values())
    expect(is_only, "I18", f"there are two callbacks to the number of callback {number}")
    expect(
        (event.waiting_since, event.queue, event.priority, event.origin)
        == (caller.waiting_since, caller.queue, caller.priority, caller.origin),
        "I17",
        f"callback {number} did not keep the caller's place",
    )
    is_safe = told.now <= event.not_before < event.not_after
    expect(is_safe, "I18", f"callback {number} has no time in which it is safe")
    is_same = (event.topic, event.language) == (caller.topic, caller.language)
    expect(is_same, "topic", f"callback {number} was promised under another topic or language")
    told.last_callback = event.callback
    told.promised += 1
    told.callbacks[number] = ToldCallback(
        id=number,
        number=event.number,
        queue=event.queue,
        origin=event.origin,
        priority=event.priority,
        waiting_since=event.waiting_since,
        not_before=event.not_before,
        not_after=event.not_after,
        may_leave_message=event.may_leave_message,
        topic=event.topic,
        language=event.language,
        partner=caller.partner,
        due_at=event.not_before,
    )


def _joined(told: Told, event: e.CallbackJoined) -> None:
    _leaves(told, event.call, event.callback)
    callback = told.callbacks[event.callback]
    both_agreed = callback.may_leave_message or not event.may_leave_message
    expect(both_agreed, "I18", f"callback {callback.id}: one of two allowed a message")
    has_time = event.not_before < event.not_after
    expect(has_time, "I18", f"callback {callback.id} is never safe")
    callback.not_before, callback.not_after = event.not_before, event.not_after
    callback.may_leave_message = event.may_leave_message
    callback.attempts = 0
    if callback.due_at is not None:
        callback.due_at = event.not_before


def _queued(told: Told, event: e.CallbackQueued) -> None:
    callback = told.callbacks[event.callback]
    expect(callback.call is None, "I18", f"callback {callback.id} waits twice")
    expect(event.call > told.last_call, "I1", f"call number {event.call} was drawn twice")
    _is_safe(told, callback, "waits")
    expect(
        (event.waiting_since, event.queue, event.priority, event.origin)
        == (callback.waiting_since, callback.queue, callback.priority, callback.origin),
        "I17",
        f"callback {callback.id} did not keep the caller's place",
    )
    is_same = (event.topic, event.language) == (callback.topic, callback.language)
    expect(is_same, "topic", f"callback {callback.id} waits under another topic or language")
    callback.call, callback.due_at = event.call, None
    told.attempts += 1
    told.queued += 1
    told.last_call = event.call
    told.calls[event.call] = ToldCall(
        id=event.call,
        leg=event.leg,
        line=event.line,
        origin=event.origin,
        arrived_at=told.now,
        stage=CallState.QUEUED,
        queue=event.queue,
        priority=event.priority,
        waiting_since=event.waiting_since,
        queued_at=told.now,
        entries=1,
        callback=event.callback,
        topic=callback.topic,
        language=callback.language,
        partner=callback.partner,
    )


def _is_safe(told: Told, callback: ToldCallback, what: str) -> None:
    is_safe = callback.not_before <= told.now < callback.not_after
    expect(is_safe, "I18", f"callback {callback.id} {what} at a time that is not safe")


def _dialled(told: Told, event: e.CallbackDialled) -> None:
    callback, call = told.callbacks[event.callback], told.calls[event.call]
    agent = told.agents[event.agent]
    expect(callback.call == call.id, "I18", f"callback {callback.id} was dialled for another call")
    expect(call.stage is CallState.TALKING, "I18", f"call {call.id} was dialled twice")
    is_there = agent.stage is AgentState.TALKING and agent.call == call.id and not agent.is_lost
    expect(is_there, "I18", f"callback {callback.id} was dialled with nobody on the line")
    _is_safe(told, callback, "was dialled")
    is_counted = event.attempt == callback.attempts + 1
    expect(is_counted, "I18", f"callback {callback.id}: an attempt was not counted")
    callback.attempts = event.attempt
    call.stage, call.is_dialled, call.answered_at = CallState.DIALLING, True, None


def _reached(told: Told, event: e.CallbackReached) -> None:
    call, agent = told.calls[event.call], told.agents[event.agent]
    expect(call.stage is CallState.DIALLING, "I18", f"call {call.id} answered unasked")
    is_there = call.agent == agent.key and not agent.is_lost
    expect(is_there, "I18", f"callback {event.callback} was answered to silence")
    call.stage, call.is_reached, call.answered_at = CallState.TALKING, True, told.now


def _deferred(told: Told, event: e.CallbackDeferred) -> None:
    callback = told.callbacks[event.callback]
    expect(callback.last is not None, "I18", f"callback {callback.id} was put off for nothing")
    counted = max(0, callback.attempts - (event.reason in _OURS))
    is_counted = event.attempts == counted
    expect(is_counted, "I18", f"callback {callback.id}: {event.attempts} attempts, not {counted}")
    rules = told.queue_settings[callback.queue].callback or CallbackSettings()
    expect(counted < rules.attempts, "I18", f"callback {callback.id} has no attempt left")
    is_later = told.now < event.again_at and callback.not_before <= event.again_at
    is_safe = is_later and event.again_at < callback.not_after
    expect(is_safe, "I18", f"callback {callback.id} was put off to a time that is not safe")
    callback.last, callback.due_at, callback.attempts = None, event.again_at, event.attempts


def _ended(told: Told, event: e.CallbackEnded) -> None:
    callback = told.callbacks.pop(event.callback)
    expect(callback.number == event.number, "I18", f"callback {callback.id} had another number")
    expect(callback.call is None, "I18", f"callback {callback.id} ended and is still under way")
    was_reached = callback.last is not None and callback.last.is_reached
    if event.reason in _KEPT:
        expect(was_reached, "I18", f"callback {callback.id} was made and reached nobody")
    else:
        is_explained = event.reason in _EXPLAINED
        expect(
            is_explained, "I18", f"callback {callback.id}: {event.reason.value} explains nothing"
        )
    if event.reason is Reason.MESSAGE_LEFT:
        may = callback.may_leave_message
        expect(may, "I18", f"callback {callback.id}: nobody allowed a message")
    told.explained[event.reason] += 1


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallbackOfferPlanned: _offer_planned,
    e.CallbackOffered: _offered,
    e.CallbackPromised: _promised,
    e.CallbackJoined: _joined,
    e.CallbackQueued: _queued,
    e.CallbackDialled: _dialled,
    e.CallbackReached: _reached,
    e.CallbackDeferred: _deferred,
    e.CallbackEnded: _ended,
}
