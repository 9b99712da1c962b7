"""Who opened which story of a call: kept in the store, off the event loop."""

import asyncio
from collections.abc import Sequence

from openline.centre import Centre
from openline.store import Opening


class KeptOpenings:
    """Keeps and gives back openings of one centre."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre

    async def note(self, opening: Opening) -> None:
        """Makes it durable; raises `PeerError` if the store refuses it."""
        store = self._centre.store
        await self._centre.writer.run(lambda: store.add_opening(opening))

    async def newest(self, limit: int) -> Sequence[Opening]:
        """Returns the last ones, the newest first."""
        return await asyncio.to_thread(self._centre.store.openings, limit)
