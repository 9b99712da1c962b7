"""May an agent have what she asks for, in the state she is in?"""

from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import conversation
from openline.engine.state import Agent, AgentState, Call
from openline.engine.transitions import FULFILLED, REFUSALS, REQUESTS
from openline.model import Reason


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


def talk_of(d: Decision, seen: i.AgentRequest, agent: Agent) -> Call | None:
    """Returns the conversation that the request is about; while she dials, says that it is none."""
    call = conversation(d, agent)
    if call is None:
        d.refuse(seen, agent.key, Reason.STILL_DIALLING)
    return call
