"""What a supervisor sees of listening to a talk. A pure function from the durable state to values.

Not who calls, and nothing of the call: whether somebody can listen, why not, and who does.
"""

from openline.centre.views import View
from openline.configuration import Published
from openline.engine import AgentState, State
from openline.engine.parties import PartyKind
from openline.model import AgentKey, Reason


def listening_view(
    state: State, published: Published, key: AgentKey, language: str, refused: Reason | None
) -> View | None:
    """Returns who listens to the agent's talk, or why nobody can; None while she has no talk."""
    agent = state.agents[key]
    if agent.state is not AgentState.TALKING or refused is Reason.CALL_IS_OVER:
        return None
    call = None if agent.call is None else state.calls.get(agent.call)
    listener = next(
        (one for one in (call.parties if call else ()) if one.kind is PartyKind.LISTENER), None
    )
    by = None if listener is None else listener.agent
    mode = None if listener is None else listener.mode
    return {
        "refused": None if refused is None else refused.value,
        "by": None if by is None else published.name_of("agent", by, language),
        "mode": None if mode is None else mode.value,
    }


def listens_to(state: State, supervisor: AgentKey, agent: AgentKey) -> bool:
    """Tells whether a supervisor listens to the agent's talk now."""
    one = state.agents.get(agent)
    call = None if one is None or one.call is None else state.calls.get(one.call)
    return call is not None and any(
        party.kind is PartyKind.LISTENER and party.agent == supervisor for party in call.parties
    )


def why_busy(state: State, supervisor: AgentKey) -> str | None:
    """Returns in one word why a supervisor cannot begin to listen; None if she can."""
    one = state.agents.get(supervisor)
    if one is None or one.state is AgentState.SIGNED_OUT:
        return "not_at_desk"
    return None if one.state in (AgentState.READY, AgentState.PAUSED) else "listener_busy"
