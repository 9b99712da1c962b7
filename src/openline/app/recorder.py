"""The recorder: a process of its own that seals sound while Asterisk writes it.

It follows each file in the spool, seals it piece by piece into the folder of recordings, frees the
memory of what is durable there, and wipes the rest when nobody writes any more. It knows no call
and no caller, holds no secret and needs no order: whatever dies beside it, the centre, Asterisk or
the recorder itself, what was spoken is sealed and not in clear anywhere for long.

A file whose writer was killed has no length in its head: it is sealed as far as it goes, and marked
as cut off. One that nobody wants is wiped.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import signal
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import structlog

from openline.app.options import configuration_in
from openline.app.sound_spool import SoundSpool
from openline.configuration import load
from openline.model import RefusedError, SealedRef
from openline.sealing.streams import PIECE, StreamWriter
from openline.store import DataFolder

log = structlog.get_logger(__name__)

ROUND_S = 0.2
SYNC_S = 2.0
"""So often what was sealed is made durable, and its memory freed."""
HEAD = 44
"""Bytes of a WAV file before its sound."""
_PAGE = 4096
_KEEP_SIZE, _PUNCH_HOLE = 1, 2
_FULL = (errno.ENOSPC, errno.EDQUOT)


class Recorder:
    """Seals what is in a spool into a folder."""

    def __init__(self, spool: SoundSpool, folder: Path) -> None:
        self._spool = spool
        self._folder = folder
        self._open: dict[SealedRef, _Followed] = {}
        self._synced_at = 0.0

    def round(self) -> None:
        """Seals what has come, of every sound; what the disk refuses waits for the next round."""
        trouble = None
        is_sync_due = time.monotonic() - self._synced_at >= SYNC_S
        there = list(self._spool.sounds())
        for ref in [ref for ref in self._open if ref not in there]:
            self._let_go(ref)
        for ref in there:
            try:
                self._follow(ref, is_sync_due=is_sync_due)
            except OSError as error:
                trouble = "disk_full" if error.errno in _FULL else "disk_failed"
                log.error("sound_not_sealed", why=trouble)
        if is_sync_due:
            self._synced_at = time.monotonic()
        self._spool.say(trouble)

    def _let_go(self, ref: SealedRef) -> None:
        """Closes the file of a sound that nobody wants any more; its key is destroyed."""
        followed = self._open.pop(ref, None)
        if followed is not None:
            followed.stream.close()

    def close(self) -> None:
        """Lets go of all files; the next recorder goes on with them."""
        for followed in self._open.values():
            followed.stream.close()
        self._open.clear()

    def _follow(self, ref: SealedRef, *, is_sync_due: bool) -> None:
        sound = self._spool.sound(ref)
        # Asked before its size: what is written after the answer cannot be missed.
        is_over = nobody_writes(sound)
        recipient = self._spool.recipient(ref)
        if recipient is None:
            self._let_go(ref)
            if is_over:
                self._spool.wipe(ref)
            return
        followed = self._open.get(ref)
        if followed is None:
            stream = StreamWriter(self._folder / ref, ref, recipient)
            followed = self._open[ref] = _Followed(stream)
        if not followed.stream.has_ended:
            followed.seal(sound, is_over=is_over)
        if is_over:
            followed.stream.sync()
            followed.stream.close()
            del self._open[ref]
            self._spool.wipe(ref)
        elif is_sync_due:
            followed.stream.sync()
            followed.free(sound)


class _Followed:
    """Is one sound that is being sealed."""

    def __init__(self, stream: StreamWriter) -> None:
        self.stream = stream
        self._freed = _PAGE

    def seal(self, sound: Path, *, is_over: bool) -> None:
        """Seals what is there by now: whole pieces while it is being written, else all."""
        with sound.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(HEAD + self.stream.length)
            left = max(0, size - HEAD - self.stream.length)
            while left >= PIECE:
                self.stream.add(file.read(PIECE))
                left -= PIECE
            if is_over:
                rest = file.read(left)
                file.seek(0)
                is_cut = length_told(file.read(HEAD)) != size - HEAD
                # Two bytes make a sample; half of one is nobody's voice.
                self.stream.end(rest[: len(rest) // 2 * 2], is_cut=is_cut)

    def free(self, sound: Path) -> None:
        """Gives back the memory of what is durable; the head stays, its end is still to come."""
        until = (HEAD + self.stream.length) // _PAGE * _PAGE
        if until > self._freed:
            descriptor = os.open(sound, os.O_WRONLY)
            try:
                _punch_hole(descriptor, self._freed, until - self._freed)
            finally:
                os.close(descriptor)
            self._freed = until


def length_told(head: bytes) -> int | None:
    """Returns how many bytes of sound the head of a WAV file tells; None where it tells none."""
    if len(head) < HEAD or head[:4] != b"RIFF" or head[36:40] != b"data":
        return None
    return int(struct.unpack("<I", head[40:44])[0])


def nobody_writes(path: Path) -> bool:
    """Tells whether no process has the file open to write.

    The kernel grants a lease to read only then; so a writer that was killed is told from one that
    says nothing just now.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        if error.errno != errno.EAGAIN:
            raise
        return False
    finally:
        os.close(descriptor)
    return True


def _punch_hole(descriptor: int, begin: int, length: int) -> None:
    done = _libc().fallocate(
        descriptor,
        _PUNCH_HOLE | _KEEP_SIZE,
        ctypes.c_longlong(begin),
        ctypes.c_longlong(length),
    )
    if done != 0:
        raise OSError(ctypes.get_errno(), "the memory of a sound cannot be freed")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def run_recorder(config: Path, data: Path) -> int:
    """Runs the recorder of a centre until it is told to stop; returns the exit code.

    Raises `RefusedError` where the configuration cannot be read or has no telephones, and where
    spool or folder cannot be made.
    """
    asterisk = load(configuration_in(config)).asterisk
    if asterisk is None:
        raise RefusedError(
            f"{config} has no [telephony.asterisk]: there is nothing to record.",
            code="no_telephones",
        )
    return record(SoundSpool(asterisk.spool), DataFolder(data).recordings)


def record(spool: SoundSpool, folder: Path) -> int:
    """Follows a spool until it is told to stop; returns the exit code.

    Raises `RefusedError` where spool or folder cannot be made.
    """
    try:
        spool.make()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise RefusedError(
            f"{error.filename} cannot be made: {error.strerror}. The recorder needs it.",
            code="not_writable",
        ) from error
    with _alone(spool):
        recorder = Recorder(spool, folder)
        # A lease that is broken by its writer's return tells us by this signal; we hold none then.
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        stopping: list[int] = []
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, lambda number, _: stopping.append(number))
        while not stopping:
            recorder.round()
            time.sleep(ROUND_S)
        recorder.round()
        recorder.close()
    return 0


@contextlib.contextmanager
def _alone(spool: SoundSpool) -> Iterator[None]:
    """Waits until no other recorder follows the spool: one that was killed is gone at once."""
    descriptor = os.open(spool.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
