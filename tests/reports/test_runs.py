"""Intervals over runs: against the textbook, and against the truth many times over."""

from math import isclose, sqrt
from random import Random
from statistics import mean, stdev

import pytest

from openline.measures import AgentTime, Tally
from openline.measures.student import t_quantile
from openline.model import SECOND, Duration
from openline.reports import Sums
from openline.reports.runs import ALL, Run, differences, estimates

SEED = 20_261_122


def run_of(offered: int, answered: int, in_target: int = 0, wait_s: int = 0) -> Run:
    tally = Tally(
        offered=offered,
        answered=answered,
        answered_in_target=in_target,
        abandoned=offered - answered,
        wait_of_answered=Duration(wait_s * SECOND),
        longest_wait=Duration(wait_s * SECOND),
    )
    return {ALL: Sums(tally=tally, judged=tally, arrivals=True, time=AgentTime())}


def test_a_count_has_students_interval_over_runs() -> None:
    counts = [14, 19, 11, 16, 20]
    (found,) = estimates([run_of(n, 0) for n in counts], ALL, ["offered"]).values()
    assert found.value == mean(counts)
    assert found.half_width is not None
    assert isclose(found.half_width, t_quantile(4) * stdev(counts) / sqrt(5), rel_tol=1e-12)


def test_a_share_is_one_of_callers_and_not_of_days() -> None:
    quiet, busy = run_of(10, 10, in_target=10), run_of(90, 90, in_target=9)
    (found,) = estimates([quiet, busy], ALL, ["service_level"]).values()
    assert found.value == 0.19


def test_the_longest_wait_is_the_mean_over_runs() -> None:
    (found,) = estimates([run_of(1, 1, wait_s=s) for s in (10, 20)], ALL, ["wait_longest"]).values()
    assert found.value == 15


def test_what_nothing_can_be_said_of_is_none() -> None:
    (found,) = estimates([run_of(0, 0), run_of(0, 0)], ALL, ["service_level"]).values()
    assert (found.value, found.half_width) == (None, None)


def test_one_run_has_a_value_and_no_interval() -> None:
    (found,) = estimates([run_of(4, 3)], ALL, ["abandon_rate"]).values()
    assert (found.value, found.half_width) == (0.25, None)
    assert not found.is_sure


@pytest.mark.parametrize("key", ["service_level", "asa", "offered"])
def test_the_interval_holds_the_truth_about_95_times_in_100(key: str) -> None:
    chance = Random(SEED)

    def one() -> Run:
        # Busy days are worse: the case in which a mean of days would be wrong.
        calls = chance.choice((20, 200))
        share = 0.9 if calls == 20 else 0.5
        in_target = sum(chance.random() < share for _ in range(calls))
        return run_of(calls, calls, in_target, wait_s=calls * (1 if calls == 20 else 30))

    truth = {"service_level": (18 + 100) / 220, "asa": (20 + 6000) / 220, "offered": 110}[key]
    held = 0
    for _ in range(300):
        (found,) = estimates([one() for _ in range(12)], ALL, [key]).values()
        assert found.value is not None
        assert found.half_width is not None
        held += abs(found.value - truth) <= found.half_width
    assert 0.90 <= held / 300 <= 0.99, f"seed {SEED}"


def test_what_both_met_drops_out_of_a_difference() -> None:
    calls = [40, 80, 25, 60]
    first = [run_of(n, n) for n in calls]
    second = [run_of(n, n - 5) for n in calls]
    (found,) = differences(first, second, ALL, ["abandoned"]).values()
    assert found.value == 5
    assert found.half_width is not None
    assert found.half_width < 1e-9
    assert found.is_sure
