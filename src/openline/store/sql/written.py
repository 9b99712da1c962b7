"""What was typed in calls, sealed, in a database."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, tuple_

from openline.model import Instant, LegId, SealedRef
from openline.store.records import WrittenRecord
from openline.store.schema import written
from openline.store.sql.database import Database


class WrittenTable:
    """Serves the table `written`."""

    _database: Database

    def put_written(self, record: WrittenRecord) -> None:
        values = {
            "leg": record.leg,
            "place": record.place,
            "ref": record.ref,
            "destroy_at": record.destroy_at,
            "ciphertext": record.ciphertext,
        }
        with self._database.writing() as connection:
            connection.execute(insert(written), values)

    def written(self, leg: LegId) -> Sequence[WrittenRecord]:
        wanted = select(written).where(written.c.leg == leg).order_by(written.c.place)
        with self._database.reading() as connection:
            rows = connection.execute(wanted).all()
        return [
            WrittenRecord(
                leg=LegId(row.leg),
                place=row.place,
                ref=SealedRef(row.ref),
                destroy_at=row.destroy_at,
                ciphertext=row.ciphertext,
            )
            for row in rows
        ]

    def remove_written_due(self, now: Instant, *, limit: int) -> int:
        row = (written.c.leg, written.c.place)
        due = select(*row).where(written.c.destroy_at <= now).limit(limit)
        with self._database.writing() as connection:
            return connection.execute(delete(written).where(tuple_(*row).in_(due))).rowcount
