import pytest

from openline.engine import AgentState, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, LegId, OfferId, Origin, Reason, SealedRef
from tests.engine.builders import RING_S, WRAP_UP_LIMIT_S
from tests.engine.rehearsal import Rehearsal, kinds, only

BEN = AgentKey("ben")


def _refused(outcome_events: tuple[e.AnyEvent, ...]) -> Reason:
    return only(outcome_events, e.RequestRefused).reason


# --- coming and going ----------------------------------------------------------------------


def test_an_agent_who_signs_in_is_paused_until_she_says_that_she_is_ready() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.sign_in("ben")
    assert night.agent("ben").state is AgentState.PAUSED
    assert night.agent_offered("web:1") is None


def test_signing_in_twice_at_one_leg_changes_nothing() -> None:
    night = Rehearsal()
    night.sign_in("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_an_agent_cannot_sign_in_at_a_second_leg() -> None:
    night = Rehearsal()
    night.sign_in("ben")
    outcome = night.see(
        i.SignInRequested(agent=BEN, leg=LegId("desk:other"), origins=(Origin.REAL,))
    )
    assert _refused(outcome.events) is Reason.ALREADY_SIGNED_IN
    assert night.agent("ben").leg == "desk:ben"


@pytest.mark.parametrize("taken", ["desk:ana", "web:1"])
def test_nobody_signs_in_at_a_leg_that_is_somebody_elses(taken: str) -> None:
    night = Rehearsal()
    night.sign_in("ana")
    night.arrive("web:1")
    outcome = night.see(i.SignInRequested(agent=BEN, leg=LegId(taken), origins=(Origin.REAL,)))
    assert _refused(outcome.events) is Reason.LEG_KNOWN_ALREADY
    assert night.agent("ben").state is AgentState.SIGNED_OUT


def test_who_signed_out_needs_to_sign_in_first() -> None:
    night = Rehearsal()
    outcome = night.see(i.ReadyRequested(agent=BEN))
    assert _refused(outcome.events) is Reason.NOT_SIGNED_IN


def test_signing_out_gives_the_offered_caller_to_the_next_agent() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    outcome = night.sign_out("ana")
    assert kinds(outcome.events) == ["OfferWithdrawn", "AgentSignedOut", "CallOffered"]
    assert only(outcome.events, e.OfferWithdrawn).reason is Reason.AGENT_LEFT
    assert night.agent_offered("web:1") == "ben"


def test_signing_out_of_a_call_is_refused() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    assert _refused(night.sign_out("ben").events) is Reason.IN_A_CALL
    assert night.agent("ben").state is AgentState.TALKING


def test_signing_out_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.sign_out("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_choosing_the_same_origins_again_changes_nothing() -> None:
    night = Rehearsal()
    night.sign_in("ben", Origin.REAL)
    outcome = night.see(i.OriginsChosen(agent=BEN, origins=(Origin.REAL,)))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_an_offer_stands_when_its_agent_stops_serving_its_origin() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.see(i.OriginsChosen(agent=BEN, origins=(Origin.PRACTICE,)))
    night.accept("ben")
    assert night.call("web:1").agent == "ben"


def test_saying_ready_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


# --- pausing -------------------------------------------------------------------------------


def test_a_paused_agent_is_offered_nothing() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.pause("ben")
    night.arrive("web:1")
    assert night.agent_offered("web:1") is None
    assert night.agent("ben").pause_reason == "lunch"


def test_pausing_under_an_offer_gives_the_caller_to_the_next_agent() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    outcome = night.pause("ana")
    assert kinds(outcome.events) == ["OfferWithdrawn", "AgentPaused", "CallOffered"]
    assert night.agent_offered("web:1") == "ben"


def test_a_pause_asked_for_in_a_call_is_noted_and_counts_after_it() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    assert kinds(night.pause("ben", "training").events) == ["PauseNoted"]
    assert night.agent("ben").state is AgentState.TALKING
    night.hang_up("ben")
    outcome = night.finish("ben", ready=False)
    paused = only(outcome.events, e.AgentPaused)
    assert (paused.reason, paused.pause_reason) == (Reason.ASKED_DURING_CALL, "training")


def test_her_last_word_holds_when_she_noted_a_pause_and_is_ready_after_all() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.pause("ben")
    night.hang_up("ben")
    night.finish("ben", ready=True)
    assert night.agent("ben").is_idle
    assert night.agent("ben").pause_after is None


def test_a_pause_for_an_unheard_of_reason_is_refused() -> None:
    night = Rehearsal()
    night.ready("ben")
    assert _refused(night.pause("ben", "holiday").events) is Reason.UNKNOWN_PAUSE_REASON
    assert night.agent("ben").is_idle


@pytest.mark.parametrize("in_a_call", [False, True])
def test_asking_for_the_same_pause_again_changes_nothing_however_late(in_a_call: bool) -> None:
    night = Rehearsal()
    if in_a_call:
        night.talk("ben", "web:1")
    else:
        night.ready("ben")
    night.pause("ben")
    since = night.agent("ben").since
    night.wait(30)
    outcome = night.pause("ben")
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
    assert night.agent("ben").since == since


def test_a_paused_agent_may_give_another_reason() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.pause("ben", "lunch")
    night.pause("ben", "training")
    assert night.agent("ben").pause_reason == "training"


# --- offers --------------------------------------------------------------------------------


def test_accepting_connects_the_two() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.wait(9)
    night.ready("ben")
    night.wait(4)
    outcome = night.accept("ben")
    accepted = only(outcome.events, e.OfferAccepted)
    assert (accepted.agent, accepted.waited) == ("ben", 13 * SECOND)
    assert only(outcome.commands, c.StopRinging).reason is Reason.ACCEPTED
    connect = only(outcome.commands, c.ConnectLegs)
    assert (connect.leg, connect.agent_leg, connect.session) == ("web:1", "desk:ben", 1)


def test_accepting_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    night.accept("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
    assert night.call("web:1").session == 1


def test_an_offer_can_be_accepted_only_by_whom_it_was_made_to() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    night.arrive("web:2")
    outcome = night.see(i.AcceptRequested(agent=BEN, offer=night.offer_to("ana")))
    assert _refused(outcome.events) is Reason.OFFER_IS_OVER
    assert night.call("web:1").agent is None


def test_an_offer_that_is_over_cannot_be_accepted() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    offer = night.offer_to("ben")
    night.leave("web:1")
    outcome = night.see(i.AcceptRequested(agent=BEN, offer=offer))
    assert _refused(outcome.events) is Reason.OFFER_IS_OVER


def test_declining_gives_the_caller_his_own_place_back_and_pauses_the_agent() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    since = night.now
    night.wait(30)
    night.arrive("web:2")
    night.ready("ben")
    outcome = night.decline("ben")
    assert kinds(outcome.events) == ["OfferDeclined"]
    assert only(outcome.commands, c.StopRinging).reason is Reason.DECLINED
    assert night.call("web:1").waiting_since == since
    assert night.agent("ben").state is AgentState.PAUSED
    assert night.agent("ben").reason is Reason.OFFER_DECLINED
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_a_declined_call_goes_to_the_next_idle_agent_at_once() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    assert kinds(night.decline("ana").events) == ["OfferDeclined", "CallOffered"]
    assert night.agent_offered("web:1") == "ben"


def test_declining_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.decline("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


# --- conversation --------------------------------------------------------------------------


def test_holding_and_resuming_keep_the_session_and_count_the_hold() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.wait(10)
    held = night.hold("ben")
    assert only(held.commands, c.HoldCall).session == 1
    night.wait(45)
    resumed = night.resume("ben")
    assert only(resumed.commands, c.ResumeCall).session == 1
    night.wait(5)
    ended = only(night.hang_up("ben").events, e.CallEnded)
    assert (ended.talked, ended.held) == (60 * SECOND, 45 * SECOND)


def test_a_call_that_ends_on_hold_counts_its_hold_to_the_end() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    night.wait(20)
    assert only(night.leave("web:1").events, e.CallEnded).held == 20 * SECOND


@pytest.mark.parametrize("what", ["hold", "resume"])
def test_holding_or_resuming_twice_changes_nothing(what: str) -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    if what == "resume":
        night.resume("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
    assert not outcome.commands


def test_an_agent_who_hangs_up_ends_the_call_and_wraps_up() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.hang_up("ben")
    assert only(outcome.events, e.CallEnded).reason is Reason.AGENT_HUNG_UP
    hang_up = only(outcome.commands, c.HangUpLeg)
    assert (hang_up.leg, hang_up.reason) == ("web:1", Reason.AGENT_HUNG_UP)
    assert night.agent("ben").state is AgentState.WRAP_UP


def test_hanging_up_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


@pytest.mark.parametrize("request_type", [i.HoldRequested, i.ResumeRequested, i.HangUpRequested])
def test_what_needs_a_call_is_refused_without_one(
    request_type: type[i.HoldRequested | i.ResumeRequested | i.HangUpRequested],
) -> None:
    night = Rehearsal()
    night.ready("ben")
    assert _refused(night.see(request_type(agent=BEN)).events) is Reason.CALL_IS_OVER


# --- wrap-up -------------------------------------------------------------------------------


def test_finishing_needs_a_disposition() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    assert _refused(night.finish("ben", "").events) is Reason.DISPOSITION_MISSING
    assert _refused(night.finish("ben", "unheard of").events) is Reason.UNKNOWN_DISPOSITION
    assert night.agent("ben").state is AgentState.WRAP_UP


def test_finishing_records_what_came_of_it_and_how_long_it_took() -> None:
    night = Rehearsal()
    call = night.talk("ben", "web:1")
    night.hang_up("ben")
    night.wait(25)
    outcome = night.see(
        i.WrapUpFinishRequested(agent=BEN, disposition="helped", note=SealedRef("sealed-7"))
    )
    finished = only(outcome.events, e.WrapUpFinished)
    assert (finished.call, finished.queue, finished.disposition, finished.note, finished.took) == (
        call,
        "english",
        "helped",
        "sealed-7",
        25 * SECOND,
    )
    assert only(outcome.events, e.AgentReady).reason is Reason.WRAP_UP_DONE


def test_who_finishes_ready_is_offered_the_next_call_at_once() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.arrive("web:2")
    night.hang_up("ben")
    assert night.agent_offered("web:2") is None
    night.finish("ben")
    assert night.agent_offered("web:2") == "ben"


def test_finishing_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.arrive("web:2")
    night.hang_up("ben")
    night.finish("ben")
    outcome = night.say_again()
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_who_finishes_for_a_pause_gives_a_known_reason() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    outcome = night.finish("ben", ready=False, pause_reason="holiday")
    assert _refused(outcome.events) is Reason.UNKNOWN_PAUSE_REASON
    night.finish("ben", ready=False, pause_reason="lunch")
    assert night.agent("ben").state is AgentState.PAUSED
    assert night.agent("ben").pause_reason == "lunch"


def test_an_offer_of_long_ago_cannot_be_accepted_in_the_next_talk() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.see(i.AcceptRequested(agent=BEN, offer=OfferId(99)))
    assert _refused(outcome.events) is Reason.OFFER_IS_OVER
    assert night.call("web:1").state is CallState.TALKING
    assert night.agent("ben").call == night.call("web:1").id


def test_the_offer_and_the_warning_are_timed_by_the_queue() -> None:
    night = Rehearsal()
    night.ready("ben")
    offered = only(night.arrive("web:1").events, e.CallOffered)
    assert offered.expires_at == night.now + RING_S * SECOND
    night.accept("ben")
    wrap_up = only(night.hang_up("ben").events, e.WrapUpStarted)
    assert wrap_up.warn_at == night.now + WRAP_UP_LIMIT_S * SECOND


@pytest.mark.parametrize("reason", [Reason.CALLER_HUNG_UP, Reason.AGENT_HUNG_UP])
def test_who_wraps_up_is_told_how_the_call_ended(reason: Reason) -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    if reason is Reason.AGENT_HUNG_UP:
        outcome = night.hang_up("ben")
    else:
        outcome = night.see(i.LegHungUp(leg=LegId("web:1")))
    assert only(outcome.events, e.WrapUpStarted).reason is reason
    assert night.agent("ben").reason is reason


def test_a_sign_out_ends_the_work_after_a_call_with_its_time_and_no_answer() -> None:
    night = Rehearsal()
    call = night.talk("ben", "web:1")
    night.hang_up("ben")
    night.wait(40)
    outcome = night.see(i.SignOutRequested(agent=BEN))
    assert kinds(outcome.events) == ["WrapUpFinished", "AgentSignedOut"]
    finished = only(outcome.events, e.WrapUpFinished)
    assert (finished.call, finished.disposition, finished.note, finished.took) == (
        call,
        None,
        None,
        40 * SECOND,
    )


def test_to_resume_a_caller_who_is_lost_leaves_the_agent_her_music() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.see(i.HoldRequested(agent=BEN))
    night.see(i.LegLost(leg=LegId("web:1")))
    outcome = night.see(i.ResumeRequested(agent=BEN))
    assert kinds(outcome.events) == ["CallResumed"]
    assert [type(order) for order in outcome.commands] == [c.PlayMusic]
    assert outcome.commands[0].leg == night.agent("ben").leg
    back = night.see(i.LegReturned(leg=LegId("web:1"), session=night.call("web:1").session))
    assert [type(order) for order in back.commands] == [c.ResumeCall]
