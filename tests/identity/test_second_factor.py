"""Codes of RFC 6238, taken once and within their time; recovery codes, taken once at all."""

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from openline.identity import Accounts, IdentityStore, Role, SecondFactors
from openline.identity.half_way import LASTS, WRONG_CODES, HalfWay
from openline.identity.second_factor import RECOVERY_CODES, address, written
from openline.model import SECOND, AgentKey, Instant, PeerError, RefusedError, TooSoonError
from tests.identity.conftest import Clock

SECRET = b"12345678901234567890"
KEY = bytes(range(32))
STEP = 30 * SECOND


@pytest.fixture
def factors(store: IdentityStore, accounts: Accounts, clock: Clock) -> SecondFactors:
    accounts.add_without_password("ben", name="Ben", role=Role.AGENT, agent=AgentKey("ben"))
    return SecondFactors(store, now=clock, key=KEY)


def shown(clock: Clock, secret: bytes = SECRET) -> str:
    """Returns what a telephone shows now."""
    return TOTP(secret, 6, SHA1(), 30).generate(clock() // SECOND).decode()


def begun(factors: SecondFactors, clock: Clock) -> tuple[str, ...]:
    """Begins a second factor; the next half minute has come on return."""
    codes = factors.confirm("ben", SECRET, shown(clock))
    clock.forward(STEP)
    return codes


def is_taken(factors: SecondFactors, code: str) -> bool:
    try:
        factors.check("ben", code)
    except RefusedError:
        return False
    return True


def test_the_codes_are_those_of_the_standard(factors: SecondFactors, clock: Clock) -> None:
    # RFC 6238, appendix B: at 1111111109 the eight digits are 07081804.
    clock.instant = Instant(1_111_111_109 * SECOND)
    assert len(factors.confirm("ben", SECRET, "081804")) == RECOVERY_CODES
    assert written(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def test_a_code_is_taken_once(factors: SecondFactors, clock: Clock) -> None:
    begun(factors, clock)
    code = shown(clock)
    assert is_taken(factors, f"{code[:3]} {code[3:]}")
    assert not is_taken(factors, code)


def test_the_code_that_set_it_up_does_not_sign_in(factors: SecondFactors, clock: Clock) -> None:
    code = shown(clock)
    factors.confirm("ben", SECRET, code)
    assert not is_taken(factors, code)


def test_a_clock_may_differ_by_half_a_minute_and_no_more(
    factors: SecondFactors, clock: Clock
) -> None:
    begun(factors, clock)
    clock.forward(10 * STEP)
    code = shown(clock)
    clock.forward(2 * STEP)
    assert not is_taken(factors, code)
    code = shown(clock)
    clock.forward(STEP)
    assert is_taken(factors, code)
    # An older one than the last that was taken is not taken, though its time is not over.
    clock.forward(-STEP)
    code = shown(clock)
    clock.forward(STEP)
    assert not is_taken(factors, code)


def test_a_used_code_stays_used_after_a_restart(
    factors: SecondFactors, store: IdentityStore, clock: Clock
) -> None:
    begun(factors, clock)
    code = shown(clock)
    assert is_taken(factors, code)
    again = SecondFactors(store, now=clock, key=KEY)
    assert again.has("ben")
    assert not is_taken(again, code)


def test_a_recovery_code_is_taken_once_however_it_is_typed(
    factors: SecondFactors, clock: Clock
) -> None:
    first, second, *_ = begun(factors, clock)
    assert factors.check("ben", first.upper().replace("-", " "))
    assert factors.codes_left("ben") == RECOVERY_CODES - 1
    assert not is_taken(factors, first)
    assert factors.check("ben", second)


def test_wrong_codes_are_slowed_down(factors: SecondFactors, clock: Clock) -> None:
    begun(factors, clock)
    for _ in range(3):
        assert not is_taken(factors, "000000")
    with pytest.raises(TooSoonError) as soon:
        factors.check("ben", shown(clock))
    assert soon.value.retry_after_s == 1
    clock.forward(SECOND)
    assert is_taken(factors, shown(clock))


def test_nothing_begins_with_a_wrong_code(factors: SecondFactors) -> None:
    with pytest.raises(RefusedError) as refused:
        factors.confirm("ben", SECRET, "12345")
    assert refused.value.code == "code_wrong"
    assert not factors.has("ben")


def test_the_secret_and_the_codes_are_not_in_the_store(
    factors: SecondFactors, store: IdentityStore, clock: Clock
) -> None:
    begun(factors, clock)
    (row,) = store.second_factors()
    assert SECRET not in row.secret
    assert SECRET.decode() not in repr(row)
    other = SecondFactors(store, now=clock, key=bytes(32))
    with pytest.raises(PeerError, match="openline user reset"):
        other.check("ben", shown(clock))


def test_who_is_set_up_anew_has_new_recovery_codes(factors: SecondFactors, clock: Clock) -> None:
    old, *_ = begun(factors, clock)
    begun(factors, clock)
    assert factors.codes_left("ben") == RECOVERY_CODES
    assert not is_taken(factors, old)


def test_a_factor_that_is_taken_away_is_gone(factors: SecondFactors, clock: Clock) -> None:
    code, *_ = begun(factors, clock)
    assert factors.remove("ben")
    assert not factors.remove("ben")
    assert not factors.has("ben")
    assert not is_taken(factors, code)
    assert not is_taken(factors, shown(clock))


def test_what_a_telephone_scans_names_login_and_centre() -> None:
    told = address(SECRET, login="ben", centre="Line: evening")
    assert told.startswith("otpauth://totp/Line%20%20evening:ben?")
    assert f"secret={written(SECRET)}" in told


def test_who_is_half_way_in_is_forgotten_after_its_time_or_many_wrong_codes(clock: Clock) -> None:
    half_way = HalfWay(now=clock)
    first, second, third = (half_way.open("ben") for _ in range(3))
    half = half_way.find(first)
    assert half is not None
    half.wrong = WRONG_CODES
    assert half_way.find(first) is None
    half_way.close(second)
    assert half_way.find(second) is None
    assert half_way.find("unknown") is None
    clock.forward(LASTS)
    assert half_way.find(third) is None
    fourth = half_way.open("ben")
    half_way.close_all("ben")
    assert half_way.find(fourth) is None
