"""Backup of a centre while it runs, and its restoration into another folder.

A backup is one archive (a zip with the database and a manifest) and beside it, in a file of its
own, a copy of the keys. The two are apart because they live differently: the archive may be kept
for as long as anybody likes, since what it holds of callers' words is ciphertext; the copy of the
keys opens it, and is refused after 48 hours (see `openline.sealing.copies`).

The database is copied as it is at one moment, then the keys: so the keys of all that is in the
archive are in the copy. What was written is read again before it is called a backup: every byte
against the manifest, the database by its own check, the record link by link.
"""

import hashlib
import os
import secrets
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import msgspec

from openline import __version__
from openline.app.key_copies import copy_of_keys
from openline.app.record import Tell, check_chain, quietly
from openline.app.storage import open_store_to_read
from openline.model import SECOND, Instant, OpenlineError, PeerError, RefusedError
from openline.sealing import (
    KeyCopy,
    KeyCopyFile,
    KeyStore,
    destroy_old_copies,
    is_too_old,
    read_copy,
)
from openline.store import DataFolder
from openline.store.postgresql import copy_into_postgresql
from openline.store.sqlite import SqliteStore, copy_into_sqlite

FORM = 1
MANIFEST = "manifest.json"
DATABASE = "openline.sqlite"

_BAD_ARCHIVE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
"""What the standard library raises for archives that are not whole."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Says what an archive holds."""

    form: int
    backup: str
    centre: str
    made_at: Instant
    made: str
    """The same instant for people, UTC."""
    openline: str
    """The version of the program that made it."""
    step: int
    """The last step of the record."""
    hash: str
    rows: dict[str, int]
    size: int
    """Bytes of the database."""
    sha256: str


class _Form(msgspec.Struct):
    """Is what even a manifest of a later form says."""

    form: int
    openline: str


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """Says what was made."""

    archive: Path
    keys: Path
    manifest: Manifest
    destroyed: tuple[Path, ...]
    """Older copies of the keys beside it, which were destroyed because their time was over."""


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """Says what was restored."""

    manifest: Manifest
    keys: int | None
    """How many keys came back; None if it was restored without."""


def keys_beside(archive: Path) -> Path:
    """Returns where the copy of the keys of an archive is."""
    return archive.with_name(f"keys-{archive.name}")


def backup(
    data: Path, archive: Path, *, url: str | None, now: Instant, tell: Tell = quietly
) -> BackedUp:
    """Makes a backup of a centre, running or not, and verifies it.

    `tell` hears how many steps of its record were verified.

    Raises:
        RefusedError: there is no centre, or a file of that name (`file_exists`).
        PeerError: the disk is full or failed, or the copy is not what the centre holds.
    """
    keys_file = keys_beside(archive)
    for path in (archive, keys_file):
        if path.exists():
            raise RefusedError(
                f"There is a file {path} already. Choose another name, for example with the date.",
                code="file_exists",
            )
    with _files_in_words(archive), _workshop(archive.absolute().parent) as workshop:
        database = workshop / DATABASE
        with closing(open_store_to_read(DataFolder(data), url)) as store:
            rows = copy_into_sqlite(store, database)
        copy = copy_of_keys(DataFolder(data), now)
        with closing(SqliteStore.open_to_read(database)) as copied:
            step, hash_ = copied.head()
            centre = copied.meta("centre_id") or ""
        manifest = Manifest(
            form=FORM,
            backup=secrets.token_hex(16),
            centre=centre,
            made_at=now,
            made=_written(now),
            openline=__version__,
            step=step,
            hash=hash_.hex(),
            rows=rows,
            size=database.stat().st_size,
            sha256=_sha256(database),
        )
        packed, packed_keys = workshop / "archive", workshop / "keys"
        _pack(packed, manifest, database)
        database.unlink()
        _unpack(packed, workshop, tell)
        KeyCopyFile(made_at=now, centre=centre, backup=manifest.backup, copy=copy).write(
            packed_keys
        )
        # The keys first: an archive without them would look whole and not be.
        packed_keys.rename(keys_file)
        packed.rename(archive)
        _flush(archive.absolute().parent)
        destroyed = destroy_old_copies(archive.absolute().parent, centre, now)
    return BackedUp(archive=archive, keys=keys_file, manifest=manifest, destroyed=tuple(destroyed))


