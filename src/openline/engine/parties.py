"""Who is in a call besides the caller and the agent whose call it is."""

from openline.engine.value import Value
from openline.model import (
    AgentKey,
    CallId,
    CommandId,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
)
from openline.model.names import Name


class PartyKind(Name):
    """Says why somebody is in a call."""

    CONSULTED = "consulted"
    """Whom the owner asks, away from the caller; he may get the call."""
    THIRD = "third"
    """Who joins the caller: an interpreter, or a service to whom he was handed on."""
    LISTENER = "listener"
    """A supervisor who listens to the conversation, or speaks in it."""


class PartyState(Name):
    """Says whether a party is there yet."""

    RINGING = "ringing"
    JOINED = "joined"


class ListenMode(Name):
    """Says who hears a supervisor who listens."""

    LISTEN = "listen"
    """Nobody."""
    WHISPER = "whisper"
    """The agent alone."""
    BARGE = "barge"
    """Everybody."""


class Party(Value, frozen=True, kw_only=True):
    """Is somebody in a call, or about to be: an agent, or somebody outside."""

    number: OfferId
    """Drawn with the numbers of offers: of an agent, the offer by which she was rung."""
    kind: PartyKind
    state: PartyState
    leg: LegId
    since: Instant
    """When the present state began."""
    agent: AgentKey | None = None
    outside: OutsideKey | None = None
    dial: CommandId | None = None
    """The order by which somebody outside is rung."""
    mode: ListenMode | None = None
    """Of a listener."""
    was_ready: bool = False
    """Whether a listener was ready before, and not paused."""
    pause_reason: str | None = None


class HandOver(Value, frozen=True, kw_only=True):
    """Is a caller's number passed on to an emergency service, as long as nobody looked at it."""

    number: OfferId
    """The party's, also after it has left."""
    call: CallId
    line: LineKey
    outside: OutsideKey
    origin: Origin
    by: AgentKey
    at: Instant
