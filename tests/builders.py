"""Small centres for tests: settings in one line, and a night driven through the real engine.

Everything is explicit and deterministic; a test changes only what it speaks of.
"""

from collections.abc import Iterable, Sequence
from typing import Any, assert_never

import msgspec

from openline.engine import (
    AgentSettings,
    AgentState,
    AnyEvent,
    AnyInput,
    AnyWayOut,
    CallbackSettings,
    CallState,
    Engine,
    FlowsWhen,
    Interflow,
    LineSettings,
    Outcome,
    OutsideKind,
    OutsideSettings,
    OverflowStep,
    QueueSettings,
    Settings,
    SkillLevel,
    State,
)
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import PartyKind
from openline.engine.targets import ToAgent, ToOutside
from openline.model import (
    SECOND,
    AgentKey,
    Duration,
    Instant,
    LegId,
    LineKey,
    Medium,
    Origin,
    OutsideKey,
    QueueKey,
    SealedRef,
    SkillKey,
)

EN, ES = LineKey("en"), LineKey("es")
ENGLISH, SPANISH = QueueKey("english"), QueueKey("spanish")
ANN, BEN, CARLA = AgentKey("ann"), AgentKey("ben"), AgentKey("carla")
LAWYER = OutsideKey("lawyer")
ALL_ORIGINS = tuple(Origin)


def seconds(count: float) -> Duration:
    """Returns a duration of so many seconds."""
    return Duration(round(count * SECOND))


def needs(**levels: int) -> tuple[SkillLevel, ...]:
    """Returns skills with their levels: `needs(en=3)`."""
    return tuple(SkillLevel(skill=SkillKey(key), level=level) for key, level in levels.items())


def line(key: LineKey, queue: QueueKey, greeting: str | None = None) -> LineSettings:
    """Returns a line; without a greeting its callers are queued at once."""
    return LineSettings(key=key, queue=queue, greeting=greeting, hold_music="music")


def queue(
    key: QueueKey,
    wanted: tuple[SkillLevel, ...] = (),
    *,
    priority: int = 0,
    ring_seconds: float = 20,
    wrap_up_seconds: float = 60,
) -> QueueSettings:
    """Returns a queue that anybody can serve unless it says what it wants."""
    return QueueSettings(
        key=key,
        needs=wanted,
        priority=priority,
        ring_timeout=seconds(ring_seconds),
        wrap_up_limit=seconds(wrap_up_seconds),
    )


def step(after_seconds: float, **levels: int) -> OverflowStep:
    """Returns a step of a queue's overflow: `step(60, es=1)`."""
    return OverflowStep(after=seconds(after_seconds), needs=needs(**levels))


def flows(
    when: FlowsWhen,
    to: AnyWayOut,
    after_seconds: float = 0,
    *,
    keeps_place: bool = True,
    announcement: str | None = None,
) -> Interflow:
    """Returns a rule by which calls leave a queue."""
    return Interflow(
        when=when,
        to=to,
        after=seconds(after_seconds),
        keeps_place=keeps_place,
        announcement=announcement,
    )


def calling_back(settings_of_queue: QueueSettings, **rules: Any) -> QueueSettings:
    """Returns the queue, whose callers may ask to be called back."""
    return msgspec.structs.replace(settings_of_queue, callback=CallbackSettings(**rules))


def agent(key: AgentKey, **levels: int) -> AgentSettings:
    """Returns an agent with her skills: `agent(ANN, en=5)`."""
    return AgentSettings(key=key, skills=needs(**levels))


def outside(key: OutsideKey, kind: OutsideKind = OutsideKind.SERVICE) -> OutsideSettings:
    """Returns a destination outside, which is rung for half a minute."""
    return OutsideSettings(key=key, kind=kind, ring_timeout=seconds(30))


def settings(
    *,
    lines: Iterable[LineSettings],
    queues: Iterable[QueueSettings],
    agents: Iterable[AgentSettings],
    outside: Iterable[OutsideSettings] = (),
    version: int = 1,
) -> Settings:
    """Returns a configuration with one pause reason (`meal`) and one disposition (`helped`)."""
    return Settings(
        version=version,
        lines=tuple(lines),
        queues=tuple(queues),
        agents=tuple(agents),
        pause_reasons=("meal",),
        dispositions=("helped",),
        outside=tuple(outside),
    )


def a_centre(version: int = 1) -> Settings:
    """Returns a bilingual helpline: Ann speaks English, Ben both, Carla Spanish.

    The English line has a greeting, the Spanish one has none.
    """
    return settings(
        version=version,
        lines=(line(EN, ENGLISH, "welcome"), line(ES, SPANISH)),
        queues=(queue(ENGLISH, needs(en=1)), calling_back(queue(SPANISH, needs(es=1)))),
        agents=(agent(ANN, en=5), agent(BEN, en=3, es=3), agent(CARLA, es=5)),
        outside=(outside(LAWYER),),
    )


