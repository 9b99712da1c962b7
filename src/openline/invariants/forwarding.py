"""Could a queue have sent this call outside, and could it have come back?"""

from collections.abc import Callable
from typing import Any

from openline.engine import CallOutcome, CallState, ToOutside
from openline.engine import events as e
from openline.engine.settings import OutsideKind
from openline.invariants.catalogue import expect
from openline.invariants.sending import is_unowned, left_by_a_rule
from openline.invariants.told import Told, ToldCall
from openline.model import Duration


def nobody_is_lost_outside(told: Told) -> None:
    """Holds a step to its end: who was sent outside hears so, or somebody is rung for him there."""
    for call in told.calls.values():
        if call.stage is CallState.FORWARDED:
            is_served = call.is_announced_to != bool(call.parties)
            expect(is_served, "forwarding", f"call {call.id} was sent outside, and nobody is rung")


def _call_forwarded(told: Told, event: e.CallForwarded) -> None:
    call = told.calls[event.call]
    is_unowned(call)
    waits = call.is_offerable and call.queue == event.queue
    expect(waits, "forwarding", f"call {call.id} was sent outside and does not wait")
    expect(event.hops == call.hops + 1, "I26", f"call {call.id}: a hop was not counted")
    is_within = event.hops <= told.settings.hop_limit
    expect(is_within, "I26", f"call {call.id} goes round in circles")
    expect(call.forwarded_to is None, "forwarding", f"call {call.id} was sent outside twice")
    outside = next(one for one in told.settings.outside if one.key == event.outside)
    by_people = outside.kind is OutsideKind.EMERGENCY
    expect(not by_people, "outside", f"a queue called {event.outside} for call {call.id}")
    rule = left_by_a_rule(told, call, event.reason, ToOutside(outside=event.outside))
    is_said = (rule is not None and rule.announcement is not None) == (event.playback is not None)
    expect(is_said, "forwarding", f"call {call.id} was not told where it is sent")
    call.hops, call.forwarded_to = event.hops, event.outside
    call.is_announced_to = event.playback is not None
    call.stage = CallState.FORWARDED


def dialled_by_its_queue(told: Told, call: ToldCall, event: e.OutsideDialled) -> None:
    """Holds what is dialled for a call to who may want it: its agent, or the queue by its rule."""
    if call.stage is CallState.FORWARDED:
        is_it = event.by is None and event.outside == call.forwarded_to
        expect(is_it, "forwarding", f"{event.outside} was dialled for call {call.id}")
        call.is_announced_to = False
    else:
        expect(event.by is not None, "forwarding", f"nobody wanted {event.outside} dialled")


def answered(told: Told, call: ToldCall) -> None:
    """Takes it that the wait of a call that its queue sent outside is over."""
    if call.stage is CallState.FORWARDED:
        assert call.queued_at is not None
        call.is_reached, call.waited = True, Duration(told.now - call.queued_at)


def outcome_of(told: Told, call: ToldCall) -> tuple[CallOutcome, int]:
    """Returns how a call ends that its queue sent outside, and how long it waited."""
    assert call.queued_at is not None
    if call.is_reached:
        return CallOutcome.ANSWERED_OUTSIDE, call.waited
    return CallOutcome.ABANDONED, told.now - call.queued_at


def _forward_failed(told: Told, event: e.ForwardFailed) -> None:
    call = told.calls[event.call]
    was_out = call.stage is CallState.FORWARDED and not call.parties and not call.is_reached
    expect(was_out, "forwarding", f"call {call.id} came back and was not outside")
    is_its = (event.queue, event.outside) == (call.queue, call.forwarded_to)
    expect(is_its, "forwarding", f"call {call.id} came back to another queue")
    expect(
        event.leaves_at == told.leaves_at(call),
        "interflow",
        f"call {call.id} leaves at another time than is configured",
    )
    call.stage, call.back_at, call.is_announced_to = CallState.QUEUED, told.now, False
    call.leaves_at, call.is_overdue = event.leaves_at, False


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.CallForwarded: _call_forwarded,
    e.ForwardFailed: _forward_failed,
}
