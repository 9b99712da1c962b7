"""How the SQLite file is opened, shared between threads, and what its errors mean in words.

Settings, and why: WAL, so that readers never wait for the writer; `synchronous=FULL`, so that a
commit has reached the disk when it returns; `secure_delete`, so that what is deleted is
overwritten; temporary tables in memory, so that nothing is spilt into files elsewhere.

Who gets which connection: `openline.store.sql.connections`.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, exc
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import QueuePool

from openline.model import BugError, Instant, OpenlineError, PeerError, RefusedError
from openline.store.folder import file_error_in_words, safety_copy_of
from openline.store.sql.connections import Connections

log = structlog.get_logger(__name__)

COPIED_AT_ONCE = 1_000

BUSY_TIMEOUT_MS = 5_000


class SqliteFile(Connections):
    """Is a `Database` in one SQLite file; made with `is_writable=False`, it lends none to write."""

    def __init__(self, path: Path, *, is_writable: bool) -> None:
        self.path = path
        super().__init__(is_writable=is_writable)

    @property
    def dialect(self) -> Dialect:
        return sqlite.dialect(paramstyle="qmark")

    @property
    def place(self) -> str:
        return f"the data in {self.path.parent}"

    def before_migration(self, older: str, newer: str, now: Instant) -> None:
        """Copies the file beside itself; see `openline.store.folder.DataFolder.safety_copies`."""
        copy = safety_copy_of(self.path, older, now)
        half = copy.with_suffix(".half")
        half.unlink(missing_ok=True)
        with self._in_words():
            try:
                os.close(os.open(half, os.O_RDWR | os.O_CREAT, 0o600))
            except OSError as error:
                raise file_error_in_words(error, self.path.parent) from error
            source, target = sqlite3.connect(self.path), sqlite3.connect(half)
            with closing(source), closing(target):
                source.backup(target, pages=COPIED_AT_ONCE)
        try:
            with half.open("rb") as file:
                os.fsync(file.fileno())
            half.rename(copy)
        except OSError as error:
            raise file_error_in_words(error, self.path.parent) from error
        log.info("safety_copy", file=copy.name, version=older, newer=newer)

    def foreign(self) -> RefusedError:
        return not_openline(self.path)

    @contextmanager
    def reading_one_moment(self) -> Iterator[Connection]:
        """Lends a connection that sees one moment; while it is lent, the log cannot be emptied."""
        with self.reading() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    def create_file(self) -> None:
        """Makes the file, empty and for this user alone, unless it is there.

        SQLite gives its companion files (`-wal`, `-shm`) the same rights.
        """
        try:
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise file_error_in_words(error, self.path.parent) from error

    def _engine(self, *, writes: bool) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=str(self.path)),
            # Transactions are begun by us, below, and not guessed from the statement.
            connect_args={"isolation_level": None, "check_same_thread": False},
            poolclass=QueuePool,
            pool_size=1 if writes else 4,
            # Values never reach a message or a log.
            hide_parameters=True,
        )
        event.listen(engine, "connect", _configure if writes else _configure_reader)
        if writes:
            event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            if isinstance(error.orig, sqlite3.Error):
                raise self._settled(in_words(error.orig, self.path)) from error
            raise
        except sqlite3.Error as error:
            raise self._settled(in_words(error, self.path)) from error


def in_words(error: sqlite3.Error, path: Path) -> OpenlineError:
    """Says what an SQLite error means for the people who run the centre, without any value."""
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
    if name == "SQLITE_FULL":
        return PeerError(f"The disk of {path.parent} is full. Make room on it; nothing is lost.")
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return _not_writable(path)
    if name == "SQLITE_NOTADB":
        return not_openline(path)
    if name.startswith("SQLITE_CORRUPT"):
        return PeerError(
            f"The database {path} is damaged. Stop Openline, keep the file, and put the last "
            f"backup in its place."
        )
    if name.startswith("SQLITE_BUSY"):
        return PeerError(f"The database {path} is held by another program.")
    if name.startswith("SQLITE_IOERR"):
        return PeerError(f"The disk of {path.parent} failed or takes no more ({name}).")
    # The text names tables and columns at most.
    return BugError(f"The database {path} did not understand us: {name}, {error}.")


def not_openline(path: Path) -> RefusedError:
    """Says that a file is something else."""
    return RefusedError(
        f"{path} is not an Openline database. Move it away, or choose another data folder.",
        code="not_an_openline_database",
    )


def _not_writable(path: Path) -> RefusedError:
    return RefusedError(
        f"Openline cannot read and write {path}. Give the folder {path.parent} and all in it to "
        f"the user who runs Openline, or choose another data folder.",
        code="data_folder_not_writable",
    )


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "foreign_keys=ON",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _configure_reader(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "query_only=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # Takes the write lock at once: a transaction that finds out later may fail half-way.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
