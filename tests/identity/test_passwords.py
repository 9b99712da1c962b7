"""Passwords are hashed slowly, each with its own salt, and checked alike for everybody."""

import argon2
import pytest

from openline.identity.passwords import NOBODYS_HASH, hash_password, is_right
from openline.model import RefusedError

PASSWORD = "cuatro palabras con año"


def test_a_password_belongs_to_its_hash_alone() -> None:
    hashed = hash_password(PASSWORD, demo=False)
    assert is_right(hashed, PASSWORD)
    assert not is_right(hashed, PASSWORD + " ")
    assert PASSWORD not in hashed
    assert hash_password(PASSWORD, demo=False) != hashed


def test_a_letter_with_its_mark_apart_is_the_same_letter() -> None:
    assert is_right(hash_password("an\u0303o nuevo", demo=True), "año nuevo")


def test_nobodys_hash_costs_as_much_as_a_real_one_and_fits_no_password() -> None:
    real = argon2.extract_parameters(hash_password(PASSWORD, demo=False))
    assert argon2.extract_parameters(NOBODYS_HASH) == real
    assert (real.memory_cost, real.parallelism) == (46 * 1024, 1)
    assert not is_right(NOBODYS_HASH, "")


def test_a_demo_password_may_be_short_and_is_hashed_lightly() -> None:
    hashed = hash_password("demo", demo=True)
    assert is_right(hashed, "demo")
    assert argon2.extract_parameters(hashed).memory_cost < 46 * 1024


@pytest.mark.parametrize("password_hash", ["", "x", "$argon2id$v=19$m=1,t=1,p=1$broken"])
def test_a_broken_hash_fits_no_password(password_hash: str) -> None:
    assert not is_right(password_hash, PASSWORD)


def test_what_goes_beyond_the_longest_password_is_not_cut_off_silently() -> None:
    hashed = hash_password("x" * 1_000, demo=True)
    assert is_right(hashed, "x" * 1_000)
    assert not is_right(hashed, "x" * 1_001)


@pytest.mark.parametrize(
    "password",
    ["Password2026!", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "0987654321098", "marta-marta-marta"],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(RefusedError) as refused:
        hash_password(password, demo=False)
    assert refused.value.code == "password_too_common"


def test_the_login_filled_up_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        hash_password("Amira.Amira.2026", demo=False, login="amira.amira")
    assert refused.value.code == "password_too_common"


@pytest.mark.parametrize(
    "password", ["nine geese over the harbour", "Tr4-ßk9_hW2xQ", "может и так да"]
)
def test_what_nobody_thinks_of_first_is_fine(password: str) -> None:
    assert hash_password(password, demo=False)
