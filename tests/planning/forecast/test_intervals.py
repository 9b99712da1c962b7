import numpy as np
import pytest

from openline.planning.forecast.intervals import GUESSED, Spread, cumulative, of_days
from openline.planning.forecast.scores import coverage, noise, noise_floor


@pytest.mark.parametrize("mean", [0.4, 3.0, 12.0, 400.0])
def test_intervals_hold_the_share_they_promise(mean: float) -> None:
    chance = np.random.default_rng(20260301)
    level = mean * np.linspace(0.5, 1.5, 48)
    expected = np.broadcast_to(level, (260, 48))
    busy = chance.gamma(50, 1 / 50, (260, 48))
    came = chance.poisson(expected * busy).astype(np.float64)
    spread = Spread(came[:60], expected[:60])
    bounds = spread.bounds(np.array(expected[60:]), np.ones(200))
    assert coverage(bounds[0], bounds[1], came[60:]) == pytest.approx(0.80, abs=0.03)
    assert coverage(bounds[2], bounds[3], came[60:]) == pytest.approx(0.95, abs=0.02)
    assert (bounds[2] <= bounds[0]).all()
    assert (bounds[1] <= bounds[3]).all()
    assert (bounds >= 0).all()


def test_bounds_of_small_lines_are_whole_calls() -> None:
    chance = np.random.default_rng(5)
    mean = np.full((60, 48), 1.5)
    bounds = Spread(chance.poisson(mean).astype(np.float64), mean).bounds(mean[:1], np.ones(1))
    high = bounds[[1, 3]]
    np.testing.assert_array_equal(high, np.round(high))


def test_without_enough_days_the_width_is_a_guess() -> None:
    nothing = np.full((3, 4), np.nan)
    mean = np.full((1, 4), 100.0)
    bounds = Spread(nothing, nothing).bounds(mean, np.ones(1))
    assert bounds[1][0, 0] == pytest.approx(100 + 1.2816 * np.sqrt(100 + (GUESSED * 100) ** 2))


def test_a_widened_day_is_wider_and_an_unknown_one_stays_unknown() -> None:
    chance = np.random.default_rng(6)
    mean = np.full((40, 8), 50.0)
    spread = Spread(chance.poisson(mean).astype(np.float64), mean)
    usual, wide = spread.bounds(mean[:1], np.ones(1)), spread.bounds(mean[:1], np.array([2.0]))
    assert (wide[1] - wide[0] > 1.5 * (usual[1] - usual[0])).all()
    assert np.isnan(spread.bounds(np.full((1, 8), np.nan), np.ones(1))).all()


def test_negative_binomial_counts_have_their_mean_and_variance() -> None:
    upto = cumulative(np.array([4.0]), np.array([2.5]), 400)[0]
    chance = np.diff(np.concatenate([[0.0], upto]))
    k = np.arange(401)
    mean = (k * chance).sum()
    assert mean == pytest.approx(4.0)
    assert ((k - mean) ** 2 * chance).sum() == pytest.approx(10.0)


def test_days_with_missing_slots_tell_nothing_of_totals() -> None:
    mean = np.full((30, 4), 10.0)
    came = mean + 1
    came[::2, 0] = 9999.0
    came[::2, 1] = np.nan
    bounds = of_days(came, mean).bounds(np.array([[40.0]]), np.ones(1))
    assert bounds[1][0, 0] == pytest.approx(44.0)


def test_the_noise_floor_is_what_chance_makes() -> None:
    chance = np.random.default_rng(7)
    for mean in (0.3, 2.0, 30.0):
        counts = chance.poisson(mean, 200_000)
        assert noise(np.array([mean]))[0] == pytest.approx(np.abs(counts - mean).mean(), rel=0.02)
    assert np.isnan(noise_floor(np.zeros(0)))
