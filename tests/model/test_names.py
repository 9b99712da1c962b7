import enum
import re

import pytest

from openline.model import Origin, Reason


def test_a_name_is_found_again_by_its_value() -> None:
    assert Origin("real") is Origin.REAL
    assert {Origin.PRACTICE: 1}[Origin("practice")] == 1


@pytest.mark.parametrize("listed", [Origin, Reason])
def test_names_hash_by_identity_because_the_engine_looks_them_up_all_day(
    listed: type[enum.Enum],
) -> None:
    assert all(hash(name) == object.__hash__(name) for name in listed)


@pytest.mark.parametrize("listed", [Origin, Reason])
def test_the_value_of_a_name_is_the_name_in_small_letters(listed: type[enum.Enum]) -> None:
    for name in listed:
        assert name.value == name.name.lower()
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name.value)
