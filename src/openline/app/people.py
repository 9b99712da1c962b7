"""Accounts of a data folder, made and listed while its centre is not running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openline import __version__
from openline.centre.clock import wall_now
from openline.identity import Account, Accounts, Role
from openline.model import AgentKey, Instant
from openline.store import DataFolder
from openline.store.sqlite import SqliteStore


@contextmanager
def accounts_of(data: Path) -> Iterator[Accounts]:
    """Opens the accounts of a data folder, which is held meanwhile.

    Raises `RefusedError` if a centre runs on it, naming who holds it.
    """

    def now() -> Instant:
        return Instant(wall_now())

    with DataFolder(data).hold(now()) as folder:
        store = SqliteStore.open(folder.database, now=now(), program_version=__version__)
        accounts = Accounts(store, now=now)
        try:
            yield accounts
        finally:
            accounts.close()
            store.close()


def add(
    data: Path, *, login: str, password: str, name: str, role: Role, agent: AgentKey | None
) -> Account:
    """Makes an account; raises `RefusedError` with the rule that stands against it."""
    with accounts_of(data) as accounts:
        return accounts.create(login, password, name=name, role=role, agent=agent)


def listed(data: Path) -> tuple[Account, ...]:
    """Returns all accounts by login."""
    with accounts_of(data) as accounts:
        return accounts.list()


def close(data: Path, login: str) -> None:
    """Closes an account; raises `RefusedError` if there is none or it is the last that matters."""
    with accounts_of(data) as accounts:
        accounts.disable(login)
