import doctest
import itertools
from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
import pytest

from openline.model import RefusedError
from openline.planning import cover as cover_module
from openline.planning import cover_words
from openline.planning.cover import Cover, Service, change_of, changed, cover_of, with_calls
from openline.planning.cover_words import difference_words, verdict_words
from openline.planning.roster_file.shift import Shift
from openline.planning.staffing import to_schedule
from openline.planning.staffing_forecast import Intervals

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001  # civil time
SERVICE = Service(
    aht_s=360.0, patience_s=180.0, target_share=0.8, target_s=20.0, shrinkage=Fraction(30)
)


def intervals(days: int = 1, calls: float = 20.0) -> Intervals:
    stamps = [(MONDAY + timedelta(minutes=30 * at)).isoformat() for at in range(48 * days)]
    every = np.full(len(stamps), calls)
    return Intervals(stamps=tuple(stamps), calls=every, aht_s=None, interval_s=1800.0)


def shift(person: str, begin: float, end: float) -> Shift:
    return Shift(
        person=person,
        group="",
        start=MONDAY + timedelta(hours=begin),
        end=MONDAY + timedelta(hours=end),
        row=2,
    )


def cover(people: int = 8, *, begin: float = 0, end: float = 24, days: int = 1) -> Cover:
    shifts = tuple(shift(f"p{at}", begin, end) for at in range(people))
    return cover_of(shifts, intervals(days), SERVICE)


def test_the_examples_in_the_words_hold() -> None:
    for module in (cover_module, cover_words):
        assert doctest.testmod(module).failed == 0


def test_both_comparisons_agree_on_the_phones_and_on_the_roster() -> None:
    for people in range(1, 20):
        found = cover(people)
        needed = int(found.needed[0])
        assert found.to_schedule[0] == to_schedule(needed, Fraction(30))
        assert (found.gap[0] >= 0) == (found.on_phones[0] >= needed - 1e-9)


def test_each_person_more_makes_fewer_leave_whatever_the_shrinkage() -> None:
    leave = [float(cover(people).leave.sum()) for people in range(1, 15)]
    assert all(more < fewer for fewer, more in itertools.pairwise(leave))


def test_a_shift_across_midnight_is_there_on_both_days_and_days_after_are_left_out() -> None:
    found = cover_of((shift("Ana", 22, 30), shift("Ben", 46, 50)), intervals(4), SERVICE)
    assert [
        stamp[11:16] for stamp, count in zip(found.stamps, found.rostered, strict=True) if count
    ]
    at = dict(zip(found.stamps, found.rostered.tolist(), strict=True))
    assert at["2026-03-02T21:30:00"] == 0
    assert at["2026-03-02T22:00:00"] == at["2026-03-03T05:30:00"] == 1
    assert at["2026-03-03T06:00:00"] == 0
    assert found.left_out == ("2026-03-04", "2026-03-05")


def test_two_halves_of_an_interval_are_one_person() -> None:
    found = cover_of((shift("Ana", 8, 8.25), shift("Ben", 8.25, 9)), intervals(), SERVICE)
    assert found.rostered[16:18].tolist() == [1, 1]


def test_an_empty_interval_loses_everybody_and_nobody_is_needed_without_calls() -> None:
    found = cover(begin=8, end=16)
    assert found.leave[0] > 0.85 * 20
    quiet = cover_of((shift("Ana", 8, 16),), intervals(calls=0.0), SERVICE)
    assert quiet.needed.max() == 0
    assert quiet.leave.sum() == 0
    assert verdict_words(quiet)[0].startswith("The roster covers every interval.")


def test_a_change_is_the_roster_with_that_person() -> None:
    change = change_of("+1@22:00-02:00", "--change")
    after = changed(cover(), change, SERVICE)
    assert (after.rostered - cover().rostered).nonzero()[0].tolist() == [0, 1, 2, 3, 44, 45, 46, 47]
    assert after.leave[:4].sum() == pytest.approx(cover(9).leave[:4].sum())
    assert changed(cover(1), change_of("-9@00:00-12:00", "--change"), SERVICE).rostered[0] == 0


@pytest.mark.parametrize(
    "text", ["", "1@20:00-22:00", "+0@20:00-22:00", "+1@20:00-20:00", "+1@20:61-22:00", "+1@8-9"]
)
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match=r"\+1@20:00-22:00"):
        change_of(text, "--change")


def test_the_difference_says_how_much_when_and_how_sure() -> None:
    now = cover(6)
    after = changed(now, change_of("+2@20:00-22:00", "--change"), SERVICE)
    ends = [
        tuple(with_calls(each, intervals(calls=calls), SERVICE) for each in (now, after))
        for calls in (15.0, 25.0)
    ]
    first, second, *_ = difference_words(now, after, ends)
    assert "fewer callers leave, mostly 20:0" in first
    assert second.endswith("so the same way at both ends.")
    back, *_ = difference_words(after, now, [])
    assert "more callers leave" in back
    assert difference_words(now, now, []) == ["With the change nothing differs that can be told."]


def test_a_roster_of_other_days_is_refused_with_both_spans() -> None:
    with pytest.raises(RefusedError, match=r"2026-03-12.*no day in common"):
        cover_of((shift("Ana", 240, 248),), intervals(), SERVICE)
