"""What stays of a record that is forgotten, in a database."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import delete, insert, select, update

from openline.model import Instant
from openline.store.records import SumRecord
from openline.store.schema import journal_head, sums
from openline.store.sql.database import Database

_COLUMNS = (sums.c.start, sums.c.what, sums.c.line, sums.c.queue, sums.c.form, sums.c.sums)


class SumsTable:
    """Serves the table `sums`."""

    _database: Database

    def keep_sums(self, until: Instant, records: Sequence[SumRecord]) -> None:
        with self._database.writing() as connection:
            before = connection.execute(select(journal_head.c.summed_until)).scalar_one()
            # Summed once before and cut short: what is there is replaced, never added to.
            connection.execute(delete(sums).where(sums.c.start >= before, sums.c.start < until))
            if records:
                connection.execute(insert(sums), [msgspec.structs.asdict(each) for each in records])
            connection.execute(update(journal_head).values(summed_until=until))

    def sums(self, begin: Instant, end: Instant, *, what: str | None = None) -> Sequence[SumRecord]:
        wanted = select(*_COLUMNS).where(sums.c.start >= begin, sums.c.start < end)
        if what is not None:
            wanted = wanted.where(sums.c.what == what)
        order = (sums.c.start, sums.c.what, sums.c.line, sums.c.queue)
        with self._database.reading() as connection:
            rows = connection.execute(wanted.order_by(*order)).all()
        return [
            SumRecord(start=start, what=kind, line=line, queue=queue, form=form, sums=body)
            for start, kind, line, queue, form, body in rows
        ]

    def summed_until(self) -> Instant:
        with self._database.reading() as connection:
            found = connection.execute(select(journal_head.c.summed_until)).scalar_one()
        return Instant(found)
