"""Where a centre's files lie, and that only one process at a time works on them.

Two routers on one folder would both answer calls and write over each other, so the folder is held
by a lock of the kernel. It goes with the process that took it: after a crash or `kill -9` the
folder is free at once and nobody has to delete anything. A forked child would inherit the lock;
worker processes are therefore spawned, never forked.
"""

import errno
import fcntl
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from openline.model import SECOND, Instant, PeerError, RefusedError


class _Holder(msgspec.Struct):
    """Says who holds the folder; written into the lock file for people to read."""

    pid: int
    host: str
    since: str
    address: str | None = None
    """Where its pages are, once it listens: http://127.0.0.1:8800."""


_SAFETY = "before-migration"
_STAMP = "%Y%m%dT%H%M%SZ"


def safety_copy_of(database: Path, version: str, now: Instant) -> Path:
    """Returns where a database is copied to before a migration: beside it."""
    stamp = datetime.fromtimestamp(now / SECOND, UTC).strftime(_STAMP)
    return database.with_name(f"{_SAFETY}-{version}-{stamp}.sqlite")


class DataFolder:
    """Names the files of one centre, and holds them after `hold`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.database = self.path / "openline.sqlite"
        self.keys = self.path / "keys.sqlite"
        self.lock = self.path / "lock"
        self.elsewhere = self.path / "record-is-in-postgresql"
        self.spool = self.path / "spool"
        self.recordings = self.path / "recordings"
        self.key_socket = self.path / "keys.sock"
        self.people_socket = self.path / "accounts.sock"
        self._descriptor: int | None = None
        self._holder: _Holder | None = None

    def safety_copies(self) -> list[tuple[Path, Instant]]:
        """Returns the copies that were made before migrations, and when."""
        found = []
        for path in sorted(self.path.glob(f"{_SAFETY}-*.sqlite")):
            try:
                made = datetime.strptime(path.stem.split("-")[-1], _STAMP).replace(tzinfo=UTC)
            except ValueError:
                continue  # not ours
            found.append((path, Instant(int(made.timestamp()) * SECOND)))
        return found

    def hold(self, now: Instant) -> Self:
        """Makes the folder if need be and locks it for this process.

        Raises:
            RefusedError: it cannot be made or written to (`data_folder_not_writable`), is no
                folder (`data_folder_not_a_folder`), or another process has it
                (`data_folder_in_use`).
            PeerError: the disk is full or failed.
        """
        if self._descriptor is not None:
            return self
        try:
            # Parents get the usual rights; only the innermost folder is ours alone.
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise file_error_in_words(error, self.path) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise self._in_use() from None
        except OSError as error:
            os.close(descriptor)
            raise file_error_in_words(error, self.path) from error
        self._holder = _Holder(pid=os.getpid(), host=socket.gethostname(), since=_written(now))
        try:
            _sign(descriptor, self._holder)
        except OSError as error:
            os.close(descriptor)
            raise file_error_in_words(error, self.path) from error
        self._descriptor = descriptor
        return self

    def note_address(self, address: str) -> None:
        """Notes where the centre listens that holds the folder, for whoever asks `address`.

        Raises `PeerError` if the disk is full or failed.
        """
        if self._descriptor is None or self._holder is None:
            return
        try:
            _sign(self._descriptor, msgspec.structs.replace(self._holder, address=address))
        except OSError as error:
            raise file_error_in_words(error, self.path) from error

    def address(self) -> str | None:
        """Returns where the centre that holds the folder listens, or None where it does not say.

        What stands there is old if nobody holds the folder.
        """
        try:
            return msgspec.json.decode(self.lock.read_bytes(), type=_Holder).address
        except (OSError, msgspec.DecodeError):
            return None

    def note_elsewhere(self) -> None:
        """Notes, for whoever opens the folder later, that its record is in a database.

        Raises `PeerError` if the disk is full or failed.
        """
        try:
            self.elsewhere.touch(mode=0o600)
        except OSError as error:
            raise file_error_in_words(error, self.path) from error

    def release(self) -> None:
        """Lets another process have the folder; the lock file stays, empty of meaning."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _in_use(self) -> RefusedError:
        try:
            holder = msgspec.json.decode(self.lock.read_bytes(), type=_Holder)
        except (OSError, msgspec.DecodeError):
            who = "another process"  # it has only just started and not yet written its name
        else:
            who = f"process {holder.pid} on {holder.host}, since {holder.since}"
            if holder.address is not None:
                who += f", at {holder.address}"
        return RefusedError(
            f"Another Openline works on the data folder {self.path}: {who}. Stop that one first, "
            f"or choose another folder.",
            code="data_folder_in_use",
        )


def _sign(descriptor: int, holder: _Holder) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, msgspec.json.encode(holder) + b"\n", 0)


def file_error_in_words(error: OSError, folder: Path) -> RefusedError | PeerError:
    """Puts what the file system said about a data folder into words, with a way out."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return RefusedError(
            f"Openline may not write to its data folder {folder}. Give the folder to the "
            f"user who runs Openline, or choose another folder.",
            code="data_folder_not_writable",
        )
    if error.errno == errno.EROFS:
        return RefusedError(
            f"The data folder {folder} lies on a file system that can only be read. Make "
            f"it writable, or choose another folder.",
            code="data_folder_not_writable",
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return RefusedError(
            f"The data folder {folder} cannot be made: there is a file of that name, or "
            f"on the way to it. Choose another folder.",
            code="data_folder_not_a_folder",
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return PeerError(f"The disk of the data folder {folder} is full. Make room on it.")
    return PeerError(f"The data folder {folder} cannot be used: {error.strerror}.")


def _written(instant: Instant) -> str:
    return datetime.fromtimestamp(instant / SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
