"""How many agents are in which state, by queue and by the origins they serve.

An agent is counted in every queue whose needs she meets and once in the whole; she counts for a set
of origins if she serves any of them. Each change costs one step per queue that she serves; a count
costs a few look-ups, however many agents there are. Agents who are signed out are not counted.
"""

from collections.abc import Iterable

import msgspec

from openline.engine import AgentState, AnyEvent, Settings, State
from openline.engine import events as e
from openline.measures.presence import move_of
from openline.model import AgentKey, Origin, QueueKey

_BIT = {origin: 1 << place for place, origin in enumerate(Origin)}
_ALL_MASKS = range(1, 1 << len(_BIT))

_Counts = dict[tuple[int, AgentState], int]
"""Agents by the origins they serve, as a sum of bits, and by their state."""


class _Agent(msgspec.Struct, kw_only=True):
    state: AgentState = AgentState.SIGNED_OUT
    mask: int = 0
    counted_in: tuple[_Counts, ...] = ()


class Staff:
    """Keeps the counts of one centre's agents."""

    __slots__ = ("_agents", "_by_queue", "_whole")

    def __init__(self, state: State) -> None:
        """Begins with the agents as they are in the state, of which nothing is kept."""
        self._agents = {
            agent.key: _Agent(state=agent.state, mask=_mask(agent.origins))
            for agent in state.agents.values()
        }
        self._adopt(state.settings)

    def counts(self, queue: QueueKey | None, origins: Iterable[Origin]) -> dict[AgentState, int]:
        """Returns the agents by state who serve the queue (all agents if None) and any origin."""
        counts = self._whole if queue is None else self._by_queue.get(queue, {})
        asked = _mask(origins)
        masks = [mask for mask in _ALL_MASKS if mask & asked]
        return {
            state: sum(counts.get((mask, state), 0) for mask in masks)
            for state in AgentState
            if state is not AgentState.SIGNED_OUT
        }

    def notice(self, event: AnyEvent) -> None:
        """Takes one event into account."""
        move = move_of(event)
        if move is not None:
            origins = event.origins if isinstance(event, e.AgentSignedIn) else None
            self._move(*move, origins)
            return
        match event:
            case e.AgentOriginsChanged():
                self._move(event.agent, None, event.origins)
            case e.ConfigurationAdopted():
                self._adopt(event.settings)
            case _:
                pass

    def _move(
        self, key: AgentKey, state: AgentState | None, origins: tuple[Origin, ...] | None
    ) -> None:
        agent = self._agents.get(key)
        if agent is None:
            return  # no configuration named her: she serves nothing that is shown
        _count(agent, -1)
        if state is not None:
            agent.state = state
        if origins is not None:
            agent.mask = _mask(origins)
        _count(agent, +1)

    def _adopt(self, settings: Settings) -> None:
        """Counts everybody anew; O(agents · queues), once per configuration."""
        # The engine's own answer to who meets the needs of which queue: there is no second one.
        served = State()
        served.adopt(settings)
        kept = self._agents
        self._whole: _Counts = {}
        self._by_queue: dict[QueueKey, _Counts] = {queue.key: {} for queue in settings.queues}
        self._agents = {}
        for configured in settings.agents:
            agent = self._agents[configured.key] = kept.get(configured.key, _Agent())
            queues = served.index.queues_of(configured.key)
            agent.counted_in = (self._whole, *(self._by_queue[queue] for queue in queues))
            _count(agent, +1)


def _count(agent: _Agent, by: int) -> None:
    place = (agent.mask, agent.state)
    for counts in agent.counted_in:
        counts[place] = counts.get(place, 0) + by


def _mask(origins: Iterable[Origin]) -> int:
    return sum({_BIT[origin] for origin in origins})
