"""Accounts are made and checked; a sign-in tells nobody which logins exist."""

import asyncio
import threading

import pytest

from openline.identity import Account, Accounts, IdentityStore, Role, Sessions
from openline.identity import accounts as module
from openline.identity.accounts import HASH_THREADS, MOST_WAITING
from openline.identity.passwords import is_right
from openline.model import SECOND, AgentKey, RefusedError
from tests.identity.conftest import Clock

PASSWORD = "four quiet words here"


def check(accounts: Accounts, login: str, password: str) -> Account | str:
    """Returns the account, or the code of the refusal."""
    try:
        return asyncio.run(accounts.check(login, password))
    except RefusedError as error:
        return error.code


def add(accounts: Accounts, login: str, *, role: Role = Role.SUPERVISOR) -> Account:
    return accounts.create(login, PASSWORD, name=login.title(), role=role)


def add_demo(accounts: Accounts, login: str, password: str = "demo") -> Account:
    return accounts.create(
        login, password, name=login.title(), role=Role.AGENT, agent=AgentKey(login), demo=True
    )


def test_the_right_password_gives_the_account(accounts: Accounts) -> None:
    made = accounts.create(
        " Ana.Ruiz@Example ", PASSWORD, name=" Ana ", role=Role.AGENT, agent=AgentKey("ana")
    )
    assert made == Account(
        login="ana.ruiz@example", name="Ana", role=Role.AGENT, agent=AgentKey("ana"), demo=False
    )
    assert check(accounts, "ANA.ruiz@example ", PASSWORD) == made
    assert accounts.find("Ana.Ruiz@example") == made


@pytest.mark.parametrize(
    ("login", "password"),
    [("ana", "wrong"), ("ana", ""), ("nobody", PASSWORD), ("", ""), ("\ud800", "\ud800")],
)
def test_a_wrong_login_and_a_wrong_password_are_refused_in_the_same_words(
    accounts: Accounts, login: str, password: str
) -> None:
    add(accounts, "ana")
    with pytest.raises(RefusedError) as refused:
        asyncio.run(accounts.check(login, password))
    assert (refused.value.code, str(refused.value)) == (
        "sign_in_failed",
        "The login or the password is wrong.",
    )


def test_a_closed_account_is_refused_like_a_wrong_password(accounts: Accounts) -> None:
    add_demo(accounts, "ana")
    accounts.disable("ana")
    assert check(accounts, "ana", "demo") == "sign_in_failed"
    accounts.enable("ana")
    assert isinstance(check(accounts, "ana", "demo"), Account)


def test_accounts_are_there_after_a_restart(
    accounts: Accounts, store: IdentityStore, clock: Clock
) -> None:
    zoe, ana = add_demo(accounts, "zoe"), add_demo(accounts, "ana")
    again = Accounts(store, now=clock, is_demo=True)
    assert again.list() == accounts.list() == (ana, zoe)
    assert check(again, "zoe", "demo") == zoe
    again.close()


def test_a_new_password_replaces_the_old_one(accounts: Accounts) -> None:
    add_demo(accounts, "ana", "old")
    accounts.set_password("ana", "new")
    assert check(accounts, "ana", "old") == "sign_in_failed"
    assert isinstance(check(accounts, "ana", "new"), Account)


