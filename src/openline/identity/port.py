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


class InvitationRow(Protocol):
    """Is an invitation as it is kept; its token is not, only the token's hash."""

    @property
    def token_hash(self) -> bytes: ...
    @property
    def login(self) -> str: ...
    @property
    def expires_at(self) -> Instant: ...
    @property
    def is_used(self) -> bool: ...


class SecondFactorRow(Protocol):
    """Is what a telephone proves beside the password; its secret is sealed."""

    @property
    def login(self) -> str: ...
    @property
    def secret(self) -> bytes: ...
    @property
    def last_step(self) -> int: ...


class PasskeyRow(Protocol):
    """Is the public half of a passkey."""

    @property
    def credential(self) -> bytes: ...
    @property
    def login(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def public(self) -> bytes: ...
    @property
    def counter(self) -> int: ...
    @property
    def label(self) -> str: ...
    @property
    def created_at(self) -> Instant: ...


class AccountEventRow(Protocol):
    """Is a note of what was done to an account."""

    @property
    def at(self) -> Instant: ...
    @property
    def what(self) -> str: ...
    @property
    def login(self) -> str: ...
    @property
    def by(self) -> str: ...


class IdentityStore(Protocol):
    """Keeps accounts, sessions, invitations, and what was done to accounts."""

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

    def set_role(self, login: str, role: str, agent: str | None) -> None:
        """Changes what an account is for.

        Raises:
            RefusedError: (code `account_exists`) the agent has an account already.
        """

    def invitations(self) -> Sequence[InvitationRow]:
        """Returns all invitations, also used ones and those past their time."""

    def add_invitation(self, *, token_hash: bytes, login: str, expires_at: Instant) -> None:
        """Keeps an invitation; what was there for the login is dropped."""

    def use_invitation(self, token_hash: bytes, *, password_hash: str) -> bool:
        """Gives its account a password; tells whether the invitation was still unused."""

    def remove_invitations(self, token_hashes: Sequence[bytes]) -> None:
        """Drops invitations; unknown ones are passed over."""

    def second_factors(self) -> Sequence[SecondFactorRow]:
        """Returns all second factors."""

    def set_second_factor(
        self, login: str, *, secret: bytes, last_step: int, code_hashes: Sequence[bytes]
    ) -> None:
        """Keeps a second factor and its recovery codes; what was there before is dropped."""

    def use_step(self, login: str, step: int) -> bool:
        """Notes a step of time as used; tells whether neither it nor a later one was before."""

    def use_recovery_code(self, login: str, code_hash: bytes) -> bool:
        """Drops a recovery code; tells whether it was there."""

    def recovery_codes(self, login: str) -> int:
        """Returns how many recovery codes are left."""

    def remove_second_factor(self, login: str) -> bool:
        """Drops a second factor and its recovery codes; tells whether there was one."""

    def passkeys(self) -> Sequence[PasskeyRow]:
        """Returns all passkeys."""

    def add_passkey(
        self,
        *,
        credential: bytes,
        login: str,
        host: str,
        public: bytes,
        counter: int,
        label: str,
        created_at: Instant,
    ) -> PasskeyRow:
        """Keeps a passkey; returns it as it is kept."""

    def use_passkey(self, credential: bytes, counter: int) -> bool:
        """Notes how far a device has counted.

        Tells whether the passkey is there and the device did not go back; one that never counts
        always says 0.
        """

    def remove_passkeys(self, credentials: Sequence[bytes]) -> None:
        """Drops passkeys; unknown ones are passed over."""

    def account_events(self, limit: int) -> Sequence[AccountEventRow]:
        """Returns what was last done to accounts, the newest first."""

    def add_account_event(self, *, at: Instant, what: str, login: str, by: str) -> None:
        """Notes what was done to an account, and by whom (empty: at the machine itself)."""

    def remove_account_events(self, before: Instant) -> None:
        """Drops what was noted before an instant."""

    def sessions(self) -> Sequence[SessionRow]:
        """Returns all sessions, also those past their time."""

    def add_session(self, *, token_hash: bytes, login: str, created_at: Instant) -> None:
        """Keeps a session, last seen when it was created."""

    def touch_sessions(self, seen: Mapping[bytes, Instant]) -> None:
        """Notes when sessions were last seen, by token hash."""

    def remove_sessions(self, token_hashes: Sequence[bytes]) -> None:
        """Drops sessions; unknown ones are passed over."""
