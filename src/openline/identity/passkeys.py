"""Passkeys (WebAuthn): what a device or a key ring proves in place of password and code.

A passkey is two factors in one: the device is there, and it has asked its owner for a finger, a
face or a PIN, which we demand. It knows the name of the page it was made for, so a page that only
looks like ours gets nothing from it. We keep its public half; nothing that is kept lets anybody in.

Both acts have two steps: `asked_to_add` or `asked_to_enter` gives the browser a challenge, `added`
or `entered` takes its answer. A challenge is good once and for five minutes, and only in memory.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from openline.identity.port import IdentityStore, PasskeyRow
from openline.identity.roles import Account
from openline.model import MINUTE, Duration, Instant, RefusedError

CHALLENGE_LASTS = Duration(5 * MINUTE)
MOST_CHALLENGES = 10_000
MOST_PER_ACCOUNT = 10
LONGEST_LABEL = 60
_CHALLENGE_BYTES = 32

Options = Mapping[str, Any]
"""What a browser's `navigator.credentials` is called with, as JSON."""
Answer = Mapping[str, Any]
"""What it answers, as JSON; written by a stranger."""


class Place(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is the address under which the asking page was opened."""

    origin: str
    """As the browser says it: `https://line.example`."""
    host: str
    """Its host without the port; passkeys are bound to it."""


class Passkey(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a passkey as its owner sees it."""

    name: str
    """Identifies it; safe in an address."""
    label: str
    """What the owner calls it."""
    created_at: Instant


class _Challenge(msgspec.Struct, frozen=True, kw_only=True):
    until: Instant
    login: str | None
    """Who adds a passkey; None for somebody who wants to come in."""


class Passkeys:
    """Holds the passkeys of all accounts. What takes or gives an answer blocks for the disk."""

    def __init__(self, store: IdentityStore, *, now: Callable[[], Instant]) -> None:
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._rows = {row.credential: row for row in store.passkeys()}
        self._challenges: dict[bytes, _Challenge] = {}

    def has(self, login: str) -> bool:
        """Tells whether an account has a passkey; from memory."""
        return bool(self._of(login))

    def of(self, login: str) -> tuple[Passkey, ...]:
        """Returns the passkeys of an account, the oldest first; from memory."""
        return tuple(
            Passkey(name=websafe_encode(row.credential), label=row.label, created_at=row.created_at)
            for row in sorted(self._of(login), key=lambda row: row.created_at)
        )

    def asked_to_add(self, account: Account, place: Place, *, centre: str) -> Options:
        """Returns with what an account's browser is asked to make a passkey."""
        options, _ = _server(place, centre).register_begin(
            PublicKeyCredentialUserEntity(
                id=_handle(account.login), name=account.login, display_name=account.name
            ),
            [_described(row) for row in self._of(account.login) if row.host == place.host],
            # Kept by the device, so that nobody need type a login; and never without its owner.
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._challenge(account.login),
        )
        return dict(options)

    def added(self, login: str, place: Place, answer: Answer, *, label: str) -> None:
        """Keeps the passkey that a browser made.

        Raises:
            RefusedError: (code `passkey_wrong`) this does not answer a challenge of ours, or the
                device did not ask for its owner; `passkey_known`: it was added before;
                `too_many_passkeys`.
        """
        try:
            response = RegistrationResponse.from_dict(answer)
            challenge = response.response.client_data.challenge
            state = self._take(challenge, login)
            made = _server(place, "").register_complete(state, response)
        except Exception as error:  # a library reads what a stranger wrote: whatever it trips over
            raise _wrong() from error
        known = made.credential_data
        if known is None:
            raise _wrong()
        with self._lock:
            if known.credential_id in self._rows:
                raise RefusedError("This passkey is known already.", code="passkey_known")
            if len(self._of(login)) >= MOST_PER_ACCOUNT:
                raise RefusedError(
                    f"An account has at most {MOST_PER_ACCOUNT} passkeys; take one away first.",
                    code="too_many_passkeys",
                )
            self._rows[known.credential_id] = self._store.add_passkey(
                credential=known.credential_id,
                login=login,
                host=place.host,
                public=bytes(known),
                counter=made.counter,
                label=" ".join(label.split())[:LONGEST_LABEL],
                created_at=self._now(),
            )

    def asked_to_enter(self, place: Place) -> Options:
        """Returns with what a browser is asked to prove a passkey, whosever it is."""
        options, _ = _server(place, "").authenticate_begin(
            user_verification=UserVerificationRequirement.REQUIRED,
            challenge=self._challenge(None),
        )
        return dict(options)

    def entered(self, place: Place, answer: Answer) -> str:
        """Takes the proof of a passkey; returns the login of its owner.

        Raises:
            RefusedError: (code `passkey_wrong`) it proves nothing: an unknown or removed passkey,
                made for another address, an old challenge, or a copy of a device.
        """
        try:
            response = AuthenticationResponse.from_dict(answer)
            state = self._take(response.response.client_data.challenge, None)
            row = self._rows[response.raw_id]
            if row.host != place.host:
                raise _wrong()
            known = AttestedCredentialData(row.public)
            _server(place, "").authenticate_complete(state, [known], response)
            counter = AuthenticatorData(response.response.authenticator_data).counter
        except Exception as error:  # as above
            raise _wrong() from error
        # A device that counts never goes back; one that does has a twin.
        if not self._store.use_passkey(row.credential, counter):
            raise _wrong()
        return row.login

    def remove(self, login: str, name: str) -> bool:
        """Takes one passkey of an account away; tells whether it was there."""
        try:
            credential = websafe_decode(name)
        except ValueError:
            return False
        with self._lock:
            row = self._rows.get(credential)
            if row is None or row.login != login:
                return False
            del self._rows[credential]
            self._store.remove_passkeys([credential])
        return True

    def remove_all(self, login: str) -> bool:
        """Takes all passkeys of an account away; tells whether there was one."""
        with self._lock:
            gone = [row.credential for row in self._of(login)]
            for credential in gone:
                del self._rows[credential]
            self._store.remove_passkeys(gone)
        return bool(gone)

    def _of(self, login: str) -> list[PasskeyRow]:
        return [row for row in list(self._rows.values()) if row.login == login]

    def _challenge(self, login: str | None) -> bytes:
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        now = self._now()
        with self._lock:
            # The oldest stands first.
            while self._challenges:
                oldest = next(iter(self._challenges))
                is_over = self._challenges[oldest].until <= now
                if not is_over and len(self._challenges) < MOST_CHALLENGES:
                    break
                del self._challenges[oldest]
            until = Instant(now + CHALLENGE_LASTS)
            self._challenges[challenge] = _Challenge(until=until, login=login)
        return challenge

    def _take(self, challenge: bytes, login: str | None) -> dict[str, Any]:
        """Uses a challenge up; returns it as the library remembers it."""
        with self._lock:
            found = self._challenges.pop(challenge, None)
        if found is None or found.until <= self._now() or found.login != login:
            raise _wrong()
        return {
            "challenge": websafe_encode(challenge),
            "user_verification": UserVerificationRequirement.REQUIRED,
        }


def _server(place: Place, centre: str) -> Fido2Server:
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=place.host, name=centre or place.host),
        verify_origin=lambda origin: origin == place.origin,
    )


def _described(row: PasskeyRow) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=row.credential)


def _handle(login: str) -> bytes:
    """Returns what the device files an account under: the same each time, and no name."""
    return hashlib.blake2b(login.encode(), digest_size=32, person=b"passkey handle").digest()


def _wrong() -> RefusedError:
    return RefusedError("This passkey does not open anything here.", code="passkey_wrong")
