"""Everybody who is simulated: who is there, whose move is next, who hears a command.

One heap holds the pending moves, arrivals come beside it in their own order. Nothing is taken out
of the heap's middle: an entry is void when its party has had a later turn. A tie is broken by the
order in which the moves were planned.

It asks no clock and draws no chance but what the profile fixes; `run` and the live world drive it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from openline.engine import AnyCommand, Call, CallState, State
from openline.engine import commands as c
from openline.model import MINUTE, SECOND, AgentKey, Duration, Instant, LegId
from openline.simulation.arrivals import Arrivals
from openline.simulation.behaviour import (
    Behaviour,
    CallerName,
    CallerPlan,
    Planned,
    agent_at,
    caller_at,
)
from openline.simulation.caller import Caller, Moves
from openline.simulation.colleague import Colleague, Timed
from openline.simulation.outsider import Outsider
from openline.simulation.profile import ColleagueGroup, WorldProfile
from openline.simulation.shifts import Timeline

Party = Caller | Colleague | Outsider
Arrival = tuple[Instant, int, int]


Paced = Callable[[CallerPlan, AgentKey, Instant], CallerPlan]
"""Says what becomes of a plan when this agent answers."""


class Coming(Protocol):
    """Says who calls when."""

    def after(self, begin: Instant) -> Iterator[Arrival]:
        """Yields the arrivals from an instant on, in order."""


REGAINS_WITHIN = Duration(15 * MINUTE)
"""Who calls again so soon has his old place back, as in a real centre."""
LETS_IT_RING = 30 * SECOND
"""So long a caller lets it ring while the centre is away; later he has given up unseen."""


class People:
    """Holds the callers and colleagues of one profile."""

    def __init__(self, profile: WorldProfile) -> None:
        behaviour = Behaviour(profile)
        colleagues = {
            key: Colleague(key, group, Timeline(profile, group, key), behaviour)
            for group in profile.colleagues
            for key in group.agents
        }
        self._begin(behaviour, Arrivals(profile), colleagues, profile.greeting_length)

    @classmethod
    def enacting(
        cls,
        behaviour: Planned,
        arrivals: Coming,
        group: ColleagueGroup,
        timelines: Mapping[AgentKey, Timed],
        paced: Paced | None = None,
    ) -> People:
        """Holds people of whom it is known otherwise what they have in mind (see `recorded`).

        Without `paced` everybody works at the caller's pace.
        """
        people = cls.__new__(cls)
        colleagues = {
            key: Colleague(key, group, timeline, behaviour) for key, timeline in timelines.items()
        }
        people._begin(behaviour, arrivals, colleagues, Duration(0))
        people._paced = paced
        return people

    def _begin(
        self,
        behaviour: Planned,
        arrivals: Coming,
        colleagues: dict[AgentKey, Colleague],
        greeting_length: Duration,
    ) -> None:
        self._behaviour = behaviour
        self._arrivals = arrivals
        self._colleagues = colleagues
        self._greeting_length = greeting_length
        self._paced: Paced | None = None
        self._parties: dict[LegId, Party] = {}
        self._heap: list[tuple[Instant, int, int, Party]] = []
        self._order = count()
        self._coming: Iterator[Arrival] = iter(())
        self._arrival: Arrival | None = None

    def take_over(self, state: State, now: Instant) -> tuple[LegId, ...]:
        """Begins where the state leaves everybody; returns the legs in it that are simulated.

        Every later move is the one that would have come without a stop; what fell due meanwhile is
        due at once. An agent who is signed in elsewhere is left alone.
        """
        found: list[LegId] = []
        for call in state.calls.values():
            name = _who(state, call)
            if name is not None:
                agent = None if call.agent is None else state.agents[call.agent]
                plan = self._behaviour.caller_plan(name)
                caller = Caller.found(name, plan, call, agent)
                if call.state is CallState.DIALLING or call.is_callback_offered:
                    caller.callback = self._behaviour.callback_plan(name)
                if call.state is CallState.DIALLING:
                    caller.rings_since = call.dialled_at
                elif call.is_callback_offered and caller.callback is not None:
                    _hears_again(caller, now)
                self._parties[call.leg] = caller
                self._plan(caller, now)
                found.append(call.leg)
                if call.agent in self._colleagues:
                    self._colleagues[call.agent].wrap_up = plan.wrap_up
            for party in call.parties if name is not None else ():
                if party.outside is not None:
                    outsider = self._parties[party.leg] = Outsider.found(party)
                    self._plan(outsider, now)
                    found.append(party.leg)
        for key, colleague in self._colleagues.items():
            agent = state.agents.get(key)
            if agent is not None and agent.leg is not None:
                if agent.leg != colleague.leg:
                    continue
                colleague.find(agent)
                found.append(colleague.leg)
            self._parties[colleague.leg] = colleague
            self._plan(colleague, now)
        self._coming = self._still_to_come(state, now)
        self._arrival = next(self._coming, None)
        return tuple(found)

    def _still_to_come(self, state: State, now: Instant) -> Iterator[Arrival]:
        """Yields the arrivals that are not on record.

        An arrival before the last recorded instant may be missing from the record, if the program
        was killed between seeing and recording it. At a line with a greeting that can be told for
        sure as long as the greeting lasts, since nobody leaves during it: who is not there then
        never came. Elsewhere the record is believed.
        """
        recorded_up_to, live = state.now, frozenset(state.calls_by_leg)
        greeted = frozenset(line.key for line in state.settings.lines if line.greeting is not None)
        begin = now
        if recorded_up_to > 0:
            doubtful_from = recorded_up_to - self._greeting_length
            begin = Instant(max(doubtful_from, now - LETS_IT_RING))
        for arrival in self._arrivals.after(begin):
            if arrival[0] <= recorded_up_to:
                name = CallerName(hour=arrival[1], index=arrival[2])
                line = self._behaviour.caller_plan(name).line
                if name.leg in live or line not in greeted:
                    continue
            yield arrival

    # --- moving ----------------------------------------------------------------------------

    def next_at(self) -> Instant | None:
        """Returns when the next move falls due, or None if nobody will ever move again."""
        heap = self._heap
        while heap and heap[0][2] != heap[0][3].turn:
            heappop(heap)
        if self._arrival is not None and (not heap or self._arrival[0] <= heap[0][0]):
            return self._arrival[0]
        return heap[0][0] if heap else None

    def move(self, now: Instant) -> Moves:
        """Makes the one move that is first, which must have fallen due (see `next_at`)."""
        heap = self._heap
        arrival = self._arrival
        if arrival is not None and (not heap or arrival[0] <= heap[0][0]):
            self._arrival = next(self._coming, None)
            name = CallerName(hour=arrival[1], index=arrival[2])
            party: Party = self._calling(name, arrival[0])
        else:
            party = heappop(heap)[3]
        moves = party.moves(now)
        if party.is_gone:
            self._gone(party)
            if isinstance(party, Caller):
                self._redial(party, now)
        else:
            self._plan(party, now)
        return moves

    def _calling(self, name: CallerName, at: Instant) -> Caller:
        caller = Caller(name, self._behaviour.caller_plan(name), name.leg, calls_at=at)
        self._parties[caller.leg] = caller
        return caller

    def _redial(self, caller: Caller, now: Instant) -> None:
        name = caller.name
        is_called_back = caller.leg != name.leg
        if is_called_back or caller.answered_at is not None:
            return
        if caller.plan.redials_after > 0:
            again = CallerName(hour=name.hour, index=name.index, time=name.time + 1)
            later = self._calling(again, Instant(now + caller.plan.redials_after))
            if caller.plan.redials_after <= REGAINS_WITHIN:
                later.place_since = caller.place_since
            self._plan(later, now)

    def _plan(self, party: Party, now: Instant) -> None:
        party.turn += 1
        at = party.next_at(now)
        if at is not None:
            heappush(self._heap, (at, next(self._order), party.turn, party))

    def _gone(self, party: Party) -> None:
        party.turn += 1
        self._parties.pop(party.leg, None)

    # --- hearing ---------------------------------------------------------------------------

    def hear(self, command: AnyCommand, now: Instant) -> bool:
        """Gives a command to whom it is for; returns False if nobody simulated is there."""
        if type(command) is c.Dial:
            return self._is_rung(command, now)
        if type(command) is c.DialOutside:
            return self._is_rung_outside(command, now)
        party = self._parties.get(command.leg)
        if type(command) is c.OfferCallback and isinstance(party, Caller):
            party.callback = self._behaviour.callback_plan(party.name)
        if type(command) is c.ConnectLegs and self._paced is not None:
            agent = agent_at(command.agent_leg)
            # Once for a call: who loses his agent and waits anew keeps the pace of the first.
            if isinstance(party, Caller) and party.answered_at is None and agent is not None:
                party.plan = self._paced(party.plan, agent, now)
        if party is not None and party.hears(command, now):
            if party.is_gone:
                self._gone(party)
            else:
                self._plan(party, now)
        if type(command) is c.ConnectLegs:
            colleague = self._parties.get(command.agent_leg)
            if colleague is not None and colleague.hears(command, now):
                if isinstance(party, Caller) and isinstance(colleague, Colleague):
                    colleague.wrap_up = party.plan.wrap_up
                self._plan(colleague, now)
            return party is not None or colleague is not None
        return party is not None

    def _is_rung_outside(self, command: c.DialOutside, now: Instant) -> bool:
        """Lets it ring at somebody outside."""
        if command.leg not in self._parties:
            outsider = self._parties[command.leg] = Outsider(command.leg, now)
            self._plan(outsider, now)
        return True

    def _is_rung(self, command: c.Dial, now: Instant) -> bool:
        """Lets the caller's telephone ring, whose number is the leg by which he called."""
        name = caller_at(LegId(command.number))
        if name is None:
            return False
        if command.leg not in self._parties:
            behaviour = self._behaviour
            plan, callback = behaviour.caller_plan(name), behaviour.callback_plan(name)
            party = Caller.called_back(name, plan, callback, command.leg, now)
            self._parties[party.leg] = party
            self._plan(party, now)
        return True


def _who(state: State, call: Call) -> CallerName | None:
    """Returns which simulated caller is at the other end of a call, if one is."""
    if call.callback is None:
        return caller_at(call.leg)
    return caller_at(LegId(state.callbacks[call.callback].number)) if call.has_leg else None


def _hears_again(caller: Caller, now: Instant) -> None:
    """Lets one who was offered a callback before a restart make up his mind after it."""
    callback = caller.callback
    if callback is not None and callback.takes_it and caller.answered_at is None:
        caller.asks_callback_at = Instant(now + callback.decides_after)
