"""The orders that make routing cheap: who waits, who is idle, what is due.

All of it is derived from the state and rebuilt after a restart. Every order is a heap whose keys
end in a number of the thing itself, so that ties are settled by the key and never by luck.

Entries are never taken out of the middle. An entry is *live* while the thing it speaks of still
says the same; dead ones are dropped when they come to the top, or when a heap has doubled since it
was last cleaned. So each change costs one push, O(log n), and a look at the top is O(1) amortised,
however many wait.

A *pool* is a queue together with an origin: calls of different origins never share one. Where a
queue overflows, its pool has a *ring* for each step: a call is listed in the ring of the step that
it has reached, an agent in the ring of the earliest step at which she may take the queue's calls.
She looks at her ring and those beyond, he at his and those before. A queue that never overflows has
ring 0 alone. So a step costs one push, and the order of a pool is the same in all of its rings.

Queues that ask for the same and choose alike share the heaps of the idle: who becomes ready is
listed once for all of them, however many lines and priorities a skill has.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from fractions import Fraction
from functools import partial
from heapq import heapify, heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Final, TypeVar, cast

from openline.engine.choice import ranks
from openline.engine.settings import FlowsWhen
from openline.engine.shares import Limited, Limits
from openline.model import (
    AgentKey,
    CallbackId,
    CallId,
    Duration,
    Instant,
    OfferId,
    Origin,
    QueueKey,
    ShareKey,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from openline.engine.settings import (
        AgentSettings,
        OverflowStep,
        QueueSettings,
        Settings,
        SkillLevel,
    )
    from openline.engine.state import Agent, Call, Callback, Offer, Unstaffed

    _Deadline = tuple[dict[int, object], Callable[[object], Instant | None]]
    _Bench = tuple["Ring", list["_Idle"], Callable[[Agent], int] | None]

Pool = tuple[QueueKey, Origin]
Ring = tuple[QueueKey, Origin, int]
Place = tuple[int, Instant, CallId, int]
"""Orders the waiting calls of a pool: by standing, then longer waiting, then the earlier call.

The last is the number of the queue entry: a call that was sent on may keep its standing and is not
in this line any more.

