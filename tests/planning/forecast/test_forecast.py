import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from openline.planning.forecast import backtest, forecast, learn, rest_of_day, scaled
from openline.planning.forecast.backtest import (
    CHOSEN,
    FOUR_WEEKS,
    REGRESSION,
    SEASONAL_NAIVE,
    choose,
    distance,
    distances,
)
from openline.planning.forecast.history import History, opened
from openline.planning.forecast.scores import coverage, wape
from openline.planning.forecast.similar import NEW
from tests.planning.invented_calls import holidays, invented


def test_a_fortnight_is_forecast_close_to_what_comes() -> None:
    whole = invented(seed=21, days=254, per_day=3000)
    marks = holidays(whole.first, 260)
    made = forecast(learn(whole.until(240), 14, marks), 14)
    came = whole.calls[240:]
    assert made.first == whole.day(240)
    assert made.mean.shape == (14, 48)
    assert wape(made.mean, came) < 0.2
    assert coverage(made.bounds[0], made.bounds[1], came) == pytest.approx(0.8, abs=0.1)
    assert made.error < made.guard_error < made.naive_error
    assert made.noise_floor < made.error
    assert (made.day_bounds[0] < made.mean.sum(axis=1)).all()
    assert (made.mean.sum(axis=1) < made.day_bounds[1]).all()


def test_the_same_history_gives_the_same_forecast() -> None:
    history = invented(seed=22, days=120)
    one, two = (forecast(learn(history, 5, {}), 5) for _ in range(2))
    np.testing.assert_array_equal(one.mean, two.mean)
    np.testing.assert_array_equal(one.bounds, two.bounds)


def test_closed_hours_and_days_are_zero() -> None:
    history = invented(seed=23, days=120, is_open_at_night=False)
    weekend = history.weekdays(120) >= 5
    history.calls[weekend] = np.nan
    shut = replace(history, is_open=opened(history.calls, history.first))
    made = forecast(learn(shut, 14, {}), 14)
    weekday = (made.first.weekday() + np.arange(14)) % 7
    assert made.mean[weekday >= 5].sum() == 0
    assert made.bounds[:, weekday >= 5].sum() == 0
    assert made.mean[:, :16].sum() == 0
    assert (made.mean[weekday < 5][:, 16:40] > 0).all()


@pytest.mark.parametrize("days", [1, 3, 8, 20, 30, 45])
def test_a_short_history_gets_a_forecast_all_the_same(days: int) -> None:
    history = invented(seed=24, days=days, per_day=500)
    made = forecast(learn(history, 10, {}), 10)
    assert np.isfinite(made.mean).all()
    assert np.isfinite(made.bounds).all()
    usual = history.calls.sum(axis=1).mean()
    assert made.mean.sum(axis=1).mean() == pytest.approx(usual, rel=0.5)
    if days <= 20:
        assert math.isnan(made.error)


def test_a_far_horizon_goes_by_weeks() -> None:
    assert distances(40)[-4:] == [21, 28, 35, 42]
    assert {distance(day) for day in range(1, 41)} <= set(distances(40))
    history = invented(seed=25, days=250)
    made = forecast(learn(history, 90, {}), 90)
    assert np.isfinite(made.mean).all()
    assert made.mean.sum(axis=1)[-7:].mean() == pytest.approx(2000, rel=0.35)


def test_a_history_of_gaps_still_gives_a_forecast() -> None:
    history = invented(seed=26, days=150)
    chance = np.random.default_rng(1)
    history.calls[chance.random(history.calls.shape) < 0.3] = np.nan
    history.calls[60:75] = np.nan
    made = forecast(learn(history, 7, {}), 7)
    assert np.isfinite(made.mean).all()
    whole = forecast(learn(invented(seed=26, days=150), 7, {}), 7)
    assert made.total == pytest.approx(whole.total, rel=0.1)


def test_lines_without_any_call_are_forecast_to_have_none() -> None:
    calls = np.zeros((60, 24))
    history = History(
        first=date(2026, 1, 5), minutes=60, calls=calls, is_open=opened(calls, date(2026, 1, 5))
    )
    made = forecast(learn(history, 7, {}), 7)
    assert made.total < 1
    assert np.isfinite(made.bounds).all()


def test_a_back_test_scores_every_method_and_what_was_chosen() -> None:
    history = invented(seed=27, days=220, per_day=4000)
    tested = backtest(history, 14, 40, holidays(history.first, 230))
    scores = tested.scores
    assert scores[CHOSEN].wape <= scores[FOUR_WEEKS].wape < scores[SEASONAL_NAIVE].wape
    assert scores[CHOSEN].mase < 1
    assert tested.noise_floor < scores[REGRESSION].wape
    assert set(tested.by_distance[CHOSEN]) == set(range(1, 15))


