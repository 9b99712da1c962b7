"""A day in which calls come and go: against steady states, against the engine, and in its words."""

import doctest
from dataclasses import replace
from math import cos, pi

import numpy as np
import pytest

from openline.model import RefusedError
from openline.planning import time_varying
from openline.planning.erlang import Floats, Model
from openline.planning.staffing import Questions, Targets, behave, least_agents
from openline.planning.time_varying import Day, day_of, offered_load, staff_day


def a_day(rates: Floats, *, aht_s: float, target_s: float = 0.0, share: float = 0.8) -> Day:
    return Day(
        rates=rates,
        steps=1,
        step_s=1800.0,
        aht_s=aht_s,
        patience_s=180.0,
        target_s=target_s,
        service_level=np.full(len(rates), share),
    )


def evening_peak(erlangs: float, aht_s: float, intervals: int = 24) -> Floats:
    swings = [1 + 0.75 * cos(2 * pi * (k - 20) / intervals) for k in range(intervals)]
    return erlangs / aht_s * np.array(swings)


def test_the_worked_numbers_are_right() -> None:
    assert doctest.testmod(time_varying).failed == 0


@pytest.mark.parametrize("target_s", [0.0, 20.0, 90.0])
@pytest.mark.parametrize("model", [Model.ERLANG_A, Model.ERLANG_C])
def test_where_nothing_changes_it_is_the_steady_state(model: Model, target_s: float) -> None:
    every = np.ones(8)
    questions = Questions(
        model, 12 * every, 1800 * every, 300 * every, 180 * every, target_s * every
    )
    targets = Targets.of_service_level(0.8 * every)
    staffed = staff_day(replace(day_of(questions, targets), repeats=True))
    expected = least_agents(questions, targets)
    assert staffed.agents.tolist() == expected.tolist()
    steady = behave(questions, expected)
    assert staffed.service_level == pytest.approx(steady.service_level, abs=2e-4)
    assert staffed.wait_probability == pytest.approx(steady.wait_probability, abs=2e-4)
    assert staffed.mean_wait_s == pytest.approx(steady.mean_wait_s, rel=5e-3)
    assert staffed.occupancy == pytest.approx(steady.occupancy, abs=2e-4)


def test_every_interval_meets_its_target_and_none_would_with_fewer() -> None:
    day = a_day(evening_peak(5, 1800), aht_s=1800)
    staffed = staff_day(day)
    assert (staffed.service_level >= 0.8).all()
    assert np.allclose(staffed.service_level, 1 - staffed.wait_probability)
    # With long calls the load comes after the calls.
    assert offered_load(day).argmax() > day.rates.argmax()
    assert staffed.agents.argmax() >= day.rates.argmax()


def test_it_needs_fewer_hours_than_the_highest_rate_of_each_interval() -> None:
    rates = evening_peak(6, 1800)
    staffed = staff_day(a_day(rates, aht_s=1800))
    edges = np.maximum(np.maximum(rates, np.roll(rates, 1)), np.roll(rates, -1))
    every = np.ones_like(rates)
    usual = least_agents(
        Questions(
            Model.ERLANG_A,
            (rates + edges) / 2 * 1800,
            1800 * every,
            1800 * every,
            180 * every,
            0 * every,
        ),
        Targets.of_service_level(0.8 * every),
    )
    assert staffed.agents.sum() < usual.sum()


def test_who_leaves_finishes_her_call_first() -> None:
    # An hour of many long calls, then none: the next needs nobody, and yet work is done in it.
    rates = np.array([20 / 3600, 0.0, 0.0, 0.0])
    staffed = staff_day(a_day(rates, aht_s=3600))
    assert staffed.agents[0] > 5
    assert staffed.agents[1:].tolist() == [0, 0, 0]
    assert staffed.service_level[1:].tolist() == [1, 1, 1]


def test_a_stretch_that_is_no_day_begins_with_nobody_there() -> None:
    day = a_day(np.full(4, 12 / 3600), aht_s=3600)
    alone = staff_day(replace(day, repeats=False))
    assert alone.agents[0] < staff_day(day).agents[0]
    assert alone.agents.tolist() == sorted(alone.agents.tolist())
    assert (alone.service_level >= 0.8).all()


def test_a_day_without_calls_needs_nobody() -> None:
    staffed = staff_day(a_day(np.zeros(4), aht_s=600))
    assert staffed.agents.tolist() == [0, 0, 0, 0]
    assert staffed.occupancy.tolist() == [0, 0, 0, 0]


def questions(**columns: list[float]) -> Questions:
    usual = {
        "calls": [10.0, 12.0],
        "interval_s": [1800.0, 1800.0],
        "aht_s": [300.0, 300.0],
        "patience_s": [180.0, 180.0],
        "target_s": [20.0, 20.0],
    }
    return Questions(Model.ERLANG_A, *(np.array(each) for each in {**usual, **columns}.values()))


@pytest.mark.parametrize(
    ("asked", "share", "words"),
    [
        (questions(aht_s=[300.0, 360.0]), 0.8, "Row 3, column aht_s: 360 is not 300"),
        (questions(), 1.0, "100 % is out of reach"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(
    asked: Questions, share: float, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        day_of(asked, Targets.of_service_level(np.full(2, share)))


def test_a_load_beyond_measure_is_refused() -> None:
    with pytest.raises(RefusedError, match="leave out --varying"):
        staff_day(a_day(np.full(4, 10.0), aht_s=600))
