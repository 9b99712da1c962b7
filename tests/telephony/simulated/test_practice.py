import asyncio

from openline.engine import AgentState, AnyCommand, AnyEvent, Call, CallState, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, CallId, Duration, Instant, LegId, Medium, OfferId, Origin
from openline.telephony.port import Capabilities, See
from openline.telephony.simulated import PracticeCallers, stories
from tests.builders import ANN, BEN, CARLA, EN, ES, a_centre, seconds
from tests.telephony.simulated.little_centre import LittleCentre
from tests.virtual_clock import VirtualClock

START = Instant(1_764_050_400_000_000)
LEARNING = (Origin.REAL, Origin.PRACTICE)
Told = tuple[AgentKey, CallId, int, str, str]


class Desks:
    """A port for the learners' own legs, which only has to hold them."""

    prefix = "web"
    capabilities = Capabilities(
        announcements=False,
        hold=True,
        transfer=True,
        real_audio=False,
        voicemail=False,
        dials=False,
    )

    def start(self, see: See) -> None:
        self.see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        return tuple(agent.leg for agent in state.agents.values() if agent.leg is not None)

    def carry_out(self, command: AnyCommand) -> None:
        return

    async def stop(self) -> None:
        return


class Room:
    """A centre with practice callers, and learners at desks."""

    def __init__(self) -> None:
        self.settings = a_centre()
        self.clock = VirtualClock(START)
        self.told: list[tuple[Instant, Told]] = []
        self.practice: PracticeCallers
        self.open(None)

    def open(self, durable: State | None) -> None:
        if durable is not None:
            # The program that was killed must not go on by the clock that both share.
            asyncio.run(self.practice.stop())
        self.practice = PracticeCallers(self.clock, self._caption, lambda key: str(key)[:2])
        self.centre = LittleCentre(
            self.clock,
            [self.practice, Desks()],
            self.settings,
            durable=durable,
            durable_after=seconds(0.02),
            observers=[self.practice.noticed],
        )
        self.clock.advance(seconds(0.1))

    def _caption(self, agent: AgentKey, call: CallId, number: int, speaker: str, text: str) -> None:
        self.told.append((self.clock.now(), (agent, call, number, speaker, text)))

    def see(self, *seen: i.AnyInput) -> None:
        for one in seen:
            self.centre.see(one)
        self.clock.advance(seconds(0.1))

    def comes(self, agent: AgentKey, origins: tuple[Origin, ...] = LEARNING) -> None:
        self.see(
            i.SignInRequested(agent=agent, leg=LegId(f"web:{agent}"), origins=origins),
            i.ReadyRequested(agent=agent),
        )

    def agent(self, key: AgentKey) -> AgentState:
        return self.centre.durable.agents[key].state

    def offer(self, key: AgentKey) -> OfferId:
        offer = self.centre.durable.agents[key].offer
        assert offer is not None
        return offer

    def answers(self, key: AgentKey) -> CallId:
        self.clock.advance(seconds(9))
        self.see(i.AcceptRequested(agent=key, offer=self.offer(key)))
        call = self.centre.durable.agents[key].call
        assert call is not None
        return call

    def texts(self) -> list[str]:
        return [told[4] for _, told in self.told]

    def call(self) -> Call:
        (call,) = self.centre.durable.calls.values()
        return call

    def arrived(self) -> list[AnyEvent]:
        return self.centre.happened(e.CallArrived)


FIRST = stories()[0]
"""The English story that comes first."""


def test_a_ready_learner_has_an_offer_within_fifteen_seconds() -> None:
    room = Room()
    room.comes(ANN)
    room.clock.advance(seconds(4))
    assert room.arrived() == []
    room.clock.advance(seconds(10))
    assert room.agent(ANN) is AgentState.OFFERED
    assert room.call().origin is Origin.PRACTICE
    assert room.call().line == EN


