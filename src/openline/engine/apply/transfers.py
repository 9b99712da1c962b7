"""What an event about a conversation that changes hands changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.state import State


def _call_transferred(state: State, event: e.CallTransferred) -> None:
    # The call stays as it is until it is queued, in the same step; it is nobody's by then.
    state.calls[event.call].agent = None


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.CallTransferred: _call_transferred,
}
