"""Who soon after a drop gets his old place back, and how that is forgotten again (P2).

The centre never learns whether two calls came from one person: the engine is told an instant, the
one from which the place counts, and nothing else. What decides stands here, in memory alone:

1. A port that knows its callers (by number, or by the ticket of a page) says what tells them apart,
   their *mark*. Partners, relays, hidden and shared numbers have none and take no part.
2. Of a mark only a keyed hash is kept. A new key begins every `TURNS_EVERY`; an older one is
   destroyed as soon as no call that came under it is live or was lost within `WINDOW`.
3. A place is given once, for the line on which it was lost, and only within `WINDOW`.
4. Nothing is written down, so a restart forgets it all, and everybody begins at the end again.

Nothing in the answer, and no time that it takes, tells the person that it called before.
"""

import hashlib
import secrets
from collections.abc import Iterable

import msgspec

from openline.engine import AnyEvent, CallOutcome
from openline.engine import events as e
from openline.model import MINUTE, CallId, Duration, Instant, LegId, LineKey, Origin, Reason
from openline.telephony.port import Clock, Timer

TURNS_EVERY = Duration(15 * MINUTE)
WINDOW = Duration(15 * MINUTE)
"""How long after a drop the old place is kept."""
_CUT_OFF = (Reason.CALLER_LOST, Reason.TELEPHONY_LOST)


class _Lost(msgspec.Struct, frozen=True):
    line: LineKey
    origin: Origin
    waiting_since: Instant
    lost_at: Instant


class _Key(msgspec.Struct):
    since: Instant
    secret: bytes
    live: int = 0
    """Calls that came under it and have not ended."""
    lost: dict[bytes, _Lost] = msgspec.field(default_factory=dict)


class _Watched(msgspec.Struct):
    since: Instant
    key: _Key
    digest: bytes
    waiting_since: Instant | None = None


class Redials:
    """Remembers for a short while who lost his place."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._keys: list[_Key] = []
        self._coming: dict[LegId, _Watched] = {}
        self._calls: dict[CallId, _Watched] = {}
        self._timer: Timer | None = None

    def arrives(
        self, leg: LegId, line: LineKey, origin: Origin, mark: str | None, held: str | None = None
    ) -> Instant | None:
        """Returns the instant from which the place of a call counts that is about to arrive.

        `mark` tells its caller apart from now on. `held` is the mark under which he may have lost
        a place: his page's last ticket; left out, it is the same (his number). Costs O(1).
        """
        now = self._clock.now()
        self._turn(now)
        asked = mark if held is None else held
        found = None if asked is None else self._take(line, origin, asked, now)
        if mark is not None:
            key = self._present(now)
            self._coming[leg] = _Watched(now, key, _digest(key.secret, mark))
        self._arm()
        return found

    def noticed(self, now: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one durable step into account."""
        if not self._coming and not self._calls:
            return
        for event in events:
            match event:
                case e.CallArrived():
                    watched = self._coming.pop(event.leg, None)
                    if watched is not None:
                        watched.key.live += 1
                        self._calls[event.call] = watched
                case e.CallQueued() if event.call in self._calls:
                    self._calls[event.call].waiting_since = event.waiting_since
                case e.CallEnded():
                    watched = self._calls.pop(event.call, None)
                    if watched is not None:
                        self._ended(watched, event, now)
                case _:
                    pass

    def _ended(self, watched: _Watched, event: e.CallEnded, now: Instant) -> None:
        watched.key.live -= 1
        lost_in_talk = event.outcome is CallOutcome.ANSWERED and event.reason in _CUT_OFF
        if watched.waiting_since is not None and (
            event.outcome is CallOutcome.ABANDONED or lost_in_talk
        ):
            watched.key.lost[watched.digest] = _Lost(
                event.line, event.origin, watched.waiting_since, now
            )
        self._arm()

    def _take(self, line: LineKey, origin: Origin, mark: str, now: Instant) -> Instant | None:
        """Returns and forgets the place; every key is tried, whether or not one fits."""
        found: Instant | None = None
        for key in self._keys:
            lost = key.lost.pop(_digest(key.secret, mark), None)
            if (
                lost is not None
                and (lost.line, lost.origin) == (line, origin)
                and now - lost.lost_at <= WINDOW
            ):
                found = lost.waiting_since
        return found

    # --- forgetting ------------------------------------------------------------------------

    def _present(self, now: Instant) -> _Key:
        if not self._keys or now - self._keys[-1].since >= TURNS_EVERY:
            self._keys.append(_Key(now, secrets.token_bytes(32)))
        return self._keys[-1]

    def _turn(self, now: Instant) -> None:
        """Destroys what nobody may need any more."""
        # What was not on record by now never will be: its input was refused or lost.
        self._coming = {
            leg: coming for leg, coming in self._coming.items() if now - coming.since < TURNS_EVERY
        }
        for key in self._keys:
            key.lost = {
                digest: lost for digest, lost in key.lost.items() if now - lost.lost_at <= WINDOW
            }
        self._keys = [
            key for key in self._keys if key.live > 0 or key.lost or now - key.since < TURNS_EVERY
        ]

    def _arm(self) -> None:
        """Sets the clock for the next turn, while there is anything to forget."""
        if self._timer is None and self._keys:
            at = Instant(self._clock.now() + TURNS_EVERY)
            self._timer = self._clock.at(at, self._wake)

    def _wake(self) -> None:
        self._timer = None
        self._turn(self._clock.now())
        self._arm()

    def stop(self) -> None:
        """Forgets everything."""
        if self._timer is not None:
            self._timer.cancel()
        self._keys.clear()
        self._coming.clear()
        self._calls.clear()


def _digest(secret: bytes, mark: str) -> bytes:
    return hashlib.blake2b(mark.encode(), key=secret, digest_size=20).digest()
