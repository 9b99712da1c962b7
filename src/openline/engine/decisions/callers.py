"""Inputs from callers' legs: arrive, hear the greeting, hang up."""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import end_call
from openline.engine.decisions.sending import go_in, message_over
from openline.engine.state import CallState
from openline.model import CallId, Instant, Reason

_GREETING = CallState.GREETING
"""Asked for at every call; a member of an enum is slow to look up on its class."""


def leg_arrived(d: Decision, seen: i.LegArrived) -> None:
    """Takes the call: greeting first where the line has one, else at once where it leads."""
    if seen.leg in d.state.calls_by_leg or seen.leg in d.state.agents_by_leg:
        d.pass_over(seen, Reason.LEG_KNOWN_ALREADY)
        return
    line = d.state.lines.get(seen.line)
    if line is None:
        d.pass_over(seen, Reason.UNKNOWN_LINE)
        d.order(c.HangUpLeg(id=d.command_id(), leg=seen.leg, reason=Reason.UNKNOWN_LINE))
        return
    call_id = CallId(d.state.next_call)
    d.record(
        e.CallArrived(
            call=call_id, leg=seen.leg, line=seen.line, origin=seen.origin, caller=seen.caller
        )
    )
    call = d.state.calls[call_id]
    if line.greeting is None:
        go_in(d, call, Reason.NO_GREETING)
        return
    playback = d.command_id()
    due_at = Instant(d.now + d.state.settings.greeting_limit)
    d.record(e.GreetingStarted(call=call_id, playback=playback, due_at=due_at))
    d.order(c.PlayGreeting(id=playback, leg=seen.leg, call=call_id, sound=line.greeting))


def playback_finished(d: Decision, seen: i.PlaybackFinished) -> None:
    """Lets the caller go on when the greeting or a message has been heard."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    elif call.playback != seen.playback:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    elif call.state is _GREETING:
        go_in(d, call, Reason.GREETING_HEARD)
    elif call.state is CallState.MESSAGE:
        message_over(d, call, Reason.MESSAGE_HEARD)
    else:
        d.pass_over(seen, Reason.OUT_OF_DATE)


def leg_hung_up(d: Decision, seen: i.LegHungUp) -> None:
    """Ends the caller's call. An agent's leg cannot hang up: a page that goes is lost."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    else:
        end_call(d, call, Reason.CALLER_HUNG_UP)