The standing is the negated priority. Where priority ages, it is the instant from which a call of
priority 0 would have had to wait to stand where this one does: `waiting_since - priority * ageing`.
All calls age alike, so this order never changes while they wait, and one push is enough.
"""

_Idle = tuple[int, Instant, int]
"""Orders idle agents: by the rank in which the queue chooses, then longer idle, then number."""

_Entry = TypeVar("_Entry", bound=tuple[int, ...])
NOBODY: Final[Place] = (0, Instant(0), CallId(0), 0)
"""Stands where there is no place."""
_CLEAN_FROM = 64
_LONG_WAIT = FlowsWhen.LONG_WAIT


class Due:
    """Numbers what comes due; at the same instant the lower number comes first.

    Plain numbers, since heaps compare them: a member of an `IntEnum` costs five times as much.
    """

    OFFER_EXPIRES: Final = 0
    SOUND_OVERDUE: Final = 1
    CALLER_GONE: Final = 2
    AGENT_GONE: Final = 3
    WRAP_UP_LIMIT: Final = 4
    RECOVERY_OVER: Final = 5
    ON_CALL: Final = 6
    OVERFLOW: Final = 7
    MAXIMUM_WAIT: Final = 8
    ANNOUNCEMENT: Final = 9
    PROMISE_ENDS: Final = 10
    DIALLED_LONG_ENOUGH: Final = 11
    CALLBACK_DUE: Final = 12
    CALLBACK_OFFER: Final = 13


_OF_CALL, _OF_OFFER, _OF_AGENT, _OF_UNSTAFFED, _OF_CALLBACK = range(5)
_DEADLINES = (
    (_OF_OFFER, "expires_at"),
    (_OF_CALL, "due_at"),
    (_OF_CALL, "gone_at"),
    (_OF_AGENT, "gone_at"),
    (_OF_AGENT, "warn_at"),
    (_OF_AGENT, "rests_until"),
    (_OF_UNSTAFFED, "ring_at"),
    (_OF_CALL, "widens_at"),
    (_OF_CALL, "leaves_at"),
    (_OF_CALL, "announce_at"),
    (_OF_CALLBACK, "ends_at"),
    (_OF_CALL, "give_up_at"),
    (_OF_CALLBACK, "due_at"),
    (_OF_CALL, "callback_offer_at"),
)
"""Where the instant of each deadline stands, in the order of `Due`: whose, and in which field."""


class Index:
    """Keeps the heaps over dictionaries that belong to the state."""

    __slots__ = (
        "_ageing",
        "_agents_at_work",
        "_agents_by_number",
        "_benches",
        "_callbacks",
        "_calls",
        "_ceilings",
        "_clean_at",
        "_deadlines",
        "_due",
        "_idle",
        "_limited",
        "_limited_oldest",
        "_offers",
        "_oldest",
        "_queue_numbers",
        "_queues_of",
        "_ranks",
        "_reaches",
        "_unstaffed",
        "_unstaffed_by_number",
        "_waiting",
        "_waiting_for",
        "at_work",
        "counts_work",
        "estimated",
        "limits",
        "lines",
        "on_call",
        "overflows",
    )

    def __init__(
        self,
        calls: dict[CallId, Call],
        offers: dict[OfferId, Offer],
        unstaffed: dict[QueueKey, Unstaffed],
        callbacks: dict[CallbackId, Callback],
    ) -> None:
        self._calls = calls
        self._offers = offers
        self._unstaffed = unstaffed
        self._callbacks = callbacks
        self._unstaffed_by_number: dict[int, Unstaffed] = {}
        self._queue_numbers: dict[QueueKey, int] = {}
        self._agents_at_work: dict[AgentKey, tuple[Origin, ...]] = {}
        self.at_work: dict[Ring, int] = {}
        """Counts who is at work, by the step from which she takes the calls, where one asks."""
        self.counts_work = False
        """Whether anybody asks how many are at work."""
        self.limits = Limits()
        self._limited = Limited(calls, self.limits, self._is_waiting)
        self._limited_oldest = Limited(calls, self.limits, self._is_waiting_since)
        self.lines: dict[Pool, list[Place]] = {}
        """The waiting calls in order, of queues whose callers are told their place.

        Plain sorted lists: a place is found by halving. To enter one moves what stands behind,
        which for ten thousand calls is a copy of 80 kB in a few microseconds.
        """
        self.estimated: dict[QueueKey, None] = {}
        """The queues in which the wait is estimated, and handle times are remembered for it."""
        self.on_call: tuple[QueueKey, ...] = ()
        """The queues that have an on-call list."""
        self._agents_by_number: dict[int, Agent] = {}
        self._queues_of: dict[AgentKey, tuple[QueueKey, ...]] = {}
        self._reaches: dict[AgentKey, tuple[tuple[QueueKey, int], ...]] = {}
        self._waiting_for: dict[tuple[AgentKey, Origin], tuple[tuple[Ring, list[Place]], ...]] = {}
        """The rings whose calls an agent may take, with their heaps."""
        self._benches: dict[tuple[AgentKey, Origin], tuple[_Bench, ...]] = {}
        """The heaps in which an agent is listed while she is idle, with how she is ranked there."""
        self.overflows: dict[QueueKey, tuple[OverflowStep, ...]] = {}
        """The steps of the queues that have any."""
        self._waiting: dict[Ring, list[Place]] = {}
        self._oldest: dict[Ring, list[Place]] = {}
        self._ageing: dict[QueueKey, Duration] = {}
        self._ceilings: dict[QueueKey, Duration] = {}
        self._idle: dict[Ring, list[_Idle]] = {}
        self._ranks: dict[QueueKey, Callable[[Agent], int]] = {}
        self._due: list[tuple[Instant, int, int]] = []
        self._clean_at: dict[object, int] = {}
        owners = calls, offers, self._agents_by_number, self._unstaffed_by_number, callbacks
        self._deadlines: tuple[
            tuple[dict[int, object], Callable[[object], Instant | None]], ...
        ] = tuple(
            (cast("dict[int, object]", owners[of]), attrgetter(field)) for of, field in _DEADLINES
        )

    def adopt(self, settings: Settings, agents: dict[AgentKey, Agent]) -> None:
        """Derives from the settings which queues each agent can serve, and begins anew."""
        self._agents_by_number.clear()
        self._agents_by_number.update((agent.number, agent) for agent in agents.values())
        self.overflows = {q.key: q.overflow for q in settings.queues if q.overflow}
        self._reaches, self._queues_of = {}, {}
        for agent_settings in settings.agents:
            key, found = agent_settings.key, tuple(_reaches(agent_settings, settings))
            self._reaches[key] = found
            self._queues_of[key] = tuple(queue for queue, reach in found if reach == 0)
        self._ageing = {q.key: q.ageing for q in settings.queues if q.ageing}
        self._ceilings = {q.key: q.ceiling for q in settings.queues if q.ceiling}
        self._ranks = ranks(settings)
        self._adopt_rings(settings)
        self._due = []
        self._clean_at = {}
        self.limits.adopt(settings, self._calls)
        self._limited.clear()
        self._limited_oldest.clear()
        self._count_work(settings, agents)
        for call in self._calls.values():
            self.call_waits(call)
        for agent in agents.values():
            self.agent_idles(agent)
        self._unstaffed_by_number.clear()
        for kind, (of, deadline) in enumerate(self._deadlines):
            for number, owner in of.items():
                at = deadline(owner)
                if at is not None:
                    self.due(at, kind, number)
        self._queue_numbers = {queue.key: n for n, queue in enumerate(settings.queues)}
        for unstaffed in self._unstaffed.values():
            self.queue_unstaffed(unstaffed)
        self.on_call = tuple(queue.key for queue in settings.queues if queue.on_call)
        self.estimated = {
            queue.key: None
            for queue in settings.queues
            if queue.announcements or any(r.when is _LONG_WAIT for r in queue.interflow)
        }
        self.lines = {(queue, origin): [] for queue in self.estimated for origin in Origin}
        if self.lines:
            for call in self._calls.values():
                self.enters_line(call)

    def _count_work(self, settings: Settings, agents: dict[AgentKey, Agent]) -> None:
        counted = [q for q in settings.queues if q.on_call or q.interflow or q.announcements]
        self.at_work = {
            (queue.key, origin, step): 0
            for queue in counted
            for origin in Origin
            for step in range(1 + len(queue.overflow))
        }
        self.counts_work = bool(self.at_work) or self.limits.counts_agents
        self._agents_at_work = {}
        if self.counts_work:
            for agent in agents.values():
                self.agent_moved(agent)

    def _adopt_rings(self, settings: Settings) -> None:
        """Makes empty heaps for who waits and who is idle, and finds those of each agent."""
        self._waiting = {
            (queue.key, origin, step): []
            for queue in settings.queues
            for origin in Origin
            for step in range(1 + len(queue.overflow))
        }
        self._oldest = {ring: [] for ring in self._waiting if ring[0] in self._ceilings}
        alike: dict[object, QueueKey] = {}
        first = {q.key: alike.setdefault(_asks(q), q.key) for q in settings.queues}
        shared: dict[Ring, list[_Idle]] = {}
        self._idle = {
            ring: shared.setdefault((first[ring[0]], *ring[1:]), []) for ring in self._waiting
        }
        self._waiting_for, self._benches = {}, {}
        for key, found in self._reaches.items():
            for origin in Origin:
                self._waiting_for[key, origin] = tuple(
                    (ring, self._waiting[ring])
                    for queue, reach in found
                    for step in range(reach, 1 + len(self.overflows.get(queue, ())))
                    for ring in [(queue, origin, step)]
                )
                self._benches[key, origin] = tuple(
                    ((queue, origin, reach), shared[queue, origin, reach], self._ranks.get(queue))
                    for queue, reach in found
                    if first[queue] == queue
                )

    def agent_by_number(self, number: int) -> Agent:
        """Returns the agent at that place of the configuration."""
        return self._agents_by_number[number]

    def queues_of(self, agent: AgentKey) -> tuple[QueueKey, ...]:
        """Returns the queues whose every need the agent meets, in configured order."""
        return self._queues_of.get(agent, ())

    def waiting_for(self, agent: AgentKey, origin: Origin) -> tuple[tuple[Ring, list[Place]], ...]:
        """Returns the rings of an origin whose calls the agent may take, with their heaps.

        Whose heap is empty need not be asked for its first.
        """
        return self._waiting_for.get((agent, origin), ())

    def may_take(self, agent: AgentKey, ring: Ring) -> bool:
        """Whether the agent has the skills for the calls of the ring; for stories only."""
        return any(known == ring for known, _ in self._waiting_for.get((agent, ring[1]), ()))

    # --- who waits -------------------------------------------------------------------------

    def call_waits(self, call: Call) -> None:
        """Notes that the call can be offered; nothing is noted if it cannot."""
        if call.is_waiting and call.gone_at is None:
            assert call.queue is not None, f"call {call.id} waits in no queue"
            assert call.waiting_since is not None, f"call {call.id} waits since never"
            ring = (call.queue, call.origin, call.step)
            heap = self._waiting[ring]
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            if call.partner is not None and call.partner in self.limits.paths:
                path = self.limits.paths[call.partner]
                self._limited.add(ring, path, place)
                if ring in self._oldest:
                    self._limited_oldest.add(ring, path, (0, *place[1:]))
                return
            heappush(heap, place)
            if len(heap) >= _CLEAN_FROM:
                self._keep_clean(("waiting", ring), heap, partial(self._is_waiting, ring))
            if ring in self._oldest:
                oldest = self._oldest[ring]
                heappush(oldest, (0, call.waiting_since, call.id, call.entry))
                if len(oldest) >= _CLEAN_FROM:
                    self._keep_clean(
                        ("oldest", ring), oldest, partial(self._is_waiting_since, ring)
                    )

    def enters_line(self, call: Call) -> None:
        """Notes that the call has a place, if it waits; asked only where `lines` has a pool."""
        if call.is_waiting and call.queue in self.estimated and call.waiting_since is not None:
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            insort(self.lines[call.queue, call.origin], place)

    def leaves_line(self, call: Call) -> None:
        """Notes that the call, which still has its place, is about to leave it."""
        if call.is_waiting and call.queue in self.estimated and call.waiting_since is not None:
            line = self.lines[call.queue, call.origin]
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            at = bisect_left(line, place)
            assert line[at] == place, f"call {call.id} had no place in {call.queue}"
            del line[at]

    def place_of(self, call: Call) -> int:
        """Returns the waiting call's place, from 1; asked only where `lines` has its pool.

        By priority and wait: who is past the ceiling of a queue may be served before it.
        """
        assert call.queue is not None, f"call {call.id} waits in no queue"
        assert call.waiting_since is not None, f"call {call.id} waits since never"
        place = (self._standing(call), call.waiting_since, call.id, call.entry)
        return 1 + bisect_left(self.lines[call.queue, call.origin], place)

    def _standing(self, call: Call) -> int:
        if call.queue in self._ageing and call.waiting_since is not None:
            return call.waiting_since - call.priority * self._ageing[call.queue]
        return -call.priority

    def anybody_waits(self, pool: Pool) -> bool:
        """Whether a call of the pool can be offered."""
        steps = range(1 + len(self.overflows.get(pool[0], ())))
        return any(
            self.first_waiting((*pool, step)) is not None
            or self._limited.first((*pool, step)) is not None
            for step in steps
        )

    def first_waiting(self, ring: Ring) -> Place | None:
        """Returns the place at the head of the ring, ceilings aside, or None where nobody waits.

        Calls under a share limit are not among them: see `first_limited`.
        """
        heap = self._waiting[ring]
        while heap:
            if self._is_waiting(ring, heap[0]):
                return heap[0]
            heappop(heap)
        return None

    @property
    def has_ceilings(self) -> bool:
        """Whether any queue has a ceiling."""
        return bool(self._ceilings)

    def past_ceiling(self, ring: Ring, now: Instant) -> Place | None:
        """Returns the longest wait of the ring if it has reached the ceiling of its queue."""
        heap = self._oldest.get(ring)
        while heap:
            if self._is_waiting_since(ring, heap[0]):
                return heap[0] if now - heap[0][1] >= self._ceilings[ring[0]] else None
            heappop(heap)
        return None

    def first_limited(self, ring: Ring, now: Instant, *, with_room: bool) -> tuple[Place, bool]:
        """Returns the first of the calls under a share limit, and whether it is past the ceiling.

        The place is `NOBODY` where none waits. `with_room`: of those alone of whom
        no share is full.
        """
        if ring in self._oldest:
            order = self._limited_oldest
            place = order.first_with_room(ring) if with_room else order.first(ring)
            if place is not None and now - place[1] >= self._ceilings[ring[0]]:
                return place, True
        order = self._limited
        place = order.first_with_room(ring) if with_room else order.first(ring)
        return (NOBODY if place is None else place), False

    def partner_moved(self, call: Call) -> None:
        """Counts a partner's call where an agent serves it, and no longer where none does."""
        self._have_room(self.limits.moved(call), call.origin)

    def partner_left(self, call: Call) -> None:
        """Counts a partner's call no longer that is about to end."""
        self._have_room(self.limits.ended(call), call.origin)

    def _have_room(self, shares: tuple[ShareKey, ...], origin: Origin) -> None:
        for share in shares:
            self._limited.has_room(share, origin)
            self._limited_oldest.has_room(share, origin)

    def level(self, place: Place, queue: QueueKey, now: Instant) -> int | Fraction:
        """Returns how high a place counts now beside those of other queues; less is higher."""
        ageing = self._ageing.get(queue)
        return place[0] if ageing is None else Fraction(place[0] - now, ageing)

    def waiting(self, pool: Pool, now: Instant | None = None) -> list[CallId]:
        """Returns the pool's offerable calls in order; O(n log n), for screens only.

        With `now`, those who are past the ceiling come first, as they will be served.
        """
        rings = [(*pool, step) for step in range(1 + len(self.overflows.get(pool[0], ())))]
        places = {p for ring in rings for p in self._waiting[ring] if self._is_waiting(ring, p)}
        places.update(place for ring in rings for place in self._limited.all(ring))
        return self._as_served(places, pool, now)

    def in_line(self, pool: Pool, now: Instant) -> list[CallId]:
        """Returns everybody who has a place in the pool, as they will be served; for screens only.

        That is `waiting` and those whose connection is lost for the moment: they may come back to
        the place that is theirs. O(live calls), and O(n log n) for the pool's own.
        """
        places = {
            (self._standing(call), call.waiting_since, call.id, call.entry)
            for call in self._calls.values()
            if call.is_waiting and (call.queue, call.origin) == pool and call.waiting_since
        }
        return self._as_served(places, pool, now)

    def _as_served(self, found: set[Place], pool: Pool, now: Instant | None) -> list[CallId]:
        places = sorted(found)
        ceiling = self._ceilings.get(pool[0])
        if ceiling is not None and now is not None:
            past = sorted(place[1:3] for place in places if now - place[1] >= ceiling)
            first = {call: None for _, call in past}
            return [*first, *(place[2] for place in places if place[2] not in first)]
        return [place[2] for place in places]

    def _is_waiting(self, ring: Ring, place: Place) -> bool:
        call = self._calls.get(place[2])
        return (
            call is not None
            and call.is_waiting
            and call.gone_at is None
            and call.step == ring[2]
            and call.waiting_since == place[1]
            and call.entry == place[3]
            and self._standing(call) == place[0]
        )

    def _is_waiting_since(self, ring: Ring, place: Place) -> bool:
        call = self._calls.get(place[2])
        return (
            call is not None
            and call.is_waiting
            and call.gone_at is None
            and call.step == ring[2]
            and call.waiting_since == place[1]
            and call.entry == place[3]
        )

    # --- who is idle -----------------------------------------------------------------------

    def agent_idles(self, agent: Agent) -> None:
        """Notes that the agent can be offered calls; nothing is noted if she cannot."""
        if agent.is_idle:
            for origin in agent.origins:
                for ring, heap, rank in self._benches.get((agent.key, origin), ()):
                    order = 0 if rank is None else rank(agent)
                    heappush(heap, (order, agent.idle_since, agent.number))
                    if len(heap) >= _CLEAN_FROM:
                        self._keep_clean(("idle", ring), heap, self._idle_agent)

    def first_idle(self, queue: QueueKey, origin: Origin, step: int) -> Agent | None:
        """Returns who is first of those who may take the queue's calls of this step.

        Who meets an earlier step goes before who meets only a later one; among those who meet the
        same, the choice of the queue decides.
        """
        reach = 0
        while True:
            heap = self._idle[queue, origin, reach]
            while heap:
                agent = self._idle_agent(heap[0])
                if agent is not None and origin in agent.origins:
                    return agent
                heappop(heap)
            if reach == step:
                return None
            reach += 1

    def _idle_agent(self, entry: _Idle) -> Agent | None:
        agent = self._agents_by_number.get(entry[2])
        if agent is not None and agent.idle_since == entry[1] and agent.is_idle:
            return agent
        return None

    # --- who is at work --------------------------------------------------------------------

    def agent_moved(self, agent: Agent) -> None:
        """Counts the agent where she is at work; asked only where `at_work` has a queue."""
        origins = agent.origins if agent.is_at_work else ()
        known = self._agents_at_work.get(agent.key, ())
        if origins == known:
            return
        if origins:
            self._agents_at_work[agent.key] = origins
        else:
            del self._agents_at_work[agent.key]
        for queue, reach in self._reaches.get(agent.key, ()):
            if (queue, Origin.REAL, reach) in self.at_work:
                for origin in known:
                    self.at_work[queue, origin, reach] -= 1
                for origin in origins:
                    self.at_work[queue, origin, reach] += 1
        if self.limits.counts_agents:
            for origin in Origin:
                by = (origin in origins) - (origin in known)
                if by:
                    self._have_room(self.limits.works(origin, by), origin)

    def is_staffed(self, pool: Pool) -> bool:
        """Whether anybody is at work who could take the pool's calls, now or when they overflow.

        Asked only of queues that are counted in `at_work`.
        """
        steps = range(1 + len(self.overflows.get(pool[0], ())))
        return any(self.at_work[(*pool, step)] for step in steps)

    def queue_unstaffed(self, unstaffed: Unstaffed) -> None:
        """Notes when the on-call list of the queue is to be rung."""
        number = self._queue_numbers.get(unstaffed.queue)
        if number is not None:
            self._unstaffed_by_number[number] = unstaffed
            if unstaffed.ring_at is not None:
                self.due(unstaffed.ring_at, Due.ON_CALL, number)

    def queue_staffed(self, queue: QueueKey) -> None:
        """Forgets that the queue was unstaffed."""
        number = self._queue_numbers.get(queue)
        if number is not None:
            del self._unstaffed_by_number[number]

    def unstaffed_by_number(self, number: int) -> Unstaffed:
        """Returns the unstaffed queue at that place of the configuration."""
        return self._unstaffed_by_number[number]

    # --- what is due -----------------------------------------------------------------------

    def due(self, at: Instant, kind: int, number: int) -> None:
        """Notes a deadline of a call, an offer or an agent (by its number)."""
        heappush(self._due, (at, kind, number))
        if len(self._due) >= _CLEAN_FROM:
            self._keep_clean("due", self._due, self._is_due)

    def due_by(self, now: Instant) -> tuple[Instant, int, int] | None:
        """Returns the earliest deadline that has come and still stands.

        Asked before every input, when mostly nothing is due: then it costs one comparison.
        """
        heap = self._due
        if not heap or heap[0][0] > now:
            return None
        first = self.next_due()
        return None if first is None or first[0] > now else first

    def next_due(self) -> tuple[Instant, int, int] | None:
        """Returns the earliest deadline that still stands."""
        heap, deadlines = self._due, self._deadlines
        while heap:
            # `_is_due`, written out: this is asked after every input.
            at, kind, number = heap[0]
            of, deadline = deadlines[kind]
            owner = of.get(number)
            if owner is not None and deadline(owner) == at:
                return heap[0]
            heappop(heap)
        return None

    def _is_due(self, entry: tuple[Instant, int, int]) -> bool:
        at, kind, number = entry
        of, deadline = self._deadlines[kind]
        owner = of.get(number)
        return owner is not None and deadline(owner) == at

    def _keep_clean(
        self, name: object, heap: list[_Entry], is_live: Callable[[_Entry], object]
    ) -> None:
        if len(heap) >= self._clean_at.get(name, _CLEAN_FROM):
            heap[:] = set(filter(is_live, heap))
            heapify(heap)
            self._clean_at[name] = max(_CLEAN_FROM, 2 * len(heap))


def _asks(queue: QueueSettings) -> object:
    """Returns what decides which idle agents a queue can have, at which step and in which order."""
    return queue.needs, tuple(step.needs for step in queue.overflow), queue.choice


def _reaches(agent: AgentSettings, settings: Settings) -> Iterator[tuple[QueueKey, int]]:
    """Yields each queue whose calls the agent may take, with the earliest step at which she may."""
    levels = {have.skill: have.level for have in agent.skills}

    def meets(needs: tuple[SkillLevel, ...]) -> bool:
        return all(levels.get(need.skill, 0) >= need.level for need in needs)

    for queue in settings.queues:
        asked = (queue.needs, *(step.needs for step in queue.overflow))
        reach = next((reach for reach, needs in enumerate(asked) if meets(needs)), None)
        if reach is not None:
            yield queue.key, reach
