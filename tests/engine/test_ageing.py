"""Priority that ages, and the ceiling past which a call is next (I16)."""

import msgspec

from openline.engine import Settings
from openline.engine import events as e
from openline.model import Reason
from tests.builders import seconds
from tests.engine.builders import CRISIS, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, only

# Cleo serves English (priority 0) and crisis (priority 10).


def _centre(*, ageing_s: float = 0, ceiling_s: float = 0) -> Settings:
    english = msgspec.structs.replace(ENGLISH, ageing=seconds(ageing_s), ceiling=seconds(ceiling_s))
    return another_version(queues=(english, SPANISH, CRISIS))


def _next_for_cleo(night: Rehearsal) -> tuple[str, Reason]:
    offered = only(night.ready("cleo").events, e.CallOffered)
    return night.state.calls[offered.call].leg, offered.reason


def test_without_ageing_the_higher_priority_always_goes_first() -> None:
    night = Rehearsal()
    night.arrive("web:old")
    night.wait(36_000)
    night.arrive("web:crisis", line="crisis")
    assert _next_for_cleo(night) == ("web:crisis", Reason.LONGEST_WAITING)


def test_each_span_of_waiting_counts_as_one_of_priority() -> None:
    for waited_s, expected in ((99, "web:crisis"), (101, "web:old")):
        night = Rehearsal(_centre(ageing_s=10))
        night.arrive("web:old")
        night.wait(waited_s)
        night.arrive("web:crisis", line="crisis")
        assert _next_for_cleo(night)[0] == expected


def test_priority_that_both_gain_by_waiting_leaves_their_order() -> None:
    queues = tuple(
        msgspec.structs.replace(queue, ageing=seconds(10)) for queue in (ENGLISH, SPANISH, CRISIS)
    )
    night = Rehearsal(another_version(queues=queues))
    night.arrive("web:old")
    night.wait(99)
    night.arrive("web:crisis", line="crisis")
    night.wait(3_600)
    assert _next_for_cleo(night)[0] == "web:crisis"


def test_past_its_ceiling_a_call_is_next_whatever_its_priority() -> None:
    night = Rehearsal(_centre(ceiling_s=60))
    night.arrive("web:old")
    night.wait(30)
    night.arrive("web:crisis", line="crisis")
    night.wait(30)
    assert _next_for_cleo(night) == ("web:old", Reason.PAST_CEILING)


def test_short_of_its_ceiling_it_is_not() -> None:
    night = Rehearsal(_centre(ceiling_s=60))
    night.arrive("web:old")
    night.arrive("web:crisis", line="crisis")
    night.wait(59)
    assert _next_for_cleo(night) == ("web:crisis", Reason.LONGEST_WAITING)


def test_of_two_past_the_ceiling_the_longer_wait_goes_first() -> None:
    night = Rehearsal(_centre(ceiling_s=60))
    for leg in ("web:1", "web:2"):
        night.arrive(leg)
        night.wait(5)
    night.wait(60)
    assert _next_for_cleo(night)[0] == "web:1"


def test_a_call_that_was_queued_at_a_lower_priority_is_not_starved_in_its_own_queue() -> None:
    night = Rehearsal(_centre(ceiling_s=60))
    night.arrive("web:old")
    raised = msgspec.structs.replace(ENGLISH, priority=5, ceiling=seconds(60))
    settings = another_version(version=3, queues=(raised, SPANISH, CRISIS))
    night.publish(settings)
    night.arrive("web:new")
    pool = (ENGLISH.key, night.call("web:old").origin)
    by_priority = [night.call("web:new").id, night.call("web:old").id]
    assert night.state.index.callers.waiting(pool, night.now) == by_priority
    night.wait(60)
    assert night.state.index.callers.waiting(pool, night.now) == by_priority[::-1]
    assert _next_for_cleo(night)[0] == "web:old"


def test_the_order_survives_a_restart() -> None:
    night = Rehearsal(_centre(ageing_s=10, ceiling_s=600))
    night.arrive("web:old")
    night.wait(101)
    night.arrive("web:crisis", line="crisis")
    night.restart("web:old", "web:crisis")
    assert _next_for_cleo(night)[0] == "web:old"
