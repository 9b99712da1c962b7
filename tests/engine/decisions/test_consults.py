from openline.engine import AgentState, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.mix import Hears
from openline.model import SECOND, AgentKey, LegId, Origin, Reason
from tests.engine.rehearsal import Rehearsal, kinds, only

WEB, ANA, DORA = LegId("web:1"), LegId("desk:ana"), LegId("desk:dora")


def asking() -> Rehearsal:
    """Ana talks with a caller and has just asked Dora, who is rung."""
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.wait(60)
    r.consult("ana", to="dora")
    return r


def conferring() -> Rehearsal:
    """Ana and Dora speak about Ana's call."""
    r = asking()
    r.wait(5)
    r.accept("dora")
    return r


def test_the_caller_hears_music_as_soon_as_a_colleague_is_rung() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    outcome = r.consult("ana", to="dora")
    assert kinds(outcome.events) == ["CallHeld", "PartyAsked"]
    heard = only(outcome.commands, c.MixCall).hears
    assert heard == (Hears(leg=WEB, music=True), Hears(leg=ANA))
    assert only(outcome.commands, c.RingAgent).leg == DORA
    assert r.agent("dora").state is AgentState.OFFERED


def test_the_two_agents_hear_each_other_and_the_caller_music() -> None:
    r = asking()
    outcome = r.accept("dora")
    assert only(outcome.commands, c.MixCall).hears == (
        Hears(leg=WEB, music=True),
        Hears(leg=ANA, others=(DORA,)),
        Hears(leg=DORA, others=(ANA,)),
    )
    assert r.call("web:1").agent == "ana", "one agent owns the call"


def test_resume_and_hold_lead_from_one_to_the_other() -> None:
    r = conferring()
    with_caller = only(r.resume("ana").commands, c.MixCall)
    assert with_caller.hears[0] == Hears(leg=WEB, others=(ANA,))
    assert with_caller.hears[2] == Hears(leg=DORA, music=True)
    back = only(r.hold("ana").commands, c.MixCall)
    assert back.hears[0] == Hears(leg=WEB, music=True)
    assert back.session == with_caller.session + 1


def test_completing_gives_the_call_to_the_colleague_and_the_first_agent_wraps_up() -> None:
    r = conferring()
    r.wait(30)
    outcome = r.complete("ana")
    told = only(outcome.events, e.CallTransferred)
    assert (told.agent, told.taken_by) == ("ana", "dora")
    assert (told.talked, told.held, told.consulted) == (95 * SECOND, 35 * SECOND, 30 * SECOND)
    assert told.reason is Reason.TRANSFERRED_AFTER_CONSULT
    assert r.agent("ana").state is AgentState.WRAP_UP
    assert (r.call("web:1").agent, r.call("web:1").state) == ("dora", CallState.TALKING)
    assert only(outcome.commands, c.ConnectLegs).agent_leg == DORA
    r.wait(10)
    ended = only(r.leave("web:1").events, e.CallEnded)
    assert (ended.outcome, ended.agent) == (CallOutcome.ANSWERED, "dora")
    assert (ended.talked, ended.held) == (10 * SECOND, 0)


def test_cancelling_brings_the_agent_back_to_her_caller_and_the_colleague_is_ready() -> None:
    ringing = asking()
    assert "PartyWithdrawn" in kinds(ringing.cancel("ana").events)
    joined = conferring()
    outcome = joined.cancel("ana")
    assert only(outcome.commands, c.ConnectLegs).leg == WEB
    for r in (ringing, joined):
        assert r.call("web:1").state is CallState.TALKING
        assert r.agent("dora").state is AgentState.READY


def test_a_question_that_is_declined_or_missed_leaves_the_caller_parked_and_pauses_her() -> None:
    declined = asking()
    declined.decline("dora")
    missed = asking()
    missed.wait(20)
    for r in (declined, missed):
        assert r.call("web:1").state is CallState.HELD
        assert r.call("web:1").parties == ()
        assert r.agent("dora").state is AgentState.PAUSED
        r.resume("ana")
        assert r.call("web:1").state is CallState.TALKING


def test_who_was_asked_may_leave_and_has_no_wrap_up() -> None:
    r = conferring()
    r.hang_up("dora")
    assert r.agent("dora").state is AgentState.READY
    assert r.call("web:1").state is CallState.HELD
    r.resume("ana")


