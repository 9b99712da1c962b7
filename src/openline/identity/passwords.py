"""How passwords are hashed: Argon2id, slow on purpose and the same for everybody.

One hash takes 46 MiB and about 60 ms of one processor (OWASP's first choice among equals: more
memory, one pass, one lane). Accounts of a demonstration take a light one; their password is printed
on the screen anyway, and a dozen of them must not hold up the start.
"""

import base64
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from openline.identity.common_passwords import is_common
from openline.model import RefusedError

SHORTEST = 12
LONGEST = 1_000
_MEMORY_KIB = 47_104

_HASHER = PasswordHasher(time_cost=1, memory_cost=_MEMORY_KIB, parallelism=1)
_DEMO_HASHER = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)


def _base64(value: bytes) -> str:
    return base64.b64encode(value).rstrip(b"=").decode()


# Looks like a hash and costs as much to check; no password has it. For logins that do not exist.
NOBODYS_HASH = (
    f"$argon2id$v=19$m={_MEMORY_KIB},t=1,p=1${_base64(b'nobody has this!')}${_base64(bytes(32))}"
)


def hash_password(password: str, *, demo: bool, login: str = "") -> str:
    """Returns the hash of a password, with its parameters and a salt of its own.

    Raises:
        RefusedError: (code `password_too_short`, `password_too_long`, `password_too_common`) it
            may not be used.
    """
    if len(password) < SHORTEST and not demo:
        raise RefusedError(
            f"The password is too short: it needs at least {SHORTEST} characters. Three or four "
            f"words with spaces between them are easy to remember and hard to guess.",
            code="password_too_short",
        )
    if len(password) > LONGEST:
        raise RefusedError(
            f"The password is too long: at most {LONGEST} characters.", code="password_too_long"
        )
    if not demo and is_common(password, login):
        raise RefusedError(
            "The password is one of those that are guessed first. Three or four words that have "
            "nothing to do with each other are easy to remember and hard to guess.",
            code="password_too_common",
        )
    return (_DEMO_HASHER if demo else _HASHER).hash(_normal(password))


def is_right(password_hash: str, password: str) -> bool:
    """Tells whether a password belongs to a hash."""
    try:
        _HASHER.verify(password_hash, _normal(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return len(password) <= LONGEST


def _normal(password: str) -> bytes:
    # One keyboard writes é as one character, another as two.
    return unicodedata.normalize("NFC", password).encode(errors="surrogatepass")
