"""What only SQLite can get wrong: files, their rights, and what lies in them."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Connection

from openline.model import BugError, Instant, OpenlineError, PeerError, RefusedError
from openline.store import FencedError, JournalRecord
from openline.store.sqlite import SqliteStore
from openline.store.sqlite.connection import SqliteFile, in_words

NOW = Instant(1_700_000_000_000_000)


def open_store(path: Path) -> SqliteStore:
    return SqliteStore.open(path, now=NOW, program_version="1.0")


def record(step: int, body: bytes = b"body") -> JournalRecord:
    return JournalRecord(step=step, at=NOW, schema=1, body=body, hash=bytes(32))


def test_all_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(tmp_path / "openline.sqlite")
        store.append([record(1)])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert set(modes) == {"openline.sqlite", "openline.sqlite-wal", "openline.sqlite-shm"}
    assert set(modes.values()) == {0o600}


def test_what_is_written_is_flushed_and_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    store = open_store(tmp_path / "openline.sqlite")
    with store._database.writing() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    store.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


@pytest.mark.parametrize("content", [b"not a database at all" * 99, bytes(range(256)) * 64])
def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "openline.sqlite"
    path.write_bytes(content)
    for open_ in (open_store, SqliteStore.open_to_read):
        with pytest.raises(RefusedError, match=r"is not an Openline database") as refused:
            open_(path)
        assert refused.value.code == "not_an_openline_database"
    assert path.read_bytes() == content


@pytest.mark.parametrize("table", ["CREATE TABLE t (x)", "CREATE TABLE meta (key, value)"])
def test_the_database_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, table: str
) -> None:
    path = tmp_path / "openline.sqlite"
    connection = sqlite3.connect(path)
    connection.execute(table)
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(RefusedError, match="is not an Openline database"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_torn_file_is_reported_and_never_taken_for_a_shorter_journal(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    store = open_store(path)
    store.append([record(step, bytes(3_000)) for step in range(1, 200)])
    store.close()
    whole = path.read_bytes()
    for share in (0.05, 0.5, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(PeerError, match="is damaged"):
            list(open_store(path).read())
        with pytest.raises(OpenlineError):
            list(SqliteStore.open_to_read(path).read())


def test_a_start_cut_short_before_the_first_table_is_made_good(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    path.touch()
    store = open_store(path)
    store.append([record(1)])
    store.close()


def test_nothing_to_read_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no centre in") as refused:
        SqliteStore.open_to_read(tmp_path / "openline.sqlite")
    assert refused.value.code == "no_data"
    assert list(tmp_path.iterdir()) == []


def test_a_copy_made_while_running_with_its_log_opens_elsewhere(tmp_path: Path) -> None:
    store = open_store(tmp_path / "openline.sqlite")
    store.append([record(1), record(2)])
    there = tmp_path / "there"
    there.mkdir()
    for name in ("openline.sqlite", "openline.sqlite-wal"):
        shutil.copy(tmp_path / name, there)
    store.close()
    copy = SqliteStore.open_to_read(there / "openline.sqlite")
    assert [each.step for each in copy.read()] == [1, 2]
    copy.close()


OPEN = """
import sys
from pathlib import Path
from openline.model import Instant, RefusedError
from openline.store.sqlite import SqliteStore
try:
    SqliteStore.open(Path(sys.argv[1]), now=Instant(1), program_version="1.0")
except RefusedError as error:
    print(error.code, error)
