"""A queue sends calls outside: the caller is told, it rings there, and in vain he has his place."""

import msgspec
import pytest

from openline.engine import (
    Announcements,
    CallbackSettings,
    CallOutcome,
    CallState,
    FlowsWhen,
    Interflow,
    OutsideSettings,
    Settings,
    SurgeSettings,
    ToMessage,
    ToOutside,
    ToQueue,
    ToVoicemail,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.mix import Hears
from openline.model import AgentKey, Instant, LegId, Origin, OutsideKey, Reason, SurgeKey
from tests.builders import flows, seconds, step
from tests.engine.builders import (
    AMBULANCE,
    BOX,
    CRISIS,
    CRISIS_LINE,
    ENGLISH,
    GREETING_LIMIT_S,
    INTERPRETER,
    LAWYER,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, kinds, only

WEB = LegId("web:1")
RINGS_S = 30
TO_LAWYER = ToOutside(outside=LAWYER.key)
SAID = "we-connect-you"


def _waited(after_s: float = 60, *, announcement: str | None = SAID) -> Interflow:
    return flows(FlowsWhen.WAITED, TO_LAWYER, after_s, announcement=announcement)


def _centre(*rules: Interflow, hop_limit: int = 8, version: int = 2) -> Settings:
    return another_version(
        version=version,
        queues=(msgspec.structs.replace(ENGLISH, interflow=rules), SPANISH, CRISIS),
        boxes=(BOX,),
        hop_limit=hop_limit,
    )


def told() -> Rehearsal:
    """A caller has waited for a minute and hears where he is sent."""
    night = Rehearsal(_centre(_waited()))
    night.arrive("web:1")
    night.wait(60)
    return night


def ringing() -> Rehearsal:
    """It rings outside."""
    night = told()
    night.hear_greeting("web:1")
    return night


def spoken_with() -> Rehearsal:
    """He is spoken with outside."""
    night = ringing()
    night.wait(10)
    night.outside_answers("web:1", "lawyer")
    return night


# --- on its way ------------------------------------------------------------------------------


def test_a_caller_is_told_before_a_number_outside_is_rung_for_him() -> None:
    night = Rehearsal(_centre(_waited()))
    night.arrive("web:1")
    sent = only(night.wait(60), e.CallForwarded)
    assert (sent.outside, sent.hops, sent.reason) == ("lawyer", 1, Reason.MAXIMUM_WAIT)
    message = night.steps[-1].outcome.commands
    assert only(message, c.PlayMessage).sound == SAID
    outcome = night.hear_greeting("web:1")
    assert only(outcome.events, e.OutsideDialled).by is None
    dial = only(outcome.commands, c.DialOutside)
    assert (dial.outside, dial.give_up_at) == ("lawyer", night.now + seconds(RINGS_S))
    assert not dial.passes_number
    assert only(outcome.commands, c.MixCall).hears == (Hears(leg=WEB, music=True),)
    assert night.call("web:1").state is CallState.FORWARDED


def test_where_nothing_is_announced_it_rings_at_once() -> None:
    night = Rehearsal(_centre(_waited(announcement=None)))
    night.arrive("web:1")
    assert kinds(night.wait(60)) == ["MaximumWaitReached", "CallForwarded", "OutsideDialled"]


def test_it_rings_although_the_end_of_the_announcement_is_never_reported() -> None:
    night = told()
    assert "OutsideDialled" in kinds(night.wait(GREETING_LIMIT_S))


def test_who_answers_outside_and_the_caller_hear_each_other_and_it_was_not_our_answer() -> None:
    night = ringing()
    night.wait(10)
    leg = night.outside_leg("web:1", "lawyer")
    outcome = night.outside_answers("web:1", "lawyer")
    assert only(outcome.commands, c.MixCall).hears == (
        Hears(leg=WEB, others=(leg,)),
        Hears(leg=leg, others=(WEB,)),
    )
    night.wait(300)
    outcome = night.outside_hangs_up("web:1", "lawyer")
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.reason) == (
        CallOutcome.ANSWERED_OUTSIDE,
        Reason.OUTSIDE_HUNG_UP,
    )
    assert (ended.waited, ended.talked, ended.agent) == (seconds(70), 0, None)
    assert only(outcome.commands, c.HangUpLeg).leg == "web:1"


def test_the_caller_ends_it_too_once_he_is_spoken_with() -> None:
    night = spoken_with()
    leg = night.outside_leg("web:1", "lawyer")
    outcome = night.leave("web:1")
    assert only(outcome.events, e.CallEnded).outcome is CallOutcome.ANSWERED_OUTSIDE
    assert only(outcome.commands, c.HangUpLeg).leg == leg


def test_a_caller_who_hangs_up_while_it_rings_gave_up_waiting_and_the_ringing_ends() -> None:
    night = ringing()
    leg = night.outside_leg("web:1", "lawyer")
    night.wait(5)
    outcome = night.leave("web:1")
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.waited) == (CallOutcome.ABANDONED, seconds(65))
    assert only(outcome.commands, c.HangUpLeg).leg == leg


