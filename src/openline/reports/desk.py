"""An agent's own day: calls handled, talk, work after them, pauses, offers missed.

Her own, and nothing that ranks people.

A conversation belongs to the day in which it ended, a missed offer to the day in which it was
missed. Work after a call and a pause count when they end, from midnight on where they began
before it. All count whatever the origin of the call: practice is work too. Days are the centre's
civil days. Cost per event: O(1).
"""

from collections.abc import Iterable
from typing import TypedDict

import msgspec

from openline.engine import AgentState, AnyEvent, CallOutcome, State
from openline.engine import events as e
from openline.measures import Day, Talk
from openline.measures.presence import move_of
from openline.model import SECOND, AgentKey, CallId, Duration, Instant
from openline.reports.days import CivilDays


class DeskDay(TypedDict):
    """Holds an agent's day as the desktop shows it."""

    calls: int
    talk_s: int
    wrap_up_s: int
    paused_s: int
    missed: int


class _AgentDay(msgspec.Struct, kw_only=True):
    day: Day
    calls: int = 0
    talk: Duration = Duration(0)
    wrap_up: Duration = Duration(0)
    paused: Duration = Duration(0)
    missed: int = 0


class DeskDays:
    """Keeps the present day of every agent."""

    __slots__ = ("_agent_days", "_days", "_states", "_talks")

    def __init__(self, state: State, days: CivilDays) -> None:
        """Begins with the conversations of the state, of which nothing is kept.

        Where it is fed from midnight on after a restart, the empty state does: a conversation that
        began before is counted too, unless it ended because the agent's connection was lost.
        """
        self._days = days
        self._agent_days: dict[AgentKey, _AgentDay] = {}
        self._states = {agent.key: (agent.state, agent.since) for agent in state.agents.values()}
        self._talks: dict[CallId, tuple[AgentKey, Talk]] = {
            call.id: (
                call.agent,
                Talk(answered_at=call.answered_at, held=call.held, held_since=call.held_since),
            )
            for call in state.calls.values()
            if call.agent is not None and call.answered_at is not None
        }

    def noticed(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one durable step into account."""
        for event in events:
            move = move_of(event)
            if move is not None:
                self._moved(*move, now)
            match event:
                case e.OfferAccepted() | e.CallbackReached():
                    self._talks[event.call] = (event.agent, Talk(answered_at=now))
                case e.CallHeld() if event.call in self._talks:
                    self._talks[event.call][1].hold(now)
                case e.CallResumed() if event.call in self._talks:
                    self._talks[event.call][1].take_back(now)
                case e.CallEnded():
                    self._talks.pop(event.call, None)
                    if event.agent is not None and event.outcome is not CallOutcome.CALLBACK_FAILED:
                        self._book(event.agent, Duration(event.talked - event.held), now)
                case e.CallQueued() if event.call in self._talks:
                    # Her connection was lost, or she handed the caller on: he queues again.
                    agent, talk = self._talks.pop(event.call)
                    talk.end(now)
                    self._book(agent, talk.talked, now)
                case e.CallGivenOutside():
                    self._talks.pop(event.call, None)
                    self._book(event.agent, Duration(event.talked - event.held), now)
                case e.CallTransferred(taken_by=other) if other is not None:
                    self._book(event.agent, Duration(event.talked - event.held), now)
                    self._talks[event.call] = (other, Talk(answered_at=now))
                case e.OfferMissed() | e.PartyMissed():
                    self._present(event.agent, now).missed += 1
                case _:
                    pass

    def day(self, agent: AgentKey, now: Instant) -> DeskDay:
        """Returns the agent's day up to now; conversations that still go on are not in it."""
        present = self._present(agent, now)
        return DeskDay(
            calls=present.calls,
            talk_s=present.talk // SECOND,
            wrap_up_s=present.wrap_up // SECOND,
            paused_s=present.paused // SECOND,
            missed=present.missed,
        )

    def _moved(self, agent: AgentKey, to: AgentState, now: Instant) -> None:
        """Books the state that she leaves, if it is one that her day shows."""
        state, since = self._states.get(agent, (None, now))
        self._states[agent] = (to, now)
        if state in (AgentState.WRAP_UP, AgentState.PAUSED):
            present = self._present(agent, now)
            took = now - max(since, self._days.start_of(present.day))
            if state is AgentState.WRAP_UP:
                present.wrap_up = Duration(present.wrap_up + took)
            else:
                present.paused = Duration(present.paused + took)

    def _book(self, agent: AgentKey, talked: Duration, now: Instant) -> None:
        present = self._present(agent, now)
        present.calls += 1
        present.talk = Duration(present.talk + talked)

    def _present(self, agent: AgentKey, now: Instant) -> _AgentDay:
        day = self._days.day_of(now)
        present = self._agent_days.get(agent)
        if present is None or present.day != day:
            present = self._agent_days[agent] = _AgentDay(day=day)
        return present
