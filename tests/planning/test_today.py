"""The day that has begun: what came is taken up, a part of the difference goes on, no more."""

import doctest
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from openline.model import RefusedError
from openline.planning.forecast import History
from openline.planning.forecast import so_far as so_far_module
from openline.planning.history_file.reading import HistoryFile
from openline.planning.plan_asked import Assumptions, Plan, PlanAsked, PlanSheet, Today
from openline.planning.plan_sheet import answer
from tests.planning.invented_calls import invented

ZONE = ZoneInfo("America/Chicago")
BUSY = 1.5
HOUR = 13
ASKED = PlanAsked(
    plan=Plan(assumptions=Assumptions(aht_s=300.0)), days=7, minutes=30, takes_up_today=True
)


def record(times: float, *, days: int = 120, hour: int = HOUR) -> HistoryFile:
    """Returns a record whose last day was so many times as busy, up to an hour."""
    history = invented(seed=29, days=days, per_day=4000, busyness=0.15)
    calls = history.calls.copy()
    calls[-1] = np.round(calls[-8] * times)
    calls[-1, 2 * hour :] = np.nan
    return _file(replace(history, calls=calls), hour)


def _file(history: History, hour: int) -> HistoryFile:
    day = history.day(history.days - 1 if hour else history.days)
    return HistoryFile(
        name="the record",
        lines={"main": history},
        findings=(),
        zone=ZONE,
        rows=history.calls.size,
        last=datetime(day.year, day.month, day.day, hour),  # noqa: DTZ001  # civil time
    )


def sheet_of(asked: PlanAsked, file: HistoryFile) -> PlanSheet:
    sheet = answer(asked, lambda minutes: file, ZONE).sheet
    assert sheet is not None
    return sheet


def today_in(sheet: PlanSheet) -> tuple[Today, list[int]]:
    assert sheet.today is not None
    day = sheet.today.day
    return sheet.today, [at for at, stamp in enumerate(sheet.stamps) if stamp[:10] == day]


def test_what_came_stands_in_the_plan_and_a_part_of_the_difference_goes_on() -> None:
    file = record(BUSY)
    sheet = sheet_of(ASKED, file)
    today, places = today_in(sheet)
    assert len(today.came) == 2 * HOUR
    assert sheet.stamps[places[0]].startswith(today.day)
    assert 0.2 < today.carries < 1
    was = sheet.was
    assert was is not None, "the morning's plan is what it is compared with"
    for at in places[: 2 * HOUR]:
        assert sheet.now.calls[at] == today.came[at]
        assert sheet.bounds[0][at] == sheet.bounds[1][at] == today.came[at]
    ratio = sum(today.came) / today.expected - 1
    for at in places[2 * HOUR :]:
        assert sheet.now.calls[at] == pytest.approx(
            was.calls[at] * (1 + today.carries * ratio), rel=1e-6
        )
        assert was.calls[at] < sheet.now.calls[at] < was.calls[at] * (1 + ratio)
    assert sheet.rest_before < sheet.rest_now
    # Days that have not begun stay as they were.
    for at in range(places[-1] + 1, len(sheet.stamps)):
        assert sheet.now.calls[at] == was.calls[at]


def test_more_calls_need_more_people_for_the_rest_of_the_day_alone() -> None:
    sheet = sheet_of(ASKED, record(BUSY))
    _, places = today_in(sheet)
    assert sheet.was is not None
    rest = places[2 * HOUR :]
    assert sum(sheet.now.to_schedule[at] for at in rest) > sum(
        sheet.was.to_schedule[at] for at in rest
    )
    assert sheet.now.to_schedule[places[-1] + 1 :] == sheet.was.to_schedule[places[-1] + 1 :]


def test_a_given_forecast_is_corrected_by_the_record_and_stays_what_it_was() -> None:
    file = record(BUSY)
    first = sheet_of(ASKED, file)
    given = replace_calls(ASKED, first.calls_text)
    again = sheet_of(given, file)
    assert again.today is not None
    assert first.today is not None
    assert again.today.came == first.today.came
    assert again.calls_text == first.calls_text
    # An hour later, or after a restart, the same morning is corrected by what has come by then.
    later = sheet_of(given, record(BUSY, hour=HOUR + 1))
    assert later.today is not None
    assert later.today.came[: 2 * HOUR] == first.today.came
    assert len(later.today.came) == 2 * HOUR + 2


def replace_calls(asked: PlanAsked, text: str) -> PlanAsked:
    plan = Plan(calls=text.encode(), assumptions=asked.plan.assumptions)
    return PlanAsked(plan=plan, days=asked.days, minutes=asked.minutes, takes_up_today=True)


def test_a_young_centre_takes_the_usual_part() -> None:
    file = record(BUSY, days=11)
    rows = [f"{stamp};{10 + at % 5}" for at, stamp in enumerate(_stamps(file.last.date()))]
    asked = replace_calls(ASKED, "\n".join(["timestamp;mean", *rows]))
    today, _ = today_in(sheet_of(asked, file))
    usual = today.expected * 0.1**2
    assert today.carries == pytest.approx(usual / (1 + usual))


def _stamps(day: date) -> list[str]:
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # civil time
    return [f"{midnight + timedelta(minutes=30 * at):%Y-%m-%d %H:%M}" for at in range(48)]


@pytest.mark.parametrize("hour", [0, HOUR])
def test_where_no_day_has_begun_or_the_forecast_has_not_that_day_it_says_so(hour: int) -> None:
    file = record(1.0, hour=HOUR) if hour else _file(invented(seed=29, days=60), 0)
    asked = ASKED if not hour else replace_calls(ASKED, "timestamp;mean\n" + _far())
    with pytest.raises(RefusedError) as caught:
        answer(asked, lambda minutes: file, ZONE)
    assert caught.value.code == "no_today"


def _far() -> str:
    return "\n".join(f"{stamp};5" for stamp in _stamps(date(2031, 1, 1)))


def test_the_worked_number_is_so() -> None:
    assert doctest.testmod(so_far_module).failed == 0
