"""A centre is copied while it runs, lost, and brought back elsewhere; nothing purged comes back."""

import shutil
import signal
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec
import pytest

from openline.app.backup import DATABASE, MANIFEST, Manifest, backup, keys_beside, restore
from openline.app.record import check_chain, replay
from openline.model import Instant, OpenlineError, RefusedError, SealedRef
from openline.sealing import COPY_KEPT, KeyStore, SealedKind, Sealer
from openline.store import DataFolder, SealedRecord
from openline.store.sqlite import SqliteStore
from tests.app.running import RunningCentre, hears, hello
from tests.canary import key_spellings, scan, spellings
from tests.centre.small_centre import open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

NOW = Instant(1_774_920_000_000_000)
NOTE = "Quetzalbrück am Fluß"
WITHDRAWN = "Xochiquetzal am Hügel"


@in_virtual_time
async def keep_a_record(folder: Path) -> None:
    async with open_centre(folder) as small:
        for number in range(20):
            small.arrive(number)
            await advance(7)


class SmallCentre:
    """Is a data folder with a record and two notes, of which one has its term in an hour."""

    def __init__(self, folder: Path) -> None:
        self.data = DataFolder(folder)
        keep_a_record(folder)
        self.refs: dict[str, SealedRef] = {}
        self.secret_bytes: set[bytes] = set()
        keys = KeyStore(self.data.keys)
        sealer = Sealer(keys)
        with closing(SqliteStore.open(self.data.database, now=NOW, program_version="1.0")) as store:
            for text, until in ((NOTE, NOW + COPY_KEPT * 9), (WITHDRAWN, NOW + COPY_KEPT // 48)):
                sealed = sealer.seal(SealedKind.NOTE, text, Instant(until))
                store.put_sealed(
                    SealedRecord(
                        ref=sealed.ref,
                        kind="note",
                        created_at=NOW,
                        destroy_at=Instant(until),
                        ciphertext=sealed.ciphertext,
                    )
                )
                self.refs[text] = sealed.ref
                sealer.open(sealed.ref, sealed.ciphertext)
                found = keys.find(sealed.ref)
                assert found is not None
                self.secret_bytes |= key_spellings(found[0])
        sealer.close()


@pytest.fixture
def small(tmp_path: Path) -> SmallCentre:
    (tmp_path / "data").mkdir()
    return SmallCentre(tmp_path / "data")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "backups").mkdir()
    return tmp_path / "backups" / "night.backup"


def note_of(folder: Path, ref: SealedRef) -> str:
    """Opens a note in a data folder."""
    data = DataFolder(folder)
    sealer = Sealer(KeyStore(data.keys))
    try:
        with closing(SqliteStore.open_to_read(data.database)) as store:
            kept = store.sealed(ref)
            assert kept is not None
            return sealer.open(ref, kept.ciphertext)
    finally:
        sealer.close()


def later(hours: float) -> Instant:
    return Instant(NOW + int(hours * 3_600_000_000))


# -- a running centre


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningCentre]:
    centre = RunningCentre(tmp_path)
    try:
        centre.start()
        yield centre
    finally:
        centre.close()


@pytest.mark.timeout(60)
def test_after_the_loss_of_the_folder_everybody_is_at_his_place_in_another(
    running: RunningCentre, archive: Path, tmp_path: Path
) -> None:
    at = Instant(NOW + 5)
    tokens = []
    with ExitStack() as pages:
        for _ in range(3):
            page = pages.enter_context(running.call())
            tokens.append(hello(page)["token"])
            hears(page, "view")
        made = backup(running.data, archive, url=None, now=at)
        assert made.manifest.step > 3
        running.end(signal.SIGKILL)
    shutil.rmtree(running.data)

    elsewhere = tmp_path / "elsewhere"
    restored = restore(archive, elsewhere, keys=keys_beside(archive), url=None, now=at)
    assert restored.manifest == made.manifest
    running.data = elsewhere
    running.start()
    with ExitStack() as pages:
        for place, token in enumerate(tokens, 1):
            page = pages.enter_context(running.call())
            assert hello(page, token)["token"] == token
            view = hears(page, "view")["call"]
            assert (view["state"], view["place"]) == ("queued", place)
    assert running.end(signal.SIGTERM)[0] == 0
    assert replay(elsewhere).steps > made.manifest.step


def test_a_backup_can_be_made_again_and_again_while_the_centre_runs_and_after(
    running: RunningCentre, archive: Path
) -> None:
    for number in range(3):
        backup(running.data, archive.with_name(f"{number}.backup"), url=None, now=NOW)
    assert running.end(signal.SIGTERM)[0] == 0
    assert not (running.data / "keys.sock").exists()
    made = backup(running.data, archive, url=None, now=NOW)
    assert made.manifest.rows["journal"] == made.manifest.step


