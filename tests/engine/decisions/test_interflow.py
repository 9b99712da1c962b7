"""Interflow: when a call is taken out of its queue and sent elsewhere."""

import msgspec

from openline.engine import (
    AnyDestination,
    CallState,
    FlowsWhen,
    Interflow,
    Settings,
    ToMessage,
    ToQueue,
)
from openline.engine import events as e
from openline.model import Origin, Reason
from tests.builders import flows, seconds, step
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

SORRY = ToMessage(sound="sorry")
TO_SPANISH = ToQueue(queue=SPANISH.key)
TO_ENGLISH = ToQueue(queue=ENGLISH.key)


def _waited(after_s: float, to: AnyDestination, *, keeps_place: bool = True) -> Interflow:
    return flows(FlowsWhen.WAITED, to, after_s, keeps_place=keeps_place)


def _nobody(to: AnyDestination) -> Interflow:
    return flows(FlowsWhen.NOBODY_AT_WORK, to)


def _centre(
    *rules: Interflow, spanish: tuple[Interflow, ...] = (), version: int = 2, hop_limit: int = 8
) -> Settings:
    """Returns the small centre whose English queue sends calls elsewhere."""
    queues = (
        msgspec.structs.replace(ENGLISH, interflow=rules),
        msgspec.structs.replace(SPANISH, interflow=spanish),
        CRISIS,
    )
    return another_version(version=version, queues=queues, hop_limit=hop_limit)


def test_after_the_maximum_wait_a_call_is_sent_to_the_other_queue_and_keeps_its_wait() -> None:
    night = Rehearsal(_centre(_waited(60, TO_SPANISH)))
    night.arrive("web:1")
    since = night.call("web:1").waiting_since
    sent = only(night.wait(60), e.CallSent)
    assert (sent.left, sent.waited, sent.reason) == (
        ENGLISH.key,
        seconds(60),
        Reason.MAXIMUM_WAIT,
    )
    call = night.call("web:1")
    assert (call.queue, call.entry, call.waiting_since) == (SPANISH.key, 2, since)
    night.ready("dora")
    assert night.agent_offered("web:1") == "dora"


def test_its_wait_so_far_does_not_count_where_the_rule_says_so() -> None:
    night = Rehearsal(_centre(_waited(60, TO_SPANISH, keeps_place=False)))
    night.arrive("web:1")
    night.wait(60)
    assert night.call("web:1").waiting_since == night.now


def test_a_call_that_flowed_out_is_ahead_of_who_came_later_to_the_other_queue() -> None:
    night = Rehearsal(_centre(_waited(60, TO_SPANISH)))
    night.arrive("web:1")
    night.wait(30)
    night.arrive("web:2", line="publico")
    night.hear_greeting("web:2")
    night.wait(30)
    night.ready("dora")
    assert night.agent_offered("web:1") == "dora"


def test_a_ring_at_the_maximum_wait_is_not_cut_and_an_answer_counts() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY)))
    night.arrive("web:1")
    night.wait(55)
    night.ready("ben")
    assert kinds(night.wait(10)) == ["MaximumWaitReached"]
    night.accept("ben")
    assert night.call("web:1").state is CallState.TALKING


def test_a_ring_in_vain_past_the_maximum_wait_is_the_last() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY)))
    night.arrive("web:1")
    night.wait(55)
    night.ready("ben")
    night.wait(10)
    night.ready("cleo")
    night.decline("ben")
    assert night.call("web:1").state is CallState.MESSAGE


def test_two_rings_in_vain_at_once_offer_the_one_who_stays_and_let_the_other_leave() -> None:
    english = msgspec.structs.replace(ENGLISH, interflow=(_waited(60, SORRY),))
    spanish = msgspec.structs.replace(SPANISH, overflow=(step(1, en=1),))
    night = Rehearsal(another_version(queues=(english, spanish, CRISIS)))
    night.arrive("web:1")
    night.wait(50)
    night.arrive("web:2", line="publico")
    night.hear_greeting("web:2")
    night.ready("ben")
    night.ready("ana")
    night.wait(2)
    night.ready("cleo")
    night.oversleep(30)
    assert night.call("web:1").state is CallState.MESSAGE
    assert night.agent_offered("web:2") == "cleo"


