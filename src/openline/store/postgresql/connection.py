"""How the PostgreSQL database is opened, who may write, and what its errors mean in words.

All writes share one connection, which holds an advisory lock for as long as it lives: a second
Openline that opens the same database is refused in words. The lock is a courtesy. Should it be
lost (the server was restarted, the network was cut), the writer goes on with a new connection and
without it, for between two writers stands the epoch in `journal_head`.

A connection that breaks is thrown away and the next call opens a new one, so a server that comes
back is used again without anybody's help. A half-open connection is found within some seconds.
`synchronous_commit` is set here: without it the server would say that a commit is durable when it
is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, exc, make_url
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.pool import QueuePool

from openline.model import BugError, Instant, OpenlineError, PeerError, RefusedError
from openline.store.sql.connections import Connections

EXTRA = "postgresql"
CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_S = 3
"""A writer that was killed holds its lock until the server has noticed, some milliseconds later."""

_WRITER_LOCK = 0x4F4C_5752
"""One lock in each database; the number is ours alone by convention ("OLWR")."""

_SETTINGS = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "application_name": "openline",
    # A cut cable is noticed in about six seconds, and not after the two hours of TCP.
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    "keepalives_count": 3,
    "tcp_user_timeout": 6_000,
}
_SERVER = "-c timezone=UTC -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=1"


class PostgresqlDatabase(Connections):
    """Is a `Database` on a server; made with `is_writable=False`, it lends none to write."""

    def __init__(self, url: str, *, is_writable: bool, may_migrate: bool = False) -> None:
        self._url = _checked(url)
        self.name = f"the database {self._url.database} on {_host(self._url)}"
        self._may_migrate = may_migrate
        super().__init__(is_writable=is_writable)

    @property
    def dialect(self) -> Dialect:
        # SQLAlchemy leaves this one constructor without types.
        return psycopg_dialect.dialect(paramstyle="format")  # type: ignore[no-untyped-call]

    @property
    def place(self) -> str:
        return f"the data in {self.name}"

    def foreign(self) -> RefusedError:
        return RefusedError(
            f"{self.name[:1].upper()}{self.name[1:]} holds another program's tables. Give Openline "
            f"a database of its own.",
            code="not_an_openline_database",
        )

    def before_migration(self, older: str, newer: str, now: Instant) -> None:
        """Raises `RefusedError` unless somebody said that there is a backup."""
        if not self._may_migrate:
            raise RefusedError(
                f"{self.name[:1].upper()}{self.name[1:]} has version {older}; this Openline needs "
                f"version {newer} and would change its tables. Make a backup first, then allow it.",
                code="migration_needs_backup",
            )

    @contextmanager
    def reading_one_moment(self) -> Iterator[Connection]:
        """Lends a connection that sees one moment."""
        with self.reading() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    def _engine(self, *, writes: bool) -> Engine:
        setting = "synchronous_commit=on" if writes else "default_transaction_read_only=on"
        try:
            engine = create_engine(
                self._url,
                connect_args={**_SETTINGS, "options": f"{_SERVER} -c {setting}"},
                poolclass=QueuePool,
                pool_size=1 if writes else 4,
                # A reader's connection may have died with the server; the writer finds out itself.
                pool_pre_ping=not writes,
                # Values never reach a message or a log.
                hide_parameters=True,
            )
        except ModuleNotFoundError as error:
            raise RefusedError(
                "PostgreSQL needs a part of Openline that is not installed, the extra "
                f"`{EXTRA}`. Type: pip install 'openline[{EXTRA}]'",
                code="extra_missing",
            ) from error
        if writes:
            event.listen(engine, "connect", self._take_lock)
        return engine

    def _take_lock(self, connection: Any, _record: object) -> None:
        """Makes this connection the one writer's; fails with 55P03 where there is another."""
        try:
            if self.is_opened:
                connection.execute(f"SELECT pg_try_advisory_lock({_WRITER_LOCK})")
            else:
                connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
                connection.execute(f"SELECT pg_advisory_lock({_WRITER_LOCK})")
                connection.execute("SET lock_timeout = 0")
            connection.commit()
        except BaseException:
            connection.close()
            raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except exc.DBAPIError as error:
            # Without the cause: the server quotes values in its messages.
            raise self._settled(in_words(error.orig, self.name)) from None


def in_words(error: BaseException | None, name: str) -> OpenlineError:
    """Says what an error of psycopg means for the people who run the centre, without any value."""
    state = getattr(error, "sqlstate", None)
    if state is None:
        # No connection came about. What is said then holds an address or a name, and no value.
        said = [*str(error).strip().splitlines(), ""][0]
        return PeerError(
            f"There is no connection to {name}: {said}. Does the server run, and is "
            f"`[store] url` right?"
        )
    name = name[:1].upper() + name[1:]
    if state.startswith(("08", "57P")):
        return PeerError(f"{name} has just been stopped ({state}).")
    if state == "42501":
        return RefusedError(
            f"{name} does not let this user make or use tables. Make the user its owner.",
            code="database_refused",
        )
    if state == "55P03":
        return RefusedError(
            f"Another Openline writes to {name[:1].lower()}{name[1:]}. Stop that one first, or "
            f"choose another database.",
            code="database_in_use",
        )
    if state == "53100":
        return PeerError(f"{name} takes no more: its disk is full. Make room on it.")
    if state.startswith(("53", "40", "57", "58")) or state == "25006":
        return PeerError(f"{name} takes no more for the moment ({state}).")
    if state.startswith("XX"):
        return PeerError(f"{name} is damaged ({state}). Stop Openline and restore a backup.")
    table = getattr(getattr(error, "diag", None), "constraint_name", None) or "statement"
    return BugError(f"{name} did not understand us: {state}, {table}.")


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        parsed = None
    if parsed is None or parsed.drivername not in ("postgresql", "postgres") or not parsed.database:
        raise RefusedError(
            "[store] url is not the address of a PostgreSQL database. It looks like "
            "postgresql://USER@HOST/DATABASE.",
            code="bad_database_url",
        )
    return parsed.set(drivername="postgresql+psycopg")


def _host(url: URL) -> str:
    host = url.host or url.query.get("host") or "this machine"
    return host if isinstance(host, str) else ", ".join(host)