@pytest.mark.parametrize(
    ("login", "password", "name", "role", "code"),
    [
        ("ana", "eleven char", "Ana", Role.SUPERVISOR, "password_too_short"),
        ("ana", "x" * 1_001, "Ana", Role.SUPERVISOR, "password_too_long"),
        ("", PASSWORD, "Ana", Role.SUPERVISOR, "login_not_allowed"),
        ("-ana", PASSWORD, "Ana", Role.SUPERVISOR, "login_not_allowed"),
        ("ana ruiz", PASSWORD, "Ana", Role.SUPERVISOR, "login_not_allowed"),
        ("a" * 65, PASSWORD, "Ana", Role.SUPERVISOR, "login_not_allowed"),
        ("ana", PASSWORD, " ", Role.SUPERVISOR, "name_not_allowed"),
        ("ana", PASSWORD, "A\nna", Role.SUPERVISOR, "name_not_allowed"),
        ("ana", PASSWORD, "Ana", Role.AGENT, "agent_missing"),
        ("zoe", PASSWORD, "Zoe", Role.SUPERVISOR, "account_exists"),
        ("ZOE", PASSWORD, "Zoe", Role.SUPERVISOR, "account_exists"),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    accounts: Accounts, login: str, password: str, name: str, role: Role, code: str
) -> None:
    zoe = add_demo(accounts, "zoe")
    with pytest.raises(RefusedError) as refused:
        accounts.create(login, password, name=name, role=role)
    assert refused.value.code == code
    assert accounts.list() == (zoe,)


def test_letters_of_any_language_make_a_login(accounts: Accounts) -> None:
    accounts.create("Peña", "demo", name="Peña", role=Role.SUPERVISOR, demo=True)
    assert isinstance(check(accounts, "pen\u0303a", "demo"), Account)


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    add(accounts, "ada", role=Role.ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        accounts.disable("ada")
    assert refused.value.code == "last_administrator"
    add(accounts, "bo", role=Role.ADMINISTRATOR)
    accounts.disable("ada")
    with pytest.raises(RefusedError):
        accounts.disable("bo")


@pytest.mark.parametrize("change", ["set_password", "disable", "enable"])
def test_an_account_that_is_not_there_cannot_be_changed(accounts: Accounts, change: str) -> None:
    words = {"set_password": ("nobody", PASSWORD)}.get(change, ("nobody",))
    with pytest.raises(RefusedError) as refused:
        getattr(accounts, change)(*words)
    assert refused.value.code == "no_such_account"


@pytest.mark.parametrize("login", ["ana", "nobody"])
def test_guessing_is_slowed_down_also_for_logins_that_do_not_exist(
    accounts: Accounts, clock: Clock, login: str
) -> None:
    add_demo(accounts, "ana")
    for _ in range(3):
        assert check(accounts, login, "wrong") == "sign_in_failed"
    assert check(accounts, login, "demo") == "too_many_failures"
    clock.forward(SECOND)
    assert check(accounts, login, "wrong") == "sign_in_failed"
    clock.forward(SECOND)
    with pytest.raises(RefusedError, match="in 1 seconds"):
        asyncio.run(accounts.check(login, "wrong"))


def test_the_owner_gets_in_after_the_delay_and_starts_anew(
    accounts: Accounts, clock: Clock
) -> None:
    ana = add_demo(accounts, "ana")
    for _ in range(3):
        check(accounts, "ana", "wrong")
    clock.forward(SECOND)
    assert check(accounts, "ana", "demo") == ana
    assert check(accounts, "ana", "wrong") == "sign_in_failed"
    assert check(accounts, "ana", "demo") == ana


def test_guesses_made_at_the_same_time_are_counted_as_well(accounts: Accounts) -> None:
    add_demo(accounts, "ana")

    async def run() -> list[str]:
        found = await asyncio.gather(
            *(accounts.check("ana", "wrong") for _ in range(8)), return_exceptions=True
        )
        return [each.code for each in found if isinstance(each, RefusedError)]

    assert sorted(asyncio.run(run())) == ["sign_in_failed"] * 3 + ["too_many_failures"] * 5


def test_more_sign_ins_than_can_wait_are_told_so_and_the_loop_stays_free(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    most = HASH_THREADS + MOST_WAITING
    for n in range(most + 1):
        add_demo(accounts, f"agent{n}")
    may_go_on = threading.Event()

    def slow(password_hash: str, password: str) -> bool:
        may_go_on.wait()
        return is_right(password_hash, password)

    monkeypatch.setattr(module, "is_right", slow)

    async def run() -> None:
        waiting = [asyncio.ensure_future(accounts.check(f"agent{n}", "demo")) for n in range(most)]
        await asyncio.sleep(0)
        with pytest.raises(RefusedError) as refused:
            await accounts.check(f"agent{most}", "demo")
        assert refused.value.code == "busy"
        may_go_on.set()
        assert [each.login for each in await asyncio.gather(*waiting)] == [
            f"agent{n}" for n in range(most)
        ]
        assert (await accounts.check(f"agent{most}", "demo")).login == f"agent{most}"

    asyncio.run(run())


def test_an_account_of_a_demonstration_opens_nothing_in_a_real_centre(
    accounts: Accounts, store: IdentityStore, clock: Clock
) -> None:
    amira = add_demo(accounts, "amira")
    token = Sessions(store, accounts, now=clock).open(amira)
    real = Accounts(store, now=clock)
    assert check(real, "amira", "demo") == "sign_in_failed"
    assert Sessions(store, real, now=clock).check(token) is None
    assert Sessions(store, accounts, now=clock).check(token) == amira
    real.close()
