"""Would the checks notice?

A fixed random player must run into each planted bug within a few short days, and the invariant that
the table names must be the one that catches it. A check that catches nothing is not a check.
"""

from random import Random

import pytest

from openline.invariants import InvariantBrokenError
from openline.model import BugError
from tests.engine.rehearsal import Rehearsal
from tests.properties import (
    planted_callback_bugs,  # noqa: F401 - enters its bugs
    planted_forwarding_bugs,  # noqa: F401 - enters its bugs
    planted_partner_bugs,  # noqa: F401 - enters its bugs
)
from tests.properties.planted_bugs import PLANTED
from tests.properties.random_day import RandomDay

CHECKED = {
    *(
        "I1",
        "I2",
        "I3",
        "I4",
        "I5",
        "I6",
        "I7",
        "I8",
        "I9",
        "I10",
        "I11",
        "I15",
        "I16",
        "I17",
        "I18",
        "I19",
        "I20",
        "I23",
        "I24",
        "I25",
        "I26",
        "I28",
    ),
    *("origin", "fairness", "forced", "recovery", "on-call", "transfer", "BugError"),
    *("closing", "menu", "topic", "overflow", "interflow", "announced"),
    *("share", "partner", "outside", "review", "help", "forwarding"),
}

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


def test_every_invariant_catches_something() -> None:
    caught_by = {number for _, numbers in PLANTED.values() for number in numbers}
    assert caught_by == CHECKED