class Night:
    """Drives a real engine and keeps its record: one act, one step; deadlines fall when due."""

    def __init__(self, configured: Settings, now: Instant) -> None:
        self.engine = Engine(State())
        self.state = self.engine.state
        self.now = now
        self.record: list[tuple[Instant, tuple[AnyEvent, ...]]] = []
        self._legs = 0
        self.see(i.ConfigurationPublished(settings=configured))

    def see(self, seen: AnyInput) -> Outcome:
        """Hands the input to the engine now."""
        outcome = self.engine.handle(seen, self.now)
        if outcome.events:
            self.record.append((self.now, outcome.events))
        return outcome

    def wait(self, duration: Duration) -> None:
        """Lets time pass; whatever comes due on the way happens at its own instant."""
        until = Instant(self.now + duration)
        while (due := self.engine.next_wakeup()) is not None and due <= until:
            self.now = max(self.now, due)
            self.see(i.TimePassed())
        self.now = until

    def arrive(
        self,
        at_line: LineKey = ES,
        origin: Origin = Origin.REAL,
        medium: Medium = Medium.VOICE,
    ) -> LegId:
        """Lets somebody call, or type; returns the caller's leg."""
        self._legs += 1
        leg = LegId(f"test:{self._legs}")
        is_voice = medium is Medium.VOICE
        self.see(
            i.LegArrived(
                leg=leg, line=at_line, origin=origin, medium=medium, can_be_called_back=is_voice
            ),
        )
        return leg

    def hear_greeting(self, leg: LegId) -> None:
        """Lets the caller hear the greeting to its end."""
        playback = self.state.calls_by_leg[leg].playback
        if playback is not None:
            self.see(i.PlaybackFinished(leg=leg, playback=playback))

    def hang_up(self, leg: LegId) -> None:
        """Lets the caller hang up."""
        self.see(i.LegHungUp(leg=leg))

    def dialled(self, leg: LegId, *, is_reached: bool) -> None:
        """Lets the person whose number is rung answer, or not."""
        if is_reached:
            self.see(i.DialAnswered(leg=leg))
        else:
            self.see(i.DialFailed(leg=leg, why=i.DialFailure.NO_ANSWER))

    def sign_in(self, key: AgentKey, origins: tuple[Origin, ...] = ALL_ORIGINS) -> None:
        """Lets the agent sign in, ready for calls."""
        self.see(i.SignInRequested(agent=key, leg=LegId(f"desk:{key}"), origins=origins))
        self.see(i.ReadyRequested(agent=key))

    def answer(self, key: AgentKey) -> None:
        """Lets the agent accept what she is offered."""
        offer = self.state.agents[key].offer
        if offer is not None:
            self.see(i.AcceptRequested(agent=key, offer=offer))

    def decline(self, key: AgentKey) -> None:
        """Lets the agent decline what she is offered."""
        offer = self.state.agents[key].offer
        if offer is not None:
            self.see(i.DeclineRequested(agent=key, offer=offer))

    def finish(self, key: AgentKey, *, ready: bool = True) -> None:
        """Lets the agent close her wrap-up."""
        self.see(i.WrapUpFinishRequested(agent=key, disposition="helped", ready=ready))

    def lose(self, leg: LegId) -> None:
        """Breaks the connection of the leg."""
        self.see(i.LegLost(leg=leg))

    def come_back(self, leg: LegId) -> None:
        """Connects the leg again."""
        self.see(i.LegReturned(leg=leg))


ACTS = (
    "arrive",
    "hear_greeting",
    "hang_up",
    "lose_caller",
    "return_caller",
    "desk",
    "lose_agent",
    "return_agent",
    "change_origins",
    "sign_out",
    "pause",
    "ask_callback",
    "dialled",
    "type",
    "choose_medium",
    "take",
)
Act = tuple[str, int, float]
"""What happens, to whom (any number), and after how many seconds."""

# Often what keeps a centre going, seldom what disturbs it.
USUAL_ACTS = ("arrive",) * 6 + ("hear_greeting",) * 5 + ("desk",) * 16 + ACTS


CONFERRING_ACTS = (
    *("arrive",) * 2,
    *("hear_greeting",) * 3,
    *("desk",) * 40,
    *("confer",) * 14,
    "hang_up",
    "lose_agent",
    *("return_agent",) * 2,
    "pause",
    *("outside",) * 4,
)
"""Quiet enough that somebody who confers finds a colleague ready."""


def play(night: Night, acts: Sequence[Act]) -> None:
    """Plays the acts; one that finds nobody to do it does nothing."""
    for name, pick, after in acts:
        night.wait(seconds(after))
        _act(night, name, pick)


