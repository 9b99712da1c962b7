"""The record in segments of a day, each with a key of its own, so that it can forget.

A day is 24 hours of UTC: it needs no configuration to be known, and none is longer than another.
The body of a step is sealed under the key of its day before it is linked into the record's chain
and before it leaves memory: database, spool and backups hold ciphertext only, and the chain can be
checked without a key and after one is gone. Snapshots are sealed under the key of the day in which
they are taken.

What is made from the steps of a day, to be found fast, is sealed under a key of that day (the lists
of its calls): it is forgotten with it. Such a thing may be made anew, with other content; so its
nonce is not a number but 8 random bytes, which stand in front of the ciphertext.

A box is: 8 bytes that name the key (the first of its reference), ciphertext, 16 bytes of tag.
AES-256-GCM; the nonce is the number of the step, the tag covers its instant too. A nonce must
never be used twice under one key. So each process takes keys of its own: one that died had perhaps
encrypted a step that nobody kept, and whoever goes on, from the same disk or from a backup, numbers
another step so. Therefore a day has a segment more for each start.

Keys are made durable a day ahead. Should that fail (a full disk), the key of the day before goes on
being used, and what it seals is forgotten a day too early: better than a call that waits.
"""

import base64
import os
from collections.abc import Iterable
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openline.model import BugError, Duration, Instant, PeerError, SealedRef
from openline.sealing.kinds import DAY, TERMS, SealedKind
from openline.sealing.sealer import Sealer

MARK_BYTES = 8
_STEP, _SNAPSHOT = b"\0\0\0\0", b"\0\0\0\1"
_DERIVED = {"filters": b"\0\0\0\2", "details": b"\0\0\0\3"}
_RANDOM_BYTES = 8

Derived = Literal["filters", "details"]
"""What is made from the steps of a day: the two parts of the list of its calls."""


def mark_of(body: bytes) -> bytes:
    """Returns what names the key of a sealed step or snapshot."""
    return body[:MARK_BYTES]


class SegmentKeys:
    """Opens steps and snapshots of the segments whose keys are kept. Any thread may call."""

    def __init__(self, keys: Iterable[tuple[SealedRef, bytes]] = ()) -> None:
        self._boxes = {_mark(ref): AESGCM(key) for ref, key in keys}

    def open_step(self, step: int, at: Instant, body: bytes) -> bytes | None:
        """Returns what was sealed as a step, or None if the key is destroyed.

        Raises:
            PeerError: it was altered, or is another step's.
        """
        return self._open(_STEP, step, at, body)

    def open_snapshot(self, step: int, at: Instant, body: bytes) -> bytes | None:
        """Returns what was sealed as a snapshot; as `open_step`."""
        return self._open(_SNAPSHOT, step, at, body)

    def seal_derived(self, what: Derived, mark: bytes, day: Instant, body: bytes) -> bytes | None:
        """Returns what was made from a day's steps, sealed under the key of that name.

        None where the key is destroyed. Made twice, it is another box each time.
        """
        box = self._boxes.get(mark)
        if box is None:
            return None
        random = os.urandom(_RANDOM_BYTES)
        return mark + random + box.encrypt(_DERIVED[what] + random, body, _instant(day))

    def open_derived(self, what: Derived, day: Instant, sealed: bytes) -> bytes | None:
        """Returns what was made from a day's steps, or None if the key is destroyed.

        Raises:
            PeerError: it was altered, or is another day's.
        """
        box = self._boxes.get(sealed[:MARK_BYTES])
        if box is None:
            return None
        random, body = sealed[MARK_BYTES:][:_RANDOM_BYTES], sealed[MARK_BYTES + _RANDOM_BYTES :]
        try:
            return box.decrypt(_DERIVED[what] + random, body, _instant(day))
        except (InvalidTag, ValueError):
            raise PeerError("the list of a day's calls is not what was sealed") from None

    def knows(self, mark: bytes) -> bool:
        """Says whether the key of that name is kept."""
        return mark in self._boxes

    def _open(self, what: bytes, step: int, at: Instant, body: bytes) -> bytes | None:
        box = self._boxes.get(body[:MARK_BYTES])
        if box is None:
            return None
        try:
            return box.decrypt(_nonce(what, step), body[MARK_BYTES:], _instant(at))
        except InvalidTag:
            raise PeerError(f"step {step} of the record is not what was sealed") from None


