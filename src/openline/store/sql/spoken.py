"""What supervisors spoke for callers to hear, in a database."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from openline.model import Duration, Instant
from openline.store.records import SpokenRecord
from openline.store.schema import spoken
from openline.store.sql.database import Database


class SpokenTable:
    """Serves the table `spoken`."""

    _database: Database

    def add_spoken(self, record: SpokenRecord, body: bytes | None) -> None:
        values = {
            "take": record.take,
            "sound": record.sound,
            "at": record.at,
            "by": record.by,
            "length": record.length,
            "again": record.again,
            "body": body,
        }
        with self._database.writing() as connection:
            connection.execute(insert(spoken), values)

    def spoken(self) -> Sequence[SpokenRecord]:
        wanted = select(
            spoken.c.take,
            spoken.c.sound,
            spoken.c.at,
            spoken.c.by,
            spoken.c.length,
            spoken.c.again,
        ).order_by(spoken.c.take)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [
            SpokenRecord(
                take=row.take,
                sound=row.sound,
                at=Instant(row.at),
                by=row.by,
                length=Duration(row.length),
                again=row.again,
            )
            for row in rows
        ]

    def spoken_body(self, take: int) -> bytes | None:
        with self._database.reading() as connection:
            body: bytes | None = connection.execute(
                select(spoken.c.body).where(spoken.c.take == take)
            ).scalar_one_or_none()
        return body

    def remove_spoken(self, takes: Sequence[int]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(spoken).where(spoken.c.take.in_(takes)))
