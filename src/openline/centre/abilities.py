"""Can the telephony do what is asked? Said before anything is recorded.

The engine knows calls and no telephones. So the centre asks the ports of everybody concerned first,
and what one of them cannot do is refused in words, as the engine refuses: nothing is recorded, and
nothing changes. Whatever passes here the engine may still refuse for reasons of its own.
"""

from collections.abc import Mapping

from openline.engine import AnyInput, Call, State
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Reason
from openline.telephony.port import TelephonyPort


def missing_ability(
    seen: AnyInput, state: State, ports: Mapping[str, TelephonyPort]
) -> Reason | None:
    """Returns why the telephony cannot do what is asked; None where it can, or nothing is asked."""
    match seen:
        case i.TransferRequested():
            call = _call_of(state, seen.agent)
            able = call is None or _can(ports, call.leg, "transfer")
            return None if able else Reason.CANNOT_TRANSFER
        case _:
            return None


def _call_of(state: State, key: AgentKey) -> Call | None:
    agent = state.agents.get(key)
    return None if agent is None or agent.call is None else state.calls.get(agent.call)


def _can(ports: Mapping[str, TelephonyPort], leg: LegId, ability: str) -> bool:
    port = ports.get(prefix_of(leg))
    return port is not None and bool(getattr(port.capabilities, ability))


def prefix_of(leg: LegId) -> str:
    """Returns the name of the port that holds a leg."""
    return leg.partition(":")[0]
