"""Could this have happened to a call that is asked, sent on, hears a message or leaves one?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AnyWayOut, CallState, FlowsWhen, Interflow
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldCall
from openline.model import Reason

_RULES = {
    Reason.MAXIMUM_WAIT: FlowsWhen.WAITED,
    Reason.NOBODY_AT_WORK: FlowsWhen.NOBODY_AT_WORK,
    Reason.LONG_WAIT: FlowsWhen.LONG_WAIT,
}


def is_unowned(call: ToldCall) -> None:
    """Holds a call that is taken somewhere to belong to nobody just then."""
    expect(call.offer is None, "I28", f"call {call.id} was taken away under an offer")
    expect(call.agent is None, "I2", f"call {call.id} was taken from its agent")


def _call_sent(told: Told, event: e.CallSent) -> None:
    call = told.calls[event.call]
    is_unowned(call)
    expect(event.hops == call.hops + 1, "I26", f"call {call.id}: a hop was not counted")
    is_within = event.hops <= told.settings.hop_limit
    expect(is_within, "I26", f"call {call.id} goes round in circles")
    call.hops = event.hops
    call.is_closed_to = event.reason in (Reason.LINE_CLOSED, Reason.CLOSED_BY_SUPERVISOR)
    if event.reason is Reason.CLOSED_BY_SUPERVISOR:
        expect(call.line in told.closed_lines, "closing", f"{call.line} is not closed")
    if event.reason is Reason.LINE_CLOSED:
        expect(not _is_open(told, call), "I10", f"{call.line} is open")
    left_by_a_rule(told, call, event.reason, event.to)
    in_queue = call.stage is CallState.QUEUED
    waited = told.now - call.queued_at if in_queue and call.queued_at is not None else 0
    left = call.queue if in_queue else None
    expect(event.left == left, "I8", f"call {call.id} left another queue than was told")
    expect(event.waited == waited, "I9", f"call {call.id} waited {waited} before it was sent")
    if in_queue:
        call.waited_before_sent = waited
        call.stage = CallState.GREETING


def _is_open(told: Told, call: ToldCall) -> bool:
    """Whether the hours of the call's line say so, counted change by change."""
    line = next(line for line in told.settings.lines if line.key == call.line)
    hours = next((each for each in told.settings.hours if each.key == line.hours), None)
    if hours is None:
        return True
    passed = sum(1 for change in hours.changes if change <= told.now)
    return hours.open_first if passed % 2 == 0 else not hours.open_first


def _consent_asked(told: Told, event: e.ConsentAsked) -> None:
    call = told.calls[event.call]
    expect(call.consent is None, "I20", f"call {call.id} was asked for consent twice")
    call.stage = CallState.CONSENT


def _consent_answered(told: Told, event: e.ConsentAnswered) -> None:
    call = told.calls[event.call]
    expect(call.stage is CallState.CONSENT, "I20", f"call {call.id} was not asked for consent")
    if event.given:
        said_so = event.reason is Reason.CHOSEN
        expect(said_so, "I20", f"call {call.id} did not say yes")
    call.consent = event.given
    call.stage = CallState.GREETING


def _menu_started(told: Told, event: e.MenuStarted) -> None:
    call = told.calls[event.call]
    is_unowned(call)
    menu = next(menu for menu in told.settings.menus if menu.key == event.menu)
    is_again = event.reason in (Reason.NO_CHOICE, Reason.WRONG_DIGIT) and event.attempt > 1
    attempt = call.attempt + 1 if is_again else 1
    expect(event.attempt == attempt, "menu", f"call {call.id}: a hearing was not counted")
    is_within = event.attempt <= 1 + menu.repeats
    expect(is_within, "menu", f"call {call.id} hears {event.menu} again and again")
    call.stage, call.menu, call.attempt = CallState.MENU, event.menu, event.attempt


def _prompt_heard(told: Told, event: e.PromptHeard) -> None:
    call = told.calls[event.call]
    expect(event.due_at > told.now, "I15", f"call {call.id} has no time to choose")


