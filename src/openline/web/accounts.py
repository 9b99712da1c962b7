"""What do the pages need to know who is there? How people come in, prove it, and are invited."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from openline.identity import Account, Half, Invited, Link, Note, Passkey, Person, Place, Role
from openline.model import AgentKey


class TooManyTriesError(Exception):
    """Says that signing in must wait, so that nobody can try out passwords."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"too many tries; wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


class SignIn(Protocol):
    """Checks a name and a password."""

    async def check(self, login: str, password: str) -> Account | None:
        """Returns the account, or None when they do not belong together.

        Takes the same time whether or not the name is known.

        Raises:
            TooManyTriesError: too many tries for this name, whether or not it exists.
        """
        ...

    def find(self, login: str) -> Account | None:
        """Returns the account of a login, if it may sign in."""
        ...


class Sessions(Protocol):
    """Remembers who has signed in, by a random token that only the browser and we know."""

    async def open(self, account: Account) -> str:
        """Begins a session and returns its token."""
        ...

    async def find(self, token: str) -> Account | None:
        """Returns who holds this token; None when it was never given, has ended or has expired."""
        ...

    async def close(self, token: str) -> None:
        """Ends a session; one that is not there counts as ended."""
        ...


class SecondStep(Protocol):
    """Looks after what somebody proves beside the password."""

    def has(self, login: str) -> bool:
        """Tells whether an account has a second factor."""
        ...

    def open(self, login: str) -> str:
        """Returns the token of a browser that is half way in."""
        ...

    def find(self, token: str) -> Half | None:
        """Returns who is half way in with a token."""
        ...

    def close(self, token: str) -> None:
        """Ends it."""
        ...

    async def begin(self, login: str, secret: bytes, code: str) -> Sequence[str]:
        """Begins a second factor; returns recovery codes.

        Raises:
            RefusedError: (code `code_wrong`) the telephone should show another code.
            TooManyTriesError: wait.
        """
        ...

    async def check(self, login: str, code: str) -> None:
        """Takes a code; raises as `begin`, or `PeerError` where the secret cannot be opened."""
        ...

    async def end(self, login: str, code: str) -> None:
        """Ends a second factor, for who has its code; raises as `check`."""
        ...

    async def codes_left(self, login: str) -> int:
        """Returns how many recovery codes were not used yet."""
        ...


class Passkeys(Protocol):
    """Looks after what devices prove in place of password and code.

    `asked_...` return what a browser's `navigator.credentials` is called with, as JSON; what it
    answers comes back as JSON, from a stranger.
    """

    def has(self, login: str) -> bool:
        """Tells whether an account has a passkey."""
        ...

    def of(self, login: str) -> Sequence[Passkey]:
        """Returns the passkeys of an account."""
        ...

    def asked_to_add(self, account: Account, place: Place, *, centre: str) -> Mapping[str, Any]:
        """Asks an account's browser for a new passkey."""
        ...

    def asked_to_enter(self, place: Place) -> Mapping[str, Any]:
        """Asks a browser for the proof of a passkey."""
        ...

    async def add(self, login: str, place: Place, answer: Mapping[str, Any], *, label: str) -> None:
        """Keeps a new passkey.

        Raises:
            RefusedError: `passkey_wrong`, `passkey_known`, `too_many_passkeys`.
        """
        ...

    async def entered(self, place: Place, answer: Mapping[str, Any]) -> str:
        """Returns the login of who proved a passkey; raises `RefusedError`: `passkey_wrong`."""
        ...

    async def remove(self, login: str, name: str) -> None:
        """Takes one of an account's passkeys away; one that is not there counts as gone."""
        ...


class People(Protocol):
    """Looks after accounts; each may raise `RefusedError` with the rule that stands against it."""

    async def listed(self) -> Sequence[Person]:
        """Returns everybody by login."""
        ...

    async def notes(self, limit: int) -> Sequence[Note]:
        """Returns what was last done to accounts, the newest first."""
        ...

    async def invite(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None, by: str
    ) -> Invited:
        """Makes an account, and the link with which its owner chooses a password."""
        ...

    async def reset(self, login: str, *, by: str) -> Invited:
        """Takes a password away at once, and makes a link for another."""
        ...

    async def disable(self, login: str, *, by: str) -> None:
        """Closes an account at once."""
        ...

    async def enable(self, login: str, *, by: str) -> None:
        """Opens an account again."""
        ...

    async def give_role(self, login: str, role: Role, agent: AgentKey | None, *, by: str) -> None:
        """Changes what an account is for."""
        ...

    async def look(self, token: str) -> Link:
        """Tells what can be done with a link; changes nothing."""
        ...

    async def join(self, token: str, password: str) -> Account:
        """Gives the owner of a link the password she chose, once."""
        ...
