"""Night 14: the borrowed phone.

A promised callback is answered by the wrong person: one key ends it with neutral words. Nothing on
the display or in speech named the helpline, and nobody is rung there again.
"""

import re
from pathlib import Path

import msgspec

from openline.engine import CallbackSettings, CallOutcome, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Reason, SealedRef
from scripts.make_sounds import GOODBYES
from tests.builders import seconds
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

BORROWED = SealedRef("sealed-1")
NAMES_US = re.compile(r"help|line|crisis|counsel|call ?back|ayuda|línea|devolver", re.IGNORECASE)


def _a_promise_is_kept() -> Rehearsal:
    callback = CallbackSettings(attempts=3, goodbye="wrong-number-en", pause=seconds(300))
    queues = (msgspec.structs.replace(ENGLISH, callback=callback), SPANISH, CRISIS)
    night = Rehearsal(another_version(queues=queues))
    night.arrive("sip:1")
    night.see(i.CallbackAsked(leg=LegId("sip:1"), number=BORROWED))
    night.wait(600)
    night.ready("ben")
    night.accept("ben")
    return night


def _answered() -> Rehearsal:
    night = _a_promise_is_kept()
    (call,) = night.state.calls.values()
    assert call.state is CallState.DIALLING
    night.see(i.DialAnswered(leg=call.leg))
    return night


def _wrong_person(night: Rehearsal) -> list[object]:
    closing = i.CallbackCloseRequested(agent=AgentKey("ben"), word=i.CallbackWord.WRONG_PERSON)
    outcome = night.see(closing)
    return [*outcome.events, *outcome.commands]


def test_the_display_names_nobody() -> None:
    night = _a_promise_is_kept()
    dial = only([d for s in night.steps for d in s.outcome.commands], c.Dial)
    assert dial.is_anonymous
    assert set(dial.__struct_fields__) == {
        "id", "leg", "call", "callback", "number", "give_up_at", "is_anonymous",
    }  # fmt: skip


def test_one_key_ends_it_with_neutral_words() -> None:
    night = _answered()
    ended = _wrong_person(night)
    words = next(each for each in ended if isinstance(each, c.EndWithWords))
    assert words.sound == "wrong-number-en"
    text, _ = GOODBYES[words.sound]
    assert not NAMES_US.search(text)


def test_the_promise_is_explained_and_the_phone_is_not_rung_again() -> None:
    night = _answered()
    _wrong_person(night)
    assert only(night.events, e.CallbackEnded).reason is Reason.WRONG_PERSON
    ends = [event.outcome for event in night.events if isinstance(event, e.CallEnded)]
    assert ends == [CallOutcome.LEFT_FOR_CALLBACK, CallOutcome.CALLBACK_FAILED]
    night.finish("ben")
    assert "CallbackDialled" not in kinds(night.wait(86_400))
    assert not night.state.callbacks


def test_the_key_pressed_twice_changes_nothing() -> None:
    night = _answered()
    _wrong_person(night)
    night.say_again()


def test_every_neutral_recording_is_there_in_both_languages() -> None:
    sounds = Path(__file__).parents[2] / "frontend" / "assets" / "sounds"
    for name, (text, _) in GOODBYES.items():
        assert (sounds / f"{name}.mp3").exists()
        assert not NAMES_US.search(text)
