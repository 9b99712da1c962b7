"""How the pages sign people in: accounts and sessions, with the disk kept off the event loop."""

import asyncio

from openline.identity import Account, Accounts, Sessions
from openline.model import RefusedError, TooSoonError
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
