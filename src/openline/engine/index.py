"""The orders that make routing cheap: who waits, who is idle, what is due.

All of it is derived from the state and rebuilt after a restart. Every order is a heap whose keys
end in a number of the thing itself, so that ties are settled by the key and never by luck.

Entries are never taken out of the middle. An entry is *live* while the thing it speaks of still
says the same; dead ones are dropped when they come to the top, or when a heap has doubled since it
was last cleaned. So each change costs one push, O(log n), and a look at the top is O(1) amortised,
however many wait.

A *pool* is a queue together with an origin: calls of different origins never share one.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final, TypeVar

from openline.model import AgentKey, CallId, Instant, OfferId, Origin, QueueKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from openline.engine.settings import Settings
    from openline.engine.state import Agent, Call, Offer

Pool = tuple[QueueKey, Origin]
Place = tuple[int, Instant, CallId]
"""Orders waiting calls: higher priority (negated), then longer waiting, then the earlier call."""

_Entry = TypeVar("_Entry", bound=tuple[int, ...])
_CLEAN_FROM = 64


class Due:
    """Numbers what comes due; at the same instant the lower number comes first.

    Plain numbers, since they are compared with at every input: a member of an `IntEnum` costs five
    times as much to look up.
    """

    OFFER_EXPIRES: Final = 0
    GREETING_OVERDUE: Final = 1
    CALLER_GONE: Final = 2
    AGENT_GONE: Final = 3
    WRAP_UP_LIMIT: Final = 4


class Index:
    """Keeps the heaps over dictionaries that belong to the state."""

    __slots__ = (
        "_agents_by_number",
        "_calls",
        "_clean_at",
        "_due",
        "_idle",
        "_offers",
        "_queues_of",
        "_waiting",
    )

    def __init__(self, calls: dict[CallId, Call], offers: dict[OfferId, Offer]) -> None:
        self._calls = calls
        self._offers = offers
        self._agents_by_number: dict[int, Agent] = {}
        self._queues_of: dict[AgentKey, tuple[QueueKey, ...]] = {}
        self._waiting: dict[Pool, list[Place]] = {}
        self._idle: dict[Pool, list[tuple[Instant, int]]] = {}
        self._due: list[tuple[Instant, int, int]] = []
        self._clean_at: dict[object, int] = {}

    def adopt(self, settings: Settings, agents: dict[AgentKey, Agent]) -> None:
        """Derives from the settings which queues each agent can serve, and begins anew."""
        self._agents_by_number = {agent.number: agent for agent in agents.values()}
        for agent_settings in settings.agents:
            levels = {have.skill: have.level for have in agent_settings.skills}
            self._queues_of[agent_settings.key] = tuple(
                queue.key
                for queue in settings.queues
                if all(levels.get(need.skill, 0) >= need.level for need in queue.needs)
            )
        self._waiting = {(q.key, origin): [] for q in settings.queues for origin in Origin}
        self._idle = {pool: [] for pool in self._waiting}
        self._due = []
        self._clean_at = {}
        for call in self._calls.values():
            self.call_waits(call)
            if call.greeting_due_at is not None:
                self.due(call.greeting_due_at, Due.GREETING_OVERDUE, call.id)
            if call.gone_at is not None:
                self.due(call.gone_at, Due.CALLER_GONE, call.id)
        for agent in agents.values():
            self.agent_idles(agent)
            if agent.gone_at is not None:
                self.due(agent.gone_at, Due.AGENT_GONE, agent.number)
            if agent.warn_at is not None:
                self.due(agent.warn_at, Due.WRAP_UP_LIMIT, agent.number)
        for offer in self._offers.values():
            self.due(offer.expires_at, Due.OFFER_EXPIRES, offer.id)

    def agent_by_number(self, number: int) -> Agent:
        """Returns the agent at that place of the configuration."""
        return self._agents_by_number[number]

    def queues_of(self, agent: AgentKey) -> tuple[QueueKey, ...]:
        """Returns the queues whose every need the agent meets, in configured order."""
        return self._queues_of.get(agent, ())

    # --- who waits -------------------------------------------------------------------------

    def call_waits(self, call: Call) -> None:
        """Notes that the call can be offered; nothing is noted if it cannot."""
        if call.is_waiting and call.gone_at is None:
            assert call.queue is not None, f"call {call.id} waits in no queue"
            assert call.waiting_since is not None, f"call {call.id} waits since never"
            pool = (call.queue, call.origin)
            heap = self._waiting[pool]
            heappush(heap, (-call.priority, call.waiting_since, call.id))
            if len(heap) >= _CLEAN_FROM:
                self._keep_clean(("waiting", pool), heap, self._is_waiting)

    def first_waiting(self, pool: Pool) -> Place | None:
        """Returns the place at the head of the pool, or None where nobody waits."""
        heap = self._waiting[pool]
        while heap:
            if self._is_waiting(heap[0]):
                return heap[0]
            heappop(heap)
        return None

    def waiting(self, pool: Pool) -> list[CallId]:
        """Returns the pool's offerable calls in order; O(n log n), for screens only."""
        return [place[2] for place in sorted(set(filter(self._is_waiting, self._waiting[pool])))]

    def _is_waiting(self, place: Place) -> bool:
        call = self._calls.get(place[2])
        return (
            call is not None
            and call.is_waiting
            and call.gone_at is None
            and call.waiting_since == place[1]
            and call.priority == -place[0]
        )

    # --- who is idle -----------------------------------------------------------------------

    def agent_idles(self, agent: Agent) -> None:
        """Notes that the agent can be offered calls; nothing is noted if she cannot."""
        if agent.is_idle:
            for queue in self._queues_of.get(agent.key, ()):
                for origin in agent.origins:
                    pool = (queue, origin)
                    heap = self._idle[pool]
                    heappush(heap, (agent.idle_since, agent.number))
                    if len(heap) >= _CLEAN_FROM:
                        self._keep_clean(("idle", pool), heap, self._is_idle)

    def longest_idle(self, pool: Pool) -> Agent | None:
        """Returns the agent who has been idle longest of those that can serve the pool."""
        heap = self._idle[pool]
        while heap:
            if self._is_idle(heap[0]):
                agent = self._agents_by_number[heap[0][1]]
                if pool[1] in agent.origins:
                    return agent
            heappop(heap)
        return None

    def _is_idle(self, entry: tuple[Instant, int]) -> bool:
        agent = self._agents_by_number.get(entry[1])
        return agent is not None and agent.is_idle and agent.idle_since == entry[0]

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
        while heap and heap[0][0] <= now:
            if self._is_due(heap[0]):
                return heap[0]
            heappop(heap)
        return None

    def next_due(self) -> tuple[Instant, int, int] | None:
        """Returns the earliest deadline that still stands."""
        heap = self._due
        while heap:
            if self._is_due(heap[0]):
                return heap[0]
            heappop(heap)
        return None

    def _is_due(self, entry: tuple[Instant, int, int]) -> bool:
        at, kind, number = entry
        if kind == Due.OFFER_EXPIRES:
            offer = self._offers.get(OfferId(number))
            return offer is not None and offer.expires_at == at
        if kind in (Due.GREETING_OVERDUE, Due.CALLER_GONE):
            call = self._calls.get(CallId(number))
            if call is None:
                return False
            return at == (call.gone_at if kind == Due.CALLER_GONE else call.greeting_due_at)
        agent = self._agents_by_number.get(number)
        if agent is None:
            return False
        return at == (agent.gone_at if kind == Due.AGENT_GONE else agent.warn_at)

    def _keep_clean(
        self, name: object, heap: list[_Entry], is_live: Callable[[_Entry], bool]
    ) -> None:
        if len(heap) >= self._clean_at.get(name, _CLEAN_FROM):
            heap[:] = set(filter(is_live, heap))
            heapify(heap)
            self._clean_at[name] = max(_CLEAN_FROM, 2 * len(heap))
