"""Could this have happened to the whole centre?"""

from collections.abc import Callable
from typing import Any

import msgspec

from openline.engine import AgentState, QueueSettings
from openline.engine import events as e
from openline.engine.state import ChangedSkills
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldAgent
from openline.model import QueueKey, ShareKey


def nothing(_told: Told, _event: e.Event) -> None:
    """Takes note of an event that changes nothing."""


def _configuration_adopted(told: Told, event: e.ConfigurationAdopted) -> None:
    kept, settings = told.agents, event.settings
    told.settings = settings
    in_surges = {surge.key for surge in settings.surges}
    told.surge = told.surge if told.surge in in_surges else None
    told.closed_lines &= {line.key for line in settings.lines}
    told.queue_settings = _queues_in_force(told)
    usual = {agent.key: agent.skills for agent in settings.agents}
    told.changed_skills = {
        key: changed
        for key, changed in told.changed_skills.items()
        if usual.get(key) == changed.instead_of
    }
    told.agents = {}
    for number, configured in enumerate(settings.agents):
        agent = kept.pop(configured.key, None)
        if agent is None:
            agent = ToldAgent(key=configured.key, number=number, idle_since=told.now)
        agent.number = number
        told.agents[configured.key] = agent
    _reckon_reaches(told)
    within = {share.key: share.within for share in settings.shares}
    told.paths = {}
    for partner in settings.partners:
        path: tuple[ShareKey, ...] = ()
        share = partner.share
        while share is not None:
            path, share = (share, *path), within[share]
        told.paths[partner.key] = path
    for agent in kept.values():
        expect(agent.stage is AgentState.SIGNED_OUT, "I24", f"{agent.key} vanished while at work")
    for call in told.calls.values():
        is_there = call.queue is None or call.queue in told.queue_settings
        expect(is_there, "I24", f"call {call.id} lost its queue")
    _begin_anew(told)


def _reckon_reaches(told: Told) -> None:
    """Notes from which step on each agent may take the calls of each queue in force."""
    told.agent_settings = {}
    for agent in told.settings.agents:
        changed = told.changed_skills.get(agent.key)
        configured = agent
        if changed is not None:
            configured = msgspec.structs.replace(agent, skills=changed.skills)
        told.agent_settings[agent.key] = configured
        levels = {have.skill: have.level for have in configured.skills}
        reaches: dict[QueueKey, int] = {}
        for queue in told.queue_settings.values():
            for reach, needs in enumerate([queue.needs, *(step.needs for step in queue.overflow)]):
                if all(levels.get(need.skill, 0) >= need.level for need in needs):
                    reaches.setdefault(queue.key, reach)
        told.reaches[configured.key] = reaches


def _begin_anew(told: Told) -> None:
    """Lets the steps and announcements of other rules follow; see the checks for what must."""
    for call in told.calls.values():
        call.step, call.widens_at, call.announce_at = 0, None, None


def _queues_in_force(told: Told) -> dict[QueueKey, QueueSettings]:
    queues = {queue.key: queue for queue in told.settings.queues}
    for surge in told.settings.surges:
        if surge.key == told.surge:
            queues.update((queue.key, queue) for queue in surge.queues)
    return queues


def _line_switched(told: Told, event: e.LineClosed | e.LineReopened) -> None:
    is_new = isinstance(event, e.LineClosed) != (event.line in told.closed_lines)
    expect(is_new, "closing", f"{event.line} was switched to what it was")
    told.closed_lines ^= {event.line}


def _surge_switched(told: Told, event: e.SurgeSwitched) -> None:
    expect(event.surge != told.surge, "I24", "a surge was switched on that was on")
    told.surge = event.surge
    told.queue_settings = _queues_in_force(told)
    _reckon_reaches(told)
    _begin_anew(told)


def _skills_changed(told: Told, event: e.AgentSkillsChanged) -> None:
    has = told.agent_settings[event.agent].skills
    expect(set(event.skills) != set(has), "skills", f"{event.agent} was given what she had")
    told.changed_skills.pop(event.agent, None)
    usual = next(each for each in told.settings.agents if each.key == event.agent)
    if set(event.skills) != set(usual.skills):
        told.changed_skills[event.agent] = ChangedSkills(
            agent=event.agent,
            skills=event.skills,
            instead_of=usual.skills,
            by=event.by,
            since=told.now,
        )
    _reckon_reaches(told)
    _begin_anew(told)


def _centre_resumed(told: Told, _event: e.CentreResumed) -> None:
    for offer in told.offers.values():
        offer.needs_renewal = True


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.ConfigurationAdopted: _configuration_adopted,
    e.LineClosed: _line_switched,
    e.LineReopened: _line_switched,
    e.SurgeSwitched: _surge_switched,
    e.AgentSkillsChanged: _skills_changed,
    e.CentreResumed: _centre_resumed,
    e.ClockStepNoted: nothing,
    e.CommandFailureNoted: nothing,
    e.InputPassedOver: nothing,
    e.RequestRefused: nothing,
}
