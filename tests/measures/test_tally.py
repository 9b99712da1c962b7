"""Whether tallies add."""

import msgspec

from openline.measures import AgentTime, Tally, total
from openline.model import Duration


def test_every_field_of_a_tally_is_added() -> None:
    names = [name for name in Tally.__struct_fields__ if name not in ("waits", "longest_wait")]
    one = msgspec.convert({name: n for n, name in enumerate(names, 1)}, Tally)
    ten = msgspec.convert({name: 10 * n for n, name in enumerate(names, 1)}, Tally)
    both = one.plus(ten)
    assert {name: getattr(both, name) for name in names} == {
        name: 11 * n for n, name in enumerate(names, 1)
    }


def test_waits_are_added_step_by_step_and_the_longest_is_the_longer() -> None:
    one = Tally(waits={3: 1, 40: 2}, longest_wait=Duration(7))
    two = Tally(waits={40: 5}, longest_wait=Duration(4))
    both = one.plus(two)
    assert (both.waits, both.longest_wait) == ({3: 1, 40: 7}, 7)
    assert one.waits == {3: 1, 40: 2}


def test_plus_changes_neither_side() -> None:
    one, two = Tally(offered=1), Tally(offered=2)
    one.plus(two)
    assert (one.offered, two.offered) == (1, 2)


def test_the_total_of_nothing_is_the_empty_tally() -> None:
    assert total([]) == Tally()


def test_every_field_of_agent_time_is_added() -> None:
    names = AgentTime.__struct_fields__
    one = msgspec.convert({name: n for n, name in enumerate(names, 1)}, AgentTime)
    assert msgspec.to_builtins(one.plus(one)) == {name: 2 * n for n, name in enumerate(names, 1)}
