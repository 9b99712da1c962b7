"""One centre's memory in one PostgreSQL database."""

from typing import Self

from openline.model import Instant, RefusedError
from openline.store.postgresql.connection import PostgresqlDatabase
from openline.store.sql import Migrations, SqlStore
from openline.store.sql.about import is_empty


class PostgresqlStore(SqlStore):
    """Is the store port on PostgreSQL; get one from `open` or `open_to_read`."""

    @classmethod
    def open(
        cls,
        url: str,
        *,
        now: Instant,
        program_version: str,
        may_migrate: bool = False,
        migrations: Migrations | None = None,
    ) -> Self:
        """Opens the database for reading and writing, and makes the tables if there are none.

        Tables of an older version are brought up to date if `may_migrate` says that there is a
        backup of them: a server's data are not ours to copy.

        Raises:
            RefusedError: the address makes no sense (`bad_database_url`), the extra is missing
                (`extra_missing`), the user may make no tables (`database_refused`), another
                Openline writes there (`database_in_use`), or the tables are another program's
                (`not_an_openline_database`), a newer Openline's (`data_is_newer`), from before
                the first release (`data_is_older`), or of an older version and nobody said that
                there is a backup (`migration_needs_backup`).
            PeerError: there is no connection to the server, or it failed.
        """
        database = PostgresqlDatabase(url, is_writable=True, may_migrate=may_migrate)
        store = cls._open_to_write(
            database, migrations or Migrations(), now=now, program_version=program_version
        )
        database.is_opened = True
        return store

    @classmethod
    def open_to_read(cls, url: str) -> Self:
        """Opens the database of a centre that may be running, in another thread or process.

        Raises:
            RefusedError: as `open`; or there is no centre in it yet (`no_data`).
        """
        database = PostgresqlDatabase(url, is_writable=False)
        try:
            with database.reading() as connection:
                if is_empty(connection):
                    raise RefusedError(
                        f"There is no centre in {database.name} yet. Start Openline with it once.",
                        code="no_data",
                    )
        except BaseException:
            database.close()
            raise
        store = cls._open_to_read(database, Migrations())
        database.is_opened = True
        return store


def copy_into_postgresql(source: SqlStore, url: str) -> dict[str, int]:
    """Copies a store, as it is at one moment, into an empty database; returns its rows by table.

    Raises:
        RefusedError: there are tables already (`database_not_empty`); or as `PostgresqlStore.open`.
        PeerError: there is no connection to the server, or it failed; make the database anew.
    """
    database = PostgresqlDatabase(url, is_writable=True)
    try:
        with database.reading() as connection:
            if not is_empty(connection):
                raise RefusedError(
                    f"There are tables in {database.name} already. A centre is restored into an "
                    f"empty database; nothing that is there is ever overwritten.",
                    code="database_not_empty",
                )
        return source.copy_into(database)
    finally:
        database.close()
