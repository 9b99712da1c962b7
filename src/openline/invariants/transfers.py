"""Could a conversation have changed hands like this?"""

from collections.abc import Callable
from typing import Any

from openline.engine import CallState
from openline.engine import events as e
from openline.engine.targets import ToAgent
from openline.invariants.catalogue import expect
from openline.invariants.told import Told


def nobody_is_left_alone(told: Told) -> None:
    """Holds a step to its end: what was handed on has arrived, and who gave it has let go.

    Whom an agent is dialling is hers, too.
    """
    expect(not told.handed_on, "I2", f"{list(told.handed_on)} gave calls away and work on")
    for call in told.calls.values():
        talks = call.stage in (CallState.TALKING, CallState.HELD, CallState.DIALLING)
        expect(talks == (call.agent is not None), "I19", f"call {call.id} was left alone")


def _call_transferred(told: Told, event: e.CallTransferred) -> None:
    call = told.calls[event.call]
    expect(call.agent == event.agent, "I2", f"{event.agent} gives away a call not hers")
    assert call.answered_at is not None
    held = call.held + (0 if call.held_since is None else told.now - call.held_since)
    expect(
        (event.queue, event.talked, event.held) == (call.queue, told.now - call.answered_at, held),
        "I9",
        f"call {call.id}: what its agent had of it",
    )
    told.handed_on[event.agent] = call.id
    call.agent = None
    call.promised_to = event.to.agent if isinstance(event.to, ToAgent) else None


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallTransferred: _call_transferred,
}
