"""Which keys does a caller press while he talks? For the eyes of those who talk with him.

Somebody who cannot speak aloud answers yes and no with them. They may as well be the digits of a
card or of a number, so they are no input to the engine: nothing of them is on record, in a log or
on disk. The last few are kept in memory, and gone with the conversation.
"""

from collections.abc import Callable

from openline.engine import AnyEvent, CallState, State
from openline.engine import events as e
from openline.model import AgentKey, CallId, Instant, LegId

KEPT = 6
"""Enough for an answer, and too few for a telephone number."""

KEYS = tuple("0123456789*#")

_IN_TALK = (CallState.TALKING, CallState.HELD)


_OVER = (e.CallEnded, e.CallQueued, e.CallTransferred, e.CallGivenOutside)


class TalkKeys:
    """Keeps the last keys of every conversation that goes on."""

    def __init__(self, durable: State, changed: Callable[[AgentKey], None]) -> None:
        """`changed` is told of every agent who sees other keys than before."""
        self._durable = durable
        self._changed = changed
        self._pressed: dict[CallId, tuple[str, ...]] = {}

    def press(self, leg: LegId, key: str) -> None:
        """Shows a key to those who talk with the caller at the leg; without them it is nothing."""
        call = self._durable.calls_by_leg.get(leg)
        if call is None or call.state not in _IN_TALK or call.agent is None or key not in KEYS:
            return
        self._pressed[call.id] = (*self._pressed.get(call.id, ()), key)[-KEPT:]
        for agent in (call.agent, *(one.agent for one in call.parties)):
            if agent is not None:
                self._changed(agent)

    def of(self, call: CallId) -> tuple[str, ...]:
        """Returns the last keys of a conversation, the newest last."""
        return self._pressed.get(call, ())

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Forgets them when the conversation is over, or goes to somebody else."""
        if not self._pressed:
            return
        for event in events:
            if isinstance(event, _OVER):
                self._pressed.pop(event.call, None)
