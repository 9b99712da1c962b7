"""Inputs from callers' legs: arrive, hear the greeting, hang up."""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import recognise, sound_for
from openline.engine.decisions.endings import end_call
from openline.engine.decisions.forwarding import announced
from openline.engine.decisions.menus import prompt_heard
from openline.engine.decisions.opening import turned_away
from openline.engine.decisions.outside import outside_hung_up
from openline.engine.decisions.sending import go_in, message_over, send_to
from openline.engine.settings import LineSettings
from openline.engine.state import CallState
from openline.model import CallId, EntryKey, Instant, Origin, PartnerKey, Reason

_ASKED = (CallState.MENU, CallState.CONSENT)
_BECAUSE = {
    i.HangUp.BY_PARTY: Reason.CALLER_HUNG_UP,
    i.HangUp.WHILE_AWAY: Reason.LEFT_WHILE_AWAY,
    i.HangUp.TELEPHONY_LOST: Reason.TELEPHONY_LOST,
}
# Every call comes past these; a member of an enum is slow to look up on its class.
_GREETING = CallState.GREETING
_NO_GREETING = Reason.NO_GREETING


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
    is_late = seen.waiting_since is not None and seen.waiting_since > d.now
    d.record(
        e.CallArrived(
            call=call_id,
            leg=seen.leg,
            line=seen.line,
            origin=seen.origin,
            caller=seen.caller,
            entry=seen.entry,
            language=_language(line, seen.entry),
            can_be_called_back=seen.can_be_called_back,
            waiting_since=None if is_late else seen.waiting_since,
            medium=seen.medium,
        )
    )
    call = d.state.calls[call_id]
    if d.state.partners:
        recognise(d, call, _partner_of(line, seen), Reason.ARRIVED)
    if line.hours is not None or d.state.closed_lines:
        away = turned_away(d.state, line, d.now)
        if away is not None and call.origin is not Origin.PRACTICE:
            send_to(d, call, *away)
            return
    if line.greeting is None:
        go_in(d, call, _NO_GREETING)
        return
    playback = d.command_id()
    due_at = Instant(d.now + d.state.settings.greeting_limit)
    d.record(e.GreetingStarted(call=call_id, playback=playback, due_at=due_at))
    d.order(
        c.PlayGreeting(
            id=playback, leg=seen.leg, call=call_id, sound=sound_for(d, call, line.greeting)
        )
    )


def _partner_of(line: LineSettings, seen: i.LegArrived) -> PartnerKey | None:
    """Returns who calls by what the port knows, else by the number or page that is his alone."""
    if seen.partner is not None:
        return seen.partner
    entries = (each.partner for each in line.entries if each.key == seen.entry)
    return next(entries, None) or line.partner


def _language(line: LineSettings, entry: EntryKey | None) -> str | None:
    """Returns the language in which he is spoken to: that of his entry, else of the line."""
    for each in line.entries:
        if each.key == entry and each.language is not None:
            return each.language
    return line.language


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
    elif call.state is CallState.FORWARDED:
        announced(d, call)
    elif call.state in _ASKED and not call.has_heard_prompt:
        prompt_heard(d, call)
    else:
        d.pass_over(seen, Reason.OUT_OF_DATE)


def leg_hung_up(d: Decision, seen: i.LegHungUp) -> None:
    """Ends the caller's call; somebody outside only leaves it.

    An agent's leg cannot hang up: a page that goes is lost.
    """
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        outside_hung_up(d, seen)
    else:
        end_call(d, call, _BECAUSE[seen.why])
