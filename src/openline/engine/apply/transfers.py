"""What an event about a conversation that changes hands changes."""

from collections.abc import Callable
from typing import Any

import msgspec

from openline.engine import events as e
from openline.engine.apply.moves import move_call
from openline.engine.apply.parties import party_of, without
from openline.engine.parties import PartyKind
from openline.engine.state import Call, State
from openline.model import Duration


def _call_transferred(state: State, event: e.CallTransferred) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.agent = event.taken_by
    if event.taken_by is None:
        # It is queued in the same step, and keeps what it is until then.
        return
    party = party_of(call, event.taken_by)
    call.accepted = party.number
    call.answered_at = state.now
    _without_hold(call)
    without(call, party.number)


def _call_given_outside(state: State, event: e.CallGivenOutside) -> None:
    call = state.calls[event.call]
    move_call(call, event)
    call.agent = None
    call.answered_at = None
    _without_hold(call)
    call.parties = tuple(
        msgspec.structs.replace(party, kind=PartyKind.THIRD)
        if party.number == event.party
        else party
        for party in call.parties
    )
    if call.partner is not None:
        # Nobody here serves it any more.
        state.index.callers.partner_moved(call)


def _without_hold(call: Call) -> None:
    call.held_since = None
    call.held = Duration(0)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.CallTransferred: _call_transferred,
    e.CallGivenOutside: _call_given_outside,
}
