"""Facts about those who are in a call besides the caller and its agent.

Agents come by an offer of their own kind; whoever is outside is dialled.
"""

from openline.engine.events.base import Event
from openline.engine.parties import ListenMode, PartyKind
from openline.model import (
    AgentKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
    QueueKey,
    Reason,
)


class PartyAsked(Event, frozen=True, kw_only=True):
    """An agent is asked into a call that is another's, until the lease runs out."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    leg: LegId
    kind: PartyKind
    by: AgentKey
    """Whose call it is."""
    queue: QueueKey | None
    """The queue for which she was chosen; None where she was asked for by name."""
    expires_at: Instant
    reason: Reason


class PartyJoined(Event, frozen=True, kw_only=True):
    """She is there."""

    offer: OfferId
    call: CallId
    agent: AgentKey


class PartyDeclined(Event, frozen=True, kw_only=True):
    """She declined; she is paused, and the call is as it was."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_DECLINED
    """Why she is paused now."""


class PartyMissed(Event, frozen=True, kw_only=True):
    """The lease ran out; she is paused, and the call is as it was."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_MISSED
    """Why she is paused now."""


class PartyWithdrawn(Event, frozen=True, kw_only=True):
    """The question was taken back; she is ready as before."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    reason: Reason


class PartyLeft(Event, frozen=True, kw_only=True):
    """She has no part in the call any more; what she does next follows."""

    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    kind: PartyKind
    reason: Reason
    took: Duration
    """From her answer."""


class ListeningStarted(Event, frozen=True, kw_only=True):
    """A supervisor takes part in a talk to listen; no sound reaches her before this is kept."""

    party: OfferId
    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    """The supervisor."""
    of: AgentKey
    """Whose talk it is; she is told."""
    leg: LegId
    mode: ListenMode


class ListeningChanged(Event, frozen=True, kw_only=True):
    """A supervisor who listens is heard by others than before."""

    party: OfferId
    call: CallId
    agent: AgentKey
    mode: ListenMode


class OutsideDialled(Event, frozen=True, kw_only=True):
    """Somebody outside is being rung for a call."""

    party: OfferId
    call: CallId
    line: LineKey
    outside: OutsideKey
    leg: LegId
    kind: PartyKind
    by: AgentKey | None
    """Who wanted it; None: the queue, by a rule."""
    dial: CommandId
    give_up_at: Instant
    passes_number: bool
    """Whether the caller's own number was passed on in signalling: to emergency services alone."""
    reason: Reason


class HandOverReviewed(Event, frozen=True, kw_only=True):
    """Somebody else has looked at how a caller's number was passed to an emergency service."""

    hand_over: OfferId
    """The party's number."""
    call: CallId
    outside: OutsideKey
    by: AgentKey


class OutsideAnswered(Event, frozen=True, kw_only=True):
    """Somebody outside is there."""

    party: OfferId
    call: CallId
    outside: OutsideKey
    rang: Duration


class OutsideFailed(Event, frozen=True, kw_only=True):
    """Somebody outside was not reached, or was wanted no more."""

    party: OfferId
    call: CallId
    outside: OutsideKey
    reason: Reason


class OutsideLeft(Event, frozen=True, kw_only=True):
    """Somebody outside has no part in the call any more."""

    party: OfferId
    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    outside: OutsideKey
    kind: PartyKind
    reason: Reason
    took: Duration
    """From his answer."""


AnyPartyEvent = (
    PartyAsked
    | PartyJoined
    | PartyDeclined
    | PartyMissed
    | PartyWithdrawn
    | PartyLeft
    | ListeningStarted
    | ListeningChanged
    | OutsideDialled
    | HandOverReviewed
    | OutsideAnswered
    | OutsideFailed
    | OutsideLeft
)
