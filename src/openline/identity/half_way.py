"""Who gave the right password and still owes the second factor.

In memory alone and for ten minutes: after a restart one begins again. It opens nothing by itself,
and ends after some wrong codes, so that a stolen password gives few guesses.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable

import msgspec

from openline.identity.second_factor import new_secret
from openline.model import MINUTE, Duration, Instant

LASTS = Duration(10 * MINUTE)
WRONG_CODES = 8
MOST = 10_000


class Half(msgspec.Struct, kw_only=True):
    """Is one browser that is half way in."""

    login: str
    until: Instant
    secret: bytes
    """What a telephone gets to know, if one is still to be set up."""
    wrong: int = 0


class HalfWay:
    """Remembers browsers by a random token, of which it holds the hash."""

    def __init__(self, *, now: Callable[[], Instant]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._halves: dict[bytes, Half] = {}

    def open(self, login: str) -> str:
        """Returns the token for the browser's cookie."""
        token = secrets.token_urlsafe(32)
        now = self._now()
        with self._lock:
            for key in [key for key, half in self._halves.items() if half.until <= now]:
                del self._halves[key]
            if len(self._halves) >= MOST:
                del self._halves[next(iter(self._halves))]
            half = Half(login=login, until=Instant(now + LASTS), secret=new_secret())
            self._halves[_hash(token)] = half
        return token

    def find(self, token: str) -> Half | None:
        """Returns who is half way in with a token; None when that has ended."""
        half = self._halves.get(_hash(token))
        if half is None or half.until <= self._now() or half.wrong >= WRONG_CODES:
            return None
        return half

    def close(self, token: str) -> None:
        """Ends it."""
        with self._lock:
            self._halves.pop(_hash(token), None)

    def close_all(self, login: str) -> None:
        """Ends all of a login."""
        with self._lock:
            for key in [key for key, half in self._halves.items() if half.login == login]:
                del self._halves[key]


def _hash(token: str) -> bytes:
    return hashlib.blake2b(token.encode(errors="replace"), digest_size=32).digest()
