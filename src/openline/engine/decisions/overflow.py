"""To whom else is a call offered when it has waited?

A queue's overflow is a list of steps, each with a wait and with needs. A call that has waited so
long may also be offered to agents who meet these needs, those of the steps before still included.
It stays in its queue and keeps its place. The wait counts from `waiting_since`, so that of two
calls of a queue the one with the better place has never reached fewer steps: no step ever lets a
later caller overtake an earlier one.
"""

from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.settings import OverflowStep
from openline.engine.state import Call, CallState
from openline.model import Duration, Instant, Reason

_HAS_A_PLACE = (CallState.QUEUED, CallState.OFFERED)


def reached(steps: tuple[OverflowStep, ...], waited: Duration) -> int:
    """Returns how many of the steps a call has reached that has waited so long.

    >>> steps = tuple(OverflowStep(after=Duration(after), needs=()) for after in (60, 120))
    >>> [reached(steps, Duration(waited)) for waited in (59, 60, 119, 120)]
    [0, 1, 1, 2]
    """
    return sum(1 for step in steps if step.after <= waited)


def widen(d: Decision, call: Call, reason: Reason) -> None:
    """Lets a call reach every step that its wait has come to; nobody is routed yet."""
    assert call.queue is not None, f"call {call.id} overflows from no queue"
    assert call.waiting_since is not None, f"call {call.id} waits since never"
    steps = d.state.queues[call.queue].overflow
    step = reached(steps, Duration(d.now - call.waiting_since))
    next_at = Instant(call.waiting_since + steps[step].after) if step < len(steps) else None
    d.record(
        e.CallWidened(call=call.id, queue=call.queue, step=step, next_at=next_at, reason=reason)
    )


def reckon_anew(d: Decision, reason: Reason) -> None:
    """Lets every waiting call reach the steps that new rules give it."""
    overflows = d.state.index.callers.overflows
    if overflows:
        for call in list(d.state.calls.values()):
            if call.state in _HAS_A_PLACE and call.queue in overflows:
                widen(d, call, reason)
