"""Who hears whom in a call with more than two in it?

A pure function of the state, asked at every change; its answer replaces the one before. The owner
is with the caller and the thirds while the call is `talking`, and with whoever she consults while
it is `held`. Nobody is left in a room with nobody who answers for the call: while the owner is away
or lost, caller and thirds hear music, each alone, and so does whoever is consulted; only the owner
waits for an answer in silence. A call that was handed on or sent outside is answered for there.

A supervisor hears who is with the caller, and is heard by nobody, by the owner, or by all; while
the owner is away he hears nothing. Whoever is lost is not in it: when he is back he is told anew.
"""

from openline.engine.parties import ListenMode, PartyKind, PartyState
from openline.engine.state import Call, CallState, State
from openline.engine.value import Value
from openline.model import LegId

Room = tuple[LegId, ...]
_ANSWERED_OUTSIDE = (CallState.OUTSIDE, CallState.FORWARDED)


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
    is_answered_for = (here and not is_away) or call.state in _ANSWERED_OUTSIDE
    with_caller = (*caller, *(() if is_away else here), *thirds) if is_answered_for else ()
    consulting = (*here, *consulted) if here and is_away else ()
    found = [_heard(leg, with_caller) for leg in caller]
    for leg in here:
        room = consulting if is_away else with_caller
        waits = is_away and not consulted
        found.append(Hears(leg=leg) if waits else _heard(leg, room))
    found += [_heard(leg, with_caller) for leg in thirds]
    found += [_heard(leg, consulting) for leg in consulted]
    if any(party.kind is PartyKind.LISTENER for party in call.parties):
        return _with_listeners(state, call, tuple(found), with_caller, here)
    return tuple(found)


def _with_listeners(
    state: State, call: Call, found: tuple[Hears, ...], with_caller: Room, owner: Room
) -> tuple[Hears, ...]:
    """Adds those who listen, and to the others what they hear of them."""
    is_there = bool(owner) and owner[0] in with_caller
    heard = {one.leg: one for one in found}
    room = with_caller if is_there else ()
    listeners = _listeners(state, call)
    for leg, mode in listeners:
        speaks_to = {ListenMode.LISTEN: (), ListenMode.WHISPER: owner, ListenMode.BARGE: room}
        for other in speaks_to[mode] if is_there else ():
            known = heard[other]
            heard[other] = Hears(leg=other, others=(*known.others, leg))
    barging = tuple(leg for leg, mode in listeners if mode is ListenMode.BARGE)
    for leg, _ in listeners:
        others = tuple(other for other in (*room, *barging) if other != leg) if is_there else ()
        heard[leg] = Hears(leg=leg, others=others)
    return tuple(heard.values())


def _listeners(state: State, call: Call) -> list[tuple[LegId, ListenMode]]:
    return [
        (party.leg, party.mode)
        for party in call.parties
        if party.mode is not None
        and party.agent is not None
        and state.agents[party.agent].gone_at is None
    ]


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
