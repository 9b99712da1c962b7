"""What an event about an agent changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply.moves import adopt_anew, move_agent, nothing
from openline.engine.due import Due
from openline.engine.estimate import CALLS_REMEMBERED
from openline.engine.state import Agent, ChangedSkills, State
from openline.model import Duration

_WRAP_UP_LIMIT = Due.WRAP_UP_LIMIT
"""Every call comes past it, and what stands on a class is slow to look up."""


def _agent_signed_in(state: State, event: e.AgentSignedIn) -> None:
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    agent.pause_reason = None
    agent.leg = event.leg
    agent.origins = event.origins
    agent.signed_in_at = state.now
    agent.busy = Duration(0)
    agent.gone_at = None
    state.agents_by_leg[event.leg] = agent


def _agent_signed_out(state: State, event: e.AgentSignedOut) -> None:
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    if agent.leg is not None:
        del state.agents_by_leg[agent.leg]
    agent.leg = None
    agent.origins = ()
    agent.gone_at = None
    _clear_work(state, agent)
    agent.by = event.by


def _agent_origins_changed(state: State, event: e.AgentOriginsChanged) -> None:
    agent = state.agents[event.agent]
    agent.origins = event.origins
    state.index.idle.agent_idles(agent)
    if state.index.work.counts_work:
        state.index.work.agent_moved(agent)


def _agent_ready(state: State, event: e.AgentReady) -> None:
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    _clear_work(state, agent)
    agent.by = event.by
    agent.idle_since = state.now
    state.index.idle.agent_idles(agent)


def _agent_paused(state: State, event: e.AgentPaused) -> None:
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    _clear_work(state, agent)
    agent.pause_reason = event.pause_reason
    agent.by = event.by
    agent.rests_until = event.rests_until
    if event.rests_until is not None:
        state.index.deadlines.due(event.rests_until, Due.RECOVERY_OVER, agent.number)


def _clear_work(state: State, agent: Agent) -> None:
    if agent.busy_since is not None:
        took = Duration(state.now - agent.busy_since)
        if (
            agent.wrap_up_queue in state.index.callers.estimated
            and agent.wrap_up_origin is not None
        ):
            of_queue = state.handled.setdefault(agent.wrap_up_queue, {})
            times = of_queue.setdefault(agent.wrap_up_origin, [])
            times.append(took)
            del times[:-CALLS_REMEMBERED]
        agent.busy = Duration(agent.busy + took)
        agent.busy_since = None
    if agent.forced_to is not None:
        agent.forced_to = agent.forced_by = agent.forced_pause = None
    if agent.help_since is not None:
        agent.help_since = agent.help_by = None
    agent.call = None
    agent.pause_reason = agent.pause_after = None
    agent.rests_until = agent.warn_at = None
    agent.wrap_up_line = agent.wrap_up_queue = agent.wrap_up_origin = None


def _pause_noted(state: State, event: e.PauseNoted) -> None:
    state.agents[event.agent].pause_after = event.pause_reason


def _agent_lost(state: State, event: e.AgentLost) -> None:
    agent = state.agents[event.agent]
    agent.gone_at = event.gone_at
    state.index.deadlines.due(event.gone_at, Due.AGENT_GONE, agent.number)


def _agent_returned(state: State, event: e.AgentReturned) -> None:
    agent = state.agents[event.agent]
    agent.gone_at = None
    state.index.idle.agent_idles(agent)


def _wrap_up_started(state: State, event: e.WrapUpStarted) -> None:
    agent = state.agents[event.agent]
    move_agent(state, agent, event, event.reason)
    agent.call = event.call
    agent.wrap_up_line = event.line
    agent.wrap_up_queue = event.queue
    agent.wrap_up_origin = event.origin
    agent.warn_at = event.warn_at
    state.index.deadlines.due(event.warn_at, _WRAP_UP_LIMIT, agent.number)


def _wrap_up_limit_reached(state: State, event: e.WrapUpLimitReached) -> None:
    state.agents[event.agent].warn_at = None


def _wrap_up_extended(state: State, event: e.WrapUpExtended) -> None:
    agent = state.agents[event.agent]
    agent.warn_at = event.warn_at
    state.index.deadlines.due(event.warn_at, _WRAP_UP_LIMIT, agent.number)


def _state_force_noted(state: State, event: e.StateForceNoted) -> None:
    agent = state.agents[event.agent]
    agent.forced_to = event.to
    agent.forced_by = event.by
    agent.forced_pause = event.pause_reason


def _agent_skills_changed(state: State, event: e.AgentSkillsChanged) -> None:
    usual = next(each for each in state.settings.agents if each.key == event.agent)
    if frozenset(event.skills) == frozenset(usual.skills):
        state.changed_skills.pop(event.agent, None)
    else:
        state.changed_skills[event.agent] = ChangedSkills(
            agent=event.agent,
            skills=event.skills,
            instead_of=usual.skills,
            by=event.by,
            since=state.now,
        )
    adopt_anew(state, state.settings)


def _recovery_break_over(state: State, event: e.RecoveryBreakOver) -> None:
    state.agents[event.agent].rests_until = None


def _help_asked(state: State, event: e.HelpAsked) -> None:
    state.agents[event.agent].help_since = state.now


def _help_taken(state: State, event: e.HelpTaken) -> None:
    state.agents[event.agent].help_by = event.by


def _help_given_back(state: State, event: e.HelpGivenBack) -> None:
    state.agents[event.agent].help_by = None


def _help_ended(state: State, event: e.HelpEnded) -> None:
    agent = state.agents[event.agent]
    agent.help_since = agent.help_by = None


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.AgentSignedIn: _agent_signed_in,
    e.AgentSignedOut: _agent_signed_out,
    e.AgentOriginsChanged: _agent_origins_changed,
    e.AgentReady: _agent_ready,
    e.AgentPaused: _agent_paused,
    e.PauseNoted: _pause_noted,
    e.AgentLost: _agent_lost,
    e.AgentReturned: _agent_returned,
    e.WrapUpStarted: _wrap_up_started,
    e.WrapUpLimitReached: _wrap_up_limit_reached,
    e.WrapUpFinished: nothing,
    e.WrapUpExtended: _wrap_up_extended,
    e.StateForceNoted: _state_force_noted,
    e.AgentSkillsChanged: _agent_skills_changed,
    e.RecoveryBreakOver: _recovery_break_over,
    e.HelpAsked: _help_asked,
    e.HelpTaken: _help_taken,
    e.HelpGivenBack: _help_given_back,
    e.HelpEnded: _help_ended,
}
