"""Inputs about help: an agent raises a silent hand, and a supervisor says that he comes.

The hand belongs to the work on one call. It is up while she talks or wraps up, and goes down when
she says so or when that work is over (`apply` sees to that): nobody comes for a call long done.
One supervisor comes; who says so second is told that it is taken. Nothing is sent to the caller.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.requests import permitted
from openline.engine.state import Agent
from openline.model import Reason


def help_requested(d: Decision, seen: i.HelpRequested) -> None:
    """Raises her hand; it is up already where she asked before."""
    agent = permitted(d, seen)
    if agent is None:
        return
    if agent.help_since is not None:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        d.record(e.HelpAsked(agent=agent.key))


def help_withdraw_requested(d: Decision, seen: i.HelpWithdrawRequested) -> None:
    """Takes her hand down, whether or not somebody is on the way."""
    agent = permitted(d, seen)
    if agent is None:
        return
    if agent.help_since is None:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        d.record(e.HelpEnded(agent=agent.key))


def help_take_requested(d: Decision, seen: i.HelpTakeRequested) -> None:
    """Tells her who comes, or that he does not after all; said twice it changes nothing."""
    agent = d.state.agents.get(seen.agent)
    refusal = _refusal(seen, agent)
    if refusal is not None or agent is None:
        d.refuse(seen, seen.by, refusal or Reason.UNKNOWN_AGENT)
    elif (agent.help_by is not None) is seen.takes:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    elif seen.takes:
        d.record(e.HelpTaken(agent=agent.key, by=seen.by))
    else:
        d.record(e.HelpGivenBack(agent=agent.key, by=seen.by))


def _refusal(seen: i.HelpTakeRequested, agent: Agent | None) -> Reason | None:
    if agent is None:
        return Reason.UNKNOWN_AGENT
    if agent.help_since is None:
        return Reason.NO_HELP_WANTED
    if agent.help_by not in (None, seen.by):
        return Reason.HELP_IS_TAKEN
    return None
