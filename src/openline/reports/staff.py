"""How many agents are in which state, by queue and by the origins they serve.

An agent is counted in every queue whose needs she meets and once in the whole; she counts for a set
of origins if she serves any of them. The rules are those in force, with the surge and what
supervisors changed of her skills; who may take a queue's calls only when they overflow is counted
apart. Each change costs one step per queue that she serves; a count
costs a few look-ups, however many agents there are. Agents who are signed out are not counted.
"""

from collections.abc import Iterable

import msgspec

from openline.engine import AgentState, AnyEvent, State
from openline.engine import events as e
from openline.engine.apply import apply
from openline.engine.rings import reach_of
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

    __slots__ = ("_agents", "_by_queue", "_in_time", "_rules", "_whole")

    def __init__(self, state: State) -> None:
        """Begins with the agents as they are in the state, of which nothing is kept."""
        self._agents = {
            agent.key: _Agent(state=agent.state, mask=_mask(agent.origins))
            for agent in state.agents.values()
        }
        # The engine's own answer to what is in force: there is no second one.
        self._rules = State()
        self._rules.surge = state.surge
        self._rules.changed_skills.update(state.changed_skills)
        self._rules.adopt(state.settings)
        self._count_anew()

    def counts(self, queue: QueueKey | None, origins: Iterable[Origin]) -> dict[AgentState, int]:
        """Returns the agents by state who serve the queue (all agents if None) and any origin."""
        counts = self._whole if queue is None else self._by_queue.get(queue, {})
        return self._of_origins(counts, origins)

    def in_time(self, queue: QueueKey, origins: Iterable[Origin]) -> dict[AgentState, int]:
        """Returns the agents by state who may take the queue's calls, at once or in overflow."""
        return self._of_origins(self._in_time.get(queue, {}), origins)

    def _of_origins(self, counts: _Counts, origins: Iterable[Origin]) -> dict[AgentState, int]:
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
            case e.ConfigurationAdopted() | e.SurgeSwitched() | e.AgentSkillsChanged():
                apply(self._rules, event)
                self._count_anew()
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

    def _count_anew(self) -> None:
        """Counts everybody by the rules in force; O(agents · queues), once when they change."""
        kept, rules = self._agents, self._rules
        self._whole: _Counts = {}
        self._by_queue: dict[QueueKey, _Counts] = {queue: {} for queue in rules.queues}
        self._in_time: dict[QueueKey, _Counts] = {queue: {} for queue in rules.queues}
        self._agents = {}
        for key, configured in rules.agent_settings.items():
            agent = self._agents[key] = kept.get(key, _Agent())
            counted_in = [self._whole]
            for queue in rules.queues.values():
                reach = reach_of(configured.skills, queue)
                if reach is not None:
                    counted_in.append(self._in_time[queue.key])
                if reach == 0:
                    counted_in.append(self._by_queue[queue.key])
            agent.counted_in = tuple(counted_in)
            _count(agent, +1)


def _count(agent: _Agent, by: int) -> None:
    place = (agent.mask, agent.state)
    for counts in agent.counted_in:
        counts[place] = counts.get(place, 0) + by


def _mask(origins: Iterable[Origin]) -> int:
    return sum({_BIT[origin] for origin in origins})
