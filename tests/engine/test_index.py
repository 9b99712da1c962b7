from openline.engine import CallState
from openline.model import SECOND, Instant, Origin, QueueKey
from tests.engine.builders import BEGIN, RING_S
from tests.engine.rehearsal import Rehearsal

ENGLISH_REAL = (QueueKey("english"), Origin.REAL)


def test_the_waiting_of_a_pool_are_listed_in_the_order_in_which_they_will_be_served() -> None:
    night = Rehearsal()
    for leg in ("web:1", "web:2", "web:3"):
        night.arrive(leg)
        night.wait(1)
    night.leave("web:2")
    listed = night.state.index.callers.waiting(ENGLISH_REAL)
    assert listed == [night.call("web:1").id, night.call("web:3").id]


def test_a_call_that_was_offered_and_came_back_is_listed_once() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    night.decline("ben")
    assert night.state.index.callers.waiting(ENGLISH_REAL) == [night.call("web:1").id]


def test_nobody_waits_in_a_pool_of_another_origin() -> None:
    night = Rehearsal()
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    assert night.state.index.callers.waiting(ENGLISH_REAL) == []
    assert not night.state.index.callers.anybody_waits(ENGLISH_REAL)


def test_an_agent_serves_the_queues_whose_every_need_she_meets_in_configured_order() -> None:
    night = Rehearsal()
    serves = {key: night.state.index.queues_of(key) for key in night.state.agents}
    assert serves == {
        "ana": ("english", "spanish"),
        "ben": ("english",),
        "cleo": ("english", "crisis"),
        "dora": ("spanish",),
    }


def test_the_next_deadline_is_the_earliest_that_still_stands() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    assert night.engine.next_wakeup() == BEGIN + RING_S * SECOND
    night.wait(5)
    night.lose("web:1")
    assert night.engine.next_wakeup() == night.call("web:1").gone_at
    night.leave("web:1")
    assert night.engine.next_wakeup() is None


def test_heaps_do_not_grow_with_what_is_long_over() -> None:
    night = Rehearsal()
    night.ready("ben")
    for number in range(500):
        night.arrive(f"web:{number}")
        night.leave(f"web:{number}")
    index = night.state.index
    sizes = [len(heap) for heap in index.callers._waiting.values()]
    sizes += [len(heap) for heap in index.idle._idle.values()]
    assert max(*sizes, len(index.deadlines.entries)) <= 64


def test_cleaning_keeps_everybody_who_waits_in_order() -> None:
    night = Rehearsal()
    for number in range(300):
        night.arrive(f"web:{number}")
        if number % 3:
            night.leave(f"web:{number}")
    waiting = [call.id for call in night.state.calls.values() if call.state is CallState.QUEUED]
    assert night.state.index.callers.waiting(ENGLISH_REAL) == waiting
    assert len(waiting) == 100


def test_a_restored_index_asks_to_be_woken_at_the_same_instant() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.wait(3)
    night.lose("web:1")
    before = night.engine.next_wakeup()
    assert before == Instant(BEGIN + 18 * SECOND)
    night.restart("web:1")
    assert night.engine.next_wakeup() == BEGIN + 120 * SECOND
