"""How sound becomes ciphertext while it is still being spoken: a stream of sealed pieces.

Whoever writes a stream can read nothing of it: he is given a public key, and the private one is
made from the stream's own key in the key store. So the process that follows the sound holds no
secret, and a stream is destroyed like every other text: with its key.

A file is one or more *sections*, each begun by a process that took it up:

    section   0x00, "OLR1", 32 bytes of its public key, 8 bytes: how much plaintext is before it
    piece     0x01, 3 bytes of length, ciphertext and tag of so many bytes of plaintext
    end       0x02 (whole) or 0x03 (cut off), 3 bytes of length, ciphertext and tag

Each section has a key of its own (X25519, HKDF over both public keys, reference and section), its
pieces are AES-256-GCM with their number as nonce and their four bytes of head covered. So a piece
that was moved, left out or taken from elsewhere does not open, and a file without an end shows it.
What a process was writing when it died is cut away by the next, which goes on from the last whole
piece. The lengths are in clear: how long a stream is can be told without its key.
"""

import os
import secrets
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openline.model import PeerError, SealedRef

PIECE = 16_000
"""Bytes of plaintext in a piece: a second of a telephone's sound, 16 bits 8,000 times."""

_SECTION, _PIECE, _WHOLE, _CUT = range(4)
_MAGIC = b"OLR1"
_TAG = 16
_HEAD = struct.Struct(">4s32sQ")
_LONGEST = (1 << 24) - 1


class Measured(msgspec.Struct, frozen=True):
    """Is what a file of a stream shows to somebody without its key."""

    length: int
    """Bytes of plaintext in whole pieces."""
    stored: int
    """Bytes of the file up to the end of the last whole piece."""
    has_ended: bool
    is_cut: bool
    """Whether it ended otherwise than whoever spoke ended it."""


def private_key(key: bytes, ref: SealedRef) -> X25519PrivateKey:
    """Returns what opens a stream, from its key in the key store."""
    return X25519PrivateKey.from_private_bytes(_derived(key, b"recipient\0" + ref.encode()))


def public_key(key: bytes, ref: SealedRef) -> bytes:
    """Returns the 32 bytes that are enough to write a stream."""
    return private_key(key, ref).public_key().public_bytes_raw()


def measure(path: Path) -> Measured:
    """Returns what a file shows; one that is not there is empty.

    Raises `OSError` if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return _measured(file, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        return Measured(0, 0, False, False)


def _measured(file: BinaryIO, size: int) -> Measured:
    length = stored = 0
    while stored < size:
        file.seek(stored)
        kind, stated = _piece_head(file.read(4))
        after = stored + (1 + _HEAD.size if kind == _SECTION else 4 + stated + _TAG)
        if kind is None or after > size:
            break  # whoever wrote it died over it
        stored = after
        length += 0 if kind == _SECTION else stated
        if kind in (_WHOLE, _CUT):
            return Measured(length, stored, True, kind == _CUT)
    return Measured(length, stored, False, False)


def _piece_head(head: bytes) -> tuple[int | None, int]:
    if len(head) < 4 or head[0] > _CUT:
        return None, 0
    return head[0], int.from_bytes(head[1:4], "big")


class StreamWriter:
    """Appends to the file of one stream, which may have been begun by a process that died."""

    def __init__(self, path: Path, ref: SealedRef, recipient: bytes) -> None:
        """Raises `OSError` if the disk does not let it."""
        before = measure(path)
        self.length = before.length
        """Bytes of plaintext that are in the file."""
        self.has_ended = before.has_ended
        self._ref = ref
        self._recipient = recipient
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        os.ftruncate(descriptor, before.stored)
        os.lseek(descriptor, 0, os.SEEK_END)
        self._descriptor = descriptor
        self._cipher: AESGCM | None = None
        self._pieces = 0

    def add(self, data: bytes) -> None:
        """Seals and writes a piece; raises `OSError`, and then nothing was added."""
        self._put(_PIECE, data)

    def end(self, data: bytes, *, is_cut: bool) -> None:
        """Seals and writes the last piece, which may be empty."""
        self._put(_CUT if is_cut else _WHOLE, data)
        self.has_ended = True

    def sync(self) -> None:
        """Makes durable what was written."""
        os.fsync(self._descriptor)

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._descriptor)

    def _put(self, kind: int, data: bytes) -> None:
        assert not self.has_ended, "a stream that has ended"
        assert len(data) <= _LONGEST
        at = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        begun = b""
        cipher, number = self._cipher, self._pieces
        if cipher is None:
            cipher, begun = self._begun()
            number = 0
        head = bytes([kind]) + len(data).to_bytes(3, "big")
        whole = begun + head + cipher.encrypt(_nonce(number), data, head)
        try:
            _write_all(self._descriptor, whole)
        except OSError:
            os.ftruncate(self._descriptor, at)
            os.lseek(self._descriptor, at, os.SEEK_SET)
            raise
        self._cipher, self._pieces = cipher, number + 1
        self.length += len(data)

    def _begun(self) -> tuple[AESGCM, bytes]:
        own = X25519PrivateKey.from_private_bytes(secrets.token_bytes(32))
        public = own.public_key().public_bytes_raw()
        head = _HEAD.pack(_MAGIC, public, self.length)
        shared = own.exchange(X25519PublicKey.from_public_bytes(self._recipient))
        key = _section_key(shared, self._recipient, self._ref, head)
        return AESGCM(key), bytes([_SECTION]) + head


def read(path: Path, ref: SealedRef, key: bytes, under: SealedRef | None = None) -> Iterator[bytes]:
    """Yields the plaintext piece by piece, up to the end or to where the file is torn.

    Several streams may share one key: `under` is the reference that it has in the key store.

    Raises:
        PeerError: a piece was altered, moved or left out, or the stream is another's.
    """
    own = private_key(key, ref if under is None else under)
    recipient = own.public_key().public_bytes_raw()
    stored = measure(path).stored
    length = number = 0
    cipher: AESGCM | None = None
    try:
        with path.open("rb") as file:
            while file.tell() < stored:
                kind = file.read(1)[0]
                if kind == _SECTION:
                    head = file.read(_HEAD.size)
                    magic, public, before = _HEAD.unpack(head)
                    if magic != _MAGIC or before != length:
                        raise _not_sealed_here(ref)
                    shared = own.exchange(X25519PublicKey.from_public_bytes(public))
                    cipher, number = AESGCM(_section_key(shared, recipient, ref, head)), 0
                    continue
                if cipher is None:
                    raise _not_sealed_here(ref)
                size = file.read(3)
                sealed = file.read(int.from_bytes(size, "big") + _TAG)
                piece = cipher.decrypt(_nonce(number), sealed, bytes([kind]) + size)
                number += 1
                length += len(piece)
                yield piece
    except (InvalidTag, ValueError) as error:
        raise _not_sealed_here(ref) from error


def _not_sealed_here(ref: SealedRef) -> PeerError:
    return PeerError(f"The sealed sound {ref} is not what was sealed.")


def _section_key(shared: bytes, recipient: bytes, ref: SealedRef, head: bytes) -> bytes:
    return _derived(shared, b"section\0" + recipient + head + ref.encode())


def _derived(secret: bytes, about: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"openline stream\0" + about).derive(secret)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
