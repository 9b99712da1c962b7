"""Whether the spread of waits adds up, and errs by no more than it says."""

import random

from hypothesis import given
from hypothesis import strategies as st

from openline.measures import Tally, total, wait_percentile
from openline.measures.waits import bounds_of, percentile, step_of
from openline.model import MILLISECOND, SECOND, Duration

waits = st.integers(0, 48 * 3600 * SECOND).map(Duration)


def counted(times: list[Duration]) -> Tally:
    tally = Tally(answered=len(times), longest_wait=max(times, default=Duration(0)))
    for time in times:
        step = step_of(time)
        tally.waits[step] = tally.waits.get(step, 0) + 1
    return tally


@given(wait=waits)
def test_a_step_holds_its_waits_and_is_as_narrow_as_promised(wait: Duration) -> None:
    begin, end = bounds_of(step_of(wait))
    assert begin <= wait < end
    assert end - begin <= max(MILLISECOND, begin // 64)


def test_steps_follow_one_another_without_a_gap() -> None:
    for step in range(2_000):
        assert bounds_of(step)[1] == bounds_of(step + 1)[0]


@given(times=st.lists(waits, min_size=1, max_size=60), per_cent=st.integers(1, 100))
def test_a_percentile_errs_by_less_than_one_per_cent(times: list[Duration], per_cent: int) -> None:
    exact = sorted(times)[-(-len(times) * per_cent // 100) - 1]
    told = wait_percentile(counted(times), per_cent)
    assert told is not None
    assert abs(told - exact) <= max(MILLISECOND, exact / 128)


def test_the_percentiles_of_a_year_are_those_of_its_days_together() -> None:
    seed = 5
    print(f"seed {seed}")  # noqa: T201  # shown when the test fails
    chance = random.Random(seed)
    days = [
        [Duration(int(chance.expovariate(1 / 40) * SECOND)) for _ in range(chance.randrange(60))]
        for _ in range(365)
    ]
    whole = counted([time for day in days for time in day])
    assert total(counted(day) for day in days) == whole
    assert total(counted(day) for day in reversed(days)) == whole


def test_without_calls_there_is_no_percentile() -> None:
    assert percentile({}, 90, Duration(0)) is None
