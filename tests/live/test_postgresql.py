"""The store's contract on a real PostgreSQL, and what only a server can do wrong.

Faults: the server is stopped as by a power cut and comes back (I22), its disk is full (I21), its
connection breaks during a commit, a second Openline takes over (I14).
"""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Dialect, PoolProxiedConnection

from openline.app.backup import backup, restore
from openline.centre.codec import chain, first_link
from openline.model import BugError, OpenlineError, PeerError, RefusedError
from openline.store import DataFolder, FencedError, JournalRecord, JournalWriter
from openline.store.postgresql import PostgresqlStore
from openline.store.sqlite import SqliteStore
from tests.contracts.stores import NOW, POSTGRESQL, URL_FILE, Kind

# The suite itself: every test in it runs here again, on the `kind` below.
from tests.contracts.test_store import *  # noqa: F403
from tests.contracts.test_store import record, records
from tests.live.postgresql_server import PostgresqlServer, programs


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with PostgresqlServer(bin_) as running:
        yield running


@pytest.fixture
def url(server: PostgresqlServer) -> str:
    return server.new_database()


# In place of the suite's own.
@pytest.fixture  # type: ignore[no-redef]
def kind(url: str, tmp_path: Path) -> Kind:
    (tmp_path / URL_FILE).write_text(url)
    return POSTGRESQL


def database_of(url: str) -> str:
    return url.split("/")[3].partition("?")[0]


def open_store(url: str) -> PostgresqlStore:
    return PostgresqlStore.open(url, now=NOW, program_version="1.0")


# -- opening


def test_a_second_writer_is_refused_in_words(url: str) -> None:
    store = open_store(url)
    with pytest.raises(RefusedError, match="Another Openline writes to the database") as refused:
        open_store(url)
    assert refused.value.code == "database_in_use"
    store.append([record(1)])
    store.close()
    open_store(url).close()


def test_the_database_of_another_program_is_refused_and_left_alone(
    server: PostgresqlServer, url: str
) -> None:
    server.sql("CREATE TABLE meta (key text, value text)", database_of(url))
    for open_ in (open_store, PostgresqlStore.open_to_read):
        with pytest.raises(RefusedError, match="another program's tables") as refused:
            open_(url)
        assert refused.value.code == "not_an_openline_database"
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert server.sql(tables, database_of(url)) == "1"


def test_a_database_that_is_not_there_is_said_in_words(server: PostgresqlServer, url: str) -> None:
    with pytest.raises(PeerError, match=r'database "no_such" does not exist'):
        open_store(server.url("no_such"))
    with pytest.raises(RefusedError, match="no centre in the database") as refused:
        PostgresqlStore.open_to_read(url)
    assert refused.value.code == "no_data"
    with pytest.raises(PeerError, match="no connection to the database x on /nowhere"):
        open_store("postgresql://openline@/x?host=/nowhere")


def test_a_closed_store_writes_nothing(url: str) -> None:
    store = open_store(url)
    store.close()
    with pytest.raises(BugError, match="closed"):
        store.append([record(1)])


def test_an_error_names_no_value(url: str) -> None:
    store = open_store(url)
    with pytest.raises(BugError) as error:
        store.add_session(token_hash=b"quetzal", login="quetzal", created_at=NOW)
    store.close()
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    assert "23503" in str(error.value)
    assert "quetzal" not in str(error.value)


# -- I14: two routers


def test_who_was_taken_over_writes_nothing_more_and_is_told_so(
    server: PostgresqlServer, url: str
) -> None:
    first = open_store(url)
    first.append(records(1, 3))
    # Its connection breaks, and with it goes its lock; another one starts meanwhile.
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'openline'"
    )
    second = open_store(url)
    second.append([record(4)])
    with pytest.raises(PeerError):
        first.append([record(4, b"other")])
    with pytest.raises(FencedError, match=r"epoch 2, ours was 1"):
        first.append([record(4, b"other")])
    assert list(second.read()) == records(1, 4)
    second.append([record(5)])
    for store in (first, second):
        store.close()


# -- I22: the server goes and comes back


def test_a_server_that_dies_and_comes_back_loses_and_doubles_no_step(
    server: PostgresqlServer, url: str
) -> None:
    async def run() -> None:
        store = open_store(url)
        durable: list[int] = []
        failed: list[OpenlineError] = []
        failing, again = asyncio.Event(), asyncio.Event()

        def note_failure(error: OpenlineError) -> None:
            failed.append(error)
            failing.set()
            # Nothing is tried again after a bug: who waits for the server's return would wait on.
            if not isinstance(error, PeerError):
                again.set()

        def note(step: int) -> None:
            durable.append(step)
            if failed:
                again.set()

        writer = JournalWriter(store, durable=note, failed=note_failure, retry_seconds=0.2)
        step = 0
        for _ in range(2):
            stopping = asyncio.create_task(asyncio.to_thread(server.stop, "immediate"))
            # Steps come all the while: before, during and after.
            while not failing.is_set():
                step += 1
                writer.submit(record(step))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(failing.wait(), 0.001)
            await stopping
            for _ in range(100):
                step += 1
                writer.submit(record(step))
            assert writer.backlog >= 100
            await asyncio.to_thread(server.start)
            await again.wait()
            assert all(isinstance(error, PeerError) for error in failed), failed
            await writer.flush()
            assert durable[-1] == step
            failed.clear()
            failing.clear()
            again.clear()
        await writer.close()
        assert durable == sorted(set(durable))
        assert list(store.read()) == records(1, step)
        store.close()

    # On a thread of its own: in this process the browser tests may keep a loop on the main one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


