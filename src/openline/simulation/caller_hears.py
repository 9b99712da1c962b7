"""What does a caller make of what he hears? Each command to his leg changes where he stands."""

from collections.abc import Callable
from typing import Any

from openline.engine import commands as c
from openline.model import Duration, Instant, Reason
from openline.simulation.behaviour import agent_at
from openline.simulation.caller_record import SPEAKS_AT_MOST, CallerRecord


def record_hears(caller: CallerRecord, command: c.Command, now: Instant) -> bool:
    """Takes a command in; returns whether it changed where he stands."""
    hear = _HEARS.get(type(command))
    return hear is not None and hear(caller, command, now)


def _hears_sound(
    caller: CallerRecord, command: c.PlayGreeting | c.PlayMessage | c.AskDigit, now: Instant
) -> bool:
    if caller.playback == command.id:
        return False
    caller.playback = command.id
    caller.recording = caller.waiting_since = None
    caller.asks = type(command) is c.AskDigit
    caller.greeting_since = now
    caller.asked_at = None
    return True


def _hears_tone(caller: CallerRecord, command: c.RecordVoicemail, now: Instant) -> bool:
    if caller.recording == command.id:
        return False
    caller.recording = command.id
    caller.may_speak = min(command.limit, SPEAKS_AT_MOST)
    caller.greeting_since = now
    caller.asked_at = None
    return True


def _hears_music(caller: CallerRecord, command: c.PlayMusic, now: Instant) -> bool:
    if command.reason is Reason.TRANSFERRED:
        caller.answered_at = caller.agent = caller.held_since = caller.asked_at = None
        caller.held = Duration(0)
        caller.is_handed_on = True
        caller.waiting_since = now
        return True
    if caller.answered_at is not None:
        # The agent's page is lost: he waits with the conversation open, or queues anew.
        return False
    return _waits(caller, now)


def _waits(caller: CallerRecord, now: Instant) -> bool:
    if caller.waiting_since is not None:
        return False
    caller.asks = False
    caller.waiting_since = now
    caller.place_since = caller.place_since or now
    caller.asked_at = None
    return True


def _hears_room(caller: CallerRecord, command: c.MixCall, now: Instant) -> bool:
    """Learns that he was handed on outside; then nobody here asks anything for him any more.

    Whom his queue sends outside hears music first, and then whoever answers there.
    """
    if caller.answered_at is None:
        return _hears_outside(caller, command, now)
    if command.reason is not Reason.TRANSFERRED or caller.agent is None:
        return False
    caller.agent = caller.held_since = caller.asked_at = None
    caller.held = Duration(0)
    caller.answered_at = now
    caller.is_handed_on = True
    return True


def _hears_outside(caller: CallerRecord, command: c.MixCall, now: Instant) -> bool:
    heard = next((one for one in command.hears if one.leg == caller.leg), None)
    if heard is None:
        return False
    if not heard.others:
        return _waits(caller, now)
    caller.answered_at, caller.asked_at = now, None
    return True


def _hears_agent(caller: CallerRecord, command: c.ConnectLegs, now: Instant) -> bool:
    agent = agent_at(command.agent_leg)
    if caller.answered_at is not None and caller.agent == agent:
        return False
    if caller.answered_at is None:
        caller.answered_at = now
    caller.agent = agent
    caller.asked_at = None
    return True


def _hears_hold(caller: CallerRecord, command: c.HoldCall, now: Instant) -> bool:
    if caller.held_since is not None:
        return False
    caller.held_since = now
    caller.asked_at = None
    return True


def _hears_resume(caller: CallerRecord, command: c.ResumeCall, now: Instant) -> bool:
    if caller.held_since is None:
        return False
    # Never nothing, so that nobody is held a second time.
    caller.held = Duration(caller.held + max(1, now - caller.held_since))
    caller.held_since = None
    caller.asked_at = None
    return True


def _hears_offer_of_callback(caller: CallerRecord, command: c.OfferCallback, now: Instant) -> bool:
    callback = caller.callback
    if callback is None or not callback.takes_it or caller.answered_at is not None:
        return False
    caller.asks_callback_at = Instant(now + callback.decides_after)
    return True


def _hears_end(caller: CallerRecord, command: c.HangUpLeg | c.EndWithWords, now: Instant) -> bool:
    caller.is_gone = True
    return True


_HEARS: dict[type[c.Command], Callable[[CallerRecord, Any, Instant], bool]] = {
    c.PlayGreeting: _hears_sound,
    c.PlayMessage: _hears_sound,
    c.AskDigit: _hears_sound,
    c.RecordVoicemail: _hears_tone,
    c.PlayMusic: _hears_music,
    c.ConnectLegs: _hears_agent,
    c.MixCall: _hears_room,
    c.HoldCall: _hears_hold,
    c.ResumeCall: _hears_resume,
    c.OfferCallback: _hears_offer_of_callback,
    c.HangUpLeg: _hears_end,
    c.EndWithWords: _hears_end,
}
