"""Codes of six digits that a telephone shows (RFC 6238), and recovery codes for when it is lost.

The secret is sealed with a key of the key store, so that a stolen backup makes no codes. A code is
good for its half minute and the ones beside it, since clocks differ, and is taken once: who looks
over a shoulder cannot use it again. Wrong codes are slowed down as wrong passwords are. A recovery
code has 60 random bits, is kept as a hash, and is gone once it was used.
"""

import base64
import hashlib
import os
import secrets
import threading
from collections.abc import Callable
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from openline.identity.delays import Delays
from openline.identity.port import IdentityStore
from openline.model import SECOND, Instant, PeerError, RefusedError, TooSoonError

SECRET_BYTES = 20
DIGITS = 6
STEP_S = 30
STEPS_ASIDE = 1
RECOVERY_CODES = 10
_NONCE_BYTES = 12
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without letters and digits that are taken for one another."""
_CODE_LETTERS = 12


class SecondFactors:
    """Holds who has a second factor. All but `has` block for the disk."""

    def __init__(
        self, store: IdentityStore, *, now: Callable[[], Instant], key: bytes | None = None
    ) -> None:
        """`key` seals the secrets; without one factors can only be removed."""
        self._store = store
        self._now = now
        self._key = key
        self._lock = threading.Lock()
        self._delays = Delays()
        self._known = {row.login for row in store.second_factors()}

    def has(self, login: str) -> bool:
        """Tells whether an account has a second factor; from memory."""
        return login in self._known

    def confirm(self, login: str, secret: bytes, code: str) -> tuple[str, ...]:
        """Begins a second factor, if the telephone shows a right code; returns recovery codes.

        A factor that was there before is replaced.

        Raises:
            RefusedError: (code `code_wrong`) it is not what the telephone should show;
                `too_many_failures` as `check`.
        """
        self._slow_down(login)
        step = self._step_of(secret, code)
        if step is None:
            raise _wrong()
        self._delays.succeeded(login)
        codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
        self._store.set_second_factor(
            login,
            secret=self._sealed(login, secret),
            last_step=step,
            code_hashes=[_hash(login, each) for each in codes],
        )
        with self._lock:
            self._known.add(login)
        return codes

    def check(self, login: str, code: str) -> bool:
        """Takes a code of the telephone, or a recovery code; tells whether it was the latter.

        Raises:
            RefusedError: (code `code_wrong`) it is neither, or was used before.
            TooSoonError: (code `too_many_failures`) wait, and how long.
            PeerError: the secret cannot be opened: the keys are of another folder.
        """
        self._slow_down(login)
        code = _plain(code)
        if len(code) == _CODE_LETTERS:
            if not self._store.use_recovery_code(login, _hash(login, code)):
                raise _wrong()
            self._delays.succeeded(login)
            return True
        step = self._step_of(self._secret(login), code)
        if step is None or not self._store.use_step(login, step):
            raise _wrong()
        self._delays.succeeded(login)
        return False

    def codes_left(self, login: str) -> int:
        """Returns how many recovery codes were not used yet."""
        return self._store.recovery_codes(login)

    def remove(self, login: str) -> bool:
        """Ends a second factor and its recovery codes; tells whether there was one."""
        with self._lock:
            self._known.discard(login)
        return self._store.remove_second_factor(login)

    def _slow_down(self, login: str) -> None:
        with self._lock:
            now = self._now()
            remaining = self._delays.remaining(login, now)
            if remaining > 0:
                seconds = -(-remaining // SECOND)
                raise TooSoonError(
                    f"Too many wrong codes. Try again in {seconds} seconds.",
                    code="too_many_failures",
                    retry_after_s=seconds,
                )
            # Counted as wrong until it is right: tries made at once get no free guesses.
            self._delays.failed(login, now)

    def _step_of(self, secret: bytes, code: str) -> int | None:
        """Returns the step of time in which the telephone shows the code; None outside of now."""
        if len(code := _plain(code)) != DIGITS:
            return None
        totp = _totp(secret)
        now = self._now() // SECOND // STEP_S
        found = None
        for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
            if compare_digest(totp.generate(step * STEP_S), code.encode(errors="replace")):
                found = step
        return found

    def _sealed(self, login: str, secret: bytes) -> bytes:
        assert self._key is not None
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._key).encrypt(nonce, secret, login.encode())

    def _secret(self, login: str) -> bytes:
        assert self._key is not None
        row = next((row for row in self._store.second_factors() if row.login == login), None)
        if row is None:
            raise _wrong()
        nonce, sealed = row.secret[:_NONCE_BYTES], row.secret[_NONCE_BYTES:]
        try:
            return AESGCM(self._key).decrypt(nonce, sealed, login.encode())
        except InvalidTag:
            raise PeerError(
                "The second factor cannot be opened: its key is not in this data folder. Take it "
                "away with: openline user reset LOGIN"
            ) from None


def new_secret() -> bytes:
    """Returns a secret that no telephone knows yet."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """Returns a secret as it is typed into a telephone."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, *, login: str, centre: str) -> str:
    """Returns what a telephone scans."""
    return _totp(secret).get_provisioning_uri(login, centre.replace(":", " "))


def _totp(secret: bytes) -> TOTP:
    # What telephones can: the scheme's SHA-1 is keyed and sound here.
    return TOTP(secret, DIGITS, SHA1(), STEP_S)


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LETTERS, 4))


def _plain(code: str) -> str:
    return "".join(letter for letter in code[:100].casefold() if letter.isalnum())


def _hash(login: str, code: str) -> bytes:
    # 59 random bits and slowed down: nothing is guessed, so no slow hash is needed.
    text = f"{login}\0{_plain(code)}".encode(errors="replace")
    return hashlib.blake2b(text, digest_size=32, person=b"recovery code").digest()


def _wrong() -> RefusedError:
    return RefusedError("This is not the code that is shown now.", code="code_wrong")
