"""Who looks at what, and when their picture is out of date.

A page is told only of what is durable, and never more often than it can use: what concerns it
itself is told at the end of the present turn of the loop; what concerns its queue (places, numbers
waiting) at most twice a second, however many calls come. Nothing polls.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from openline.engine import AnyEvent, State
from openline.engine import events as e
from openline.model import AgentKey, Instant, LegId, Reason

QUEUE_PICTURES_EVERY_S = 0.5


class CallerWatch(Protocol):
    """Is a caller's page."""

    def refresh(self) -> None:
        """Draws the picture again from the durable state."""

    def ended(self, reason: Reason) -> None:
        """Learns that the call is over, and why."""


class Watching:
    """Keeps the pages that are open and tells them when to look again."""

    def __init__(self, durable: State) -> None:
        self._durable = durable
        self._agents: dict[AgentKey, Callable[[], None]] = {}
        self._callers: dict[LegId, CallerWatch] = {}
        self._stale: dict[Callable[[], None], None] = {}
        self._soon: asyncio.Handle | None = None
        self._queues: asyncio.TimerHandle | None = None

    def watch_agent(self, agent: AgentKey, refresh: Callable[[], None]) -> None:
        """Calls `refresh` whenever the agent's picture may have changed; one page an agent."""
        self._agents[agent] = refresh

    def watch_caller(self, leg: LegId, watch: CallerWatch) -> None:
        """Tells the page of its call; one page a leg."""
        self._callers[leg] = watch

    def forget_agent(self, agent: AgentKey, refresh: Callable[[], None]) -> None:
        """Ends it, unless another page has taken over."""
        if self._agents.get(agent) == refresh:
            del self._agents[agent]

    def forget_caller(self, leg: LegId, watch: CallerWatch) -> None:
        """Ends it, unless another page has taken over."""
        if self._callers.get(leg) is watch:
            del self._callers[leg]

    def agent_changed(self, agent: AgentKey) -> None:
        """Says that something about the agent changed that is in no event (a caption)."""
        self._mark(self._agents.get(agent))

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Marks the pages that the events concern; O(events)."""
        if not self._agents and not self._callers:
            return
        queues_changed = False
        for event in events:
            if isinstance(event, e.CallEnded):
                queues_changed = True
                watch = self._callers.get(event.leg)
                if watch is not None:
                    watch.ended(event.reason)
            elif isinstance(event, e.ConfigurationAdopted):
                queues_changed = True
            else:
                number = getattr(event, "call", None)
                call = None if number is None else self._durable.calls.get(number)
                if call is not None:
                    queues_changed = True
                    watch = self._callers.get(call.leg)
                    self._mark(None if watch is None else watch.refresh)
                    if call.agent is not None:
                        self._mark(self._agents.get(call.agent))
            agent = getattr(event, "agent", None)
            if agent is not None:
                self._mark(self._agents.get(agent))
                self._mark_other_side(agent)
        if queues_changed and self._queues is None:
            loop = asyncio.get_running_loop()
            self._queues = loop.call_later(QUEUE_PICTURES_EVERY_S, self._refresh_queues)

    def _mark_other_side(self, key: AgentKey) -> None:
        """Marks the page of whoever talks with the agent: he is shown when she is lost."""
        agent = self._durable.agents.get(key)
        call = None if agent is None or agent.call is None else self._durable.calls.get(agent.call)
        watch = None if call is None else self._callers.get(call.leg)
        self._mark(None if watch is None else watch.refresh)

    def _mark(self, refresh: Callable[[], None] | None) -> None:
        if refresh is None:
            return
        self._stale[refresh] = None
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self._refresh_stale)

    def _refresh_stale(self) -> None:
        self._soon = None
        stale, self._stale = self._stale, {}
        for refresh in stale:
            refresh()

    def _refresh_queues(self) -> None:
        self._queues = None
        for refresh in list(self._agents.values()):
            refresh()
        for watch in list(self._callers.values()):
            watch.refresh()

    def stop(self) -> None:
        """Drops what is pending."""
        for handle in (self._soon, self._queues):
            if handle is not None:
                handle.cancel()
