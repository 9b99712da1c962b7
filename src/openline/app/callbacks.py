"""The numbers of promised callbacks: sealed at once, opened to dial, destroyed with the promise.

The engine and the record know a number by a random reference only. One number has one reference as
long as a callback to it is open: so the engine sees that a second promise would be for the same
person. Which number has which reference is known in memory alone, by a hash with a key that dies
with the process; a start opens the numbers of the open promises once and hashes them anew.
"""

import hashlib
import secrets
from collections.abc import Iterable

import structlog

from openline.centre import Centre
from openline.engine import AnyEvent, State
from openline.engine import events as e
from openline.model import Instant, OpenlineError, SealedRef
from openline.sealing import TERMS, SealedKind, Sealer, Terms
from openline.sealing.kinds import destroy_at
from openline.store import SealedRecord

log = structlog.get_logger(__name__)


class CallbackNumbers:
    """Seals the numbers of callbacks, for ports that dial, and destroys them in time."""

    def __init__(self, centre: Centre, sealer: Sealer, terms: Terms = TERMS) -> None:
        """`terms` say how long a number is kept whose promise is neither made nor ended."""
        self._centre = centre
        self._terms = terms
        self._sealer = sealer
        self._key = secrets.token_bytes(32)
        self._refs: dict[bytes, SealedRef] = {}
        self._digests: dict[SealedRef, bytes] = {}

    def take_up(self, state: State) -> None:
        """Learns again, after a start, which numbers have an open promise; destroys all others."""
        open_now = [promise.number for promise in state.callbacks.values()]
        left = [
            ref
            for ref, _, _ in self._sealer.keys_of(SealedKind.CALLBACK_NUMBER)
            if ref not in open_now
        ]
        for ref in left:
            self._sealer.destroy(ref)
        self._centre.store.remove_sealed(left)
        for promise in state.callbacks.values():
            try:
                self._note(promise.number, self.open(promise.number))
            except OpenlineError as error:
                # A simulated person's, or one whose term is over: it cannot be asked for again.
                log.info("number_not_opened", callback=promise.id, why=type(error).__name__)

    async def seal(self, number: str) -> SealedRef:
        """Returns the reference of a number, durable on return.

        Raises `PeerError` if it cannot be made so; then no callback can be promised.
        """
        known = self._refs.get(self._digest(number))
        if known is not None:
            return known
        now = self._centre.clock.now()
        until = destroy_at(SealedKind.CALLBACK_NUMBER, now, self._terms)
        sealed = self._sealer.seal(SealedKind.CALLBACK_NUMBER, number, until)
        record = SealedRecord(
            ref=sealed.ref,
            kind=SealedKind.CALLBACK_NUMBER.value,
            created_at=now,
            destroy_at=until,
            ciphertext=sealed.ciphertext,
        )
        self._note(sealed.ref, number)
        try:
            await self._centre.writer.run(lambda: self._centre.store.put_sealed(record))
        except BaseException:
            self._forget(sealed.ref)
            raise
        return sealed.ref

    def open(self, ref: SealedRef) -> str:
        """Returns the number, to be dialled and not to be kept.

        Raises `RefusedError` if it is destroyed or was never sealed here.
        """
        record = self._centre.store.sealed(ref)
        return self._sealer.open(ref, b"" if record is None else record.ciphertext)

    def noticed(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Destroys the numbers whose promises have ended with this durable step."""
        ended = [event.number for event in events if isinstance(event, e.CallbackEnded)]
        if ended:
            for ref in ended:
                self._forget(ref)
            self._centre.spawn(self._destroy(ended))

    async def _destroy(self, refs: list[SealedRef]) -> None:
        def destroy() -> None:
            for ref in refs:
                self._sealer.destroy(ref)
            self._centre.store.remove_sealed(refs)

        try:
            await self._centre.writer.run(destroy)
        except OpenlineError as error:
            # The end of its term destroys it, if nothing else does.
            log.error("number_not_destroyed", why=str(error))

    def _note(self, ref: SealedRef, number: str) -> None:
        digest = self._digest(number)
        self._refs[digest] = ref
        self._digests[ref] = digest

    def _forget(self, ref: SealedRef) -> None:
        digest = self._digests.pop(ref, None)
        if digest is not None:
            del self._refs[digest]

    def _digest(self, number: str) -> bytes:
        return hashlib.blake2b(number.encode(), key=self._key, digest_size=20).digest()
