"""Night 3 whole: 25 calls a minute for fifty minutes, and one act that changes what waiting means.

20:10 it begins, with one agent for the line and one of another queue. At 20:14 the supervisor
switches the surge: another greeting, callbacks offered after a minute and not after ten, the other
queue's agent brought in, the partner's line for whoever has waited five minutes, and a box for
whoever has waited eight. At 21:30 it is switched back. Nobody loses his place, and who was promised
a callback is called, once and in order.
"""

import msgspec

from openline.engine import (
    CallbackSettings,
    CallState,
    FlowsWhen,
    SurgeSettings,
    ToOutside,
    ToVoicemail,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Reason, SealedRef, SurgeKey
from tests.builders import flows, seconds, step
from tests.engine.builders import (
    BOX,
    CRISIS,
    CRISIS_LINE,
    DIRECT,
    ENGLISH,
    LAWYER,
    PUBLIC,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, kinds, only

USUAL = msgspec.structs.replace(ENGLISH, callback=CallbackSettings(offer_after=seconds(600)))
PARTNER_LINE = ToOutside(outside=LAWYER.key)
CRASH = SurgeSettings(
    key=SurgeKey("crash"),
    lines=(msgspec.structs.replace(PUBLIC, greeting="many-are-calling"),),
    queues=(
        msgspec.structs.replace(
            USUAL,
            callback=CallbackSettings(offer_after=seconds(60)),
            overflow=(step(30, es=1),),
            interflow=(
                flows(FlowsWhen.WAITED, PARTNER_LINE, 300, announcement="connecting-en"),
                flows(FlowsWhen.WAITED, ToVoicemail(box=BOX.key), 480),
            ),
        ),
    ),
)
SETTINGS = another_version(
    queues=(USUAL, SPANISH, CRISIS),
    lines=(PUBLIC, DIRECT, CRISIS_LINE),
    boxes=(BOX,),
    surges=(CRASH,),
)
EVERY_S = 60 / 25


def _switch(night: Rehearsal, surge: SurgeKey | None) -> tuple[e.AnyEvent, ...]:
    return night.see(i.SurgeRequested(by=AgentKey("sue"), surge=surge)).events


def _call_for(night: Rehearsal, minutes: float, first: int) -> int:
    """Lets 25 a minute call, who all stay on the line. Returns the number of the next."""
    until = night.now + seconds(minutes * 60)
    while night.now < until:
        night.arrive(f"sip:{first}", line="public")
        night.hear_greeting(f"sip:{first}")
        night.wait(EVERY_S)
        first += 1
    return first


def _at_2014() -> tuple[Rehearsal, int]:
    night = Rehearsal(SETTINGS)
    night.ready("dora")
    return night, _call_for(night, 4, 1)


def test_at_the_switch_those_who_wait_are_helped_by_the_other_queue_in_their_order() -> None:
    night, _ = _at_2014()
    before = {call.id: (call.priority, call.waiting_since) for call in night.state.calls.values()}
    _switch(night, CRASH.key)
    after = {call.id: (call.priority, call.waiting_since) for call in night.state.calls.values()}
    assert after == before
    served = []
    for _ in range(5):
        served.append(night.state.offers[night.offer_to("dora")].call)
        night.accept("dora")
        night.hang_up("dora")
        night.finish("dora")
    assert served == list(before)[:5]


def test_at_the_switch_callbacks_are_offered_to_whoever_has_waited_a_minute_and_only_to_them() -> (
    None
):
    night, _ = _at_2014()
    before = {call.id: night.now - (call.queued_at or 0) for call in night.state.calls.values()}
    offered = [each.call for each in _switch(night, CRASH.key) if type(each) is e.CallbackOffered]
    assert offered == [call for call, waited in before.items() if waited >= seconds(60)]
    assert 0 < len(offered) < len(before)


def test_the_callbacks_are_made_in_order_and_none_twice_though_the_surge_is_over() -> None:
    night, _ = _at_2014()
    night.pause("dora")
    _switch(night, CRASH.key)
    asked = [1, 4, 9, 16]
    for number in (9, 1, 16, 4):
        leg = LegId(f"sip:{number}")
        night.see(i.CallbackAsked(leg=leg, number=SealedRef(f"number-{number}")))
    for call in list(night.state.calls.values()):
        if call.callback is None:
            night.leave(call.leg)
    _switch(night, None)
    dialled = []
    for _ in asked:
        night.ready("ben")
        night.accept("ben")
        (call,) = [each for each in night.state.calls.values() if each.agent == "ben"]
        assert call.state is CallState.DIALLING
        assert call.callback is not None
        dialled.append(night.state.callbacks[call.callback].number)
        night.see(i.DialAnswered(leg=call.leg))
        night.hang_up("ben")
        night.finish("ben", ready=False)
    assert dialled == [f"number-{number}" for number in asked]
    assert not night.state.callbacks


def _until(night: Rehearsal, leg: str) -> list[e.AnyEvent]:
    """Lets time go by until the caller has waited for the maximum of his queue."""
    leaves_at = night.call(leg).leaves_at
    assert leaves_at is not None
    return night.wait((leaves_at - night.now) / 1_000_000)


def test_who_has_waited_five_minutes_is_connected_with_the_partner_who_has_room() -> None:
    night, _ = _at_2014()
    night.pause("dora")
    _switch(night, CRASH.key)
    sent = only(_until(night, "sip:1"), e.CallForwarded)
    assert (sent.call, sent.outside, sent.sound) == (1, LAWYER.key, "connecting-en")
    night.hear_greeting("sip:1")
    night.outside_answers("sip:1", LAWYER.key)
    _switch(night, None)
    night.wait(400)
    ended = only(night.outside_hangs_up("sip:1", LAWYER.key).events, e.CallEnded)
    assert (ended.outcome, ended.agent) == (e.CallOutcome.ANSWERED_OUTSIDE, None)


def test_whom_the_partner_does_not_take_is_before_all_who_came_after_him() -> None:
    night, _ = _at_2014()
    night.pause("dora")
    _switch(night, CRASH.key)
    _until(night, "sip:1")
    night.hear_greeting("sip:1")
    failed = i.DialFailed(leg=night.outside_leg("sip:1", LAWYER.key), why=i.DialFailure.BUSY)
    assert only(night.see(failed).events, e.ForwardFailed).reason is Reason.BUSY
    night.ready("dora")
    assert night.agent_offered("sip:1") == "dora"


def test_who_has_waited_eight_minutes_may_leave_a_message_and_nobody_before() -> None:
    night, _ = _at_2014()
    night.pause("dora")
    _switch(night, CRASH.key)
    _until(night, "sip:1")
    night.hear_greeting("sip:1")
    for leg in list(night.state.calls_by_outside_leg):
        night.see(i.DialFailed(leg=leg, why=i.DialFailure.NO_ANSWER))
    events = _until(night, "sip:1")
    sent = only([each for each in events if getattr(each, "call", None) == 1], e.CallSent)
    assert (sent.call, sent.reason, sent.waited) == (1, Reason.MAXIMUM_WAIT, seconds(480))
    assert night.call("sip:1").box == BOX.key


def test_at_half_past_nine_everything_is_as_usual_again() -> None:
    night, following = _at_2014()
    _switch(night, CRASH.key)
    arrived = night.arrive(f"sip:{following}", line="public")
    assert only(arrived.commands, c.PlayGreeting).sound == "many-are-calling"
    night.hear_greeting(f"sip:{following}")
    back = _switch(night, None)
    assert kinds(back)[0] == "SurgeSwitched"
    for call in night.state.calls.values():
        if call.is_waiting:
            assert (call.step, call.widens_at, call.leaves_at) == (0, None, None)
    arrived = night.arrive("sip:last", line="public")
    assert only(arrived.commands, c.PlayGreeting).sound == "welcome-en"


def test_the_whole_night_comes_to_an_end_and_nobody_is_lost() -> None:
    night, following = _at_2014()
    for agent in ("ana", "ben", "cleo"):
        night.ready(agent)
    _switch(night, CRASH.key)
    # Forty-six minutes more at this rate are 1,150 calls; a tenth of them shows the same.
    following = _call_for(night, 4.6, following)
    _switch(night, None)
    for _ in range(3 * following):
        for offer in list(night.state.offers.values()):
            night.accept(offer.agent)
            night.hang_up(offer.agent)
            night.finish(offer.agent)
        if not night.state.offers:
            break
    for call in list(night.state.calls.values()):
        night.leave(call.leg)
    ended = [each.call for each in night.events if type(each) is e.CallEnded]
    assert sorted(ended) == list(range(1, following))
