"""Who hears whom in a call with more than two in it?

A pure function of the state, asked at every change; its answer replaces the one before. The owner
is with the caller and the thirds while the call is `talking`, and with whoever she consults while
it is `held`. Nobody is left in a room with nobody who answers for the call: while the owner is away
or lost, caller and thirds hear music, each alone, and so does whoever is consulted; only the owner
waits for an answer in silence. A call that was handed on outside is answered for there. Whoever is
lost is not in it: when he is back he is told anew.
"""

from openline.engine.parties import PartyKind, PartyState
from openline.engine.state import Call, CallState, State
from openline.engine.value import Value
from openline.model import LegId

Room = tuple[LegId, ...]


class Hears(Value, frozen=True, kw_only=True):
    """Says what is heard at one leg: these others, or music, or nothing."""

    leg: LegId
    others: Room = ()
    music: bool = False


def who_hears_whom(state: State, call: Call) -> tuple[Hears, ...]:
    """Returns what each leg that is there hears; the caller first, then the owner."""
    owner = None if call.agent is None else state.agents[call.agent]
    here = () if owner is None or owner.gone_at is not None or owner.leg is None else (owner.leg,)
    caller = () if call.gone_at is not None else (call.leg,)
    thirds = _joined(state, call, PartyKind.THIRD)
    consulted = _joined(state, call, PartyKind.CONSULTED)
    is_away = call.state is CallState.HELD
    is_answered_for = (here and not is_away) or call.state is CallState.OUTSIDE
    with_caller = (*caller, *(() if is_away else here), *thirds) if is_answered_for else ()
    consulting = (*here, *consulted) if here and is_away else ()
    found = [_heard(leg, with_caller) for leg in caller]
    for leg in here:
        room = consulting if is_away else with_caller
        waits = is_away and not consulted
        found.append(Hears(leg=leg) if waits else _heard(leg, room))
    found += [_heard(leg, with_caller) for leg in thirds]
    found += [_heard(leg, consulting) for leg in consulted]
    return tuple(found)


def is_heard_at(mix: tuple[Hears, ...], leg: LegId) -> bool:
    """Tells whether somebody is heard at the leg, so that a sound session of its own is needed."""
    return any(heard.leg == leg and heard.others for heard in mix)


def _joined(state: State, call: Call, kind: PartyKind) -> Room:
    return tuple(
        party.leg
        for party in call.parties
        if party.kind is kind
        and party.state is PartyState.JOINED
        and (party.agent is None or state.agents[party.agent].gone_at is None)
    )


def _heard(leg: LegId, room: Room) -> Hears:
    others = tuple(other for other in room if other != leg) if leg in room else ()
    return Hears(leg=leg, others=others, music=not others)