def test_a_caller_whose_story_is_typed_types_it() -> None:
    room = Room()
    typed = next(story for story in stories() if story.medium == "typed")
    asyncio.run(room.practice.stop())
    room.practice = PracticeCallers(
        room.clock, room._caption, lambda key: str(key)[:2], repertoire=[typed]
    )
    room.centre = LittleCentre(
        room.clock,
        [room.practice, Desks()],
        room.settings,
        durable=None,
        durable_after=seconds(0.02),
        observers=[room.practice.noticed],
    )
    room.clock.advance(seconds(0.1))
    room.comes(ANN)
    call = room.answers(ANN)
    assert room.call().medium is Medium.TYPED
    room.clock.advance(seconds(20))
    assert room.texts()[0] == typed.lines[0].text
    # As captions nothing of it is shown a second time.
    assert room.practice.told(call) == ()


def test_nobody_rings_for_one_who_did_not_ask_to_practise() -> None:
    room = Room()
    room.comes(ANN, (Origin.REAL,))
    room.clock.advance(seconds(60))
    assert room.arrived() == []
    room.see(i.OriginsChosen(agent=ANN, origins=LEARNING))
    room.clock.advance(seconds(14))
    assert room.agent(ANN) is AgentState.OFFERED


def test_nobody_rings_for_one_who_is_not_ready() -> None:
    room = Room()
    room.comes(ANN)
    room.see(i.PauseRequested(agent=ANN, pause_reason="meal"))
    room.clock.advance(seconds(60))
    assert room.arrived() == []


def test_a_learner_has_one_practice_call_at_a_time() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    room.clock.advance(seconds(30))
    assert len(room.arrived()) == 1


def test_learners_who_are_ready_together_each_have_an_offer_within_fifteen_seconds() -> None:
    room = Room()
    for agent in (ANN, BEN, CARLA):
        room.comes(agent)
    room.clock.advance(seconds(13))
    offered = [room.agent(agent) for agent in (ANN, BEN, CARLA)]
    assert offered == [AgentState.OFFERED] * 3
    assert len(room.arrived()) == 3


def test_the_story_is_told_line_by_line_and_ends_with_a_goodbye() -> None:
    room = Room()
    room.comes(ANN)
    call = room.answers(ANN)
    answered_at = room.call().answered_at
    assert answered_at is not None
    room.clock.advance(seconds(300))
    assert room.texts() == [line.text for line in FIRST.lines]
    assert [told[2] for _, told in room.told] == list(range(len(FIRST.lines)))
    assert {(told[0], told[1], told[3]) for _, told in room.told} == {(ANN, call, "caller")}
    on_time = [answered_at + start for start in FIRST.line_starts()[:-1]]
    late = [at - wanted for (at, _), wanted in zip(room.told, on_time, strict=True)]
    assert all(0 <= by <= seconds(0.1) for by in late)
    assert room.agent(ANN) is AgentState.WRAP_UP


def test_the_caller_falls_silent_on_hold_and_goes_on_after_it() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    room.clock.advance(seconds(12))
    before = room.texts()
    room.see(i.HoldRequested(agent=ANN))
    room.clock.advance(seconds(120))
    assert room.texts() == before
    room.see(i.ResumeRequested(agent=ANN))
    room.clock.advance(seconds(1))
    assert len(room.texts()) <= len(before) + 1
    room.clock.advance(seconds(300))
    assert room.texts() == [line.text for line in FIRST.lines]


def test_the_caller_is_gone_when_the_learner_hangs_up() -> None:
    room = Room()
    room.comes(ANN)
    call = room.answers(ANN)
    room.clock.advance(seconds(5))
    assert room.practice.told(call) == (FIRST.lines[0].text,)
    room.see(i.HangUpRequested(agent=ANN))
    room.clock.advance(seconds(60))
    assert len(room.texts()) == 1
    assert room.practice.told(call) == ()
    assert room.centre.durable.calls == {}


def test_after_the_wrap_up_another_caller_rings_with_another_story() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    room.see(i.HangUpRequested(agent=ANN))
    room.see(i.WrapUpFinishRequested(agent=ANN, disposition="helped"))
    room.clock.advance(seconds(14))
    assert room.agent(ANN) is AgentState.OFFERED
    first, second = (event.leg for event in room.arrived() if isinstance(event, e.CallArrived))
    assert FIRST.key in first
    assert FIRST.key not in second


def test_a_learner_of_two_languages_hears_both() -> None:
    room = Room()
    room.comes(BEN)
    for _ in range(2):
        room.answers(BEN)
        room.see(i.HangUpRequested(agent=BEN))
        room.see(i.WrapUpFinishRequested(agent=BEN, disposition="helped"))
    came = [event for event in room.arrived() if isinstance(event, e.CallArrived)]
    assert [event.line for event in came] == [EN, ES]
    assert "en-1-" in came[0].leg
    assert "es-1-" in came[1].leg


