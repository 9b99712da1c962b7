"""Who hears whom in a call with more than two in it?

A pure function of the state, asked at every change; its answer replaces the one before. The owner
is with the caller while the call is `talking`, and with whoever she consults while it is `held`.
Whoever is in a room with nobody else hears music, except the owner, who waits for an answer in
silence. Whoever is lost is not in it: when he is back he is told anew.
"""

from openline.engine.parties import PartyState
from openline.engine.state import Agent, Call, CallState, State
from openline.engine.value import Value
from openline.model import LegId


class Hears(Value, frozen=True, kw_only=True):
    """Says what is heard at one leg: these others, or music, or nothing."""

    leg: LegId
    others: tuple[LegId, ...] = ()
    music: bool = False


def who_hears_whom(state: State, call: Call) -> tuple[Hears, ...]:
    """Returns what each leg that is there hears; the caller first, then the owner."""
    owner = None if call.agent is None else state.agents[call.agent]
    with_caller, consulting = _rooms(state, call, owner)
    found = [] if call.gone_at is not None else [_heard(call.leg, with_caller)]
    if owner is not None and owner.gone_at is None and owner.leg is not None:
        is_away = call.state is CallState.HELD
        heard = _heard(owner.leg, consulting if is_away else with_caller)
        waits = is_away and not any(p.state is PartyState.JOINED for p in call.parties)
        found.append(Hears(leg=owner.leg) if waits else heard)
    found += [_heard(leg, consulting) for leg in _consulted(state, call)]
    return tuple(found)


def is_heard_at(mix: tuple[Hears, ...], leg: LegId) -> bool:
    """Tells whether somebody is heard at the leg, so that a sound session of its own is needed."""
    return any(heard.leg == leg and heard.others for heard in mix)


def _rooms(
    state: State, call: Call, owner: Agent | None
) -> tuple[tuple[LegId, ...], tuple[LegId, ...]]:
    """Returns who is in the caller's room and who in the one of the consultation."""
    here = () if owner is None or owner.gone_at is not None or owner.leg is None else (owner.leg,)
    caller = () if call.gone_at is not None else (call.leg,)
    consulted = _consulted(state, call)
    if call.state is CallState.HELD:
        return caller, (*here, *consulted)
    return (*caller, *here), consulted


def _consulted(state: State, call: Call) -> tuple[LegId, ...]:
    return tuple(
        party.leg
        for party in call.parties
        if party.state is PartyState.JOINED and state.agents[party.agent].gone_at is None
    )


def _heard(leg: LegId, room: tuple[LegId, ...]) -> Hears:
    others = tuple(other for other in room if other != leg)
    return Hears(leg=leg, others=others, music=not others)
