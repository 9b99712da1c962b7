"""Facts about offers: a call reserved for one agent, until she answers or does not."""

from openline.engine.events.base import Event
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    Instant,
    OfferId,
    Origin,
    QueueKey,
    Reason,
)


class CallOffered(Event, frozen=True, kw_only=True):
    """The call is reserved for one agent until the lease runs out."""

    offer: OfferId
    call: CallId
    queue: QueueKey
    agent: AgentKey
    expires_at: Instant
    reason: Reason
    by: AgentKey | None = None
    """The supervisor without whose act it would not ring for her: he changed what she can take."""


class OfferRenewed(Event, frozen=True, kw_only=True):
    """The lease begins again, because nobody could have answered meanwhile."""

    offer: OfferId
    expires_at: Instant
    reason: Reason


class OfferAccepted(Event, frozen=True, kw_only=True):
    """The agent answered: the call is hers."""

    offer: OfferId
    call: CallId
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    waited: Duration
    """From entering the queue to the answer."""


class OfferDeclined(Event, frozen=True, kw_only=True):
    """The agent declined; the call is back at its own place, the agent paused."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_DECLINED
    """Why the agent is paused now."""


class OfferMissed(Event, frozen=True, kw_only=True):
    """The lease ran out; the call is back at its own place, the agent paused."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_MISSED
    """Why the agent is paused now."""


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    """The offer was taken back; the call is at its own place, the agent ready as before."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    reason: Reason


AnyOfferEvent = (
    CallOffered | OfferRenewed | OfferAccepted | OfferDeclined | OfferMissed | OfferWithdrawn
)