def test_a_caller_who_hangs_up_while_he_is_told_is_not_dialled_for() -> None:
    night = told()
    night.wait(3)
    outcome = night.leave("web:1")
    assert only(outcome.events, e.CallEnded).outcome is CallOutcome.ABANDONED
    assert not [order for order in outcome.commands if isinstance(order, c.DialOutside)]


def test_an_agent_who_becomes_ready_while_it_rings_does_not_get_the_call() -> None:
    night = ringing()
    night.arrive("web:2")
    night.ready("ben")
    assert night.agent_offered("web:2") == "ben"
    assert night.call("web:1").state is CallState.FORWARDED


# --- in vain ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (i.DialFailure.BUSY, Reason.BUSY),
        (i.DialFailure.NO_ANSWER, Reason.NO_ANSWER),
        (i.DialFailure.FAILED, Reason.DIAL_FAILED),
    ],
)
def test_in_vain_he_has_his_own_place_in_the_same_entry_and_the_story_says_why(
    why: i.DialFailure, reason: Reason
) -> None:
    night = ringing()
    night.arrive("web:2")
    before = night.call("web:1")
    since, queued_at = before.waiting_since, before.queued_at
    outcome = night.see(i.DialFailed(leg=night.outside_leg("web:1", "lawyer"), why=why))
    assert kinds(outcome.events) == ["OutsideFailed", "ForwardFailed"]
    assert only(outcome.events, e.ForwardFailed).reason is reason
    assert only(outcome.commands, c.PlayMusic).leg == "web:1"
    call = night.call("web:1")
    assert (call.waiting_since, call.queued_at, call.entry) == (since, queued_at, 1)
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_who_does_not_answer_in_the_ring_time_of_the_list_is_rung_no_longer() -> None:
    night = ringing()
    leg = night.outside_leg("web:1", "lawyer")
    events = night.wait(RINGS_S)
    assert only(events, e.ForwardFailed).reason is Reason.NO_ANSWER
    assert only(night.steps[-1].outcome.commands, c.HangUpLeg).leg == leg


@pytest.mark.parametrize(
    ("why", "reason"),
    [("cannot_dial_out", Reason.CANNOT_DIAL_OUT), ("port_broke", Reason.DIAL_FAILED)],
)
def test_where_nothing_can_be_dialled_he_is_back_at_once(why: str, reason: Reason) -> None:
    night = told()
    dial = only(night.hear_greeting("web:1").commands, c.DialOutside)
    outcome = night.see(i.CommandFailed(command=dial.id, leg=dial.leg, why=why))
    assert only(outcome.events, e.ForwardFailed).reason is reason
    assert night.call("web:1").is_waiting


def test_whoever_became_ready_meanwhile_takes_him_as_he_comes_back() -> None:
    night = ringing()
    night.ready("ben")
    night.wait(RINGS_S)
    assert night.agent_offered("web:1") == "ben"


def test_it_is_tried_once() -> None:
    night = ringing()
    night.wait(RINGS_S)
    assert "CallForwarded" not in kinds(night.wait(3_600))
    assert night.call("web:1").is_waiting
    assert night.call("web:1").leaves_at is None


def test_not_even_after_he_came_to_the_queue_anew() -> None:
    night = ringing()
    night.wait(RINGS_S)
    night.ready("ana")
    night.accept("ana")
    night.transfer("ana", queue="english")
    assert "CallForwarded" not in kinds(night.wait(600))


