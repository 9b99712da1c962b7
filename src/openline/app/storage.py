"""Which store a centre has: SQLite in its data folder, unless it was given a PostgreSQL."""

from pathlib import Path

import structlog

from openline import __version__
from openline.app.options import configuration_in
from openline.configuration import load
from openline.model import Instant, PeerError, RefusedError
from openline.store import DataFolder, Spool, give_back
from openline.store.postgresql import PostgresqlStore
from openline.store.sql import SqlStore
from openline.store.sqlite import SqliteStore

log = structlog.get_logger(__name__)


def url_of(config: Path | None) -> str | None:
    """Returns the `[store] url` of a configuration, or None where it has none or none is given.

    Raises:
        ConfigurationError: the file is not right.
    """
    return None if config is None else load(configuration_in(config)).store.url


def open_store(folder: DataFolder, url: str | None, *, now: Instant) -> SqlStore:
    """Opens the store of a data folder that is held, to read and write; makes it if need be.

    `url` is the configuration's `[store] url`. Keys and lock stay in the folder whatever the store.

    Raises:
        RefusedError: it cannot be used, in words and with a way out.
        PeerError: the disk or the server failed.
    """
    _check_place(folder, url)
    if url is None:
        return SqliteStore.open(folder.database, now=now, program_version=__version__)
    store = PostgresqlStore.open(url, now=now, program_version=__version__)
    folder.note_elsewhere()
    return store


def open_store_and_spool(
    folder: DataFolder, url: str | None, *, now: Instant
) -> tuple[SqlStore, Spool | None]:
    """Opens the store, and gives it what a spool holds that it refused before.

    Without room for a spool there is none: calls then wait whenever the store refuses a step.
    Raises as `open_store`, or `PeerError` if the spool belongs to another record.
    """
    # Before the store, which on a full disk lives on the room that the spool gives back.
    spool = Spool(folder.spool)
    try:
        store = open_store(folder, url, now=now)
    except BaseException:
        spool.close()
        raise
    try:
        returned = give_back(spool, store, now)
        if returned:
            log.info("spool_returned", steps=returned)
        for gap in store.gaps():
            log.error("record_has_a_gap", after_step=gap.after_step)
    except BaseException:
        spool.close()
        store.close()
        raise
    try:
        spool.allocate()
    except PeerError as error:
        log.error("no_spool", why=str(error))
        spool.close()
        return store, None
    return store, spool


def open_store_to_read(folder: DataFolder, url: str | None) -> SqlStore:
    """Opens the store of a centre that may be running; raises as `open_store`."""
    _check_place(folder, url)
    if url is None:
        return SqliteStore.open_to_read(folder.database)
    return PostgresqlStore.open_to_read(url)


def _check_place(folder: DataFolder, url: str | None) -> None:
    """Refuses what would begin a second record beside the one that is there."""
    if url is None and folder.elsewhere.exists():
        raise RefusedError(
            f"The record of {folder.path} is in a PostgreSQL database. Say which: name the "
            f"configuration of the centre with --config.",
            code="record_is_elsewhere",
        )
    if url is not None and folder.database.exists():
        raise RefusedError(
            f"{folder.path} holds a record of its own, and [store] url names a database. Make a "
            f"backup of the folder without --config and restore it into a new folder with "
            f"--config; or leave [store] url out.",
            code="record_is_here",
        )
