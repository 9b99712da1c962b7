"""Whether the longest wait is right when calls leave in any order."""

from hypothesis import given
from hypothesis import strategies as st

from openline.model import CallId, Instant, Origin, QueueKey
from openline.reports.waiting import Waiting, earliest

HELP = QueueKey("help")
changes = st.lists(
    st.tuples(st.booleans(), st.integers(1, 12), st.sampled_from(Origin), st.integers(0, 50)),
    max_size=200,
)


@given(changes)
def test_counts_and_longest_waits_agree_with_a_plain_list(
    changes: list[tuple[bool, int, Origin, int]],
) -> None:
    waiting = Waiting()
    plain: dict[int, tuple[Origin, int]] = {}
    for comes, call, origin, since in changes:
        if comes:
            waiting.come(CallId(call), HELP, origin, Instant(since))
            plain[call] = (origin, since)
        else:
            waiting.leave(CallId(call))
            plain.pop(call, None)
        for asked in ([Origin.REAL], list(Origin)):
            those = [since for origin, since in plain.values() if origin in asked]
            assert waiting.count(HELP, asked) == len(those)
            assert waiting.longest_since(HELP, asked) == min(those, default=None)


def test_what_left_does_not_pile_up_behind_one_who_stays() -> None:
    waiting = Waiting()
    waiting.come(CallId(0), HELP, Origin.REAL, Instant(0))
    for number in range(1, 5_000):
        waiting.come(CallId(number), HELP, Origin.REAL, Instant(number))
        waiting.leave(CallId(number))
    assert waiting.longest_since(HELP, [Origin.REAL]) == 0
    assert len(waiting._pools[HELP, Origin.REAL]._heap) < 100


def test_in_a_queue_that_nobody_knows_nobody_waits() -> None:
    assert Waiting().count(HELP, [Origin.REAL]) == 0
    assert Waiting().longest_since(HELP, [Origin.REAL]) is None


def test_the_earliest_of_some_and_of_none() -> None:
    assert earliest([None, Instant(7), Instant(3)]) == 3
    assert earliest([None]) is None
