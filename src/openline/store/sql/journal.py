"""Journal and snapshots in a database.

*Compare and set.* A row of its own says where the journal ends and in whose epoch. Appending moves
that row on only where it still stands as this writer left it, in the same transaction as the steps.
So two writers cannot both append, whatever the network or a sleeping machine did, and whoever was
overtaken learns it at his next step.

*In doubt.* When a connection breaks during a commit, nobody here can know whether it went through.
A later attempt finds out: if the journal ends with the very step that was to be the last one of
such a commit, by number and hash, those steps are there, and only the ones after them are written.
Attempts in between may have failed in doubt too, or without reaching the server.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Dialect, Select, bindparam, delete, insert, select, update

from openline.model import BugError, Instant, PeerError
from openline.store.port import FencedError
from openline.store.records import GapRecord, JournalRecord, SnapshotRecord
from openline.store.schema import gaps, journal, journal_head, snapshots
from openline.store.sql.database import Database

SNAPSHOTS_KEPT = 3
READ_CHUNK = 1_000
HASH_BYTES = 32

_HEAD = select(journal_head.c.epoch, journal_head.c.step, journal_head.c.hash)


class JournalTables:
    """Serves the tables `journal`, `journal_head`, `gaps` and `snapshots`."""

    def __init__(self, database: Database, epoch: int) -> None:
        self._database = database
        self._epoch = epoch
        # Step and hash of the last record of each commit that failed since one succeeded.
        self._in_doubt: dict[int, bytes] = {}
        # Written out once; the drivers find what they have prepared by its text.
        self._insert, self._move_on = _statements(database.dialect)

    def append(self, records: Sequence[JournalRecord]) -> None:
        """Adds steps in one transaction; all of them are durable on return, or none is.

        The hot path of the centre. Measured on SQLite with two cores and a solid-state disk (a
        flush takes 0.2 ms): 1 record of 400 bytes 0.3 ms, 100 in one call 0.6 ms.
        """
        if not records:
            return
        _check(records)
        last = records[-1]
        committing = False
        try:
            with self._database.writing() as connection:
                before = records[0].step - 1
                moved = connection.exec_driver_sql(
                    self._move_on, (last.step, last.hash, self._epoch, before)
                )
                if moved.rowcount != 1:
                    epoch, step, hash_ = connection.execute(_HEAD.with_for_update()).one()
                    records = self._not_yet_there(records, epoch, step, hash_)
                    if records:
                        connection.exec_driver_sql(
                            self._move_on, (last.step, last.hash, self._epoch, step)
                        )
                rows = [(each.step, each.at, each.schema, each.body, each.hash) for each in records]
                if rows:
                    connection.exec_driver_sql(self._insert, rows)
                committing = True
        except PeerError:
            if committing:
                self._in_doubt[last.step] = last.hash
            raise
        self._in_doubt.clear()

    def _not_yet_there(
        self, records: Sequence[JournalRecord], epoch: int, step: int, hash_: bytes
    ) -> Sequence[JournalRecord]:
        """Returns what of the records is still to be written, the journal being at this step."""
        if epoch != self._epoch:
            raise FencedError(
                f"Another Openline has taken over this record (epoch {epoch}, ours was "
                f"{self._epoch}). This one may write nothing more."
            )
        first = records[0].step
        is_there = first <= step <= records[-1].step and records[step - first].hash == hash_
        if not is_there or self._in_doubt.get(step) != hash_:
            raise BugError(f"The journal expected step {step + 1}, not {first}.")
        return records[step + 1 - first :]

    def read(self, after_step: int = 0, *, until: int | None = None) -> Iterator[JournalRecord]:
        while True:
            wanted = select(journal).where(journal.c.step > after_step)
            if until is not None:
                wanted = wanted.where(journal.c.step <= until)
            with self._database.reading() as connection:
                rows = connection.execute(wanted.order_by(journal.c.step).limit(READ_CHUNK)).all()
            for step, at, version, body, hash_ in rows:
                after_step = step
                yield JournalRecord(step=step, at=at, schema=version, body=body, hash=hash_)
            if len(rows) < READ_CHUNK:
                return

    def last(self) -> JournalRecord | None:
        newest = select(journal).order_by(journal.c.step.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).one_or_none()
        if row is None:
            return None
        step, at, version, body, hash_ = row
        return JournalRecord(step=step, at=at, schema=version, body=body, hash=hash_)

    def head(self) -> tuple[int, bytes]:
        columns = journal_head.c
        with self._database.reading() as connection:
            step, hash_ = connection.execute(select(columns.step, columns.hash)).one()
        return step, hash_

    def forget(self, until: int) -> None:
        last = select(journal.c.hash).where(journal.c.step == until)
        with self._database.writing() as connection:
            hash_ = connection.execute(last).scalar_one()
            connection.execute(delete(journal).where(journal.c.step <= until))
            connection.execute(delete(snapshots).where(snapshots.c.step < until))
            connection.execute(delete(gaps).where(gaps.c.after_step < until))
            connection.execute(
                update(journal_head).values(forgotten_step=until, forgotten_hash=hash_)
            )

    def forgotten(self) -> tuple[int, bytes]:
        columns = journal_head.c
        wanted = select(columns.forgotten_step, columns.forgotten_hash)
        with self._database.reading() as connection:
            step, hash_ = connection.execute(wanted).one()
        return step, hash_

    def note_gap(self, after_step: int, since: Instant, found_at: Instant) -> None:
        with self._database.writing() as connection:
            known = select(gaps.c.after_step).where(gaps.c.after_step == after_step)
            if connection.execute(known).one_or_none() is None:
                values = {"after_step": after_step, "since": since, "found_at": found_at}
                connection.execute(insert(gaps), values)

    def gaps(self) -> tuple[GapRecord, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(select(gaps).order_by(gaps.c.after_step)).all()
        return tuple(
            GapRecord(after_step=row.after_step, since=row.since, found_at=row.found_at)
            for row in rows
        )

    def save_snapshot(self, record: SnapshotRecord) -> None:
        step = record.step
        with self._database.writing() as connection:
            _, last, _ = connection.execute(_HEAD).one()
            if step > last:
                raise BugError(f"A snapshot of step {step} is ahead of the journal, at {last}.")
            connection.execute(delete(snapshots).where(snapshots.c.step == step))
            connection.execute(insert(snapshots), msgspec.structs.asdict(record))
            newest = select(snapshots.c.step).order_by(snapshots.c.step.desc())
            connection.execute(
                delete(snapshots).where(
                    snapshots.c.step.not_in(newest.limit(SNAPSHOTS_KEPT)),
                    snapshots.c.opens_segment.is_(False),
                )
            )

    def latest_snapshot(self, *, before_step: int | None = None) -> SnapshotRecord | None:
        newest = select(snapshots).order_by(snapshots.c.step.desc()).limit(1)
        if before_step is not None:
            newest = newest.where(snapshots.c.step < before_step)
        return self._snapshot(newest)

    def opening_snapshot(self, from_step: int) -> SnapshotRecord | None:
        opening = select(snapshots).where(
            snapshots.c.step >= from_step, snapshots.c.opens_segment.is_(True)
        )
        return self._snapshot(opening.order_by(snapshots.c.step).limit(1))

    def _snapshot(self, wanted: Select[Any]) -> SnapshotRecord | None:
        with self._database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else SnapshotRecord(**row._mapping)


def _check(records: Sequence[JournalRecord]) -> None:
    for expected, record in enumerate(records, records[0].step):
        if record.step != expected:
            raise BugError(f"The journal expected step {expected}, not {record.step}.")
        if len(record.hash) != HASH_BYTES:
            raise BugError(f"The hash of step {record.step} is not 32 bytes long.")


def _statements(dialect: Dialect) -> tuple[str, str]:
    move_on = (
        update(journal_head)
        .values(step=bindparam("last"), hash=bindparam("link"))
        .where(journal_head.c.epoch == bindparam("ours"), journal_head.c.step == bindparam("now"))
    )
    return str(insert(journal).compile(dialect=dialect)), str(move_on.compile(dialect=dialect))
