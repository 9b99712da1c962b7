import msgspec
import pytest

from openline.engine import (
    CallbackSettings,
    CallOutcome,
    FlowsWhen,
    HoursSettings,
    Interflow,
    QueueSettings,
    SurgeSettings,
    ToMessage,
    ToQueue,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.engine import Outcome
from openline.model import AgentKey, HoursKey, Instant, LineKey, Origin, Reason, SurgeKey
from tests.builders import flows, seconds, step
from tests.engine.builders import (
    BEGIN,
    CRISIS,
    DIRECT,
    ENGLISH,
    PUBLIC,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, kinds, only

SUE = AgentKey("sue")
CLOSED = ToMessage(sound="closed")
HOURS = HoursSettings(
    key=HoursKey("office"),
    open_first=False,
    changes=tuple(Instant(BEGIN + seconds(at)) for at in (0, 100, 200)),
)
FLOOD = SurgeSettings(
    key=SurgeKey("flood"),
    lines=(msgspec.structs.replace(PUBLIC, greeting="many-are-calling"),),
    queues=(msgspec.structs.replace(ENGLISH, priority=4),),
)


def _night(*, closed: ToMessage | ToQueue = CLOSED, emergency: bool = True) -> Rehearsal:
    direct = msgspec.structs.replace(
        DIRECT,
        hours=HOURS.key,
        closed=closed,
        emergency=ToMessage(sound="sorry") if emergency else None,
    )
    return Rehearsal(another_version(lines=(PUBLIC, direct), hours=(HOURS,), surges=(FLOOD,)))


def _flood(queue: QueueSettings) -> SurgeSettings:
    return msgspec.structs.replace(FLOOD, queues=(queue,))


def _waited(after_s: float) -> Interflow:
    return flows(FlowsWhen.WAITED, ToMessage(sound="sorry"), after_s)


def _close(night: Rehearsal, line: str = "direct", *, closed: bool = True) -> Outcome:
    return night.see(i.LineClosureRequested(by=SUE, line=LineKey(line), closed=closed))


def _surge(night: Rehearsal, surge: str | None) -> Outcome:
    key = None if surge is None else SurgeKey(surge)
    return night.see(i.SurgeRequested(by=SUE, surge=key))


# --- hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "is_in"), [(0, True), (99, True), (100, False), (200, True)])
def test_a_line_is_open_from_one_change_to_the_next(at: float, is_in: bool) -> None:
    night = _night()
    night.wait(at)
    night.arrive("web:1")
    assert night.call("web:1").is_waiting is is_in


def test_who_comes_too_late_hears_so() -> None:
    night = _night()
    night.wait(150)
    arrived = night.arrive("web:1")
    assert only(arrived.events, e.CallSent).reason is Reason.LINE_CLOSED
    assert only(arrived.commands, c.PlayMessage).sound == "closed"
    ended = only(night.leave("web:1").events, e.CallEnded)
    assert ended.outcome is CallOutcome.HEARD_CLOSED


def test_who_is_in_when_the_line_closes_stays_in() -> None:
    night = _night()
    night.wait(99)
    night.arrive("web:1")
    night.wait(20)
    assert night.call("web:1").is_waiting
    night.ready("ana")
    night.accept("ana")


def test_a_closed_line_may_lead_to_another_queue() -> None:
    night = _night(closed=ToQueue(queue=CRISIS.key))
    night.wait(150)
    night.arrive("web:1")
    assert night.call("web:1").queue == CRISIS.key


def test_a_learner_may_practise_while_the_line_is_closed() -> None:
    night = _night()
    night.wait(150)
    night.arrive("web:1", origin=Origin.PRACTICE)
    assert night.call("web:1").is_waiting


# --- closing by hand -----------------------------------------------------------------------


def test_a_supervisor_closes_a_line_for_new_calls_and_opens_it_again() -> None:
    night = _night()
    night.arrive("web:1")
    assert only(_close(night).events, e.LineClosed).by == SUE
    assert night.call("web:1").is_waiting
    night.arrive("web:2")
    assert night.call("web:2").sound == "sorry"
    assert only(night.leave("web:2").events, e.CallEnded).outcome is CallOutcome.HEARD_CLOSED
    assert only(_close(night, closed=False).events, e.LineReopened).by == SUE
    night.arrive("web:3")
    assert night.call("web:3").is_waiting


def test_a_closed_line_stays_closed_over_a_restart_and_a_new_configuration() -> None:
    night = _night()
    _close(night)
    night.restart()
    night.publish(msgspec.structs.replace(night.state.settings, version=9))
    night.arrive("web:1")
    assert night.call("web:1").sound == "sorry"


def test_closing_twice_changes_nothing() -> None:
    night = _night()
    _close(night)
    assert only(_close(night).events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_a_line_that_has_nothing_to_say_cannot_be_closed() -> None:
    refused = _close(_night(emergency=False))
    assert only(refused.events, e.RequestRefused).reason is Reason.NOTHING_TO_HEAR


def test_a_line_that_is_not_there_cannot_be_closed() -> None:
    assert only(_close(_night(), "x").events, e.RequestRefused).reason is Reason.UNKNOWN_LINE


# --- the surge -----------------------------------------------------------------------------


def test_a_surge_changes_greeting_and_priority_by_one_event_and_back() -> None:
    night = _night()
    assert kinds(_surge(night, "flood").events) == ["SurgeSwitched"]
    assert only(night.arrive("web:1", line="public").commands, c.PlayGreeting).sound == (
        "many-are-calling"
    )
    night.arrive("web:2")
    assert night.call("web:2").priority == 4
    _surge(night, None)
    night.arrive("web:3")
    assert night.call("web:3").priority == 0


def test_who_waits_keeps_his_place_in_a_surge() -> None:
    night = _night()
    night.arrive("web:1")
    place = night.call("web:1")
    before = place.priority, place.waiting_since
    _surge(night, "flood")
    assert (night.call("web:1").priority, night.call("web:1").waiting_since) == before


def test_who_overflows_stays_at_his_step_in_a_surge_that_has_the_same_steps() -> None:
    wide = msgspec.structs.replace(ENGLISH, overflow=(step(60, es=1), step(90)))
    night = Rehearsal(another_version(queues=(wide, SPANISH, CRISIS), surges=(_flood(wide),)))
    night.arrive("web:1")
    night.wait(60)
    _surge(night, "flood")
    assert night.call("web:1").step == 1
    night.ready("dora")
    assert night.agent_offered("web:1") == "dora"


def test_a_surge_lets_those_who_wait_overflow_at_once_and_back() -> None:
    wide = msgspec.structs.replace(ENGLISH, overflow=(step(30, es=1),))
    night = Rehearsal(another_version(surges=(_flood(wide),)))
    night.ready("dora")
    night.arrive("web:1")
    night.wait(45)
    switched = _surge(night, "flood")
    assert only(switched.events, e.CallWidened).reason is Reason.SURGE_SWITCHED
    assert night.agent_offered("web:1") == "dora"
    night.arrive("web:2")
    _surge(night, None)
    assert night.call("web:2").widens_at is None
    # Whom it rings for keeps ringing: nobody is cut off by the act.
    night.accept("dora")


def test_a_surge_gives_those_who_wait_another_maximum_counted_from_when_they_came() -> None:
    usual = msgspec.structs.replace(ENGLISH, interflow=(_waited(300),))
    night = Rehearsal(
        another_version(
            queues=(usual, SPANISH, CRISIS),
            surges=(_flood(msgspec.structs.replace(usual, interflow=(_waited(60),))),),
        )
    )
    night.arrive("web:long")
    night.wait(90)
    night.arrive("web:short")
    came = night.now
    switched = _surge(night, "flood")
    assert [event.call for event in switched.events if isinstance(event, e.CallSent)] == [1]
    assert night.call("web:long").sound == "sorry"
    assert night.call("web:short").leaves_at == came + seconds(60)
    _surge(night, None)
    assert night.call("web:short").leaves_at == came + seconds(300)


def test_a_surge_offers_callbacks_sooner_and_back() -> None:
    usual = msgspec.structs.replace(ENGLISH, callback=CallbackSettings(offer_after=seconds(240)))
    soon = msgspec.structs.replace(usual, callback=CallbackSettings(offer_after=seconds(60)))
    night = Rehearsal(another_version(queues=(usual, SPANISH, CRISIS), surges=(_flood(soon),)))
    night.arrive("sip:long")
    night.wait(90)
    night.arrive("sip:short")
    came = night.now
    assert only(_surge(night, "flood").events, e.CallbackOffered).call == 1
    assert night.call("sip:short").callback_offer_at == came + seconds(60)
    back = _surge(night, None)
    assert only(back.events, e.CallbackOfferPlanned).offer_at == came + seconds(240)


def test_a_surge_may_stop_the_offers_of_callbacks() -> None:
    usual = msgspec.structs.replace(ENGLISH, callback=CallbackSettings(offer_after=seconds(60)))
    never = msgspec.structs.replace(usual, callback=CallbackSettings(offer_after=None))
    night = Rehearsal(another_version(queues=(usual, SPANISH, CRISIS), surges=(_flood(never),)))
    night.arrive("sip:1")
    _surge(night, "flood")
    assert night.call("sip:1").callback_offer_at is None
    night.wait(90)
    assert not night.call("sip:1").is_callback_offered
    assert only(_surge(night, None).events, e.CallbackOffered).call == 1


def test_a_surge_that_a_new_configuration_does_not_know_is_over() -> None:
    night = _night()
    _surge(night, "flood")
    night.publish(msgspec.structs.replace(night.state.settings, version=9, surges=()))
    assert night.state.surge is None
    assert night.state.queues[ENGLISH.key].priority == 0


def test_a_surge_outlives_a_restart() -> None:
    night = _night()
    _surge(night, "flood")
    night.restart()
    assert night.state.queues[ENGLISH.key].priority == 4


def test_an_unknown_surge_is_refused_and_one_that_is_on_is_passed_over() -> None:
    night = _night()
    assert only(_surge(night, "x").events, e.RequestRefused).reason is Reason.UNKNOWN_SURGE
    _surge(night, "flood")
    again = _surge(night, "flood")
    assert only(again.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
