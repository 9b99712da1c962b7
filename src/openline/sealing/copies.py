"""Copies of the keys: why they may exist at all, and why none may be older than 48 hours.

Without a copy, a lost disk takes every note and every number with it. But a copy still holds keys
that have been destroyed since, and whoever has it can open what was promised to be gone. So a copy
says when it was made, is refused when it is older than `COPY_KEPT`, and what is due by then is not
taken out of it.

A copy is one small file: a mark, 32 bytes of BLAKE2b over the rest, and the rest in MessagePack. It
opens everything; it is to be kept apart from the backup that it belongs to.
"""

import contextlib
import os
from hashlib import blake2b
from pathlib import Path

import msgspec

from openline.model import Duration, Instant, RefusedError, SealedRef
from openline.sealing.kinds import HOUR, SealedKind

COPY_KEPT = Duration(48 * HOUR)

_MARK = b"openline keys 1\n"
_HASH_BYTES = 32


class CopiedKey(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Is one key; without kind and term it was spare when the copy was made."""

    ref: SealedRef
    key: bytes
    kind: SealedKind | None
    destroy_at: Instant | None


class KeyCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Is the content of a key store at one moment."""

    keys: tuple[CopiedKey, ...]
    secrets: dict[str, bytes]


class KeyCopyFile(msgspec.Struct, frozen=True, kw_only=True):
    """Is a copy with what it says about itself."""

    made_at: Instant
    centre: str
    """The centre's id."""
    backup: str
    """The id of the backup that it was made with."""
    copy: KeyCopy

    def write(self, path: Path) -> None:
        """Writes the file, for its owner alone, durable on return; raises `OSError`."""
        payload = msgspec.msgpack.encode(self)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_MARK + _hash(payload) + payload)
            file.flush()
            os.fsync(file.fileno())


def read_copy(path: Path) -> KeyCopyFile:
    """Reads a copy, whatever its age.

    Raises:
        RefusedError: it is no copy of keys, or torn (`keys_not_usable`).
        OSError: the file cannot be read.
    """
    content = path.read_bytes()
    payload = content[len(_MARK) + _HASH_BYTES :]
    if content[: len(_MARK)] != _MARK:
        raise _not_usable(path, "is no copy of keys")
    if content[len(_MARK) :][:_HASH_BYTES] != _hash(payload):
        raise _not_usable(path, "is torn or was changed")
    try:
        return msgspec.msgpack.decode(payload, type=KeyCopyFile)
    except msgspec.DecodeError:
        raise _not_usable(path, "was made by another version of Openline") from None


def is_too_old(made_at: Instant, now: Instant) -> bool:
    """Says whether a copy may no longer be used; one from the future may not either."""
    return not made_at <= now <= made_at + COPY_KEPT


def destroy_old_copies(folder: Path, centre: str, now: Instant) -> list[Path]:
    """Overwrites and removes the copies of a centre's keys in a folder that are too old."""
    destroyed = []
    for path in sorted(folder.glob("keys-*")):
        try:
            found = read_copy(path)
        except (OSError, RefusedError):
            continue  # not ours to judge
        if found.centre == centre and is_too_old(found.made_at, now):
            destroy_file(path)
            destroyed.append(path)
    return destroyed


def destroy_file(path: Path) -> None:
    """Overwrites a file with zeros before it is removed; raises `OSError`.

    That is all that can be done from here: a disk may keep earlier blocks. Encrypt it.
    """
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _hash(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=_HASH_BYTES).digest()


def _not_usable(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"{path} {why}. Give the copy of the keys that was made with the backup.",
        code="keys_not_usable",
    )
