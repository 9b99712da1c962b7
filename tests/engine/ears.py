"""What does everybody hear, if every order is carried out at once?

The last order for a leg holds, as with any port. `check` asks after each step whether a caller who
is there hears the agent who talks with him and the thirds, and music whenever nobody answers for
his call (I19); whether whoever is consulted hears the owner; and that nobody hears whom he must
not.
"""

from collections.abc import Iterable

from openline.engine import AnyCommand, Call, CallState, State
from openline.engine import commands as c
from openline.engine.parties import ListenMode, Party, PartyKind, PartyState
from openline.invariants import expect
from openline.model import LegId

Heard = frozenset[LegId]

MUSIC = frozenset({LegId("music")})
SILENCE: Heard = frozenset()
_HEARS_US = (
    CallState.QUEUED,
    CallState.OFFERED,
    CallState.TALKING,
    CallState.HELD,
    CallState.OUTSIDE,
)
"""Else he hears a greeting or a message to its end."""


class Ears:
    """Follows the orders about sound."""

    def __init__(self) -> None:
        self._hears: dict[LegId, Heard] = {}

    def hear(self, commands: Iterable[AnyCommand]) -> None:
        """Carries the orders out."""
        for command in commands:
            match command:
                case c.PlayMusic(leg=leg):
                    self._hears[leg] = MUSIC
                case (
                    c.ConnectLegs(leg=leg, agent_leg=agent) | c.ResumeCall(leg=leg, agent_leg=agent)
                ):
                    self._hears[leg], self._hears[agent] = frozenset({agent}), frozenset({leg})
                case c.HoldCall(leg=leg, agent_leg=agent):
                    self._hears[leg], self._hears[agent] = MUSIC, SILENCE
                case c.MixCall(hears=hears):
                    for one in hears:
                        self._hears[one.leg] = MUSIC if one.music else frozenset(one.others)
                case c.ReleaseAgent(leg=leg) | c.HangUpLeg(leg=leg):
                    self._hears.pop(leg, None)
                case _:
                    pass

    def check(self, state: State) -> None:
        """Compares what is heard with what should be."""
        for one in state.agents.values():
            if one.leg is not None and one.gone_at is not None:
                self._hears.pop(one.leg, None)
        in_a_call = {one.leg: one.call for one in state.agents.values() if one.call is not None}
        for leg, heard in self._hears.items():
            is_on_record = leg in in_a_call or leg not in state.agents_by_leg or not heard
            expect(is_on_record, "I23", f"{leg} hears {heard}, and no record says so")
        for call in state.calls.values():
            rings_outside = call.state is CallState.FORWARDED and bool(call.parties)
            if (call.state in _HEARS_US or rings_outside) and call.has_leg:
                self._check_call(state, call)

    def _check_call(self, state: State, call: Call) -> None:
        owner = None if call.agent is None else state.agents[call.agent]
        owner_leg = owner.leg if owner is not None and owner.gone_at is None else None
        there = [party for party in call.parties if _is_there(state, party)]
        thirds = {party.leg for party in there if party.kind is PartyKind.THIRD}
        listening = {p.leg: p.mode for p in there if p.kind is PartyKind.LISTENER}
        asked = {party.leg for party in there if party.kind is PartyKind.CONSULTED}
        is_held = call.state is CallState.HELD
        room = (thirds | {call.leg}) if call.gone_at is None else set(thirds)
        if owner_leg is not None and not is_held:
            room.add(owner_leg)
        elif call.state not in (CallState.OUTSIDE, CallState.FORWARDED):
            room = set()
        conferring = {owner_leg, *asked} if is_held and owner_leg is not None and asked else set()
        is_open = owner_leg in room
        barging = {leg for leg, mode in listening.items() if mode is ListenMode.BARGE and is_open}
        whispers = {leg for leg, mode in listening.items() if mode is ListenMode.WHISPER}
        if call.gone_at is None:
            self._expect(call.leg, _others(room | barging, call.leg), call)
        for leg in thirds:
            self._expect(leg, _others(room | barging, leg), call)
        for leg in listening:
            self._expect(leg, (frozenset(room | barging) - {leg}) if is_open else SILENCE, call)
        for leg in asked:
            self._expect(leg, _others(conferring, leg), call)
        if owner_leg is not None and there:
            waits = SILENCE if is_held else MUSIC
            talking = room | barging | whispers
            others = _others(conferring if is_held else talking, owner_leg)
            self._expect(owner_leg, waits if others == MUSIC else others, call)

    def _expect(self, leg: LegId, expected: Heard, call: Call) -> None:
        heard = self._hears.get(leg)
        expect(heard == expected, "I19", f"{leg} in call {call.id} hears {heard}, not {expected}")


def _is_there(state: State, party: Party) -> bool:
    is_here = party.agent is None or state.agents[party.agent].gone_at is None
    return party.state is PartyState.JOINED and is_here


def _others(room: set[LegId], leg: LegId) -> Heard:
    return frozenset(room - {leg}) if leg in room and len(room) > 1 else MUSIC
