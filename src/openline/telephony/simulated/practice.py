"""Practice calls: somebody rings for a learner who is ready, and tells a story in captions.

When an agent who takes practice calls is ready and no real call waits that she could take, a caller
rings one of her lines a moment later. He is routed like anybody else, so with several learners
another may answer him; there are never more callers waiting than learners ready for them. Once he
is answered he says his lines one by one, or types them if his story says so, falls silent while he
is on hold, and says goodbye.

Where he is in his story follows from the durable call alone (answered at, held so far) and from the
name of his leg (which story). So a story goes on after a restart with the line it had come to.
"""

import re
from collections.abc import Callable, Iterable

from openline.engine import AnyCommand, AnyEvent, CallState, LineSettings, State
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.state import Agent, Call
from openline.model import (
    SECOND,
    AgentKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Medium,
    Origin,
    QueueKey,
)
from openline.telephony.port import Capabilities, Clock, See, Timer
from openline.telephony.simulated.stories import Story, stories

PREFIX = "practice"
SPEAKER = "caller"
FIVE_SECONDS = Duration(5 * SECOND)

Caption = Callable[[AgentKey, CallId, int, str, str], None]
"""Takes agent, call, number of the line from 0, speaker and text; the same line may come twice."""

_LISTENS = 2 * SECOND
"""To a greeting: a learner should not wait for it."""
_PATIENCE = 60 * SECOND
_CATCHES_UP = 2 * SECOND
"""Between lines that are late, after a connection was lost and mended."""
_LEG = re.compile(rf"{PREFIX}:(.+)-(\d+)", re.ASCII)
_MAY_BE_READY = (e.AgentReady, e.AgentReturned, e.AgentOriginsChanged, e.OfferWithdrawn)
_ON_THE_WAY = (CallState.GREETING, CallState.QUEUED)


class _Teller:
    """Keeps one practice caller."""

    __slots__ = (
        "answered_at",
        "call",
        "leg",
        "playback",
        "queue",
        "starts",
        "story",
        "timer",
        "told",
    )

    def __init__(self, leg: LegId, story: Story, queue: QueueKey) -> None:
        self.leg = leg
        self.story = story
        self.queue = queue
        self.starts = story.line_starts()
        self.timer: Timer | None = None
        self.playback: CommandId | None = None
        self.call: CallId | None = None
        self.answered_at: Instant | None = None
        self.told = 0


