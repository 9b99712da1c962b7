"""Who is at work, and which queues nobody could serve; counted only where somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openline.engine.due import Due
from openline.model import Origin

if TYPE_CHECKING:
    from openline.engine.due import Deadlines
    from openline.engine.live import Agent, Unstaffed
    from openline.engine.rings import Pool, Reaches, Ring
    from openline.engine.settings import Settings
    from openline.engine.waiting import Callers
    from openline.model import AgentKey, QueueKey


class AtWork:
    """Counts who is at work and knows the unstaffed queues."""

    __slots__ = (
        "_agents",
        "_callers",
        "_deadlines",
        "_queue_numbers",
        "_reaches",
        "_unstaffed",
        "_unstaffed_by_number",
        "at_work",
        "counts_work",
        "on_call",
    )

    def __init__(
        self,
        unstaffed: dict[QueueKey, Unstaffed],
        unstaffed_by_number: dict[int, Unstaffed],
        callers: Callers,
        deadlines: Deadlines,
    ) -> None:
        self._unstaffed = unstaffed
        self._unstaffed_by_number = unstaffed_by_number
        self._callers = callers
        self._deadlines = deadlines
        self._queue_numbers: dict[QueueKey, int] = {}
        self._reaches: Reaches = {}
        self._agents: dict[AgentKey, tuple[Origin, ...]] = {}
        self.at_work: dict[Ring, int] = {}
        """Counts who is at work, by the step from which she takes the calls, where one asks."""
        self.counts_work = False
        """Whether anybody asks how many are at work."""
        self.on_call: tuple[QueueKey, ...] = ()
        """The queues that have an on-call list."""

    def adopt(self, settings: Settings, agents: dict[AgentKey, Agent], reached: Reaches) -> None:
        """Counts anew, where the settings ask for it."""
        self._reaches = reached
        counted = [q for q in settings.queues if q.on_call or q.interflow or q.announcements]
        self.at_work = {
            (queue.key, origin, step): 0
            for queue in counted
            for origin in Origin
            for step in range(1 + len(queue.overflow))
        }
        self.counts_work = bool(self.at_work) or self._callers.limits.counts_agents
        self._agents = {}
        if self.counts_work:
            for agent in agents.values():
                self.agent_moved(agent)
        self.on_call = tuple(queue.key for queue in settings.queues if queue.on_call)
        self._unstaffed_by_number.clear()
        self._queue_numbers = {queue.key: n for n, queue in enumerate(settings.queues)}
        for unstaffed in self._unstaffed.values():
            self.queue_unstaffed(unstaffed)

    def agent_moved(self, agent: Agent) -> None:
        """Counts the agent where she is at work; asked only where `at_work` has a queue."""
        origins = agent.origins if agent.is_at_work else ()
        known = self._agents.get(agent.key, ())
        if origins == known:
            return
        if origins:
            self._agents[agent.key] = origins
        else:
            del self._agents[agent.key]
        for queue, reach in self._reaches.get(agent.key, ()):
            if (queue, Origin.REAL, reach) in self.at_work:
                for origin in known:
                    self.at_work[queue, origin, reach] -= 1
                for origin in origins:
                    self.at_work[queue, origin, reach] += 1
        limits = self._callers.limits
        if limits.counts_agents:
            for origin in Origin:
                by = (origin in origins) - (origin in known)
                if by:
                    self._callers.have_room(limits.works(origin, by), origin)

    def is_staffed(self, pool: Pool) -> bool:
        """Whether anybody is at work who could take the pool's calls, now or when they overflow.

        Asked only of queues that are counted in `at_work`.
        """
        steps = range(1 + len(self._callers.overflows.get(pool[0], ())))
        return any(self.at_work[(*pool, step)] for step in steps)

    def queue_unstaffed(self, unstaffed: Unstaffed) -> None:
        """Notes when the on-call list of the queue is to be rung."""
        number = self._queue_numbers.get(unstaffed.queue)
        if number is not None:
            self._unstaffed_by_number[number] = unstaffed
            if unstaffed.ring_at is not None:
                self._deadlines.due(unstaffed.ring_at, Due.ON_CALL, number)

    def queue_staffed(self, queue: QueueKey) -> None:
        """Forgets that the queue was unstaffed."""
        number = self._queue_numbers.get(queue)
        if number is not None:
            del self._unstaffed_by_number[number]

    def unstaffed_by_number(self, number: int) -> Unstaffed:
        """Returns the unstaffed queue at that place of the configuration."""
        return self._unstaffed_by_number[number]
