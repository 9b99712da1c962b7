from collections.abc import Mapping
from datetime import UTC, date, datetime

import msgspec
import pytest

from openline.configuration.opening import (
    Opening,
    compiled_hours,
    instant_of,
    minutes_of,
    told,
    tzdata_version,
)
from openline.engine.decisions.opening import is_open
from openline.model import SECOND, HoursKey, Instant
from openline.simulation.civil import zone
from tests.configuration.builders import EVERYTHING, published

BERLIN, CHICAGO = zone("Europe/Berlin"), zone("America/Chicago")
DAILY = "12:00-02:30"


def at(text: str) -> Instant:
    """Returns the instant of a time in UTC, such as "2026-10-25 00:30"."""
    there = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    return Instant(int(there.timestamp()) * SECOND)


def opening(*spans: str, special: Mapping[date, tuple[str, ...]] | None = None) -> Opening:
    """Returns hours that are the same every day but for the special ones."""
    return Opening(
        key=HoursKey("daily"),
        week=(tuple(minutes_of(span) for span in spans),) * 7,
        special={
            day: tuple(minutes_of(span) for span in each) for day, each in (special or {}).items()
        },
    )


def changes_on(hours: Opening, first: str, last: str) -> list[Instant]:
    compiled = compiled_hours(hours, BERLIN, at(first))
    return [change for change in compiled.changes if at(first) <= change < at(last)]


def test_a_line_that_closes_at_half_past_two_closes_once_when_that_comes_twice() -> None:
    # On 25 October 2026 at 03:00 the clocks of Berlin go back to 02:00; UTC goes on.
    night = changes_on(opening(DAILY), "2026-10-24 20:00", "2026-10-25 08:00")
    assert night == [at("2026-10-25 01:30")]  # the second half past two
    usual = changes_on(opening(DAILY), "2026-10-23 20:00", "2026-10-24 08:00")
    assert usual == [at("2026-10-24 00:30")]


def test_a_line_that_opens_at_half_past_two_opens_the_first_time() -> None:
    night = changes_on(opening("02:30-04:00"), "2026-10-24 23:00", "2026-10-25 08:00")
    assert night == [at("2026-10-25 00:30"), at("2026-10-25 03:00")]


def test_a_time_that_the_clock_leaves_out_is_the_moment_of_the_leap() -> None:
    # On 29 March 2026 at 02:00 the clocks of Berlin go to 03:00, which is 01:00 UTC.
    for last in (False, True):
        assert instant_of(date(2026, 3, 29), 150, BERLIN, last=last) == at("2026-03-29 01:00")
    assert changes_on(opening(DAILY), "2026-03-28 20:00", "2026-03-29 08:00") == [
        at("2026-03-29 01:00")
    ]


def test_a_span_that_the_leap_swallows_is_none() -> None:
    assert changes_on(opening("02:10-02:50"), "2026-03-29 00:00", "2026-03-29 08:00") == []


def test_a_whole_day_has_no_seam_at_midnight() -> None:
    hours = compiled_hours(opening("00:00-24:00"), CHICAGO, at("2026-06-01 12:00"))
    assert len(hours.changes) == 2
    assert is_open(hours, at("2026-06-02 05:00"))


@pytest.mark.parametrize("where", [BERLIN, CHICAGO], ids=str)
def test_every_day_opens_and_closes_once(where: object) -> None:
    hours = compiled_hours(opening(DAILY), zone(str(where)), at("2026-06-01 12:00"))
    days = (date(2027, 12, 31) - date(2025, 12, 31)).days + 1
    assert len(hours.changes) == 2 * days
    assert list(hours.changes) == sorted(set(hours.changes))


def test_a_special_day_is_as_it_says() -> None:
    hours = opening(
        "08:00-09:00", special={date(2026, 12, 24): (), date(2026, 12, 25): ("10:00-11:00",)}
    )
    assert changes_on(hours, "2026-12-23 23:00", "2026-12-26 00:00") == [
        at("2026-12-25 09:00"),
        at("2026-12-25 10:00"),
    ]


def test_a_compilation_reaches_a_year_ahead_and_is_the_same_all_year() -> None:
    hours = opening(DAILY)
    january, december = at("2026-01-05 00:00"), at("2026-12-30 00:00")
    compiled = compiled_hours(hours, BERLIN, january)
    assert compiled == compiled_hours(hours, BERLIN, december)
    assert compiled.changes[-1] > december + 365 * 86_400 * SECOND
    assert compiled != compiled_hours(hours, BERLIN, at("2027-01-02 00:00"))


def test_it_is_told_in_words_when_a_line_is_open_next() -> None:
    hours = compiled_hours(opening("07:00-22:00"), CHICAGO, at("2026-06-01 12:00"))
    assert told(hours, CHICAGO, at("2026-06-01 18:00")) == "open, until Monday, 1 June 2026, 22:00"
    assert told(hours, CHICAGO, at("2026-06-02 04:00")) == (
        "closed, opens Tuesday, 2 June 2026, 07:00"
    )
    never = compiled_hours(opening(), CHICAGO, at("2026-06-01 12:00"))
    assert told(never, CHICAGO, at("2026-06-01 18:00")) == "closed, and never opens"


def test_the_published_configuration_names_its_time_zone_data() -> None:
    assert published(EVERYTHING).tzdata == tzdata_version()
    assert tzdata_version()[:2] == "20"


def test_days_weekdays_and_weekend_are_read_in_this_order() -> None:
    (hours,) = published(EVERYTHING).opening
    assert hours.week[0] == ((420, 720), (780, 1320))
    assert hours.week[3] == ((1320, 1590),)
    assert hours.week[2] == hours.week[6] == ()
    nothing: frozenset[date] = frozenset()
    assert hours.on(date(2026, 12, 24), nothing) == ((420, 720),)
    holiday = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    assert hours.on(date(2026, 12, 24), holiday) == ((420, 720),)
    assert hours.on(date(2026, 12, 25), holiday) == ((540, 600),)


def test_public_holidays_are_those_of_the_country_and_region() -> None:
    hours = msgspec.structs.replace(opening("08:00-09:00"), country="DE", region="BY")
    # 6 January 2027 is Epiphany in Bavaria, and an ordinary Wednesday in Berlin.
    assert changes_on(hours, "2027-01-05 12:00", "2027-01-06 12:00") == []
    elsewhere = msgspec.structs.replace(hours, region="BE")
    assert len(changes_on(elsewhere, "2027-01-05 12:00", "2027-01-06 12:00")) == 2
