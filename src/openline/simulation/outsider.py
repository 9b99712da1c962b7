"""What somebody outside does who is dialled for a call: answers, speaks, hangs up.

He is known by the number in his leg's name, so that after a restart he is who he was. One in eight
does not answer; whoever does stays a while, and longer than most callers talk.
"""

from openline.engine import commands as c
from openline.engine import inputs as i
from openline.engine.parties import Party, PartyState
from openline.model import SECOND, Duration, Instant, LegId

Moves = tuple[i.AnyInput, ...]

_ANSWERS_AFTER = Duration(6 * SECOND)
_STAYS = Duration(600 * SECOND)
_ONE_IN = 8


class Outsider:
    """Keeps where somebody outside stands."""

    __slots__ = ("answered_at", "is_gone", "leg", "rings_since", "turn")

    def __init__(self, leg: LegId, rings_since: Instant) -> None:
        self.leg = leg
        self.rings_since = rings_since
        self.answered_at: Instant | None = None
        self.turn = 0
        self.is_gone = False

    @classmethod
    def found(cls, party: Party) -> "Outsider":
        """Takes somebody over from the durable state."""
        outsider = cls(party.leg, party.since)
        if party.state is PartyState.JOINED:
            outsider.answered_at = party.since
        return outsider

    def next_at(self, now: Instant) -> Instant | None:
        """Returns when the next move falls due; it may be past already."""
        if self.answered_at is not None:
            return Instant(self.answered_at + _STAYS)
        is_there = int(self.leg.rpartition("-")[2]) % _ONE_IN > 0
        return Instant(self.rings_since + _ANSWERS_AFTER) if is_there else None

    def moves(self, now: Instant) -> Moves:
        """Makes the move that has fallen due."""
        if self.answered_at is None:
            self.answered_at = now
            return (i.DialAnswered(leg=self.leg),)
        self.is_gone = True
        return (i.LegHungUp(leg=self.leg),)

    def hears(self, command: c.Command, now: Instant) -> bool:
        """Takes a command in; returns whether it changed where he stands."""
        if type(command) is not c.HangUpLeg:
            return False
        self.is_gone = True
        return True