def _choice_made(told: Told, event: e.ChoiceMade) -> None:
    call = told.calls[event.call]
    expect(call.menu == event.menu, "menu", f"call {call.id} chose in another menu")
    menu = next(menu for menu in told.settings.menus if menu.key == event.menu)
    if event.digit is None:
        expect(call.attempt > menu.repeats, "menu", f"call {call.id} was given up too early")
    else:
        offered = [choice.digit for choice in menu.choices]
        expect(event.digit in offered, "menu", f"call {call.id} chose what is not offered")
    call.topic = event.topic or call.topic
    call.language = event.language or call.language


def left_by_a_rule(told: Told, call: ToldCall, reason: Reason, to: AnyWayOut) -> Interflow | None:
    """Holds a call that leaves its queue to the rules of that queue; returns the one it left by."""
    call.keeps_place = True
    when, rule = _RULES.get(reason), None
    if when is not None and call.stage is CallState.QUEUED:
        rules = [each for each in told.rules_of(call) if each.when is when]
        if when is FlowsWhen.WAITED and call.queued_at is not None:
            rules = [each for each in rules if call.queued_at + each.after <= told.now]
        is_first = bool(rules) and rules[0].to == to
        expect(is_first, "interflow", f"call {call.id} left {call.queue} by no rule of it")
        rule = rules[0]
        holds = told.now in (call.queued_at, call.back_at)
        if when is FlowsWhen.WAITED:
            holds = call.is_overdue
        elif when is FlowsWhen.NOBODY_AT_WORK:
            holds = holds and not told.is_staffed(call)
        expect(holds, "interflow", f"call {call.id} left {call.queue} without cause")
        call.keeps_place = rule.keeps_place
    call.widens_at = call.leaves_at = call.announce_at = call.callback_offer_at = None
    call.is_overdue = False
    return rule


def _maximum_wait_reached(told: Told, event: e.MaximumWaitReached) -> None:
    call = told.calls[event.call]
    is_due = call.leaves_at is not None and call.leaves_at <= told.now
    expect(is_due, "interflow", f"call {call.id} was sent away before its time")
    call.leaves_at, call.is_overdue = None, True


def _maximum_wait_moved(told: Told, event: e.MaximumWaitMoved) -> None:
    call = told.calls[event.call]
    expect(
        event.queue == call.queue and event.leaves_at == told.leaves_at(call),
        "interflow",
        f"call {call.id} was given another maximum than the rules in force have",
    )
    call.leaves_at, call.is_overdue = event.leaves_at, False


def _hop_limit_reached(told: Told, event: e.HopLimitReached) -> None:
    call = told.calls[event.call]
    expect(call.hops >= told.settings.hop_limit, "I26", f"call {call.id} may go on")
    call.is_overdue = False


def _message_started(told: Told, event: e.MessageStarted) -> None:
    call = told.calls[event.call]
    is_unowned(call)
    call.stage, call.menu = CallState.MESSAGE, None


def _voicemail_started(told: Told, event: e.VoicemailStarted) -> None:
    call = told.calls[event.call]
    expect(call.stage is CallState.MESSAGE, "I1", f"call {call.id} heard no prompt")
    call.stage = CallState.VOICEMAIL


def _voicemail_left(told: Told, event: e.VoicemailLeft) -> None:
    call = told.calls[event.call]
    expect(call.stage is CallState.VOICEMAIL, "I1", f"call {call.id} spoke into no box")
    call.has_left_voicemail = True


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.ConsentAsked: _consent_asked,
    e.ConsentAnswered: _consent_answered,
    e.MenuStarted: _menu_started,
    e.PromptHeard: _prompt_heard,
    e.ChoiceMade: _choice_made,
    e.CallSent: _call_sent,
    e.MaximumWaitMoved: _maximum_wait_moved,
    e.MaximumWaitReached: _maximum_wait_reached,
    e.HopLimitReached: _hop_limit_reached,
    e.MessageStarted: _message_started,
    e.VoicemailStarted: _voicemail_started,
    e.VoicemailLeft: _voicemail_left,
}
