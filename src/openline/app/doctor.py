"""Is this machine fit to run the centre, and is its data folder whole? One finding per question.

It changes nothing: where a centre runs it is asked, not disturbed. What a finding says is for the
person who runs the line; what is wrong comes with a way to mend it.
"""

import fcntl
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import msgspec

from openline import __version__
from openline.app.certificate_doctor import certificate_found
from openline.app.key_copies import segment_keys
from openline.app.reach import reachable
from openline.app.record import Tell, check_chain, quietly
from openline.app.storage import open_store_to_read
from openline.app.telephones_doctor import telephones_found
from openline.centre.clock import wall_now
from openline.configuration import Published, check_file
from openline.model import SECOND, Instant, OpenlineError
from openline.model.names import Name
from openline.store import DataFolder
from openline.store.sql import SqlStore

ROOM_WRONG, ROOM_WARN = 200_000_000, 2_000_000_000
MEMORY_WARN = 400_000_000
FLUSH_WARN_MS, FLUSH_WRONG_MS = 20.0, 200.0
FLUSHES = 15
STEPS_SINCE_SNAPSHOT = 200_000
OLDEST_PYTHON = (3, 11)
_SPOOL_BLOCK = 4_096


class Level(Name):
    """Says how good a finding is."""

    OK = "ok"
    WARN = "warn"
    WRONG = "wrong"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Is the answer to one question."""

    about: str
    level: Level
    words: str
    mend: str | None = None
    """What to do; None where nothing is to be done."""


def _ok(about: str, words: str) -> Finding:
    return Finding(about=about, level=Level.OK, words=words)


def _warn(about: str, words: str, mend: str) -> Finding:
    return Finding(about=about, level=Level.WARN, words=words, mend=mend)


def _wrong(about: str, words: str, mend: str) -> Finding:
    return Finding(about=about, level=Level.WRONG, words=words, mend=mend)


def examine(config: Path, data: Path, tell: Tell = quietly) -> Iterator[Finding]:
    """Yields the findings as they are made; some read the whole record, which `tell` hears of."""
    yield _program()
    yield _memory()
    yield from _clock()
    report = check_file(config)
    yield _configuration(config, report.published, len(report.problems), len(report.warnings))
    folder = DataFolder(data)
    is_running = False
    if folder.path.exists() and not folder.path.is_dir():
        yield _wrong(
            "data folder", f"{folder.path} is a file, not a folder.", "Name another with --data."
        )
    elif not folder.path.is_dir():
        yield _warn(
            "data folder",
            f"{folder.path} does not exist yet.",
            "Start the centre once with `openline run`, or name another folder with --data.",
        )
    else:
        is_running = _is_held(folder)
        yield _rights(folder)
        yield _room(folder)
        yield _speed(folder)
        yield _spool(folder, is_running)
        url = None if report.published is None else report.published.store.url
        yield from _memory_of_the_centre(folder, url, tell)
    if report.published is not None:
        address = folder.address() if is_running else None
        yield from reachable(report.published, is_running, address, _ok, _warn, _wrong)
        yield from certificate_found(report.published, folder, _ok, _warn, _wrong)
        yield from telephones_found(report.published, _ok, _warn, _wrong)


# --- the machine ---------------------------------------------------------------------------


def _program() -> Finding:
    python = ".".join(map(str, sys.version_info[:3]))
    words = (
        f"Openline {__version__}, Python {python}, SQLite {sqlite3.sqlite_version}, "
        f"time zones {version('tzdata')}."
    )
    if sys.version_info[:2] < OLDEST_PYTHON:
        return _wrong("program", words, "Install Python 3.11 or newer.")
    return _ok("program", words)


def _memory() -> Finding:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        free = next(
            int(line.split()[1]) * 1024
            for line in text.splitlines()
            if line.startswith("MemAvailable:")
        )
    except (OSError, StopIteration, ValueError):
        return _ok("memory", "This machine does not tell how much is free.")
    words = f"{free / 1e9:.1f} GB free."
    if free < MEMORY_WARN:
        return _warn("memory", words, "Stop what else runs here, or give the machine more.")
    return _ok("memory", words)


def _clock() -> Iterator[Finding]:
    mend = "Turn time synchronisation on: timedatectl set-ntp true"
    try:
        said = subprocess.run(
            ["timedatectl", "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        said = None
    if said is None or said.returncode != 0 or said.stdout.strip() not in ("yes", "no"):
        yield _ok("clock", "This machine does not tell whether its clock is kept right.")
    elif said.stdout.strip() == "no":
        yield _warn("clock", "Nothing keeps this machine's clock right.", mend)
    else:
        yield _ok("clock", "The clock is kept right from outside.")


def _configuration(
    config: Path, published: Published | None, problems: int, warnings: int
) -> Finding:
    check = f"See: openline check {config}"
    if published is None:
        return _wrong("configuration", f"{config} has {problems} problems.", check)
    if warnings:
        return _warn("configuration", f"{config} is right, with {warnings} warnings.", check)
    return _ok("configuration", f"{config} is right.")


# --- the data folder -----------------------------------------------------------------------


def _is_held(folder: DataFolder) -> bool:
    """Tells whether a centre runs on the folder, without taking it even for a moment."""
    try:
        descriptor = os.open(folder.lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _rights(folder: DataFolder) -> Finding:
    about = "folder rights"
    mine = [folder.path, folder.keys, folder.database]
    try:
        open_to_others = [each for each in mine if each.exists() and each.stat().st_mode & 0o077]
        owner = folder.path.stat().st_uid
    except OSError as error:
        return _wrong(about, f"{folder.path}: {error.strerror}.", "Give the folder to this user.")
    if folder.path in open_to_others:
        return _wrong(
            about,
            f"{folder.path} is open to other users of this machine; the keys lie in it.",
            f"chmod 700 {folder.path}",
        )
    if owner != os.geteuid():
        return _warn(
            about,
            f"{folder.path} belongs to another user than the one who asks.",
            "Run this as the user who runs the centre.",
        )
    return _ok(about, f"Only its user may go into {folder.path}.")


def _room(folder: DataFolder) -> Finding:
    free = shutil.disk_usage(folder.path).free
    words = f"{free / 1e9:,.1f} GB free where {folder.path} lies."
    if free < ROOM_WRONG:
        return _wrong("disk room", words, "Make room now: calls go on from the spool alone.")
    if free < ROOM_WARN:
        return _warn("disk room", words, "Make room; a line of 6,500 calls writes 13 MB a day.")
    return _ok("disk room", words)


def _speed(folder: DataFolder) -> Finding:
    about = "disk speed"
    times = []
    try:
        with tempfile.TemporaryFile(dir=folder.path, buffering=0) as file:
            for _ in range(FLUSHES):
                begun = time.perf_counter()
                file.write(bytes(_SPOOL_BLOCK))
                os.fsync(file.fileno())
                times.append((time.perf_counter() - begun) * 1_000)
    except OSError as error:
        return _wrong(about, f"Nothing can be written: {error.strerror}.", "Make it writable.")
    middle = statistics.median(times)
    words = f"A flush takes {middle:.1f} ms, at worst {max(times):.1f} ms of {FLUSHES}."
    mend = "Put the data folder on a local solid-state disk; every act waits for a flush."
    if middle > FLUSH_WRONG_MS:
        return _wrong(about, words, mend)
    if middle > FLUSH_WARN_MS:
        return _warn(about, words, mend)
    return _ok(about, words)


def _spool(folder: DataFolder, is_running: bool) -> Finding:
    about = "spool"
    try:
        with folder.spool.open("rb") as file:
            file.seek(_SPOOL_BLOCK)
            has_steps = any(file.read(_SPOOL_BLOCK))
    except FileNotFoundError:
        if not is_running:
            return _ok(about, "There is none yet; the centre makes it when it starts.")
        return _wrong(
            about, "The centre runs without one.", "Make 64 MB of room and start it again."
        )
    except OSError as error:
        return _wrong(about, f"It cannot be read: {error.strerror}.", "Look at the disk.")
    if has_steps and is_running:
        return _wrong(
            about,
            "It holds steps: the store refuses what the centre writes.",
            "Make room on the disk, or start the database; the steps go back by themselves.",
        )
    if has_steps:
        return _warn(
            about,
            "It holds steps that the store refused.",
            "Start the centre: it gives them back before it does anything else.",
        )
    return _ok(about, "It is empty, as it should be.")


def _memory_of_the_centre(folder: DataFolder, url: str | None, tell: Tell) -> Iterator[Finding]:
    """Looks at the record and the keys."""
    now = Instant(wall_now())
    try:
        store = open_store_to_read(folder, url)
    except OpenlineError as error:
        if url is not None:
            yield _wrong("PostgreSQL", str(error), "Start the server, or mend [store] url.")
            return
        yield _warn("record", str(error), "Start the centre once, or restore a backup.")
        return
    if url is not None:
        yield _ok("PostgreSQL", "The server answers and holds the record.")
    try:
        yield _found("record", lambda: _chain(store, tell), "Restore a backup into a new folder.")
        yield _found("keys", lambda: _keys(folder, store, now), "Restore a backup with its keys.")
        yield _gaps(store)
        yield _last(store, now)
        yield _snapshot(store)
    finally:
        store.close()


def _found(about: str, look: Callable[[], Finding], mend: str) -> Finding:
    try:
        return look()
    except OpenlineError as error:
        return _wrong(about, str(error), mend)


def _chain(store: SqlStore, tell: Tell) -> Finding:
    steps = check_chain(store, tell)
    forgotten = store.forgotten()[0]
    before = f"; {forgotten:,} before them are forgotten" if forgotten else ""
    return _ok("record", f"{steps:,} steps follow from one another{before}.")


def _keys(folder: DataFolder, store: SqlStore, now: Instant) -> Finding:
    keys = segment_keys(folder, now)
    last = store.last()
    if last is None:
        return _ok("keys", "The record is empty; no key is needed yet.")
    if keys.open_step(last.step, Instant(last.at), last.body) is None:
        return _wrong(
            "keys",
            "The key of the newest step is not in the key store: the record cannot be read.",
            "Restore a backup with its keys.",
        )
    return _ok("keys", "The newest step can be opened.")


def _gaps(store: SqlStore) -> Finding:
    gaps = store.gaps()
    if gaps:
        return _warn(
            "gaps",
            f"Steps were lost in {len(gaps)} places; the first after step {gaps[0].after_step}.",
            "Nothing brings them back. Make sure that the disk has room and is sound.",
        )
    return _ok("gaps", "No step was ever lost.")


def _last(store: SqlStore, now: Instant) -> Finding:
    last = store.last()
    if last is None or last.at <= now + SECOND:
        return _ok("time", "The record does not run ahead of this machine's clock.")
    ahead = (last.at - now) / SECOND
    return _warn(
        "time",
        f"The record's last step is {ahead:,.0f} s ahead of this machine's clock.",
        "If the clock is wrong, set it. A simulated record may lie ahead.",
    )


def _snapshot(store: SqlStore) -> Finding:
    snapshot = store.latest_snapshot()
    behind = store.head()[0] - (0 if snapshot is None else snapshot.step)
    words = f"{behind:,} steps since the newest one."
    if behind > STEPS_SINCE_SNAPSHOT:
        return _warn(
            "snapshot", words, "A start takes long. Stop the centre with Ctrl-C, not by force."
        )
    return _ok("snapshot", words)
