"""How the lines of typed calls come to the disk, sealed, and back to a centre that starts again.

Also how those of practice callers come into their conversations.
"""

from openline.app.record import leg_of
from openline.centre import Centre, Watching
from openline.centre.conversations import Conversations
from openline.engine import State
from openline.model import AgentKey, CallId, LegId, PeerError
from openline.sealing import ConversationKeys, SegmentKeys
from openline.store import WrittenRecord
from openline.telephony.simulated.practice import Caption


class Transcripts:
    """Keeps lines under the keys of their days."""

    def __init__(self, centre: Centre, segments: SegmentKeys, keys: ConversationKeys) -> None:
        self._centre = centre
        self._segments = segments
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

    def leg_of(self, call: CallId) -> LegId | None:
        """Returns the caller's leg of a call that is over; None if nothing can be kept of it.

        Looks it up in the record; where nobody types, that is spared. Only for a start.
        """
        return None if self._keys.is_empty else leg_of(self._centre.store, self._segments, call)


def heard_by(conversations: Conversations, durable: State, watching: Watching) -> Caption:
    """Returns what passes on the lines of practice callers: as captions, or as what they type."""

    def heard(agent: AgentKey, call: CallId, number: int, _: str, text: str) -> None:
        live = durable.calls.get(call)
        part = None if live is None else conversations.part_of_caller(live.leg)
        if part is None:
            watching.agent_changed(agent)
        else:
            # A line that is told again after a restart is known by its number.
            conversations.write(part, f"story-{number}", text)

    return heard
