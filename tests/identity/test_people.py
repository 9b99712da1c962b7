import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from openline.identity import (
    Accounts,
    Change,
    IdentityStore,
    LinkState,
    Passkeys,
    People,
    Role,
    SecondFactors,
    Sessions,
)
from openline.identity.invitations import REMEMBERED, VALID
from openline.model import SECOND, AgentKey, RefusedError
from tests.identity.conftest import Clock

PASSWORD = "nine geese over the harbour"


@pytest.fixture
def gone() -> list[str]:
    return []


@pytest.fixture
def sessions(store: IdentityStore, accounts: Accounts, clock: Clock) -> Sessions:
    return Sessions(store, accounts, now=clock)


@pytest.fixture
def people(
    store: IdentityStore, accounts: Accounts, sessions: Sessions, clock: Clock, gone: list[str]
) -> People:
    factors = SecondFactors(store, now=clock, key=bytes(32))
    passkeys = Passkeys(store, now=clock)
    return People(store, accounts, sessions, factors, passkeys, now=clock, gone=gone.append)


def invite(people: People, login: str = "ben", role: Role = Role.AGENT) -> str:
    agent = AgentKey(login) if role is Role.AGENT else None
    return people.invite(login, name=login.title(), role=role, agent=agent, by="ada").token


def code_of(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.code


def test_a_link_gives_a_password_once(people: People, accounts: Accounts) -> None:
    token = invite(people)
    (ben,) = accounts.list()
    assert ben.is_invited
    assert people.look(token).state is LinkState.OPEN
    assert people.join(token, PASSWORD).login == "ben"
    (ben,) = accounts.list()
    assert not ben.is_invited
    assert people.look(token).state is LinkState.USED
    with pytest.raises(RefusedError) as refused:
        people.join(token, "another pass of words")
    assert code_of(refused) == "link_used"


def test_a_link_ends_with_its_time_and_is_known_as_old_for_a_month(
    people: People, clock: Clock
) -> None:
    token = invite(people)
    clock.forward(VALID - 1)
    assert people.look(token).state is LinkState.OPEN
    clock.forward(1)
    assert people.look(token).state is LinkState.OLD
    with pytest.raises(RefusedError) as refused:
        people.join(token, PASSWORD)
    assert code_of(refused) == "link_old"
    clock.forward(REMEMBERED + 1)
    invite(people, "carmen")
    assert people.look(token).state is LinkState.UNKNOWN


def test_a_newer_link_takes_the_place_of_the_older(people: People) -> None:
    first = invite(people)
    second = people.reset("ben", by="ada").token
    assert people.look(first).state is LinkState.UNKNOWN
    assert people.look(second).state is LinkState.OPEN


def test_a_link_to_a_closed_account_opens_nothing(people: People) -> None:
    token = invite(people)
    people.disable("ben", by="ada")
    assert people.look(token).state is LinkState.UNKNOWN
    people.enable("ben", by="ada")
    assert people.look(token).state is LinkState.OPEN


def test_a_bad_password_leaves_the_link_good(people: People) -> None:
    token = invite(people)
    for bad, code in (("short", "password_too_short"), ("Password2026!", "password_too_common")):
        with pytest.raises(RefusedError) as refused:
            people.join(token, bad)
        assert code_of(refused) == code
    assert people.look(token).state is LinkState.OPEN


def test_the_link_is_kept_as_a_hash_only(people: People, store: IdentityStore) -> None:
    token = invite(people)
    (row,) = store.invitations()
    assert token.encode() not in row.token_hash
    assert len(row.token_hash) == 32


@pytest.mark.parametrize("act", ["reset", "disable", "role"])
def test_whatever_takes_a_right_away_ends_the_sessions_at_once(
    people: People, sessions: Sessions, gone: list[str], act: str
) -> None:
    session = sessions.open(people.join(invite(people), PASSWORD))
    match act:
        case "reset":
            people.reset("ben", by="ada")
        case "disable":
            people.disable("BEN", by="ada")
        case _:
            people.give_role("ben", Role.SUPERVISOR, None, by="ada")
    assert sessions.check(session) is None
    assert gone == ["ben"]


def test_the_last_administrator_cannot_be_lost(people: People, accounts: Accounts) -> None:
    people.join(invite(people, "ada", Role.ADMINISTRATOR), PASSWORD)
    # Who is invited and has not come yet could not open the account again.
    invite(people, "eve", Role.ADMINISTRATOR)
    with pytest.raises(RefusedError) as refused:
        people.disable("ada", by="ada")
    assert code_of(refused) == "last_administrator"
    with pytest.raises(RefusedError) as refused:
        people.give_role("ada", Role.WALLBOARD, None, by="ada")
    assert code_of(refused) == "last_administrator"
    assert not accounts.existing("ada").disabled


def test_a_role_is_given_and_the_agent_kept(people: People, accounts: Accounts) -> None:
    invite(people)
    account = people.give_role("ben", Role.SUPERVISOR, None, by="ada")
    assert (account.role, account.agent) == (Role.SUPERVISOR, "ben")
    invite(people, "wall", Role.WALLBOARD)
    with pytest.raises(RefusedError) as refused:
        people.give_role("wall", Role.AGENT, None, by="ada")
    assert code_of(refused) == "agent_missing"
    with pytest.raises(RefusedError) as refused:
        people.give_role("wall", Role.AGENT, AgentKey("ben"), by="ada")
    assert code_of(refused) == "account_exists"
    assert accounts.existing("wall").role is Role.WALLBOARD


def test_what_was_done_is_noted_with_who_did_it(people: People) -> None:
    token = invite(people)
    people.join(token, PASSWORD)
    people.disable("ben", by="ada")
    people.enable("ben", by="")
    told = [(note.what, note.login, note.by) for note in people.notes(10)]
    assert told == [
        (Change.ENABLED, "ben", ""),
        (Change.DISABLED, "ben", "ada"),
        (Change.JOINED, "ben", "ben"),
        (Change.INVITED, "ben", "ada"),
    ]
    assert len(people.notes(1)) == 1


def test_the_list_says_how_long_a_link_is_good(people: People, clock: Clock) -> None:
    token = invite(people)
    clock.forward(VALID - 90 * 60 * 1_000_000)
    (ben,) = people.listed()
    assert (ben.link_hours_left, ben.account.is_invited) == (2, True)
    people.join(token, PASSWORD)
    (ben,) = people.listed()
    assert (ben.link_hours_left, ben.invited_until) == (0, None)


@pytest.mark.parametrize("login", ["nobody", ""])
def test_an_account_that_there_is_not_is_refused(people: People, login: str) -> None:
    for act in (people.reset, people.disable, people.enable):
        with pytest.raises(RefusedError) as refused:
            act(login, by="ada")
        assert code_of(refused) == "no_such_account"


def test_a_reset_takes_the_second_factor_away_too(people: People, clock: Clock) -> None:
    people.join(invite(people), PASSWORD)
    secret = bytes(20)
    code = TOTP(secret, 6, SHA1(), 30).generate(clock() // SECOND).decode()
    recovery, *_ = people.begin_factor("ben", secret, code)
    (ben,) = people.listed()
    assert ben.has_second_factor
    people.check_factor("ben", recovery)
    people.reset("ben", by="ada")
    (ben,) = people.listed()
    assert not ben.has_second_factor
    assert [note.what for note in people.notes(4)] == [
        Change.RESET,
        Change.FACTOR_ENDED,
        Change.RECOVERY_CODE_USED,
        Change.FACTOR_BEGUN,
    ]
