"""Whether tallies add."""

import msgspec

from openline.measures import AgentTime, Tally, total


def test_every_field_of_a_tally_is_added() -> None:
    names = Tally.__struct_fields__
    one = msgspec.convert({name: n for n, name in enumerate(names, 1)}, Tally)
    ten = msgspec.convert({name: 10 * n for n, name in enumerate(names, 1)}, Tally)
    expected = {name: 11 * n for n, name in enumerate(names, 1)}
    assert msgspec.to_builtins(one.plus(ten)) == expected


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
