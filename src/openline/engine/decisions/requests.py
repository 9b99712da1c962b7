"""May an agent have what she asks for, in the state she is in?"""

from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import work_of
from openline.engine.state import Agent, AgentState, Call, CallState
from openline.engine.transitions import FULFILLED, REFUSALS, REQUESTS
from openline.model import Reason

_DIALLING = CallState.DIALLING
"""Asked at every request in a call; a member of an enum is slow to look up on its class."""


def permitted(d: Decision, seen: i.AgentRequest) -> Agent | None:
    """Returns the agent if the request makes sense in her state; else says why not."""
    agent = d.state.agents.get(seen.agent)
    kind = type(seen)
    if agent is None:
        d.refuse(seen, seen.agent, Reason.UNKNOWN_AGENT)
    elif agent.state in REQUESTS[kind]:
        return agent
    elif agent.state in FULFILLED.get(kind, ()):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif agent.state is AgentState.SIGNED_OUT:
        d.refuse(seen, seen.agent, Reason.NOT_SIGNED_IN)
    else:
        d.refuse(seen, seen.agent, REFUSALS.get(kind, Reason.NOT_IN_THIS_STATE))
    return None


def own_call(d: Decision, seen: i.AgentRequest) -> tuple[Agent, Call] | None:
    """Returns the agent with the call that is hers; else says why not."""
    agent = permitted(d, seen)
    if agent is None:
        return None
    call = work_of(d, agent)
    if call is None:
        d.refuse(seen, agent.key, Reason.NOT_YOUR_CALL)
        return None
    if call.state is _DIALLING:
        d.refuse(seen, agent.key, Reason.STILL_DIALLING)
        return None
    return agent, call
