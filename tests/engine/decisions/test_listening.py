from openline.engine import AgentState, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.mix import Hears
from openline.engine.parties import ListenMode
from openline.model import LegId, Reason, SealedRef
from tests.builders import calling_back
from tests.engine.builders import ENGLISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

WEB, ANA, CLEO = LegId("web:1"), LegId("desk:ana"), LegId("desk:cleo")


def talking() -> Rehearsal:
    """Ana talks on a line whose greeting says that calls may be heard; Cleo supervises, paused."""
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.sign_in("cleo")
    return r


def refusal(r: Rehearsal, of: str = "ana") -> Reason:
    return only(r.listen("cleo", of).events, e.RequestRefused).reason


# --- who hears whom ------------------------------------------------------------------------------


def test_it_is_on_record_before_any_sound_flows_and_nobody_hears_who_listens() -> None:
    r = talking()
    outcome = r.listen("cleo", "ana")
    started = only(outcome.events, e.ListeningStarted)
    assert (started.agent, started.of, started.mode) == ("cleo", "ana", ListenMode.LISTEN)
    assert only(outcome.commands, c.MixCall).hears == (
        Hears(leg=WEB, others=(ANA,)),
        Hears(leg=ANA, others=(WEB,)),
        Hears(leg=CLEO, others=(WEB, ANA)),
    )


def test_a_whisper_is_heard_by_the_agent_alone() -> None:
    r = talking()
    r.listen("cleo", "ana")
    outcome = r.listen("cleo", "ana", ListenMode.WHISPER)
    assert kinds(outcome.events) == ["ListeningChanged"]
    heard = only(outcome.commands, c.MixCall).hears
    assert heard[0] == Hears(leg=WEB, others=(ANA,))
    assert heard[1] == Hears(leg=ANA, others=(WEB, CLEO))


def test_who_barges_in_is_heard_by_all() -> None:
    r = talking()
    heard = only(r.listen("cleo", "ana", ListenMode.BARGE).commands, c.MixCall).hears
    assert heard == (
        Hears(leg=WEB, others=(ANA, CLEO)),
        Hears(leg=ANA, others=(WEB, CLEO)),
        Hears(leg=CLEO, others=(WEB, ANA)),
    )


def test_while_the_caller_is_on_hold_a_supervisor_hears_nothing() -> None:
    r = talking()
    r.listen("cleo", "ana", ListenMode.BARGE)
    heard = only(r.hold("ana").commands, c.MixCall).hears
    assert heard == (Hears(leg=WEB, music=True), Hears(leg=ANA), Hears(leg=CLEO))


# --- where it is allowed -------------------------------------------------------------------------


def test_nobody_listens_where_callers_are_not_told() -> None:
    r = Rehearsal()
    r.arrive("web:1", line="public")
    r.hear_greeting("web:1")
    r.ready("ana")
    r.accept("ana")
    r.sign_in("cleo")
    assert refusal(r) is Reason.NOT_HEARD_HERE


def test_nobody_listens_to_who_is_called_back_for_he_heard_no_greeting() -> None:
    r = Rehearsal(another_version(queues=(calling_back(ENGLISH),)))
    r.arrive("sip:1")
    r.see(i.CallbackAsked(leg=LegId("sip:1"), number=SealedRef("number")))
    r.ready("ana")
    r.accept("ana")
    assert refusal(r) is Reason.CALL_IS_OVER, "while it rings there is no talk"
    (call,) = r.state.calls.values()
    r.see(i.DialAnswered(leg=call.leg))
    r.sign_in("cleo")
    assert refusal(r) is Reason.NOT_HEARD_HERE


def test_who_has_a_call_or_is_not_there_does_not_listen() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    assert refusal(r) is Reason.NOT_SIGNED_IN
    r.talk("cleo", "web:2")
    assert refusal(r) is Reason.NOT_IN_THIS_STATE
    assert refusal(r, of="dora") is Reason.CALL_IS_OVER
    unknown = only(r.listen("nobody", "ana").events, e.RequestRefused)
    assert unknown.reason is Reason.UNKNOWN_AGENT


def test_one_listens_at_a_time() -> None:
    r = talking()
    r.listen("cleo", "ana")
    r.sign_in("ben")
    refused = only(r.listen("ben", "ana").events, e.RequestRefused)
    assert refused.reason is Reason.SOMEBODY_LISTENS


# --- the end of it -------------------------------------------------------------------------------


def test_who_listened_is_afterwards_what_she_was() -> None:
    r = talking()
    r.ready("cleo")
    r.pause("cleo", "training")
    r.listen("cleo", "ana")
    assert r.agent("cleo").state is AgentState.TALKING, "she takes no calls meanwhile"
    outcome = r.hang_up("cleo")
    assert kinds(outcome.events) == ["PartyLeft", "AgentPaused"]
    assert r.agent("cleo").pause_reason == "training"
    assert only(outcome.commands, c.ResumeCall).leg == WEB


def test_who_was_ready_takes_the_next_call_afterwards() -> None:
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.ready("cleo")
    r.listen("cleo", "ana")
    r.arrive("web:2")
    assert r.call("web:2").state is CallState.QUEUED
    r.hang_up("cleo")
    assert r.agent_offered("web:2") == "cleo"


def test_listening_ends_with_the_call_and_when_another_has_it() -> None:
    r = talking()
    r.listen("cleo", "ana")
    assert only(r.leave("web:1").events, e.PartyLeft).agent == "cleo"
    r = talking()
    r.listen("cleo", "ana")
    outcome = r.transfer("ana", queue="english")
    assert only(outcome.events, e.PartyLeft).reason is Reason.HANDED_ON, "not for the next agent"
    assert r.agent("cleo").state is AgentState.PAUSED


def test_a_listener_is_no_hindrance_to_a_consultation() -> None:
    r = talking()
    r.listen("cleo", "ana")
    r.ready("dora")
    r.consult("ana", to="dora")
    r.accept("dora")
    r.complete("ana")
    assert r.call("web:1").agent == "dora"
    assert not r.call("web:1").parties
