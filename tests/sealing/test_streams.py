"""Sound that is sealed while it is spoken."""

import errno
import os
import secrets
from pathlib import Path

import pytest

from openline.model import PeerError, SealedRef
from openline.sealing.streams import StreamWriter, measure, public_key, read

REF = SealedRef("abc")
KEY = bytes(range(32))


def writer(path: Path) -> StreamWriter:
    return StreamWriter(path, REF, public_key(KEY, REF))


def test_what_was_written_is_read_and_its_length_is_known_without_the_key(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    spoken = secrets.token_bytes(50_000)
    stream = writer(path)
    stream.add(spoken[:16_000])
    stream.add(spoken[16_000:32_000])
    assert not measure(path).has_ended
    stream.end(spoken[32_000:], is_cut=False)
    stream.close()
    found = measure(path)
    assert (found.length, found.has_ended, found.is_cut) == (50_000, True, False)
    assert b"".join(read(path, REF, KEY)) == spoken
    assert spoken[:64] not in path.read_bytes()


def test_a_process_that_died_over_a_piece_is_followed_by_another(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    stream = writer(path)
    stream.add(b"first" * 100)
    stream.add(b"never finished" * 100)
    stream.close()
    whole = path.stat().st_size
    for torn in (whole - 1, whole - 1_000, whole - 1_416):
        os.truncate(path, torn)
        again = writer(path)
        assert again.length == 500, "the torn piece is to be written anew"
        again.end(b"second", is_cut=True)
        again.close()
        assert measure(path).is_cut
        assert b"".join(read(path, REF, KEY)) == b"first" * 100 + b"second"
        os.truncate(path, measure(path).stored - (6 + 4 + 16) - 45)
        stream = writer(path)
        stream.add(b"never finished" * 100)
        stream.close()


def test_another_key_another_name_and_any_changed_byte_open_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    stream = writer(path)
    stream.add(b"hello" * 10)
    stream.end(b"there" * 10, is_cut=False)
    stream.close()
    for ref, key in ((REF, bytes(32)), (SealedRef("other"), KEY)):
        with pytest.raises(PeerError):
            list(read(path, ref, key))
    good = path.read_bytes()
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            heard = b"".join(read(path, REF, KEY))
        except PeerError:
            continue
        # A changed length can only make it shorter, and then it has no end.
        assert heard != b"hello" * 10 + b"there" * 10
        assert not measure(path).has_ended


def test_pieces_that_change_places_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "sound"
    stream = writer(path)
    stream.add(b"one" * 10)
    stream.add(b"two" * 10)
    stream.end(b"", is_cut=False)
    stream.close()
    good, head, piece = path.read_bytes(), 45, 50
    swapped = good[head + piece : head + 2 * piece] + good[head : head + piece]
    path.write_bytes(good[:head] + swapped + good[head + 2 * piece :])
    with pytest.raises(PeerError):
        list(read(path, REF, KEY))


def test_a_full_disk_adds_nothing_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sound"
    stream = writer(path)
    stream.add(b"before")
    real = os.write

    def half(descriptor: int, data: memoryview) -> int:
        if len(data) < 10:
            raise OSError(errno.ENOSPC, "full")
        return real(descriptor, data[: len(data) - 5])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="full"):
        stream.add(b"later")
    monkeypatch.undo()
    assert measure(path).length == 6
    stream.end(b"later", is_cut=False)
    stream.close()
    assert b"".join(read(path, REF, KEY)) == b"beforelater"
