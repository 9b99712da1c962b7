"""The data as a whole: made, known again, and owned by one writer at a time."""

import secrets

from sqlalchemy import Connection, insert, inspect, select, update

from openline.model import Instant, RefusedError
from openline.store import schema
from openline.store.sql.database import Database
from openline.store.sql.migrate import Migrations

NO_HASH = bytes(32)


def is_empty(connection: Connection) -> bool:
    """Says whether nobody has made a table here yet."""
    return not inspect(connection).get_table_names()


def fill(connection: Connection, now: Instant, program_version: str) -> None:
    """Writes what the tables of a new centre begin with."""
    values = {
        "centre_id": secrets.token_hex(16),
        "created_at": str(now),
        "program_version": program_version,
    }
    rows = [{"key": key, "value": value} for key, value in values.items()]
    connection.execute(insert(schema.meta), rows)
    head = {
        "id": 1,
        "epoch": 0,
        "step": 0,
        "hash": NO_HASH,
        "forgotten_step": 0,
        "forgotten_hash": NO_HASH,
        "summed_until": 0,
    }
    connection.execute(insert(schema.journal_head), head)


def version_of(connection: Connection, database: Database, migrations: Migrations) -> str:
    """Returns the version of the tables: the newest, or an older one that can be migrated.

    Raises `RefusedError` if they are not ours, a newer Openline's, or older than the first release.
    """
    if not inspect(connection).has_table("meta"):
        raise database.foreign()
    rows = connection.execute(select(schema.meta.c.key, schema.meta.c.value)).all()
    about = {row.key: row.value for row in rows}
    if "centre_id" not in about:
        raise database.foreign()
    version = migrations.version_of(connection)
    if version is None:
        raise RefusedError(
            f"{_capital(database.place)} are from before the first release; this Openline needs "
            f"version {migrations.newest}. Choose another data folder.",
            code="data_is_older",
        )
    if not migrations.knows(version):
        raise RefusedError(
            f"{_capital(database.place)} have version {version} and were written by Openline "
            f"{about.get('program_version')}; this Openline knows versions up to "
            f"{migrations.newest}. Start the newer Openline, or choose another data folder.",
            code="data_is_newer",
        )
    return version


def check(connection: Connection, database: Database, migrations: Migrations) -> None:
    """Raises `RefusedError` unless the tables are ours and of this version."""
    version = version_of(connection, database, migrations)
    if version != migrations.newest:
        raise RefusedError(
            f"{_capital(database.place)} have version {version}; this Openline reads version "
            f"{migrations.newest}. Start it there once: that brings them up to date.",
            code="data_is_older",
        )


def take_over(connection: Connection, program_version: str) -> int:
    """Makes the caller the one writer, and returns its epoch; every earlier writer is shut out."""
    connection.execute(
        update(schema.meta)
        .where(schema.meta.c.key == "program_version")
        .values(value=program_version)
    )
    head = schema.journal_head
    epoch: int = connection.execute(
        update(head).values(epoch=head.c.epoch + 1).returning(head.c.epoch)
    ).scalar_one()
    return epoch


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
