import doctest

import pytest

from openline.reports import whereabouts
from openline.reports.whereabouts import busiest_stretch, standing_out


def test_the_worked_numbers_are_right() -> None:
    assert doctest.testmod(whereabouts).failed == 0


def test_a_stretch_may_cross_midnight() -> None:
    assert busiest_stretch({"23:30": 3.0, "00:00": 3.0, "12:00": 1.0}) == (23 * 60 + 30, 30)


def test_a_stretch_that_ends_at_midnight_ends_at_24() -> None:
    assert busiest_stretch({"23:00": 3.0, "23:30": 3.0}) == (23 * 60, 24 * 60)


def test_fewer_who_hang_up_have_a_stretch_too() -> None:
    assert busiest_stretch({"20:00": -5.0, "09:00": 1.0}) == (20 * 60, 20 * 60 + 30)


@pytest.mark.parametrize("flat", [{}, {"10:00": 0.0}, {f"{h:02d}:00": 1.0 for h in range(24)}])
def test_where_nothing_stands_out_nothing_is_named(flat: dict[str, float]) -> None:
    assert busiest_stretch(flat) is None


def test_parts_that_share_it_are_not_named() -> None:
    assert standing_out({"en": 5.0, "es": 5.0}) is None
