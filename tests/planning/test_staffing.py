from fractions import Fraction
from random import Random

import numpy as np
import pytest

from openline.model import RefusedError
from openline.planning.erlang import Model
from openline.planning.staffing import Questions, Targets, behave, least_agents, to_schedule

SEED = 20261122


def questions(model: Model, *rows: tuple[float, float, float, float, float]) -> Questions:
    return Questions(model, *(np.array(column, dtype=float) for column in zip(*rows, strict=True)))


def half_hour(model: Model, patience: float) -> Questions:
    return questions(model, (146, 1800, 360, patience, 20))


@pytest.mark.parametrize(
    ("model", "patience", "agents"),
    [
        (Model.ERLANG_C, 1, 35),
        (Model.ERLANG_A, 600, 34),
        (Model.ERLANG_A, 180, 32),
        (Model.ERLANG_A, 60, 30),
    ],
)
def test_the_usual_half_hour(model: Model, patience: float, agents: int) -> None:
    share = Targets.of_service_level(np.array([0.8]))
    assert least_agents(half_hour(model, patience), share).tolist() == [agents]


@pytest.mark.parametrize("model", list(Model))
def test_the_number_found_is_the_least(model: Model) -> None:
    chance = Random(SEED)
    rows = [
        (
            chance.choice([0, 0.01, 1, 20, 146, 3000]) * chance.random(),
            1800,
            chance.uniform(30, 3600),
            10 ** chance.uniform(0, 4),
            chance.choice([0, 5, 20, 120]),
        )
        for _ in range(2_000)
    ]
    asked = questions(model, *rows)
    shares = np.array([chance.uniform(0.05, 0.999) for _ in rows])
    found = least_agents(asked, Targets.of_service_level(shares))
    assert np.all(behave(asked, found).service_level >= shares)
    fewer = np.flatnonzero(found > 0)
    short = behave(asked.rows(fewer), found[fewer] - 1)
    assert np.all(short.service_level < shares[fewer])
    assert np.array_equal(found == 0, asked.calls == 0)


def test_further_targets_need_more_people() -> None:
    asked = half_hour(Model.ERLANG_A, 180)
    share, any_share = np.array([0.8]), np.array([1.0])
    few_leave = Targets(share, np.array([0.03]), any_share)
    not_tired = Targets(share, any_share, np.array([0.80]))
    assert least_agents(asked, few_leave).tolist() == [34]
    found = least_agents(asked, not_tired)
    assert behave(asked, found).occupancy[0] <= 0.80 < behave(asked, found - 1).occupancy[0]


def test_without_calls_nobody_is_needed_and_nobody_waits() -> None:
    asked = questions(Model.ERLANG_C, (0, 1800, 360, 180, 20))
    assert least_agents(asked, Targets.of_service_level(np.array([0.8]))).tolist() == [0]
    assert [float(column[0]) for column in behave(asked, np.array([0]))] == [1, 0, 0, 0, 0, 0]


def test_what_no_number_of_people_can_reach_is_said() -> None:
    with pytest.raises(RefusedError, match=r"100 % is out of reach.*99\.9"):
        least_agents(half_hour(Model.ERLANG_A, 180), Targets.of_service_level(np.array([1.0])))
    nobody_leaves = Targets(np.array([0.8]), np.array([0.0]), np.array([1.0]))
    with pytest.raises(RefusedError, match=r"nobody ever leaves is out of reach.*0\.1 %"):
        least_agents(half_hour(Model.ERLANG_A, 180), nobody_leaves)
    nobody_works = Targets(np.array([0.8]), np.array([1.0]), np.array([1e-9]))
    with pytest.raises(RefusedError, match="allow more occupancy"):
        least_agents(half_hour(Model.ERLANG_A, 180), nobody_works)


def test_the_roster_is_rounded_exactly() -> None:
    assert to_schedule(21, Fraction(30)) == 30
    assert to_schedule(22, Fraction(30)) == 32
    assert to_schedule(7, Fraction("33.3")) == 11
    assert to_schedule(0, Fraction(30)) == 0
