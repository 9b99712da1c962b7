"""The input of a caller who goes on by typing, or by speaking.

What he waits for, and his place, are the same either way. Only what joins him and his agent is
another: so a conversation goes on in a new session, and whoever waits is told again what he is to
hear, or to read.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import connect, mix, play_music
from openline.engine.decisions.sound import resume_caller
from openline.engine.state import CallState
from openline.model import Reason

_WAITS = (CallState.QUEUED, CallState.OFFERED)


def medium_chosen(d: Decision, seen: i.MediumChosen) -> None:
    """Changes how the caller is spoken with."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
        return
    if call.medium is seen.medium:
        d.pass_over(seen, Reason.NOTHING_TO_DO)
        return
    if call.state is CallState.DIALLING:
        d.pass_over(seen, Reason.NOT_IN_THIS_STATE)
        return
    d.record(e.MediumChanged(call=call.id, medium=seen.medium))
    if call.parties:
        mix(d, call, Reason.MEDIUM_CHANGED, anew=True)
    elif call.agent is not None:
        connect(d, call, d.state.agents[call.agent], Reason.MEDIUM_CHANGED)
    elif call.state in _WAITS:
        # Nothing about whose turn it is has changed, so nobody is routed.
        play_music(d, call, call.leg, Reason.MEDIUM_CHANGED)
    else:
        resume_caller(d, call, None)
