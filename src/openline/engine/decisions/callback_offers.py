"""Who is offered a callback: whoever has waited long enough, or is told that he will have to.

Only callers whom their port could ring later are asked, and each of them once. Where no queue
offers callbacks this costs one look at its settings.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.settings import CallbackSettings
from openline.engine.state import Call, CallState
from openline.model import CallId, Instant, Reason

_HAS_A_PLACE = (CallState.QUEUED, CallState.OFFERED)


def plan_callback_offer(d: Decision, call: Call, rules: CallbackSettings) -> None:
    """Sees to it that a caller who has just begun to wait is offered a callback in time."""
    may_be_asked = call.can_be_called_back and not call.is_callback_offered
    if rules.offer_after is None or not may_be_asked or not call.is_waiting:
        return
    if rules.offer_after == 0:
        _offer(d, call)
    else:
        offer_at = Instant(d.now + rules.offer_after)
        d.record(e.CallbackOfferPlanned(call=call.id, offer_at=offer_at))


def reckon_anew(d: Decision) -> None:
    """Plans the offers anew, by new rules, for all who wait and were offered none."""
    for call in list(d.state.calls.values()):
        plan_again(d, call)


def plan_again(d: Decision, call: Call) -> None:
    """Plans the offer of one who is at his place again, counted from when he first came."""
    may_be_asked = call.can_be_called_back and not call.is_callback_offered
    if may_be_asked and call.state in _HAS_A_PLACE:
        _plan_anew(d, call)


def _plan_anew(d: Decision, call: Call) -> None:
    rules = d.state.queues[call.queue].callback  # type: ignore[index]  # who waits has a queue
    offer_at = None
    if rules is not None and rules.offer_after is not None:
        assert call.queued_at is not None, f"call {call.id} waits since never"
        offer_at = Instant(call.queued_at + rules.offer_after)
    if offer_at is not None and offer_at <= d.now:
        _offer(d, call)
    elif offer_at != call.callback_offer_at:
        d.record(e.CallbackOfferPlanned(call=call.id, offer_at=offer_at))


def callback_offer_due(d: Decision, number: int) -> None:
    """Offers the callback, unless a later configuration no longer makes any."""
    call = d.state.calls[CallId(number)]
    rules = d.state.queues[call.queue].callback  # type: ignore[index]  # who waits has a queue
    if rules is None or rules.offer_after is None:
        d.record(e.CallbackOfferPlanned(call=call.id, offer_at=None))
    else:
        _offer(d, call)


def wait_estimated(d: Decision, seen: i.WaitEstimated) -> None:
    """Offers a callback to a caller who will have to wait too long, before he has."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
        return
    rules = None if call.queue is None else d.state.queues[call.queue].callback
    if (
        rules is None
        or rules.offer_after is None
        or call.callback_offer_at is None
        or not call.is_waiting
        or seen.wait < rules.offer_after
    ):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        _offer(d, call)


def _offer(d: Decision, call: Call) -> None:
    d.record(e.CallbackOffered(call=call.id))
    d.order(c.OfferCallback(id=d.command_id(), leg=call.leg, call=call.id))
