"""What identity asks of a store. All calls block for the disk; any thread may call."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from openline.model import Instant


class AccountRow(Protocol):
    """Is an account as it is kept."""

    @property
    def login(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def agent(self) -> str | None: ...
    @property
    def demo(self) -> bool: ...
    @property
    def disabled(self) -> bool: ...
    @property
    def password_hash(self) -> str: ...


class SessionRow(Protocol):
    """Is a session as it is kept; its token is not, only the token's hash."""

    @property
    def token_hash(self) -> bytes: ...
    @property
    def login(self) -> str: ...
    @property
    def created_at(self) -> Instant: ...
    @property
    def seen_at(self) -> Instant: ...


class IdentityStore(Protocol):
    """Keeps accounts and sessions."""

    def accounts(self) -> Sequence[AccountRow]:
        """Returns all accounts by login."""

    def add_account(
        self,
        *,
        login: str,
        name: str,
        role: str,
        agent: str | None,
        demo: bool,
        password_hash: str,
        created_at: Instant,
    ) -> None:
        """Adds an account that is open.

        Raises:
            RefusedError: (code `account_exists`) the login or the agent has one already.
        """

    def set_password_hash(self, login: str, password_hash: str) -> None:
        """Replaces an account's password hash."""

    def set_disabled(self, login: str, disabled: bool) -> None:
        """Closes or reopens an account."""

    def sessions(self) -> Sequence[SessionRow]:
        """Returns all sessions, also those past their time."""

    def add_session(self, *, token_hash: bytes, login: str, created_at: Instant) -> None:
        """Keeps a session, last seen when it was created."""

    def touch_sessions(self, seen: Mapping[bytes, Instant]) -> None:
        """Notes when sessions were last seen, by token hash."""

    def remove_sessions(self, token_hashes: Sequence[bytes]) -> None:
        """Drops sessions; unknown ones are passed over."""
