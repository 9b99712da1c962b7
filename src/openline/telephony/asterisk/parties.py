"""Who is on the line: callers, each a channel, and telephones of agents, which may have one."""

import msgspec

from openline.model import AgentKey, CommandId, LegId, OfferId
from openline.telephony.asterisk.translate import NOTHING, Conversation, Place, offer_of_channel


class Caller(msgspec.Struct, kw_only=True):
    """Is somebody who called."""

    leg: LegId
    channel: str
    place: Place = NOTHING
    is_answered: bool = False
    """Whether the call was taken, which costs him money from then on."""
    bridges: set[str] = msgspec.field(default_factory=set)
    """Those that were made for his call, to be ended with it."""
    question: CommandId | None = None
    """What he was asked last and may answer by a digit."""

    @property
    def is_up(self) -> bool:
        """Whether he can be brought to another place: always, he called."""
        return True


class Telephone(msgspec.Struct, kw_only=True):
    """Is an agent's telephone."""

    agent: AgentKey
    endpoint: str
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

    def rings_for(self, offer: OfferId) -> bool:
        """Tells whether its channel was made for the offer."""
        return self.channel is not None and offer_of_channel(self.channel) == offer
