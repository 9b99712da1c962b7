"""How the pages sign people in and change accounts, with the disk kept off the event loop."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from openline.identity import (
    Account,
    Accounts,
    HalfWay,
    Invited,
    Link,
    Note,
    Passkeys,
    People,
    Person,
    Place,
    Role,
    SecondFactors,
    Sessions,
)
from openline.identity.passkeys import Answer
from openline.model import AgentKey, RefusedError, TooSoonError
from openline.web import TooManyTriesError

_WRITE_BACK_S = 60
"""When a session was last seen is written down this long after it was seen, not each time."""


class SignIn:
    """Checks passwords for the sign-in page."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def check(self, login: str, password: str) -> Account | None:
        """Returns whose they are, or None; raises `TooManyTriesError` when it must wait."""
        try:
            return await self._accounts.check(login, password)
        except TooSoonError as error:
            raise TooManyTriesError(error.retry_after_s) from error
        except RefusedError:
            return None

    def find(self, login: str) -> Account | None:
        """Returns the account of a login, if it may sign in."""
        account = self._accounts.find(login)
        return None if account is None or account.disabled or account.is_invited else account


class WebSecondStep:
    """Looks after second factors and who is half way in."""

    def __init__(self, people: People, factors: SecondFactors, half_way: HalfWay) -> None:
        self._people = people
        self._factors = factors
        self.has = factors.has
        self.open = half_way.open
        self.find = half_way.find
        self.close = half_way.close

    async def begin(self, login: str, secret: bytes, code: str) -> Sequence[str]:
        """Begins a second factor; returns recovery codes."""
        with _waits_in_words():
            return await asyncio.to_thread(self._people.begin_factor, login, secret, code)

    async def check(self, login: str, code: str) -> None:
        """Takes a code."""
        with _waits_in_words():
            await asyncio.to_thread(self._people.check_factor, login, code)

    async def end(self, login: str, code: str) -> None:
        """Ends a second factor, for who has its code."""
        with _waits_in_words():
            await asyncio.to_thread(self._people.end_factor, login, code)

    async def codes_left(self, login: str) -> int:
        """Returns how many recovery codes were not used yet."""
        return await asyncio.to_thread(self._factors.codes_left, login)


class WebPasskeys:
    """Looks after passkeys; what waits for the disk goes to a thread."""

    def __init__(self, people: People, passkeys: Passkeys) -> None:
        self._people = people
        self._passkeys = passkeys
        self.has = passkeys.has
        self.of = passkeys.of
        self.asked_to_add = passkeys.asked_to_add
        self.asked_to_enter = passkeys.asked_to_enter

    async def add(self, login: str, place: Place, answer: Answer, *, label: str) -> None:
        """Keeps the passkey that a browser made."""
        add = partial(self._people.add_passkey, label=label)
        await asyncio.to_thread(add, login, place, answer)

    async def entered(self, place: Place, answer: Answer) -> str:
        """Takes the proof of a passkey; returns the login of its owner."""
        return await asyncio.to_thread(self._passkeys.entered, place, answer)

    async def remove(self, login: str, name: str) -> None:
        """Takes one of somebody's own passkeys away."""
        await asyncio.to_thread(self._people.remove_passkey, login, name)


@contextmanager
def _waits_in_words() -> Iterator[None]:
    try:
        yield
    except TooSoonError as error:
        raise TooManyTriesError(error.retry_after_s) from error


class WebSessions:
    """Remembers browsers; looking one up is from memory, the rest goes to a thread."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._writing: asyncio.TimerHandle | None = None
        self._written: asyncio.Future[None] | None = None

    async def open(self, account: Account) -> str:
        """Begins a session and returns its token."""
        return await asyncio.to_thread(self._sessions.open, account)

    async def find(self, token: str) -> Account | None:
        """Returns who holds the token."""
        account = self._sessions.check(token)
        if account is not None and self._writing is None:
            loop = asyncio.get_running_loop()
            self._writing = loop.call_later(_WRITE_BACK_S, self._write_back)
        return account

    def _write_back(self) -> None:
        self._writing = None
        loop = asyncio.get_running_loop()
        self._written = loop.run_in_executor(None, self._sessions.write_back)

    async def close(self, token: str) -> None:
        """Ends a session."""
        await asyncio.to_thread(self._sessions.close, token)

    def stop(self) -> None:
        """Writes down what was seen since the last time."""
        if self._writing is not None:
            self._writing.cancel()
        self._sessions.write_back()


class WebPeople:
    """Does what the page of people asks, on threads: all of it waits for the disk."""

    def __init__(self, people: People) -> None:
        self._people = people
        # A hash takes 46 MiB: one at a time.
        self._one_hash = asyncio.Lock()

    async def listed(self) -> tuple[Person, ...]:
        """Returns everybody by login."""
        return await asyncio.to_thread(self._people.listed)

    async def notes(self, limit: int) -> Sequence[Note]:
        """Returns what was last done, the newest first."""
        return await asyncio.to_thread(self._people.notes, limit)

    async def invite(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None, by: str
    ) -> Invited:
        """Makes an account and a link."""
        invite = partial(self._people.invite, name=name, role=role, agent=agent, by=by)
        return await asyncio.to_thread(invite, login)

    async def reset(self, login: str, *, by: str) -> Invited:
        """Takes a password away and makes a link."""
        return await asyncio.to_thread(self._people.reset, login, by=by)

    async def disable(self, login: str, *, by: str) -> None:
        """Closes an account."""
        await asyncio.to_thread(self._people.disable, login, by=by)

    async def enable(self, login: str, *, by: str) -> None:
        """Opens an account again."""
        await asyncio.to_thread(self._people.enable, login, by=by)

    async def give_role(self, login: str, role: Role, agent: AgentKey | None, *, by: str) -> None:
        """Changes what an account is for."""
        await asyncio.to_thread(self._people.give_role, login, role, agent, by=by)

    async def look(self, token: str) -> Link:
        """Tells what can be done with a link."""
        return await asyncio.to_thread(self._people.look, token)

    async def join(self, token: str, password: str) -> Account:
        """Gives the owner of a link the password she chose."""
        async with self._one_hash:
            return await asyncio.to_thread(self._people.join, token, password)
