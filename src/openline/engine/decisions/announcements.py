"""What is a waiting caller told, and when?

At the entry, unless an agent is found at once, and then again and again where the queue says so:
his place, and how much longer it may take. Where nothing honest can be said nothing is. Nobody is
interrupted while he is being offered to an agent, nor told anything while his connection is lost.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.estimate import mean_of, wait_estimate
from openline.engine.settings import Announcements
from openline.engine.state import Call, CallState, State
from openline.model import Duration, Instant

_HAS_A_PLACE = (CallState.QUEUED, CallState.OFFERED)


def estimate_of(state: State, call: Call, place: int) -> Duration | None:
    """Returns how much longer a waiting call at this place may wait; None: nobody can tell.

    Counted are those at work who meet the queue's own needs; its wait must be `estimated`.
    """
    assert call.queue is not None, f"call {call.id} waits in no queue"
    agents = state.index.work.at_work[call.queue, call.origin, 0]
    times = state.handled.get(call.queue, {}).get(call.origin, [])
    return wait_estimate(place, agents, mean_of(times))


def announce(d: Decision, call: Call) -> None:
    """Tells the caller what can be told, and sets when he is told again."""
    assert call.queue is not None, f"call {call.id} waits in no queue"
    told = d.state.queues[call.queue].announcements
    if told is None or not call.has_leg:
        return  # nobody listens before a callback is dialled
    place: int | None = None
    wait: Duration | None = None
    if call.is_waiting and call.gone_at is None:
        at = d.state.index.callers.place_of(call)
        place = at if told.place else None
        wait = estimate_of(d.state, call, at) if told.wait else None
    d.record(
        e.WaitAnnounced(
            call=call.id, queue=call.queue, place=place, wait=wait, next_at=_next_at(d, told)
        )
    )
    if place is not None or wait is not None:
        d.order(
            c.AnnounceWait(id=d.command_id(), leg=call.leg, call=call.id, place=place, wait=wait)
        )


def _next_at(d: Decision, told: Announcements) -> Instant | None:
    return Instant(d.now + told.every) if told.every else None


def reckon_anew(d: Decision) -> None:
    """Begins again for all who wait, by a changed configuration."""
    for call in list(d.state.calls.values()):
        if call.state in _HAS_A_PLACE and call.queue in d.state.index.callers.estimated:
            announce(d, call)