def test_what_else_the_queue_says_holds_then() -> None:
    rules = (_waited(60), flows(FlowsWhen.WAITED, ToVoicemail(box=BOX.key), 300))
    night = Rehearsal(_centre(*rules))
    night.arrive("web:1")
    night.wait(60)
    night.hear_greeting("web:1")
    night.wait(RINGS_S)
    assert night.call("web:1").is_waiting
    sent = only(night.wait(240), e.CallSent)
    assert (sent.to, sent.waited) == (ToVoicemail(box=BOX.key), seconds(300))


def test_a_maximum_that_passed_while_it_rang_holds_as_he_comes_back() -> None:
    rules = (_waited(60), flows(FlowsWhen.WAITED, ToMessage(sound="sorry"), 80))
    night = Rehearsal(_centre(*rules))
    night.arrive("web:1")
    night.wait(60)
    night.hear_greeting("web:1")
    events = night.wait(RINGS_S)
    assert kinds(events)[-3:] == ["MaximumWaitReached", "CallSent", "MessageStarted"]


def test_where_nobody_is_at_work_the_next_such_rule_is_asked_as_he_comes_back() -> None:
    nobody = FlowsWhen.NOBODY_AT_WORK
    rules = (flows(nobody, TO_LAWYER), flows(nobody, ToVoicemail(box=BOX.key)))
    night = Rehearsal(_centre(*rules))
    assert "CallForwarded" in kinds(night.arrive("web:1").events)
    assert only(night.wait(RINGS_S), e.CallSent).reason is Reason.NOBODY_AT_WORK


def test_the_hop_limit_holds_and_who_was_to_go_is_offered_like_anybody() -> None:
    night = Rehearsal(_centre(_waited(), hop_limit=0))
    night.arrive("web:1")
    assert kinds(night.wait(60)) == ["MaximumWaitReached", "HopLimitReached"]
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


# --- who is sent, and where ------------------------------------------------------------------


def test_a_number_that_is_not_for_his_line_is_not_his_and_he_waits() -> None:
    lawyer = msgspec.structs.replace(LAWYER, lines=(CRISIS_LINE.key,))
    settings = msgspec.structs.replace(_centre(_waited()), outside=(lawyer, INTERPRETER, AMBULANCE))
    night = Rehearsal(settings)
    night.arrive("web:1")
    assert night.wait(600) == []
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_no_queue_calls_an_emergency_service() -> None:
    rule = flows(FlowsWhen.WAITED, ToOutside(outside=AMBULANCE.key), 60)
    night = Rehearsal(_centre(rule))
    night.arrive("web:1")
    assert night.wait(600) == []


def test_practice_calls_stay() -> None:
    night = Rehearsal(_centre(_waited()))
    night.arrive("web:1", origin=Origin.PRACTICE)
    assert night.wait(600) == []


@pytest.mark.parametrize(
    "others", [(INTERPRETER,), (msgspec.structs.replace(LAWYER, lines=(CRISIS_LINE.key,)),)]
)
def test_a_number_that_left_the_list_while_he_was_told_is_not_rung(
    others: tuple[OutsideSettings, ...],
) -> None:
    night = told()
    night.publish(msgspec.structs.replace(_centre(_waited(), version=3), outside=others))
    outcome = night.hear_greeting("web:1")
    assert only(outcome.events, e.ForwardFailed).reason is Reason.UNKNOWN_OUTSIDE


def test_a_surge_may_send_calls_outside_that_stay_otherwise() -> None:
    surge = SurgeSettings(
        key=SurgeKey("flood"),
        lines=(),
        queues=(msgspec.structs.replace(ENGLISH, interflow=(_waited(),)),),
    )
    night = Rehearsal(another_version(surges=(surge,)))
    night.arrive("web:1")
    night.wait(90)
    events = night.see(i.SurgeRequested(by=AgentKey("sue"), surge=surge.key)).events
    assert "CallForwarded" in kinds(events)


