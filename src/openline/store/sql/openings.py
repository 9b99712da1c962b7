"""Who opened which story of a call, in a database."""

from sqlalchemy import delete, insert, select

from openline.model import CallId, Instant
from openline.store.records import Opening
from openline.store.schema import openings
from openline.store.sql.database import Database


class OpeningsTable:
    """Serves the table `openings`."""

    _database: Database

    def add_opening(self, opening: Opening) -> None:
        values = {
            "at": opening.at,
            "login": opening.login,
            "call": opening.call,
            "is_exact": opening.is_exact,
            "what": opening.what,
            "why": opening.why,
        }
        with self._database.writing() as connection:
            connection.execute(insert(openings), values)

    def openings(self, limit: int) -> tuple[Opening, ...]:
        newest = select(openings).order_by(openings.c.at.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(newest).all()
        return tuple(
            Opening(
                at=Instant(row.at),
                login=row.login,
                call=CallId(row.call),
                is_exact=row.is_exact,
                what=row.what,
                why=row.why,
            )
            for row in rows
        )

    def remove_openings(self, before: Instant) -> int:
        with self._database.writing() as connection:
            gone = connection.execute(delete(openings).where(openings.c.at < before))
        return gone.rowcount
