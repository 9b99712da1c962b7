"""`openline tried`: what was tried on the page, at the command."""

import json
from datetime import date
from pathlib import Path

import pytest

from openline.app.kept_tries import KeptTries
from openline.app.trying import tries
from openline.configuration import load
from openline.model import SECOND, Instant
from openline.planning.try_asked import Callers, TryAsked
from openline.simulation.changes import Changes
from tests.cli.command import in_here, openline
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(120)


def kept(folder: Path, people: int, second: int) -> str:
    asked = TryAsked(
        callers=Callers.INVENTED,
        since=date(2026, 3, 3),
        days=1,
        runs=3,
        changes=Changes(people=people),
    )
    tried, found = list(tries(load(SMALL), SMALL, asked, lambda told: None))[-1]
    now = Instant((1_772_539_200 + second) * SECOND)
    return KeptTries(folder).keep(asked, tried, found, now).name


def test_they_are_listed_told_compared_removed_and_put_back(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    assert "Nothing is kept yet" in in_here("tried", *data).out
    first, second = kept(tmp_path, -1, 0), kept(tmp_path, -10, 1)
    listed = in_here("tried", *data).out
    assert listed.index(second) < listed.index(first)
    assert "10 people fewer (callers as configured, 1 day from 2026-03-03" in listed
    assert "Service level" in in_here("tried", first, *data).out
    compared = in_here("tried", first, second, *data)
    assert compared.code == 0, compared
    assert "Before: 1 person fewer" in compared.out
    assert "more people hang up a day" in compared.out
    answer = json.loads(in_here("tried", first, second, *data, "--json").out)
    assert answer["phase"] == "compared"
    assert "--put-back" in in_here("tried", "--remove", first, *data).out
    rows = json.loads(in_here("tried", *data, "--json").out)
    assert [row["name"] for row in rows] == [second]
    assert in_here("tried", "--put-back", first, *data).code == 0
    assert len(json.loads(in_here("tried", *data, "--json").out)) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1772539200-1",), "no such change is kept"),
        (("a", "b", "c"), "Two can be compared"),
        (("--remove", "a", "--put-back", "b"), "stand alone"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    said = openline("tried", *arguments, "--data", str(tmp_path))
    assert said.code == 2
    assert words in said.sentence
