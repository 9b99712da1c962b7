"""Could this have happened to a call that is sent on, hears a message or leaves one?"""

from collections.abc import Callable
from typing import Any

from openline.engine import CallState
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldCall


def _is_unowned(call: ToldCall) -> None:
    expect(call.offer is None, "I28", f"call {call.id} was taken away under an offer")
    expect(call.agent is None, "I2", f"call {call.id} was taken from its agent")


def _call_sent(told: Told, event: e.CallSent) -> None:
    call = told.calls[event.call]
    _is_unowned(call)
    expect(event.hops == call.hops + 1, "I26", f"call {call.id}: a hop was not counted")
    is_within = event.hops <= told.settings.hop_limit
    expect(is_within, "I26", f"call {call.id} goes round in circles")
    call.hops = event.hops
    in_queue = call.stage is CallState.QUEUED
    waited = told.now - call.queued_at if in_queue and call.queued_at is not None else 0
    left = call.queue if in_queue else None
    expect(event.left == left, "I8", f"call {call.id} left another queue than was told")
    expect(event.waited == waited, "I9", f"call {call.id} waited {waited} before it was sent")
    if in_queue:
        call.waited_before_sent = waited
        call.stage = CallState.GREETING


def _hop_limit_reached(told: Told, event: e.HopLimitReached) -> None:
    call = told.calls[event.call]
    expect(call.hops >= told.settings.hop_limit, "I26", f"call {call.id} may go on")


def _message_started(told: Told, event: e.MessageStarted) -> None:
    call = told.calls[event.call]
    _is_unowned(call)
    call.stage = CallState.MESSAGE


def _voicemail_started(told: Told, event: e.VoicemailStarted) -> None:
    call = told.calls[event.call]
    expect(call.stage is CallState.MESSAGE, "I1", f"call {call.id} heard no prompt")
    call.stage = CallState.VOICEMAIL


def _voicemail_left(told: Told, event: e.VoicemailLeft) -> None:
    call = told.calls[event.call]
    expect(call.stage is CallState.VOICEMAIL, "I1", f"call {call.id} spoke into no box")
    call.has_left_voicemail = True


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallSent: _call_sent,
    e.HopLimitReached: _hop_limit_reached,
    e.MessageStarted: _message_started,
    e.VoicemailStarted: _voicemail_started,
    e.VoicemailLeft: _voicemail_left,
}
