"""Inputs from supervisors: a state forced on an agent.

A talk is never cut and a wrap-up never made ready: while an agent has a call, what is forced is
noted and holds after it. Only who wraps up may be signed out at once, for she may be gone. Nobody
is forced out of a recovery break, except home.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import offer_call, offer_to, sign_out, withdraw
from openline.engine.state import Agent, AgentState
from openline.engine.transitions import FORCEABLE
from openline.model import AgentKey, Reason

_HAS_A_CALL = (AgentState.TALKING, AgentState.WRAP_UP)


def state_forced(d: Decision, seen: i.StateForced) -> None:
    """Changes the agent's state now, or notes it while she has a call."""
    agent = d.state.agents.get(seen.agent)
    refusal = _refusal(d, seen, agent)
    if refusal is not None or agent is None:
        d.refuse(seen, seen.by, refusal or Reason.UNKNOWN_AGENT)
    elif _is_so_already(agent, seen):
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif agent.state in FORCEABLE[seen.to]:
        _force(d, agent, seen.to, seen.by, seen.pause_reason)
    else:
        d.record(
            e.StateForceNoted(
                agent=agent.key, by=seen.by, to=seen.to, pause_reason=seen.pause_reason
            )
        )


def _refusal(d: Decision, seen: i.StateForced, agent: Agent | None) -> Reason | None:
    if agent is None:
        return Reason.UNKNOWN_AGENT
    if seen.to not in FORCEABLE:
        return Reason.NOT_IN_THIS_STATE
    if seen.pause_reason is not None and seen.pause_reason not in d.state.settings.pause_reasons:
        return Reason.UNKNOWN_PAUSE_REASON
    if agent.state is AgentState.SIGNED_OUT and seen.to is not AgentState.SIGNED_OUT:
        return Reason.NOT_SIGNED_IN
    if agent.rests_until is not None and seen.to is not AgentState.SIGNED_OUT:
        return Reason.IN_RECOVERY
    return None


def _is_so_already(agent: Agent, seen: i.StateForced) -> bool:
    if agent.state in _HAS_A_CALL and agent.state not in FORCEABLE[seen.to]:
        noted = agent.forced_to, agent.forced_by, agent.forced_pause
        return noted == (seen.to, seen.by, seen.pause_reason)
    if seen.to is AgentState.READY:
        return agent.state in (AgentState.READY, AgentState.OFFERED)
    if seen.to is AgentState.SIGNED_OUT:
        return agent.state is AgentState.SIGNED_OUT
    return agent.state is AgentState.PAUSED and seen.pause_reason in (None, agent.pause_reason)


def follow_force(d: Decision, agent: Agent) -> None:
    """Does after a call what a supervisor wanted during it."""
    assert agent.forced_to is not None, f"nothing is forced on {agent.key}"
    assert agent.forced_by is not None, f"nobody forces {agent.key}"
    _force(d, agent, agent.forced_to, agent.forced_by, agent.forced_pause)


def _force(
    d: Decision, agent: Agent, to: AgentState, by: AgentKey, pause_reason: str | None
) -> None:
    returned = None
    if agent.offer is not None:
        returned, _ = withdraw(d, d.state.offers[agent.offer], Reason.AGENT_LEFT)
    if to is AgentState.READY:
        d.record(e.AgentReady(agent=agent.key, reason=Reason.FORCED, by=by))
        offer_to(d, agent)
    elif to is AgentState.PAUSED:
        d.record(
            e.AgentPaused(agent=agent.key, reason=Reason.FORCED, pause_reason=pause_reason, by=by)
        )
    else:
        sign_out(d, agent, Reason.FORCED, by)
    if returned is not None:
        offer_call(d, returned)
