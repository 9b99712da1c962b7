"""What an event about a callback changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply.moves import move_call
from openline.engine.due import Due
from openline.engine.state import Call, Callback, CallState, State


def _callback_offer_planned(state: State, event: e.CallbackOfferPlanned) -> None:
    call = state.calls[event.call]
    call.callback_offer_at = event.offer_at
    if event.offer_at is not None:
        state.index.deadlines.due(event.offer_at, Due.CALLBACK_OFFER, call.id)


def _callback_offered(state: State, event: e.CallbackOffered) -> None:
    call = state.calls[event.call]
    call.callback_offer_at = None
    call.is_callback_offered = True


def _callback_promised(state: State, event: e.CallbackPromised) -> None:
    callback = Callback(
        id=event.callback,
        port=event.port,
        line=event.line,
        queue=event.queue,
        origin=event.origin,
        priority=event.priority,
        waiting_since=event.waiting_since,
        number=event.number,
        not_before=event.not_before,
        not_after=event.not_after,
        is_window=event.is_window,
        may_leave_message=event.may_leave_message,
        topic=event.topic,
        language=event.language,
        partner=state.calls[event.call].partner,
        due_at=event.not_before,
        ends_at=event.not_after,
    )
    state.callbacks[callback.id] = callback
    state.callbacks_by_number[callback.number] = callback
    state.next_callback = event.callback + 1
    _note_deadlines(state, callback)


def _callback_joined(state: State, event: e.CallbackJoined) -> None:
    callback = state.callbacks[event.callback]
    callback.not_before = event.not_before
    callback.not_after = event.not_after
    callback.is_window = event.is_window
    callback.may_leave_message = event.may_leave_message
    callback.attempts = 0
    if callback.due_at is not None:
        callback.due_at = event.not_before
    if callback.ends_at is not None:
        callback.ends_at = event.not_after
    _note_deadlines(state, callback)


def _callback_queued(state: State, event: e.CallbackQueued) -> None:
    callback = state.callbacks[event.callback]
    callback.call = event.call
    callback.due_at = None
    call = Call(
        id=event.call,
        leg=event.leg,
        line=event.line,
        origin=event.origin,
        caller=None,
        state=CallState.QUEUED,
        arrived_at=state.now,
        queue=event.queue,
        entry=1,
        priority=event.priority,
        waiting_since=event.waiting_since,
        queued_at=state.now,
        callback=event.callback,
        topic=event.topic,
        language=event.language,
        partner=callback.partner,
    )
    state.calls[call.id] = call
    state.next_call = event.call + 1
    state.index.callers.call_waits(call)
    if state.index.callers.lines:
        state.index.callers.enters_line(call)


def _callback_dialled(state: State, event: e.CallbackDialled) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.answered_at = None
    call.dial = event.dial
    call.dialled_at = state.now
    call.give_up_at = event.give_up_at
    state.calls_by_leg[call.leg] = call
    state.index.deadlines.due(event.give_up_at, Due.DIALLED_LONG_ENOUGH, call.id)
    callback = state.callbacks[event.callback]
    callback.attempts = event.attempt
    callback.ends_at = None


def _callback_reached(state: State, event: e.CallbackReached) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.dial = None
    call.give_up_at = None
    call.answered_at = call.reached_at = state.now


def _callback_deferred(state: State, event: e.CallbackDeferred) -> None:
    callback = state.callbacks[event.callback]
    callback.call = None
    callback.attempts = event.attempts
    callback.due_at = event.again_at
    callback.ends_at = callback.not_after
    _note_deadlines(state, callback)


def _callback_ended(state: State, event: e.CallbackEnded) -> None:
    del state.callbacks[event.callback]
    del state.callbacks_by_number[event.number]


def _note_deadlines(state: State, callback: Callback) -> None:
    if callback.due_at is not None:
        state.index.deadlines.due(callback.due_at, Due.CALLBACK_DUE, callback.id)
    if callback.ends_at is not None:
        state.index.deadlines.due(callback.ends_at, Due.PROMISE_ENDS, callback.id)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.CallbackOfferPlanned: _callback_offer_planned,
    e.CallbackOffered: _callback_offered,
    e.CallbackPromised: _callback_promised,
    e.CallbackJoined: _callback_joined,
    e.CallbackQueued: _callback_queued,
    e.CallbackDialled: _callback_dialled,
    e.CallbackReached: _callback_reached,
    e.CallbackDeferred: _callback_deferred,
    e.CallbackEnded: _callback_ended,
}
