"""Sealed texts in a database."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from openline.model import Instant, SealedRef
from openline.store.records import SealedRecord
from openline.store.schema import sealed
from openline.store.sql.database import Database


class SealedTable:
    """Serves the table `sealed`."""

    _database: Database

    def put_sealed(self, record: SealedRecord) -> None:
        values = {
            "ref": record.ref,
            "kind": record.kind,
            "created_at": record.created_at,
            "destroy_at": record.destroy_at,
            "ciphertext": record.ciphertext,
        }
        with self._database.writing() as connection:
            connection.execute(insert(sealed), values)

    def sealed(self, ref: SealedRef) -> SealedRecord | None:
        with self._database.reading() as connection:
            row = connection.execute(select(sealed).where(sealed.c.ref == ref)).one_or_none()
        if row is None:
            return None
        return SealedRecord(
            ref=SealedRef(row.ref),
            kind=row.kind,
            created_at=row.created_at,
            destroy_at=row.destroy_at,
            ciphertext=row.ciphertext,
        )

    def remove_sealed(self, refs: Sequence[SealedRef]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(sealed).where(sealed.c.ref.in_(refs)))

    def remove_sealed_due(self, now: Instant, *, limit: int) -> int:
        due = select(sealed.c.ref).where(sealed.c.destroy_at <= now).limit(limit)
        with self._database.writing() as connection:
            return connection.execute(delete(sealed).where(sealed.c.ref.in_(due))).rowcount
