"""What `openline compare` says, in words and for machines, and how it refuses."""

import doctest
import json

import pytest

from openline.cli import changes, rules, what_differs
from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL

DAY = ("--start", "2026-03-03")


def test_the_worked_words_are_right() -> None:
    for module in (changes, rules, what_differs):
        assert doctest.testmod(module).failed == 0


def test_it_says_who_is_harmed_when_and_how_sure_that_is() -> None:
    said = in_here("compare", SMALL, "--people", "-3", *DAY, "--runs", "8", "--no-mend")
    assert said.code == 0, said
    first = said.out.splitlines()[0]
    assert "more people hang up a day, mostly" in first
    assert "we are sure of the sign" in first
    assert "3 people fewer" in said.out


def test_it_says_what_mends_it() -> None:
    said = in_here("compare", SMALL, "--people", "-1", *DAY, "--runs", "10")
    assert "more" in said.out
    assert "mends it." in said.out or "takes back" in said.out


def test_a_rule_is_tried_without_a_file() -> None:
    rule = ("--rule", "evening.open=18:00-22:00")
    said = in_here("compare", SMALL, *rule, *DAY, "--runs", "4", "--no-mend")
    assert said.code == 0, said
    assert "evening: open 18:00–22:00" in " ".join(said.out.split())
    assert "fewer people hang up a day" in said.out


def test_a_difference_that_cannot_be_told_is_not_told() -> None:
    said = in_here("compare", SMALL, "--volume", "1.02", *DAY, "--runs", "4", "--no-mend")
    assert "It cannot be told whether more or fewer people hang up" in said.out


def test_two_files_are_compared_for_machines() -> None:
    said = in_here("compare", SMALL, SMALL, *DAY, "--runs", "2", "--json")
    answer = json.loads(said.out)
    assert answer["words"] == ["Exactly as many people hang up in both."]
    assert answer["figures"]["difference"]["abandoned"] == {"value": 0.0, "half_width": 0.0}
    assert answer["mend"] is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Compare with what?"),
        (("nowhere.toml",), "nowhere.toml"),
        (("--people", "-99"), "people on the roster"),
        (("--rule", "talk.foo=1"), "write whose rule it is"),
        (("--rule", "talk.open=9"), "write it like evening.open=16:00-22:00"),
        (("--rule", "tlk.priority=1"), "There is no queue 'tlk'. There are: talk."),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    said = openline("compare", SMALL, *arguments)
    assert said.code in (1, 2)
    assert words in said.sentence
