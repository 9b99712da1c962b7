"""Can the telephony do what is asked? Said before anything is recorded.

The engine knows calls and no telephones. So the centre asks the ports of everybody concerned first,
and what one of them cannot do is refused in words, as the engine refuses: nothing is recorded, and
nothing changes. Whatever passes here the engine may still refuse for reasons of its own.
"""

from collections.abc import Mapping

from openline.engine import AnyInput, Call, CallState, State
from openline.engine import inputs as i
from openline.engine.decisions.listening import may_be_heard
from openline.engine.parties import PartyKind
from openline.engine.targets import ToOutside
from openline.model import AgentKey, LegId, Medium, Reason
from openline.telephony.port import TelephonyPort


def missing_ability(
    seen: AnyInput, state: State, ports: Mapping[str, TelephonyPort]
) -> Reason | None:
    """Returns why the telephony cannot do what is asked; None where it can, or nothing is asked."""
    match seen:
        case i.TransferRequested():
            return _lacking(seen, state, ports, "transfer", Reason.CANNOT_TRANSFER)
        case i.ConsultRequested():
            return _lacking(seen, state, ports, "consult", Reason.CANNOT_CONSULT)
        case i.ThirdRequested():
            return _lacking(seen, state, ports, "three", Reason.CANNOT_JOIN_THREE)
        case i.ListenRequested():
            legs = _legs_to_hear(seen, state)
            call = _call_of(state, seen.agent)
            able = all(_can(ports, leg, "listen", call) for leg in legs)
            return None if able else Reason.CANNOT_LISTEN
        case i.MediumChosen(medium=Medium.VOICE):
            return _lacking_voice(state.calls_by_leg.get(seen.leg), ports)
        case _:
            return None


def _lacking_voice(call: Call | None, ports: Mapping[str, TelephonyPort]) -> Reason | None:
    """Returns why a typed call cannot go on by voice: others are in it who could not be heard."""
    there = {party.kind for party in call.parties} if call is not None else set()
    if call is None or not there:
        return None
    can = {
        PartyKind.THIRD: ("three", Reason.CANNOT_JOIN_THREE),
        PartyKind.LISTENER: ("listen", Reason.CANNOT_LISTEN),
        PartyKind.CONSULTED: ("consult", Reason.CANNOT_CONSULT),
    }
    for kind, (ability, refusal) in can.items():
        if kind in there and not _can(ports, call.leg, ability):
            return refusal
    return None


def _lacking(
    seen: i.TransferRequested | i.ConsultRequested | i.ThirdRequested,
    state: State,
    ports: Mapping[str, TelephonyPort],
    ability: str,
    refusal: Reason,
) -> Reason | None:
    call = _call_of(state, seen.agent)
    if call is None:
        return None
    if not _can(ports, call.leg, ability, call):
        return refusal
    is_outside = isinstance(seen.to, ToOutside)
    return Reason.CANNOT_DIAL_OUT if is_outside and not _can(ports, call.leg, "outside") else None


def _legs_to_hear(seen: i.ListenRequested, state: State) -> tuple[LegId, ...]:
    """Returns whose telephony takes part: the caller's, the agent's and the supervisor's.

    Nobody's where callers are not told: that the engine refuses, and the attempt is on record.
    """
    call = _call_of(state, seen.agent)
    if call is None or not may_be_heard(state, call):
        return ()
    there = (state.agents.get(seen.agent), state.agents.get(seen.by))
    return (call.leg, *(one.leg for one in there if one is not None and one.leg is not None))


def why_not_heard(key: AgentKey, state: State, ports: Mapping[str, TelephonyPort]) -> Reason | None:
    """Returns why no supervisor can listen to the talk that the agent has; None where one can.

    Whether the one who asks can hear it is told when she asks.
    """
    call = _call_of(state, key)
    if call is None or call.agent != key or call.state is CallState.DIALLING:
        return Reason.CALL_IS_OVER
    if not may_be_heard(state, call):
        return Reason.NOT_HEARD_HERE
    agent = state.agents[key]
    legs = (call.leg,) if agent.leg is None else (call.leg, agent.leg)
    able = all(_can(ports, leg, "listen", call) for leg in legs)
    return None if able else Reason.CANNOT_LISTEN


def abilities_of(
    key: AgentKey, state: State, ports: Mapping[str, TelephonyPort]
) -> tuple[str, ...]:
    """Returns what the telephony can do with the call that the agent has; nothing without one."""
    call = _call_of(state, key)
    if call is None:
        return ()
    return tuple(ability for ability in _ASKED_FOR if _can(ports, call.leg, ability, call))


_ASKED_FOR = ("hold", "transfer", "consult", "three", "outside")
"""The abilities that an agent may want of her call, by the names that ports give them."""


def _call_of(state: State, key: AgentKey) -> Call | None:
    agent = state.agents.get(key)
    return None if agent is None or agent.call is None else state.calls.get(agent.call)


def _can(
    ports: Mapping[str, TelephonyPort], leg: LegId, ability: str, call: Call | None = None
) -> bool:
    """Tells whether the telephony of a leg has an ability, for this call where one is given.

    Who types is read by as many as may: nobody needs to be heard.
    """
    port = ports.get(prefix_of(leg))
    if port is None:
        return False
    is_read = call is not None and call.medium is Medium.TYPED and port.capabilities.writes
    return bool(getattr(port.capabilities, ability)) or (is_read and ability in _BY_READING)


_BY_READING = ("three", "listen")


def prefix_of(leg: LegId) -> str:
    """Returns the name of the port that holds a leg."""
    return leg.partition(":")[0]
