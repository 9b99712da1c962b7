"""Where keys lie, and how one is destroyed so that no byte of it is left.

Deleting a row is not erasing. SQLite's `secure_delete` overwrites what is deleted; but when its
trees are rebalanced a row is copied to another page, and the old copy may stay in that page's
slack. (Tried with 16 random histories, 200,000 deletions: no deleted key was found, but once a
living one lay in two places, and destroying it would have overwritten one.) So keys are never
moved: each lies in a *slot*, a row of fixed size in a table that only grows at its end. A key is
destroyed by writing zeros over it in its slot, which is then used again. Everything else about a
key may move, for it tells nothing.

Earlier pages remain in the write-ahead log until it is emptied; so destroying ends with a
checkpoint that cuts the log to nothing, and so does opening, for the process before may have died
between the two. The file is held exclusively: no reader can stand in the way of that.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from openline.model import Instant, PeerError, RefusedError, SealedRef
from openline.sealing.box import KEY_BYTES
from openline.sealing.copies import CopiedKey, KeyCopy
from openline.sealing.kinds import SealedKind

APPLICATION_ID = 0x4F4C4B59  # "OLKY"
VERSION = 1

# Class and term of every column; they are explained in openline/store/schema.py.
COLUMNS: dict[str, tuple[str, str]] = {
    "slots.slot": ("public", "centre"),
    "slots.key": ("secret", "text"),
    "refs.ref": ("coded", "text"),
    "refs.slot": ("public", "text"),
    "refs.kind": ("coded", "text"),
    "refs.destroy_at": ("coded", "text"),
    "secrets.name": ("public", "centre"),
    "secrets.value": ("secret", "centre"),
}

_SCHEMA = """
CREATE TABLE slots (slot INTEGER PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32));
CREATE TABLE refs (
    ref TEXT PRIMARY KEY,
    slot INTEGER NOT NULL UNIQUE REFERENCES slots (slot),
    kind TEXT,
    destroy_at INTEGER,
    CHECK ((kind IS NULL) = (destroy_at IS NULL))
) WITHOUT ROWID;
CREATE INDEX refs_by_term ON refs (destroy_at);
-- Some hundreds among half a million keys of texts; every start reads them.
CREATE INDEX refs_of_days ON refs (destroy_at) WHERE kind = 'journal';
CREATE TABLE secrets (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""

Claim = tuple[SealedRef, SealedKind, Instant]
"""Says that a spare key is used, for what, and when it is to be destroyed."""


class KeyStore:
    """Is the file of keys of one centre. All calls may wait for the disk; any thread may call.

    Raises:
        RefusedError: on opening, the file cannot be used (`keys_not_usable`), is a newer
            Openline's (`data_is_newer`) or held by another process (`data_folder_in_use`).
        PeerError: from every call, the disk is full or failed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._is_opened = False
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            raise _not_usable(path) from error
        with self._in_words():
            # No waiting for another process: it would hold the file for as long as it lives.
            self._connection = sqlite3.connect(
                path, timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise
        self._is_opened = True

    def add(self, spare: Sequence[tuple[SealedRef, bytes]]) -> None:
        """Makes spare keys durable, not yet used for anything."""
        with self._writing() as connection:
            for ref, key in spare:
                if self._free_slots:
                    slot = self._free_slots.pop()
                    connection.execute("UPDATE slots SET key = ? WHERE slot = ?", (key, slot))
                else:
                    cursor = connection.execute("INSERT INTO slots (key) VALUES (?)", (key,))
                    slot = int(cursor.lastrowid or 0)
                connection.execute("INSERT INTO refs (ref, slot) VALUES (?, ?)", (ref, slot))

    def claim(self, claims: Sequence[Claim]) -> None:
        """Notes what spare keys are used for; a key that is gone or claimed is passed over."""
        with self._writing() as connection:
            connection.executemany(
                "UPDATE refs SET kind = ?, destroy_at = ? WHERE ref = ? AND kind IS NULL",
                [(kind.value, destroy_at, ref) for ref, kind, destroy_at in claims],
            )

    def of_kind(self, kind: SealedKind) -> list[tuple[SealedRef, bytes, Instant]]:
        """Returns reference, key and end of term of all keys of a kind, the oldest term first."""
        with self._reading() as connection:
            # The kind is written out: only so is the index of the days of the record made use of.
            rows = connection.execute(
                f"SELECT ref, key, destroy_at FROM refs JOIN slots USING (slot)"
                f" WHERE kind = '{kind.value}' ORDER BY destroy_at, ref"
            ).fetchall()
        return [(SealedRef(ref), bytes(key), Instant(destroy_at)) for ref, key, destroy_at in rows]

    def spare(self) -> list[SealedRef]:
        """Returns the keys that nobody has claimed."""
        with self._reading() as connection:
            return [ref for (ref,) in connection.execute("SELECT ref FROM refs WHERE kind IS NULL")]

    def find(self, ref: SealedRef) -> tuple[bytes, SealedKind] | None:
        """Returns a key in use and its kind, or None if it is destroyed or was never there."""
        with self._reading() as connection:
            row = connection.execute(
                "SELECT key, kind FROM refs JOIN slots USING (slot)"
                " WHERE ref = ? AND kind IS NOT NULL",
                (ref,),
            ).fetchone()
        return None if row is None else (row[0], SealedKind(row[1]))

    def due(self, now: Instant, *, limit: int = -1) -> list[tuple[SealedRef, SealedKind]]:
        """Returns the keys whose term is over and their kinds, the oldest first.

        Days of the record are not among them: more belongs to forgetting a day than its key.
        """
        with self._reading() as connection:
            return [
                (SealedRef(ref), SealedKind(kind))
                for ref, kind in connection.execute(
                    "SELECT ref, kind FROM refs WHERE destroy_at <= ? AND kind <> ?"
                    " ORDER BY destroy_at, ref LIMIT ?",
                    (now, SealedKind.JOURNAL.value, limit),
                )
            ]

    def next_due(self) -> Instant | None:
        """Returns when the next term is over, that of a day of the record among them."""
        with self._reading() as connection:
            (first,) = connection.execute("SELECT min(destroy_at) FROM refs").fetchone()
        return None if first is None else Instant(first)

    def destroy(self, refs: Sequence[SealedRef]) -> None:
        """Overwrites keys, so that no file holds a byte of them; unknown ones are passed over.

        Raises:
            PeerError: they are gone from the store, but earlier pages may remain in its log; the
                next call, with whatever keys, tries again.
        """
        with self._lock:
            freed: list[int] = []
            with self._writing() as connection:
                for ref in refs:
                    row = connection.execute(
                        "DELETE FROM refs WHERE ref = ? RETURNING slot", (ref,)
                    ).fetchone()
                    if row is not None:
                        freed.append(row[0])
                connection.executemany(
                    f"UPDATE slots SET key = zeroblob({KEY_BYTES}) WHERE slot = ?",
                    [(slot,) for slot in freed],
                )
            self._free_slots += freed
            self._empty_log()

    def secret(self, name: str) -> bytes:
        """Returns the centre's own secret of that name: 32 random bytes, made at first asking."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)",
                (name, os.urandom(KEY_BYTES)),
            )
            (value,) = connection.execute(
                "SELECT value FROM secrets WHERE name = ?", (name,)
            ).fetchone()
        return bytes(value)

    def copy(self) -> KeyCopy:
        """Returns all that is in the store; takes about a second for half a million keys."""
        with self._reading() as connection:
            rows = connection.execute(
                "SELECT ref, key, kind, destroy_at FROM refs JOIN slots USING (slot) ORDER BY ref"
            ).fetchall()
            secrets = connection.execute("SELECT name, value FROM secrets").fetchall()
        return KeyCopy(
            keys=tuple(
                CopiedKey(
                    ref=SealedRef(ref),
                    key=bytes(key),
                    kind=None if kind is None else SealedKind(kind),
                    destroy_at=None if destroy_at is None else Instant(destroy_at),
                )
                for ref, key, kind, destroy_at in rows
            ),
            secrets={name: bytes(value) for name, value in secrets},
        )

    def copy_of_days(self) -> KeyCopy:
        """Returns the keys of the record's days, and no secret."""
        kind = SealedKind.JOURNAL
        return KeyCopy(
            keys=tuple(
                CopiedKey(ref=ref, key=key, kind=kind, destroy_at=destroy_at)
                for ref, key, destroy_at in self.of_kind(kind)
            ),
            secrets={},
        )

    def take_back(self, copy: KeyCopy, now: Instant) -> int:
        """Fills a new store from a copy, without what is due by now; returns how many keys."""
        alive = [each for each in copy.keys if each.destroy_at is None or each.destroy_at > now]
        self.add([(each.ref, each.key) for each in alive])
        self.claim(
            [
                (each.ref, each.kind, each.destroy_at)
                for each in alive
                if each.kind is not None and each.destroy_at is not None
            ]
        )
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO secrets (name, value) VALUES (?, ?)", list(copy.secrets.items())
            )
        return len(alive)

    def close(self) -> None:
        """Lets go of the file; closing twice changes nothing."""
        with self._lock, self._in_words():
            self._connection.close()

    def _prepare(self) -> None:
        connection = self._connection
        # Exclusive before anything is read: the log then needs no shared memory beside the file.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        is_new = application == 0 and tables == 0
        if not is_new and application != APPLICATION_ID:
            raise _not_usable(self.path)
        if version > VERSION:
            raise RefusedError(
                f"The keys in {self.path} have version {version}; this Openline knows versions "
                f"up to {VERSION}. Start the newer Openline, or choose another data folder.",
                code="data_is_newer",
            )
        for setting in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "foreign_keys=ON",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}").fetchone()
        if is_new:
            connection.executescript(
                f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA application_id = {APPLICATION_ID};"
                f"PRAGMA user_version = {VERSION};COMMIT;"
            )
        self._empty_log()
        self._free_slots: list[int] = [
            slot
            for (slot,) in connection.execute(
                "SELECT slot FROM slots WHERE slot NOT IN (SELECT slot FROM refs)"
            )
        ]

    def _empty_log(self) -> None:
        with self._in_words():
            row = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if row[0] != 0:
            raise PeerError(f"The log of {self.path} could not be emptied; to be tried again.")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._in_words():
            yield self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._in_words():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")
            # Once opened, what fails is the storage, and no person asked for anything.
            if self._is_opened:
                raise PeerError(f"The key store {self.path} failed: {name}.") from error
            if name.startswith("SQLITE_BUSY"):
                raise RefusedError(
                    f"Another process holds the keys in {self.path}. Stop that one first.",
                    code="data_folder_in_use",
                ) from error
            if name.startswith(("SQLITE_NOTADB", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
                raise _not_usable(self.path) from error
            raise PeerError(f"The key store {self.path} failed: {name}.") from error


def _not_usable(path: Path) -> RefusedError:
    return RefusedError(
        f"{path} cannot be used as the store of keys: it is something else, or may not be "
        f"written. Without it no number and no note can be opened; do not delete it.",
        code="keys_not_usable",
    )
