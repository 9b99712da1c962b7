"""What a simulated colleague does next: comes by shift, answers or misses, wraps up, rests, goes.

A party like `caller`, whose rules hold here too. Her free time follows her timeline; while an offer
rings she follows the plan of the offer; in a conversation the caller leads. Breaks and the end of
the shift wait until she is free.
"""

from collections.abc import Callable
from typing import Any, Protocol

from openline.engine import Agent, AgentState
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import AgentKey, CallId, Duration, Instant, OfferId, Origin, Reason
from openline.simulation.behaviour import AgentPlan, Planned, leg_of_agent
from openline.simulation.caller import Moves
from openline.simulation.profile import ColleagueGroup
from openline.simulation.shifts import Duty, Span

_ORIGINS = (Origin.SIMULATED,)
_RAN_OUT = (Reason.MISSED, Reason.DECLINED)
_CAME_TO_NOTHING = (Reason.OFFER_MISSED, Reason.OFFER_DECLINED)


class Timed(Protocol):
    """Tells the duty of one agent, by shifts (`Timeline`) or from a record."""

    def at(self, instant: Instant) -> Span:
        """Returns the span that holds the instant."""

    def is_tired(self, instant: Instant) -> bool:
        """Whether it is the last part of a shift."""


class Colleague:
    """Keeps where one colleague stands; `state` is what she has asked for or been given last."""

    __slots__ = (
        "_behaviour",
        "call",
        "group",
        "has_accepted",
        "is_gone",
        "key",
        "leg",
        "missed_at",
        "offer",
        "plan",
        "since",
        "state",
        "timeline",
        "turn",
        "wrap_up",
    )

    def __init__(
        self, key: AgentKey, group: ColleagueGroup, timeline: Timed, behaviour: Planned
    ) -> None:
        self.key = key
        self.leg = leg_of_agent(key)
        self.group = group
        self.timeline = timeline
        self._behaviour = behaviour
        self.turn = 0
        self.is_gone = False
        self.state = AgentState.SIGNED_OUT
        self.since = Instant(0)
        self.offer: OfferId | None = None
        self.plan: AgentPlan | None = None
        self.has_accepted = False
        self.missed_at: Instant | None = None
        self.call: CallId | None = None
        self.wrap_up: Duration | None = None
        """How long she will work after the call; known from the caller while they talk."""

    def find(self, agent: Agent) -> None:
        """Takes up the state in which the centre has her."""
        self.state = agent.state
        self.since = agent.since
        self.call = agent.call
        if agent.state is AgentState.PAUSED and agent.reason in _CAME_TO_NOTHING:
            self.missed_at = agent.since
        if agent.state is AgentState.OFFERED and agent.offer is not None:
            self._is_rung(agent.offer)

    def next_at(self, now: Instant) -> Instant | None:
        """Returns when the next move falls due; it may be past already."""
        state = self.state
        if state is AgentState.OFFERED:
            if self.plan is None or self.plan.is_missed or self.has_accepted:
                return None
            return Instant(self.since + self.plan.answers_after)
        if state is AgentState.TALKING:
            return None
        if state is AgentState.WRAP_UP:
            return Instant(self.since + self._wrap_up())
        if self.missed_at is not None:
            return Instant(self.missed_at + self.group.return_after)
        span = self.timeline.at(now)
        return span.until if _AT_REST[span.duty] is state else now

    def moves(self, now: Instant) -> Moves:
        """Makes the move that has fallen due."""
        if self.state is AgentState.OFFERED:
            self.has_accepted = True
            return (
                () if self.offer is None else (i.AcceptRequested(agent=self.key, offer=self.offer),)
            )
        span = self.timeline.at(now)
        if self.state is AgentState.WRAP_UP:
            return self._finishes(span.duty, span.pause_reason)
        was, wanted = self.state, _AT_REST[span.duty]
        self.missed_at = None
        self.state = wanted
        if wanted is AgentState.SIGNED_OUT:
            return () if was is wanted else (i.SignOutRequested(agent=self.key),)
        comes: Moves = ()
        if was is AgentState.SIGNED_OUT:
            comes = (i.SignInRequested(agent=self.key, leg=self.leg, origins=_ORIGINS),)
        if wanted is AgentState.READY:
            return comes if was is wanted else (*comes, i.ReadyRequested(agent=self.key))
        return (*comes, *self._rests(span.pause_reason))

    def _rests(self, pause_reason: str | None) -> Moves:
        if pause_reason is None:
            return ()
        return (i.PauseRequested(agent=self.key, pause_reason=pause_reason),)

    def _finishes(self, duty: Duty, pause_reason: str | None) -> Moves:
        disposition = "" if self.call is None else self._behaviour.disposition_of(self.call)
        finish = i.WrapUpFinishRequested(
            agent=self.key,
            disposition=disposition,
            ready=duty is Duty.ON,
            pause_reason=pause_reason,
        )
        self.state = _AT_REST[duty]
        self.call = None
        self.wrap_up = None
        if duty is Duty.OFF:
            return (finish, i.SignOutRequested(agent=self.key))
        return (finish,)

    def _wrap_up(self) -> Duration:
        if self.wrap_up is None:
            self.wrap_up = (
                Duration(0) if self.call is None else self._behaviour.wrap_up_of(self.call)
            )
        return self.wrap_up

    def _is_rung(self, offer: OfferId) -> None:
        self.offer = offer
        self.has_accepted = False
        tired = self.timeline.is_tired(self.since)
        self.plan = self._behaviour.agent_plan(offer, self.group, is_tired=tired)

    def hears(self, command: c.Command, now: Instant) -> bool:
        """Takes a command in; returns whether it changed where she stands."""
        hear = _COLLEAGUE_HEARS.get(type(command))
        return hear is not None and hear(self, command, now)


