import json
from typing import Any

import pytest

from openline.identity import Accounts, IdentityStore, Passkeys, Place, Role
from openline.identity.passkeys import CHALLENGE_LASTS, MOST_PER_ACCOUNT
from openline.model import RefusedError
from tests.identity.authenticator import Authenticator
from tests.identity.conftest import Clock

HOME = Place(origin="https://line.example", host="line.example")
FALSE = Place(origin="https://line.example.evil.test", host="line.example.evil.test")


@pytest.fixture
def passkeys(store: IdentityStore, accounts: Accounts, clock: Clock) -> Passkeys:
    for login in ("ada", "ben"):
        accounts.create(
            login, "nine geese over the harbour", name=login, role=Role.SUPERVISOR, agent=None
        )
    return Passkeys(store, now=clock)


@pytest.fixture
def device(passkeys: Passkeys, accounts: Accounts) -> Authenticator:
    """Returns a device with a passkey of Ada's."""
    made = Authenticator()
    add(passkeys, accounts, made)
    return made


def add(passkeys: Passkeys, accounts: Accounts, device: Authenticator, login: str = "ada") -> None:
    account = accounts.find(login)
    assert account is not None
    asked = over_the_wire(passkeys.asked_to_add(account, HOME, centre="Test Line"))
    passkeys.added(login, HOME, device.made(asked, HOME.origin), label="  my\n telephone ")


def enter(passkeys: Passkeys, device: Authenticator, place: Place = HOME) -> str:
    asked = over_the_wire(passkeys.asked_to_enter(place))
    return passkeys.entered(place, device.proved(asked, place.origin))


def over_the_wire(asked: Any) -> Any:
    return json.loads(json.dumps(asked))


def refused(act: Any) -> str:
    with pytest.raises(RefusedError) as found:
        act()
    return found.value.code


def test_a_passkey_lets_its_owner_in(passkeys: Passkeys, device: Authenticator) -> None:
    assert enter(passkeys, device) == "ada"
    assert enter(passkeys, device) == "ada"
    (kept,) = passkeys.of("ada")
    assert kept.label == "my telephone"
    assert passkeys.has("ada")
    assert not passkeys.has("ben")


def test_it_survives_a_restart(
    store: IdentityStore, passkeys: Passkeys, device: Authenticator, clock: Clock
) -> None:
    again = Passkeys(store, now=clock)
    assert enter(again, device) == "ada"
    assert again.of("ada") == passkeys.of("ada")


def test_an_answer_is_good_once(passkeys: Passkeys, device: Authenticator) -> None:
    asked = over_the_wire(passkeys.asked_to_enter(HOME))
    answer = device.proved(asked, HOME.origin)
    assert passkeys.entered(HOME, answer) == "ada"
    assert refused(lambda: passkeys.entered(HOME, answer)) == "passkey_wrong"


def test_a_challenge_ends_after_five_minutes(
    passkeys: Passkeys, device: Authenticator, clock: Clock
) -> None:
    asked = over_the_wire(passkeys.asked_to_enter(HOME))
    clock.forward(CHALLENGE_LASTS)
    answer = device.proved(asked, HOME.origin)
    assert refused(lambda: passkeys.entered(HOME, answer)) == "passkey_wrong"


def test_a_challenge_is_for_one_purpose_and_one_account(
    passkeys: Passkeys, accounts: Accounts, device: Authenticator
) -> None:
    ada = accounts.find("ada")
    assert ada is not None
    asked = over_the_wire(passkeys.asked_to_add(ada, HOME, centre="Test Line"))
    stolen = Authenticator().made(asked, HOME.origin)
    assert refused(lambda: passkeys.added("ben", HOME, stolen, label="")) == "passkey_wrong"
    proof = device.proved({"publicKey": {**asked["publicKey"], "rpId": HOME.host}}, HOME.origin)
    assert refused(lambda: passkeys.entered(HOME, proof)) == "passkey_wrong"


def test_a_page_that_only_looks_like_ours_gets_nothing(
    passkeys: Passkeys, device: Authenticator
) -> None:
    assert refused(lambda: enter(passkeys, device, FALSE)) == "passkey_wrong"
    asked = over_the_wire(passkeys.asked_to_enter(HOME))
    relayed = device.proved(asked, FALSE.origin)
    assert refused(lambda: passkeys.entered(HOME, relayed)) == "passkey_wrong"


