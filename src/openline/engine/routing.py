"""Who gets the next call.

This is the file that decides it, and there are only two questions:

- a call waits: which agent?  The one who has been idle longest of those who can serve it.
- an agent is idle: which call?  Real calls before practice; then the higher priority; then the
  longer wait; then the lower call number. So within a queue and priority, first come, first served.

Both are asked only at the moment when something changes (a call comes to a queue, an agent becomes
ready), and after each answer nobody idle is left who could serve somebody waiting. So one question
touches one call and one agent, whatever the numbers: O(log n) for the heaps in `index`, times the
queues that the agent serves.
"""

from openline.engine.index import Place
from openline.engine.state import Agent, Call, State
from openline.model import Origin

_ORIGIN_RANK = {Origin.REAL: 0, Origin.SIMULATED: 1, Origin.PRACTICE: 2}


def next_agent(state: State, call: Call) -> Agent | None:
    """Returns the agent to whom the waiting call is to be offered, or None if nobody can."""
    if call.queue is None:
        return None
    return state.index.longest_idle((call.queue, call.origin))


def next_call(state: State, agent: Agent) -> Call | None:
    """Returns the call that is to be offered to the idle agent, or None if nobody waits."""
    best: tuple[int, Place] | None = None
    for queue in state.index.queues_of(agent.key):
        for origin in agent.origins:
            place = state.index.first_waiting((queue, origin))
            if place is not None:
                ranked = (_ORIGIN_RANK[origin], place)
                if best is None or ranked < best:
                    best = ranked
    return None if best is None else state.calls[best[1][2]]
