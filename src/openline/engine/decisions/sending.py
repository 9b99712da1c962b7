"""Sending a call on: one act for every place where a call can go.

A call that is sent on is counted (`hops`), and past the limit of the settings it is not sent any
further: a call that waits stays where it waits, any other goes to the queue of its line. So no
overflow, menu or closed line can send anybody in circles (I26), and nobody is cut off for it.
"""

from typing import assert_never

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import enqueue, sound_for
from openline.engine.decisions.endings import end_call
from openline.engine.destinations import AnyDestination, ToMenu, ToMessage, ToQueue, ToVoicemail
from openline.engine.settings import ConsentSettings, MenuSettings
from openline.engine.state import Call, CallState
from openline.model import SECOND, BoxKey, CommandId, Duration, Instant, Origin, Reason

_PRACTICE = Origin.PRACTICE
"""Asked for at every call; a member of an enum is slow to look up on its class."""
_REPORTED_WITHIN = Duration(30 * SECOND)
"""So long after its limit a recording may be reported as ended; then it is given up."""


def send_to(
    d: Decision, call: Call, to: AnyDestination, reason: Reason, *, keeps_place: bool = True
) -> bool:
    """Sends the call to a place for a reason; returns whether it went there.

    It must not be offered to anybody just then. If it waited already, its place in a queue counts
    from when it first waited, unless it is not to keep it.
    """
    if call.hops >= d.state.settings.hop_limit:
        d.record(e.HopLimitReached(call=call.id, reason=reason))
        if not call.is_waiting:
            enqueue(d, call, Reason.HOP_LIMIT, call.waiting_since)
        return False
    waited = Duration(0)
    if call.is_waiting and call.queued_at is not None:
        waited = Duration(d.now - call.queued_at)
    d.record(
        e.CallSent(
            call=call.id,
            line=call.line,
            origin=call.origin,
            to=to,
            hops=call.hops + 1,
            left=call.queue if call.is_waiting else None,
            waited=waited,
            reason=reason,
        )
    )
    match to:
        case ToQueue(queue=queue):
            since = call.waiting_since if keeps_place else None
            enqueue(d, call, reason, since, queue)
        case ToMenu(menu=menu):
            start_menu(d, call, d.state.menus[menu], 1, reason)
        case ToMessage(sound=sound):
            play_message(d, call, sound, None, reason)
        case ToVoicemail(box=box):
            play_message(d, call, d.state.boxes[box].prompt, box, reason)
        case _:
            assert_never(to)
    return True


def go_in(d: Decision, call: Call, reason: Reason) -> None:
    """Lets a call that was greeted go where its line leads; a practice call to an agent."""
    line = d.state.lines[call.line]
    if call.origin is _PRACTICE:
        enqueue(d, call, reason)
    elif line.consent is not None and call.consent is None:
        ask_for_consent(d, call, line.consent)
    elif line.leads_to is None:
        enqueue(d, call, reason)
    else:
        send_to(d, call, line.leads_to, Reason.LED_ON)


# --- questions -----------------------------------------------------------------------------


def ask_for_consent(d: Decision, call: Call, consent: ConsentSettings) -> None:
    """Asks whether the call may be recorded."""
    playback = d.command_id()
    due_at = Instant(d.now + d.state.settings.greeting_limit)
    d.record(e.ConsentAsked(call=call.id, playback=playback, due_at=due_at))
    _order_question(d, call, playback, consent.question)


def start_menu(d: Decision, call: Call, menu: MenuSettings, attempt: int, reason: Reason) -> None:
    """Plays the prompt of a menu, for the first time or again."""
    playback = d.command_id()
    d.record(
        e.MenuStarted(
            call=call.id,
            menu=menu.key,
            attempt=attempt,
            playback=playback,
            due_at=Instant(d.now + d.state.settings.greeting_limit),
            reason=reason,
        )
    )
    _order_question(d, call, playback, menu.prompt)


def _order_question(d: Decision, call: Call, playback: CommandId, sound: str) -> None:
    d.order(c.AskDigit(id=playback, leg=call.leg, call=call.id, sound=sound_for(d, call, sound)))


def ask_again(d: Decision, call: Call) -> None:
    """Orders again, under the same id, the question to a caller who was lost and is back."""
    assert call.playback is not None, f"call {call.id} is asked nothing"
    if call.menu is not None:
        _order_question(d, call, call.playback, d.state.menus[call.menu].prompt)
        return
    consent = d.state.lines[call.line].consent
    if consent is not None:
        _order_question(d, call, call.playback, consent.question)


# --- messages ------------------------------------------------------------------------------


def play_message(d: Decision, call: Call, sound: str, box: BoxKey | None, reason: Reason) -> None:
    """Orders a sound after which the call ends, or the recording into the box begins."""
    playback = d.command_id()
    sound = sound_for(d, call, sound)
    d.record(
        e.MessageStarted(
            call=call.id,
            playback=playback,
            sound=sound,
            box=box,
            due_at=Instant(d.now + d.state.settings.greeting_limit),
            reason=reason,
        )
    )
    d.order(c.PlayMessage(id=playback, leg=call.leg, call=call.id, sound=sound))


def message_over(d: Decision, call: Call, reason: Reason) -> None:
    """Lets the caller speak into the box whose prompt he heard, or ends the call."""
    if call.box is None:
        end_call(d, call, reason)
        return
    limit = d.state.boxes[call.box].limit
    recording = d.command_id()
    d.record(
        e.VoicemailStarted(
            call=call.id,
            box=call.box,
            recording=recording,
            due_at=Instant(d.now + limit + _REPORTED_WITHIN),
        )
    )
    d.order(c.RecordVoicemail(id=recording, leg=call.leg, call=call.id, box=call.box, limit=limit))


def play_again(d: Decision, call: Call) -> None:
    """Orders again, under the same id, what a caller heard who was lost and is back."""
    assert call.playback is not None, f"call {call.id} hears nothing"
    if call.state is CallState.VOICEMAIL:
        assert call.box is not None, f"call {call.id} speaks into no box"
        limit = d.state.boxes[call.box].limit
        d.order(
            c.RecordVoicemail(
                id=call.playback, leg=call.leg, call=call.id, box=call.box, limit=limit
            )
        )
    else:
        assert call.sound is not None, f"call {call.id} hears no message"
        d.order(c.PlayMessage(id=call.playback, leg=call.leg, call=call.id, sound=call.sound))


# --- voicemail -----------------------------------------------------------------------------


def voicemail_ended(d: Decision, seen: i.VoicemailEnded) -> None:
    """Notes what was left, if anything was, and ends the call."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    elif call.state is not CallState.VOICEMAIL or call.playback != seen.recording:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    else:
        if seen.length > 0:
            assert call.box is not None, f"call {call.id} speaks into no box"
            d.record(
                e.VoicemailLeft(
                    call=call.id,
                    line=call.line,
                    origin=call.origin,
                    box=call.box,
                    recording=seen.recording,
                    message=seen.message,
                    length=seen.length,
                )
            )
        end_call(d, call, Reason.VOICEMAIL_LEFT if seen.length > 0 else Reason.MESSAGE_HEARD)


def recording_failed(d: Decision, call: Call) -> None:
    """Plays what the box says where nothing can be recorded."""
    assert call.box is not None, f"call {call.id} speaks into no box"
    sound = d.state.boxes[call.box].cannot_record
    play_message(d, call, sound, None, Reason.CANNOT_RECORD)
