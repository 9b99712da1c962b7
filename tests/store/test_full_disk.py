"""A file system that is really full, and a process that is killed on it (I21).

Needs root, to mount a small file system; elsewhere it is skipped.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.model import Instant
from openline.store import DataFolder, JournalRecord, Spool, give_back
from openline.store.sqlite import SqliteStore

NOW = Instant(1_700_000_000_000_000)
ROOM = "24m"
SPOOL = 8 * 1024 * 1024

CENTRE = """
import asyncio, os, signal, sys
from pathlib import Path
from openline.store import DataFolder, JournalWriter, Spool
from openline.store.sqlite import SqliteStore
from tests.store.test_full_disk import NOW, SPOOL, record

async def run():
    folder = DataFolder(Path(sys.argv[1])).hold(NOW)
    spool = Spool(folder.spool, size=SPOOL)
    store = SqliteStore.open(folder.database, now=NOW, program_version="1.0")
    spool.allocate()
    told, refused = asyncio.Queue(), []
    again = asyncio.Event()
    writer = JournalWriter(
        store, durable=told.put_nowait, failed=refused.append, recovered=again.set, spool=spool,
        retry_seconds=0.05,
    )
    step = 0
    async def write(count):
        nonlocal step
        for _ in range(count):
            step += 1
            writer.submit(record(step))
            while await told.get() != step:
                pass
    await write(50)
    assert not refused
    ballast = os.open(Path(sys.argv[1]) / "ballast", os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(ballast, bytes(4096))
    except OSError:
        pass
    # As many as the log of the database had room for, and many more.
    await write(400)
    assert refused and "is full" in str(refused[0]), refused
    assert spool.used > 0
    if sys.argv[2] == "kill":
        print(step, spool.used, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    os.ftruncate(ballast, 0)
    await again.wait()
    await write(50)
    assert spool.used == 0
    await writer.close()
    print(step, spool.used, flush=True)
    store.close()
    spool.close()

asyncio.run(run())
"""


def record(step: int) -> JournalRecord:
    return JournalRecord(
        step=step, at=NOW, schema=1, body=step.to_bytes(9_000, "big"), hash=bytes(32)
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Lends a folder on a file system of its own, with room for little."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def run_centre(folder: Path, what: str) -> tuple[int, int, int]:
    done = subprocess.run(
        [sys.executable, "-c", CENTRE, str(folder), what],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert done.stdout, done.stderr
    step, used = map(int, done.stdout.split())
    return done.returncode, step, used


def test_steps_go_on_while_the_disk_is_full_and_are_all_there_when_there_is_room(
    small_disk: Path,
) -> None:
    code, step, _ = run_centre(small_disk, "free")
    assert code == 0
    store = SqliteStore.open_to_read(DataFolder(small_disk).database)
    assert list(store.read()) == [record(each) for each in range(1, step + 1)]
    store.close()
    assert not DataFolder(small_disk).spool.exists()


def test_a_process_killed_on_a_full_disk_starts_again_on_it_with_every_step(
    small_disk: Path,
) -> None:
    code, step, used = run_centre(small_disk, "kill")
    assert code == -9
    assert used > 0
    # The disk is as full as before; the room of the spool is enough to start.
    folder = DataFolder(small_disk).hold(NOW)
    spool = Spool(folder.spool, size=SPOOL)
    store = SqliteStore.open(folder.database, now=NOW, program_version="1.0")
    assert give_back(spool, store, NOW) > 0
    assert list(store.read()) == [record(each) for each in range(1, step + 1)]
    spool.close()
    store.close()
    folder.release()
