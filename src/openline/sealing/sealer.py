"""How the centre seals a text without waiting, opens one, and lets terms run out.

A key must be durable before the event that refers to it, and a call must not wait for a disk. So
spare keys are made durable in advance, a pool of them, by a thread that fills it up again. Sealing
takes one, encrypts in memory and notes the claim; the thread writes claims down soon after.

If the process dies in between, the file holds keys of which it is not known whether they were
used. They are not used again. At the next start `settle` asks the store: a key whose ciphertext is
there is claimed after all, any other is destroyed.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from openline.model import Instant, OpenlineError, RefusedError, SealedRef
from openline.sealing.box import KEY_BYTES, decrypt, encrypt
from openline.sealing.copies import KeyCopy
from openline.sealing.keys import Claim, KeyStore
from openline.sealing.kinds import SealedKind
from openline.sealing.streams import public_key, read

POOL_SIZE = 64
_REF_BYTES = 16


class Sealed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a text that needs its key to be read again."""

    ref: SealedRef
    ciphertext: bytes


class Sealer:
    """Seals and opens the centre's texts. Any thread may call; `seal` belongs on the event loop.

    All but `seal` may wait for a disk write (some milliseconds).
    """

    def __init__(self, keys: KeyStore, *, pool_size: int = POOL_SIZE) -> None:
        self._keys = keys
        self._pool_size = pool_size
        self._pool: deque[tuple[SealedRef, bytes]] = deque()
        self._claims: list[Claim] = []
        self._seals = 0
        self._unsettled = keys.spare()
        self._changed = threading.Condition()
        self._writing_claims = threading.Lock()
        self._is_open = True
        self._fill()
        self._thread = threading.Thread(target=self._work, name="keys", daemon=True)
        self._thread.start()

    @property
    def spare_keys(self) -> int:
        """How many texts could be sealed without the disk."""
        return len(self._pool)

    def seal(self, kind: SealedKind, text: str, destroy_at: Instant) -> Sealed:
        """Seals a text until an instant; takes microseconds, and a disk write if the pool is empty.

        Raises:
            PeerError: the pool is empty and no key can be made durable. Go on without the text.
        """
        ref, key = self._take_key()
        sealed = Sealed(ref=ref, ciphertext=encrypt(key, ref, kind, text))
        with self._changed:
            self._claims.append((ref, kind, destroy_at))
            self._seals += 1
            self._changed.notify()
        return sealed

    def open(self, ref: SealedRef, ciphertext: bytes) -> str:
        """Returns a sealed text.

        Raises:
            RefusedError: (code `destroyed`) the key is gone, so nobody can open it any more.
            PeerError: the ciphertext was altered or belongs to another reference.
        """
        key, kind = self._found(ref)
        return decrypt(key, ref, kind, ciphertext)

    def recipient(self, ref: SealedRef) -> bytes:
        """Returns the public key for which a stream is sealed that bears this reference.

        Raises as `open`.
        """
        return public_key(self._key(ref), ref)

    def read_stream(
        self, ref: SealedRef, path: Path, under: SealedRef | None = None
    ) -> Iterator[bytes]:
        """Yields what is in a sealed stream; raises as `open`.

        `under` is the reference whose key it was sealed with, where that is not its own.
        """
        under = ref if under is None else under
        return read(path, ref, self._key(under), under)

    def destroy(self, ref: SealedRef) -> None:
        """Makes a text unreadable for ever, now; does nothing if it is so already.

        Raises:
            PeerError: as `destroy_due`.
        """
        self._write_claims()
        self._keys.destroy([ref])

    def destroy_due(self, now: Instant, *, limit: int = -1) -> list[tuple[SealedRef, SealedKind]]:
        """Makes texts unreadable whose term is over, the oldest first; returns them.

        On return no file holds a byte of their keys. The ciphertext is the caller's to drop. Days
        of the record stay: `Segments.forget` destroys those.

        Raises:
            PeerError: the disk failed; call again. What was destroyed before it failed is not
                returned again, so drop ciphertext by its own term.
        """
        self._write_claims()
        due = self._keys.due(now, limit=limit)
        self._keys.destroy([ref for ref, _ in due])
        return due

    def next_due(self) -> Instant | None:
        """Returns when the next term is over, or None."""
        self._write_claims()
        return self._keys.next_due()

    def take_key(self, kind: SealedKind, destroy_at: Instant) -> tuple[SealedRef, bytes]:
        """Takes a key for a use of the centre's own; durable on return, and noted as in use.

        Raises:
            PeerError: it cannot be made so.
        """
        ref, key = self._take_key()
        self._keys.claim([(ref, kind, destroy_at)])
        return ref, key

    def keys_of(self, kind: SealedKind) -> list[tuple[SealedRef, bytes, Instant]]:
        """Returns reference, key and end of term of all keys of a kind, the oldest term first."""
        return self._keys.of_kind(kind)

    def settle(self, find: Callable[[SealedRef], tuple[SealedKind, Instant] | None]) -> int:
        """Decides on keys whose use a crash left open; returns how many were in use.

        `find` returns kind and end of term of a text that the store holds, or None. To be called
        once after opening, before any text is opened.
        """
        claims: list[Claim] = []
        unused: list[SealedRef] = []
        for ref in self._unsettled:
            found = find(ref)
            if found is None:
                unused.append(ref)
            else:
                claims.append((ref, *found))
        self._keys.claim(claims)
        if unused:
            self._keys.destroy(unused)
        self._unsettled = []
        return len(claims)

    def secret(self, name: str) -> bytes:
        """Returns the centre's own secret of that name: 32 random bytes, made at first asking."""
        return self._keys.secret(name)

    def copy(self) -> KeyCopy:
        """Returns all keys and secrets, for a backup; not for the event loop."""
        self._write_claims()
        return self._keys.copy()

    def copy_of_days(self) -> KeyCopy:
        """Returns the keys of the record's days, for who reads it; not for the event loop."""
        return self._keys.copy_of_days()

    def close(self) -> None:
        """Writes the last claims, destroys the spare keys and lets go of the file."""
        with self._changed:
            if not self._is_open:
                return
            self._is_open = False
            self._changed.notify()
        self._thread.join()
        try:
            self._write_claims()
            self._keys.destroy([ref for ref, _ in self._pool])
        finally:
            self._pool.clear()
            self._keys.close()

    def _key(self, ref: SealedRef) -> bytes:
        return self._found(ref)[0]

    def _found(self, ref: SealedRef) -> tuple[bytes, SealedKind]:
        self._write_claims()
        found = self._keys.find(ref)
        if found is None:
            raise RefusedError(
                "This was destroyed when its term was over. It cannot be opened any more.",
                code="destroyed",
            )
        return found

    def _take_key(self) -> tuple[SealedRef, bytes]:
        try:
            return self._pool.popleft()
        except IndexError:
            spare = _new_key()
            self._keys.add([spare])
            return spare

    def _fill(self) -> None:
        missing = [_new_key() for _ in range(self._pool_size - len(self._pool))]
        self._keys.add(missing)
        self._pool.extend(missing)

    def _write_claims(self) -> None:
        # One at a time, so that on return no claim is still on its way by another thread.
        with self._writing_claims:
            with self._changed:
                claims = list(self._claims)
            if claims:
                self._keys.claim(claims)
                with self._changed:
                    del self._claims[: len(claims)]

    def _work(self) -> None:
        seen = 0
        while self._wait_for_seals(seen):
            seen = self._seals
            try:
                self._write_claims()
                if len(self._pool) <= self._pool_size // 2:
                    self._fill()
            except OpenlineError:
                # The disk failed. Claims and pool wait as they are until the next text is sealed;
                # whoever finds the pool empty is told.
                continue

    def _wait_for_seals(self, seen: int) -> bool:
        """Waits until more than these were sealed; False if the sealer was closed instead."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_open or self._seals != seen)
            return self._is_open


def _new_key() -> tuple[SealedRef, bytes]:
    return SealedRef(secrets.token_urlsafe(_REF_BYTES)), secrets.token_bytes(KEY_BYTES)
