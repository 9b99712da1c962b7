"""Is there room for one more who calls just now?

Nobody hears anything before his call is on record. Where more come than can be written, all would
ring and hang up and call again, which makes it worse. So of those who came and were not yet given a
first word only so many are kept; who comes beyond that is told at once, by a recording of the
dialplan or by a refusal (SIP 503) after which his telephone company may try elsewhere. He is on no
record, for that is what there is no room in; he is counted, and the centre says so.
"""

import structlog

from openline.model import SECOND, Duration, Instant

log = structlog.get_logger(__name__)

TOLD_FOR = Duration(60 * SECOND)
"""So long it counts as trouble that somebody was turned away."""
_LOGGED_EVERY = 100


class Admission:
    """Counts who came and has heard nothing of us yet."""

    def __init__(self, limit: int) -> None:
        """Has seen nobody; `limit` is how many may be kept."""
        self._limit = limit
        self._unheard: set[str] = set()
        self._last: Instant | None = None
        self.turned_away = 0
        """How many there was no room for."""

    def admits(self, channel: str, now: Instant) -> bool:
        """Keeps somebody who came; returns false where he is to be turned away."""
        if len(self._unheard) < self._limit:
            self._unheard.add(channel)
            return True
        if self.turned_away % _LOGGED_EVERY == 0:
            log.error("calls_turned_away", before=self.turned_away)
        self.turned_away += 1
        self._last = now
        return False

    def heard(self, channel: str) -> None:
        """Lets go of somebody who was given his first word, or has left."""
        self._unheard.discard(channel)

    @property
    def arriving(self) -> int:
        """How many came and have heard nothing of us yet."""
        return len(self._unheard)

    def clear(self) -> None:
        """Forgets all: what is there was found anew."""
        self._unheard.clear()

    def is_full(self, now: Instant) -> bool:
        """Tells whether somebody was turned away of late."""
        return self._last is not None and now - self._last < TOLD_FOR
