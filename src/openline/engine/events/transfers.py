"""Facts about a conversation that changes hands."""

from openline.engine.events.base import Event
from openline.engine.targets import Target
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)


class CallTransferred(Event, frozen=True, kw_only=True):
    """The agent handed the call on; her wrap-up follows.

    What becomes of the call follows too: `CallQueued`, and for one agent `CallOffered`.
    """

    call: CallId
    line: LineKey
    queue: QueueKey
    """The queue by which she had got it."""
    origin: Origin
    agent: AgentKey
    to: Target
    reason: Reason
    talked: Duration
    """From her answer up to now, hold included."""
    held: Duration


AnyTransferEvent = CallTransferred
