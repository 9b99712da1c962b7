"""What does everybody hear, if every order is carried out at once?

The last order for a leg holds, as with any port. `check` asks after each step whether a caller who
is there hears the agent who talks with him, and music whenever nobody does (I19); whether whoever
is consulted hears the owner; and that nobody hears whom he must not.
"""

from collections.abc import Iterable

from openline.engine import AnyCommand, CallState, State
from openline.engine import commands as c
from openline.engine.parties import PartyState
from openline.invariants import expect
from openline.model import LegId

MUSIC = LegId("music")
_HEARS_US = (CallState.QUEUED, CallState.OFFERED, CallState.TALKING, CallState.HELD)
"""Else he hears a greeting or a message to its end."""


class Ears:
    """Follows the orders about sound."""

    def __init__(self) -> None:
        self._hears: dict[LegId, tuple[LegId, ...]] = {}

    def hear(self, commands: Iterable[AnyCommand]) -> None:
        """Carries the orders out."""
        for command in commands:
            match command:
                case c.PlayMusic(leg=leg):
                    self._hears[leg] = (MUSIC,)
                case (
                    c.ConnectLegs(leg=leg, agent_leg=agent) | c.ResumeCall(leg=leg, agent_leg=agent)
                ):
                    self._hears[leg], self._hears[agent] = (agent,), (leg,)
                case c.HoldCall(leg=leg, agent_leg=agent):
                    self._hears[leg], self._hears[agent] = (MUSIC,), ()
                case c.MixCall(hears=hears):
                    for one in hears:
                        self._hears[one.leg] = (MUSIC,) if one.music else one.others
                case c.ReleaseAgent(leg=leg) | c.HangUpLeg(leg=leg):
                    self._hears.pop(leg, None)
                case _:
                    pass

    def check(self, state: State) -> None:
        """Compares what is heard with what should be."""
        for call in state.calls.values():
            owner = None if call.agent is None else state.agents[call.agent]
            is_owner_here = owner is not None and owner.gone_at is None
            is_with_him = call.state is CallState.TALKING and is_owner_here
            if call.gone_at is None and call.has_leg and call.state in _HEARS_US:
                expected = (owner.leg,) if is_with_him and owner is not None else (MUSIC,)
                heard = self._hears.get(call.leg)
                expect(heard == expected, "I19", f"the caller of {call.id} hears {heard}")
            for party in call.parties:
                other = state.agents[party.agent]
                if party.state is not PartyState.JOINED or other.gone_at is not None:
                    continue
                confers = call.state is CallState.HELD and is_owner_here
                expected = (owner.leg,) if confers and owner is not None else (MUSIC,)
                heard = self._hears.get(party.leg)
                expect(heard == expected, "I19", f"{party.agent} hears {heard} in call {call.id}")
                if confers and owner is not None and owner.leg is not None:
                    heard = self._hears.get(owner.leg)
                    expect(heard == (party.leg,), "I19", f"{owner.key} hears {heard}")