class PracticeCallers:
    """Is the telephony port of the practice legs (`practice:…`)."""

    prefix = PREFIX
    capabilities = Capabilities(
        announcements=False,
        hold=True,
        transfer=True,
        real_audio=False,
        voicemail=False,
        dials=False,
    )

    def __init__(
        self,
        clock: Clock,
        caption: Caption,
        language_of: Callable[[LineKey], str],
        *,
        after: Duration = FIVE_SECONDS,
        repertoire: Iterable[Story] | None = None,
    ) -> None:
        """Tells stories, by default all, to those who answer lines of the stories' language."""
        self._clock = clock
        self._caption = caption
        self._language_of = language_of
        self._after = after
        self._stories = tuple(stories() if repertoire is None else repertoire)
        self._see: See | None = None
        self._state = State()
        self._tellers: dict[LegId, _Teller] = {}
        self._timers: dict[AgentKey, Timer] = {}
        self._rung: dict[tuple[AgentKey, str], int] = {}
        """How often for each learner in each language; a program that starts anew forgets it."""

    # --- the port --------------------------------------------------------------------------

    def start(self, see: See) -> None:
        """Begins to report; nobody rings before `resume`."""
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Lets every practice caller go on; returns their legs.

        The state is the durable one, which the centre keeps up to date: it is looked at later too.
        """
        self._state = state
        by_key = {story.key: story for story in self._stories}
        for call in state.calls.values():
            match = _LEG.fullmatch(call.leg)
            story = by_key.get(match[1]) if match else None
            if story is not None:
                teller = _Teller(call.leg, story, state.lines[call.line].queue)
                self._tellers[call.leg] = teller
                self._take_up(teller, call)
        for agent in state.agents.values():
            self._consider(agent)
        return tuple(self._tellers)

    def carry_out(self, command: AnyCommand) -> None:
        """Lets the practice caller at the leg hear the command."""
        teller = self._tellers.get(command.leg)
        if teller is None:
            if isinstance(command, c.PlayGreeting | c.ConnectLegs | c.HoldCall | c.ResumeCall):
                self._say(i.CommandFailed(command=command.id, leg=command.leg, why="no_such_leg"))
            return
        match command:
            case c.PlayGreeting():
                if teller.playback != command.id:
                    teller.playback = command.id
                    self._at(teller, Instant(self._clock.now() + _LISTENS), self._has_listened)
            case c.PlayMusic():
                call = self._state.calls_by_leg.get(command.leg)
                if call is not None and call.answered_at is None:
                    self._at(teller, Instant(self._clock.now() + _PATIENCE), self._hang_up)
                else:
                    # The learner's page is lost: he waits for her to come back.
                    self._rest(teller)
            case c.ConnectLegs() | c.ResumeCall():
                self._go_on(teller, self._clock.now())
            case c.HoldCall():
                self._rest(teller)
            case c.HangUpLeg():
                self._leave(teller)
            case _:
                return

    async def stop(self) -> None:
        """Stops ringing and telling; the callers stay where the record has them."""
        self._see = None
        for timer in self._timers.values():
            timer.cancel()
        for teller in self._tellers.values():
            self._rest(teller)

    # --- who is to be rung -----------------------------------------------------------------

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Learns of durable events, after they were applied to the durable state."""
        for event in events:
            if isinstance(event, _MAY_BE_READY):
                agent = self._state.agents.get(event.agent)
                if agent is not None:
                    self._consider(agent)

    def _consider(self, agent: Agent) -> None:
        if self._see is not None and agent.key not in self._timers and _is_learner(agent):
            at = Instant(self._clock.now() + self._after)
            self._timers[agent.key] = self._clock.at(at, lambda: self._ring_for(agent.key))

    def _ring_for(self, key: AgentKey) -> None:
        del self._timers[key]
        agent = self._state.agents.get(key)
        if agent is None or not _is_learner(agent) or self._see is None:
            return
        if not self._waits_real(key):
            line = self._line_for(agent)
            if line is not None:
                self._ring(line, key)
        # Another learner may get this caller, and what stood in the way may be gone soon.
        self._consider(agent)

    def _waits_real(self, agent: AgentKey) -> bool:
        index = self._state.index
        return any(
            index.callers.anybody_waits((queue, Origin.REAL)) for queue in index.queues_of(agent)
        )

    def _line_for(self, agent: Agent) -> LineSettings | None:
        """Returns the line on which a caller would come to this learner, or None.

        She must come before any learner for whom nobody is on the way yet. Lines on which few are
        before her go first; among equal ones each has its turn.
        """
        served = self._state.index.queues_of(agent.key)
        languages = {story.language for story in self._stories}
        places: dict[QueueKey, int] = {}
        for queue in served:
            place = self._learners_before(agent, queue)
            if self._coming(queue) <= place:
                places[queue] = place
        fewest = min(places.values(), default=0)
        lines = [
            line
            for line in self._state.settings.lines
            if places.get(line.queue) == fewest and self._language_of(line.key) in languages
        ]
        rung = sum(count for (key, _), count in self._rung.items() if key == agent.key)
        return lines[rung % len(lines)] if lines else None

    def _learners_before(self, agent: Agent, queue: QueueKey) -> int:
        place = (agent.idle_since, agent.number)
        return sum(
            _is_learner(other)
            and (other.idle_since, other.number) < place
            and queue in self._state.index.queues_of(other.key)
            for other in self._state.agents.values()
        )

    def _coming(self, queue: QueueKey) -> int:
        """Returns how many practice callers are on their way to an offer."""
        calls = self._state.calls_by_leg
        return sum(
            teller.queue == queue and (leg not in calls or calls[leg].state in _ON_THE_WAY)
            for leg, teller in self._tellers.items()
        )

    def _ring(self, line: LineSettings, learner: AgentKey) -> None:
        language = self._language_of(line.key)
        spoken = [story for story in self._stories if story.language == language]
        number = self._rung.get((learner, language), 0)
        self._rung[learner, language] = number + 1
        story = spoken[number % len(spoken)]
        at = self._clock.now()
        while (leg := LegId(f"{PREFIX}:{story.key}-{at}")) in self._tellers:
            at = Instant(at + 1)
        self._tellers[leg] = _Teller(leg, story, line.queue)
        medium = Medium(story.medium)
        seen = i.LegArrived(leg=leg, line=line.key, origin=Origin.PRACTICE, medium=medium)
        self._say(seen)

    # --- telling ---------------------------------------------------------------------------

    def told(self, call: CallId) -> tuple[str, ...]:
        """Returns what the caller has said so far; nothing if it is no practice call, or typed."""
        for teller in self._tellers.values():
            if teller.call == call and teller.story.medium == "voice":
                return tuple(line.text for line in teller.story.lines[: teller.told])
        return ()

    def _take_up(self, teller: _Teller, call: Call) -> None:
        """Goes on after a restart, from where the durable call stands."""
        now = self._clock.now()
        if call.answered_at is not None:
            self._begin(teller, call, call.answered_at)
            talked = (call.held_since or now) - call.answered_at - call.held
            while teller.told < len(teller.story.lines) and teller.starts[teller.told] <= talked:
                # Said already, or while nobody listened: the desk shows them at once.
                self._tell(teller, call)
            self._go_on(teller, now)
        elif call.waiting_since is not None:
            self._at(teller, Instant(call.waiting_since + _PATIENCE), self._hang_up)
        else:
            teller.playback = call.playback
            self._at(teller, Instant(call.arrived_at + _LISTENS), self._has_listened)

    def _begin(self, teller: _Teller, call: Call, answered_at: Instant) -> None:
        teller.call = call.id
        teller.answered_at = answered_at
        teller.told = 0

    def _go_on(self, teller: _Teller, earliest: Instant) -> None:
        """Sets the timer for the next line, or for the goodbye after the last."""
        call = self._state.calls_by_leg.get(teller.leg)
        if call is None or call.answered_at is None or call.state is not CallState.TALKING:
            return
        if teller.answered_at != call.answered_at:
            self._begin(teller, call, call.answered_at)
        at = Instant(call.answered_at + call.held + teller.starts[teller.told])
        is_over = teller.told == len(teller.story.lines)
        self._at(teller, max(at, earliest), self._hang_up if is_over else self._say_line)

    def _say_line(self, teller: _Teller) -> None:
        call = self._state.calls_by_leg.get(teller.leg)
        if call is not None and call.state is CallState.TALKING:
            self._tell(teller, call)
            self._go_on(teller, Instant(self._clock.now() + _CATCHES_UP))

    def _tell(self, teller: _Teller, call: Call) -> None:
        number = teller.told
        teller.told += 1
        if call.agent is not None:
            text = teller.story.lines[number].text
            self._caption(call.agent, call.id, number, SPEAKER, text)

    def _has_listened(self, teller: _Teller) -> None:
        if teller.playback is not None:
            self._say(i.PlaybackFinished(leg=teller.leg, playback=teller.playback))

    def _hang_up(self, teller: _Teller) -> None:
        self._leave(teller)
        self._say(i.LegHungUp(leg=teller.leg))

    def _leave(self, teller: _Teller) -> None:
        self._rest(teller)
        self._tellers.pop(teller.leg, None)

    def _rest(self, teller: _Teller) -> None:
        if teller.timer is not None:
            teller.timer.cancel()
            teller.timer = None

    def _at(self, teller: _Teller, at: Instant, then: Callable[[_Teller], None]) -> None:
        self._rest(teller)
        if self._see is not None:
            teller.timer = self._clock.at(at, lambda: then(teller))

    def _say(self, seen: i.AnyInput) -> None:
        if self._see is not None:
            self._see(seen)


def _is_learner(agent: Agent) -> bool:
    return agent.is_idle and Origin.PRACTICE in agent.origins
