"""Are opening hours understood as people write them, and is the rest refused?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.configuration.opening import minutes_of
from openline.configuration.week import DAYS, UnclearError, week_of


@pytest.mark.parametrize(
    ("text", "day", "spans"),
    [
        ("Mon-Fri 18:00-22:00; Sat 10-14", "fri", ("18:00-22:00",)),
        ("Mon-Fri 18:00-22:00; Sat 10-14", "sat", ("10:00-14:00",)),
        ("lunes a viernes 18h-22h", "wed", ("18:00-22:00",)),
        ("sáb–lun 9.30-13, 15:00-1:00", "mon", ("09:30-13:00", "15:00-01:00")),
        ("Daily 0-24", "sun", ("00:00-24:00",)),
        ("Monday 9 to 17\nMonday 20-22", "mon", ("09:00-17:00", "20:00-22:00")),
    ],
)
def test_days_and_spans_are_read(text: str, day: str, spans: tuple[str, ...]) -> None:
    week = week_of(text)
    assert week is not None
    assert week[day] == spans


@pytest.mark.parametrize("text", ["", "  ", "Always", "24/7", "día y noche"])
def test_day_and_night_is_no_week_at_all(text: str) -> None:
    assert week_of(text) is None


@pytest.mark.parametrize(
    "text", ["9-17", "Mon", "Mon 9", "Mon 9-25", "Xyz 9-17", "Mon 24:00-3", ";", "Mon 9:75-10"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(UnclearError):
        week_of(text)


@given(st.text(st.sampled_from("mon fri-:,;0129 aálto\n"), max_size=40))
def test_whatever_is_typed_gives_a_week_that_the_configuration_takes_or_is_refused(
    text: str,
) -> None:
    try:
        week = week_of(text)
    except UnclearError:
        return
    for day, spans in (week or {}).items():
        assert day in DAYS
        assert all(0 <= minutes_of(span)[0] < minutes_of(span)[1] for span in spans)
