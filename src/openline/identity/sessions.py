"""Which browsers are signed in.

A session is 32 random bytes that only the browser has; we keep their hash. It ends 12 hours after
it was last seen, 24 hours after it began, when it is closed, and with its account. All sessions are
in memory, so that looking one up costs nothing; they are in the store too and survive a restart.
When a session was last seen is written down now and then (`write_back`): a crash can only make one
look idle for a little longer than it was.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable

import msgspec

from openline.identity.accounts import Accounts
from openline.identity.port import IdentityStore
from openline.identity.roles import Account
from openline.model import MINUTE, Duration, Instant

LONGEST_IDLE = Duration(12 * 60 * MINUTE)
LONGEST = Duration(24 * 60 * MINUTE)
TOKEN_BYTES = 32


class _Session(msgspec.Struct):
    login: str
    created_at: Instant
    seen_at: Instant


class Sessions:
    """Holds the sessions of one centre. All but `check` block for a disk write."""

    def __init__(
        self, store: IdentityStore, accounts: Accounts, *, now: Callable[[], Instant]
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._now = now
        self._lock = threading.Lock()
        self._sessions = {
            row.token_hash: _Session(row.login, row.created_at, row.seen_at)
            for row in store.sessions()
        }
        self._seen: dict[bytes, Instant] = {}

    def open(self, account: Account) -> str:
        """Signs a browser in; returns the token for its cookie."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        key, now = _hash(token), self._now()
        self._store.add_session(token_hash=key, login=account.login, created_at=now)
        with self._lock:
            self._sessions[key] = _Session(account.login, now, now)
        return token

    def check(self, token: str) -> Account | None:
        """Returns who is signed in with a token, or None; from memory, some microseconds."""
        key, now = _hash(token), self._now()
        with self._lock:
            session = self._sessions.get(key)
            if session is None or _is_over(session, now):
                return None
            account = self._accounts.find(session.login)
            if account is None or account.disabled:
                return None
            session.seen_at = self._seen[key] = now
            return account

    def close(self, token: str) -> None:
        """Signs one browser out; an unknown token is passed over."""
        self._remove([_hash(token)])

    def close_all(self, login: str) -> None:
        """Signs all browsers of an account out."""
        with self._lock:
            keys = [key for key, session in self._sessions.items() if session.login == login]
        self._remove(keys)

    def write_back(self) -> None:
        """Writes down what was seen since the last time and drops sessions that are over.

        To be called about once a minute, and before the end.
        """
        now = self._now()
        with self._lock:
            seen, self._seen = self._seen, {}
            over = [key for key, session in self._sessions.items() if _is_over(session, now)]
        self._store.touch_sessions(seen)
        self._remove(over)

    def _remove(self, keys: list[bytes]) -> None:
        with self._lock:
            for key in keys:
                self._sessions.pop(key, None)
                self._seen.pop(key, None)
        self._store.remove_sessions(keys)


def _is_over(session: _Session, now: Instant) -> bool:
    return now - session.seen_at >= LONGEST_IDLE or now - session.created_at >= LONGEST


def _hash(token: str) -> bytes:
    # A random token needs no slow hash: there is nothing to guess.
    return hashlib.blake2b(token.encode(errors="replace"), digest_size=32).digest()
