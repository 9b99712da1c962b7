"""Inputs by which a conversation changes hands.

A blind transfer is a new queue entry: the caller hears music, the agent does the work after the
call, and what can befall a waiting call can befall this one. Nobody waits twice for it: his place
counts from when he first waited, and a queue may give such calls a higher priority.

To one agent it is an offer with a lease like any other, made out of the queue that the call is in.
If she does not take it, the call is there at its old place and goes to whoever is next: the agent
who handed it on is in her wrap-up or has the next caller already, and nobody may be made ready.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import (
    inform,
    offer,
    offer_call,
    put_into,
    talk_so_far,
    wrap_up,
)
from openline.engine.decisions.outside import transfer_outside
from openline.engine.decisions.parties import (
    clear_for_another,
    consulted_in,
    others_in,
    send_on,
    whom_to_ask,
)
from openline.engine.decisions.requests import own_call
from openline.engine.destinations import ToQueue
from openline.engine.state import Call
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import Reason


def transfer_requested(d: Decision, seen: i.TransferRequested) -> None:
    """Hands the caller on; his agent is let go."""
    own = own_call(d, seen)
    if own is None:
        return
    agent, call = own
    refusal = _refusal(d, call, seen.to)
    if refusal is not None:
        d.refuse(seen, agent.key, refusal)
        return
    to = seen.to
    if isinstance(to, ToOutside):
        transfer_outside(d, call, agent, d.state.outside[to.outside])
        return
    assert call.queue is not None, f"call {call.id} is talked in and came by no queue"
    freed = clear_for_another(d, call)
    talked, held = talk_so_far(call, d.now)
    d.record(
        e.CallTransferred(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            agent=agent.key,
            to=seen.to,
            reason=Reason.TRANSFERRED,
            talked=talked,
            held=held,
        )
    )
    wrap_up(d, call, agent, Reason.TRANSFERRED)
    queue = d.state.queues[to.queue if isinstance(to, ToQueue) else call.queue]
    priority = max(queue.priority, queue.transferred_priority)
    put_into(d, call, queue, priority, Reason.TRANSFERRED, call.waiting_since)
    send_on(d, freed)
    if isinstance(to, ToAgent):
        offer(d, call, d.state.agents[to.agent], Reason.TRANSFERRED)
    else:
        offer_call(d, call)
    inform(d, call, queue)


def _refusal(d: Decision, call: Call, to: Target) -> Reason | None:
    """Returns why the call cannot be handed on like this now, or None."""
    if others_in(call):
        is_asking = consulted_in(call) is not None
        return Reason.CONSULT_UNDER_WAY if is_asking else Reason.OTHERS_IN_CALL
    if isinstance(to, ToQueue):
        return None if to.queue in d.state.queues else Reason.UNKNOWN_QUEUE
    if isinstance(to, ToAgent) and to.agent in d.state.agents and call.gone_at is not None:
        return Reason.CALLER_LOST
    asked = whom_to_ask(d, call, to)
    return asked if isinstance(asked, Reason) else None
