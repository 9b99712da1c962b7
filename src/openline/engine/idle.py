"""Who is idle: heaps of agents, in the order in which a queue chooses.

Queues that ask for the same and choose alike share the heaps: who becomes ready is listed once for
all of them, however many lines and priorities a skill has. And she is listed only when the next
call asks who is idle: while callers wait, an agent who becomes ready has her next call in the same
step, and no heap hears of her. See `rings` and `heaps`.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING

from openline.engine.choice import ranks
from openline.engine.heaps import CLEAN_FROM, keep_clean
from openline.engine.live import AgentState
from openline.engine.rings import rings_of
from openline.model import Instant, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    from openline.engine.live import Agent
    from openline.engine.rings import Reaches, Ring
    from openline.engine.settings import QueueSettings, Settings
    from openline.model import AgentKey, QueueKey

    _Bench = tuple[Ring, list["_Idle"], Callable[[Agent], int] | None]

_READY = AgentState.READY
_Idle = tuple[int, Instant, int]
"""Orders idle agents: by the rank in which the queue chooses, then longer idle, then number."""


class Idle:
    """Keeps the heaps of who is idle."""

    __slots__ = ("_agents_by_number", "_benches", "_clean_at", "_idle", "_unlisted")

    def __init__(self, agents_by_number: dict[int, Agent]) -> None:
        self._agents_by_number = agents_by_number
        self._benches: dict[tuple[AgentKey, Origin], tuple[_Bench, ...]] = {}
        """The heaps in which an agent is listed while she is idle, with how she is ranked there."""
        self._idle: dict[Ring, list[_Idle]] = {}
        self._clean_at: dict[object, int] = {}
        self._unlisted: list[Agent] = []
        """Who became idle since anybody asked; some of them are at work again."""

    def adopt(self, settings: Settings, reached: Reaches) -> None:
        """Makes heaps of the settings' rings and lists in them who is idle now."""
        ranked = ranks(settings)
        alike: dict[object, QueueKey] = {}
        first = {q.key: alike.setdefault(_asks(q), q.key) for q in settings.queues}
        shared: dict[Ring, list[_Idle]] = {}
        self._idle = {
            ring: shared.setdefault((first[ring[0]], *ring[1:]), []) for ring in rings_of(settings)
        }
        self._benches = {
            (key, origin): tuple(
                ((queue, origin, reach), shared[queue, origin, reach], ranked.get(queue))
                for queue, reach in found
                if first[queue] == queue
            )
            for key, found in reached.items()
            for origin in Origin
        }
        self._clean_at = {}
        self._unlisted = list(self._agents_by_number.values())

    def agent_idles(self, agent: Agent) -> None:
        """Notes that the agent can perhaps be offered calls."""
        self._unlisted.append(agent)
        if len(self._unlisted) >= CLEAN_FROM:
            self._list()

    def _list(self) -> None:
        """Lists who became idle and is so still."""
        for agent in self._unlisted:
            if agent.state is not _READY or agent.gone_at is not None:
                continue
            for origin in agent.origins:
                for ring, heap, rank in self._benches.get((agent.key, origin), ()):
                    order = 0 if rank is None else rank(agent)
                    heappush(heap, (order, agent.idle_since, agent.number))
                    if len(heap) >= CLEAN_FROM:
                        keep_clean(self._clean_at, ("idle", ring), heap, self._is_idle)
        self._unlisted.clear()

    def first_idle(self, queue: QueueKey, origin: Origin, step: int) -> Agent | None:
        """Returns who is first of those who may take the queue's calls of this step.

        Who meets an earlier step goes before who meets only a later one; among those who meet the
        same, the choice of the queue decides.
        """
        if self._unlisted:
            self._list()
        agents, reach = self._agents_by_number, 0
        while True:
            heap = self._idle[queue, origin, reach]
            while heap:
                # `_is_idle`, written out: this is asked for every call.
                _, since, number = heap[0]
                agent = agents[number]
                if (
                    agent.state is _READY
                    and agent.idle_since == since
                    and agent.gone_at is None
                    and origin in agent.origins
                ):
                    return agent
                heappop(heap)
            if reach == step:
                return None
            reach += 1

    def _is_idle(self, entry: _Idle) -> bool:
        agent = self._agents_by_number[entry[2]]
        return agent.state is _READY and agent.idle_since == entry[1] and agent.gone_at is None


def _asks(queue: QueueSettings) -> object:
    """Returns what decides which idle agents a queue can have, at which step and in which order."""
    return queue.needs, tuple(step.needs for step in queue.overflow), queue.choice
