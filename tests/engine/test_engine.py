import pytest

from openline.engine import CallState, Engine, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.invariants import written
from openline.model import (
    SECOND,
    AgentKey,
    BugError,
    CommandId,
    Instant,
    LegId,
    OfferId,
    Origin,
    Reason,
)
from tests.engine.builders import BEGIN, RING_S, SETTINGS
from tests.engine.rehearsal import Rehearsal, kinds


def test_time_that_runs_backwards_is_a_bug_of_ours() -> None:
    engine = Engine(State())
    engine.handle(i.ConfigurationPublished(settings=SETTINGS), BEGIN)
    with pytest.raises(BugError, match="time ran backwards"):
        engine.handle(i.TimePassed(), Instant(BEGIN - 1))


def test_time_may_not_run_backwards_even_over_an_input_that_left_no_trace() -> None:
    engine = Engine(State())
    engine.handle(i.TimePassed(), BEGIN)
    with pytest.raises(BugError):
        engine.handle(i.TimePassed(), Instant(BEGIN - 1))


def test_an_input_that_leads_to_nothing_leaves_no_trace() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    before = written(night.state)
    assert not night.oversleep(60)
    assert written(night.state) == before


def test_each_step_that_leads_to_something_takes_the_next_number() -> None:
    night = Rehearsal()
    assert night.state.step == 1
    night.arrive("web:1")
    night.oversleep(1)
    night.arrive("web:2")
    assert night.state.step == 3


def test_what_is_due_is_done_before_the_input_is_answered() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    offer = night.offer_to("ben")
    night.now = Instant(night.now + RING_S * SECOND)
    outcome = night.see(i.AcceptRequested(agent=AgentKey("ben"), offer=offer))
    assert kinds(outcome.events) == ["OfferMissed", "RequestRefused"]
    assert night.call("web:1").state is CallState.QUEUED


def test_an_answer_in_the_last_instant_before_the_deadline_is_in_time() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    night.now = Instant(night.now + RING_S * SECOND - 1)
    night.accept("ben")
    assert night.call("web:1").agent == "ben"


def test_deadlines_that_were_slept_over_are_done_in_their_order() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.wait(110)
    night.arrive("web:2")
    night.ready("ben")
    night.arrive("web:3")
    night.lose("web:3")
    events = night.oversleep(60)
    assert [kind for kind in kinds(events) if kind != "CallOffered"] == [
        "CallQueued",  # the greeting of web:1, after 10 s
        "CallEnded",  # web:3, after 15 s
        "OfferMissed",  # web:2, after 20 s
    ]


def test_commands_are_numbered_by_their_step_and_never_twice() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    night.hang_up("ben")
    numbers = [command.id for step in night.steps for command in step.outcome.commands]
    assert len(numbers) == len(set(numbers))
    assert numbers == sorted(numbers)


NOBODY = LegId("web:nobody")
STRANGER = AgentKey("stranger")


@pytest.mark.parametrize(
    "seen",
    [
        i.PlaybackFinished(leg=NOBODY, playback=CommandId(1)),
        i.LegHungUp(leg=NOBODY),
        i.LegLost(leg=NOBODY),
        i.LegReturned(leg=NOBODY),
        i.SoundConnected(leg=NOBODY, session=1),
        i.SoundLost(leg=NOBODY, session=1),
    ],
    ids=lambda seen: type(seen).__name__,
)
def test_what_is_seen_at_an_unknown_leg_is_passed_over_by_name(seen: i.AnyInput) -> None:
    outcome = Rehearsal().see(seen)
    assert outcome.events == (
        e.InputPassedOver(input=type(seen).__name__, reason=Reason.UNKNOWN_LEG),
    )
    assert not outcome.commands


@pytest.mark.parametrize(
    "seen",
    [
        i.SignInRequested(agent=STRANGER, leg=LegId("desk:1"), origins=(Origin.REAL,)),
        i.SignOutRequested(agent=STRANGER),
        i.OriginsChosen(agent=STRANGER, origins=()),
        i.ReadyRequested(agent=STRANGER),
        i.PauseRequested(agent=STRANGER, pause_reason="lunch"),
        i.AcceptRequested(agent=STRANGER, offer=OfferId(1)),
        i.DeclineRequested(agent=STRANGER, offer=OfferId(1)),
        i.HoldRequested(agent=STRANGER),
        i.ResumeRequested(agent=STRANGER),
        i.HangUpRequested(agent=STRANGER),
        i.WrapUpFinishRequested(agent=STRANGER, disposition="helped"),
    ],
    ids=lambda seen: type(seen).__name__,
)
def test_what_an_unknown_agent_asks_is_refused_by_name(seen: i.AnyInput) -> None:
    outcome = Rehearsal().see(seen)
    assert outcome.events == (
        e.RequestRefused(agent=STRANGER, request=type(seen).__name__, reason=Reason.UNKNOWN_AGENT),
    )
    assert not outcome.commands
