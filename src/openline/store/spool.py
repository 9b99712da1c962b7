"""Where steps go durably while the store refuses them: a file that has its room already.

A disk fills up, a database is stopped: the store takes nothing more, but calls go on. The spool is
64 MiB of the data folder, allocated when the centre starts, so that writing to it needs no room on
the disk. Steps lie in it one behind the other, each with its length and a hash; it ends at the
first that is not whole. When the store takes steps again they are given to it in order, and the
spool is overwritten with zeros: it keeps nothing that has another place.

At its beginning is a block for one note: from which step on there was no room even here. Whoever
finds that note after a crash knows that the record has a gap, and where.

Held by one process, used by one thread at a time (see `writer`).
"""

import errno
import os
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from openline.model import Instant, PeerError
from openline.store.port import Store
from openline.store.records import JournalRecord

SPOOL_BYTES = 64 * 1024 * 1024

_BLOCK = 4_096
"""The note has a block of the disk for itself: writing it cannot tear a step."""
_MARK = b"openline spool 1"
_LENGTH_BYTES = 4
_HASH_BYTES = 16

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(JournalRecord)


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Says that steps were lost: they were in memory alone when the process died."""

    after_step: int
    """The last step that is kept."""
    since: Instant


class Spool:
    """Is the spool file of one centre.

    `waiting` holds what was in it when it was opened, `gap` the note of a loss. Opening gives back
    the room behind the steps, since the store may need it to start at all; `allocate` takes it.

    Raises:
        PeerError: from every call, the disk is full or failed; or, on opening, the file is not a
            spool.
    """

    def __init__(self, path: Path, *, size: int = SPOOL_BYTES) -> None:
        self.path = path
        self._size = size
        self._descriptor = -1
        self._end = self._size
        self.gap: Gap | None = None
        self.waiting: tuple[JournalRecord, ...] = ()
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.gap, self.waiting, self._end = self._read()
            os.ftruncate(self._descriptor, self._end)
        except OSError as error:
            self.close()
            raise self._words(error) from error

    @property
    def used(self) -> int:
        """How many bytes of steps are in it."""
        return self._end - _BLOCK

    def allocate(self) -> None:
        """Takes the room on the disk; from then on writing needs no more of it."""
        try:
            os.posix_fallocate(self._descriptor, 0, self._size)
            os.fsync(self._descriptor)
        except OSError as error:
            raise self._words(error) from error

    def write(self, records: Sequence[JournalRecord]) -> None:
        """Adds steps, all durable on return; if it fails, the spool is as it was."""
        content = b"".join(_framed(record) for record in records)
        if self._end + len(content) > self._size:
            raise PeerError(f"The spool {self.path} is full.")
        try:
            self._put(content, self._end)
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise self._words(error) from error
        self._end += len(content)

    def note_gap(self, after_step: int, since: Instant) -> None:
        """Notes durably that steps after this one are in memory alone; `clear` takes it back."""
        gap = _encoder.encode(Gap(after_step=after_step, since=since))
        try:
            # Shorter than a sector, so a power cut cannot leave half of it.
            self._put(_MARK + _framed_bytes(gap), 0)
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise self._words(error) from error
        self.gap = Gap(after_step=after_step, since=since)

    def clear(self) -> None:
        """Empties it, zeros over all that was there; the store has it now."""
        if not self.used and self.gap is None:
            return
        try:
            # The first step first: were this cut short, the rest would not be read any more.
            self._put(bytes(min(_BLOCK, self._end - _BLOCK)), _BLOCK)
            os.fdatasync(self._descriptor)
            for at in range(_BLOCK, self._end, 1 << 20):
                self._put(bytes(min(1 << 20, self._end - at)), at)
            self._put(_MARK.ljust(_BLOCK, b"\0"), 0)
            os.fdatasync(self._descriptor)
        except OSError as error:
            raise self._words(error) from error
        self._end = _BLOCK
        self.waiting = ()
        self.gap = None

    def close(self) -> None:
        """Lets go of the file, and removes it if it is empty; closing twice changes nothing."""
        if self._descriptor >= 0:
            if self.used == 0 and self.gap is None:
                self.path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1

    def _read(self) -> tuple[Gap | None, tuple[JournalRecord, ...], int]:
        content = _read_all(self._descriptor)
        if not content.strip(b"\0"):
            self._put(_MARK.ljust(_BLOCK, b"\0"), 0)
            os.fdatasync(self._descriptor)
            return None, (), _BLOCK
        if content[: len(_MARK)] != _MARK:
            raise PeerError(f"{self.path} is not a spool of Openline. Move it away.")
        note, _ = _frame(content, len(_MARK))
        records = []
        at = _BLOCK
        while True:
            body, after = _frame(content, at)
            if body is None:
                break
            records.append(_decoder.decode(body))
            at = after
        gap = None if note is None else msgspec.msgpack.decode(note, type=Gap)
        return gap, tuple(records), at

    def _put(self, content: bytes, at: int) -> None:
        while content:
            written = os.pwrite(self._descriptor, content, at)
            content, at = content[written:], at + written

    def _words(self, error: OSError) -> PeerError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return PeerError(
                f"There is no room for the spool {self.path}. Make room on the disk; until then a "
                f"database that takes nothing more means that calls wait."
            )
        return PeerError(f"The spool {self.path} failed: {error.strerror}.")


def give_back(spool: Spool, store: Store, found_at: Instant) -> int:
    """Gives the store what a process before left in the spool; returns how many steps.

    To be called once when both are open, before the record is read. A step that the store has
    already is passed over, and a gap is noted in the store.

    Raises:
        PeerError: the store still refuses them, or the spool belongs to another record.
    """
    step, hash_ = store.head()
    waiting = spool.waiting
    for record in waiting:
        if record.step == step and record.hash != hash_:
            raise _another_record(spool, record.step)
    new = [record for record in waiting if record.step > step]
    if new and new[0].step != step + 1:
        raise _another_record(spool, new[0].step)
    store.append(new)
    if spool.gap is not None:
        store.note_gap(spool.gap.after_step, spool.gap.since, found_at)
    spool.clear()
    return len(new)


def _another_record(spool: Spool, step: int) -> PeerError:
    return PeerError(
        f"The spool {spool.path} does not go on where the record ends (step {step}): the database "
        f"was replaced by another one. Move the spool away if its steps may be lost."
    )


def _framed(record: JournalRecord) -> bytes:
    return _framed_bytes(_encoder.encode(record))


def _framed_bytes(body: bytes) -> bytes:
    return len(body).to_bytes(_LENGTH_BYTES, "big") + _hash(body) + body


def _frame(content: bytes, at: int) -> tuple[bytes | None, int]:
    """Returns the bytes framed at a place and where they end; None if there is nothing whole."""
    begin = at + _LENGTH_BYTES + _HASH_BYTES
    length = int.from_bytes(content[at : at + _LENGTH_BYTES], "big")
    body = content[begin : begin + length]
    if length == 0 or len(body) != length or content[begin - _HASH_BYTES : begin] != _hash(body):
        return None, at
    return body, begin + length


def _hash(body: bytes) -> bytes:
    return blake2b(body, digest_size=_HASH_BYTES).digest()


def _read_all(descriptor: int) -> bytes:
    size = os.fstat(descriptor).st_size
    parts = []
    at = 0
    while at < size:
        part = os.pread(descriptor, 1 << 24, at)
        parts.append(part)
        at += len(part)
    return b"".join(parts)
