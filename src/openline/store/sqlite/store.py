"""One centre's memory in one SQLite file."""

from pathlib import Path
from typing import Self

from openline.model import Instant, RefusedError
from openline.store.sql import Migrations, SqlStore
from openline.store.sqlite.connection import SqliteFile


class SqliteStore(SqlStore):
    """Is the store port on SQLite; get one from `open` or `open_to_read`."""

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        now: Instant,
        program_version: str,
        migrations: Migrations | None = None,
    ) -> Self:
        """Opens the file for reading and writing, or makes it; an older one is brought up to date.

        The caller holds the data folder (`DataFolder.hold`): two writers are not looked for here,
        though the first learns of the second at its next step.

        Raises:
            RefusedError: the file cannot be written (`data_folder_not_writable`), is no Openline
                database (`not_an_openline_database`), a newer Openline's (`data_is_newer`) or from
                before the first release (`data_is_older`).
            PeerError: the disk is full or failed, or the file is damaged.
        """
        file = SqliteFile(path, is_writable=True)
        file.create_file()
        store = cls._open_to_write(
            file, migrations or Migrations(), now=now, program_version=program_version
        )
        file.is_opened = True
        return store

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
        store = cls._open_to_read(file, Migrations())
        file.is_opened = True
        return store


def copy_into_sqlite(source: SqlStore, path: Path) -> dict[str, int]:
    """Copies a store, as it is at one moment, into a new file; returns its rows by table.

    Raises:
        RefusedError: the file cannot be written (`data_folder_not_writable`).
        PeerError: the disk is full or failed, here or there.
    """
    file = SqliteFile(path, is_writable=True)
    file.create_file()
    try:
        return source.copy_into(file)
    finally:
        file.close()
