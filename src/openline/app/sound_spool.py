"""The folder in memory through which recorded sound passes, and which two processes share.

    recording/REF.wav   what Asterisk writes, as it was spoken; nothing of it ever reaches a disk
    wanted/REF          for whom it is to be sealed: a public key, written by the centre
    standing/CALL       what the caller of a talk, or its agent, wants of its recording: one word
    alive               touched by the recorder at each round
    trouble             one word, while the recorder cannot do its work

Names are references of the key store and say nothing. The folder lies in a file system that is
memory (tmpfs); in any other nothing is recorded.
"""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from openline.model import CallId, SealedRef

ALIVE_WITHIN_S = 5.0
"""A recorder that was not heard of for so long is away: nothing new is recorded then."""
LEAST_FREE = 64 * 1024 * 1024
"""Bytes of memory that are left to the rest of the machine."""
_SUFFIX = ".wav"
NO_SPOOL = Path("/nonexistent")
"""Stands for the folder of a centre without telephones: nothing is in it."""


class Wanted(msgspec.Struct, frozen=True):
    """Says for whom a sound is to be sealed."""

    recipient: bytes


class SoundSpool:
    """Is the folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._sound, self._wanted = path / "recording", path / "wanted"
        self._standing = path / "standing"
        self._alive, self._trouble = path / "alive", path / "trouble"

    def make(self) -> None:
        """Makes the folder if need be; raises `OSError`."""
        for each in (self.path, self._sound, self._wanted, self._standing):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def is_memory(self) -> bool:
        """Whether what is written there stays in memory."""
        return _file_system_of(self.path) in ("tmpfs", "ramfs")

    # --- the centre's side -----------------------------------------------------------------

    def want(self, ref: SealedRef, recipient: bytes) -> None:
        """Asks that the sound of this name be sealed; before it begins. Raises `OSError`."""
        _put(self._wanted / ref, msgspec.json.encode(Wanted(recipient)))

    @property
    def why_not(self) -> str | None:
        """Why nothing can be recorded now, in one word; None if it can."""
        try:
            if time.time() - self._alive.stat().st_mtime > ALIVE_WITHIN_S:
                return "recorder_away"
        except OSError:
            return "recorder_away"
        with contextlib.suppress(OSError):
            return self._trouble.read_text(encoding="ascii") or None
        room = os.statvfs(self.path)
        return "memory_full" if room.f_bavail * room.f_frsize < LEAST_FREE else None

    def holds(self, ref: SealedRef) -> bool:
        """Tells whether a sound is there that is not sealed to its end."""
        return self.sound(ref).exists()

    def stand(self, call: CallId, word: str | None) -> None:
        """Notes what is wanted of the recording of a talk; it outlives the centre.

        Raises `OSError`. It needs no disk, so it is as fast as the key that is pressed for it.
        """
        path = self._standing / str(call)
        if word is None:
            path.unlink(missing_ok=True)
        else:
            _put(path, word.encode("ascii"))

    def standing(self) -> dict[CallId, str]:
        """Returns what is noted, of all talks."""
        found: dict[CallId, str] = {}
        for path in self._standing.glob("[0-9]*"):
            with contextlib.suppress(OSError):
                found[CallId(int(path.name))] = path.read_text(encoding="ascii")
        return found

    # --- the recorder's side ---------------------------------------------------------------

    def sound(self, ref: SealedRef) -> Path:
        """Returns where Asterisk writes."""
        return self._sound / f"{ref}{_SUFFIX}"

    def sounds(self) -> Iterator[SealedRef]:
        """Yields what Asterisk writes or has written."""
        for file in sorted(self._sound.glob(f"*{_SUFFIX}")):
            yield SealedRef(file.stem)

    def recipient(self, ref: SealedRef) -> bytes | None:
        """Returns for whom a sound is to be sealed; None if nobody wants it."""
        try:
            return msgspec.json.decode((self._wanted / ref).read_bytes(), type=Wanted).recipient
        except (OSError, msgspec.DecodeError):
            return None

    def wipe(self, ref: SealedRef) -> None:
        """Leaves nothing of a sound in memory."""
        path = self.sound(ref)
        with contextlib.suppress(OSError):
            size = path.stat().st_size
            with path.open("r+b") as file:
                file.write(bytes(min(size, LEAST_FREE)))
            path.unlink()
        with contextlib.suppress(OSError):
            (self._wanted / ref).unlink()

    def say(self, trouble: str | None) -> None:
        """Says that the recorder lives, and what is in its way."""
        self._alive.touch(mode=0o600)
        if trouble is None:
            self._trouble.unlink(missing_ok=True)
        else:
            _put(self._trouble, trouble.encode("ascii"))


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{path.name}")
    beside.touch(mode=0o600)
    beside.write_bytes(content)
    beside.replace(path)


def _file_system_of(path: Path) -> str:
    """Returns the kind of file system that a folder is on, or will be."""
    while not path.exists() and path != path.parent:
        path = path.parent
    found, kind = "", ""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
            _, mount, each, *_ = line.split(" ")
            is_above = path.is_relative_to(mount)
            if is_above and len(mount) >= len(found):
                found, kind = mount, each
    return kind
