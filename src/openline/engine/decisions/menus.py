"""What digits, and their failing to come, do in menus and to the question for consent.

A digit that the menu does not know, and silence, cost one hearing of the prompt each. When the
hearings are used up the caller goes where the menu says, as a rule to the queue of his line: nobody
must be able to press a key to be helped.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.decisions.acts import enqueue, recognise
from openline.engine.decisions.sending import go_in, send_to, start_menu
from openline.engine.settings import MenuChoice, MenuSettings
from openline.engine.state import Call, CallState
from openline.model import Instant, Reason


def digit_pressed(d: Decision, seen: i.DigitPressed) -> None:
    """Takes a choice, or an answer; a digit that nobody asked for changes nothing."""
    call = d.state.calls_by_leg.get(seen.leg)
    if call is None:
        d.pass_over(seen, Reason.UNKNOWN_LEG)
    elif call.state not in (CallState.MENU, CallState.CONSENT):
        d.pass_over(seen, Reason.NOT_IN_THIS_STATE)
    elif call.playback != seen.playback:
        d.pass_over(seen, Reason.OUT_OF_DATE)
    elif call.state is CallState.MENU:
        menu = _menu_of(d, call)
        choice = next((each for each in menu.choices if each.digit == seen.digit), None)
        if choice is None:
            _fail(d, call, menu, Reason.WRONG_DIGIT)
        else:
            _choose(d, call, menu, choice)
    else:
        consent = d.state.lines[call.line].consent
        given = consent is not None and consent.digit == seen.digit
        answer_consent(d, call, given=given, reason=Reason.CHOSEN)


def prompt_heard(d: Decision, call: Call) -> None:
    """Begins the time in which a digit is awaited."""
    if call.state is CallState.MENU:
        limit = _menu_of(d, call).time_limit
    else:
        consent = d.state.lines[call.line].consent
        if consent is None:  # the line asks no more
            answer_consent(d, call, given=False, reason=Reason.NO_CHOICE)
            return
        limit = consent.time_limit
    d.record(e.PromptHeard(call=call.id, due_at=Instant(d.now + limit)))


def nothing_pressed(d: Decision, call: Call) -> None:
    """Goes on without a digit: its time is over."""
    if call.state is CallState.MENU:
        _fail(d, call, _menu_of(d, call), Reason.NO_CHOICE)
    else:
        answer_consent(d, call, given=False, reason=Reason.NO_CHOICE)


def answer_consent(d: Decision, call: Call, *, given: bool, reason: Reason) -> None:
    """Notes the answer and lets the caller go on."""
    d.record(e.ConsentAnswered(call=call.id, given=given, reason=reason))
    go_in(d, call, Reason.GREETING_HEARD)


def _menu_of(d: Decision, call: Call) -> MenuSettings:
    assert call.menu is not None, f"call {call.id} is in no menu"
    return d.state.menus[call.menu]


def _choose(d: Decision, call: Call, menu: MenuSettings, choice: MenuChoice) -> None:
    d.record(
        e.ChoiceMade(
            call=call.id,
            menu=menu.key,
            digit=choice.digit,
            topic=choice.topic,
            language=choice.language,
            reason=Reason.CHOSEN,
        )
    )
    if choice.partner is not None:
        recognise(d, call, choice.partner, Reason.CHOSEN)
    send_to(d, call, choice.to, Reason.CHOSEN)


def _fail(d: Decision, call: Call, menu: MenuSettings, reason: Reason) -> None:
    if call.attempt <= menu.repeats:
        start_menu(d, call, menu, call.attempt + 1, reason)
        return
    d.record(
        e.ChoiceMade(
            call=call.id, menu=menu.key, digit=None, topic=None, language=None, reason=reason
        )
    )
    if menu.otherwise is None:
        enqueue(d, call, Reason.NO_CHOICE, call.waiting_since)
    else:
        send_to(d, call, menu.otherwise, Reason.NO_CHOICE)
