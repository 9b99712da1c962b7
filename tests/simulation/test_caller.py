import pytest

from openline.engine import Call, CallState
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.model import (
    AgentKey,
    BoxKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)
from openline.simulation.behaviour import CallerName, CallerPlan, leg_of_agent
from openline.simulation.caller import Caller
from tests.simulation.worlds import seconds

NAME = CallerName(hour=498_710, index=17)
LEG = NAME.leg
ANN = AgentKey("sim-ann")
START = Instant(1_764_050_400_000_000)


def plan(
    *,
    hold: float = 0,
    transfer_after: float = 0,
    is_ended_by_agent: bool = False,
    keys: str = "",
    leaves_in_menu: bool = False,
) -> CallerPlan:
    return CallerPlan(
        line=LineKey("en"),
        keys=keys,
        leaves_in_menu=leaves_in_menu,
        listens=seconds(8),
        patience=seconds(100),
        talk=seconds(300),
        hold_after=seconds(60),
        hold=seconds(hold),
        transfer_after=seconds(transfer_after),
        transfer_to=QueueKey("legal"),
        wrap_up=seconds(30),
        is_ended_by_agent=is_ended_by_agent,
        redials_after=Duration(0),
    )


def after(number: float) -> Instant:
    return Instant(START + seconds(number))


def greeting(number: int) -> c.PlayGreeting:
    return c.PlayGreeting(id=CommandId(number), leg=LEG, call=CallId(1), sound="welcome")


def music(number: int) -> c.PlayMusic:
    return c.PlayMusic(
        id=CommandId(number), leg=LEG, call=CallId(1), music="music", reason=Reason.GREETING_HEARD
    )


def connect(number: int, agent_leg: LegId | None = None) -> c.ConnectLegs:
    leg = leg_of_agent(ANN) if agent_leg is None else agent_leg
    return c.ConnectLegs(id=CommandId(number), leg=LEG, agent_leg=leg, call=CallId(1), session=1)


def message(number: int) -> c.PlayMessage:
    return c.PlayMessage(id=CommandId(number), leg=LEG, call=CallId(1), sound="closed")


def tone(number: int) -> c.RecordVoicemail:
    return c.RecordVoicemail(
        id=CommandId(number), leg=LEG, call=CallId(1), box=BoxKey("night"), limit=seconds(120)
    )


def question(number: int) -> c.AskDigit:
    return c.AskDigit(id=CommandId(number), leg=LEG, call=CallId(1), sound="menu")


def hold(number: int) -> c.HoldCall:
    return c.HoldCall(
        id=CommandId(number),
        leg=LEG,
        agent_leg=leg_of_agent(ANN),
        call=CallId(1),
        session=1,
        music="music",
    )


def resume(number: int) -> c.ResumeCall:
    return c.ResumeCall(
        id=CommandId(number), leg=LEG, agent_leg=leg_of_agent(ANN), call=CallId(1), session=1
    )


def talking(of: CallerPlan, agent_leg: LegId | None = None) -> Caller:
    caller = Caller(NAME, of, LEG)
    caller.hears(music(1), after(0))
    caller.hears(connect(2, agent_leg), after(20))
    return caller


def test_he_calls_listens_waits_and_hangs_up_when_his_patience_ends() -> None:
    caller = Caller(NAME, plan(), LEG, calls_at=after(0))
    assert caller.next_at(START) == after(0)
    arrives = i.LegArrived(
        leg=LEG, line=LineKey("en"), origin=Origin.SIMULATED, can_be_called_back=True
    )
    assert caller.moves(after(0)) == (arrives,)
    assert caller.next_at(after(0)) is None
    assert caller.hears(greeting(5), after(0))
    assert caller.next_at(after(0)) == after(8)
    assert caller.moves(after(8)) == (i.PlaybackFinished(leg=LEG, playback=CommandId(5)),)
    assert caller.next_at(after(8)) is None
    assert caller.hears(music(6), after(8))
    assert caller.next_at(after(8)) == after(108)
    assert caller.moves(after(108)) == (i.LegHungUp(leg=LEG),)
    assert caller.is_gone


def test_music_that_begins_again_does_not_make_him_more_patient() -> None:
    caller = Caller(NAME, plan(), LEG)
    caller.hears(music(1), after(0))
    assert not caller.hears(music(2), after(50))
    assert caller.next_at(after(50)) == after(100)


def test_he_talks_and_hangs_up() -> None:
    caller = talking(plan())
    assert caller.next_at(after(20)) == after(320)
    assert caller.moves(after(320)) == (i.LegHungUp(leg=LEG),)


def test_time_on_hold_comes_on_top_of_the_talk_and_nobody_is_held_twice() -> None:
    caller = talking(plan(hold=45))
    assert caller.next_at(after(20)) == after(80)
    assert caller.moves(after(80)) == (i.HoldRequested(agent=ANN),)
    assert caller.hears(hold(3), after(81))
    assert not caller.hears(hold(3), after(82))
    assert caller.next_at(after(82)) == after(126)
    assert caller.moves(after(126)) == (i.ResumeRequested(agent=ANN),)
    assert caller.hears(resume(4), after(127))
    assert caller.next_at(after(127)) == after(320 + 46)
    assert caller.moves(after(366)) == (i.LegHungUp(leg=LEG),)


