"""Is every invariant that may break one of the catalogue, and does its error say so?"""

import re
from pathlib import Path
from typing import get_args

import pytest

import openline.invariants
from openline.engine import AnyEvent
from openline.invariants import INVARIANTS, InvariantBrokenError, expect
from openline.invariants.history import FOLD
from openline.model import BugError

SOURCES = sorted(Path(openline.invariants.__file__).parent.glob("*.py"))


def test_every_event_is_folded() -> None:
    assert set(FOLD) == set(get_args(AnyEvent))


def test_every_invariant_of_the_catalogue_is_asked_for_somewhere() -> None:
    asked = "".join(file.read_text() for file in SOURCES if file.name != "catalogue.py")
    assert [number for number in INVARIANTS if f'"{number}"' not in asked] == []


def test_every_number_that_is_asked_for_stands_in_the_catalogue() -> None:
    for file in SOURCES:
        if file.name != "catalogue.py":
            assert set(re.findall(r'"(I\d+)"', file.read_text())) <= set(INVARIANTS), file


def test_an_invariant_that_holds_says_nothing() -> None:
    expect(True, "I4", "everybody in turn")


def test_an_invariant_that_breaks_is_a_bug_with_a_number_and_a_sentence() -> None:
    with pytest.raises(BugError, match=r"^I4: call 7 was offered before call 3$") as caught:
        expect(False, "I4", "call 7 was offered before call 3")
    assert isinstance(caught.value, InvariantBrokenError)
    assert caught.value.number == "I4"
    assert caught.value.sentence.startswith("First come, first served")
