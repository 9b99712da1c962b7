"""Inputs from agents about the work after a call: it takes longer, or it is done.

Nobody is ever made ready while she still types: the limit of a wrap-up only warns. When she is
done, what comes next is asked in this order: that a supervisor signed her out; her recovery break;
what else a supervisor wants; her own last word.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import finish_wrap_up, offer_to
from openline.engine.decisions.requests import permitted
from openline.engine.decisions.supervision import follow_force
from openline.engine.state import Agent, AgentState
from openline.model import Instant, Reason

_WRAP_UP_DONE = Reason.WRAP_UP_DONE


def wrap_up_extend_requested(d: Decision, seen: i.WrapUpExtendRequested) -> None:
    """Moves the limit on, counted from now; she may ask as often as she likes."""
    agent = permitted(d, seen)
    if agent is None:
        return
    assert agent.wrap_up_queue is not None, f"{agent.key} wraps up a call of no queue"
    warn_at = Instant(d.now + d.state.queues[agent.wrap_up_queue].wrap_up_limit)
    if agent.warn_at == warn_at:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
    else:
        d.record(e.WrapUpExtended(agent=agent.key, warn_at=warn_at))


def wrap_up_finish_requested(d: Decision, seen: i.WrapUpFinishRequested) -> None:
    """Closes the work after the call; her last word on what comes next holds."""
    agent = permitted(d, seen)
    if agent is None:
        return
    settings = d.state.settings
    if seen.disposition not in settings.dispositions:
        empty = not seen.disposition
        d.refuse(
            seen,
            agent.key,
            Reason.DISPOSITION_MISSING if empty else Reason.UNKNOWN_DISPOSITION,
        )
        return
    pause = None if seen.ready else (seen.pause_reason or agent.pause_after)
    if pause is not None and pause not in settings.pause_reasons:
        d.refuse(seen, agent.key, Reason.UNKNOWN_PAUSE_REASON)
        return
    finish_wrap_up(d, agent, seen.disposition, seen.note)
    if seen.recovery and settings.recovery_break and agent.forced_to is not AgentState.SIGNED_OUT:
        _rest(d, agent)
    elif agent.forced_to is not None:
        follow_force(d, agent)
    elif seen.ready:
        d.record(e.AgentReady(agent=agent.key, reason=_WRAP_UP_DONE))
        offer_to(d, agent)
    else:
        reason = Reason.ASKED_DURING_CALL if agent.pause_after else Reason.ASKED
        d.record(e.AgentPaused(agent=agent.key, reason=reason, pause_reason=pause))


def _rest(d: Decision, agent: Agent) -> None:
    """Begins the recovery break; it ends when she says that she is ready."""
    rests_until = Instant(d.now + d.state.settings.recovery_break)
    d.record(e.AgentPaused(agent=agent.key, reason=Reason.RECOVERY, rests_until=rests_until))
