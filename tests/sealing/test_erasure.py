"""P5 on the stores together: sealed is unreadable everywhere, destroyed is unreadable for ever."""

import shutil
from pathlib import Path

import pytest

from openline.model import Instant, RefusedError
from openline.sealing import KeyStore, SealedKind, Sealer
from openline.store import DataFolder, JournalRecord, SealedRecord, SnapshotRecord
from openline.store.sqlite import SqliteStore
from tests.canary import key_spellings, scan, spellings

NOW = Instant(1_700_000_000_000_000)
NUMBER = "+13125550142"
NOTE = "Quetzalbrück am Fluß, bei Señora Xochiquetzal"
CANARIES = spellings(NUMBER) | spellings(NOTE)


def test_a_number_and_a_note_leave_no_trace_while_kept_and_none_when_destroyed(
    tmp_path: Path,
) -> None:
    folder = DataFolder(tmp_path / "centre").hold(NOW)
    store = SqliteStore.open(folder.database, now=NOW, program_version="1.0")
    keys = KeyStore(folder.keys)
    sealer = Sealer(keys)

    sealed = {}
    for step, (kind, text) in enumerate(
        [(SealedKind.CALLER_NUMBER, NUMBER), (SealedKind.NOTE, NOTE)], 1
    ):
        box = sealer.seal(kind, text, Instant(NOW + 60))
        store.put_sealed(
            SealedRecord(
                ref=box.ref,
                kind=kind.value,
                created_at=NOW,
                destroy_at=Instant(NOW + 60),
                ciphertext=box.ciphertext,
            )
        )
        body = b'{"t":"CallArrived","caller":"' + box.ref.encode() + b'"}'
        store.append([JournalRecord(step=step, at=NOW, schema=1, body=body, hash=bytes(32))])
        store.save_snapshot(SnapshotRecord(step=step, at=NOW, schema=1, body=body, hash=bytes(32)))
        sealed[text] = box
    for text, box in sealed.items():
        assert sealer.open(box.ref, box.ciphertext) == text

    # While they are kept: nothing readable in any file, the logs included.
    assert (folder.path / "openline.sqlite-wal").stat().st_size > 0
    assert scan(folder.path, CANARIES) == []

    # A backup of the database, as somebody could have made at noon; the keys are not in it.
    backup = tmp_path / "backup"
    backup.mkdir()
    for name in ("openline.sqlite", "openline.sqlite-wal"):
        shutil.copy(folder.path / name, backup)

    found = [keys.find(box.ref) for box in sealed.values()]
    secret = {each for key, _ in filter(None, found) for each in key_spellings(key)}
    assert scan(folder.keys.parent, secret), "the scan would not find a key that is there"
    assert scan(backup, secret) == []

    # The terms run out.
    gone = sealer.destroy_due(Instant(NOW + 60))
    assert {ref for ref, _ in gone} == {box.ref for box in sealed.values()}
    assert scan(tmp_path, secret | CANARIES) == []
    for box in sealed.values():
        with pytest.raises(RefusedError) as refused:
            sealer.open(box.ref, box.ciphertext)
        assert refused.value.code == "destroyed"

    # The backup comes back, and opens nothing.
    copy = SqliteStore.open_to_read(backup / "openline.sqlite")
    for box in sealed.values():
        kept = copy.sealed(box.ref)
        assert kept is not None
        assert kept.ciphertext == box.ciphertext
        with pytest.raises(RefusedError):
            sealer.open(kept.ref, kept.ciphertext)
    copy.close()

    assert store.remove_sealed_due(Instant(NOW + 60), limit=9) == 2
    assert [each.step for each in store.read()] == [1, 2]
    sealer.close()
    store.close()
    folder.release()
    assert scan(tmp_path, secret | CANARIES) == []