class Segments(SegmentKeys):
    """Seals the record of a running centre, and destroys the keys of days whose term is over.

    Sealing belongs on the event loop and takes a microsecond; `prepare` and `forget` may wait for
    the disk and belong elsewhere.
    """

    def __init__(
        self, sealer: Sealer, now: Instant, *, term: Duration = TERMS[SealedKind.JOURNAL]
    ) -> None:
        """Reads the keys that are kept, and makes those of today and tomorrow durable.

        Raises:
            PeerError: the key store failed.
        """
        kept = sealer.keys_of(SealedKind.JOURNAL)
        super().__init__((ref, key) for ref, key, _ in kept)
        self._sealer = sealer
        self._term = term
        self._refs = {ref: destroy_at for ref, _, destroy_at in kept}
        self._ready: dict[int, SealedRef] = {}
        self._mark = b""
        self._box: AESGCM | None = None
        self._until = 0
        self.prepare(now)

    def seal_step(self, step: int, at: Instant, body: bytes) -> bytes:
        """Returns a step's body as it goes into the record; each step is sealed once."""
        return self._seal(_STEP, step, at, body)

    def seal_snapshot(self, step: int, at: Instant, body: bytes) -> bytes:
        """Returns a snapshot's body as the store keeps it; the key is the one now in use."""
        return self._seal(_SNAPSHOT, step, at, body)

    def turn(self, now: Instant) -> bytes:
        """Goes on to the key of the day, if there is one; returns the name of the key in use."""
        if now >= self._until:
            day = now // DAY
            # Days run forward; keys made ahead for days that nothing happened in are passed over.
            for each in sorted(self._ready):
                if each > day and self._box is not None:
                    break
                ref = self._ready.pop(each)
                self._mark = _mark(ref)
                self._box = self._boxes[self._mark]
                self._until = (each + 1) * DAY
        return self._mark

    def prepare(self, now: Instant) -> None:
        """Makes the keys of today and tomorrow durable, unless they are.

        Raises:
            PeerError: the disk failed. What there is goes on being used.
        """
        day = now // DAY
        for each in (day, day + 1):
            if each in self._ready or (each + 1) * DAY <= self._until:
                continue
            destroy_at = Instant((each + 1) * DAY + self._term)
            ref, key = self._sealer.take_key(SealedKind.JOURNAL, destroy_at)
            self._boxes[_mark(ref)] = AESGCM(key)
            self._refs[ref] = destroy_at
            self._ready[each] = ref

    def due(self, now: Instant) -> list[SealedRef]:
        """Returns the segments whose term is over, the oldest first; never the one in use."""
        return [
            ref
            for ref, destroy_at in self._refs.items()
            if destroy_at <= now and _mark(ref) != self._mark
        ]

    def next_due(self) -> Instant:
        """Returns when the next term is over."""
        return min(self._refs.values())

    def forget(self, refs: Iterable[SealedRef]) -> None:
        """Destroys the keys of segments; nobody can read them any more, here or in a backup.

        Raises:
            PeerError: as `Sealer.destroy`.
        """
        for ref in refs:
            self._sealer.destroy(ref)
            self._boxes.pop(_mark(ref), None)
            del self._refs[ref]

    def _seal(self, what: bytes, step: int, at: Instant, body: bytes) -> bytes:
        if at >= self._until:
            self.turn(at)
        if self._box is None:
            raise BugError("The record has no key to be sealed with.")
        sealed = self._box.encrypt(_nonce(what, step), body, _instant(at))
        return self._mark + sealed


def _nonce(what: bytes, step: int) -> bytes:
    return what + step.to_bytes(8, "big")


def _instant(at: Instant) -> bytes:
    return at.to_bytes(8, "big", signed=True)


def _mark(ref: SealedRef) -> bytes:
    return base64.urlsafe_b64decode(ref + "==")[:MARK_BYTES]
