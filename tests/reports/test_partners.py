from random import Random

import pytest

from openline.measures import Slice, Tally
from openline.model import Duration, Instant, PartnerKey
from openline.reports.partners import LEAST, PartnerWeek, told_of, without_small

WEEK = Slice(Instant(0), Instant(7))
MERCY = PartnerKey("mercy")


def told(
    answered: int, abandoned: int, other: int = 0, *, held: int = 0, in_time: int = 0
) -> PartnerWeek:
    tally = Tally(
        offered=answered + abandoned + other,
        answered=answered,
        abandoned=abandoned,
        answered_in_target=in_time,
        wait_of_answered=Duration(answered * 20_000_000),
    )
    return told_of(WEEK, MERCY, tally, held)


def test_a_week_of_many_calls_is_told_whole() -> None:
    week = told(40, 12, 10, held=20, in_time=20)
    assert (week.offered, week.answered, week.abandoned, week.other) == (62, 40, 12, 10)
    assert (week.held_back, week.asa_s) == (20, 20)
    assert week.service_level == 20 / 52


@pytest.mark.parametrize("calls", [0, 1, 9])
def test_a_week_of_few_calls_says_nothing_but_that(calls: int) -> None:
    week = told(calls, 0)
    assert (week.offered, week.answered, week.abandoned, week.asa_s) == (None, None, None, None)


def test_a_small_part_hides_the_part_that_would_tell_it() -> None:
    week = told(40, 3, in_time=20)
    assert week.offered == 43
    assert (week.answered, week.abandoned, week.service_level) == (None, None, None)


def test_a_share_that_tells_a_small_number_is_not_told() -> None:
    assert told(30, 20, in_time=28).service_level == 28 / 50
    assert told(30, 20, in_time=3).service_level is None


def test_the_few_who_were_held_back_are_not_told_nor_the_few_who_were_not() -> None:
    assert told(40, 20, held=9).held_back is None
    assert told(40, 20, held=55).held_back is None
    assert told(40, 20, held=0).held_back == 0


def test_no_small_number_can_be_reckoned_from_what_is_told() -> None:
    """Whoever knows the rule tries every way in which the hidden parts could make up the rest."""
    chance = Random(10)
    for _ in range(300):
        parts = tuple(chance.choice((0, 3, 7, 12, 30)) for _ in range(3))
        whole = sum(parts)
        if whole < LEAST:
            continue
        shown = without_small(parts)
        rest = whole - sum(part for part in shown if part is not None)
        hidden = [number for number, part in enumerate(shown) if part is None]
        possible = [
            split
            for split in _splits(rest, len(hidden))
            if without_small(_filled(shown, hidden, split)) == shown
        ]
        for number, place in enumerate(hidden):
            if 0 < parts[place] < LEAST:
                values = {split[number] for split in possible}
                assert max(values) - min(values) >= LEAST - 1, (parts, shown)


def _splits(rest: int, count: int) -> list[tuple[int, ...]]:
    if count == 0:
        return [()]
    if count == 1:
        return [(rest,)]
    return [
        (first, *others) for first in range(rest + 1) for others in _splits(rest - first, count - 1)
    ]


def _filled(shown: list[int | None], hidden: list[int], split: tuple[int, ...]) -> tuple[int, ...]:
    values = dict(zip(hidden, split, strict=True))
    return tuple(values[n] if part is None else part for n, part in enumerate(shown))
