"""When is a call taken out of its queue and sent elsewhere?

A queue's interflow is a list of rules, each with a destination; the first that holds counts. Some
are asked when a call comes to the queue, the maximum wait when it has passed. All are carried out
at the end of the step, when everybody has been routed: whoever found an agent by then stays. A call
that rings, or whose caller is lost for the moment, is let be; it leaves when that comes to nothing.
One that was sent outside in vain is asked again as it comes back; that rule is not among them then.

Nobody is sent in circles: `send_to` counts, and past the limit a call stays where it is (I26).
"""

from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions.acts import offer_call
from openline.engine.decisions.announcements import estimate_of
from openline.engine.decisions.forwarding import forward
from openline.engine.decisions.rules import maximum_wait_at, may_flow_out, may_leave, rules_of
from openline.engine.decisions.sending import send_to
from openline.engine.destinations import ToOutside
from openline.engine.settings import FlowsWhen, Interflow
from openline.engine.state import Call, CallState
from openline.model import Reason

_HAS_A_PLACE = (CallState.QUEUED, CallState.OFFERED)
_REASONS = {
    FlowsWhen.WAITED: Reason.MAXIMUM_WAIT,
    FlowsWhen.LONG_WAIT: Reason.LONG_WAIT,
    FlowsWhen.NOBODY_AT_WORK: Reason.NOBODY_AT_WORK,
}


def maximum_wait_reached(d: Decision, call: Call) -> None:
    """Notes that the call has waited for the maximum of its queue; it leaves as soon as it can."""
    assert call.queue is not None, f"call {call.id} waits in no queue"
    d.record(e.MaximumWaitReached(call=call.id, queue=call.queue))
    may_leave(d, call)


def reckon_anew(d: Decision, reason: Reason) -> None:
    """Gives every waiting call the maximum that new rules have, counted from when it came."""
    for call in list(d.state.calls.values()):
        if call.state in _HAS_A_PLACE and may_flow_out(call):
            _move_maximum(d, call, reason)


def _move_maximum(d: Decision, call: Call, reason: Reason) -> None:
    assert call.queue is not None, f"call {call.id} waits in no queue"
    assert call.queued_at is not None, f"call {call.id} waits since never"
    leaves_at = maximum_wait_at(d.state, call, call.queue, call.queued_at)
    is_over = leaves_at is not None and leaves_at <= d.now
    if call.is_overdue and is_over:
        may_leave(d, call)
    elif call.is_overdue or leaves_at != call.leaves_at:
        d.record(
            e.MaximumWaitMoved(call=call.id, queue=call.queue, leaves_at=leaves_at, reason=reason)
        )
        if is_over:
            maximum_wait_reached(d, call)


def leave_queues(d: Decision) -> None:
    """Sends away whoever is to leave at the end of this step.

    Where one is sent to a queue, that queue's rules are asked in turn.
    """
    while d.to_leave:
        call = d.state.calls.get(d.to_leave.pop(0))
        if call is not None and call.is_waiting and call.gone_at is None:
            rule = _rule_for(d, call)
            if rule is not None and not _leave_by(d, call, rule):
                offer_call(d, call)


def _leave_by(d: Decision, call: Call, rule: Interflow) -> bool:
    reason = _REASONS[rule.when]
    if isinstance(rule.to, ToOutside):
        return forward(d, call, rule, rule.to, reason)
    return send_to(d, call, rule.to, reason, keeps_place=rule.keeps_place)


def _rule_for(d: Decision, call: Call) -> Interflow | None:
    assert call.queue is not None, f"call {call.id} waits in no queue"
    for rule in rules_of(d.state, call, call.queue):
        if _holds(d, call, rule):
            return rule
    return None


def _holds(d: Decision, call: Call, rule: Interflow) -> bool:
    assert call.queue is not None, f"call {call.id} waits in no queue"
    if rule.when is FlowsWhen.WAITED:
        assert call.queued_at is not None, f"call {call.id} waits since never"
        return call.is_overdue and call.queued_at + rule.after <= d.now
    if d.now not in (call.queued_at, call.back_at):
        return False  # it did not just come
    if rule.when is FlowsWhen.NOBODY_AT_WORK:
        return not d.state.index.work.is_staffed((call.queue, call.origin))
    wait = estimate_of(d.state, call, d.state.index.callers.place_of(call))
    return wait is not None and wait > rule.after