def test_a_lost_caller_leaves_when_he_is_back() -> None:
    night = Rehearsal(_centre(_waited(20, SORRY)))
    night.arrive("web:1")
    night.wait(15)
    night.lose("web:1")
    night.wait(10)
    assert night.call("web:1").state is CallState.QUEUED
    night.come_back("web:1")
    assert night.call("web:1").state is CallState.MESSAGE


def test_an_agent_who_becomes_ready_at_the_maximum_wait_gets_the_call() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY)))
    night.sign_in("ben")
    night.arrive("web:1")
    night.now = night.call("web:1").leaves_at or night.now
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_where_nobody_is_at_work_a_call_leaves_as_it_comes() -> None:
    night = Rehearsal(_centre(_nobody(SORRY)))
    night.ready("dora")
    sent = only(night.arrive("web:1").events, e.CallSent)
    assert (sent.waited, sent.reason) == (0, Reason.NOBODY_AT_WORK)
    assert night.call("web:1").state is CallState.MESSAGE


def test_where_somebody_is_at_work_it_waits() -> None:
    night = Rehearsal(_centre(_nobody(SORRY)))
    night.ready("ben")
    night.arrive("web:0")
    night.accept("ben")
    night.arrive("web:1")
    assert night.call("web:1").state is CallState.QUEUED
    night.hang_up("ben")
    night.finish("ben", ready=False)
    assert night.call("web:1").state is CallState.QUEUED


def test_who_could_take_it_once_it_overflows_counts_as_at_work() -> None:
    english = msgspec.structs.replace(
        ENGLISH, overflow=(step(30, es=1),), interflow=(_nobody(SORRY),)
    )
    night = Rehearsal(another_version(queues=(english, SPANISH, CRISIS)))
    night.ready("dora")
    night.arrive("web:1")
    assert night.call("web:1").state is CallState.QUEUED


def test_each_queue_that_a_call_comes_to_asks_its_own_rules() -> None:
    night = Rehearsal(_centre(_nobody(TO_SPANISH), spanish=(_nobody(SORRY),)))
    events = night.arrive("web:1").events
    assert [event.to for event in events if isinstance(event, e.CallSent)] == [TO_SPANISH, SORRY]
    assert night.call("web:1").state is CallState.MESSAGE


def test_nobody_is_sent_in_circles() -> None:
    night = Rehearsal(_centre(_nobody(TO_SPANISH), spanish=(_nobody(TO_ENGLISH),), hop_limit=3))
    events = night.arrive("web:1").events
    assert kinds(events).count("CallSent") == 3
    assert only(events, e.HopLimitReached).reason is Reason.NOBODY_AT_WORK
    assert night.call("web:1").state is CallState.QUEUED
    night.ready("dora")
    assert night.agent_offered("web:1") == "dora"


def test_who_may_not_be_sent_on_any_more_is_offered_as_before() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY), hop_limit=0))
    night.arrive("web:1")
    night.wait(55)
    night.ready("ben")
    night.wait(10)
    night.ready("cleo")
    night.decline("ben")
    assert night.agent_offered("web:1") == "cleo"


def test_practice_calls_stay() -> None:
    night = Rehearsal(_centre(_nobody(SORRY), _waited(10, SORRY)))
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.wait(20)
    assert night.call("lesson:1").state is CallState.QUEUED


def test_where_the_rule_was_taken_away_meanwhile_nobody_leaves() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY)))
    night.arrive("web:1")
    night.publish(another_version(version=3))
    night.wait(60)
    assert night.call("web:1").state is CallState.QUEUED
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_the_maximum_wait_survives_a_restart() -> None:
    night = Rehearsal(_centre(_waited(60, SORRY)))
    night.arrive("web:1")
    night.wait(30)
    night.restart("web:1")
    night.wait(30)
    assert night.call("web:1").state is CallState.MESSAGE
