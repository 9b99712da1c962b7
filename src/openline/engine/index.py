"""The orders that make routing cheap, each in a part of its own.

- who waits: `waiting`
- who is idle: `idle`
- who is at work, where somebody asks: `work`
- what is due: `due`

All of it is derived from the state and rebuilt after a restart. Every order is a heap (`heaps`)
whose keys end in a number of the thing itself, so that ties are settled by the key and never by
luck.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openline.engine import rings
from openline.engine.due import Deadlines
from openline.engine.idle import Idle
from openline.engine.waiting import Callers
from openline.engine.work import AtWork

if TYPE_CHECKING:
    from openline.engine.live import Agent, Call, Callback, Offer, Unstaffed
    from openline.engine.settings import Settings
    from openline.model import AgentKey, CallbackId, CallId, OfferId, QueueKey


class Index:
    """Keeps the orders over dictionaries that belong to the state."""

    __slots__ = (
        "_agents_by_number",
        "_queues_of",
        "_unstaffed_by_number",
        "callers",
        "deadlines",
        "idle",
        "work",
    )

    def __init__(
        self,
        calls: dict[CallId, Call],
        offers: dict[OfferId, Offer],
        unstaffed: dict[QueueKey, Unstaffed],
        callbacks: dict[CallbackId, Callback],
    ) -> None:
        self._agents_by_number: dict[int, Agent] = {}
        self._unstaffed_by_number: dict[int, Unstaffed] = {}
        self._queues_of: dict[AgentKey, tuple[QueueKey, ...]] = {}
        self.deadlines = Deadlines(
            calls, offers, self._agents_by_number, self._unstaffed_by_number, callbacks
        )
        self.callers = Callers(calls)
        self.idle = Idle(self._agents_by_number)
        self.work = AtWork(unstaffed, self._unstaffed_by_number, self.callers, self.deadlines)

    def adopt(self, settings: Settings, agents: dict[AgentKey, Agent]) -> None:
        """Derives from the settings which queues each agent can serve, and begins anew."""
        self._agents_by_number.clear()
        self._agents_by_number.update((agent.number, agent) for agent in agents.values())
        reached = {each.key: tuple(rings.reaches(each, settings)) for each in settings.agents}
        self._queues_of = {
            key: tuple(queue for queue, reach in found if reach == 0)
            for key, found in reached.items()
        }
        self._unstaffed_by_number.clear()
        self.deadlines.adopt()
        self.callers.adopt(settings, reached)
        self.work.adopt(settings, agents, reached)
        self.callers.list_all()
        self.idle.adopt(settings, reached)

    def agent_by_number(self, number: int) -> Agent:
        """Returns the agent at that place of the configuration."""
        return self._agents_by_number[number]

    def queues_of(self, agent: AgentKey) -> tuple[QueueKey, ...]:
        """Returns the queues whose every need the agent meets, in configured order."""
        return self._queues_of.get(agent, ())
