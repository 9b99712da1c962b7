from typing import get_args

import msgspec
import pytest

from openline.engine import AnyCommand, AnyEvent, AnyInput
from openline.engine.value import Value
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal


@pytest.mark.parametrize("union", [AnyInput, AnyCommand, AnyEvent])
def test_every_kind_of_a_union_is_an_immutable_value(union: object) -> None:
    for kind in get_args(union):
        assert issubclass(kind, Value)
        assert kind.__struct_config__.frozen
        assert not kind.__struct_config__.gc


def test_no_two_values_share_a_name_in_the_record() -> None:
    for union in (AnyInput, AnyCommand, AnyEvent):
        tags = [kind.__struct_config__.tag for kind in get_args(union)]
        assert len(tags) == len(set(tags))


def test_a_night_can_be_written_down_and_read_again() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hang_up("ben")
    events = msgspec.json.decode(msgspec.json.encode(night.events), type=list[AnyEvent])
    assert events == night.events
    inputs = [step.seen for step in night.steps]
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(inputs), type=list[AnyInput]) == inputs


def test_a_field_that_nobody_knows_is_not_read_over() -> None:
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.json.decode(b'{"type":"TimePassed","colour":"blue"}', type=AnyInput)


def test_settings_are_compared_by_what_they_say() -> None:
    again = msgspec.json.decode(msgspec.json.encode(SETTINGS), type=type(SETTINGS))
    assert again == SETTINGS
