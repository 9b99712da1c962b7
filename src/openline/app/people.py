"""Accounts of a data folder, made and listed while its centre is not running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openline.app.storage import open_store, open_store_to_read, url_of
from openline.centre.clock import wall_now
from openline.identity import Account, Accounts, Role
from openline.model import AgentKey, Instant
from openline.store import DataFolder


@contextmanager
def accounts_of(
    data: Path, config: Path | None = None, *, may_begin: bool = False
) -> Iterator[Accounts]:
    """Opens the accounts of a data folder, which is held meanwhile.

    `config` is needed where the record is in PostgreSQL. `may_begin`: a folder without a centre is
    made one; else it is refused (`no_data`), so that a mistyped name leaves nothing behind. Raises
    `RefusedError` if a centre runs on it, naming who holds it.
    """

    def now() -> Instant:
        return Instant(wall_now())

    url = url_of(config)
    if not may_begin:
        open_store_to_read(DataFolder(data), url).close()
    with DataFolder(data).hold(now()) as folder:
        store = open_store(folder, url, now=now())
        accounts = Accounts(store, now=now)
        try:
            yield accounts
        finally:
            accounts.close()
            store.close()


def add(
    data: Path,
    *,
    login: str,
    password: str,
    name: str,
    role: Role,
    agent: AgentKey | None,
    config: Path | None = None,
) -> Account:
    """Makes an account; raises `RefusedError` with the rule that stands against it."""
    with accounts_of(data, config, may_begin=True) as accounts:
        return accounts.create(login, password, name=name, role=role, agent=agent)


def listed(data: Path, config: Path | None = None) -> tuple[Account, ...]:
    """Returns all accounts by login."""
    with accounts_of(data, config) as accounts:
        return accounts.list()


def close(data: Path, login: str, config: Path | None = None) -> None:
    """Closes an account; raises `RefusedError` if there is none or it is the last that matters."""
    with accounts_of(data, config) as accounts:
        accounts.disable(login)
