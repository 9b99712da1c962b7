"""Inputs of supervisors about who takes which calls: other skills for an agent, a call for herself.

Changed skills count from the next routing decision on, and in the same step for whoever waits; who
rings or talks stays with whom he is. They hold over restarts, until they are changed back or a new
configuration says something else of her. A call that is taken is the next one of its queue, so
that nobody in it is passed over; it rings like any other offer.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import offer
from openline.engine.decisions.new_rules import reckon_anew
from openline.engine.routing import ORIGIN_RANK
from openline.engine.settings import Settings, SkillLevel
from openline.engine.state import Agent, AgentState, Call
from openline.model import QueueKey, Reason, SkillKey

_MAY_TAKE = (AgentState.PAUSED, AgentState.READY)


def skills_change_requested(d: Decision, seen: i.SkillsChangeRequested) -> None:
    """Changes what an agent can take, unless somebody else changed it meanwhile."""
    if seen.agent not in d.state.agents:
        d.refuse(seen, seen.by, Reason.UNKNOWN_AGENT)
        return
    known, wanted = known_skills(d.state.settings), _levels(seen.skills)
    has = _levels(d.state.agent_settings[seen.agent].skills)
    if any(skill not in known for skill in wanted):
        d.refuse(seen, seen.by, Reason.UNKNOWN_SKILL)
    elif wanted == has:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif _levels(seen.instead_of) != has:
        d.refuse(seen, seen.by, Reason.CHANGED_MEANWHILE)
    else:
        skills = tuple(SkillLevel(skill=key, level=wanted[key]) for key in sorted(wanted))
        d.record(e.AgentSkillsChanged(agent=seen.agent, skills=skills, by=seen.by))
        reckon_anew(d, Reason.SKILLS_CHANGED)


def _levels(skills: tuple[SkillLevel, ...]) -> dict[SkillKey, int]:
    return {each.skill: each.level for each in skills}


def known_skills(settings: Settings) -> tuple[SkillKey, ...]:
    """Returns every skill that a queue asks for, in whatever surge, or that an agent has."""
    queues = (*settings.queues, *(queue for surge in settings.surges for queue in surge.queues))
    asked = (*(q.needs for q in queues), *(step.needs for q in queues for step in q.overflow))
    held = (agent.skills for agent in settings.agents)
    return tuple(dict.fromkeys(each.skill for levels in (*asked, *held) for each in levels))


def call_take_requested(d: Decision, seen: i.CallTakeRequested) -> None:
    """Lets the next call of a queue ring for a supervisor, whatever skills she has."""
    agent = d.state.agents.get(seen.by)
    refusal = _refusal(d, seen, agent)
    if refusal is not None or agent is None:
        d.refuse(seen, seen.by, refusal or Reason.UNKNOWN_AGENT)
        return
    call = _first(d, agent, seen.queue)
    if call is None:
        d.refuse(seen, seen.by, Reason.NOBODY_WAITS)
        return
    if agent.state is AgentState.PAUSED:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.TAKEN))
    offer(d, call, agent, Reason.TAKEN)


def _refusal(d: Decision, seen: i.CallTakeRequested, agent: Agent | None) -> Reason | None:
    if agent is None:
        return Reason.UNKNOWN_AGENT
    if seen.queue not in d.state.queues:
        return Reason.UNKNOWN_QUEUE
    if agent.state is AgentState.SIGNED_OUT:
        return Reason.NOT_SIGNED_IN
    if agent.rests_until is not None:
        return Reason.IN_RECOVERY
    if agent.state not in _MAY_TAKE or agent.gone_at is not None:
        return Reason.NOT_IN_THIS_STATE
    return None


def _first(d: Decision, agent: Agent, queue: QueueKey) -> Call | None:
    """Returns who is next in the queue of those whose calls she takes; people before practice."""
    for origin in sorted(agent.origins, key=ORIGIN_RANK.__getitem__):
        for number in d.state.index.callers.waiting((queue, origin), d.now):
            call = d.state.calls[number]
            if not call.is_overdue:
                return call
    return None
