"""Lists of emergency services in a database: who proposed each, and who confirmed it."""

import msgspec
from sqlalchemy import delete, insert, select

from openline.store.records import EmergencyListRecord
from openline.store.schema import emergency_lists
from openline.store.sql.database import Database


class EmergencyListsTable:
    """Serves the table `emergency_lists`."""

    _database: Database

    def put_emergency_list(self, record: EmergencyListRecord) -> None:
        with self._database.writing() as connection:
            same = emergency_lists.c.version == record.version
            connection.execute(delete(emergency_lists).where(same))
            connection.execute(insert(emergency_lists), msgspec.structs.asdict(record))

    def emergency_lists(self) -> tuple[EmergencyListRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                select(emergency_lists).order_by(emergency_lists.c.version)
            ).all()
        return tuple(EmergencyListRecord(**row._mapping) for row in rows)
