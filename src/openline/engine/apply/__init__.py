"""The only code that changes the state: one function for each event.

Nothing is decided here and nothing is refused but a transition that the tables do not know, which
is a bug of ours. Live calls, recovery and replay all pass through it, so a state rebuilt from the
record is the state that was.
"""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply import (
    agents,
    callbacks,
    calls,
    centre,
    lines,
    parties,
    queues,
    transfers,
)
from openline.engine.state import State
from openline.model import BugError, Instant

APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    **centre.APPLY,
    **calls.APPLY,
    **callbacks.APPLY,
    **agents.APPLY,
    **queues.APPLY,
    **transfers.APPLY,
    **parties.APPLY,
    **lines.APPLY,
}


def apply(state: State, event: e.AnyEvent) -> None:
    """Changes the state as the event says, at `state.now`."""
    APPLY[type(event)](state, event)


def apply_step(state: State, step: int, now: Instant, events: tuple[e.AnyEvent, ...]) -> None:
    """Applies one whole step of the record, as recovery and the durable copy do."""
    if step != state.step + 1:
        raise BugError(f"step {step} cannot follow step {state.step}")
    state.step = step
    state.now = now
    for event in events:
        APPLY[type(event)](state, event)
