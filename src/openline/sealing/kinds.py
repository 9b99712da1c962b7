"""What is sealed, and how long it may be opened at all.

A term is a promise that is printed (`openline privacy`). A configuration may set other terms; those
below are the ones of a helpline that says nothing.
"""

from collections.abc import Mapping

from openline.model import MINUTE, Duration, Instant
from openline.model.names import Name


class SealedKind(Name):
    """Says what a sealed text is."""

    NOTE = "note"
    """What an agent wrote about a call."""
    CALLER_NUMBER = "caller_number"
    CALLBACK_NUMBER = "callback_number"
    """A number that somebody is to be called back on; destroyed when the callback has ended."""
    MESSAGE = "message"
    """What a caller left in a voicemail box, and when; its sound is a stream (see `streams`)."""
    RECORDING = "recording"
    """That a talk was recorded, and when; its sound is streams under the same key."""
    CONVERSATION = "conversation"
    """What was written in typed calls on one day (see `conversations`)."""
    JOURNAL = "journal"
    """A day of the record (see `segments`)."""


Terms = Mapping[SealedKind, Duration]
"""How long each kind is kept, counted from the moment it was sealed."""


HOUR = 60 * MINUTE
DAY = 24 * HOUR

TERMS: Terms = {
    SealedKind.NOTE: Duration(90 * DAY),
    SealedKind.CALLER_NUMBER: Duration(24 * HOUR),
    SealedKind.CALLBACK_NUMBER: Duration(7 * DAY),
    SealedKind.MESSAGE: Duration(14 * DAY),
    SealedKind.RECORDING: Duration(30 * DAY),
    # Counted from the end of the day. Nobody can read it after the work on the call; it is there so
    # that no fault cuts a conversation off.
    SealedKind.CONVERSATION: Duration(24 * HOUR),
    # Thirteen months: a month can be held against the same month of the year before.
    SealedKind.JOURNAL: Duration(396 * DAY),
}


def destroy_at(kind: SealedKind, now: Instant, terms: Terms = TERMS) -> Instant:
    """Returns when a text of this kind, sealed now, is to become unreadable."""
    return Instant(now + terms[kind])
