"""Who is in a call besides the caller and the agent whose call it is."""

from openline.engine.value import Value
from openline.model import AgentKey, Instant, LegId, OfferId
from openline.model.names import Name


class PartyKind(Name):
    """Says why somebody is in a call."""

    CONSULTED = "consulted"
    """An agent whom the owner asks; he may get the call."""


class PartyState(Name):
    """Says whether a party is there yet."""

    RINGING = "ringing"
    JOINED = "joined"


class Party(Value, frozen=True, kw_only=True):
    """Is somebody in a call, or about to be."""

    kind: PartyKind
    state: PartyState
    leg: LegId
    agent: AgentKey
    offer: OfferId
    since: Instant
    """When the present state began."""
