"""Nights 3 and 6, as far as callbacks go: the bus crash, and the kill.

Callers who wait too long take callbacks; they are made in the order in which their callers came,
between those who waited on, and none twice. And when the program dies with a number half dialled,
the callback is where it was, or one honest step further.
"""

import msgspec

from openline.engine import CallbackSettings, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Reason, SealedRef
from tests.builders import seconds
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

CALLERS = 20


def _crash() -> Rehearsal:
    callback = CallbackSettings(offer_after=seconds(240), pause=seconds(300))
    queues = (msgspec.structs.replace(ENGLISH, callback=callback), SPANISH, CRISIS)
    night = Rehearsal(another_version(queues=queues))
    for number in range(CALLERS):
        night.arrive(f"sip:{number}")
        night.wait(2)
    night.wait(240)
    for number in range(0, CALLERS, 3):
        leg = LegId(f"sip:{number}")
        night.see(i.CallbackAsked(leg=leg, number=SealedRef(f"number-{number}")))
    return night


def _serve(night: Rehearsal, agent: str) -> int:
    """Lets the agent take what is next; returns the caller's number, by place or by promise."""
    night.ready(agent)
    night.accept(agent)
    (call,) = [call for call in night.state.calls.values() if call.agent == agent]
    if call.state is CallState.DIALLING:
        assert call.callback is not None
        number = int(night.state.callbacks[call.callback].number.removeprefix("number-"))
        night.see(i.DialAnswered(leg=call.leg))
    else:
        number = int(call.leg.removeprefix("sip:"))
    night.wait(30)
    night.hang_up(agent)
    night.finish(agent, ready=False)
    return number


def test_callbacks_are_made_in_order_among_those_who_wait_and_none_twice() -> None:
    night = _crash()
    assert kinds(night.events).count("CallbackOffered") == CALLERS
    served = [_serve(night, "ben") for _ in range(CALLERS)]
    assert served == list(range(CALLERS))
    dialled = [event.callback for event in night.events if isinstance(event, e.CallbackDialled)]
    assert len(dialled) == len(set(dialled)) == 7
    reasons = [event.reason for event in night.events if isinstance(event, e.CallbackEnded)]
    assert reasons == [Reason.CALLBACK_MADE] * 7


def _half_dialled() -> tuple[Rehearsal, LegId]:
    night = _crash()
    night.ready("ben")
    night.accept("ben")
    (call,) = [call for call in night.state.calls.values() if call.state is CallState.DIALLING]
    return night, call.leg


def test_a_number_half_dialled_at_the_kill_is_not_dialled_again_blindly() -> None:
    night, leg = _half_dialled()
    waiting = [call.leg for call in night.state.calls.values() if call.has_leg and call.leg != leg]
    outcome = night.restart("desk:ben", *waiting)
    assert not [order for order in outcome.commands if isinstance(order, c.Dial)]
    deferred = only(outcome.events, e.CallbackDeferred)
    assert (deferred.reason, deferred.attempts) == (Reason.RESTARTED, 0)
    assert deferred.again_at == night.now + seconds(300)


def test_its_place_is_kept_over_the_kill() -> None:
    night, _ = _half_dialled()
    night.restart("desk:ben")
    night.wait(300)
    queued = [event for event in night.events if isinstance(event, e.CallbackQueued)][-1]
    assert queued.waiting_since == night.steps[1].now


def test_a_number_that_rings_on_over_the_kill_is_answered_by_its_agent() -> None:
    night, leg = _half_dialled()
    outcome = night.restart("desk:ben", leg)
    assert not [order for order in outcome.commands if getattr(order, "leg", None) == leg]
    reached = night.see(i.DialAnswered(leg=leg))
    assert only(reached.events, e.CallbackReached).agent == AgentKey("ben")
