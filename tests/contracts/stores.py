"""The kinds of store that the contract suite runs on: how each is opened in a data folder."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import sqlalchemy

from openline.model import Instant
from openline.store import DataFolder, Store
from openline.store.postgresql import PostgresqlStore
from openline.store.sqlite import SqliteStore

NOW = Instant(1_700_000_000_000_000)

URL_FILE = "url"
"""In a data folder: the address of its PostgreSQL database, written by the live tests."""


class Kind(msgspec.Struct):
    """Is one kind of store."""

    name: str
    open: Callable[[Path], Store]
    open_to_read: Callable[[Path], Store]
    set_version: Callable[[Path, int], None]


def _sqlite(folder: Path) -> Store:
    return SqliteStore.open(DataFolder(folder).database, now=NOW, program_version="1.0")


def _sqlite_reader(folder: Path) -> Store:
    return SqliteStore.open_to_read(DataFolder(folder).database)


def _set_sqlite_version(folder: Path, version: int) -> None:
    connection = sqlite3.connect(DataFolder(folder).database)
    connection.execute("UPDATE alembic_version SET version_num = ?", (str(version),))
    connection.commit()
    connection.close()


def _url(folder: Path) -> str:
    return (folder / URL_FILE).read_text()


def _postgresql(folder: Path) -> Store:
    return PostgresqlStore.open(_url(folder), now=NOW, program_version="1.0")


def _postgresql_reader(folder: Path) -> Store:
    return PostgresqlStore.open_to_read(_url(folder))


def _set_postgresql_version(folder: Path, version: int) -> None:
    url = sqlalchemy.make_url(_url(folder)).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = %s", (str(version),))


SQLITE = Kind("sqlite", _sqlite, _sqlite_reader, _set_sqlite_version)
POSTGRESQL = Kind("postgresql", _postgresql, _postgresql_reader, _set_postgresql_version)
KINDS = {kind.name: kind for kind in (SQLITE, POSTGRESQL)}