@pytest.mark.parametrize("per_day", [40.0, 3000.0])
def test_intervals_hold_what_comes_in_a_back_test(per_day: float) -> None:
    held = [
        backtest(invented(seed=seed, days=230, per_day=per_day), 7, 40, {}).scores[CHOSEN]
        for seed in (31, 32, 33)
    ]
    assert 0.76 <= np.mean([each.coverage80 for each in held]) <= 0.84
    assert 0.92 <= np.mean([each.coverage95 for each in held]) <= 0.98


def test_ranges_of_whole_days_hold_what_comes() -> None:
    held = [
        backtest(invented(seed=seed, days=300, minutes=1440), 7, 60, {}).scores[CHOSEN]
        for seed in (1, 2, 3, 4, 5)
    ]
    assert 0.74 <= np.mean([each.coverage80 for each in held]) <= 0.86
    assert np.mean([each.coverage95 for each in held]) >= 0.92


def test_a_line_on_which_nothing_beats_the_four_week_mean_takes_it() -> None:
    history = invented(seed=28, days=200)
    known = learn(history, 3, {})
    tried = known.tried
    spoiled = {
        name: calls if name in (FOUR_WEEKS, SEASONAL_NAIVE) else calls * 2
        for name, calls in tried.calls.items()
    }
    assert choose(replace(tried, calls=spoiled)) == [FOUR_WEEKS] * 3


def test_a_busy_morning_moves_the_afternoon_by_a_part_of_it() -> None:
    history = invented(seed=29, days=151, per_day=4000, busyness=0.15)
    known = learn(history.until(150), 3, {})
    before = forecast(known, 3)
    morning = 26
    today = before.mean[0].copy()
    today[:morning] *= 1.5
    today[morning:] = np.nan
    made, slope = rest_of_day(known, 3, today, morning)
    assert 0.3 < slope < 1
    factor = made.mean[0, morning:] / before.mean[0, morning:]
    assert factor == pytest.approx(np.full(48 - morning, 1 + 0.5 * slope))
    np.testing.assert_array_equal(made.mean[0, :morning], today[:morning])
    np.testing.assert_array_equal(made.mean[1:], before.mean[1:])
    assert made.begins_at == morning


def test_the_rest_of_days_is_better_known_once_a_part_is_over() -> None:
    errors, errors_before = [], []
    whole = invented(seed=30, days=175, per_day=4000, busyness=0.15)
    for day in range(160, 175):
        known = learn(whole.until(day), 1, {})
        today = whole.calls[day].copy()
        today[26:] = np.nan
        made, _ = rest_of_day(known, 1, today, 26)
        errors.append(wape(made.mean[0, 26:], whole.calls[day, 26:]))
        errors_before.append(wape(forecast(known, 1).mean[0, 26:], whole.calls[day, 26:]))
    assert np.mean(errors) < 0.9 * np.mean(errors_before)


def test_where_chance_rules_a_busy_morning_moves_little() -> None:
    history = invented(seed=30, days=150, per_day=40, busyness=0.0)
    known = learn(history, 1, {})
    today = forecast(known, 1).mean[0] * 2
    _, slope = rest_of_day(known, 1, today, 24)
    assert slope < 0.25


def test_a_new_line_takes_the_shape_of_a_similar_one_and_its_own_size() -> None:
    similar = invented(seed=33, days=120, per_day=1000)
    fifth = invented(seed=34, days=120, per_day=200)
    own = History(
        first=fifth.day(100),
        minutes=30,
        calls=fifth.calls[100:],
        is_open=fifth.is_open,
    )
    its = forecast(learn(similar, 7, {}), 7)
    made, size = scaled(its, similar, own, None)
    assert size == pytest.approx(0.2, rel=0.1)
    assert made.mean == pytest.approx(size * its.mean)
    assert set(made.methods) == {NEW}
    guessed, _ = scaled(its, similar, None, 200.0)
    assert guessed.mean.sum() / 7 == pytest.approx(200, rel=1e-6)
    width = (guessed.day_bounds[1] - guessed.day_bounds[0]) / guessed.mean.sum(axis=1)
    seen = (made.day_bounds[1] - made.day_bounds[0]) / made.mean.sum(axis=1)
    assert (width > seen).all()


def test_what_somebody_expects_gives_way_to_what_came() -> None:
    similar = invented(seed=35, days=120, per_day=1000)
    few = invented(seed=36, days=120, per_day=200)
    own = History(first=few.day(80), minutes=30, calls=few.calls[80:], is_open=few.is_open)
    its = forecast(learn(similar, 7, {}), 7)
    _, size = scaled(its, similar, own, 1000.0)
    assert size == pytest.approx(0.2, rel=0.1)


def test_handle_times_are_the_mean_of_calls_and_not_of_rows() -> None:
    history = invented(seed=37, days=60, per_day=960)
    aht = np.full(history.calls.shape, 300.0)
    aht[:, 24:] = 600.0
    made = forecast(learn(replace(history, aht_s=aht), 3, {}), 3)
    assert made.aht_s is not None
    assert made.aht_s[20] == pytest.approx(300, rel=0.05)
    assert made.aht_s[30] == pytest.approx(600, rel=0.05)
