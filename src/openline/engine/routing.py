"""Who gets the next call.

This is the file that decides it, and there are only two questions:

- a call waits: which agent?  Of those who can serve it the one whom the queue's choice ranks first
  (`choice`): who has been idle longest, unless the queue says otherwise.
- an agent is idle: which call?  Real calls before practice; then whoever waits past the ceiling of
  his queue, the longest wait first; then the higher priority, with what it gained by waiting; then
  the longer wait; then the lower call number. So within a queue and priority, first come, first
  served. Only who belongs to partners whose share is full (`shares`) is passed over, as long as
  anybody else waits whom she could take: its limit holds past the ceiling too.

Who can serve a call grows with its wait where a queue *overflows*: at each step also those who
meet the needs of that step. Of two calls of a queue the one that waits longer has never reached
fewer steps, so a step changes nobody's place.

Both are asked only at the moment when something changes (a call comes to a queue, an agent becomes
ready), and after each answer nobody idle is left who could serve somebody waiting. So one question
touches one call and one agent, whatever the numbers: O(log n) for the heaps in `index`, times the
queues that the agent serves and their steps.
"""

from fractions import Fraction

from openline.engine.rings import NOBODY
from openline.engine.state import Agent, Call, State
from openline.model import CallId, Instant, Origin, Reason

_LONGEST_WAITING, _PAST_CEILING = Reason.LONGEST_WAITING, Reason.PAST_CEILING

_Ranked = tuple[int, int, int | Fraction, Instant, CallId]
"""Origin, whether short of the ceiling, level, waiting since, number: the least is next."""
ORIGIN_RANK = {Origin.REAL: 0, Origin.SIMULATED: 1, Origin.PRACTICE: 2}
"""Whose calls go first."""


def next_agent(state: State, call: Call) -> Agent | None:
    """Returns the agent to whom the waiting call is to be offered, or None if nobody can."""
    if call.queue is None:
        return None
    return state.index.idle.first_idle(call.queue, call.origin, call.step)


def next_call(state: State, agent: Agent) -> tuple[Call, Reason, Call | None] | None:
    """Returns the call that is to be offered to the idle agent and why, or None.

    The last is who was passed over for it because a share limit held, if anybody was.
    """
    callers, now = state.index.callers, state.now
    best: _Ranked | None = None
    for origin in agent.origins:
        for ring, listed in callers.waiting_for(agent.key, origin):
            if not listed:
                continue
            first = callers.first_waiting(ring)
            if first is None:
                continue
            oldest = callers.past_ceiling(ring, now) if callers.has_ceilings else None
            if oldest is not None:
                ranked: _Ranked = (ORIGIN_RANK[origin], 0, oldest[0], oldest[1], oldest[2])
            else:
                level = callers.level(first, ring[0], now)
                ranked = (ORIGIN_RANK[origin], 1, level, first[1], first[2])
            if best is None or ranked < best:
                best = ranked
    passed_over: Call | None = None
    if callers.limits.paths:
        with_room = _first_limited(state, agent, with_room=True)
        if with_room is not None and (best is None or with_room < best):
            best = with_room
        anybody = _first_limited(state, agent, with_room=False)
        if best is None:
            best = anybody
        elif anybody is not None and anybody < best:
            passed_over = state.calls[anybody[4]]
    if best is None:
        return None
    return state.calls[best[4]], _LONGEST_WAITING if best[1] else _PAST_CEILING, passed_over


def _first_limited(state: State, agent: Agent, *, with_room: bool) -> _Ranked | None:
    """Returns who is first of the partners' calls that are kept apart for their limits."""
    callers, now = state.index.callers, state.now
    best: _Ranked | None = None
    for origin in agent.origins:
        for ring, _ in callers.waiting_for(agent.key, origin):
            place, is_past = callers.first_limited(ring, now, with_room=with_room)
            if place is NOBODY:
                continue
            level = place[0] if is_past else callers.level(place, ring[0], now)
            ranked = (ORIGIN_RANK[origin], int(not is_past), level, place[1], place[2])
            if best is None or ranked < best:
                best = ranked
    return best
