import doctest
from math import sqrt
from statistics import mean, pstdev

import pytest

from openline.simulation import arrivals, draws
from openline.simulation.draws import Draws, Lognormal, exponential

SEED = 20_251_125


def test_the_worked_numbers_in_the_documentation_are_right() -> None:
    for module in (draws, arrivals):
        assert doctest.testmod(module).failed == 0


def test_a_row_is_the_same_whenever_it_is_asked_for() -> None:
    forwards = Draws(SEED, "caller", 3)
    rows = {number: forwards.row(number) for number in range(5000)}
    backwards = Draws(SEED, "caller", 3)
    assert all(backwards.row(number) == rows[number] for number in range(4999, -1, -97))
    assert len(set(rows.values())) == 5000


@pytest.mark.parametrize(("seed", "name"), [(SEED + 1, "caller"), (SEED, "offer")])
def test_another_seed_or_name_gives_other_numbers(seed: int, name: str) -> None:
    assert Draws(seed, name, 3).row(5) != Draws(SEED, "caller", 3).row(5)


@pytest.mark.parametrize("cv", [0.3, 1.0, 2.0])
def test_the_lognormal_has_the_mean_and_cv_that_were_asked_for(cv: float) -> None:
    print(f"seed {SEED}")  # noqa: T201 - a failure must be found again
    source, shape = Draws(SEED, "talk", 2), Lognormal(300.0, cv)
    values = [shape.draw(*source.row(number)) for number in range(60_000)]
    error = pstdev(values) / sqrt(len(values))
    assert abs(mean(values) - 300.0) < 4 * error
    # The error of a sample's cv is large where the tail is heavy.
    assert pstdev(values) / mean(values) == pytest.approx(cv, rel=0.02 + 0.06 * cv)


def test_a_lognormal_of_mean_nought_is_nought() -> None:
    assert Lognormal(0.0, 1.0).draw(0.3, 0.7) == 0.0


def test_the_exponential_has_its_mean() -> None:
    source = Draws(SEED, "patience", 1)
    values = [exponential(180.0, source.row(number)[0]) for number in range(40_000)]
    assert abs(mean(values) - 180.0) < 4 * 180.0 / sqrt(len(values))
