"""How long agents were ready, talking, in wrap-up and paused in each slice of time.

The time in a state is cut at the ends of slices, so that the sums of intervals are those of the
day. It counts from the first event in which it sees an agent move; before that it does not know
what she did: feed it a while before the first slice, or let it `know`. An agent counts for the
origins that she serves, all her time: who serves real and practice calls is there for both. Who
signed in before the first event counts from her next call on, for its origin: nothing else tells
whom she serves.

Cost per event: O(1), and one more for each end of a slice that her state outlasted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openline.engine import events as e
from openline.engine.state import AgentState
from openline.measures.presence import move_of
from openline.measures.tally import AgentTime
from openline.model import AgentKey, Duration, Instant, Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from openline.measures.books import Slice

_Spent = dict[AgentState, int]


class _Now(NamedTuple):
    """Is what an agent does at present."""

    state: AgentState
    since: Instant
    origins: tuple[Origin, ...]


class Attendance:
    """Keeps all agents' time in each state, slice by slice."""

    def __init__(self, slice_of: Callable[[Instant], Slice | None], *, begin: Instant) -> None:
        """Begins with nobody known; time before `begin` is not booked."""
        self._slice_of = slice_of
        self._begin = begin
        self._now: dict[AgentKey, _Now] = {}
        self._spent: dict[tuple[Slice, tuple[Origin, ...]], _Spent] = {}

    def notice(self, at: Instant, event: e.AnyEvent) -> None:
        """Takes one event of the step at `at` into account."""
        move = move_of(event)
        if move is None:
            if type(event) is e.AgentOriginsChanged:
                now = self._settle(event.agent, at)
                if now is not None:
                    self._now[event.agent] = _Now(now.state, at, event.origins)
            return
        agent, state = move
        before = self._settle(agent, at)
        if isinstance(event, e.AgentSignedIn):
            self._now[agent] = _Now(state, at, event.origins)
        elif before is None:
            if isinstance(event, e.OfferAccepted | e.WrapUpStarted):
                self._now[agent] = _Now(state, at, (event.origin,))
        else:
            self._now[agent] = _Now(state, at, before.origins)

    def know(
        self, at: Instant, agent: AgentKey, state: AgentState, origins: tuple[Origin, ...]
    ) -> None:
        """Says what an agent did at an instant from which on events are fed: nothing before it is
        booked.
        """
        self._now[agent] = _Now(state, at, origins)

    def add(self, slice_: Slice, origins: tuple[Origin, ...], time: AgentTime) -> None:
        """Adds time that was booked before, by somebody else."""
        spent = self._spent.setdefault((slice_, origins), {})
        for state, more in (
            (AgentState.READY, time.ready),
            (AgentState.TALKING, time.talking),
            (AgentState.WRAP_UP, time.wrap_up),
            (AgentState.PAUSED, time.paused),
        ):
            spent[state] = spent.get(state, 0) + more

    def booked(self) -> Iterator[tuple[Slice, tuple[Origin, ...], AgentTime]]:
        """Yields what `add` takes: each slice's time, by the origins that the agents served."""
        for (slice_, origins), spent in self._spent.items():
            yield slice_, origins, _agent_time(spent)

    def settle(self, at: Instant) -> None:
        """Books everybody's present state up to now: before the sums are read."""
        for agent, now in list(self._now.items()):
            self._settle(agent, at)
            self._now[agent] = _Now(now.state, max(at, now.since), now.origins)

    def time(self, slice_: Slice, origins: Iterable[Origin]) -> AgentTime:
        """Returns the time in the slice of the agents who served any of these origins."""
        wanted = frozenset(origins)
        sums: _Spent = {}
        for (where, served), spent in self._spent.items():
            if where == slice_ and not wanted.isdisjoint(served):
                for state, time in spent.items():
                    sums[state] = sums.get(state, 0) + time
        return _agent_time(sums)

    def times(self, origins: Iterable[Origin]) -> dict[Slice, AgentTime]:
        """Returns the time in every slice in which somebody was there, in one pass."""
        wanted = frozenset(origins)
        sums: dict[Slice, _Spent] = {}
        for (where, served), spent in self._spent.items():
            if not wanted.isdisjoint(served):
                into = sums.setdefault(where, {})
                for state, time in spent.items():
                    into[state] = into.get(state, 0) + time
        return {where: _agent_time(spent) for where, spent in sums.items()}

    def _settle(self, agent: AgentKey, at: Instant) -> _Now | None:
        now = self._now.get(agent)
        if now is None or now.state is AgentState.SIGNED_OUT:
            return now
        since = max(now.since, self._begin)
        while since < at:
            slice_ = self._slice_of(since)
            if slice_ is None:
                break
            until = min(slice_.end, at)
            spent = self._spent.setdefault((slice_, now.origins), {})
            spent[now.state] = spent.get(now.state, 0) + until - since
            since = until
        return now


def _agent_time(spent: _Spent) -> AgentTime:
    return AgentTime(
        ready=Duration(spent.get(AgentState.READY, 0) + spent.get(AgentState.OFFERED, 0)),
        talking=Duration(spent.get(AgentState.TALKING, 0)),
        wrap_up=Duration(spent.get(AgentState.WRAP_UP, 0)),
        paused=Duration(spent.get(AgentState.PAUSED, 0)),
    )
