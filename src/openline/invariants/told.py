"""What is known of the centre from its events alone?

Plain values for live calls, agents, offers and queues that nobody staffs, and the questions that
the folding asks of them all: who is next, whose turn is it, who could take whom. Plain searches
instead of heaps; of settings, one dictionary for each kind.
"""

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from openline.engine import (
    AgentChoice,
    AgentSettings,
    AgentState,
    CallOutcome,
    CallState,
    FlowsWhen,
    Interflow,
    QueueSettings,
    Settings,
    ToOutside,
)
from openline.engine.parties import PartyKind
from openline.engine.settings import OutsideKind
from openline.engine.state import EMPTY_SETTINGS, ChangedSkills
from openline.model import (
    AgentKey,
    CallbackId,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Medium,
    MenuKey,
    OfferId,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    Reason,
    SealedRef,
    ShareKey,
    SurgeKey,
)

NEVER = Instant(0)
_IN_QUEUE = (CallState.QUEUED, CallState.OFFERED)
_NONE = Duration(0)
_RANK = {Origin.REAL: 0, Origin.SIMULATED: 1, Origin.PRACTICE: 2}


@dataclass(kw_only=True)
class ToldCall:
    """Is a live call, as far as the events told of it."""

    id: CallId
    leg: LegId
    line: LineKey
    origin: Origin
    arrived_at: Instant
    stage: CallState = CallState.GREETING
    queue: QueueKey | None = None
    priority: int = 0
    waiting_since: Instant | None = None
    queued_at: Instant | None = None
    hops: int = 0
    waited_before_sent: int | None = None
    """How long it had waited in the queue that it left last without an answer."""
    has_left_voicemail: bool = False
    is_closed_to: bool = False
    """Whether it was turned away at a closed line."""
    menu: MenuKey | None = None
    attempt: int = 0
    consent: bool | None = None
    topic: str | None = None
    language: str | None = None
    partner: PartnerKey | None = None
    was_held_back: bool = False
    step: int = 0
    widens_at: Instant | None = None
    announce_at: Instant | None = None
    leaves_at: Instant | None = None
    is_overdue: bool = False
    keeps_place: bool = True
    """Whether its wait so far counts where it was sent last."""
    entries: int = 0
    offer: OfferId | None = None
    agent: AgentKey | None = None
    answered_at: Instant | None = None
    waited: Duration = _NONE
    held_since: Instant | None = None
    held: int = 0
    session: int = 0
    medium: Medium = Medium.VOICE
    needs_session: bool = False
    """Whether it is talked in otherwise than its session was begun for."""
    is_lost: bool = False
    parties: "dict[OfferId, ToldParty]" = field(default_factory=dict)
    """Who is in it besides its caller and its agent, or is being rung for it."""
    promised_to: AgentKey | None = None
    """The agent to whom it was transferred, until she was rung."""
    regains: Instant | None = None
    can_be_called_back: bool = False
    callback_offer_at: Instant | None = None
    is_callback_offered: bool = False
    callback: CallbackId | None = None
    is_dialled: bool = False
    is_reached: bool = False
    forwarded_to: OutsideKey | None = None
    """To whom its queue sent it outside, now or before."""
    is_announced_to: bool = False
    """Whether it hears that it is sent there, and nothing rings yet."""
    back_at: Instant | None = None

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
class ToldParty:
    """Is somebody in a call, or about to be, as far as the events told of it."""

    kind: PartyKind
    who: AgentKey | OutsideKey
    is_outside: bool
    since: Instant
    is_there: bool = False


@dataclass(kw_only=True)
class ToldAgent:
    """Is an agent, as far as the events told of her."""

    key: AgentKey
    number: int
    stage: AgentState = AgentState.SIGNED_OUT
    leg: LegId | None = None
    origins: tuple[Origin, ...] = ()
    idle_since: Instant = NEVER
    offer: OfferId | None = None
    call: CallId | None = None
    wraps_up_since: Instant | None = None
    has_finished: bool = False
    rests_until: Instant | None = None
    forced_to: AgentState | None = None
    wants_help: bool = False
    help_by: AgentKey | None = None
    signed_in_at: Instant = NEVER
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
    is_for_party: bool = False


@dataclass(kw_only=True)
class ToldUnstaffed:
    """Is a queue whose calls nobody could take, as far as the events told of it."""

    ring_at: Instant
    was_rung: bool = False


