"""What two people write to each other, line by line, each line sealed under the key of its day.

A day is 24 hours of UTC, as for the record. One key a day, and not one a line: a conversation has
many short lines, and all of them have the same term, which counts from the end of the day. When it
is over the key is destroyed, and with it every line of the day, wherever a copy of it lies.

Each process takes keys of its own, and each line has a nonce drawn at random. Its box is bound to
the key, to the leg and to its place: no line can be put into another conversation or elsewhere in
its own.
"""

from openline.model import Duration, Instant, LegId, SealedRef
from openline.sealing.box import decrypt, encrypt
from openline.sealing.kinds import DAY, TERMS, SealedKind
from openline.sealing.sealer import Sealer


class ConversationKeys:
    """Seals and opens lines. Any thread may call; a day's first line waits for the disk."""

    def __init__(self, sealer: Sealer, *, term: Duration = TERMS[SealedKind.CONVERSATION]) -> None:
        self._sealer = sealer
        self._term = term
        self._keys = {
            ref: (key, until) for ref, key, until in sealer.keys_of(SealedKind.CONVERSATION)
        }
        self._ref: SealedRef | None = None
        self._day = -1

    @property
    def is_empty(self) -> bool:
        """Whether no line at all can be opened: nobody typed for longer than the term."""
        return not self._keys

    def seal(
        self, leg: LegId, place: int, text: str, now: Instant
    ) -> tuple[SealedRef, Instant, bytes]:
        """Seals a line; returns the name of its key, the end of its term and the box.

        Raises:
            PeerError: no key of the day can be made durable.
        """
        day = now // DAY
        if self._ref is None or day != self._day:
            until = Instant((day + 1) * DAY + self._term)
            ref, key = self._sealer.take_key(SealedKind.CONVERSATION, until)
            self._keys[ref] = (key, until)
            self._ref, self._day = ref, day
        key, until = self._keys[self._ref]
        return self._ref, until, encrypt(key, _bound(self._ref, leg, place), _KIND, text)

    def open(self, ref: SealedRef, leg: LegId, place: int, box: bytes) -> str | None:
        """Returns the text of a line, or None if its key is destroyed.

        Raises:
            PeerError: it was altered, or is not the line of this place.
        """
        found = self._keys.get(ref)
        return None if found is None else decrypt(found[0], _bound(ref, leg, place), _KIND, box)

    def forget(self, now: Instant) -> None:
        """Lets go of the keys whose term is over; the key store has destroyed them already."""
        self._keys = {ref: kept for ref, kept in self._keys.items() if kept[1] > now}
        if self._ref not in self._keys:
            self._ref = None


_KIND = SealedKind.CONVERSATION


def _bound(ref: SealedRef, leg: LegId, place: int) -> SealedRef:
    return SealedRef(f"{ref}\0{leg}\0{place}")
