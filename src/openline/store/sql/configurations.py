"""Published versions of the configuration in a database."""

from sqlalchemy import delete, insert, select

from openline.model import Instant, RefusedError
from openline.store.records import ConfigurationRecord
from openline.store.schema import configurations
from openline.store.sql.database import Database


class ConfigurationTable:
    """Serves the table `configurations`."""

    _database: Database

    def add_configuration(self, record: ConfigurationRecord) -> None:
        values = {
            "version": record.version,
            "at": record.at,
            "by": record.by,
            "toml": record.text,
        }
        with self._database.writing() as connection:
            known = select(configurations.c.version).where(
                configurations.c.version == record.version
            )
            if connection.execute(known).one_or_none() is not None:
                raise RefusedError(
                    f"There is a version {record.version} of the configuration already.",
                    code="stale_base",
                )
            connection.execute(insert(configurations), values)

    def remove_configuration(self, version: int) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(configurations).where(configurations.c.version == version))

    def configurations(self) -> tuple[ConfigurationRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(configurations).order_by(configurations.c.version)
            ).all()
        return tuple(
            ConfigurationRecord(version=row.version, at=Instant(row.at), by=row.by, text=row.toml)
            for row in rows
        )