"""


def test_a_file_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    open_store(path).close()
    path.chmod(0o400)
    # Root may write anywhere by a right of its own; without that right it is like everybody.
    plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*plain, sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("data_folder_not_writable")
    assert str(tmp_path) in done.stdout


def test_a_file_that_goes_bad_later_is_not_the_fault_of_a_person(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    store = open_store(path)
    store.append([record(1)])
    path.unlink()
    path.with_name("openline.sqlite-wal").unlink()
    path.write_bytes(b"not a database at all" * 999)
    # A thread of its own gets a connection of its own, which meets the file as it is now.
    assert isinstance(store._database, SqliteFile)
    with store._database._readers.connect(), pytest.raises(PeerError, match="not an Openline"):
        store.last()
    store.close()


def test_a_closed_store_writes_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "openline.sqlite")
    store.close()
    with pytest.raises(BugError, match="closed"):
        store.append([record(1)])


def test_an_error_names_no_value(tmp_path: Path) -> None:
    store = open_store(tmp_path / "openline.sqlite")
    with pytest.raises(BugError) as error:
        store.add_session(token_hash=b"quetzal", login="quetzal", created_at=NOW)
    store.close()
    said, seen = "", error.value.__cause__
    while seen is not None:
        said, seen = f"{said}\n{seen}", seen.__cause__
    assert "FOREIGN KEY" in said
    assert "quetzal" not in said


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("SQLITE_FULL", PeerError, "is full"),
        ("SQLITE_IOERR_FSYNC", PeerError, "failed or takes no more"),
        ("SQLITE_BUSY", PeerError, "held by another program"),
        ("SQLITE_CORRUPT_INDEX", PeerError, "is damaged"),
        ("SQLITE_READONLY_DIRECTORY", RefusedError, "cannot read and write"),
        ("SQLITE_CANTOPEN", RefusedError, "cannot read and write"),
        ("SQLITE_ERROR", BugError, "did not understand us"),
    ],
)
def test_each_error_of_sqlite_is_put_into_words(
    code: str, kind: type[OpenlineError], words: str
) -> None:
    error = sqlite3.OperationalError("…")
    error.sqlite_errorname = code
    said = in_words(error, Path("data/openline.sqlite"))
    assert type(said) is kind
    assert words in str(said)


FULL = """
import resource, sys
from pathlib import Path
from openline.model import PeerError
from tests.contracts.stores import SQLITE
from tests.contracts.test_store import record
store = SQLITE.open(Path(sys.argv[1]))
store.append([record(1)])
before = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
step, refused = 2, None
while refused is None:
    try:
        store.append([record(step + each, bytes(9_000)) for each in range(3)])
        step += 3
    except PeerError as error:
        refused = error
resource.setrlimit(resource.RLIMIT_FSIZE, before)
assert store.last().step == step - 1, "a refused batch was kept in part"
store.append([record(step)])
assert [each.step for each in store.read()] == list(range(1, step + 1))
store.close()
print(refused)
"""


def test_a_disk_that_takes_no_more_is_reported_and_the_journal_goes_on_later(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "takes no more" in done.stdout


# -- I14: two writers


def test_who_was_taken_over_writes_nothing_more_and_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    first = open_store(path)
    first.append([record(1)])
    second = open_store(path)
    with pytest.raises(FencedError, match=r"epoch 2, ours was 1"):
        first.append([record(2)])
    second.append([record(2)])
    assert [each.step for each in second.read()] == [1, 2]
    for store in (first, second):
        store.close()


# -- a commit of which nobody knows whether it went through


class LosesTheAnswer(SqliteFile):
    """Commits, and then fails as if the answer had been lost; or fails before."""

    loses: Literal["nothing", "the answer", "the commit"] = "nothing"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with super().writing() as connection:
            yield connection
            if self.loses == "the commit":
                raise PeerError("the connection is lost")
        if self.loses == "the answer":
            raise PeerError("the connection is lost")


@pytest.mark.parametrize("lost", ["the answer", "the commit"])
def test_steps_of_a_commit_in_doubt_are_kept_once(
    tmp_path: Path, lost: Literal["the answer", "the commit"]
) -> None:
    path = tmp_path / "openline.sqlite"
    open_store(path).close()
    file = LosesTheAnswer(path, is_writable=True)
    store = SqliteStore(file, epoch=1)
    store.append([record(1)])
    file.loses = lost
    with pytest.raises(PeerError):
        store.append([record(2), record(3)])
    with pytest.raises(PeerError):
        store.append([record(2), record(3), record(4)])
    file.loses = "nothing"
    steps = [record(step) for step in (2, 3, 4, 5)]
    store.append(steps)
    assert [each.step for each in store.read()] == [1, 2, 3, 4, 5]
    # Only after a failure: otherwise a repeated step is a mistake.
    with pytest.raises(BugError, match="expected step 6"):
        store.append(steps)
    store.close()


def test_a_step_in_doubt_that_comes_back_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "openline.sqlite"
    open_store(path).close()
    file = LosesTheAnswer(path, is_writable=True)
    store = SqliteStore(file, epoch=1)
    file.loses = "the answer"
    with pytest.raises(PeerError):
        store.append([record(1)])
    file.loses = "nothing"
    other = JournalRecord(step=1, at=NOW, schema=1, body=b"other", hash=b"o" * 32)
    with pytest.raises(BugError, match="expected step 2"):
        store.append([other])
    store.close()
