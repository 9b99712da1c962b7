"""How many who have just come are kept."""

from openline.model import SECOND, Instant
from openline.telephony.asterisk.admission import TOLD_FOR, Admission

NOW = Instant(1_000 * SECOND)


def test_who_comes_beyond_the_limit_is_turned_away_and_counted() -> None:
    admission = Admission(2)
    assert [admission.admits(f"x-{number}", NOW) for number in range(4)] == [
        True,
        True,
        False,
        False,
    ]
    assert admission.turned_away == 2


def test_a_first_word_makes_room() -> None:
    admission = Admission(1)
    assert admission.admits("x-1", NOW)
    admission.heard("x-1")
    admission.heard("x-1")
    assert admission.admits("x-2", NOW)
    admission.clear()
    assert admission.admits("x-3", NOW)


def test_it_is_told_for_a_minute() -> None:
    admission = Admission(1)
    assert admission.admits("x-1", NOW)
    assert not admission.is_full(NOW)
    assert not admission.admits("x-2", NOW)
    assert admission.is_full(Instant(NOW + SECOND))
    assert not admission.is_full(Instant(NOW + TOLD_FOR))
