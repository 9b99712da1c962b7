import doctest
from dataclasses import replace
from datetime import date
from importlib import import_module

import numpy as np
import pytest

from openline.planning.forecast.backtest import METHODS, answers
from openline.planning.forecast.backtest import methods as all_methods
from openline.planning.forecast.days import AFTER_CLOSURE, describe, effects
from openline.planning.forecast.history import Floats, History, Ints, opened
from openline.planning.forecast.levels import Levels
from openline.planning.forecast.methods import Grid, four_weeks, seasonal_naive
from openline.planning.forecast.profile import Profile
from openline.planning.forecast.regression import Regression
from openline.planning.forecast.scores import wape
from tests.planning.invented_calls import FIRST, holidays, invented, means

TARGETS: Ints = np.arange(150, 180, dtype=np.int64)


def grid_of(history: History) -> Grid:
    marks = holidays(history.first, history.days)
    return Grid(calls=history.calls, days=describe(history, 0, marks))


def weeks(values: list[float]) -> Grid:
    """A grid of one slot a day, in whole weeks: each week has one value."""
    calls = np.repeat(np.array(values, dtype=np.float64), 7)[:, None]
    history = History(first=FIRST, minutes=1440, calls=calls, is_open=opened(calls, FIRST))
    return Grid(calls=calls, days=describe(history, 0, {}))


@pytest.mark.parametrize("name", ["methods", "backtest", "scores", "intervals"])
def test_what_the_files_say_of_themselves_is_so(name: str) -> None:
    ran = doctest.testmod(import_module(f"openline.planning.forecast.{name}"))
    assert ran.attempted > 0
    assert ran.failed == 0


def test_last_weeks_calls_are_those_of_the_newest_same_weekday_that_may_be_known() -> None:
    grid = weeks([1, 2, 3, 4, 5, 6])
    target = np.array([40], dtype=np.int64)
    assert seasonal_naive(grid, target, 1)[0, 0] == 5
    assert seasonal_naive(grid, target, 7)[0, 0] == 5
    assert seasonal_naive(grid, target, 8)[0, 0] == 4
    assert four_weeks(grid, target, 1)[0, 0] == np.mean([2, 3, 4, 5])


def test_a_week_without_rows_is_stepped_over() -> None:
    grid = weeks([1, 2, 3, 4, 5, 6])
    grid.calls[28:35] = np.nan
    target = np.array([40], dtype=np.int64)
    assert seasonal_naive(grid, target, 1)[0, 0] == 4
    assert four_weeks(grid, target, 1)[0, 0] == np.mean([1, 2, 3, 4])


@pytest.mark.parametrize("ahead", [1, 5, 14, 21])
def test_no_method_looks_into_the_future(ahead: int) -> None:
    history = invented(seed=11, days=190)
    target = np.array([170], dtype=np.int64)
    other = history.calls.copy()
    other[170 - ahead + 1 :] *= 3
    changed = replace(history, calls=other)
    one, two = (grid_of(each) for each in (history, changed))
    before = answers(one, all_methods(one), target, ahead)
    after = answers(two, all_methods(two), target, ahead)
    for name in METHODS:
        np.testing.assert_allclose(before[name], after[name], err_msg=name)


def test_the_level_follows_a_step_and_keeps_the_week() -> None:
    weekday = np.arange(140) % 7
    roots = 20.0 + 2.0 * (weekday < 5) + 5.0 * (np.arange(140) >= 70)
    levels = Levels(roots, weekday.astype(np.int64))
    said = levels.expected(np.array([138, 139], dtype=np.int64), 1)
    # Day 138 is a Saturday and 139 a Sunday.
    assert said == pytest.approx([25.0, 25.0], abs=0.3)
    assert levels.expected(np.array([137], dtype=np.int64), 7)[0] == pytest.approx(27.0, abs=0.3)


def test_days_without_rows_leave_the_level_as_it_was() -> None:
    weekday = (np.arange(80) % 7).astype(np.int64)
    roots = np.full(80, 9.0)
    roots[60:70] = np.nan
    levels = Levels(roots, weekday)
    assert levels.expected(np.array([75], dtype=np.int64), 1)[0] == pytest.approx(9.0, abs=0.01)


