"""When are people at home rung?

When a real call waits in a queue that has an on-call list, and nobody is at work who meets the
queue's own needs: all paused, gone or signed out. Agents to whom its calls only overflow do not
count, for they are a makeshift, and those at home are not. They are rung once. Not before somebody
was at work again, or the last call has left, can they be rung for another time; so nothing loops.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.state import CallState, State
from openline.model import AgentKey, Instant, LegId, Origin, QueueKey, Reason

_WAITING = (CallState.QUEUED, CallState.OFFERED)


def watch_queues(d: Decision) -> None:
    """Notes which queues have become unstaffed or staffed by this step."""
    state = d.state
    for queue in state.index.work.on_call:
        at_work = state.index.work.at_work[queue, Origin.REAL, 0]
        if queue in state.unstaffed:
            if at_work or not _anybody_waits(state, queue):
                d.record(e.QueueStaffed(queue=queue))
        elif not at_work and state.index.callers.anybody_waits((queue, Origin.REAL)):
            ring_at = Instant(d.now + state.queues[queue].on_call_after)
            d.record(e.QueueUnstaffed(queue=queue, ring_at=ring_at))
            if ring_at <= d.now:
                _ring_on_call(d, queue)
    for queue in [queue for queue in state.unstaffed if queue not in state.index.work.on_call]:
        d.record(e.QueueStaffed(queue=queue))


def _anybody_waits(state: State, queue: QueueKey) -> bool:
    """Whether a caller is in the queue; one whose page is lost for a moment counts."""
    return state.index.callers.anybody_waits((queue, Origin.REAL)) or any(
        call.queue == queue and call.origin is Origin.REAL and call.state in _WAITING
        for call in state.calls.values()
    )


def on_call_due(d: Decision, queue: QueueKey) -> None:
    """Rings the list if it is still needed: the last call may have ended at this very moment."""
    if d.state.index.work.at_work[queue, Origin.REAL, 0] or not _anybody_waits(d.state, queue):
        d.record(e.QueueStaffed(queue=queue))
    else:
        _ring_on_call(d, queue)


def _ring_on_call(d: Decision, queue: QueueKey) -> None:
    """Rings everybody on the list who is neither at work elsewhere nor recovering."""
    agents = tuple(key for key in d.state.queues[queue].on_call if _may_be_rung(d.state, key))
    d.record(e.OnCallRung(queue=queue, agents=agents))
    for agent in agents:
        d.order(
            c.RingOnCall(
                id=d.command_id(),
                leg=LegId(f"oncall:{agent}"),
                agent=agent,
                queue=queue,
                reason=Reason.NOBODY_AT_WORK,
            )
        )


def _may_be_rung(state: State, key: AgentKey) -> bool:
    agent = state.agents.get(key)
    return agent is not None and not agent.is_at_work and agent.rests_until is None
