"""Making accounts and checking passwords.

The accounts of a centre are few and are kept in memory as well; only one process writes them (it
holds the data folder). A sign-in tells nobody whether a login exists: neither by words nor by time.
"""

import asyncio
import os
import re
import sys
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from openline.identity.delays import Delays
from openline.identity.passwords import NOBODYS_HASH, hash_password, is_right
from openline.identity.port import AccountRow, IdentityStore
from openline.identity.roles import Account, Role
from openline.model import SECOND, AgentKey, Instant, RefusedError, TooSoonError

HASH_THREADS = 2
MOST_WAITING = 8
BUSY_WAIT_S = 5
LONGEST_NAME = 128
_LOGIN = re.compile(r"[^\W_][\w.@+-]{0,63}")


class Accounts:
    """Holds who may sign in. Made, created and changed off the event loop; `check` is for it."""

    def __init__(
        self, store: IdentityStore, *, now: Callable[[], Instant], is_demo: bool = False
    ) -> None:
        """Reads the accounts; outside a demonstration its accounts let nobody in."""
        self._store = store
        self._is_demo = is_demo
        self._now = now
        self._lock = threading.Lock()
        self._rows: dict[str, AccountRow] = {row.login: row for row in store.accounts()}
        self._delays = Delays()
        self._checking = 0
        self._hashers = ThreadPoolExecutor(
            HASH_THREADS, thread_name_prefix="passwords", initializer=_give_way
        )

    async def check(self, login: str, password: str) -> Account:
        """Returns whose login and password these are; takes about 60 ms, on another thread.

        Raises:
            RefusedError: `sign_in_failed` (no such login, wrong password or a closed account: it
                does not say which), `too_many_failures` (wait, and how long), `busy`.
        """
        login = normal_login(login)
        now = self._now()
        remaining = self._delays.remaining(login, now)
        if remaining > 0:
            seconds = -(-remaining // SECOND)
            raise TooSoonError(
                f"Too many wrong passwords for this login. Try again in {seconds} seconds.",
                code="too_many_failures",
                retry_after_s=seconds,
            )
        if self._checking >= HASH_THREADS + MOST_WAITING:
            raise TooSoonError(
                "Very many people are signing in at this moment. Try again in a few seconds.",
                code="busy",
                retry_after_s=BUSY_WAIT_S,
            )
        row = self._rows.get(login)
        # Who was invited and has not come yet has none.
        password_hash = NOBODYS_HASH if row is None else row.password_hash or NOBODYS_HASH
        self._checking += 1
        # Counted as wrong until it is right: tries made at the same time get no free guesses.
        self._delays.failed(login, now)
        try:
            right = await asyncio.get_running_loop().run_in_executor(
                self._hashers, is_right, password_hash, password
            )
        finally:
            self._checking -= 1
        if row is None or not right or self._is_closed(row):
            raise RefusedError("The login or the password is wrong.", code="sign_in_failed")
        self._delays.succeeded(login)
        return _account(row, False)

    def find(self, login: str) -> Account | None:
        """Returns the account of a login, from memory."""
        row = self._rows.get(normal_login(login))
        return None if row is None else _account(row, self._is_closed(row))

    def existing(self, login: str) -> Account:
        """Returns the account of a login; raises `RefusedError` (`no_such_account`)."""
        row = self._existing(login)
        return _account(row, self._is_closed(row))

    def list(self) -> tuple[Account, ...]:
        """Returns all accounts by login, from memory."""
        return tuple(_account(row, self._is_closed(row)) for _, row in sorted(self._rows.items()))

    def create(
        self,
        login: str,
        password: str,
        *,
        name: str,
        role: Role,
        agent: AgentKey | None = None,
        demo: bool = False,
    ) -> Account:
        """Makes an account; blocks for a hash and a disk write.

        Raises:
            RefusedError: `login_not_allowed`, `name_not_allowed`, `agent_missing`,
                `account_exists`, or the password is refused (see `hash_password`).
        """
        return self._add(
            login, hash_password(password, demo=demo, login=login), name, role, agent, demo
        )

    def add_without_password(
        self, login: str, *, name: str, role: Role, agent: AgentKey | None = None
    ) -> Account:
        """Makes an account with which nobody can sign in yet; blocks for a disk write.

        Raises:
            RefusedError: as `create`, save for passwords.
        """
        return self._add(login, "", name, role, agent, demo=False)

    def _add(
        self,
        login: str,
        password_hash: str,
        name: str,
        role: Role,
        agent: AgentKey | None,
        demo: bool,
    ) -> Account:
        login = normal_login(login)
        if not _LOGIN.fullmatch(login):
            raise RefusedError(
                "A login has 1 to 64 characters: letters, digits and . _ @ + - and begins with a "
                "letter or a digit.",
                code="login_not_allowed",
            )
        name = name.strip()
        if not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
            raise RefusedError(
                f"The account needs a name to be shown, of at most {LONGEST_NAME} characters.",
                code="name_not_allowed",
            )
        _check_agent(role, agent)
        with self._lock:
            self._store.add_account(
                login=login,
                name=name,
                role=role.value,
                agent=agent,
                demo=demo,
                password_hash=password_hash,
                created_at=self._now(),
            )
            self._load()
        row = self._rows[login]
        return _account(row, self._is_closed(row))

    def set_password(self, login: str, password: str) -> None:
        """Replaces a password; blocks for a hash and a disk write. Close the sessions with it.

        Raises:
            RefusedError: `no_such_account`, or the password is refused.
        """
        row = self._existing(login)
        password_hash = hash_password(password, demo=row.demo, login=row.login)
        with self._lock:
            self._store.set_password_hash(row.login, password_hash)
            self._load()
        self._delays.succeeded(row.login)

    def take_password(self, login: str) -> None:
        """Takes the password away, until an invitation gives a new one; blocks for a disk write.

        Close the sessions with it. Raises `RefusedError`: `no_such_account`, `demo_account`.
        """
        row = self._existing(login)
        if row.demo:
            raise RefusedError(
                "This account belongs to the demonstration and has no password.",
                code="demo_account",
            )
        with self._lock:
            self._store.set_password_hash(row.login, "")
            self._load()

    def set_role(self, login: str, role: Role, agent: AgentKey | None) -> Account:
        """Changes what an account is for; blocks for a disk write. Close the sessions with it.

        Raises:
            RefusedError: `no_such_account`, `agent_missing`, `account_exists` (the agent has
                another), `last_administrator`.
        """
        with self._lock:
            row = self._existing(login)
            _check_agent(role, agent)
            if role is not Role.ADMINISTRATOR:
                self._keep_an_administrator(row)
            self._store.set_role(row.login, role.value, agent)
            self._load()
        row = self._rows[row.login]
        return _account(row, self._is_closed(row))

    def refresh(self) -> None:
        """Reads the accounts again, after the store gave one a password; blocks for the disk."""
        with self._lock:
            self._load()

    def disable(self, login: str) -> None:
        """Closes an account at once; blocks for a disk write.

        Its sessions open nothing any more; close them too, or they live again with the account.

        Raises:
            RefusedError: `no_such_account`; `last_administrator`: nobody could reopen it.
        """
        with self._lock:
            row = self._existing(login)
            self._keep_an_administrator(row)
            self._store.set_disabled(row.login, True)
            self._load()

    def enable(self, login: str) -> None:
        """Reopens an account; blocks for a disk write. Raises as `set_password`."""
        with self._lock:
            self._store.set_disabled(self._existing(login).login, False)
            self._load()

    def close(self) -> None:
        """Ends the threads; a check under way is finished first."""
        self._hashers.shutdown()

    def _existing(self, login: str) -> AccountRow:
        row = self._rows.get(normal_login(login))
        if row is None:
            raise RefusedError("There is no account with this login.", code="no_such_account")
        return row

    def _keep_an_administrator(self, row: AccountRow) -> None:
        able = {
            each.login
            for each in self._rows.values()
            if each.role == Role.ADMINISTRATOR.value
            and each.password_hash
            and not self._is_closed(each)
        }
        if able == {row.login}:
            raise RefusedError(
                "This is the last administrator who can sign in. Make another one first.",
                code="last_administrator",
            )

    def _is_closed(self, row: AccountRow) -> bool:
        return row.disabled or (row.demo and not self._is_demo)

    def _load(self) -> None:
        self._rows = {row.login: row for row in self._store.accounts()}


def normal_login(login: str) -> str:
    """Returns the one spelling of a login: no space around it, small letters."""
    return unicodedata.normalize("NFKC", login[:256].strip()).casefold()


def _check_agent(role: Role, agent: AgentKey | None) -> None:
    if role is Role.AGENT and agent is None:
        raise RefusedError(
            "The account of an agent needs the agent's key from the configuration.",
            code="agent_missing",
        )


def _account(row: AccountRow, disabled: bool) -> Account:
    return Account(
        login=row.login,
        name=row.name,
        role=Role(row.role),
        agent=None if row.agent is None else AgentKey(row.agent),
        demo=row.demo,
        disabled=disabled,
        is_invited=not row.password_hash,
    )


def _give_way() -> None:
    # Calls come before sign-ins. Only on Linux has a thread a priority of its own.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
