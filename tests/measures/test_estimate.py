"""Whether a caller is told something honest or nothing."""

from openline.engine.estimate import CALLS_NEEDED, CALLS_REMEMBERED, LONGEST_TOLD
from openline.measures import RecentTimes, wait_estimate
from openline.model import MINUTE, Duration

TEN_MINUTES = Duration(10 * MINUTE)


def test_the_estimate_grows_with_the_place_and_shrinks_with_the_agents() -> None:
    assert wait_estimate(1, 2, TEN_MINUTES) == Duration(5 * MINUTE)
    assert wait_estimate(2, 2, TEN_MINUTES) == Duration(10 * MINUTE)
    assert wait_estimate(2, 4, TEN_MINUTES) == Duration(5 * MINUTE)


def test_nothing_is_said_while_nobody_is_at_work() -> None:
    assert wait_estimate(1, 0, TEN_MINUTES, TEN_MINUTES) is None


def test_nothing_is_said_without_a_handle_time() -> None:
    assert wait_estimate(1, 3, None) is None


def test_the_usual_handle_time_stands_in_for_the_recent_one_only_where_there_is_none() -> None:
    assert wait_estimate(1, 1, None, TEN_MINUTES) == TEN_MINUTES
    assert wait_estimate(1, 1, Duration(MINUTE), TEN_MINUTES) == Duration(MINUTE)


def test_a_very_long_wait_is_capped() -> None:
    assert wait_estimate(1_000, 1, TEN_MINUTES) == LONGEST_TOLD


def test_recent_times_say_nothing_before_enough_calls_have_ended() -> None:
    recent = RecentTimes()
    for _ in range(CALLS_NEEDED - 1):
        recent.add(TEN_MINUTES)
    assert recent.mean() is None
    recent.add(TEN_MINUTES)
    assert recent.mean() == TEN_MINUTES


def test_recent_times_forget_the_oldest() -> None:
    recent = RecentTimes()
    for _ in range(CALLS_REMEMBERED):
        recent.add(TEN_MINUTES)
    for _ in range(CALLS_REMEMBERED):
        recent.add(Duration(MINUTE))
    assert recent.mean() == Duration(MINUTE)