def test_a_centre_that_gives_no_keys_is_said_in_words_and_leaves_no_backup(
    running: RunningCentre, archive: Path
) -> None:
    (running.data / "keys.sock").unlink()
    with pytest.raises(OpenlineError, match="gave no copy of its keys"):
        backup(running.data, archive, url=None, now=NOW)
    assert list(archive.parent.iterdir()) == []


# -- what is in it


def test_all_is_there_again_and_the_copy_is_another_file(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    restore(archive, tmp_path / "new", keys=made.keys, url=None, now=NOW)
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"keys.sqlite", DATABASE}
    assert note_of(tmp_path / "new", small.refs[NOTE]) == NOTE
    assert replay(tmp_path / "new") == replay(small.data.path)
    with closing(SqliteStore.open_to_read(DataFolder(tmp_path / "new").database)) as store:
        assert store.counts() == made.manifest.rows
        assert check_chain(store) == made.manifest.step
    assert sorted(path.name for path in archive.parent.iterdir()) == [
        "keys-night.backup",
        "night.backup",
    ]
    for path in (archive, made.keys, tmp_path / "new" / DATABASE):
        assert path.stat().st_mode & 0o077 == 0


def test_the_archive_opens_nothing_by_itself(small: SmallCentre, archive: Path) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    assert scan(archive.parent, spellings(NOTE) | spellings(WITHDRAWN)) == []
    hits = {hit.path for hit in scan(archive.parent, small.secret_bytes)}
    assert hits == {made.keys}


def test_a_backup_never_writes_over_a_file(small: SmallCentre, archive: Path) -> None:
    archive.write_bytes(b"mine")
    with pytest.raises(RefusedError) as refused:
        backup(small.data.path, archive, url=None, now=NOW)
    assert refused.value.code == "file_exists"
    assert archive.read_bytes() == b"mine"


# -- 48 hours


