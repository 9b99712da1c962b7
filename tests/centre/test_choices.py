"""Can somebody choose who does not hear the prompt?"""

from openline.centre.choices import choices_of
from openline.configuration import Published, load_text
from openline.engine import CallState
from openline.model import Instant
from tests.builders import Night
from tests.centre.small_centre import BEGIN
from tests.centre.small_published import TEXT

MENU = """
[topics]
food = { name = { en = "Food", es = "Comida" } }

[menus.main]
prompt = "menu-family-en"
choices.1 = { queue = "english", topic = "food" }
choices.2 = { queue = "spanish", language = "es" }
choices.3 = { queue = "english" }
choices.4 = { menu = "more" }
choices.5 = { queue = "english", topic = "food", name = { en = "All else", es = "Lo demás" } }

[menus.more]
prompt = "menu-family-en"
choices.1 = { message = "closed-en" }
"""
TO_MENU = 'queue = "spanish"\nleads_to = { menu = "main" }\n'
ASKED = 'queue = "spanish"\nconsent = { digit = "7" }\n'


def a_night(line: str) -> tuple[Night, Published]:
    """Returns a night in which somebody rings the Spanish line, written as `line`."""
    text = TEXT.replace('queue = "spanish"\n\n[surge', f"{line}\n[surge") + MENU
    published = load_text(text, "small.toml")
    return Night(published.settings, Instant(BEGIN)), published


def test_each_digit_of_a_menu_is_told_in_the_words_of_the_caller() -> None:
    night, published = a_night(TO_MENU)
    call = night.state.calls_by_leg[night.arrive()]
    assert call.state is CallState.MENU
    english, spanish = (
        choices_of(night.state, published, call, language) for language in ("en", "es")
    )
    names = ["Food", "Español", "English calls", None, "All else"]
    assert [each["name"] for each in english] == names
    names = ["Comida", "Español", "Llamadas en inglés", None, "Lo demás"]
    assert [each["name"] for each in spanish] == names
    assert [each["digit"] for each in english] == ["1", "2", "3", "4", "5"]
    assert english[3]["does"] == "menu"


def test_the_digit_that_agrees_to_a_recording_is_told() -> None:
    night, published = a_night(ASKED)
    call = night.state.calls_by_leg[night.arrive()]
    told = choices_of(night.state, published, call, "en")
    assert told == [{"digit": "7", "name": None, "does": "consent"}]


def test_who_is_asked_nothing_has_nothing_to_choose() -> None:
    night, published = a_night('queue = "spanish"\n')
    call = night.state.calls_by_leg[night.arrive()]
    assert choices_of(night.state, published, call, "en") == []
