"""Has each thing that can happen to a call words in a story, in every language?"""

import re
from typing import get_args

import pytest

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.reports import story
from openline.web.catalogue import load_catalogues

CATALOGUES = load_catalogues()
IN_STORIES = {
    kind.__name__: set(kind.__struct_fields__)
    for kind in get_args(AnyEvent)
    if {"call", "offer"} & set(kind.__struct_fields__)
}
PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_event_of_a_call_has_words_of_its_own(language: str) -> None:
    messages = CATALOGUES[language].messages
    missing = [name for name in IN_STORIES if f"story.{name}" not in messages]
    assert not missing, f"a story would tell these by their names in the code: {missing}"


@pytest.mark.parametrize("language", CATALOGUES)
def test_there_are_no_words_for_what_cannot_happen(language: str) -> None:
    told = {name.removeprefix("story.") for name in CATALOGUES[language].messages}
    kinds = {name for name in told if name[:1].isupper()}
    assert kinds <= IN_STORIES.keys()


@pytest.mark.parametrize("language", CATALOGUES)
def test_the_words_name_nothing_that_the_event_does_not_tell(language: str) -> None:
    for name, fields in IN_STORIES.items():
        for form in CATALOGUES[language].messages[f"story.{name}"]:
            told = (fields & story._TOLD) | {"agent", "by"}
            assert set(PLACE.findall(form)) <= told, name


def test_that_somebody_asked_for_help_is_in_no_story() -> None:
    assert not {kind for kind in IN_STORIES if kind.startswith("Help")}
    assert e.CallArrived.__name__ in IN_STORIES