def test_a_copy_of_the_keys_is_refused_after_48_hours_and_before_it_was_made(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    for now in (later(48.001), later(-0.001)):
        with pytest.raises(RefusedError) as refused:
            restore(archive, tmp_path / "new", keys=made.keys, url=None, now=now)
        assert refused.value.code == "keys_too_old"
        assert not (tmp_path / "new").exists()
    restore(archive, tmp_path / "new", keys=made.keys, url=None, now=later(48))
    assert note_of(tmp_path / "new", small.refs[NOTE]) == NOTE


def test_what_was_due_meanwhile_does_not_come_back(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    restored = restore(archive, tmp_path / "new", keys=made.keys, url=None, now=later(1))
    assert restored.keys is not None
    with pytest.raises(RefusedError) as refused:
        note_of(tmp_path / "new", small.refs[WITHDRAWN])
    assert refused.value.code == "destroyed"
    assert note_of(tmp_path / "new", small.refs[NOTE]) == NOTE


def test_a_key_destroyed_before_the_backup_is_in_no_file_of_it(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    keys = KeyStore(small.data.keys)
    found = keys.find(small.refs[WITHDRAWN])
    assert found is not None
    keys.destroy([small.refs[WITHDRAWN]])
    keys.close()
    made = backup(small.data.path, archive, url=None, now=NOW)
    assert scan(archive.parent, key_spellings(found[0])) == []
    restore(archive, tmp_path / "new", keys=made.keys, url=None, now=NOW)
    with pytest.raises(RefusedError):
        note_of(tmp_path / "new", small.refs[WITHDRAWN])


def test_without_keys_the_centre_comes_back_and_opens_nothing(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    backup(small.data.path, archive, url=None, now=NOW)
    restored = restore(archive, tmp_path / "new", keys=None, url=None, now=later(9_999))
    assert restored.keys is None
    with pytest.raises(RefusedError) as refused:
        note_of(tmp_path / "new", small.refs[NOTE])
    assert refused.value.code == "destroyed"
    replayed = replay(tmp_path / "new")
    assert (replayed.forgotten_until, replayed.state) == (replayed.steps, "unknown")
    numbers_on(tmp_path / "new", replayed.steps)
    replayed_again = replay(tmp_path / "new")
    assert replayed_again.forgotten_until == replayed.steps
    assert replayed_again.steps > replayed.steps
    assert replayed_again.state != "unknown"


@in_virtual_time
async def numbers_on(folder: Path, step: int) -> None:
    """Lets a centre go on whose record nobody can read."""
    async with open_centre(folder) as small:
        assert small.centre.durable.step == step + 2  # started, and the configuration adopted
        small.arrive(1)
        await small.durable()
        (call,) = small.centre.durable.calls
        assert call > step


def test_older_copies_of_the_keys_are_destroyed_by_the_next_backup(
    small: SmallCentre, archive: Path
) -> None:
    first = backup(small.data.path, archive, url=None, now=NOW)
    other = archive.with_name("keys-of-something-else")
    other.write_bytes(b"not ours")
    second = backup(small.data.path, archive.with_name("2"), url=None, now=later(40))
    third = backup(small.data.path, archive.with_name("3"), url=None, now=later(50))
    assert second.destroyed == ()
    assert third.destroyed == (first.keys,)
    assert [path.exists() for path in (first.keys, second.keys, third.keys, other)] == [
        False,
        True,
        True,
        True,
    ]


# -- what is refused


def test_only_a_new_folder_is_restored_into(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    (tmp_path / "file").touch()
    for folder in (small.data.path, tmp_path / "file"):
        with pytest.raises(RefusedError) as refused:
            restore(archive, folder, keys=made.keys, url=None, now=NOW)
        assert refused.value.code == "folder_not_empty"
    (tmp_path / "empty").mkdir()
    restore(archive, tmp_path / "empty", keys=made.keys, url=None, now=NOW)
    assert (tmp_path / "empty" / DATABASE).exists()


def test_keys_of_another_backup_and_no_keys_are_refused(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    other = backup(small.data.path, archive.with_name("other"), url=None, now=NOW)
    torn = tmp_path / "torn"
    torn.write_bytes(made.keys.read_bytes()[:-1])
    for keys, words in (
        (other.keys, "belongs to another backup"),
        (tmp_path / "nowhere", "no copy of the keys"),
        (torn, "is torn"),
        (archive, "is no copy of keys"),
    ):
        with pytest.raises(RefusedError, match=words) as refused:
            restore(archive, tmp_path / "new", keys=keys, url=None, now=NOW)
        assert refused.value.code == "keys_not_usable"
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.99, 1.0])
def test_a_torn_archive_is_refused_and_leaves_nothing(
    small: SmallCentre, archive: Path, tmp_path: Path, share: float
) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    whole = archive.read_bytes()
    cut = int(len(whole) * share)
    changed = bytes(each ^ 0xFF for each in whole[cut - 50 : cut])
    # Cut short; then of full length, with a place that the disk gave back otherwise.
    for content in (whole[: cut - 1], whole[: cut - 50] + changed + whole[cut:]):
        archive.write_bytes(content)
        with pytest.raises(RefusedError) as refused:
            restore(archive, tmp_path / "new", keys=made.keys, url=None, now=NOW)
        assert refused.value.code == "backup_torn"
        assert not (tmp_path / "new").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "backups"}


def repacked(archive: Path, database: bytes | None = None, **changes: object) -> None:
    """Packs an archive anew, with another database or another manifest."""
    with zipfile.ZipFile(archive) as packed:
        about = msgspec.json.decode(packed.read(MANIFEST))
        content = packed.read(DATABASE)
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(MANIFEST, msgspec.json.encode({**about, **changes}))
        packed.writestr(DATABASE, database or content)


def test_a_changed_or_foreign_archive_is_refused(
    small: SmallCentre, archive: Path, tmp_path: Path
) -> None:
    backup(small.data.path, archive, url=None, now=NOW)
    whole = archive.read_bytes()
    for changes, code in (
        ({"form": 2}, "data_is_newer"),
        ({"step": 1}, "backup_torn"),
        ({"sha256": "0"}, "backup_torn"),
        ({"centre": "another"}, "backup_torn"),
        ({"rows": {}}, "backup_torn"),
        ({"made_at": "noon"}, "not_a_backup"),
    ):
        archive.write_bytes(whole)
        repacked(archive, **changes)
        with pytest.raises(RefusedError) as refused:
            restore(archive, tmp_path / "new", keys=None, url=None, now=NOW)
        assert refused.value.code == code
    archive.write_bytes(b"not a backup")
    with pytest.raises(RefusedError, match="is not a backup made by Openline"):
        restore(archive, tmp_path / "new", keys=None, url=None, now=NOW)
    with zipfile.ZipFile(archive, "w") as foreign:
        foreign.writestr("letter.txt", "Dear all")
    with pytest.raises(RefusedError, match="is not a backup made by Openline"):
        restore(archive, tmp_path / "new", keys=None, url=None, now=NOW)
    with pytest.raises(RefusedError, match="There is no backup"):
        restore(tmp_path / "nowhere", tmp_path / "new", keys=None, url=None, now=NOW)


def test_a_record_that_was_changed_is_not_called_a_backup(
    small: SmallCentre, archive: Path
) -> None:
    with closing(sqlite3.connect(small.data.database)) as connection:
        connection.execute("UPDATE journal SET body = zeroblob(9) WHERE step = 7")
        connection.commit()
    with pytest.raises(RefusedError, match="step 7 was changed"):
        backup(small.data.path, archive, url=None, now=NOW)
    assert list(archive.parent.iterdir()) == []


def test_the_manifest_is_readable_by_people(small: SmallCentre, archive: Path) -> None:
    made = backup(small.data.path, archive, url=None, now=NOW)
    with zipfile.ZipFile(archive) as packed:
        text = packed.read(MANIFEST).decode()
    assert msgspec.json.decode(text, type=Manifest) == made.manifest
    assert '"made": "2026-03-31 01:20:00 UTC"' in text
