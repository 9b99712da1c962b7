from datetime import date

from openline.engine import Agent, AgentState
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import (
    MINUTE,
    AgentKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    OfferId,
    Origin,
    Reason,
)
from openline.simulation import Break, ColleagueGroup, Shift
from openline.simulation.behaviour import Behaviour, leg_of_agent
from openline.simulation.civil import instant_of, zone
from openline.simulation.colleague import Colleague
from openline.simulation.shifts import Timeline
from tests.simulation.worlds import HOUR, seconds, small_line

ANN = AgentKey("sim-ann")
LEG = leg_of_agent(ANN)
MEAL = Break(after=Duration(3 * HOUR), length=Duration(30 * MINUTE), pause_reason="meal")
SHIFT = Shift(start_minute=9 * 60, end_minute=17 * 60, breaks=(MEAL,))
OFFER = OfferId(4)


def at(hours: float, plus_seconds: float = 0) -> Instant:
    minute = round(hours * 60)
    day = instant_of(date(2025, 11, 25), minute, zone("America/Chicago"))
    return Instant(day + seconds(plus_seconds))


def ann(*, missed: float = 0) -> Colleague:
    group = ColleagueGroup(
        name="group", agents=(ANN,), shifts=(SHIFT,), missed_share=missed, tired_missed_share=missed
    )
    profile = small_line(1)[1]
    return Colleague(ANN, group, Timeline(profile, group, ANN), Behaviour(profile))


def ready(*, missed: float = 0) -> Colleague:
    colleague = ann(missed=missed)
    colleague.moves(at(9))
    return colleague


def ring(offer: OfferId = OFFER) -> c.RingAgent:
    return c.RingAgent(
        id=CommandId(1), leg=LEG, agent=ANN, offer=offer, call=CallId(2), expires_at=at(24)
    )


def silence(reason: Reason, offer: OfferId = OFFER) -> c.StopRinging:
    return c.StopRinging(id=CommandId(2), leg=LEG, agent=ANN, offer=offer, reason=reason)


def connect() -> c.ConnectLegs:
    return c.ConnectLegs(
        id=CommandId(3), leg=LegId("sim:caller"), agent_leg=LEG, call=CallId(2), session=1
    )


def release() -> c.ReleaseAgent:
    return c.ReleaseAgent(id=CommandId(4), leg=LEG, call=CallId(2), reason=Reason.CALLER_HUNG_UP)


def test_her_day_without_calls() -> None:
    colleague = ann()
    assert colleague.next_at(at(8)) == at(9)
    assert colleague.moves(at(9)) == (
        i.SignInRequested(agent=ANN, leg=LEG, origins=(Origin.SIMULATED,)),
        i.ReadyRequested(agent=ANN),
    )
    assert colleague.next_at(at(9)) == at(12)
    assert colleague.moves(at(12)) == (i.PauseRequested(agent=ANN, pause_reason="meal"),)
    assert colleague.next_at(at(12)) == at(12.5)
    assert colleague.moves(at(12.5)) == (i.ReadyRequested(agent=ANN),)
    assert colleague.next_at(at(12.5)) == at(17)
    assert colleague.moves(at(17)) == (i.SignOutRequested(agent=ANN),)
    assert colleague.next_at(at(17)) == at(33)


def test_who_finds_herself_at_work_in_a_break_signs_in_for_it() -> None:
    assert ann().next_at(at(12.1)) == at(12.1)
    sign_in, pause = ann().moves(at(12.1))
    assert isinstance(sign_in, i.SignInRequested)
    assert pause == i.PauseRequested(agent=ANN, pause_reason="meal")