def _act(night: Night, name: str, pick: int) -> None:
    legs = list(night.state.calls_by_leg)
    leg = legs[pick % len(legs)] if legs else LegId("test:nobody")
    agents = list(night.state.agents)
    key = agents[pick % len(agents)]
    match name:
        case "arrive":
            night.arrive((EN, ES)[pick % 2], ALL_ORIGINS[pick // 2 % 3])
        case "type":
            night.arrive((EN, ES)[pick % 2], ALL_ORIGINS[pick // 2 % 3], Medium.TYPED)
        case "choose_medium":
            medium = (Medium.TYPED, Medium.VOICE)[pick // 7 % 2]
            night.see(i.MediumChosen(leg=leg, medium=medium))
        case "take":
            night.see(i.CallTakeRequested(by=key, queue=(ENGLISH, SPANISH)[pick // 7 % 2]))
        case "hear_greeting":
            for greeted in legs:
                if night.state.calls_by_leg[greeted].state is CallState.GREETING:
                    night.hear_greeting(greeted)
                    break
        case "hang_up":
            night.hang_up(leg)
        case "lose_caller":
            night.lose(leg)
        case "return_caller":
            night.come_back(leg)
        case "desk":
            _at_the_desk(night, key, pick)
        case "lose_agent":
            night.lose(LegId(f"desk:{key}"))
        case "return_agent":
            night.come_back(LegId(f"desk:{key}"))
        case "change_origins":
            origins = (ALL_ORIGINS, (Origin.REAL,), (Origin.PRACTICE, Origin.SIMULATED))
            night.see(i.OriginsChosen(agent=key, origins=origins[pick % 3]))
        case "sign_out":
            night.see(i.SignOutRequested(agent=key))
        case "ask_callback":
            number = SealedRef(f"number-{pick % 40}")
            night.see(i.CallbackAsked(leg=leg, number=number))
        case "dialled":
            for dialled in legs:
                if night.state.calls_by_leg[dialled].state is CallState.DIALLING:
                    night.dialled(dialled, is_reached=pick % 3 > 0)
        case "outside":
            _outside_reacts(night, pick)
        case "confer":
            _confer(night, pick)
        case "pause":
            night.see(i.PauseRequested(agent=key, pause_reason="meal"))
        case _:
            raise AssertionError(f"no such act: {name}")


def _outside_reacts(night: Night, pick: int) -> None:
    """Lets somebody outside answer, or not, or hang up."""
    for leg in list(night.state.calls_by_outside_leg)[pick % 2 :]:
        if pick % 3 == 0:
            night.see(i.LegHungUp(leg=leg))
        else:
            night.dialled(leg, is_reached=pick % 3 == 1)


def _confer(night: Night, pick: int) -> None:
    """Lets somebody who talks with a caller ask a colleague, or end that in one way or other."""
    talks = [call for call in night.state.calls.values() if call.agent is not None]
    if not talks:
        return
    call = talks[pick % len(talks)]
    assert call.agent is not None
    agents = list(night.state.agents)
    others = (
        ToQueue(queue=ENGLISH),
        ToAgent(agent=agents[pick // 2 % len(agents)]),
        ToAgent(agent=agents[pick // 4 % len(agents)]),
        ToOutside(outside=LAWYER),
    )
    other = others[pick % len(others)]
    if not call.parties:
        kinds = (i.TransferRequested, i.ConsultRequested, i.ConsultRequested, i.ThirdRequested)
        night.see(kinds[pick // 3 % len(kinds)](agent=call.agent, to=other))
    elif pick % 4 == 0 and (asked := night.state.offers.get(call.parties[0].number)) is not None:
        night.see(i.DeclineRequested(agent=asked.agent, offer=asked.id))
    elif call.parties[0].kind is PartyKind.THIRD:
        night.see(i.PartyDismissRequested(agent=call.agent, party=call.parties[0].number))
    elif pick % 4 > 1:
        night.see(i.ConsultCompleteRequested(agent=call.agent))
    else:
        night.see(i.ConsultCancelRequested(agent=call.agent))


def _at_the_desk(night: Night, key: AgentKey, pick: int) -> None:
    """Lets the agent do what is next for her, mostly the common thing."""
    rarely = pick % 7 == 0
    state = night.state.agents[key].state
    match state:
        case AgentState.SIGNED_OUT:
            night.sign_in(key, (Origin.REAL,) if rarely else ALL_ORIGINS)
        case AgentState.PAUSED:
            night.see(i.ReadyRequested(agent=key))
        case AgentState.READY:
            pass
        case AgentState.OFFERED:
            if rarely:
                night.decline(key)
            else:
                night.answer(key)
        case AgentState.TALKING:
            if pick % 3 == 0:
                night.see(i.HoldRequested(agent=key))
            elif pick % 3 == 1:
                night.see(i.ResumeRequested(agent=key))
            else:
                night.see(i.HangUpRequested(agent=key))
        case AgentState.WRAP_UP:
            night.finish(key, ready=not rarely)
        case _ as never:
            assert_never(never)
