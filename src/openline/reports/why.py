"""What did routing know when a call came to wait, and when it was offered to her?

How many were before it, how many of those who could take it were at work and how many of them
ready. None of that stands in the events, and none of it has to: the fold of the record is the state
that was, so it is looked up there. Costs a look at every agent.
"""

from openline.engine import Call, State
from openline.model import AgentKey, CallId
from openline.model.names import Name

Known = dict[str, int | str]


class WaitsBecause(Name):
    """Says why a call that came to a queue, or may be offered to more agents, waits."""

    NOBODY_AT_WORK = "nobody_at_work"
    """Of those who could take it nobody is signed in and taking calls."""
    NOBODY_READY = "nobody_ready"
    """All of them are in calls, being rung, or wrapping up."""


def known_of(state: State, call_id: CallId) -> Known:
    """Returns what routing knows of a waiting call; nothing of one that does not wait."""
    call = state.calls.get(call_id)
    if call is None or not call.is_waiting or call.queue is None:
        return {}
    line = state.index.callers.in_line((call.queue, call.origin), state.now)
    able = [key for key in state.agents if _could_take(state, key, call)]
    return {
        "before": line.index(call.id),
        "able": sum(state.agents[key].is_at_work for key in able),
        "able_ready": sum(state.agents[key].is_idle for key in able),
    }


def waits_of(known: Known) -> Known:
    """Returns what is known, with why the call waits, if nobody can take it at once."""
    if not known or known["able_ready"]:
        return known
    why = WaitsBecause.NOBODY_READY if known["able"] else WaitsBecause.NOBODY_AT_WORK
    return {**known, "waits_because": why.value}


def _could_take(state: State, agent: AgentKey, call: Call) -> bool:
    if call.queue is None or call.origin not in state.agents[agent].origins:
        return False
    return state.index.callers.may_take(agent, (call.queue, call.origin, call.step))