_AT_REST = {
    Duty.OFF: AgentState.SIGNED_OUT,
    Duty.ON: AgentState.READY,
    Duty.BREAK: AgentState.PAUSED,
}
"""The state in which a colleague with no call is while this is her duty."""


def _hears_ringing(colleague: Colleague, command: c.RingAgent, now: Instant) -> bool:
    if colleague.state is AgentState.OFFERED:
        if colleague.offer == command.offer:
            return False
    elif colleague.state is not AgentState.READY:
        # Her wish to pause or to go crossed the offer; the centre will take it back.
        return False
    colleague.state = AgentState.OFFERED
    colleague.since = now
    colleague._is_rung(command.offer)
    return True


def _hears_silence(colleague: Colleague, command: c.StopRinging, now: Instant) -> bool:
    if colleague.state is not AgentState.OFFERED or colleague.offer != command.offer:
        return False
    if command.reason is Reason.ACCEPTED:
        return False
    colleague.offer = None
    colleague.since = now
    if command.reason in _RAN_OUT:
        colleague.state = AgentState.PAUSED
        colleague.missed_at = now
    else:
        colleague.state = AgentState.READY
    return True


def _hears_caller(colleague: Colleague, command: c.ConnectLegs, now: Instant) -> bool:
    if colleague.state is AgentState.TALKING and colleague.call == command.call:
        return False
    colleague.state = AgentState.TALKING
    colleague.since = now
    colleague.offer = None
    colleague.call = command.call
    return True


def _hears_release(colleague: Colleague, command: c.ReleaseAgent, now: Instant) -> bool:
    if colleague.state is AgentState.OFFERED and colleague.has_accepted:
        # A callback that reached nobody: she was on the line, and nobody else ever was.
        colleague.offer = None
        colleague.call = command.call
    elif colleague.state is not AgentState.TALKING:
        return False
    colleague.state = AgentState.WRAP_UP
    colleague.since = now
    return True


_COLLEAGUE_HEARS: dict[type[c.Command], Callable[[Colleague, Any, Instant], bool]] = {
    c.RingAgent: _hears_ringing,
    c.StopRinging: _hears_silence,
    c.ConnectLegs: _hears_caller,
    c.ReleaseAgent: _hears_release,
}
