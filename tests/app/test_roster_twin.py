"""The twin on a planned roster, held against the exact formula and against itself."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from openline.app.roster_twin import (
    TwinService,
    fewer_leave,
    judge,
    mean_of,
    presence_of,
    presence_of_counts,
    staffed,
    with_change,
)
from openline.app.sharing import ALONE
from openline.app.study import run_once
from openline.configuration import Published, load
from openline.model import RefusedError
from openline.planning.cover import Change
from openline.planning.erlang import Model
from openline.planning.roster_file.shift import Shift
from openline.planning.staffing import Questions, behave
from openline.planning.staffing_forecast import Intervals
from openline.simulation.rostered import RosteredWorld

ROOT = Path(__file__).parents[2]
MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001  # civil time
LIKE = TwinService(aht_s=360.0, patience_s=180.0, target_share=0.8, target_s=20.0, away_share=0.0)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(ROOT / "examples" / "small-line.toml")


def intervals(calls: float, *, minutes: int = 30, days: int = 1) -> Intervals:
    count = days * 1440 // minutes
    stamps = [(MONDAY + timedelta(minutes=minutes * at)).isoformat() for at in range(count)]
    return Intervals(
        stamps=tuple(stamps),
        calls=np.full(count, calls),
        aht_s=None,
        interval_s=60.0 * minutes,
    )


def shifts(people: int, *, begin: int = 0, end: int = 24) -> tuple[Shift, ...]:
    return tuple(
        Shift(
            person=f"P{at}",
            group="",
            start=MONDAY + timedelta(hours=begin),
            end=MONDAY + timedelta(hours=end),
            row=at + 2,
        )
        for at in range(people)
    )


def test_a_steady_day_is_as_erlang_a_says_and_a_little_worse_for_the_ringing(
    published: Published,
) -> None:
    expected = intervals(20.0)
    found = staffed(published, presence_of(shifts(6)), expected, LIKE)
    (verdict,), _ = judge((found.scenario,), 0.8, runs=8, shared=ALONE, tell=lambda done: None)
    one = np.ones(1)
    question = Questions(Model.ERLANG_A, 20 * one, 1800 * one, 360 * one, 180 * one, 20 * one)
    formula = behave(question, np.array([6]))
    leave = verdict.leave.value or 0.0
    exact = float(formula.abandon_probability[0]) * 48 * 20
    assert exact * 0.85 < leave < exact * 1.5
    assert verdict.offered.value == pytest.approx(960, rel=0.1)
    assert len(verdict.intervals) == 48


def test_nobody_on_the_roster_is_nobody_who_answers(published: Published) -> None:
    found = staffed(published, presence_of(shifts(3, begin=8, end=16)), intervals(4.0), LIKE)
    (verdict,), _ = judge((found.scenario,), 0.8, runs=2, shared=ALONE, tell=lambda done: None)
    night = [each for each in verdict.intervals if each.stamp[11:13] < "07"]
    assert all(each.in_time == 0 for each in night if each.offered)
    day = [each for each in verdict.intervals if "09" <= each.stamp[11:13] < "15"]
    assert sum(each.offered * (each.in_time or 0) for each in day) > 0


def test_one_person_more_is_told_with_its_confidence(published: Published) -> None:
    presence = presence_of(shifts(5))
    change = Change(people=2, begin=0, end=1439)
    more = with_change(presence, change, [date(2026, 3, 2)])
    worlds = tuple(
        staffed(published, each, intervals(20.0), LIKE).scenario for each in (presence, more)
    )
    verdicts, studied = judge(worlds, 0.8, runs=4, shared=ALONE, tell=lambda done: None)
    fewer = fewer_leave(*studied)
    assert fewer.is_sure
    assert fewer.value == pytest.approx(
        (verdicts[0].leave.value or 0) - (verdicts[1].leave.value or 0)
    )
    # The same people call in both.
    assert verdicts[0].offered == verdicts[1].offered


def test_equal_rosters_do_not_differ_at_all(published: Published) -> None:
    one = staffed(published, presence_of(shifts(5)), intervals(6.0), LIKE).scenario
    assert run_once(one, 1) == run_once(one, 1)
    _, studied = judge((one, one), 0.8, runs=3, shared=ALONE, tell=lambda done: None)
    assert fewer_leave(*studied) == (0.0, 0.0)


def test_who_is_configured_has_her_skills_and_others_can_take_every_call() -> None:
    published = load(ROOT / "examples" / "crisis-line.toml")
    known = published.settings.agents[0].key
    roster = (
        *shifts(2),
        Shift(person=known.upper(), group="", start=MONDAY, end=MONDAY + timedelta(hours=8), row=9),
    )
    found = staffed(published, presence_of(roster), intervals(6.0), LIKE)
    assert found.unknown == 2
    world = found.scenario.world
    assert isinstance(world, RosteredWorld)
    assert known in world.planned
    joined = [each for each in world.settings.agents if each.key.startswith("sim-roster")]
    every = {level.skill for agent in published.settings.agents for level in agent.skills}
    assert all({level.skill for level in each.skills} >= every for each in joined)
    assert len(joined) == 2


def test_handle_time_and_patience_are_those_that_were_said(published: Published) -> None:
    world = staffed(published, presence_of(shifts(2)), intervals(6.0), LIKE).scenario.world
    assert isinstance(world, RosteredWorld)
    (group,) = world.profile.callers
    busy = group.talk_mean + group.hold_share * group.hold_mean + group.wrap_up_mean
    assert busy / 1e6 == pytest.approx(360.0)
    assert group.patience_mean / 1e6 == pytest.approx(180.0)
    assert group.redial_share == 0


def test_counts_become_people_who_are_there_so_often() -> None:
    stamps = intervals(1.0, minutes=60).stamps[:4]
    found = presence_of_counts(stamps, [1, 2, 2, 0], 3600.0)
    hours = [MONDAY + timedelta(hours=at) for at in range(5)]
    assert found == {"#1": [(hours[0], hours[3])], "#2": [(hours[1], hours[3])]}


def test_fewer_people_are_those_who_are_there_longest_in_the_hours() -> None:
    presence = presence_of((*shifts(1), *shifts(2, begin=9, end=10)[1:]))
    less = with_change(presence, Change(people=-1, begin=8 * 60, end=12 * 60), [date(2026, 3, 2)])
    hours = [MONDAY + timedelta(hours=at) for at in (0, 8, 12, 24)]
    assert less["P0"] == [(hours[0], hours[1]), (hours[2], hours[3])]
    assert less["P1"] == presence["P1"]


@pytest.mark.parametrize("minutes", [10, 20, 120])
def test_intervals_that_are_no_quarters_are_refused(published: Published, minutes: int) -> None:
    with pytest.raises(RefusedError) as caught:
        staffed(published, presence_of(shifts(1)), intervals(1.0, minutes=minutes), LIKE)
    assert caught.value.code == "bad_forecast"


def test_a_mean_is_told_with_students_interval() -> None:
    assert mean_of([]) == (None, None)
    assert mean_of([3.0]) == (3.0, None)
    value, half = mean_of([1.0, 2.0, 3.0])
    assert value == 2.0
    assert half == pytest.approx(4.302653 / 3**0.5, rel=1e-6)