def test_he_is_handed_on_waits_again_and_talks_on_with_the_second_agent() -> None:
    caller = talking(plan(transfer_after=120))
    assert caller.next_at(after(20)) == after(140)
    to = ToQueue(queue=QueueKey("legal"))
    assert caller.moves(after(140)) == (i.TransferRequested(agent=ANN, to=to),)
    handed_on = c.PlayMusic(
        id=CommandId(8), leg=LEG, call=CallId(1), music="music", reason=Reason.TRANSFERRED
    )
    assert caller.hears(handed_on, after(140))
    assert caller.next_at(after(140)) == after(240), "his patience begins anew"
    assert caller.hears(connect(9), after(160))
    assert caller.next_at(after(160)) == after(160 + 180)
    assert caller.moves(after(340)) == (i.LegHungUp(leg=LEG),)


def test_a_transfer_that_is_refused_lets_him_talk_on_for_a_moment_and_go() -> None:
    caller = talking(plan(transfer_after=120))
    caller.moves(after(140))
    assert caller.next_at(after(140)) == after(150)
    assert caller.moves(after(150)) == (i.LegHungUp(leg=LEG),)


def test_a_silent_call_is_ended_by_the_agent_and_otherwise_by_him() -> None:
    caller = talking(plan(is_ended_by_agent=True))
    assert caller.moves(after(320)) == (i.HangUpRequested(agent=ANN),)
    # The request came to nothing.
    assert caller.next_at(after(320)) == after(330)
    assert caller.moves(after(330)) == (i.LegHungUp(leg=LEG),)


def test_with_a_person_he_follows_no_script_but_the_length_of_his_talk() -> None:
    caller = talking(plan(hold=45, is_ended_by_agent=True), agent_leg=LegId("web:3f2a"))
    assert caller.next_at(after(20)) == after(320)
    assert caller.moves(after(320)) == (i.LegHungUp(leg=LEG),)
    on_hold = talking(plan(), agent_leg=LegId("web:3f2a"))
    on_hold.hears(hold(3), after(30))
    assert on_hold.next_at(after(30)) is None


def test_he_is_gone_when_the_centre_ends_the_call() -> None:
    caller = talking(plan())
    assert caller.hears(
        c.HangUpLeg(id=CommandId(9), leg=LEG, reason=Reason.AGENT_HUNG_UP), after(99)
    )
    assert caller.is_gone


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({"state": CallState.GREETING, "playback": CommandId(5)}, 8),
        ({"state": CallState.QUEUED, "waiting_since": after(8), "queued_at": after(8)}, 108),
        ({"state": CallState.OFFERED, "waiting_since": after(8), "queued_at": after(8)}, 108),
        (
            {
                "state": CallState.TALKING,
                "waiting_since": after(8),
                "queued_at": after(8),
                "answered_at": after(20),
                "held": seconds(50),
            },
            370,
        ),
        (
            {
                "state": CallState.HELD,
                "waiting_since": after(8),
                "queued_at": after(8),
                "answered_at": after(20),
                "held_since": after(80),
            },
            None,
        ),
    ],
)
def test_from_the_durable_call_follows_the_same_next_move(
    changes: dict[str, object], due: float | None
) -> None:
    call = Call(
        **{  # type: ignore[arg-type]  # each case gives the fields of its state
            "id": CallId(1),
            "leg": LEG,
            "line": LineKey("en"),
            "origin": Origin.SIMULATED,
            "caller": None,
            "arrived_at": START,
            **changes,
        }
    )
    caller = Caller.found(NAME, plan(hold=45), call, None)
    assert caller.next_at(after(200)) == (None if due is None else after(due))


def test_a_caller_listens_to_a_message_and_waits_for_what_follows() -> None:
    caller = Caller(NAME, plan(), LEG)
    caller.hears(music(1), after(0))
    assert caller.hears(message(2), after(50))
    assert caller.next_at(after(50)) == after(58)
    assert caller.moves(after(58)) == (i.PlaybackFinished(leg=LEG, playback=CommandId(2)),)
    assert not caller.is_gone


def test_a_caller_speaks_into_a_box_a_tenth_as_long_as_he_would_have_talked() -> None:
    caller = Caller(NAME, plan(), LEG)
    caller.hears(message(1), after(0))
    caller.moves(after(8))
    assert caller.hears(tone(2), after(8))
    assert not caller.hears(tone(2), after(9))
    assert caller.next_at(after(9)) == after(38)
    assert caller.moves(after(38)) == (
        i.VoicemailEnded(leg=LEG, recording=CommandId(2), length=seconds(30)),
    )


def test_a_caller_presses_one_key_for_each_question() -> None:
    caller = Caller(NAME, plan(keys="21"), LEG)
    for number, key in ((1, "2"), (2, "1")):
        assert caller.hears(question(number), after(number * 10))
        assert caller.next_at(after(number * 10)) == after(number * 10 + 3)
        assert caller.moves(after(number * 10 + 3)) == (
            i.DigitPressed(leg=LEG, playback=CommandId(number), digit=key),
        )
    caller.hears(question(3), after(30))
    assert caller.moves(after(38)) == (i.PlaybackFinished(leg=LEG, playback=CommandId(3)),)
    assert caller.next_at(after(38)) is None


def test_a_caller_may_leave_when_he_is_asked_to_press_a_key() -> None:
    caller = Caller(NAME, plan(keys="1", leaves_in_menu=True), LEG)
    caller.hears(question(1), after(0))
    assert caller.moves(after(3)) == (i.LegHungUp(leg=LEG),)


def test_who_chose_waits_as_long_as_his_patience_lasts() -> None:
    caller = Caller(NAME, plan(keys="1"), LEG)
    caller.hears(question(1), after(0))
    caller.moves(after(3))
    caller.hears(music(2), after(3))
    assert caller.next_at(after(3)) == after(103)