def test_who_comes_back_is_held_to_the_rules_of_then() -> None:
    night = ringing()
    queue = msgspec.structs.replace(
        ENGLISH,
        overflow=(step(20, es=1), step(3_000)),
        announcements=Announcements(place=True, wait=False, every=seconds(30)),
        callback=CallbackSettings(offer_after=seconds(120)),
        interflow=(flows(FlowsWhen.WAITED, ToQueue(queue=SPANISH.key), 400),),
    )
    night.publish(another_version(version=3, queues=(queue, SPANISH, CRISIS)))
    night.wait(RINGS_S)
    call = night.call("web:1")
    assert call.queued_at is not None
    assert (call.step, call.leaves_at) == (1, call.queued_at + seconds(400))
    assert call.announce_at == night.now + seconds(30)


# --- what breaks -----------------------------------------------------------------------------


def test_a_lost_page_hears_the_announcement_again_and_music_while_it_rings() -> None:
    night = told()
    night.lose("web:1")
    assert only(night.come_back("web:1").commands, c.PlayMessage).sound == SAID
    night.hear_greeting("web:1")
    night.lose("web:1")
    heard = only(night.come_back("web:1").commands, c.MixCall).hears
    assert heard == (Hears(leg=WEB, music=True),)


def test_a_caller_who_does_not_come_back_ends_the_ringing() -> None:
    night = ringing()
    leg = night.outside_leg("web:1", "lawyer")
    night.lose("web:1")
    events = night.wait(15)
    assert only(events, e.CallEnded).outcome is CallOutcome.ABANDONED
    ended = [o.leg for o in night.steps[-1].outcome.commands if isinstance(o, c.HangUpLeg)]
    assert leg in ended


def test_after_a_restart_who_is_spoken_with_goes_on_and_what_rang_is_not_dialled_again() -> None:
    night = spoken_with()
    leg = night.outside_leg("web:1", "lawyer")
    night.restart("web:1", leg)
    assert night.call("web:1").state is CallState.FORWARDED
    night = ringing()
    outcome = night.restart("web:1")
    assert only(outcome.events, e.ForwardFailed).reason is Reason.RESTARTED
    assert not [order for order in outcome.commands if isinstance(order, c.DialOutside)]


def test_after_a_restart_those_who_come_back_do_so_in_the_order_of_their_calls() -> None:
    night = Rehearsal(_centre(_waited(announcement=None)))
    for leg in ("web:1", "web:2"):
        night.arrive(leg)
    night.wait(55)
    night.lose("web:1")
    night.wait(10)
    night.come_back("web:1")
    assert list(night.state.calls_by_outside_leg.values()) == [
        night.call("web:2"),
        night.call("web:1"),
    ]
    # The rehearsal asks a twin, restored from a snapshot, for the same.
    outcome = night.restart("web:1", "web:2")
    back = [event.call for event in outcome.events if isinstance(event, e.ForwardFailed)]
    assert back == [1, 2]


def test_nobody_is_rung_for_a_caller_who_is_not_there_after_a_restart() -> None:
    night = told()
    night.now = Instant(night.now + seconds(GREETING_LIMIT_S + 1))
    outcome = night.restart()
    assert not [order for order in outcome.commands if isinstance(order, c.DialOutside)]
    assert only(outcome.events, e.ForwardFailed).reason is Reason.CALLER_LOST


def test_a_lost_line_outside_ends_the_talk_there() -> None:
    night = spoken_with()
    leg = night.outside_leg("web:1", "lawyer")
    ended = only(night.lose(leg).events, e.CallEnded)
    assert ended.outcome is CallOutcome.ANSWERED_OUTSIDE


def test_a_surge_that_ends_while_it_rings_cuts_nothing() -> None:
    night = ringing()
    night.publish(another_version(version=3))
    assert night.call("web:1").state is CallState.FORWARDED
    outcome = night.outside_answers("web:1", OutsideKey("lawyer"))
    assert "OutsideAnswered" in kinds(outcome.events)


def test_answers_that_come_late_or_twice_change_nothing() -> None:
    night = ringing()
    leg = night.outside_leg("web:1", "lawyer")
    night.wait(RINGS_S)
    late = night.see(i.DialAnswered(leg=leg))
    assert kinds(late.events) == ["InputPassedOver"]
    assert night.call("web:1").is_waiting
