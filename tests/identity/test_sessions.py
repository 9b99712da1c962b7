"""A browser stays signed in for a shift, across restarts, and not for ever."""

from pathlib import Path

import pytest

from openline.identity import Account, Accounts, IdentityStore, Role, Sessions
from openline.identity.sessions import LONGEST, LONGEST_IDLE
from openline.model import MINUTE
from tests.canary import key_spellings, scan
from tests.identity.conftest import Clock


@pytest.fixture
def ana(accounts: Accounts) -> Account:
    return accounts.create("ana", "demo", name="Ana", role=Role.SUPERVISOR, demo=True)


@pytest.fixture
def sessions(store: IdentityStore, accounts: Accounts, clock: Clock) -> Sessions:
    return Sessions(store, accounts, now=clock)


def test_a_token_tells_who_is_signed_in(sessions: Sessions, ana: Account) -> None:
    token = sessions.open(ana)
    assert len(token) == 43
    assert sessions.check(token) == ana
    assert sessions.open(ana) != token


@pytest.mark.parametrize("token", ["", "made up", "\ud800", "x" * 100_000])
def test_a_token_that_is_made_up_opens_nothing(
    sessions: Sessions, ana: Account, token: str
) -> None:
    sessions.open(ana)
    assert sessions.check(token) is None


def test_the_token_itself_is_in_no_file(tmp_path: Path, sessions: Sessions, ana: Account) -> None:
    token = sessions.open(ana)
    assert scan(tmp_path, key_spellings(token.encode())) == []


def test_a_session_ends_when_it_was_not_seen_for_twelve_hours(
    sessions: Sessions, ana: Account, clock: Clock
) -> None:
    token = sessions.open(ana)
    clock.forward(LONGEST_IDLE - 1)
    assert sessions.check(token) == ana
    clock.forward(LONGEST_IDLE - 1)
    assert sessions.check(token) == ana
    other = sessions.open(ana)
    clock.forward(LONGEST_IDLE)
    assert sessions.check(other) is None


def test_a_session_ends_after_a_day_however_busy_it_is(
    sessions: Sessions, ana: Account, clock: Clock
) -> None:
    token = sessions.open(ana)
    for _ in range(LONGEST // (60 * MINUTE) - 1):
        clock.forward(60 * MINUTE)
        assert sessions.check(token) == ana
    clock.forward(60 * MINUTE)
    assert sessions.check(token) is None


def test_a_session_survives_a_restart_with_what_was_written_back(
    store: IdentityStore, accounts: Accounts, sessions: Sessions, ana: Account, clock: Clock
) -> None:
    busy, idle = sessions.open(ana), sessions.open(ana)
    clock.forward(LONGEST_IDLE - 1)
    assert sessions.check(busy) == ana
    sessions.write_back()
    clock.forward(1)
    again = Sessions(store, accounts, now=clock)
    assert again.check(busy) == ana
    assert again.check(idle) is None


def test_a_closed_session_opens_nothing_also_after_a_restart(
    store: IdentityStore, accounts: Accounts, sessions: Sessions, ana: Account, clock: Clock
) -> None:
    closed, kept = sessions.open(ana), sessions.open(ana)
    sessions.close(closed)
    sessions.close("made up")
    for each in (sessions, Sessions(store, accounts, now=clock)):
        assert each.check(closed) is None
        assert each.check(kept) == ana


def test_all_sessions_of_an_account_are_closed_and_nobody_elses(
    sessions: Sessions, accounts: Accounts, ana: Account
) -> None:
    zoe = accounts.create("zoe", "demo", name="Zoe", role=Role.SUPERVISOR, demo=True)
    mine, hers = [sessions.open(ana), sessions.open(ana)], sessions.open(zoe)
    sessions.close_all("ana")
    assert [sessions.check(each) for each in mine] == [None, None]
    assert sessions.check(hers) == zoe


def test_a_closed_account_opens_nothing_at_once(
    sessions: Sessions, accounts: Accounts, ana: Account
) -> None:
    token = sessions.open(ana)
    accounts.disable("ana")
    assert sessions.check(token) is None


def test_sessions_that_are_over_are_dropped_from_the_store(
    store: IdentityStore, sessions: Sessions, ana: Account, clock: Clock
) -> None:
    sessions.open(ana)
    clock.forward(LONGEST_IDLE)
    sessions.open(ana)
    sessions.write_back()
    assert [each.created_at for each in store.sessions()] == [clock()]
