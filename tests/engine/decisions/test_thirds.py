from openline.engine import AgentState, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.mix import Hears
from openline.model import LegId, Reason
from tests.engine.builders import HEAL_S, RING_S
from tests.engine.rehearsal import Rehearsal, kinds, only

WEB, ANA, DORA = LegId("web:1"), LegId("desk:ana"), LegId("desk:dora")


def three() -> Rehearsal:
    """Ana and her caller talk, and Dora interprets."""
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.third("ana", to="dora")
    r.accept("dora")
    return r


def test_the_caller_stays_with_his_agent_while_the_third_is_rung() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    outcome = r.third("ana", queue="spanish")
    assert kinds(outcome.events) == ["PartyAsked"]
    assert only(outcome.commands, c.RingAgent).leg == DORA
    assert r.call("web:1").state is CallState.TALKING


def test_three_hear_each_other() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.third("ana", to="dora")
    assert only(r.accept("dora").commands, c.MixCall).hears == (
        Hears(leg=WEB, others=(ANA, DORA)),
        Hears(leg=ANA, others=(WEB, DORA)),
        Hears(leg=DORA, others=(WEB, ANA)),
    )


def test_on_hold_caller_and_third_hear_music_each_alone() -> None:
    r = three()
    assert only(r.hold("ana").commands, c.MixCall).hears == (
        Hears(leg=WEB, music=True),
        Hears(leg=ANA),
        Hears(leg=DORA, music=True),
    )
    assert only(r.resume("ana").commands, c.MixCall).hears[0].others == (ANA, DORA)


def test_a_third_who_leaves_is_ready_again_and_the_two_talk_on() -> None:
    r = three()
    outcome = r.hang_up("dora")
    assert only(outcome.events, e.PartyLeft).reason is Reason.PARTY_LEFT
    assert r.agent("dora").state is AgentState.READY
    assert only(outcome.commands, c.ResumeCall).session == r.call("web:1").session


def test_a_third_is_let_go() -> None:
    r = three()
    (party,) = r.call("web:1").parties
    assert only(r.dismiss("ana", party.number).events, e.PartyLeft).reason is Reason.LET_GO
    assert r.agent("dora").is_idle
    again = only(r.dismiss("ana", party.number).events, e.InputPassedOver)
    assert again.reason is Reason.NOTHING_TO_DO


def test_a_third_who_does_not_answer_changes_nothing_for_the_two() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.third("ana", to="dora")
    events = r.wait(RING_S)
    assert kinds(events) == ["PartyMissed"]
    assert r.call("web:1").state is CallState.TALKING


def test_one_is_rung_at_a_time_and_a_consulted_colleague_is_not_let_go_as_a_third() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("dora")
    r.consult("ana", to="dora")
    refused = only(r.third("ana", outside="interpreter").events, e.RequestRefused)
    assert refused.reason is Reason.SOMEBODY_IS_RUNG
    r.accept("dora")
    (party,) = r.call("web:1").parties
    assert only(r.dismiss("ana", party.number).events, e.RequestRefused).reason is Reason.NO_THIRD


def test_who_has_a_third_asks_before_she_hands_the_call_on() -> None:
    r = three()
    refused = only(r.transfer("ana", queue="english").events, e.RequestRefused)
    assert refused.reason is Reason.OTHERS_IN_CALL


def test_whom_an_agent_rings_is_rung_no_more_when_she_gives_the_call_away() -> None:
    r = three()
    r.ready("ben")
    r.consult("ana", to="ben")
    r.accept("ben")
    r.third("ana", outside="interpreter")
    outcome = r.complete("ana")
    assert only(outcome.events, e.OutsideFailed).reason is Reason.HANDED_ON
    assert [party.agent for party in r.call("web:1").parties] == ["dora"], "who is there stays"


def test_when_the_agent_hangs_up_the_third_is_free() -> None:
    r = three()
    outcome = r.hang_up("ana")
    assert only(outcome.events, e.PartyLeft).reason is Reason.CALLER_LEFT
    assert r.agent("dora").is_idle


def test_when_the_agent_is_lost_caller_and_third_hear_music_and_at_last_he_waits_again() -> None:
    r = three()
    assert only(r.lose("desk:ana").commands, c.MixCall).hears == (
        Hears(leg=WEB, music=True),
        Hears(leg=DORA, music=True),
    )
    r.wait(HEAL_S)
    assert r.call("web:1").state is CallState.QUEUED
    assert r.agent("dora").is_idle
