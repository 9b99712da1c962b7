"""The recorder: what Asterisk writes into memory is sealed on the disk."""

import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.recorder import HEAD, Recorder, nobody_writes
from openline.app.sound_spool import SoundSpool
from openline.model import SealedRef
from openline.sealing.streams import StreamWriter, measure, public_key, read
from tests.sound import head, memory_spool

REF, KEY = SealedRef("abc"), bytes(range(32))


@pytest.fixture(name="spool")
def _spool() -> Iterator[SoundSpool]:
    with memory_spool() as spool:
        yield spool


def said_of(spool: SoundSpool) -> str | None:
    return spool.why_not


def sealed(folder: Path) -> bytes:
    return b"".join(read(folder / REF, REF, KEY))


def test_sound_is_sealed_while_it_is_written_and_wiped_at_its_end(
    spool: SoundSpool, tmp_path: Path
) -> None:
    assert spool.is_memory
    spool.want(REF, public_key(KEY, REF))
    spoken = secrets.token_bytes(100_000)
    recorder = Recorder(spool, tmp_path)
    with spool.sound(REF).open("wb", buffering=0) as asterisk:
        asterisk.write(head(0) + spoken[:70_000])
        recorder.round()
        assert sealed(tmp_path) == spoken[:64_000]
        # What is durable is in memory no longer, though the file is as long as before.
        held = spool.sound(REF).stat()
        assert held.st_size == HEAD + 70_000
        assert held.st_blocks * 512 < 20_000
        asterisk.write(spoken[70_000:])
        asterisk.seek(0)
        asterisk.write(head(100_000))
    recorder.round()
    assert sealed(tmp_path) == spoken
    assert not measure(tmp_path / REF).is_cut
    assert not spool.holds(REF)
    assert spool.recipient(REF) is None


def test_a_recorder_that_was_killed_is_followed_by_another(
    spool: SoundSpool, tmp_path: Path
) -> None:
    spool.want(REF, public_key(KEY, REF))
    spoken = secrets.token_bytes(100_000)
    with spool.sound(REF).open("wb", buffering=0) as asterisk:
        asterisk.write(head(0) + spoken[:70_000])
        Recorder(spool, tmp_path).round()
        asterisk.write(spoken[70_000:])
        asterisk.seek(0)
        asterisk.write(head(100_000))
    # It died over a piece.
    os.truncate(tmp_path / REF, (tmp_path / REF).stat().st_size)
    with (tmp_path / REF).open("ab") as torn:
        torn.write(b"\x01\x00\x3e\x80half a piece")
    Recorder(spool, tmp_path).round()
    assert sealed(tmp_path) == spoken
    assert not spool.holds(REF)


def test_one_that_died_between_the_end_and_the_wiping_is_followed_too(
    spool: SoundSpool, tmp_path: Path
) -> None:
    spool.want(REF, public_key(KEY, REF))
    spool.sound(REF).write_bytes(head(4) + b"word")
    stream = StreamWriter(tmp_path / REF, REF, public_key(KEY, REF))
    stream.end(b"word", is_cut=False)
    stream.close()
    Recorder(spool, tmp_path).round()
    assert sealed(tmp_path) == b"word"
    assert not spool.holds(REF)


def test_a_writer_that_was_killed_leaves_a_sound_that_is_marked(
    spool: SoundSpool, tmp_path: Path
) -> None:
    spool.want(REF, public_key(KEY, REF))
    spool.sound(REF).write_bytes(head(0) + b"as far as it wen")
    Recorder(spool, tmp_path).round()
    assert sealed(tmp_path) == b"as far as it wen"
    assert measure(tmp_path / REF).is_cut


def test_a_sound_that_nobody_wants_is_wiped_once_nobody_writes_it(
    spool: SoundSpool, tmp_path: Path
) -> None:
    with spool.sound(REF).open("wb") as asterisk:
        asterisk.write(head(0))
        Recorder(spool, tmp_path).round()
        assert not nobody_writes(spool.sound(REF))
        assert spool.holds(REF)
    Recorder(spool, tmp_path).round()
    assert not spool.holds(REF)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_nothing_is_lost(
    spool: SoundSpool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.want(REF, public_key(KEY, REF))
    spoken = secrets.token_bytes(40_000)
    spool.sound(REF).write_bytes(head(40_000) + spoken)
    recorder = Recorder(spool, tmp_path)

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    recorder.round()
    assert said_of(spool) == "disk_full"
    assert spool.holds(REF)
    monkeypatch.undo()
    recorder.round()
    assert said_of(spool) is None
    assert sealed(tmp_path) == spoken
    assert not spool.holds(REF)


def test_a_recorder_that_is_not_there_is_missed(spool: SoundSpool, tmp_path: Path) -> None:
    assert said_of(spool) == "recorder_away"
    Recorder(spool, tmp_path).round()
    assert said_of(spool) is None
    os.utime(spool.path / "alive", (0, 0))
    assert said_of(spool) == "recorder_away"
