from random import Random

import numpy as np
import pytest

from openline.planning.erlang import (
    MOST_Y_SUMMED,
    Behaviour,
    erlang_a,
    erlang_b,
    erlang_c,
    sums,
    weights_below,
)
from openline.planning.virtual_wait import integrals
from tests.planning import exact

SEED = 20261122


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


def figures(n: int, rate: float, aht: float, patience: float, target: float) -> Behaviour:
    below = weights_below(one(rate * aht), n)[n]
    found = erlang_a(np.array([n]), one(rate), one(aht), one(patience), one(target), below)
    return Behaviour(*(column[0] for column in found))


def test_a_published_table_is_met() -> None:
    found = figures(50, 48 / 60, 60, 120, 20)
    assert round(100 * float(found.abandon_probability), 2) == 3.09
    assert round(float(found.mean_wait_s), 2) == 3.71
    assert round(100 * float(found.occupancy), 2) == 93.03


def cases() -> list[tuple[int, float, float, float, float]]:
    chance = Random(SEED)
    drawn: list[tuple[int, float, float, float, float]] = []
    while len(drawn) < 100:
        n = round(10 ** chance.uniform(0, 3.3))
        rho = chance.uniform(0.3, 2)
        aht = 10 ** chance.uniform(1.5, 3.6)
        patience = 10 ** chance.uniform(-1, 6.41)
        target = chance.choice([0.0, 1.0, 20.0, 60.0, 300.0])
        # Beyond this the reference takes minutes; `many_calls` has another.
        if rho * n / aht * patience < 3_000:
            drawn.append((n, rho * n / aht, aht, patience, target))
    return drawn


@pytest.mark.parametrize("case", cases())
def test_every_figure_is_exact_to_a_billionth(
    case: tuple[int, float, float, float, float],
) -> None:
    for name, found, true in zip(
        Behaviour._fields, figures(*case), exact.erlang_a(*case), strict=True
    ):
        # In sixty digits the reference loses what is smaller than this.
        if true > 1e-40:
            assert abs(float(found) / float(true) - 1) < 1e-9, (name, found, true)


def many_calls() -> list[tuple[int, float, float, float, float]]:
    """Returns cases in which more than 3,000 call within one patience, up to a month of it."""
    chance = Random(SEED + 1)
    drawn: list[tuple[int, float, float, float, float]] = []
    while len(drawn) < 80:
        n = round(10 ** chance.uniform(0, 3.3))
        rho = chance.uniform(0.3, 2)
        aht = 10 ** chance.uniform(1.5, 3.6)
        patience = 10 ** chance.uniform(-1, 6.41)
        target = chance.choice([0.0, 1.0, 20.0, 60.0, 300.0])
        if rho * n / aht * patience >= 3_000:
            drawn.append((n, rho * n / aht, aht, patience, target))
    # The corners: most agents, most load, most patience.
    month = 30 * 86_400.0
    corners = ((2000, 0.3), (2000, 1.0), (2000, 2.0), (1, 2.0))
    return drawn + [(n, rho * n / 60.0, 60.0, month, 20.0) for n, rho in corners]


@pytest.mark.parametrize("case", many_calls())
def test_every_figure_is_exact_also_where_many_call_within_one_patience(
    case: tuple[int, float, float, float, float],
) -> None:
    found = figures(*case)._asdict()
    for name, true in exact.erlang_a_of_many(*case).items():
        if true > 1e-40:
            assert abs(float(found[name]) / float(true) - 1) < 1e-9, (name, found[name], true)


def test_both_references_agree() -> None:
    for case in cases()[:20]:
        one_way = exact.erlang_a(*case)._asdict()
        for name, true in exact.erlang_a_of_many(*case).items():
            if true > 1e-30:
                assert abs(true / one_way[name] - 1) < 1e-25, (name, case)


@pytest.mark.parametrize("y", [1.0, 30.0, 0.99 * MOST_Y_SUMMED])
@pytest.mark.parametrize("rho", [0.01, 0.3, 0.95, 1.0, 1.05, 2.0, 30.0])
@pytest.mark.parametrize("until", [0.0, 1e-6, 0.1, 3.0, 200.0])
def test_sums_and_integrals_agree(y: float, rho: float, until: float) -> None:
    x = y / rho
    summed, integrated = (
        method(one(x), one(y), one(until), one(2.5)) for method in (sums, integrals)
    )
    factor = summed.all / integrated.all
    for a, b in zip(summed, integrated, strict=True):
        assert a == pytest.approx(b * factor, rel=1e-11)


def test_with_endless_patience_nobody_leaves_and_it_is_erlang_c() -> None:
    below = weights_below(one(9.0), 10)[10]
    c = erlang_c(np.array([10]), one(9 / 300), one(300), one(20), below)
    a = figures(10, 9 / 300, 300, 3e13, 20)
    assert a.service_level == pytest.approx(c.service_level[0], rel=1e-8)
    assert a.mean_wait_s == pytest.approx(c.mean_wait_s[0], rel=1e-8)


def test_without_patience_it_is_erlang_b() -> None:
    below = weights_below(one(9.0), 10)[10]
    b = erlang_b(np.array([10]), one(9 / 300), one(300), below)
    a = figures(10, 9 / 300, 300, 1e-9, 20)
    assert a.abandon_probability == pytest.approx(b.abandon_probability[0], rel=1e-8)


def test_in_overload_erlang_c_has_no_end_and_no_probability_above_one() -> None:
    below = weights_below(one(12.0), 10)[10]
    c = erlang_c(np.array([10]), one(12 / 300), one(300), one(20), below)
    assert c.wait_probability[0] == 1
    assert c.service_level[0] == 0
    assert np.isinf(c.mean_wait_s[0])
    assert c.occupancy[0] == 1


def test_where_nobody_answers_all_wait_until_they_leave() -> None:
    assert [float(each) for each in figures(0, 0.1, 300, 180, 20)[:3]] == [0, 1, 180]


def test_a_loss_too_small_for_a_number_is_nought() -> None:
    below = weights_below(one(600.0), 2000)[2000]
    b = erlang_b(np.array([2000]), one(2.0), one(300), below)
    assert b.abandon_probability[0] == 0
    assert b.service_level[0] == 1
