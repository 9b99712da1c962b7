"""The lists of the calls of each day, in a database. Which calls there were, only keys tell."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import delete, insert, select

from openline.model import Instant
from openline.store.records import CallListRecord
from openline.store.schema import call_lists
from openline.store.sql.database import Database


class CallListTable:
    """Serves the table `call_lists`."""

    _database: Database

    def keep_call_list(self, record: CallListRecord) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(call_lists).where(call_lists.c.day == record.day))
            connection.execute(insert(call_lists), msgspec.structs.asdict(record))

    def call_list_marks(
        self, begin: Instant, end: Instant, *, form: int | None = None
    ) -> dict[Instant, bytes]:
        wanted = select(call_lists.c.day, call_lists.c.mark)
        if form is not None:
            wanted = wanted.where(call_lists.c.form == form)
        between = (call_lists.c.day >= begin, call_lists.c.day < end)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.where(*between).order_by(call_lists.c.day)).all()
        return {Instant(day): bytes(mark) for day, mark in rows}

    def call_list_filters(self, begin: Instant, end: Instant) -> Sequence[tuple[Instant, bytes]]:
        wanted = select(call_lists.c.day, call_lists.c.filters)
        between = (call_lists.c.day >= begin, call_lists.c.day < end)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.where(*between).order_by(call_lists.c.day)).all()
        return [(Instant(day), bytes(filters)) for day, filters in rows]

    def call_list_details(self, day: Instant) -> bytes | None:
        wanted = select(call_lists.c.details).where(call_lists.c.day == day)
        with self._database.reading() as connection:
            found = connection.execute(wanted).scalar_one_or_none()
        return None if found is None else bytes(found)

    def remove_call_lists(self, days: Sequence[Instant]) -> None:
        with self._database.writing() as connection:
            for day in days:
                connection.execute(delete(call_lists).where(call_lists.c.day == day))
