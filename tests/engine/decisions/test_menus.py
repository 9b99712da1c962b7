import msgspec

from openline.engine import (
    CallOutcome,
    CallState,
    ConsentSettings,
    EntrySettings,
    MenuChoice,
    MenuSettings,
    RecordingSettings,
    ToMenu,
    ToMessage,
    ToQueue,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.engine import Outcome
from openline.model import CommandId, EntryKey, LegId, LineKey, MenuKey, Origin, Reason
from tests.builders import seconds
from tests.engine.builders import CRISIS, DIRECT, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

CALLER = LegId("web:1")
MAIN, MORE = MenuKey("main"), MenuKey("more")
MENUS = (
    MenuSettings(
        key=MAIN,
        prompt="press-a-key",
        choices=(
            MenuChoice(digit="1", to=ToQueue(queue=CRISIS.key), topic="danger"),
            MenuChoice(digit="2", to=ToMenu(menu=MORE), language="es"),
        ),
        repeats=1,
        time_limit=seconds(6),
    ),
    MenuSettings(
        key=MORE,
        prompt="press-another",
        choices=(MenuChoice(digit="*", to=ToQueue(queue=SPANISH.key), topic="legal"),),
        repeats=0,
        time_limit=seconds(6),
        otherwise=ToMessage(sound="come-again"),
    ),
)
SPOKEN = (
    RecordingSettings(recording="press-another", language="es", sound="pulse-otra"),
    RecordingSettings(recording="music", language="es", sound="musica"),
)
CONSENT = ConsentSettings(question="may-we", digit="1", time_limit=seconds(5))


def _night(*, consent: bool = False, entry: str | None = None) -> Rehearsal:
    line = msgspec.structs.replace(
        DIRECT,
        leads_to=ToMenu(menu=MAIN),
        consent=CONSENT if consent else None,
        language="en",
        entries=(EntrySettings(key=EntryKey("es"), language="es"),),
    )
    night = Rehearsal(another_version(lines=(line,), menus=MENUS, recordings=SPOKEN))
    night.see(
        i.LegArrived(
            leg=CALLER,
            line=LineKey("direct"),
            origin=Origin.REAL,
            entry=None if entry is None else EntryKey(entry),
        )
    )
    return night


def _question(night: Rehearsal) -> CommandId:
    playback = night.call(CALLER).playback
    assert playback is not None
    return playback


def _press(night: Rehearsal, digit: str) -> Outcome:
    return night.see(i.DigitPressed(leg=CALLER, playback=_question(night), digit=digit))


def _hear(night: Rehearsal) -> Outcome:
    return night.see(i.PlaybackFinished(leg=CALLER, playback=_question(night)))


def test_a_digit_leads_to_its_queue_and_says_what_the_call_is_about() -> None:
    night = _night()
    pressed = _press(night, "1")
    assert kinds(pressed.events) == ["ChoiceMade", "CallSent", "CallQueued"]
    queued = only(pressed.events, e.CallQueued)
    assert (queued.queue, queued.topic, queued.reason) == (CRISIS.key, "danger", Reason.CHOSEN)
    assert only(night.leave(CALLER).events, e.CallEnded).topic == "danger"


def test_a_menu_may_lead_to_another_and_change_the_language() -> None:
    night = _night()
    assert only(_press(night, "2").commands, c.AskDigit).sound == "pulse-otra"
    chosen = _press(night, "*")
    queued = only(chosen.events, e.CallQueued)
    assert (queued.queue, queued.topic, queued.language) == (SPANISH.key, "legal", "es")
    assert only(chosen.commands, c.PlayMusic).music == "musica"


def test_a_wrong_digit_costs_one_hearing_and_the_second_leads_to_the_queue_of_the_line() -> None:
    night = _night()
    again = only(_press(night, "9").events, e.MenuStarted)
    assert (again.attempt, again.reason) == (2, Reason.WRONG_DIGIT)
    given_up = _press(night, "9")
    assert only(given_up.events, e.ChoiceMade).digit is None
    assert only(given_up.events, e.CallQueued).queue == ENGLISH.key
    assert night.call(CALLER).topic is None


def test_who_presses_nothing_hears_it_again_and_then_waits_like_everybody() -> None:
    night = _night()
    _hear(night)
    assert not night.wait(5.9)
    assert only(night.wait(0.2), e.MenuStarted).reason is Reason.NO_CHOICE
    _hear(night)
    assert only(night.wait(6), e.CallQueued).reason is Reason.NO_CHOICE


def test_without_a_choice_a_menu_may_lead_elsewhere() -> None:
    night = _night()
    _press(night, "2")
    _hear(night)
    assert only(night.wait(6), e.MessageStarted).sound == "come-again"


def test_a_prompt_that_is_never_reported_counts_as_heard() -> None:
    night = _night()
    assert only(night.wait(120), e.MenuStarted).attempt == 2


def test_who_hangs_up_in_a_menu_left_in_the_menu() -> None:
    assert only(_night().leave(CALLER).events, e.CallEnded).outcome is CallOutcome.LEFT_IN_MENU


def test_one_key_answers_one_question() -> None:
    night = _night()
    first = _question(night)
    _press(night, "2")
    late = night.see(i.DigitPressed(leg=CALLER, playback=first, digit="*"))
    assert only(late.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE
    assert night.call(CALLER).menu == MORE


def test_a_key_that_nobody_asked_for_means_nothing() -> None:
    night = _night()
    _press(night, "1")
    pressed = night.see(i.DigitPressed(leg=CALLER, playback=CommandId(1), digit="1"))
    assert only(pressed.events, e.InputPassedOver).reason is Reason.NOT_IN_THIS_STATE


def test_who_comes_back_is_asked_again_as_the_same_question() -> None:
    night = _night()
    asked = _question(night)
    night.lose(CALLER)
    assert only(night.come_back(CALLER).commands, c.AskDigit).id == asked


def test_a_menu_in_which_somebody_is_cannot_be_taken_away() -> None:
    refused = _night().publish(another_version(version=7))
    assert only(refused.events, e.InputPassedOver).reason is Reason.CONFIGURATION_IN_USE


def test_the_language_is_that_of_the_entry_and_else_of_the_line() -> None:
    assert _night(entry="es").call(CALLER).language == "es"
    assert _night(entry="unheard-of").call(CALLER).language == "en"


# --- consent -------------------------------------------------------------------------------


def test_consent_is_given_by_its_digit_alone() -> None:
    for digit, given in (("1", True), ("2", False)):
        night = _night(consent=True)
        assert night.call(CALLER).state is CallState.CONSENT
        answered = _press(night, digit)
        assert only(answered.events, e.ConsentAnswered).given is given
        assert night.call(CALLER).consent is given
        assert night.call(CALLER).state is CallState.MENU


def test_no_answer_is_a_no() -> None:
    night = _night(consent=True)
    _hear(night)
    answer = only(night.wait(5), e.ConsentAnswered)
    assert (answer.given, answer.reason) == (False, Reason.NO_CHOICE)


def test_who_was_not_asked_has_not_consented() -> None:
    assert _night().call(CALLER).consent is None


def test_who_hangs_up_at_the_question_never_reached_a_queue() -> None:
    ended = only(_night(consent=True).leave(CALLER).events, e.CallEnded)
    assert ended.outcome is CallOutcome.LEFT_BEFORE_QUEUE
