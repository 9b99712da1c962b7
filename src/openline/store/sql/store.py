"""The store port on a database, whichever it is."""

from typing import Self

import structlog
from sqlalchemy import func, insert, select

from openline.model import Instant
from openline.store import schema
from openline.store.sql.about import check, fill, is_empty, take_over, version_of
from openline.store.sql.call_lists import CallListTable
from openline.store.sql.configurations import ConfigurationTable
from openline.store.sql.database import Database
from openline.store.sql.emergency_lists import EmergencyListsTable
from openline.store.sql.identity import IdentityTables
from openline.store.sql.journal import JournalTables
from openline.store.sql.migrate import Migrations
from openline.store.sql.openings import OpeningsTable
from openline.store.sql.sealed import SealedTable
from openline.store.sql.spoken import SpokenTable
from openline.store.sql.sums import SumsTable
from openline.store.sql.written import WrittenTable

log = structlog.get_logger(__name__)

COPY_CHUNK = 5_000


class SqlStore(
    JournalTables,
    SumsTable,
    CallListTable,
    SealedTable,
    WrittenTable,
    IdentityTables,
    ConfigurationTable,
    EmergencyListsTable,
    OpeningsTable,
    SpokenTable,
):
    """Is the store port on a database; the kinds of store open it."""

    def __init__(self, database: Database, epoch: int = 0) -> None:
        super().__init__(database, epoch)

    @classmethod
    def _open_to_write(
        cls, database: Database, migrations: Migrations, *, now: Instant, program_version: str
    ) -> Self:
        try:
            # Looked at before anything is written: somebody else's tables stay as they are.
            with database.reading() as connection:
                is_new = is_empty(connection)
                version = None if is_new else version_of(connection, database, migrations)
            newest = migrations.newest
            if version is not None and version != newest:
                database.before_migration(version, newest, now)
                log.info("migrating", older=version, newer=newest)
            with database.writing() as connection:
                if version != newest:
                    migrations.run(connection)
                if is_new:
                    fill(connection, now, program_version)
                epoch = take_over(connection, program_version)
        except BaseException:
            database.close()
            raise
        return cls(database, epoch)

    @classmethod
    def _open_to_read(cls, database: Database, migrations: Migrations) -> Self:
        try:
            with database.reading() as connection:
                check(connection, database, migrations)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def meta(self, key: str) -> str | None:
        wanted = select(schema.meta.c.value).where(schema.meta.c.key == key)
        with self._database.reading() as connection:
            return connection.execute(wanted).scalar_one_or_none()

    def copy_into(self, target: Database) -> dict[str, int]:
        """Copies everything, as it is at one moment, into a database without tables.

        Writing goes on meanwhile. The table `meta` comes last, so a copy cut short is not taken for
        a centre. Returns how many rows each table has.
        """
        counts: dict[str, int] = {}
        tables = [each for each in schema.metadata.sorted_tables if each is not schema.meta]
        with target.writing() as connection:
            Migrations().run(connection)
        with self._database.reading_one_moment() as source:
            for table in [*tables, schema.meta]:
                counts[table.name] = 0
                put = str(insert(table).compile(dialect=target.dialect))
                rows = source.execute(select(table), execution_options={"yield_per": COPY_CHUNK})
                for part in rows.partitions():
                    with target.writing() as connection:
                        connection.exec_driver_sql(put, [tuple(row) for row in part])
                    counts[table.name] += len(part)
        return counts

    def counts(self) -> dict[str, int]:
        """Returns how many rows each table has."""
        with self._database.reading_one_moment() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in schema.metadata.sorted_tables
            }

    def close(self) -> None:
        self._database.close()
