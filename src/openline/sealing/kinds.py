"""What is sealed, and how long it may be opened at all."""

import msgspec

from openline.model import MINUTE, Duration, Instant
from openline.model.names import Name


class SealedKind(Name):
    """Says what a sealed text is."""

    NOTE = "note"
    """What an agent wrote about a call."""
    CALLER_NUMBER = "caller_number"


class Term(msgspec.Struct, frozen=True):
    """Says how long a kind is kept, and why not shorter or longer."""

    kept: Duration
    why: str


HOUR = 60 * MINUTE
DAY = 24 * HOUR

TERMS: dict[SealedKind, Term] = {
    SealedKind.NOTE: Term(
        Duration(90 * DAY),
        "The contact can be documented and questions about it answered; then nobody needs it.",
    ),
    SealedKind.CALLER_NUMBER: Term(
        Duration(24 * HOUR),
        "A promised callback or an emergency can still be handled the next day.",
    ),
}


def destroy_at(kind: SealedKind, now: Instant) -> Instant:
    """Returns when a text of this kind, sealed now, is to become unreadable."""
    return Instant(now + TERMS[kind].kept)
