"""Notes that agents write: sealed at once, kept for their term, then destroyed by themselves."""

import structlog

from openline.centre import Centre
from openline.model import Instant, PeerError, SealedRef
from openline.sealing import SealedKind, Sealer
from openline.sealing.kinds import destroy_at
from openline.store import SealedRecord
from openline.telephony.port import Timer

log = structlog.get_logger(__name__)

RETRY_S = 60


class Notes:
    """Seals notes and lets their terms run out."""

    def __init__(self, centre: Centre, sealer: Sealer) -> None:
        self._centre = centre
        self._sealer = sealer
        self._timer: Timer | None = None
        self._timer_at: Instant | None = None

    async def seal(self, text: str) -> SealedRef:
        """Seals a note; its ciphertext and key are durable on return.

        Raises `PeerError` if they cannot be made so; the text is then kept nowhere.
        """
        now = self._centre.clock.now()
        until = destroy_at(SealedKind.NOTE, now)
        sealed = self._sealer.seal(SealedKind.NOTE, text, until)
        record = SealedRecord(
            ref=sealed.ref,
            kind=SealedKind.NOTE.value,
            created_at=now,
            destroy_at=until,
            ciphertext=sealed.ciphertext,
        )
        await self._centre.writer.run(lambda: self._centre.store.put_sealed(record))
        if self._timer_at is None or until < self._timer_at:
            self._set_timer(until)
        return sealed.ref

    async def watch(self) -> None:
        """Destroys what is due and sets the clock for the next term."""
        clock, store, sealer = self._centre.clock, self._centre.store, self._sealer

        def purge() -> Instant | None:
            now = clock.now()
            destroyed = sealer.destroy_due(now)
            store.remove_sealed([ref for ref, _ in destroyed])
            store.remove_sealed_due(now)
            return sealer.next_due()

        try:
            due = await self._centre.writer.run(purge)
        except PeerError as error:
            log.error("purge_failed", why=str(error))
            due = Instant(clock.now() + RETRY_S * 1_000_000)
        if due is not None:
            self._set_timer(due)

    def _set_timer(self, at: Instant) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = self._centre.clock.at(at, self._due)

    def _due(self) -> None:
        self._timer = self._timer_at = None
        self._centre.spawn(self.watch())

    def stop(self) -> None:
        """Drops the timer; the next start takes it up again."""
        if self._timer is not None:
            self._timer.cancel()