@dataclass(kw_only=True)
class ToldCallback:
    """Is an open promise to call back, as far as the events told of it."""

    id: CallbackId
    number: SealedRef
    queue: QueueKey
    origin: Origin
    priority: int
    waiting_since: Instant
    not_before: Instant
    not_after: Instant
    may_leave_message: bool
    topic: str | None = None
    language: str | None = None
    partner: PartnerKey | None = None
    attempts: int = 0
    call: CallId | None = None
    due_at: Instant | None = None
    last: ToldCall | None = None
    """The attempt that has ended and of which it is not yet told what follows."""


@dataclass
class Told:
    """Is all that the events told; `now` is the time of the last input, with or without events."""

    now: Instant = NEVER
    calls: dict[CallId, ToldCall] = field(default_factory=dict)
    agents: dict[AgentKey, ToldAgent] = field(default_factory=dict)
    offers: dict[OfferId, ToldOffer] = field(default_factory=dict)
    unstaffed: dict[QueueKey, ToldUnstaffed] = field(default_factory=dict)
    paths: dict[PartnerKey, tuple[ShareKey, ...]] = field(default_factory=dict)
    """The shares in which each partner lies, the outermost first."""
    handed_on: dict[AgentKey, CallId] = field(default_factory=dict)
    """Who transferred what in this step, until her wrap-up has begun."""
    hand_overs: dict[OfferId, AgentKey] = field(default_factory=dict)
    """Numbers passed to emergency services at which nobody has looked, with who passed them."""
    settings: Settings = EMPTY_SETTINGS
    queue_settings: dict[QueueKey, QueueSettings] = field(default_factory=dict)
    surge: SurgeKey | None = None
    closed_lines: frozenset[LineKey] = frozenset()
    agent_settings: dict[AgentKey, AgentSettings] = field(default_factory=dict)
    """With the skills that supervisors changed."""
    changed_skills: dict[AgentKey, ChangedSkills] = field(default_factory=dict)
    reaches: dict[AgentKey, dict[QueueKey, int]] = field(default_factory=dict)
    """From which step of a queue's overflow an agent may take its calls; 0 is at once."""
    arrived: int = 0
    queued: int = 0
    """Calls that were queued at least once."""
    queued_and_sent_on: int = 0
    """Of these, those that ended elsewhere: in a message or a voicemail box."""
    accepted: int = 0
    ended: Counter[CallOutcome] = field(default_factory=Counter)
    last_call: int = 0
    last_offer: int = 0
    callbacks: dict[CallbackId, ToldCallback] = field(default_factory=dict)
    leaving: dict[CallId, CallbackId] = field(default_factory=dict)
    """Callers who were promised a callback and whose call has not ended yet."""
    promised: int = 0
    attempts: int = 0
    """Calls that were attempts to call back."""
    explained: Counter[Reason] = field(default_factory=Counter)
    last_callback: int = 0

    def queue_of(self, call: ToldCall) -> QueueSettings:
        """Returns what is configured for the queue in which the call is."""
        assert call.queue is not None
        return self.queue_settings[call.queue]

    def place(self, call: ToldCall) -> tuple[int, bool, Fraction, Instant, CallId]:
        """Orders the calls that one agent could take now: the least is next."""
        queue = self.queue_of(call)
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
        ceiling = self.queue_of(call).ceiling
        return ceiling > 0 and self.now - call.since >= ceiling

    def full_shares(self, origin: Origin) -> frozenset[ShareKey]:
        """Returns the shares that are full for calls of the origin; counted one by one."""
        serving: Counter[ShareKey] = Counter()
        for one in self.calls.values():
            if one.origin is origin and (one.offer is not None or one.agent is not None):
                serving.update(self.shares_of(one))
        at_work = self.at_work(origin)
        return frozenset(
            share.key
            for share in self.settings.shares
            if serving[share.key]
            >= (share.agents if share.percent is None else max(1, at_work * share.percent // 100))
        )

    def shares_of(self, call: ToldCall) -> tuple[ShareKey, ...]:
        """Returns the shares that the call keeps to, the outermost first."""
        return () if call.partner is None else self.paths.get(call.partner, ())

    def at_work(self, origin: Origin) -> int:
        """Returns how many agents take calls of the origin, now or after the one they have."""
        away = (AgentState.SIGNED_OUT, AgentState.PAUSED)
        return sum(one.stage not in away and origin in one.origins for one in self.agents.values())

    def turn(self, agent: ToldAgent, call: ToldCall) -> tuple[int, int, int, int]:
        """Orders the idle agents to whom a call may be offered: the least is first."""
        queue = self.queue_of(call)
        rank = 0
        if queue.choice is AgentChoice.BEST_SKILL:
            needed = [need.skill for need in queue.needs]
            skills = self.agent_settings[agent.key].skills
            rank = -sum(have.level for have in skills if have.skill in needed)
        elif queue.choice is AgentChoice.LEAST_OCCUPIED and agent.idle_since > agent.signed_in_at:
            rank = agent.busy * 1_000_000 // (agent.idle_since - agent.signed_in_at)
        return self.reaches[agent.key][queue.key], rank, agent.idle_since, agent.number

    def gave_skills(self, agent: ToldAgent, call: ToldCall) -> AgentKey | None:
        """Returns the supervisor without whose act she could not take the call, if there is one."""
        changed = self.changed_skills.get(agent.key)
        if changed is None:
            return None
        levels = {have.skill: have.level for have in changed.instead_of}
        queue = self.queue_of(call)
        asked = [queue.needs, *(step.needs for step in queue.overflow)][: call.step + 1]
        is_usual = any(
            all(levels.get(need.skill, 0) >= need.level for need in needs) for needs in asked
        )
        return None if is_usual else changed.by

    def could_take(self, agent: ToldAgent, call: ToldCall) -> bool:
        """Whether the call belongs to a pool that the agent serves."""
        reach = None if call.queue is None else self.reaches[agent.key].get(call.queue)
        return reach is not None and reach <= call.step and call.origin in agent.origins

    def steps_of(self, call: ToldCall) -> tuple[int, Instant | None]:
        """Returns how many steps his wait has come to by now, and when the next one comes."""
        instants = [Instant(call.since + step.after) for step in self.queue_of(call).overflow]
        to_come = [instant for instant in instants if instant > self.now]
        return len(instants) - len(to_come), min(to_come, default=None)

    def rules_of(self, call: ToldCall) -> list[Interflow]:
        """Returns the rules by which its queue may send it elsewhere."""
        if call.origin is Origin.PRACTICE or call.callback is not None:
            return []
        numbers = {
            one.key
            for one in self.settings.outside
            if call.forwarded_to is None
            and one.kind is not OutsideKind.EMERGENCY
            and (not one.lines or call.line in one.lines)
        }
        return [
            rule
            for rule in self.queue_of(call).interflow
            if not isinstance(rule.to, ToOutside) or rule.to.outside in numbers
        ]

    def is_leaving(self, call: ToldCall) -> bool:
        """Whether it has waited for the maximum and leaves its queue in this very step."""
        is_due = call.is_overdue and call.queue is not None
        return is_due and any(rule.when is FlowsWhen.WAITED for rule in self.rules_of(call))

    def leaves_at(self, call: ToldCall) -> Instant | None:
        """Returns when it has waited for the maximum of its queue, by the rules in force."""
        waits = [rule.after for rule in self.rules_of(call) if rule.when is FlowsWhen.WAITED]
        assert call.queued_at is not None
        return Instant(call.queued_at + min(waits)) if waits else None

    def callback_offer_at(self, call: ToldCall) -> Instant | None:
        """Returns when a callback is to be offered to who waits, by the rules in force."""
        rules = self.queue_of(call).callback
        if rules is None or rules.offer_after is None or call.queued_at is None:
            return None
        return Instant(call.queued_at + rules.offer_after)

    def place_of(self, call: ToldCall) -> int:
        """Returns his place in his queue, from 1, by priority and wait."""
        queue = self.queue_of(call)

        def standing(one: ToldCall) -> tuple[Fraction, Instant, CallId]:
            level = Fraction(-one.priority)
            if queue.ageing:
                level -= Fraction(self.now - one.since, queue.ageing)
            return level, one.since, one.id

        return 1 + sum(
            one.stage is CallState.QUEUED
            and (one.queue, one.origin) == (call.queue, call.origin)
            and standing(one) < standing(call)
            for one in self.calls.values()
        )

    def is_staffed(self, call: ToldCall) -> bool:
        """Whether anybody is at work who could take the call, now or when it overflows."""
        assert call.queue is not None
        away = (AgentState.SIGNED_OUT, AgentState.PAUSED)
        return any(
            one.stage not in away
            and call.origin in one.origins
            and call.queue in self.reaches[one.key]
            for one in self.agents.values()
        )

    def needs_on_call(self, queue: QueueKey, *, lost_too: bool) -> bool:
        """Whether a real call waits in the queue and nobody is at work who meets its own needs."""
        for one in self.agents.values():
            if one.is_at_work and self.reaches[one.key].get(queue) == 0:
                return False
        return any(
            call.queue == queue
            and call.origin is Origin.REAL
            and (call.is_offerable or (lost_too and call.stage in _IN_QUEUE))
            for call in self.calls.values()
        )
