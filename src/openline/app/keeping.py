"""What a running centre still knows, for its page: the statement with what is there just now."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from openline.app.privacy import SEALED, statement
from openline.centre import Centre
from openline.configuration import Published
from openline.sealing import SealedKind, Sealer
from openline.web import Catalogue
from openline.web.care import KeptNow


class Keeping:
    """Says what is kept."""

    def __init__(
        self,
        centre: Centre,
        sealer: Sealer,
        published: Callable[[], Published],
        catalogues: Mapping[str, Catalogue],
    ) -> None:
        self._centre = centre
        self._sealer = sealer
        self._published = published
        self._catalogues = catalogues

    async def things(self, language: str) -> Sequence[KeptNow]:
        """Returns each kind of thing that is kept, in the order of the statement."""
        said = statement(self._published(), self._catalogues[language])
        return await asyncio.to_thread(
            lambda: [
                KeptNow(
                    what=entry.what,
                    how_long=entry.how_long,
                    why=entry.why,
                    where=entry.where,
                    end=entry.end,
                    ends_at=tuple(self._ends(entry.key)),
                )
                for entry in said.kept
            ]
        )

    def never(self, language: str) -> Sequence[str]:
        """Returns what is never kept."""
        return statement(self._published(), self._catalogues[language]).never

    def _ends(self, key: str) -> Sequence[int]:
        """Returns when each key of this kind that is still there is destroyed, the next first."""
        kinds = [kind for kind, entry in SEALED.items() if entry == key]
        return sorted(
            destroy_at
            for kind in kinds
            for _, _, destroy_at in self._sealer.keys_of(SealedKind(kind))
        )
