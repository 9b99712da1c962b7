"""How long agents were ready, talking and in wrap-up: the sums that occupancy is made of.

It counts from the first event in which it sees an agent move; before that it does not know what she
did. A connection that is lost for a moment changes no state and so no sum. Cost per event: O(1).
"""

from openline.engine import events as e
from openline.engine.state import AgentState
from openline.engine.transitions import AGENT_TRANSITIONS
from openline.measures.tally import AgentTime
from openline.model import AgentKey, BugError, Duration, Instant

LEADS_TO: dict[type[e.Event], AgentState] = {
    kind: state for moves in AGENT_TRANSITIONS.values() for kind, state in moves.items()
}
"""The state after each event that moves an agent; no such event leads to two different ones."""

for _kind in LEADS_TO:
    if "agent" not in _kind.__struct_fields__:
        raise BugError(f"{_kind.__name__} moves an agent and does not say whom")


def move_of(event: e.AnyEvent) -> tuple[AgentKey, AgentState] | None:
    """Returns the agent whom the event moves and the state she is in after it, or None."""
    state = LEADS_TO.get(type(event))
    if state is None:
        return None
    return event.agent, state  # type: ignore[union-attr, return-value]  # seen above


class Presence:
    """Keeps every agent's time in each state."""

    __slots__ = ("_spent", "_state")

    def __init__(self) -> None:
        self._state: dict[AgentKey, tuple[AgentState, Instant]] = {}
        self._spent: dict[AgentKey, dict[AgentState, Duration]] = {}

    def notice(self, at: Instant, event: e.AnyEvent) -> None:
        """Takes one event of the step at `at` into account."""
        move = move_of(event)
        if move is not None:
            agent, state = move
            self._settle(agent, at)
            self._state[agent] = (state, at)

    def time(self, agent: AgentKey, now: Instant) -> AgentTime:
        """Returns the agent's time up to now, the state she is in included."""
        self._settle(agent, now)
        spent = self._spent.get(agent, {})

        def of(*states: AgentState) -> Duration:
            return Duration(sum(spent.get(state, 0) for state in states))

        return AgentTime(
            ready=of(AgentState.READY, AgentState.OFFERED),
            talking=of(AgentState.TALKING),
            wrap_up=of(AgentState.WRAP_UP),
            paused=of(AgentState.PAUSED),
        )

    def whole(self, now: Instant) -> AgentTime:
        """Returns the time of all agents together up to now."""
        result = AgentTime()
        for agent in self._state:
            result = result.plus(self.time(agent, now))
        return result

    def _settle(self, agent: AgentKey, now: Instant) -> None:
        """Books the time in her present state up to now."""
        known = self._state.get(agent)
        if known is not None:
            state, since = known
            spent = self._spent.setdefault(agent, {})
            spent[state] = Duration(spent.get(state, 0) + now - since)
            self._state[agent] = (state, now)
