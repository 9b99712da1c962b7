"""Every kind has a term and a reason for it."""

from openline.model import Instant
from openline.sealing import TERMS, SealedKind
from openline.sealing.kinds import DAY, HOUR, destroy_at


def test_each_kind_has_a_term() -> None:
    assert set(TERMS) == set(SealedKind)
    assert all(kept > 0 for kept in TERMS.values())


def test_a_number_goes_after_a_day_and_a_note_after_ninety() -> None:
    assert destroy_at(SealedKind.CALLER_NUMBER, Instant(5)) == 5 + 24 * HOUR
    assert destroy_at(SealedKind.NOTE, Instant(5)) == 5 + 90 * DAY
