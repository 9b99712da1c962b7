"""Which of the interflow rules of a queue concern a call, and when has it waited for the maximum?

`interflow` asks them and carries them out; here is what others need to know of them. A rule that
leads outside concerns only calls that may go there, and each until it was sent there once.
"""

from openline.engine.decision import Decision
from openline.engine.destinations import ToOutside
from openline.engine.settings import FlowsWhen, Interflow, OutsideKind, OutsideSettings
from openline.engine.state import Call, State
from openline.model import Instant, Origin, OutsideKey, QueueKey

_WAITED = FlowsWhen.WAITED


def may_flow_out(call: Call) -> bool:
    """Tells whether a queue may send the call elsewhere: no practice call and no callback."""
    return call.origin is not Origin.PRACTICE and call.callback is None


def may_be_connected(call: Call, outside: OutsideSettings) -> bool:
    """Tells whether calls of this line may be connected with who is outside."""
    return not outside.lines or call.line in outside.lines


def rules_of(state: State, call: Call, queue: QueueKey) -> tuple[Interflow, ...]:
    """Returns the rules by which the queue may send the call elsewhere, in their order."""
    if not may_flow_out(call):
        return ()
    return tuple(
        rule
        for rule in state.queues[queue].interflow
        if not isinstance(rule.to, ToOutside) or _may_be_forwarded(state, call, rule.to)
    )


def _may_be_forwarded(state: State, call: Call, to: ToOutside) -> bool:
    """Tells whether the call may be sent there: once, and if the number is for it."""
    return call.forwarded_to is None and number_for(state, call, to.outside) is not None


def number_for(state: State, call: Call, key: OutsideKey) -> OutsideSettings | None:
    """Returns the destination if a queue may connect the call with it: no emergency, its line's."""
    outside = state.outside.get(key)
    if outside is None or outside.kind is OutsideKind.EMERGENCY:
        return None
    return outside if may_be_connected(call, outside) else None


def maximum_wait_at(state: State, call: Call, queue: QueueKey, since: Instant) -> Instant | None:
    """Returns when the call, if it entered the queue then, has waited for the maximum."""
    waits = [rule.after for rule in rules_of(state, call, queue) if rule.when is _WAITED]
    return Instant(since + min(waits)) if waits else None


def may_leave(d: Decision, call: Call) -> None:
    """Lets `interflow` ask at the end of the step whether the call is to be sent elsewhere."""
    if d.to_leave is None:
        d.to_leave = []
    d.to_leave.append(call.id)
