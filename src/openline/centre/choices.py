"""What can the caller choose now, and in which words? For whoever cannot hear the prompt.

A pure function from the durable state to plain values. A choice is called what the configuration
calls it; else by its topic, the language it leads to, or its queue. Where all that is missing,
`does` says what kind of place it leads to, and the page has words for that.
"""

from typing import assert_never

from openline.configuration import Published
from openline.configuration.beginning import LANGUAGES
from openline.configuration.published import choice_key
from openline.engine import Call, CallState, MenuChoice, State, ToMenu, ToMessage, ToQueue
from openline.engine.destinations import AnyDestination, ToVoicemail
from openline.model import MenuKey

Choice = dict[str, str | None]


def choices_of(state: State, published: Published, call: Call, language: str) -> list[Choice]:
    """Returns the choices of the question that the call is in, in their order; else none."""
    if call.state is CallState.MENU and call.menu is not None:
        menu = state.menus[call.menu]
        return [
            {
                "digit": choice.digit,
                "name": _name(published, call.menu, choice, language),
                "does": _does(choice.to),
            }
            for choice in menu.choices
        ]
    consent = state.lines[call.line].consent
    if call.state is CallState.CONSENT and consent is not None:
        return [{"digit": consent.digit, "name": None, "does": "consent"}]
    return []


def _name(published: Published, menu: MenuKey, choice: MenuChoice, language: str) -> str | None:
    own = choice_key(menu, choice.digit)
    if ("choice", own) in published.names:
        return published.name_of("choice", own, language)
    if choice.topic is not None:
        return published.name_of("topic", choice.topic, language)
    if choice.language is not None:
        return LANGUAGES.get(choice.language, choice.language)
    if isinstance(choice.to, ToQueue):
        return published.name_of("queue", choice.to.queue, language)
    return None


def _does(to: AnyDestination) -> str:
    match to:
        case ToQueue():
            return "queue"
        case ToMenu():
            return "menu"
        case ToMessage():
            return "message"
        case ToVoicemail():
            return "voicemail"
        case _:
            assert_never(to)
