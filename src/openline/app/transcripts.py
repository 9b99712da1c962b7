"""How the lines of typed calls come to the disk, sealed, and back to a centre that starts again."""

from openline.centre import Centre
from openline.model import LegId, PeerError
from openline.sealing import ConversationKeys
from openline.store import WrittenRecord


class Transcripts:
    """Keeps lines under the keys of their days."""

    def __init__(self, centre: Centre, keys: ConversationKeys) -> None:
        self._centre = centre
        self._keys = keys

    async def keep(self, leg: LegId, place: int, text: str) -> None:
        """Seals a line; it is durable on return. Raises `PeerError` if it cannot be made so."""
        now = self._centre.clock.now()

        def put() -> None:
            ref, until, box = self._keys.seal(leg, place, text, now)
            record = WrittenRecord(leg=leg, place=place, ref=ref, destroy_at=until, ciphertext=box)
            self._centre.store.put_written(record)

        await self._centre.writer.run(put)

    def kept(self, leg: LegId) -> list[tuple[int, str]]:
        """Returns the lines of a call that can still be opened; one that was altered is left out.

        Waits for the disk: only for a start.
        """
        found = []
        for record in self._centre.store.written(leg):
            try:
                text = self._keys.open(record.ref, leg, record.place, record.ciphertext)
            except PeerError:
                continue
            if text is not None:
                found.append((record.place, text))
        return found
