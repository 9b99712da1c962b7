"""One centre's memory in one SQLite file: opening it, making it, knowing it again."""

import secrets
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, insert, inspect, select, update

from openline.model import Instant, RefusedError
from openline.store import schema
from openline.store.sqlite.connection import SqliteFile, not_openline
from openline.store.sqlite.identity import IdentityTables
from openline.store.sqlite.journal import JournalTables
from openline.store.sqlite.sealed import SealedTable


class SqliteStore(JournalTables, SealedTable, IdentityTables):
    """Is the store port on SQLite; get one from `open` or `open_to_read`."""

    def __init__(self, file: SqliteFile) -> None:
        file.is_opened = True
        self._file = file

    @classmethod
    def open(cls, path: Path, *, now: Instant, program_version: str) -> Self:
        """Opens the file for reading and writing, or makes it.

        The caller holds the data folder (`DataFolder.hold`): two writers are not looked for here.

        Raises:
            RefusedError: the file cannot be written (`data_folder_not_writable`), is no Openline
                database (`not_an_openline_database`) or a newer Openline's (`data_is_newer`).
            PeerError: the disk is full or failed, or the file is damaged.
        """
        file = SqliteFile(path, is_writable=True)
        file.create_file()
        try:
            # Looked at before anything is written: somebody else's file stays as it is.
            with file.reading() as connection:
                is_new = not inspect(connection).get_table_names()
                if not is_new:
                    _check(connection, path)
            with file.writing() as connection:
                if is_new:
                    _create(connection, now, program_version)
                else:
                    _set_program_version(connection, program_version)
        except BaseException:
            file.close()
            raise
        return cls(file)

    @classmethod
    def open_to_read(cls, path: Path) -> Self:
        """Opens the file of a centre that may be running, in another thread or process.

        Raises:
            RefusedError: as `open`; or there is no such file (`no_data`).
        """
        if not path.exists():
            raise RefusedError(
                f"There is no centre in {path.parent} yet. Start Openline there once, or name "
                f"another data folder.",
                code="no_data",
            )
        file = SqliteFile(path, is_writable=False)
        try:
            with file.reading() as connection:
                _check(connection, path)
        except BaseException:
            file.close()
            raise
        return cls(file)

    def meta(self, key: str) -> str | None:
        wanted = select(schema.meta.c.value).where(schema.meta.c.key == key)
        with self._file.reading() as connection:
            return connection.execute(wanted).scalar_one_or_none()

    def close(self) -> None:
        self._file.close()


def _create(connection: Connection, now: Instant, program_version: str) -> None:
    schema.metadata.create_all(connection)
    values = {
        "schema_version": str(schema.SCHEMA_VERSION),
        "centre_id": secrets.token_hex(16),
        "created_at": str(now),
        "program_version": program_version,
    }
    rows = [{"key": key, "value": value} for key, value in values.items()]
    connection.execute(insert(schema.meta), rows)


def _check(connection: Connection, path: Path) -> None:
    if not inspect(connection).has_table("meta"):
        raise not_openline(path)
    rows = connection.execute(select(schema.meta.c.key, schema.meta.c.value)).all()
    about = {row.key: row.value for row in rows}
    version = about.get("schema_version", "")
    if not version.isdecimal() or "centre_id" not in about:
        raise not_openline(path)
    if int(version) > schema.SCHEMA_VERSION:
        raise RefusedError(
            f"The data in {path.parent} has version {version} and was written by Openline "
            f"{about.get('program_version')}; this Openline knows versions up to "
            f"{schema.SCHEMA_VERSION}. Start the newer Openline, or choose another data folder.",
            code="data_is_newer",
        )


def _set_program_version(connection: Connection, program_version: str) -> None:
    connection.execute(
        update(schema.meta)
        .where(schema.meta.c.key == "program_version")
        .values(value=program_version)
    )
