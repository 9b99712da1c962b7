"""Facts about a conversation that changes hands."""

from openline.engine.events.base import Event
from openline.engine.targets import Target
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
    QueueKey,
    Reason,
)


class CallTransferred(Event, frozen=True, kw_only=True):
    """The call is not the agent's any more; her wrap-up follows.

    It is at once the call of whoever was consulted (`taken_by`); or what becomes of it follows too:
    `CallQueued`, and for one agent `CallOffered`.
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
    taken_by: AgentKey | None = None
    consulted: Duration = Duration(0)
    """How long the two had talked before, where she was consulted."""


class CallGivenOutside(Event, frozen=True, kw_only=True):
    """The call is no agent's any more but somebody's outside; the agent's wrap-up follows.

    He was consulted (`party`), or is dialled in the same step (`OutsideDialled`).
    """

    call: CallId
    line: LineKey
    queue: QueueKey
    """The queue by which she had got it."""
    origin: Origin
    agent: AgentKey
    outside: OutsideKey
    reason: Reason
    talked: Duration
    """From her answer up to now, hold included."""
    held: Duration
    party: OfferId | None = None
    consulted: Duration = Duration(0)
    """How long the two had talked before, where he was consulted."""


AnyTransferEvent = CallTransferred | CallGivenOutside