def test_a_commit_whose_answer_was_lost_is_found_and_not_repeated(
    server: PostgresqlServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(url)
    store.append(records(1, 3))
    database = store._database
    commit = database.dialect.__class__.do_commit

    def commits_and_breaks(dialect: Dialect, connection: PoolProxiedConnection) -> None:
        commit(dialect, connection)
        connection.dbapi_connection.close()  # type: ignore[union-attr]
        raise psycopg.OperationalError("the connection is lost")

    with monkeypatch.context() as broken:
        broken.setattr(database.dialect.__class__, "do_commit", commits_and_breaks)
        with pytest.raises(PeerError):
            store.append(records(4, 6))
    # Before it is found, attempts with more steps fail for good reasons of their own.
    server.stop("immediate")
    with pytest.raises(PeerError):
        store.append(records(4, 7))
    server.start()
    store.append(records(4, 8))
    assert list(store.read()) == records(1, 8)
    store.close()


# -- backup


def test_a_centre_on_a_server_is_backed_up_and_restored_on_another_or_in_a_file(
    server: PostgresqlServer, url: str, tmp_path: Path
) -> None:
    data, archive = tmp_path / "data", tmp_path / "night.backup"
    data.mkdir()
    store = open_store(url)
    link, steps = first_link(store.meta("centre_id") or ""), []
    for step in range(1, 51):
        link = chain(link, step, NOW, b"body")
        steps.append(JournalRecord(step=step, at=NOW, schema=1, body=b"body", hash=link))
    store.append(steps)
    made = backup(data, archive, url=url, now=NOW)
    store.append([record(51)])
    store.close()

    restore(archive, tmp_path / "file", keys=made.keys, url=None, now=NOW)
    again = server.new_database()
    restore(archive, tmp_path / "server", keys=made.keys, url=again, now=NOW)
    assert sorted(path.name for path in (tmp_path / "server").iterdir()) == [
        "keys.sqlite",
        "record-is-in-postgresql",
    ]
    file = SqliteStore.open(DataFolder(tmp_path / "file").database, now=NOW, program_version="1.0")
    for restored in (file, open_store(again)):
        assert list(restored.read()) == steps
        assert restored.meta("centre_id") == made.manifest.centre
        restored.append([record(51)])
        restored.close()
    with pytest.raises(RefusedError) as refused:
        restore(archive, tmp_path / "third", keys=made.keys, url=again, now=NOW)
    assert refused.value.code == "database_not_empty"
    assert not (tmp_path / "third").exists()


# -- I21: its disk is full


@pytest.fixture
def small_disk(server: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Makes a table space on a file system of 4 MiB."""
    folder = server.folder / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip("only root may mount a small file system")
    server.owns(folder)
    server.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
    yield "small"
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_whole_batches_and_takes_them_when_there_is_room(
    server: PostgresqlServer, small_disk: str
) -> None:
    url = server.new_database()
    store = open_store(url)
    server.sql(f"ALTER TABLE journal SET TABLESPACE {small_disk}", database_of(url))
    step, refused, batch = 0, None, records(1, 1)
    while refused is None:
        batch = [record(step + each, bytes(9_000)) for each in (1, 2, 3)]
        try:
            store.append(batch)
            step += 3
        except PeerError as error:
            refused = error
    assert "its disk is full" in str(refused)
    last = store.last()
    assert last is not None
    assert last.step == step
    store.close()
    server.sql("ALTER TABLE journal SET TABLESPACE pg_default", database_of(url))
    store = open_store(url)
    store.append(batch)
    assert [each.step for each in store.read()] == list(range(1, step + 4))
    store.close()


# -- the extra

MISSING = """
import sys
sys.modules["psycopg"] = None
from openline.model import RefusedError
from openline.store.postgresql import PostgresqlStore
try:
    PostgresqlStore.open_to_read("postgresql://openline@127.0.0.1/openline")
except RefusedError as error:
    print(error.code, error)
"""


def test_without_its_extra_the_store_names_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MISSING], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("extra_missing")
    assert "openline[postgresql]" in done.stdout


def test_an_address_that_makes_no_sense_is_refused() -> None:
    for url in ("", "openline", "mysql://a@b/c", "postgresql://host"):
        with pytest.raises(RefusedError, match=r"postgresql://USER@HOST/DATABASE"):
            PostgresqlStore.open_to_read(url)