def test_a_pause_that_she_noted_holds_after_the_consultation() -> None:
    r = conferring()
    r.pause("dora", "training")
    r.cancel("ana")
    assert (r.agent("dora").state, r.agent("dora").pause_reason) == (AgentState.PAUSED, "training")


def test_only_the_owner_holds_resumes_and_hands_on() -> None:
    r = conferring()
    for outcome in (r.hold("dora"), r.resume("dora"), r.complete("dora"), r.cancel("dora")):
        assert only(outcome.events, e.RequestRefused).reason is Reason.NOT_YOUR_CALL
    refused = only(r.transfer("dora", queue="spanish").events, e.RequestRefused)
    assert refused.reason is Reason.NOT_YOUR_CALL


def test_nobody_hangs_up_or_hands_on_with_a_question_open() -> None:
    r = conferring()
    for outcome in (r.hang_up("ana"), r.transfer("ana", queue="spanish"), r.consult("ana", to="x")):
        assert only(outcome.events, e.RequestRefused).reason is Reason.CONSULT_UNDER_WAY


def test_nobody_is_asked_who_is_not_ready() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.sign_in("dora", Origin.PRACTICE)
    r.ready("dora")
    cases = {
        ("spanish", None): Reason.NOBODY_READY,
        ("nowhere", None): Reason.UNKNOWN_QUEUE,
        (None, "dora"): Reason.AGENT_NOT_READY,
        (None, "stranger"): Reason.UNKNOWN_AGENT,
    }
    for (queue, to), reason in cases.items():
        outcome = r.consult("ana", queue=queue, to=to)
        assert only(outcome.events, e.RequestRefused).reason is reason
    assert r.call("web:1").state is CallState.TALKING
    assert only(r.complete("ana").events, e.RequestRefused).reason is Reason.NO_CONSULT


def test_a_queue_gives_whoever_is_its_next_agent() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("cleo")
    r.wait(1)
    r.ready("ben")
    offered = only(r.consult("ana", queue="english").events, e.PartyAsked)
    assert (offered.agent, offered.reason) == ("cleo", Reason.LONGEST_IDLE)


def test_when_the_caller_leaves_everybody_is_let_go() -> None:
    r = conferring()
    r.leave("web:1")
    assert r.agent("dora").state is AgentState.READY
    assert r.agent("ana").state is AgentState.WRAP_UP
    ringing = asking()
    ringing.leave("web:1")
    assert ringing.agent("dora").state is AgentState.READY


def test_whoever_is_asked_and_lost_comes_back_or_is_given_up() -> None:
    r = conferring()
    r.lose("desk:dora")
    r.wait(5)
    r.come_back("desk:dora")
    r.lose("desk:dora")
    r.wait(15)
    assert r.call("web:1").parties == ()
    assert r.call("web:1").agent == "ana"
    assert r.agent("dora").state is AgentState.PAUSED


def test_an_owner_who_is_lost_for_good_leaves_the_call_to_whom_she_asked() -> None:
    r = conferring()
    r.lose("desk:ana")
    r.wait(15)
    assert (r.call("web:1").agent, r.call("web:1").state) == ("dora", CallState.TALKING)
    assert r.agent("ana").state is AgentState.PAUSED


def test_an_owner_who_is_lost_while_it_rings_leaves_the_call_to_its_queue() -> None:
    r = asking()
    r.lose("desk:ana")
    r.wait(15)
    assert r.call("web:1").state is CallState.QUEUED
    assert r.agent("dora").state is AgentState.READY, "she serves another queue"


def test_a_caller_who_is_lost_and_back_takes_nothing_from_the_two_who_talk() -> None:
    r = conferring()
    session = r.call("web:1").session
    r.lose("web:1")
    r.come_back("web:1")
    assert r.call("web:1").session == session


def test_after_a_kill_the_consultation_is_where_it_was() -> None:
    r = conferring()
    assert not r.restart("web:1", "desk:ana", "desk:dora").commands
    assert [party.agent for party in r.call("web:1").parties] == [AgentKey("dora")]
    r.complete("ana")
    assert r.call("web:1").agent == "dora"


def test_after_a_kill_without_the_owner_the_other_two_hear_music() -> None:
    r = conferring()
    outcome = r.restart("web:1", "desk:dora")
    heard = only(outcome.commands, c.MixCall).hears
    assert heard == (Hears(leg=WEB, music=True), Hears(leg=DORA, music=True))


def test_an_accept_said_twice_is_one() -> None:
    r = asking()
    r.accept("dora")
    assert kinds(r.say_again().events) == ["InputPassedOver"]
