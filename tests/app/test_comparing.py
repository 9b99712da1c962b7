"""Comparisons: the same people in both, where the harm is, and what mends it."""

import doctest
from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app import comparing
from openline.app.comparing import compare, mend_of
from openline.app.sharing import ALONE
from openline.app.study import Scenario, scenario_of
from openline.configuration import load
from openline.model import RefusedError
from openline.reports.runs import ALL, Estimate, Per, estimates
from openline.simulation.changes import NOTHING, Changes

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"


def an_evening(changes: Changes = NOTHING, day: date = date(2026, 3, 3)) -> Scenario:
    return scenario_of(load(SMALL), start=day, days=1, seed=1, changes=changes)


def untold(done: int, best: Estimate) -> None:
    pass


def compared(changes: Changes, runs: int = 12) -> comparing.Comparison:
    return compare(
        an_evening(), an_evening(changes), runs=runs, precision=None, shared=ALONE, tell=untold
    )


def test_the_worked_numbers_are_right() -> None:
    assert doctest.testmod(comparing).failed == 0


def test_the_same_world_twice_differs_in_nothing() -> None:
    found = compared(NOTHING, runs=3)
    assert found.first.runs == found.second.runs
    assert found.difference("abandoned") == (0, 0)


def test_the_same_people_tell_a_difference_far_better_than_others_would() -> None:
    found = compared(Changes(people=-1))
    difference = found.difference("abandoned")
    alone = [estimates(runs, ALL, ["abandoned"])["abandoned"] for runs in found.runs()]
    assert difference.is_sure
    assert difference.half_width is not None
    assert all(each.half_width is not None for each in alone)
    apart = sum((each.half_width or 0) ** 2 for each in alone) ** 0.5
    assert difference.half_width < apart / 2


def test_parts_of_a_difference_are_the_whole() -> None:
    found = compared(Changes(people=-3), runs=4)
    whole = found.difference("abandoned").value
    for per in (Per.INTERVAL, Per.QUEUE, Per.LANGUAGE, Per.WEEKDAY):
        assert sum(each.value or 0 for each in found.by(per, "abandoned").values()) == (
            pytest.approx(whole)
        )


def test_what_mends_it_is_found_and_takes_the_harm_back() -> None:
    world = Changes(people=-1)
    found = compared(world)
    mend = mend_of(found, an_evening(world), shared=ALONE, tell=untold)
    assert mend is not None
    assert 0 < mend.person_minutes <= 16 * 60
    harm = found.difference("abandoned").value
    assert harm is not None
    assert mend.taken_back > 0.5 * harm


def test_where_nobody_is_harmed_nothing_is_mended() -> None:
    world = Changes(people=2)
    assert mend_of(compared(world, runs=4), an_evening(world), shared=ALONE, tell=untold) is None


def test_other_days_are_not_compared() -> None:
    other = msgspec.structs.replace(an_evening(), days=2)
    with pytest.raises(RefusedError, match="not of the same days"):
        compare(an_evening(), other, runs=2, precision=None, shared=ALONE, tell=untold)