def error_of(said: Floats, history: History) -> float:
    return wape(said, history.calls[TARGETS])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_profile_and_regression_beat_the_four_week_mean_on_invented_calls(seed: int) -> None:
    history = invented(seed=seed, days=180, per_day=4000)
    grid = grid_of(history)
    guard = error_of(four_weeks(grid, TARGETS, 1), history)
    assert error_of(Profile(grid)(grid, TARGETS, 1), history) < guard
    assert error_of(Regression(grid)(grid, TARGETS, 1), history) < 0.95 * guard


def test_a_small_lines_profile_is_nearly_as_good_as_the_truth() -> None:
    history = invented(seed=4, days=180, per_day=60, busyness=0.0)
    grid = grid_of(history)
    truth = means(days=180, per_day=60)[TARGETS]
    said = Profile(grid)(grid, TARGETS, 7)
    # Chance causes most of the error, and no method escapes it.
    assert error_of(said, history) < 1.03 * error_of(truth, history)
    assert error_of(four_weeks(grid, TARGETS, 7), history) > 1.05 * error_of(truth, history)


def test_what_is_said_adds_up_to_what_comes() -> None:
    history = invented(seed=5, days=180, per_day=300)
    grid = grid_of(history)
    came = history.calls[TARGETS].sum()
    for method in (Profile(grid), Regression(grid)):
        assert method(grid, TARGETS, 1).sum() == pytest.approx(came, rel=0.04)


def test_a_holiday_is_forecast_lower_once_one_has_been_seen() -> None:
    history = invented(seed=6, days=380, per_day=2000)
    marks = holidays(history.first, history.days + 10)
    days = describe(history, 0, marks)
    christmas = next(at for at in range(380) if history.day(at).isoformat() == "2025-12-25")
    grid = Grid(calls=history.calls, days=days)
    unmarked = Grid(calls=history.calls, days=describe(history, 0, {}))
    target = np.array([christmas], dtype=np.int64)
    came = history.calls[christmas].sum()
    for make in (Profile, Regression):
        told = make(grid)(grid, target, 1).sum()
        untold = make(unmarked)(unmarked, target, 1).sum()
        assert abs(told - came) < abs(untold - came)


def test_a_day_after_days_off_is_marked_and_teaches_no_common_day() -> None:
    history = invented(seed=7, days=120, is_open_at_night=False)
    history.calls[70] = np.nan  # a Monday
    days = describe(history, 0, {})
    assert days.marks[71] == AFTER_CLOSURE
    assert not days.is_example[71]
    assert [at for at, mark in enumerate(days.marks) if mark] == [71]


def test_a_line_that_never_opens_on_holidays_is_forecast_closed() -> None:
    history = invented(seed=8, days=340, first=date(2025, 1, 1))
    marks = holidays(history.first, 380)
    for at in range(history.days):
        if history.day(at) in marks:
            history.calls[at] = np.nan
    days = describe(history, 30, marks)
    christmas = (date(2025, 12, 25) - history.first).days
    assert days.is_closed[christmas]
    assert not days.is_closed[christmas - 1]


def test_a_day_with_ten_times_the_calls_is_left_out_and_told() -> None:
    history = invented(seed=9, days=120)
    history.calls[100] *= 10
    days = describe(history, 0, {})
    assert days.odd == (100,)
    assert not days.is_example[100]


def test_an_effect_is_drawn_to_none_and_grows_with_what_was_seen() -> None:
    history = invented(seed=10, days=40)
    marks = {history.day(at): "campaign" for at in (10, 20, 30)}
    days = describe(history, 0, marks)
    relative = np.full(40, np.nan)
    assert effects(relative, days, 30, 30) == 0
    relative[10] = 0.4
    once = effects(relative, days, 30, 30)
    relative[20] = 0.4
    twice = effects(relative, days, 30, 30)
    assert 0 < once < twice < 0.4
    assert effects(relative, days, 31, 31) == 0