def test_a_caller_whom_nobody_answers_gives_up_and_no_second_one_waits_beside_him() -> None:
    room = Room()
    room.comes(ANN)
    room.clock.advance(seconds(40))
    assert room.agent(ANN) is AgentState.PAUSED
    assert room.call().state is CallState.QUEUED
    room.clock.advance(seconds(40))
    assert room.centre.durable.calls == {}
    assert len(room.arrived()) == 1


def test_nobody_rings_for_a_learner_while_a_real_call_waits_for_her() -> None:
    room = Room()
    room.comes(ANN, (Origin.PRACTICE,))
    room.see(i.LegArrived(leg=LegId("web:mary"), line=EN, origin=Origin.REAL))
    greeted = room.call()
    assert greeted.playback is not None
    room.see(i.PlaybackFinished(leg=greeted.leg, playback=greeted.playback))
    room.clock.advance(seconds(60))
    assert len(room.arrived()) == 1
    room.see(i.LegHungUp(leg=greeted.leg))
    room.clock.advance(seconds(14))
    assert len(room.arrived()) == 2


def test_a_caller_who_was_cut_off_from_a_learner_begins_anew_with_the_next() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    room.clock.advance(seconds(20))
    assert len(room.told) >= 2
    room.see(i.LegLost(leg=LegId("web:ann")))
    said = len(room.told)
    room.clock.advance(seconds(16))
    assert len(room.told) == said
    room.comes(BEN)
    room.see(i.AcceptRequested(agent=BEN, offer=room.offer(BEN)))
    room.clock.advance(seconds(2))
    assert room.told[-1][1][0] == BEN
    assert room.told[-1][1][2] == 0


def test_after_a_restart_the_story_goes_on_at_the_line_where_it_was() -> None:
    room = Room()
    room.comes(ANN)
    call = room.answers(ANN)
    room.clock.advance(seconds(20))
    room.see(i.HoldRequested(agent=ANN))
    room.clock.advance(seconds(50))
    room.see(i.ResumeRequested(agent=ANN))
    room.clock.advance(seconds(15))
    before = room.texts()
    assert 2 <= len(before) < len(FIRST.lines)

    room.told.clear()
    room.open(room.centre.kill())
    assert room.texts() == before
    assert room.practice.told(call) == tuple(before)
    room.clock.advance(seconds(300))
    assert room.texts() == [line.text for line in FIRST.lines]
    assert room.agent(ANN) is AgentState.WRAP_UP


def test_after_a_restart_on_hold_nothing_is_said_until_it_ends() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    room.clock.advance(seconds(20))
    room.see(i.HoldRequested(agent=ANN))
    before = room.texts()
    room.told.clear()
    room.open(room.centre.kill())
    room.clock.advance(seconds(200))
    assert room.texts() == before
    room.see(i.ResumeRequested(agent=ANN))
    room.clock.advance(seconds(300))
    assert room.texts() == [line.text for line in FIRST.lines]


def test_after_a_restart_in_the_greeting_or_the_queue_the_caller_goes_on() -> None:
    room = Room()
    room.comes(ANN)
    room.clock.advance(seconds(5.5))
    assert room.call().state is CallState.GREETING
    room.open(room.centre.kill())
    room.clock.advance(seconds(3))
    assert room.call().state is CallState.OFFERED
    room.open(room.centre.kill())
    room.see(i.AcceptRequested(agent=ANN, offer=room.offer(ANN)))
    room.clock.advance(seconds(3))
    assert len(room.told) == 1


def test_a_learner_who_is_ready_at_a_restart_has_a_call_after_it() -> None:
    room = Room()
    room.comes(ANN)
    room.open(room.centre.kill())
    room.clock.advance(seconds(14))
    assert room.agent(ANN) is AgentState.OFFERED


def test_stopped_practice_is_silent() -> None:
    room = Room()
    room.comes(ANN)
    room.answers(ANN)
    asyncio.run(room.practice.stop())
    room.clock.advance(Duration(seconds(200)))
    assert room.told == []
