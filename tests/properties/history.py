"""What do the events say happened, and could it have happened so?

A second and deliberately naive bookkeeping beside the engine's own: it folds the events alone, with
plain searches instead of heaps and tables, and refuses an event that breaks an invariant of the
centre. It never looks into the engine, so an engine that is wrong in itself is still found out.
What only the whole state can show is asked in `invariants`.

Its memory is of live calls and of agents, so that a year can be told to it. Each event costs a
search of the live calls: fine for tests and offline checks, too slow for a live centre.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from openline.engine import AgentChoice, AgentState, AnyEvent, CallOutcome, CallState, Settings
from openline.engine import events as e
from openline.engine.state import EMPTY_SETTINGS
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    Instant,
    LegId,
    OfferId,
    Origin,
    QueueKey,
    Reason,
)

_NEVER = Instant(0)
_NONE = Duration(0)
_CHOSEN = (Reason.LONGEST_IDLE, Reason.BEST_SKILL, Reason.LEAST_OCCUPIED)
_RANK = {Origin.REAL: 0, Origin.SIMULATED: 1, Origin.PRACTICE: 2}


class InvariantBrokenError(AssertionError):
    """Says which invariant was broken, by its number, and how."""


def expect(holds: bool, number: str, words: str) -> None:
    """Raises `InvariantBrokenError` unless the invariant holds."""
    if not holds:
        raise InvariantBrokenError(f"{number}: {words}")


@dataclass(kw_only=True)
class ToldCall:
    """Is a live call, as far as the events told of it."""

    id: CallId
    leg: LegId
    origin: Origin
    arrived_at: Instant
    stage: CallState = CallState.GREETING
    queue: QueueKey | None = None
    priority: int = 0
    waiting_since: Instant | None = None
    queued_at: Instant | None = None
    entries: int = 0
    offer: OfferId | None = None
    agent: AgentKey | None = None
    answered_at: Instant | None = None
    waited: Duration = _NONE
    held_since: Instant | None = None
    held: int = 0
    session: int = 0
    is_lost: bool = False

    @property
    def is_offerable(self) -> bool:
        """Whether it waits and the caller is there."""
        return self.stage is CallState.QUEUED and not self.is_lost

    @property
    def since(self) -> Instant:
        """What its place counts from."""
        assert self.waiting_since is not None
        return self.waiting_since


@dataclass(kw_only=True)
class ToldAgent:
    """Is an agent, as far as the events told of her."""

    key: AgentKey
    number: int
    stage: AgentState = AgentState.SIGNED_OUT
    leg: LegId | None = None
    origins: tuple[Origin, ...] = ()
    idle_since: Instant = _NEVER
    offer: OfferId | None = None
    call: CallId | None = None
    wraps_up_since: Instant | None = None
    has_finished: bool = False
    rests_until: Instant | None = None
    forced_to: AgentState | None = None
    signed_in_at: Instant = _NEVER
    busy: int = 0
    busy_since: Instant | None = None
    is_lost: bool = False

    @property
    def is_at_work(self) -> bool:
        """Whether she takes real calls, now or after the one she has."""
        away = (AgentState.SIGNED_OUT, AgentState.PAUSED)
        return self.stage not in away and Origin.REAL in self.origins

    @property
    def is_idle(self) -> bool:
        """Whether she is ready and there."""
        return self.stage is AgentState.READY and not self.is_lost


@dataclass(kw_only=True)
class ToldOffer:
    """Is a live offer, as far as the events told of it."""

    call: CallId
    agent: AgentKey
    expires_at: Instant
    needs_renewal: bool = False


@dataclass(kw_only=True)
class ToldUnstaffed:
    """Is a queue whose calls nobody could take, as far as the events told of it."""

    ring_at: Instant
    was_rung: bool = False


@dataclass
class History:
    """Folds events; `now` is the time of the last input, whether or not it led to events."""

    now: Instant = _NEVER
    calls: dict[CallId, ToldCall] = field(default_factory=dict)
    agents: dict[AgentKey, ToldAgent] = field(default_factory=dict)
    offers: dict[OfferId, ToldOffer] = field(default_factory=dict)
    unstaffed: dict[QueueKey, ToldUnstaffed] = field(default_factory=dict)
    settings: Settings = EMPTY_SETTINGS
    serves: dict[AgentKey, frozenset[QueueKey]] = field(default_factory=dict)
    arrived: int = 0
    queued: int = 0
    """Calls that were queued at least once."""
    accepted: int = 0
    ended: Counter[CallOutcome] = field(default_factory=Counter)
    last_call: int = 0
    last_offer: int = 0

    def add(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Folds the events of one input, answered at `now`."""
        expect(now >= self.now, "I9", f"time ran backwards from {self.now} to {now}")
        self.now = now
        for event in events:
            try:
                self._tell(event)
            except KeyError as error:
                raise InvariantBrokenError(
                    f"I6: {type(event).__name__} speaks of {error}, which is not live"
                ) from error
        for offer, told in self.offers.items():
            expect(not told.needs_renewal, "I17", f"offer {offer} was not renewed by the restart")

    def place(self, call: ToldCall) -> tuple[int, bool, Fraction, Instant, CallId]:
        """Orders the calls that one agent could take now: the least is next."""
        queue = next(queue for queue in self.settings.queues if queue.key == call.queue)
        waited = self.now - call.since
        level = Fraction(-call.priority)
        if queue.ageing:
            level -= Fraction(waited, queue.ageing)
        is_past = self.is_past_ceiling(call)
        return (
            _RANK[call.origin],
            not is_past,
            Fraction(0) if is_past else level,
            call.since,
            call.id,
        )

    def is_past_ceiling(self, call: ToldCall) -> bool:
        """Whether he has waited so long that he is next."""
        ceiling = next(queue.ceiling for queue in self.settings.queues if queue.key == call.queue)
        return ceiling > 0 and self.now - call.since >= ceiling

    def turn(self, agent: ToldAgent, call: ToldCall) -> tuple[int, int, int]:
        """Orders the idle agents to whom a call may be offered: the least is first."""
        queue = next(queue for queue in self.settings.queues if queue.key == call.queue)
        rank = 0
        if queue.choice is AgentChoice.BEST_SKILL:
            skills = next(a.skills for a in self.settings.agents if a.key == agent.key)
            needed = [need.skill for need in queue.needs]
            rank = -sum(have.level for have in skills if have.skill in needed)
        elif queue.choice is AgentChoice.LEAST_OCCUPIED and agent.idle_since > agent.signed_in_at:
            rank = agent.busy * 1_000_000 // (agent.idle_since - agent.signed_in_at)
        return rank, agent.idle_since, agent.number

    def could_take(self, agent: ToldAgent, call: ToldCall) -> bool:
        """Whether the call belongs to a pool that the agent serves."""
        return call.queue in self.serves[agent.key] and call.origin in agent.origins

    def _tell(self, event: AnyEvent) -> None:  # noqa: PLR0912, PLR0915 - one case for each event
        match event:
            case e.ConfigurationAdopted():
                self._adopt(event.settings)
            case e.CentreResumed():
                for offer in self.offers.values():
                    offer.needs_renewal = True
            case (
                e.ClockStepNoted()
                | e.CommandFailureNoted()
                | e.InputPassedOver()
                | e.RequestRefused()
                | e.PauseNoted()
                | e.WrapUpLimitReached()
            ):
                pass
            case e.QueueUnstaffed() | e.OnCallRung() | e.QueueStaffed():
                self._staffing_changed(event)
            case e.CallArrived():
                self._call_arrived(event)
            case e.GreetingStarted():
                expect(self.calls[event.call].stage is CallState.GREETING, "I1", "greeted too late")
            case e.CallQueued():
                self._call_queued(event)
            case e.CallOffered():
                self._call_offered(event)
            case e.OfferRenewed():
                self.offers[event.offer].expires_at = event.expires_at
                self.offers[event.offer].needs_renewal = False
            case e.OfferAccepted():
                self._offer_accepted(event)
            case e.OfferDeclined() | e.OfferMissed() | e.OfferWithdrawn():
                self._offer_ended(event)
            case e.SoundSessionStarted():
                call = self.calls[event.call]
                expect(event.session == call.session + 1, "I6", "a sound session was left out")
                call.session = event.session
            case e.SoundConfirmed():
                call = self.calls[event.call]
                expect(event.session == call.session, "I11", "a late sound report was believed")
            case e.CallHeld() | e.CallResumed():
                self._hold_changed(event)
            case e.CallerLost():
                self.calls[event.call].is_lost = True
            case e.CallerReturned():
                self.calls[event.call].is_lost = False
            case e.CallEnded():
                self._call_ended(event)
            case e.AgentSignedIn():
                self._agent_signed_in(event)
            case e.AgentSignedOut():
                agent = self._freed(event.agent, AgentState.SIGNED_OUT, event)
                agent.leg, agent.origins = None, ()
                agent.is_lost = False
            case e.AgentOriginsChanged():
                self.agents[event.agent].origins = event.origins
            case e.AgentReady():
                agent = self._freed(event.agent, AgentState.READY, event)
                agent.idle_since = self.now
            case e.AgentPaused():
                agent = self._freed(event.agent, AgentState.PAUSED, event)
                agent.rests_until = event.rests_until
            case e.StateForceNoted():
                agent = self.agents[event.agent]
                has_call = agent.stage in (AgentState.TALKING, AgentState.WRAP_UP)
                expect(has_call, "forced", f"{agent.key} has no call to wait for")
                agent.forced_to = event.to
            case e.RecoveryBreakOver():
                agent = self.agents[event.agent]
                is_over = agent.rests_until is not None and agent.rests_until <= self.now
                expect(is_over, "recovery", f"the break of {agent.key} was over too early")
                agent.rests_until = None
            case e.WrapUpExtended():
                agent = self.agents[event.agent]
                wraps_up = agent.stage is AgentState.WRAP_UP and event.warn_at > self.now
                expect(wraps_up, "I9", f"{agent.key} got no longer by asking for longer")
            case e.AgentLost():
                self.agents[event.agent].is_lost = True
            case e.AgentReturned():
                self.agents[event.agent].is_lost = False
            case e.WrapUpStarted():
                agent = self.agents[event.agent]
                expect(agent.call == event.call, "I2", f"{agent.key} wraps up a call not hers")
                expect(event.call not in self.calls, "I1", f"call {event.call} outlives its end")
                agent.stage, agent.wraps_up_since = AgentState.WRAP_UP, self.now
            case e.WrapUpFinished():
                agent = self.agents[event.agent]
                expect(agent.call == event.call, "I2", f"{agent.key} finished a call not hers")
                since = agent.wraps_up_since
                expect(since is not None and event.took == self.now - since, "I9", "wrap-up time")
                agent.has_finished = True
            case _:
                assert_never(event)

    # --- the centre ------------------------------------------------------------------------

    def _adopt(self, settings: Settings) -> None:
        kept = self.agents
        self.settings = settings
        self.agents = {}
        for number, configured in enumerate(settings.agents):
            agent = kept.pop(configured.key, None)
            if agent is None:
                agent = ToldAgent(key=configured.key, number=number, idle_since=self.now)
            agent.number = number
            self.agents[configured.key] = agent
            levels = {have.skill: have.level for have in configured.skills}
            self.serves[configured.key] = frozenset(
                queue.key
                for queue in settings.queues
                if all(levels.get(need.skill, 0) >= need.level for need in queue.needs)
            )
        for agent in kept.values():
            expect(
                agent.stage is AgentState.SIGNED_OUT, "I24", f"{agent.key} vanished while at work"
            )
        queues = {queue.key for queue in settings.queues}
        for call in self.calls.values():
            expect(
                call.queue is None or call.queue in queues, "I24", f"call {call.id} lost its queue"
            )

    # --- calls -----------------------------------------------------------------------------

    def _call_arrived(self, event: e.CallArrived) -> None:
        expect(event.call > self.last_call, "I1", f"call number {event.call} was drawn twice")
        expect(
            all(call.leg != event.leg for call in self.calls.values()),
            "I11",
            f"two calls at leg {event.leg}",
        )
        self.last_call = event.call
        self.arrived += 1
        self.calls[event.call] = ToldCall(
            id=event.call, leg=event.leg, origin=event.origin, arrived_at=self.now
        )

    def _call_queued(self, event: e.CallQueued) -> None:
        call = self.calls[event.call]
        expect(call.stage is not CallState.QUEUED, "I11", f"call {call.id} was queued twice")
        expect(call.offer is None, "I3", f"call {call.id} was queued under an offer")
        expect(event.entry == call.entries + 1, "I8", f"call {call.id}: an entry was not counted")
        if call.entries:
            expect(
                event.waiting_since == call.waiting_since,
                "I17",
                f"call {call.id} did not get his own place back",
            )
        else:
            self.queued += 1
            expect(
                event.waiting_since == self.now, "I5", f"call {call.id} waits since another time"
            )
        if call.agent is not None:
            # She is let go in the same step; see `_freed`, which holds the two together.
            self.agents[call.agent].call = None
        call.stage, call.queue, call.priority = CallState.QUEUED, event.queue, event.priority
        call.entries, call.waiting_since = event.entry, event.waiting_since
        call.queued_at = self.now
        call.agent, call.answered_at, call.held_since, call.held = None, None, None, 0

    def _call_offered(self, event: e.CallOffered) -> None:
        call, agent = self.calls[event.call], self.agents[event.agent]
        expect(event.offer > self.last_offer, "I3", f"offer number {event.offer} was drawn twice")
        expect(agent.is_idle, "I3", f"{agent.key} was offered a call while {agent.stage.value}")
        expect(agent.offer is None and agent.call is None, "I3", f"{agent.key} has a call")
        expect(call.is_offerable, "I2", f"call {call.id} was offered while {call.stage.value}")
        expect(self.could_take(agent, call), "origin", f"{agent.key} does not serve call {call.id}")
        expect(event.expires_at > self.now, "I15", f"offer {event.offer} was born dead")
        for other in self.calls.values():
            if other.is_offerable and self.could_take(agent, other):
                is_starved = self.is_past_ceiling(other)
                expect(
                    self.place(call) <= self.place(other),
                    "I16" if is_starved and other.origin is call.origin else "I4",
                    f"call {call.id} was offered to {agent.key} before call {other.id}",
                )
        if event.reason in _CHOSEN:
            for peer in self.agents.values():
                expect(
                    not (peer.is_idle and self.could_take(peer, call))
                    or self.turn(agent, call) <= self.turn(peer, call),
                    "fairness",
                    f"{agent.key} was offered call {call.id}, though it was the turn of {peer.key}",
                )
        self.last_offer = event.offer
        self.offers[event.offer] = ToldOffer(
            call=call.id, agent=agent.key, expires_at=event.expires_at
        )
        call.stage, call.offer = CallState.OFFERED, event.offer
        agent.stage, agent.offer = AgentState.OFFERED, event.offer

    def _over(
        self, event: e.OfferAccepted | e.OfferDeclined | e.OfferMissed | e.OfferWithdrawn
    ) -> tuple[ToldCall, ToldAgent]:
        told = self.offers.pop(event.offer)
        expect(
            told.call == event.call and told.agent == event.agent,
            "I2",
            f"offer {event.offer} was not {event.agent}'s for call {event.call}",
        )
        if isinstance(event, e.OfferMissed):
            expect(
                self.now >= told.expires_at and not told.needs_renewal,
                "I17",
                f"offer {event.offer} was missed before its time",
            )
        elif not isinstance(event, e.OfferWithdrawn):
            expect(self.now < told.expires_at, "I15", f"{event.agent} spoke too late and was heard")
        call, agent = self.calls[event.call], self.agents[event.agent]
        call.offer = agent.offer = None
        return call, agent

    def _offer_accepted(self, event: e.OfferAccepted) -> None:
        call, agent = self._over(event)
        expect(call.answered_at is None, "I2", f"call {call.id} was answered twice")
        assert call.queued_at is not None
        expect(event.waited == self.now - call.queued_at, "I9", f"wait of call {call.id}")
        self.accepted += 1
        call.stage, call.agent, call.answered_at = CallState.TALKING, agent.key, self.now
        call.waited = event.waited
        agent.stage, agent.call = AgentState.TALKING, call.id
        agent.busy_since = self.now

    def _offer_ended(self, event: e.OfferDeclined | e.OfferMissed | e.OfferWithdrawn) -> None:
        call, agent = self._over(event)
        call.stage = CallState.QUEUED
        is_taken_back = isinstance(event, e.OfferWithdrawn)
        agent.stage = AgentState.READY if is_taken_back else AgentState.PAUSED

    def _hold_changed(self, event: e.CallHeld | e.CallResumed) -> None:
        call = self.calls[event.call]
        expect(call.agent == event.agent, "I2", f"{event.agent} parks a call that is not hers")
        if isinstance(event, e.CallHeld):
            expect(call.stage is CallState.TALKING, "I11", f"call {call.id} was held twice")
            call.stage, call.held_since = CallState.HELD, self.now
        else:
            assert call.held_since is not None
            call.held += self.now - call.held_since
            call.stage, call.held_since = CallState.TALKING, None

    def _call_ended(self, event: e.CallEnded) -> None:
        call = self.calls.pop(event.call)
        expect(call.offer is None, "I28", f"call {call.id} ended under an offer")
        expect(event.queue == call.queue and event.agent == call.agent, "I8", "whose call it was")
        waited, talked, held = 0, 0, 0
        outcome = CallOutcome.LEFT_BEFORE_QUEUE
        if call.answered_at is not None:
            outcome, waited = CallOutcome.ANSWERED, call.waited
            talked, held = self.now - call.answered_at, call.held
            held += 0 if call.held_since is None else self.now - call.held_since
        elif call.queued_at is not None:
            outcome, waited = CallOutcome.ABANDONED, self.now - call.queued_at
        expect(event.outcome is outcome, "I1", f"call {call.id} ended as {event.outcome.value}")
        expect(
            (event.waited, event.talked, event.held) == (waited, talked, held),
            "I9",
            f"call {call.id}: waited, talked, held are not {waited}, {talked}, {held}",
        )
        expect(
            waited >= 0 and 0 <= held <= talked <= self.now - call.arrived_at,
            "I9",
            f"call {call.id} has a duration that cannot be",
        )
        self.ended[outcome] += 1

    # --- agents ----------------------------------------------------------------------------

    def _agent_signed_in(self, event: e.AgentSignedIn) -> None:
        agent = self.agents[event.agent]
        expect(agent.stage is AgentState.SIGNED_OUT, "I11", f"{agent.key} signed in twice")
        expect(
            all(other.leg != event.leg for other in self.agents.values()),
            "I2",
            f"two agents at leg {event.leg}",
        )
        agent.stage, agent.leg, agent.origins = AgentState.PAUSED, event.leg, event.origins
        agent.is_lost = False
        agent.signed_in_at, agent.busy = self.now, 0

    def _freed(
        self,
        key: AgentKey,
        stage: AgentState,
        event: e.AgentReady | e.AgentPaused | e.AgentSignedOut,
    ) -> ToldAgent:
        """Returns the agent, who must have nobody depending on her, with no call any more."""
        agent = self.agents[key]
        expect(agent.offer is None, "I28", f"{key} went away under an offer")
        expect(
            agent.call is None or agent.call not in self.calls,
            "I28",
            f"{key} went away in call {agent.call}",
        )
        self._as_forced(agent, stage, event)
        agent.stage = stage
        if agent.busy_since is not None:
            agent.busy += self.now - agent.busy_since
            agent.busy_since = None
        agent.call = agent.wraps_up_since = agent.forced_to = agent.rests_until = None
        agent.has_finished = False
        return agent

    def _as_forced(
        self,
        agent: ToldAgent,
        stage: AgentState,
        event: e.AgentReady | e.AgentPaused | e.AgentSignedOut,
    ) -> None:
        """Holds a change to what supervisors wanted, and to the break that nobody may cut."""
        is_forced = event.reason is Reason.FORCED
        expect(is_forced == (event.by is not None), "forced", f"who forced {agent.key}?")
        if is_forced and agent.stage is AgentState.TALKING:
            expect(False, "forced", f"{agent.key} was torn from her talk")
        rests = event.reason is Reason.RECOVERY
        if agent.has_finished and agent.forced_to is not None and not rests:
            expect(
                is_forced and stage is agent.forced_to,
                "forced",
                f"{agent.key} was to be {agent.forced_to.value} after her call",
            )
        if agent.stage is AgentState.WRAP_UP and stage is AgentState.READY:
            expect(agent.has_finished, "forced", f"{agent.key} was made ready while she typed")
        if is_forced and stage is not AgentState.SIGNED_OUT:
            expect(agent.rests_until is None, "recovery", f"the break of {agent.key} was cut")
        if rests:
            assert isinstance(event, e.AgentPaused)
            expect(
                event.rests_until == self.now + self.settings.recovery_break > self.now,
                "recovery",
                f"{agent.key} rests for another time than is configured",
            )

    # --- queues ----------------------------------------------------------------------------

    def needs_on_call(self, queue: QueueKey, *, lost_too: bool) -> bool:
        """Whether a real call waits in the queue and nobody is at work who could take it."""
        if any(one.is_at_work and queue in self.serves[one.key] for one in self.agents.values()):
            return False
        return any(
            call.queue == queue
            and call.origin is Origin.REAL
            and (call.is_offerable or (lost_too and call.stage is CallState.QUEUED))
            for call in self.calls.values()
        )

    def _staffing_changed(self, event: e.QueueUnstaffed | e.OnCallRung | e.QueueStaffed) -> None:
        queue = event.queue
        if isinstance(event, e.QueueUnstaffed):
            expect(queue not in self.unstaffed, "on-call", f"{queue} was unstaffed twice")
            expect(self.needs_on_call(queue, lost_too=False), "on-call", f"{queue} is staffed")
            after = next(q.on_call_after for q in self.settings.queues if q.key == queue)
            expect(event.ring_at == self.now + after, "on-call", f"{queue}: another time")
            self.unstaffed[queue] = ToldUnstaffed(ring_at=event.ring_at)
        elif isinstance(event, e.OnCallRung):
            told = self.unstaffed[queue]
            expect(not told.was_rung, "on-call", f"the list of {queue} was rung twice")
            expect(self.now >= told.ring_at, "on-call", f"the list of {queue} was rung too early")
            expect(self.needs_on_call(queue, lost_too=True), "on-call", f"{queue} needs nobody")
            for key in event.agents:
                agent = self.agents[key]
                is_free = not agent.is_at_work and agent.rests_until is None
                expect(is_free, "on-call", f"{key} was rung though she works or rests")
            told.was_rung = True
        else:
            del self.unstaffed[queue]
