"""A copy of the keys says when it was made, and is destroyed when its time is over."""

from pathlib import Path

import pytest

from openline.model import Instant, RefusedError, SealedRef
from openline.sealing import (
    COPY_KEPT,
    KeyCopyFile,
    KeyStore,
    SealedKind,
    destroy_file,
    destroy_old_copies,
    is_too_old,
    read_copy,
)

NOW = Instant(1_700_000_000_000_000)


def a_store(path: Path) -> KeyStore:
    keys = KeyStore(path)
    keys.add(
        [(SealedRef("a"), b"a" * 32), (SealedRef("b"), b"b" * 32), (SealedRef("c"), b"c" * 32)]
    )
    keys.claim([(SealedRef("a"), SealedKind.NOTE, Instant(NOW + 10))])
    keys.claim([(SealedRef("b"), SealedKind.CALLER_NUMBER, Instant(NOW + 20))])
    return keys


def a_file(keys: KeyStore, path: Path, *, made_at: Instant = NOW, centre: str = "us") -> Path:
    KeyCopyFile(made_at=made_at, centre=centre, backup="b1", copy=keys.copy()).write(path)
    return path


def test_keys_and_secrets_come_back_as_they_were(tmp_path: Path) -> None:
    keys = a_store(tmp_path / "keys.sqlite")
    secret = keys.secret("page tokens")
    copy = read_copy(a_file(keys, tmp_path / "copy"))
    assert (copy.made_at, copy.centre, copy.backup) == (NOW, "us", "b1")
    again = KeyStore(tmp_path / "again.sqlite")
    assert again.take_back(copy.copy, Instant(NOW)) == 3
    assert again.find(SealedRef("a")) == (b"a" * 32, SealedKind.NOTE)
    assert again.find(SealedRef("b")) == (b"b" * 32, SealedKind.CALLER_NUMBER)
    assert again.spare() == ["c"]
    assert again.secret("page tokens") == secret
    assert again.next_due() == NOW + 10
    for each in (keys, again):
        each.close()


def test_what_is_due_or_destroyed_does_not_come_back(tmp_path: Path) -> None:
    keys = a_store(tmp_path / "keys.sqlite")
    keys.destroy([SealedRef("b")])
    copy = read_copy(a_file(keys, tmp_path / "copy"))
    again = KeyStore(tmp_path / "again.sqlite")
    assert again.take_back(copy.copy, Instant(NOW + 10)) == 1
    assert again.find(SealedRef("a")) is None
    assert again.find(SealedRef("b")) is None
    for each in (keys, again):
        each.close()
    assert b"a" * 32 not in (tmp_path / "again.sqlite").read_bytes()
    assert b"b" * 32 not in (tmp_path / "copy").read_bytes()


def test_a_copy_lives_for_48_hours_from_when_it_was_made() -> None:
    hour = COPY_KEPT // 48
    assert hour == 3_600_000_000
    assert [is_too_old(NOW, Instant(NOW + each)) for each in (-1, 0, 48 * hour, 48 * hour + 1)] == [
        True,
        False,
        False,
        True,
    ]


def test_a_copy_that_was_changed_is_refused(tmp_path: Path) -> None:
    keys = a_store(tmp_path / "keys.sqlite")
    path = a_file(keys, tmp_path / "copy")
    keys.close()
    whole = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(RefusedError) as refused:
            read_copy(path)
        assert refused.value.code == "keys_not_usable"


def test_old_copies_of_this_centre_are_destroyed_and_no_others(tmp_path: Path) -> None:
    keys = a_store(tmp_path / "keys.sqlite")
    old = a_file(keys, tmp_path / "keys-1")
    young = a_file(keys, tmp_path / "keys-2", made_at=Instant(NOW + 2))
    others = a_file(keys, tmp_path / "keys-3", centre="them")
    (tmp_path / "keys-4").write_bytes(b"a letter")
    keys.close()
    now = Instant(NOW + COPY_KEPT + 1)
    assert destroy_old_copies(tmp_path, "us", now) == [old]
    assert not old.exists()
    assert all(path.exists() for path in (young, others, tmp_path / "keys-4"))


def test_a_file_is_overwritten_before_it_is_removed(tmp_path: Path) -> None:
    path, kept = tmp_path / "keys-1", tmp_path / "the same file by another name"
    path.write_bytes(b"secret")
    kept.hardlink_to(path)
    destroy_file(path)
    destroy_file(path)
    assert not path.exists()
    assert kept.read_bytes() == bytes(6)
