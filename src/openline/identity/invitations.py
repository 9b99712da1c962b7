"""Links that let one person choose a password, once.

A link holds 32 random bytes; we keep their hash. Until somebody has chosen a password it may be
opened any number of times, since mail programs look at links before people do. It ends when it was
used, when its time is over, and when a newer one is made for the same account. A person who comes
too late is told so, and whom to ask.
"""

import hashlib
import secrets
from collections.abc import Callable

import msgspec

from openline.identity.accounts import Accounts
from openline.identity.passwords import hash_password
from openline.identity.port import IdentityStore, InvitationRow
from openline.identity.roles import Account
from openline.model import MINUTE, Duration, Instant, RefusedError
from openline.model.names import Name

TOKEN_BYTES = 32
VALID = Duration(3 * 24 * 60 * MINUTE)
REMEMBERED = Duration(30 * 24 * 60 * MINUTE)
"""So long after its end we can say that a link is old; later we do not know it."""


class LinkState(Name):
    """Says what can be done with a link."""

    OPEN = "open"
    USED = "used"
    OLD = "old"
    UNKNOWN = "unknown"
    """Never given, replaced by a newer one, or its account is closed."""


class Link(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is what a link leads to."""

    state: LinkState
    account: Account | None = None
    """Whose it is, while it is open."""


class Invitations:
    """Makes links and takes them. All of it blocks for the disk."""

    def __init__(
        self, store: IdentityStore, accounts: Accounts, *, now: Callable[[], Instant]
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._now = now

    def make(self, login: str) -> tuple[str, Instant]:
        """Returns the token of a new link for an account, and until when it can be used."""
        self._forget_old()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = Instant(self._now() + VALID)
        self._store.add_invitation(token_hash=_hash(token), login=login, expires_at=expires_at)
        return token, expires_at

    def look(self, token: str) -> Link:
        """Tells what can be done with a link; changes nothing."""
        row = self._row(token)
        if row is None:
            return Link(state=LinkState.UNKNOWN)
        if row.is_used:
            return Link(state=LinkState.USED)
        if self._now() >= row.expires_at:
            return Link(state=LinkState.OLD)
        account = self._accounts.find(row.login)
        if account is None or account.disabled:
            return Link(state=LinkState.UNKNOWN)
        return Link(state=LinkState.OPEN, account=account)

    def take(self, token: str, password: str) -> Account:
        """Gives the account its password and ends the link; returns the account.

        Raises:
            RefusedError: `link_used`, `link_old`, `link_unknown`, or the password is refused and
                the link stays good (see `hash_password`).
        """
        link = self.look(token)
        if link.account is None:
            raise _refusal(link.state)
        login = link.account.login
        password_hash = hash_password(password, demo=False, login=login)
        if not self._store.use_invitation(_hash(token), password_hash=password_hash):
            raise _refusal(LinkState.USED)
        self._accounts.refresh()
        account = self._accounts.find(login)
        return link.account if account is None else account

    def open_until(self) -> dict[str, Instant]:
        """Returns the logins that have an open link, and until when."""
        now = self._now()
        return {
            row.login: row.expires_at
            for row in self._store.invitations()
            if not row.is_used and row.expires_at > now
        }

    def _row(self, token: str) -> InvitationRow | None:
        key = _hash(token)
        return next((row for row in self._store.invitations() if row.token_hash == key), None)

    def _forget_old(self) -> None:
        before = self._now() - REMEMBERED
        old = [row.token_hash for row in self._store.invitations() if row.expires_at < before]
        self._store.remove_invitations(old)


def _refusal(state: LinkState) -> RefusedError:
    words = {
        LinkState.USED: "This link was used already.",
        LinkState.OLD: "This link is too old.",
    }.get(state, "This link is not known here.")
    return RefusedError(f"{words} Ask for a new one.", code=f"link_{state.value}")


def _hash(token: str) -> bytes:
    # A random token needs no slow hash: there is nothing to guess.
    return hashlib.blake2b(token.encode(errors="replace"), digest_size=32).digest()
