"""Night 12: a year, of which a week is here, at a fifth of the yardstick's calls and agents.

    Faults are sprinkled by a seed: the program is killed and started again, legs are lost, orders
    are lost, inputs come twice or late, the store refuses, the clock is set. After every event the
    invariants hold, and the sums of the week are the sums of its intervals.

The week is the one in which the clocks go back in Chicago. The year is `./bench faulty_year`.
"""

from datetime import UTC, datetime
from time import process_time

from openline.engine import CallOutcome
from openline.model import SECOND, Instant
from openline.simulation import Fault, Faults
from tests.scenarios.watched import DAY, Watched
from tests.simulation.worlds import yardstick

START = Instant(int(datetime(2026, 10, 29, 5, tzinfo=UTC).timestamp()) * SECOND)
SEED = 12
SHARE = 0.2


def test_a_week_with_faults_keeps_every_invariant_and_adds_up() -> None:
    print(f"seed {SEED}")  # noqa: T201 - a failure must be found again
    line = Watched(*yardstick(SEED, share=SHARE), Faults(seed=SEED))
    begun = process_time()
    line.play(START, Instant(START + 7 * DAY))
    print(f"{process_time() - begun:.1f} s, {line.watch.state.step} steps, {line.centre.met}")  # noqa: T201

    # It was a week worth the name: every kind of fault came, and people were answered all the same.
    assert set(line.centre.met) == set(Fault)
    assert line.centre.lost_steps > 0
    told = line.watch.history
    assert told.arrived > 7 * 6500 * SHARE * 0.8
    assert told.ended[CallOutcome.ANSWERED] > told.arrived / 2

    # The sums of the week are the sums of its intervals, and both are what the events told.
    whole = line.books.whole
    assert line.books.sum() == whole
    assert whole.arrived == told.arrived
    assert whole.left_before_queue == told.ended[CallOutcome.LEFT_BEFORE_QUEUE]
    waiting = sum(1 for call in told.calls.values() if call.queue and call.answered_at is None)
    assert whole.offered == whole.answered + whole.abandoned + whole.flowed_out + waiting
    assert line.books.intervals <= 7 * 96


def test_equal_seeds_give_equal_weeks_and_another_seed_another() -> None:
    def a_day(seed: int) -> tuple[int, dict[Fault, int], int]:
        line = Watched(*yardstick(SEED, share=0.02), Faults(seed=seed), look_every=100)
        line.play(START, Instant(START + DAY))
        return line.events, line.centre.met, line.watch.history.arrived

    assert a_day(1) == a_day(1)
    assert a_day(1) != a_day(2)