def restore(
    archive: Path,
    folder: Path,
    *,
    keys: Path | None,
    url: str | None,
    now: Instant,
    tell: Tell = quietly,
) -> Restored:
    """Restores a centre into an empty folder (and, with `url`, into an empty database).

    `keys` is the copy of the keys, or None for none: then no note and no number can be opened.
    `tell` hears how many steps of its record were verified.

    Raises:
        RefusedError: the folder is not empty (`folder_not_empty`), the archive is not one of ours
            (`not_a_backup`), torn (`backup_torn`) or a newer Openline's (`data_is_newer`), or the
            copy of the keys is missing, another's (`keys_not_usable`) or too old (`keys_too_old`).
        PeerError: the disk is full or failed.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RefusedError(
            f"{folder} is not empty. A centre is restored into a new folder; nothing that is there "
            f"is ever overwritten.",
            code="folder_not_empty",
        )
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with _files_in_words(archive), _workshop(folder.absolute().parent) as workshop:
        manifest = _unpack(archive, workshop, tell)
        restored = None
        if keys is not None:
            copy = _usable(keys, manifest, now)
            with closing(KeyStore(workshop / DataFolder(folder).keys.name)) as store:
                restored = store.take_back(copy, now)
        if url is not None:
            with closing(SqliteStore.open_to_read(workshop / DATABASE)) as unpacked:
                copy_into_postgresql(unpacked, url)
            (workshop / DATABASE).unlink()
        if folder.exists():
            folder.rmdir()
        if url is not None:
            (workshop / DataFolder(folder).elsewhere.name).touch(mode=0o600)
        workshop.rename(folder)
        _flush(folder.absolute().parent)
    return Restored(manifest=manifest, keys=restored)


def _usable(path: Path, manifest: Manifest, now: Instant) -> KeyCopy:
    if not path.exists():
        raise RefusedError(
            f"There is no copy of the keys at {path}. Name it, or restore without: then no note "
            f"and no number can be opened any more.",
            code="keys_not_usable",
        )
    found = read_copy(path)
    if found.backup != manifest.backup:
        raise RefusedError(
            f"The copy of the keys {path} belongs to another backup. Give the one that was made "
            f"with this one.",
            code="keys_not_usable",
        )
    if is_too_old(found.made_at, now):
        raise RefusedError(
            f"The copy of the keys {path} is of {_written(found.made_at)}. After 48 hours a copy "
            f"is not used any more: it holds keys that were destroyed since. Restore without it; "
            f"then no note and no number can be opened.",
            code="keys_too_old",
        )
    return found.copy


# --- the archive ------------------------------------------------------------------------------


def _pack(path: Path, manifest: Manifest, database: Path) -> None:
    with path.open("xb") as file:
        path.chmod(0o600)
        # Not compressed: that would cost more processor time than all the rest together, on the
        # machine that answers calls. (200,000 steps, a busy day: 5 s of 11.)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
            archive.write(database, DATABASE)
        file.flush()
        os.fsync(file.fileno())


def _unpack(path: Path, workshop: Path, tell: Tell) -> Manifest:
    """Unpacks an archive's database and verifies it; returns the manifest."""
    database = workshop / DATABASE
    try:
        with zipfile.ZipFile(path) as archive:
            if {MANIFEST, DATABASE} != set(archive.namelist()):
                raise _not_a_backup(path)
            manifest = _read_manifest(path, archive.read(MANIFEST))
            with archive.open(DATABASE) as packed, _new_file(database) as unpacked:
                copyfileobj(packed, unpacked, 1 << 20)
    except FileNotFoundError:
        raise RefusedError(f"There is no backup {path}.", code="not_a_backup") from None
    except _BAD_ARCHIVE as error:
        with path.open("rb") as file:
            is_zip = file.read(2) == b"PK"
        raise (_torn(path, "it cannot be unpacked") if is_zip else _not_a_backup(path)) from error
    if (database.stat().st_size, _sha256(database)) != (manifest.size, manifest.sha256):
        raise _torn(path, "the database in it was changed")
    with closing(sqlite3.connect(database)) as connection:
        (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if answer != "ok":
        raise _torn(path, "the database in it is damaged")
    with closing(SqliteStore.open_to_read(database)) as store:
        _check(path, store, manifest, tell)
    return manifest


def _read_manifest(path: Path, content: bytes) -> Manifest:
    try:
        form = msgspec.json.decode(content, type=_Form)
        if form.form > FORM:
            raise RefusedError(
                f"{path} was made by Openline {form.openline}, which is newer. Restore it with "
                f"that version, or a newer one.",
                code="data_is_newer",
            )
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError:
        raise _not_a_backup(path) from None


def _check(path: Path, store: SqliteStore, manifest: Manifest, tell: Tell) -> None:
    """Compares a database with its manifest and checks the record; raises if they disagree."""
    if store.meta("centre_id") != manifest.centre or store.counts() != manifest.rows:
        raise _torn(path, "the database in it is not the one that was put there")
    step, hash_ = store.head()
    if (step, hash_.hex()) != (manifest.step, manifest.hash):
        raise _torn(path, "the record in it is not the one that was put there")
    try:
        check_chain(store, tell)
    except PeerError as error:
        raise _torn(path, str(error)) from error


def _torn(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"The backup {path} is torn or was changed: {why}. Take another one.", code="backup_torn"
    )


def _not_a_backup(path: Path) -> RefusedError:
    return RefusedError(f"{path} is not a backup made by Openline.", code="not_a_backup")


# --- files ------------------------------------------------------------------------------------


@contextmanager
def _workshop(beside: Path) -> Iterator[Path]:
    """Lends a folder for half-made things, on the same disk; gone afterwards, whatever happens.

    Whoever takes the folder itself away (by renaming it) may.
    """
    with tempfile.TemporaryDirectory(
        prefix=".openline-", dir=beside, ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


@contextmanager
def _files_in_words(archive: Path) -> Iterator[None]:
    try:
        yield
    except OpenlineError:
        raise
    except OSError as error:
        place = error.filename or archive
        raise PeerError(f"{place} could not be read or written: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise PeerError(f"The copy of the database failed: {error}.") from error


def _new_file(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _written(instant: Instant) -> str:
    return datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
