"""Facts about a conversation that changes hands."""

from openline.engine.events.base import Event
from openline.engine.targets import Target
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
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


class ConsultOffered(Event, frozen=True, kw_only=True):
    """An agent is asked to advise on a call that is another's, until the lease runs out."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    leg: LegId
    by: AgentKey
    """Whose call it is."""
    queue: QueueKey | None
    """The queue for which she was chosen; None where she was asked for by name."""
    expires_at: Instant
    reason: Reason


class ConsultAccepted(Event, frozen=True, kw_only=True):
    """She is there to advise."""

    offer: OfferId
    call: CallId
    agent: AgentKey


class ConsultDeclined(Event, frozen=True, kw_only=True):
    """She declined; she is paused, and the call is as it was."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_DECLINED
    """Why she is paused now."""


class ConsultMissed(Event, frozen=True, kw_only=True):
    """The lease ran out; she is paused, and the call is as it was."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_MISSED
    """Why she is paused now."""


class ConsultWithdrawn(Event, frozen=True, kw_only=True):
    """The question was taken back; she is ready as before."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    reason: Reason


class ConsultEnded(Event, frozen=True, kw_only=True):
    """She has no part in the call any more; what she does next follows."""

    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    reason: Reason
    took: Duration
    """From her answer."""


AnyTransferEvent = (
    CallTransferred
    | ConsultOffered
    | ConsultAccepted
    | ConsultDeclined
    | ConsultMissed
    | ConsultWithdrawn
    | ConsultEnded
)
