"""Night 2: the clocks go back, and three o'clock comes twice.

A line in Berlin is open until half past two. On 25 October 2026 that comes twice: the line closes
once, the second time. Every call is counted once, in the quarter of an hour in which it came, and
the day has one hundred of them.
"""

from datetime import UTC, datetime

import msgspec

from openline.configuration import Published, load_text
from openline.engine import CallOutcome
from openline.engine import events as e
from openline.measures import Fold
from openline.measures.books import IntervalsAndDays
from openline.model import SECOND, Instant, Origin
from openline.reports import Asked, By, Calendar, CivilDays, Historian
from tests.engine.rehearsal import Rehearsal

CENTRE = """
[centre]
name = "Nachtlinie"
time_zone = "Europe/Berlin"
languages = ["en"]

[queues.talk]

[lines.night]
queue = "talk"
hours = "night"
closed = { message = "closed-en" }

[hours.night]
weekdays = ["20:00-02:30"]
weekend = ["20:00-02:30"]

[agents.ana]
"""
QUARTER = 15 * 60


def at(hour: int, minute: int, day: int = 25) -> Instant:
    """Returns an instant of that October in UTC; Berlin is two hours on, from 01:00 on one."""
    return Instant(int(datetime(2026, 10, day, hour, minute, tzinfo=UTC).timestamp()) * SECOND)


def _centre() -> Published:
    return load_text(CENTRE, "berlin.toml", now=at(12, 0, day=24))


def _calls_every_ten_minutes(centre: Published, until: Instant) -> Rehearsal:
    night = Rehearsal(centre.settings, now=at(22, 0, day=24))
    number = 0
    while night.now < until:
        number += 1
        night.arrive(f"web:{number}", line="night")
        night.wait(60)
        if f"web:{number}" in night.state.calls_by_leg:
            night.leave(f"web:{number}")
        night.wait(540)
    return night


def test_the_line_that_closes_at_half_past_two_closes_once() -> None:
    night = _calls_every_ten_minutes(_centre(), at(4, 0))
    turned_away = [
        step.now
        for step in night.steps
        for event in step.outcome.events
        if isinstance(event, e.CallSent)
    ]
    arrived = [
        step.now
        for step in night.steps
        for event in step.outcome.events
        if isinstance(event, e.CallArrived)
    ]
    # The second half past two of Berlin is half past one in UTC; nobody is let in after it.
    assert turned_away == [each for each in arrived if each >= at(1, 30)]
    assert at(1, 20) in arrived
    assert at(1, 20) not in turned_away


def test_every_call_of_the_night_is_counted_once() -> None:
    centre = _centre()
    night = _calls_every_ten_minutes(centre, at(4, 0))
    days = CivilDays(centre.zone)
    books = IntervalsAndDays(days.day_of)
    fold = Fold(settings=centre.settings, targets={}, books=books)
    for step in night.steps:
        for event in step.outcome.events:
            fold.notice(step.now, event)
    ended = [event for event in night.events if isinstance(event, e.CallEnded)]
    counted = sum(
        tally.arrived for interval in books.intervals() for tally in interval.cells.values()
    )
    assert counted == len(ended) == 36
    outcomes = dict.fromkeys(CallOutcome, 0)
    for each in ended:
        outcomes[each.outcome] += 1
    assert outcomes[CallOutcome.ABANDONED] == 21
    assert outcomes[CallOutcome.HEARD_CLOSED] == 15
    # Both hours that Berlin calls two o'clock have calls of their own.
    for first in (at(0, 0), at(1, 0)):
        quarters = [Instant(first + n * QUARTER * SECOND) for n in range(4)]
        calls = [sum(t.arrived for t in books.interval(q).values()) for q in quarters]
        assert sum(calls) == 6


def test_the_day_has_twenty_five_hours() -> None:
    days = CivilDays(_centre().zone)
    today = days.day_of(at(12, 0))
    length = days.start_of(days.day_of(at(12, 0, day=26))) - days.start_of(today)
    assert length == 25 * 3_600 * SECOND


def test_the_report_of_the_day_has_a_row_for_each_of_its_hundred_quarters() -> None:
    centre = _centre()
    night = _calls_every_ten_minutes(centre, at(4, 0))
    midnight, next_midnight = at(22, 0, day=24), at(23, 0)
    found = {}
    for by, rows in ((By.INTERVAL, 100), (By.HOUR, 25), (By.DAY, 1)):
        calendar = Calendar(centre.zone, by, since=midnight, until=next_midnight)
        historian = Historian(calendar, settings=centre.settings, targets={}, short_abandons={})
        for step in night.steps:
            historian.take(step.now, step.outcome.events)
        report = historian.history(Asked())
        assert len(list(calendar.slices())) == rows
        found[by] = sum(row.sums.tally.arrived for row in report.rows)
        assert report.totals[None].tally.arrived == found[by]
    # The rows by whatever length say the same, and each call stands in one of them.
    assert set(found.values()) == {36}


def test_who_works_through_the_night_is_there_for_the_second_hour_too() -> None:
    """Her shift from ten to four is seven hours long that night, and all of them are counted."""
    centre = _centre()
    night = Rehearsal(centre.settings, now=at(20, 0, day=24))
    night.ready("ana")
    night.wait(7 * 3_600)
    night.sign_out("ana")
    calendar = Calendar(centre.zone, By.HOUR, since=at(19, 0, day=24), until=at(5, 0))
    historian = Historian(calendar, settings=centre.settings, targets={}, short_abandons={})
    for step in night.steps:
        historian.take(step.now, step.outcome.events)
    report = historian.history(Asked())
    staffed = {row.slice.start: row.sums.time for row in report.rows}
    hours = [start for start, time in staffed.items() if time is not None and time.ready > 0]
    assert hours == [Instant(at(20, 0, day=24) + n * 3_600 * SECOND) for n in range(7)]
    total = report.totals[None].time
    assert total is not None
    assert total.ready == 7 * 3_600 * SECOND


def test_the_hours_survive_a_new_compilation_in_the_middle_of_the_night() -> None:
    centre = _centre()
    night = _calls_every_ten_minutes(centre, at(0, 30))
    again = msgspec.structs.replace(centre.settings_at(night.now), version=2)
    night.publish(again)
    night.arrive("web:late", line="night", origin=Origin.REAL)
    assert night.call("web:late").is_waiting
