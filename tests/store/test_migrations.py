"""A folder of an older version is brought up to date, whole or not at all, and copied first."""

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from openline.model import Instant, PeerError, RefusedError
from openline.store import DataFolder, JournalRecord, schema
from openline.store.sql import Migrations, migrate
from openline.store.sqlite import SqliteStore

NOW = Instant(1_774_920_000_000_000)

HEADER = """
import sqlalchemy as sa
from alembic import context, op

revision = "{revision}"
down_revision = "{older}"
branch_labels = None
depends_on = None
"""

NOTES_LENGTHS = """
def upgrade():
    op.add_column("journal", sa.Column("size", sa.Integer()))
    tell = context.config.attributes["tell"]
    steps = op.get_bind().execute(sa.text("SELECT step, body FROM journal")).all()
    for done, (step, body) in enumerate(steps, start=1):
        op.get_bind().execute(
            sa.text("UPDATE journal SET size = :size WHERE step = :step"),
            {"size": len(body), "step": step},
        )
        tell(done, len(steps))
"""

NEEDS_A_ROLE = """
def upgrade():
    with op.batch_alter_table("accounts") as accounts:
        accounts.alter_column("role", new_column_name="duty")
"""

BREAKS = """
def upgrade():
    op.add_column("journal", sa.Column("colour", sa.Integer()))
    raise RuntimeError("the power failed")
"""


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """Is a folder as the first release leaves it, with fifty steps and an account."""
    (tmp_path / "data").mkdir()
    folder = DataFolder(tmp_path / "data")
    store = SqliteStore.open(folder.database, now=NOW, program_version="1.0")
    assert Migrations().newest == "0001", "take a folder of the first release from a fixture now"
    store.append(
        [
            JournalRecord(
                step=step, at=NOW, schema=1, body=b"x" * step, hash=step.to_bytes(32, "big")
            )
            for step in range(1, 51)
        ]
    )
    store.add_account(
        login="ana",
        name="Ana",
        role="agent",
        agent="ana",
        demo=False,
        password_hash="hash",
        created_at=NOW,
    )
    store.close()
    return folder


def later(folder: Path, *steps: str) -> Migrations:
    """Returns what a program knows that has come further by some revisions."""
    folder.mkdir(exist_ok=True)
    for number, body in enumerate(steps, start=2):
        header = HEADER.format(revision=f"{number:04}", older=f"{number - 1:04}")
        (folder / f"r{number:04}_later.py").write_text(header + body)
    return Migrations(folder)


def columns(path: Path, table: str) -> list[str]:
    connection = sqlite3.connect(path)
    found = [
        name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    ]
    connection.close()
    return found


def open_with(data: DataFolder, migrations: Migrations) -> None:
    SqliteStore.open(data.database, now=NOW, program_version="2.0", migrations=migrations).close()


def test_the_revisions_make_the_very_tables_that_the_program_knows(data: DataFolder) -> None:
    engine = create_engine(f"sqlite:///{data.database}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    engine.dispose()


def test_an_older_folder_is_copied_and_brought_up_to_date(data: DataFolder, tmp_path: Path) -> None:
    open_with(data, later(tmp_path / "later", NOTES_LENGTHS, NEEDS_A_ROLE))
    connection = sqlite3.connect(data.database)
    sizes = connection.execute("SELECT step, size FROM journal ORDER BY step").fetchall()
    (duty,) = connection.execute("SELECT duty FROM accounts").fetchone()
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    assert sizes == [(step, step) for step in range(1, 51)]
    assert (duty, version) == ("agent", "0003")

    ((copy, made_at),) = data.safety_copies()
    assert made_at == NOW
    assert copy.name == "before-migration-0001-20260331T012000Z.sqlite"
    assert copy.stat().st_mode & 0o077 == 0
    as_it_was = SqliteStore.open_to_read(copy)
    assert len(list(as_it_was.read())) == 50
    as_it_was.close()


def test_what_is_up_to_date_is_not_copied(data: DataFolder) -> None:
    open_with(data, Migrations())
    assert data.safety_copies() == []


def test_a_migration_that_is_cut_short_has_not_happened(data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="the power failed"):
        open_with(data, later(tmp_path / "later", NOTES_LENGTHS, BREAKS))
    assert columns(data.database, "journal") == ["step", "at", "schema", "body", "hash"]
    open_with(data, Migrations())
    open_with(data, later(tmp_path / "later", NOTES_LENGTHS, NEEDS_A_ROLE))
    assert "size" in columns(data.database, "journal")


def test_without_room_for_a_copy_nothing_is_changed(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(PeerError, match="is full"):
        open_with(data, later(tmp_path / "later", NOTES_LENGTHS))
    monkeypatch.undo()
    assert columns(data.database, "journal") == ["step", "at", "schema", "body", "hash"]
    assert data.safety_copies() == []
    open_with(data, later(tmp_path / "later", NOTES_LENGTHS))


def test_a_reader_and_an_older_program_refuse_it_with_both_versions(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = later(tmp_path / "later", NOTES_LENGTHS)
    with monkeypatch.context() as planted:
        planted.setattr("openline.store.sqlite.store.Migrations", lambda: newer)
        with pytest.raises(RefusedError, match=r"have version 0001.* reads version 0002") as older:
            SqliteStore.open_to_read(data.database)
    assert older.value.code == "data_is_older"
    open_with(data, newer)
    for opens in (
        lambda: open_with(data, Migrations()),
        lambda: SqliteStore.open_to_read(data.database),
    ):
        with pytest.raises(RefusedError, match=r"0002 .*Openline 2\.0.* up to 0001") as refused:
            opens()
        assert refused.value.code == "data_is_newer"


def test_a_folder_from_before_the_first_release_is_refused(data: DataFolder) -> None:
    connection = sqlite3.connect(data.database)
    connection.execute("DROP TABLE alembic_version")
    connection.commit()
    connection.close()
    with pytest.raises(RefusedError, match="before the first release") as refused:
        open_with(data, Migrations())
    assert refused.value.code == "data_is_older"


def test_a_long_migration_tells_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, int]] = []
    monkeypatch.setattr(migrate.log, "info", lambda _, **values: told.append(values))
    seconds = iter([0.0, 1.0, 2.5, 2.5, 3.0, 5.0, 5.0])
    tell = migrate._telling(lambda: next(seconds))
    for done in range(1, 5):
        tell(done, 4)
    assert told == [{"done": 2, "total": 4}, {"done": 4, "total": 4}]
