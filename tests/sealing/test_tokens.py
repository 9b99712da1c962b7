"""A token opens the leg it was made for, and cannot be made up."""

import random
import string

import pytest

from openline.sealing import Tokens

TOKENS = Tokens(bytes(range(32)))


@pytest.mark.parametrize("leg", ["web:3f2a", "a", "sim:é/..?&=", "x" * 200])
def test_a_token_names_its_leg_and_fits_into_an_address(leg: str) -> None:
    token = TOKENS.make(leg)
    assert TOKENS.leg_of(token) == leg
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")


def test_no_altered_token_opens_anything() -> None:
    token = TOKENS.make("web:3f2a")
    seed = 7
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    chance = random.Random(seed)
    for place in range(len(token)):
        other = chance.choice([each for each in string.printable if each != token[place]])
        assert TOKENS.leg_of(token[:place] + other + token[place + 1 :]) is None
        assert TOKENS.leg_of(token[:place]) is None
    for added in ("=", "A", ".", " ", "\n"):
        assert TOKENS.leg_of(token + added) is None


@pytest.mark.parametrize(
    "token", ["", ".", "..", "1..", "2.YQ.YQ", "1.é.é", "1." + "A" * 9_999 + ".A"]
)
def test_nonsense_is_no_token(token: str) -> None:
    assert TOKENS.leg_of(token) is None


def test_a_token_of_another_centre_opens_nothing_here() -> None:
    assert TOKENS.leg_of(Tokens(bytes(32)).make("web:3f2a")) is None