def test_she_answers_talks_and_wraps_up() -> None:
    colleague = ready()
    assert colleague.hears(ring(), at(10))
    due = colleague.next_at(at(10))
    assert due is not None
    assert due > at(10)
    assert not colleague.hears(ring(), at(10, 1))
    assert colleague.next_at(at(10, 1)) == due
    assert colleague.moves(due) == (i.AcceptRequested(agent=ANN, offer=OFFER),)
    assert colleague.next_at(due) is None
    assert not colleague.hears(silence(Reason.ACCEPTED), due)
    assert colleague.hears(connect(), due)
    assert colleague.next_at(due) is None
    colleague.wrap_up = seconds(30)
    assert colleague.hears(release(), at(10, 300))
    assert colleague.next_at(at(10, 300)) == at(10, 330)
    (finish,) = colleague.moves(at(10, 330))
    assert isinstance(finish, i.WrapUpFinishRequested)
    assert finish.ready
    assert finish.disposition in ("informed", "listened")
    assert colleague.state is AgentState.READY


def test_an_offer_she_misses_runs_out_and_she_is_back_a_minute_later() -> None:
    colleague = ready(missed=1)
    colleague.hears(ring(), at(10))
    assert colleague.next_at(at(10)) is None
    assert colleague.hears(silence(Reason.MISSED), at(10, 20))
    assert colleague.next_at(at(10, 20)) == at(10, 80)
    assert colleague.moves(at(10, 80)) == (i.ReadyRequested(agent=ANN),)


def test_a_caller_who_leaves_while_it_rings_leaves_her_ready() -> None:
    colleague = ready()
    colleague.hears(ring(), at(10))
    assert colleague.hears(silence(Reason.CALLER_LEFT), at(10, 1))
    assert colleague.state is AgentState.READY
    assert colleague.next_at(at(10, 1)) == at(12)


def test_an_offer_that_crosses_her_wish_to_pause_is_not_answered() -> None:
    colleague = ready()
    colleague.moves(at(12))
    assert not colleague.hears(ring(), at(12))
    assert not colleague.hears(silence(Reason.AGENT_LEFT), at(12))
    assert colleague.next_at(at(12)) == at(12.5)


def test_a_break_and_the_end_of_the_shift_wait_for_the_end_of_the_wrap_up() -> None:
    for hours, then in ((12.2, "meal"), (17.3, None)):
        colleague = ready()
        colleague.hears(ring(), at(11.9))
        colleague.hears(connect(), at(11.9))
        colleague.hears(release(), at(hours))
        finish, *rest = colleague.moves(at(hours, 30))
        assert isinstance(finish, i.WrapUpFinishRequested)
        assert not finish.ready
        assert finish.pause_reason == then
        assert rest == ([] if then else [i.SignOutRequested(agent=ANN)])


def found(state: AgentState, reason: Reason | None = None, **work: object) -> Colleague:
    colleague = ann()
    colleague.find(
        Agent(
            key=ANN,
            number=0,
            state=state,
            since=at(10),
            idle_since=at(10),
            reason=reason,
            leg=LEG,
            **work,  # type: ignore[arg-type]  # each case gives the fields of its state
        )
    )
    return colleague


def test_an_offer_that_was_ringing_at_a_kill_is_answered_as_it_would_have_been() -> None:
    undisturbed = ready()
    undisturbed.hears(ring(), at(10))
    restarted = found(AgentState.OFFERED, offer=OFFER)
    assert restarted.next_at(at(10, 2)) == undisturbed.next_at(at(10, 2))
    assert restarted.moves(at(10, 9)) == (i.AcceptRequested(agent=ANN, offer=OFFER),)


def test_from_the_durable_agent_follows_the_next_move() -> None:
    now = at(10, 5)
    assert found(AgentState.READY).next_at(now) == at(12)
    assert found(AgentState.PAUSED, Reason.SIGNED_IN).next_at(now) == now
    assert found(AgentState.PAUSED, Reason.OFFER_MISSED).next_at(now) == at(10, 60)
    assert found(AgentState.TALKING, call=CallId(2)).next_at(now) is None
    wraps_up = found(AgentState.WRAP_UP, call=CallId(2))
    due = wraps_up.next_at(now)
    assert due is not None
    assert due > at(10)
    assert due == found(AgentState.WRAP_UP, call=CallId(2)).next_at(at(10, 7))
