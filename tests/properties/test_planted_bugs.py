"""Would the checks notice?

A fixed random player must run into each planted bug within a few short days, and the invariant that
the table names must be the one that catches it. A check that catches nothing is not a check. What
no random day can show, because it happens where the record is kept, stands in a table of its own.
"""

from pathlib import Path
from random import Random

import pytest

from openline.invariants import INVARIANTS, InvariantBrokenError
from openline.model import BugError
from tests.engine.rehearsal import Rehearsal
from tests.properties import (
    planted_callback_bugs,  # noqa: F401 - enters its bugs
    planted_forwarding_bugs,  # noqa: F401 - enters its bugs
    planted_partner_bugs,  # noqa: F401 - enters its bugs
)
from tests.properties.planted_bugs import PLANTED
from tests.properties.planted_store_bugs import PLANTED_IN_THE_STORE
from tests.properties.random_day import RandomDay

BY_A_TELEPHONE_SERVER = {"I12", "I13"}
"""What only a telephone server can break; `tests/live/asterisk` breaks it there."""
WHOLE_LIST = {f"I{number}" for number in range(1, 29)}
"""Of the centre's invariants by number."""

DAYS = 400
DAYS_WITHOUT = 120
"""Of those on which nothing is planted; `test_nights` has more of them."""
ACTS = 500


def _caught_on_some_day(days: int = DAYS) -> str | None:
    for seed in range(days):
        try:
            RandomDay(Rehearsal(), Random(seed)).play(ACTS)
        except InvariantBrokenError as broken:
            return broken.number
        except (BugError, AssertionError):  # an `assert` of the engine is one of its own checks
            return "BugError"
    return None


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, invariants = PLANTED[bug]
    plant(monkeypatch)
    assert _caught_on_some_day() in invariants


def test_without_a_planted_bug_nothing_is_caught() -> None:
    assert _caught_on_some_day(DAYS_WITHOUT) is None


@pytest.mark.parametrize("bug", PLANTED_IN_THE_STORE)
def test_a_bug_planted_in_the_store_is_caught(
    bug: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plant, _, check = PLANTED_IN_THE_STORE[bug]
    (tmp_path / "sound").mkdir()
    check(tmp_path / "sound")
    plant(monkeypatch)
    (tmp_path / "planted").mkdir()
    # Whether an assertion fails, or the part itself refuses to go on, is all one.
    with pytest.raises((Exception, pytest.fail.Exception)):
        check(tmp_path / "planted")


def test_every_invariant_has_a_bug_that_it_alone_must_catch() -> None:
    """So none leans on another, and none of the catalogue is there for show."""
    alone = {numbers[0] for _, numbers in PLANTED.values() if len(numbers) == 1}
    assert alone == set(INVARIANTS)


def test_a_bug_is_said_to_be_caught_by_what_there_is() -> None:
    named = {number for _, numbers in PLANTED.values() for number in numbers}
    assert named == {*INVARIANTS, "BugError"}


def test_every_number_of_the_whole_list_catches_something() -> None:
    here = {number for _, numbers in PLANTED.values() for number in numbers}
    stored = {invariant for _, invariant, _ in PLANTED_IN_THE_STORE.values()}
    assert WHOLE_LIST - here - stored == BY_A_TELEPHONE_SERVER