def test_a_device_that_does_not_ask_its_owner_is_not_enough(
    passkeys: Passkeys, accounts: Accounts
) -> None:
    careless = Authenticator(verifies=False)
    assert refused(lambda: add(passkeys, accounts, careless)) == "passkey_wrong"
    assert not passkeys.has("ada")


def test_another_key_proves_nothing(passkeys: Passkeys, device: Authenticator) -> None:
    other = Authenticator()
    assert refused(lambda: enter(passkeys, other)) == "passkey_wrong"
    other.credential = device.credential
    assert refused(lambda: enter(passkeys, other)) == "passkey_wrong"


def test_a_device_that_counts_backwards_has_a_twin(passkeys: Passkeys, accounts: Accounts) -> None:
    device = Authenticator(counts=True)
    add(passkeys, accounts, device)
    assert enter(passkeys, device) == "ada"
    assert enter(passkeys, device) == "ada"
    device.counter = 0
    assert refused(lambda: enter(passkeys, device)) == "passkey_wrong"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": "x"},
        {"id": "x", "rawId": "!", "response": {"clientDataJSON": "e30"}, "type": "public-key"},
        {"id": [], "rawId": None, "response": 7, "type": "public-key"},
    ],
)
def test_what_a_stranger_writes_is_refused_in_words(
    passkeys: Passkeys, answer: dict[str, Any]
) -> None:
    assert refused(lambda: passkeys.entered(HOME, answer)) == "passkey_wrong"
    assert refused(lambda: passkeys.added("ada", HOME, answer, label="")) == "passkey_wrong"


def test_one_device_is_kept_once_and_an_account_has_ten(
    passkeys: Passkeys, accounts: Accounts, device: Authenticator
) -> None:
    assert refused(lambda: add(passkeys, accounts, device)) == "passkey_known"
    for _ in range(MOST_PER_ACCOUNT - 1):
        add(passkeys, accounts, Authenticator())
    assert refused(lambda: add(passkeys, accounts, Authenticator())) == "too_many_passkeys"
    assert len(passkeys.of("ada")) == MOST_PER_ACCOUNT


def test_the_browser_is_told_which_passkeys_are_there(
    passkeys: Passkeys, accounts: Accounts, device: Authenticator
) -> None:
    ada = accounts.find("ada")
    assert ada is not None
    asked = over_the_wire(passkeys.asked_to_add(ada, HOME, centre="Test Line"))["publicKey"]
    (there,) = asked["excludeCredentials"]
    assert there["id"] == passkeys.of("ada")[0].name
    assert asked["rp"] == {"id": "line.example", "name": "Test Line"}
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert passkeys.asked_to_enter(HOME)["publicKey"].get("allowCredentials") is None


def test_who_has_none_of_it_takes_nothing_away(passkeys: Passkeys, device: Authenticator) -> None:
    (kept,) = passkeys.of("ada")
    for login, name in (("ben", kept.name), ("ada", "no-such"), ("ada", "*")):
        assert not passkeys.remove(login, name)
    assert passkeys.remove("ada", kept.name)
    assert not passkeys.remove("ada", kept.name)
    assert refused(lambda: enter(passkeys, device)) == "passkey_wrong"


def test_all_of_an_account_go_together(
    store: IdentityStore,
    passkeys: Passkeys,
    accounts: Accounts,
    device: Authenticator,
    clock: Clock,
) -> None:
    bens = Authenticator()
    add(passkeys, accounts, bens, "ben")
    assert passkeys.remove_all("ada")
    assert not passkeys.remove_all("ada")
    assert Passkeys(store, now=clock).of("ada") == ()
    assert refused(lambda: enter(passkeys, device)) == "passkey_wrong"
    assert enter(passkeys, bens) == "ben"


def test_a_flood_of_challenges_takes_no_more_room(
    passkeys: Passkeys, device: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openline.identity.passkeys.MOST_CHALLENGES", 20)
    first = over_the_wire(passkeys.asked_to_enter(HOME))
    for _ in range(20):
        passkeys.asked_to_enter(HOME)
    assert len(passkeys._challenges) == 20
    answer = device.proved(first, HOME.origin)
    assert refused(lambda: passkeys.entered(HOME, answer)) == "passkey_wrong"
    assert enter(passkeys, device) == "ada"
