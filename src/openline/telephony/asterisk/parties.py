"""Who is on the line: callers, each a channel, and telephones of agents, which may have one.

Somebody whom we dialled is a caller like others from when he answers.
"""

import msgspec

from openline.configuration import Asterisk
from openline.model import AgentKey, CommandId, LegId, OfferId
from openline.telephony.asterisk.accounts import endpoint_of, trunk_of
from openline.telephony.asterisk.translate import NOTHING, Conversation, Place, offer_of_channel


class Caller(msgspec.Struct, kw_only=True):
    """Is somebody who called, or is called by us."""

    leg: LegId
    channel: str
    place: Place = NOTHING
    is_answered: bool = False
    """Whether the call was taken, which costs him money from then on."""
    bridges: set[str] = msgspec.field(default_factory=set)
    """Those that were made for his call, to be ended with it."""
    question: CommandId | None = None
    """What he was asked last and may answer by a digit."""

    then: Place | None = None
    """Where he goes back to when he has heard what he is told in between."""
    is_dialled: bool = False
    is_up: bool = True
    """Whether he can be brought to another place: always, unless he still has to answer."""
    is_leaving: bool = False
    """Whether his call ends with what he hears now; nobody of us has him on record any more."""
    number: str | None = None

    def __repr__(self) -> str:
        # The number is nobody's business.
        return f"Caller(leg={self.leg!r}, place={self.place!r})"


class Telephone(msgspec.Struct, kw_only=True):
    """Is an agent's telephone."""

    agent: AgentKey
    endpoint: str
    """By what Asterisk tells whether it can be rung: itself, or the trunk that leads to it."""
    number: str | None = None
    """That of an ordinary telephone. Whatever picks up there is asked to press a key."""
    in_browser: bool = False
    """Whether it is the page of her desktop."""
    is_asked: bool = False
    """Whether somebody or something picked up and has not pressed it."""
    is_there: bool = False
    """Whether it can be rung."""
    channel: str | None = None
    is_up: bool = False
    """Whether she picked up."""
    place: Place = NOTHING
    pending: Conversation | None = None
    """The conversation that begins when she picks up."""

    def forget(self) -> None:
        """Lets the channel be no concern of ours any more."""
        self.channel, self.is_up, self.place, self.pending = None, False, NOTHING, None
        self.is_asked = False

    def __repr__(self) -> str:
        # Nor is hers.
        return f"Telephone(agent={self.agent!r}, channel={self.channel!r}, place={self.place!r})"

    def rings_for(self, offer: OfferId) -> bool:
        """Tells whether its channel was made for the offer."""
        return self.channel is not None and offer_of_channel(self.channel) == offer


def phones_of(asterisk: Asterisk) -> dict[AgentKey, Telephone]:
    """Returns the telephones of agents, none of them in a call."""
    out = asterisk.way_out
    return {
        phone.agent: Telephone(
            agent=phone.agent,
            endpoint=endpoint_of(phone.agent)
            if phone.number is None or out is None
            else trunk_of(out),
            number=phone.number,
            in_browser=phone.in_browser,
        )
        for phone in asterisk.phones
    }
