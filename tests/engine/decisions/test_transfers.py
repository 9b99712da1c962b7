import msgspec

from openline.engine import AgentState, Announcements, CallState, FlowsWhen
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.destinations import ToQueue
from openline.model import SECOND, AgentKey, Origin, QueueKey, Reason
from tests.builders import flows, step
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

ANA = AgentKey("ana")


def test_a_transfer_to_a_queue_is_a_new_entry_at_the_first_place_and_frees_the_agent() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    since = r.call("web:1").waiting_since
    r.wait(60)
    r.hold("ana")
    r.wait(30)
    outcome = r.transfer("ana", queue="spanish")
    told = only(outcome.events, e.CallTransferred)
    assert (told.agent, told.queue, told.to) == (ANA, "english", ToQueue(queue=QueueKey("spanish")))
    assert (told.talked, told.held) == (90 * SECOND, 30 * SECOND)
    queued = only(outcome.events, e.CallQueued)
    assert (queued.queue, queued.entry, queued.waiting_since) == ("spanish", 2, since)
    assert queued.reason is Reason.TRANSFERRED
    assert r.agent("ana").state is AgentState.WRAP_UP
    assert only(outcome.commands, c.PlayMusic).leg == "web:1"
    assert only(outcome.commands, c.ReleaseAgent).leg == "desk:ana"


def test_whoever_is_idle_in_the_new_queue_is_rung_at_once() -> None:
    r = Rehearsal()
    r.talk("ben", "web:1")
    r.ready("dora")
    r.transfer("ben", queue="spanish")
    assert r.agent_offered("web:1") == "dora"
    r.accept("dora")
    assert r.call("web:1").agent == "dora"


def test_a_transferred_call_has_the_priority_that_the_queue_gives_it() -> None:
    preferring = msgspec.structs.replace(SPANISH, transferred_priority=7)
    r = Rehearsal(another_version(version=1, queues=(ENGLISH, preferring, CRISIS)))
    r.talk("ana", "web:1")
    r.arrive("web:2", line="publico")
    r.hear_greeting("web:2")
    assert only(r.transfer("ana", queue="spanish").events, e.CallQueued).priority == 7


def test_a_transferred_call_overflows_by_all_that_its_caller_has_waited() -> None:
    wide = msgspec.structs.replace(SPANISH, overflow=(step(60, crisis=1),))
    r = Rehearsal(another_version(version=1, queues=(ENGLISH, wide, CRISIS)))
    r.talk("ana", "web:1")
    r.wait(60)
    r.ready("cleo")
    widened = only(r.transfer("ana", queue="spanish").events, e.CallWidened)
    assert (widened.queue, widened.step) == ("spanish", 1)
    assert r.agent_offered("web:1") == "cleo"


def test_a_transferred_caller_hears_his_place_unless_he_is_offered_at_once() -> None:
    telling = msgspec.structs.replace(SPANISH, announcements=Announcements(place=True, wait=False))
    r = Rehearsal(another_version(version=1, queues=(ENGLISH, telling, CRISIS)))
    r.talk("ana", "web:1")
    assert only(r.transfer("ana", queue="spanish").commands, c.AnnounceWait).place == 1
    r.talk("ben", "web:2")
    r.ready("dora")
    assert "AnnounceWait" not in kinds(r.transfer("ben", to="dora").commands)


def test_a_transferred_call_leaves_a_queue_in_which_nobody_is_at_work() -> None:
    flowing = msgspec.structs.replace(
        SPANISH, interflow=(flows(FlowsWhen.NOBODY_AT_WORK, ToQueue(queue=CRISIS.key)),)
    )
    r = Rehearsal(another_version(version=1, queues=(ENGLISH, flowing, CRISIS)))
    r.talk("ben", "web:1")
    sent = only(r.transfer("ben", queue="spanish").events, e.CallSent)
    assert (sent.left, sent.reason) == ("spanish", Reason.NOBODY_AT_WORK)
    assert r.call("web:1").queue == CRISIS.key


def test_a_transfer_to_an_agent_is_an_offer_to_her_whatever_her_skills() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    outcome = r.transfer("ana", to="dora")
    offered = only(outcome.events, e.CallOffered)
    assert (offered.agent, offered.reason) == ("dora", Reason.TRANSFERRED)
    r.accept("dora")
    assert r.call("web:1").agent == "dora"
    assert r.agent("ana").state is AgentState.WRAP_UP


def test_a_transfer_that_she_misses_goes_on_in_the_queue_the_caller_had_come_by() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    since = r.call("web:1").waiting_since
    r.ready("dora")
    r.transfer("ana", to="dora")
    r.ready("cleo")
    r.wait(20)
    assert r.agent("dora").state is AgentState.PAUSED
    assert r.agent_offered("web:1") == "cleo"
    assert r.call("web:1").waiting_since == since


def test_nobody_is_handed_on_to_whom_the_call_cannot_go() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.sign_in("dora", Origin.PRACTICE)
    r.ready("dora")
    cases = {
        ("nowhere", None): Reason.UNKNOWN_QUEUE,
        (None, "stranger"): Reason.UNKNOWN_AGENT,
        (None, "ben"): Reason.AGENT_NOT_READY,
        (None, "dora"): Reason.AGENT_NOT_READY,
        (None, "ana"): Reason.AGENT_NOT_READY,
    }
    for (queue, to), reason in cases.items():
        refused = only(r.transfer("ana", queue=queue, to=to).events, e.RequestRefused)
        assert refused.reason is reason
    assert r.call("web:1").state is CallState.TALKING


def test_a_lost_caller_can_be_handed_to_a_queue_and_to_nobody_in_person() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.lose("web:1")
    refused = only(r.transfer("ana", to="dora").events, e.RequestRefused)
    assert refused.reason is Reason.CALLER_LOST
    r.transfer("ana", queue="spanish")
    assert r.agent_offered("web:1") is None
    r.come_back("web:1")
    assert r.agent_offered("web:1") == "dora"


def test_a_transfer_said_twice_is_one_transfer() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.transfer("ana", queue="spanish")
    assert kinds(r.say_again().events) == ["InputPassedOver"]


def test_who_loses_his_second_agent_is_in_the_queue_he_was_sent_to() -> None:
    r = Rehearsal()
    r.talk("ben", "web:1")
    r.ready("dora")
    r.transfer("ben", queue="spanish")
    r.accept("dora")
    r.lose("desk:dora")
    r.wait(15)
    assert (r.call("web:1").state, r.call("web:1").queue) == (CallState.QUEUED, "spanish")
