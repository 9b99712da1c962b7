from openline.engine import AgentState, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.mix import Hears
from openline.model import SECOND, LegId, Reason
from tests.engine.builders import HEAL_S
from tests.engine.rehearsal import Rehearsal, kinds, only

WEB, ANA = LegId("web:1"), LegId("desk:ana")
RINGS_S = 30


def talking() -> Rehearsal:
    """Ana talks with a caller."""
    r = Rehearsal()
    r.talk("ana", "web:1")
    r.wait(60)
    return r


def given() -> Rehearsal:
    """The caller speaks with the lawyer; Ana wraps up."""
    r = talking()
    r.transfer("ana", outside="lawyer")
    r.outside_answers("web:1", "lawyer")
    return r


# --- blind ---------------------------------------------------------------------------------------


def test_a_caller_hears_music_while_it_rings_outside_and_his_agent_wraps_up() -> None:
    r = talking()
    outcome = r.transfer("ana", outside="lawyer")
    assert kinds(outcome.events) == ["CallGivenOutside", "WrapUpStarted", "OutsideDialled"]
    dial = only(outcome.commands, c.DialOutside)
    assert (dial.outside, dial.give_up_at) == ("lawyer", r.now + RINGS_S * SECOND)
    assert not dial.passes_number
    assert only(outcome.commands, c.MixCall).hears == (Hears(leg=WEB, music=True),)
    assert r.agent("ana").state is AgentState.WRAP_UP
    assert r.call("web:1").state is CallState.OUTSIDE


def test_whoever_answers_outside_is_with_the_caller() -> None:
    r = talking()
    r.transfer("ana", outside="lawyer")
    leg = r.outside_leg("web:1", "lawyer")
    outcome = r.outside_answers("web:1", "lawyer")
    assert only(outcome.commands, c.MixCall).hears == (
        Hears(leg=WEB, others=(leg,)),
        Hears(leg=leg, others=(WEB,)),
    )


def test_a_call_outside_ends_when_the_other_side_hangs_up() -> None:
    r = given()
    outcome = r.outside_hangs_up("web:1", "lawyer")
    ended = only(outcome.events, e.CallEnded)
    assert (ended.outcome, ended.reason) == (CallOutcome.ANSWERED, Reason.OUTSIDE_HUNG_UP)
    assert only(outcome.commands, c.HangUpLeg).leg == WEB


def test_a_call_outside_ends_when_the_caller_hangs_up() -> None:
    r = given()
    leg = r.outside_leg("web:1", "lawyer")
    outcome = r.leave("web:1")
    assert only(outcome.events, e.OutsideLeft).reason is Reason.CALLER_LEFT
    assert only(outcome.commands, c.HangUpLeg).leg == leg


def test_whom_nobody_outside_answers_goes_on_in_his_queue_at_his_first_place() -> None:
    r = talking()
    first = r.call("web:1").waiting_since
    r.transfer("ana", outside="lawyer")
    events = r.wait(RINGS_S)
    assert only(events, e.OutsideFailed).reason is Reason.NO_ANSWER
    queued = only(events, e.CallQueued)
    assert (queued.reason, queued.waiting_since) == (Reason.NO_ANSWER, first)


def test_a_busy_line_and_one_that_cannot_be_dialled_are_told_apart() -> None:
    for is_busy, why in ((True, Reason.BUSY), (False, Reason.DIAL_FAILED)):
        r = talking()
        r.transfer("ana", outside="lawyer")
        (party,) = r.call("web:1").parties
        assert party.dial is not None
        busy = i.DialFailed(leg=party.leg, why=i.DialFailure.BUSY)
        no_trunk = i.CommandFailed(command=party.dial, leg=party.leg, why="no_trunk")
        outcome = r.see(busy if is_busy else no_trunk)
        assert only(outcome.events, e.OutsideFailed).reason is why


# --- consulted -----------------------------------------------------------------------------------


def test_the_owner_speaks_with_somebody_outside_and_gives_him_the_call() -> None:
    r = talking()
    r.consult("ana", outside="lawyer")
    leg = r.outside_leg("web:1", "lawyer")
    heard = only(r.outside_answers("web:1", "lawyer").commands, c.MixCall).hears
    assert heard == (
        Hears(leg=WEB, music=True),
        Hears(leg=ANA, others=(leg,)),
        Hears(leg=leg, others=(ANA,)),
    )
    r.wait(20)
    outcome = r.complete("ana")
    gave = only(outcome.events, e.CallGivenOutside)
    assert (gave.reason, gave.consulted) == (Reason.TRANSFERRED_AFTER_CONSULT, 20 * SECOND)
    assert only(outcome.commands, c.MixCall).hears[0] == Hears(leg=WEB, others=(leg,))
    assert r.agent("ana").state is AgentState.WRAP_UP


def test_a_lost_owner_leaves_no_call_to_somebody_outside() -> None:
    r = talking()
    r.consult("ana", outside="lawyer")
    r.outside_answers("web:1", "lawyer")
    r.lose("desk:ana")
    events = r.wait(HEAL_S)
    assert only(events, e.OutsideLeft).reason is Reason.AGENT_LOST
    assert r.call("web:1").state is CallState.QUEUED


# --- what is refused -----------------------------------------------------------------------------


def test_only_the_list_is_dialled_and_only_from_its_lines() -> None:
    r = talking()
    unknown = only(r.transfer("ana", outside="pizza").events, e.RequestRefused)
    assert unknown.reason is Reason.UNKNOWN_OUTSIDE
    r = Rehearsal()
    r.arrive("web:2", line="publico")
    r.hear_greeting("web:2")
    r.ready("dora")
    r.accept("dora")
    refused = only(r.transfer("dora", outside="ambulance").events, e.RequestRefused)
    assert refused.reason is Reason.NOT_FROM_THIS_LINE


# --- after a restart -----------------------------------------------------------------------------


def test_somebody_outside_who_is_still_there_after_a_restart_goes_on_talking() -> None:
    r = given()
    leg = r.outside_leg("web:1", "lawyer")
    assert not r.restart("web:1", "desk:ana", leg).commands


def test_a_call_whose_other_side_is_gone_after_a_restart_ends() -> None:
    r = given()
    outcome = r.restart("web:1", "desk:ana")
    assert only(outcome.events, e.OutsideLeft).reason is Reason.RESTARTED
    assert only(outcome.events, e.CallEnded).reason is Reason.RESTARTED


def test_whoever_is_outside_hears_music_after_a_restart_without_the_caller() -> None:
    r = given()
    leg = r.outside_leg("web:1", "lawyer")
    assert only(r.restart("desk:ana", leg).commands, c.MixCall).hears == (
        Hears(leg=leg, music=True),
    )


def test_a_number_half_dialled_before_a_restart_is_not_dialled_again() -> None:
    r = talking()
    r.transfer("ana", outside="lawyer")
    outcome = r.restart("web:1", "desk:ana")
    assert only(outcome.events, e.CallQueued).reason is Reason.RESTARTED
    assert not [order for order in outcome.commands if isinstance(order, c.DialOutside)]
