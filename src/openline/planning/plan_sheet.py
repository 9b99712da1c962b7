"""A plan as the page shows it: forecast, requirement, roster and gap, and what a change does."""

import csv
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from openline.model import RefusedError
from openline.planning.cover import Change, Cover, Service, changed, cover_by, with_calls
from openline.planning.cover_words import when_most
from openline.planning.forecast import forecast, learn
from openline.planning.forecast.backtest import Tell
from openline.planning.forecast.forecast import no_tell
from openline.planning.history_file.findings import FaultyHistoryError, Finding
from openline.planning.history_file.reading import HistoryFile, read_history
from openline.planning.history_file.sheet import sheet_of, sheet_of_text
from openline.planning.history_file.writing import csv_of
from openline.planning.marks import marks_of
from openline.planning.plan_asked import (
    TABLE,
    Assumptions,
    Difference,
    Plan,
    PlanAnswer,
    PlanAsked,
    PlanColumns,
    PlanSheet,
    PlanSums,
    Today,
)
from openline.planning.plan_tables import (
    BOUNDS,
    Expected,
    Planned,
    is_expected,
    read_expected,
    read_planned,
)
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.today import rest_of, today_of, with_today, without_today

MOST_FAULTS = 40
NOTHING_DIFFERS = 0.05
"""Fewer callers than this are no difference that can be told."""

FromRecord = Callable[[int | None], HistoryFile]
"""Reads the centre's own calls, by intervals of so many minutes, or of the usual length."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """Is a forecast with what was found on the way."""

    expected: Expected
    findings: tuple[Finding, ...] = ()
    rows: int = 0
    error: float | None = None
    noise_floor: float | None = None
    today: Today | None = None


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Is a plan that was worked out."""

    plan: Plan
    expected: Expected
    planned: Planned | None
    cover: Cover
    service: Service
    places: list[int]
    """Which of the forecast's intervals they are."""

    @property
    def volume(self) -> float:
        """So many times the forecast's calls."""
        return self.plan.assumptions.volume / 100


def answer(
    asked: PlanAsked, from_record: FromRecord, zone: ZoneInfo, tell: Tell = no_tell
) -> PlanAnswer:
    """Returns the plan beside the one it is compared with, or the faults of what was sent.

    Raises:
        RefusedError: it is no forecast, history or roster at all; roster and forecast have no day
            in common (`no_common_day`); nobody said how long a call takes (`aht_missing`); or the
            target is out of reach (`target_out_of_reach`).
    """
    try:
        learned = learned_of(asked, from_record, tell)
    except FaultyHistoryError as error:
        return PlanAnswer(calls_faults=error.faults[:MOST_FAULTS])
    plan = msgspec.structs.replace(asked.plan, today=learned.today)
    try:
        now = covered(learned.expected, plan, zone)
        if asked.was is not None:
            was = _before(asked.was, zone)
        elif learned.today is not None:
            # What came today is a change, of the plan as it was in the morning.
            was = covered(learned.expected, msgspec.structs.replace(plan, today=None), zone)
        else:
            was = None
    except FaultyRosterError as error:
        return PlanAnswer(roster_faults=error.faults[:MOST_FAULTS])
    if was is not None and was.cover.stamps != now.cover.stamps:
        was = None
    sheet = _sheet(now, was, learned)
    return PlanAnswer(sheet=msgspec.structs.replace(sheet, table=table_of(sheet, "\t")))


def covered(expected: Expected, plan: Plan, zone: ZoneInfo) -> Covered:
    """Works a plan out; raises as `answer`, and `FaultyRosterError`."""
    asked = plan.assumptions
    if plan.today is not None:
        expected = with_today(expected, plan.today)
    service = service_of(asked)
    if asked.plan_for not in expected.columns:
        raise RefusedError(
            f"The forecast has no column {asked.plan_for}: plan for the mean.", code="no_range"
        )
    intervals = expected.intervals(asked.plan_for, asked.volume / 100)
    planned = None
    there = np.zeros(len(intervals.stamps), dtype=np.int64)
    places, outside = list(range(len(intervals.stamps))), set[str]()
    if plan.roster.strip():
        planned = read_planned(plan.roster, plan.roster_name or "roster", zone)
        there, places, outside = planned.there(intervals.stamps, intervals.interval_s)
    chosen = replace(
        intervals,
        stamps=tuple(intervals.stamps[at] for at in places),
        calls=intervals.calls[places],
        aht_s=None if intervals.aht_s is None else intervals.aht_s[places],
    )
    cover = cover_by(there, chosen, service, tuple(sorted(outside)))
    if asked.people and planned is not None:
        change = Change(people=asked.people, begin=asked.begin, end=asked.end)
        cover = changed(cover, change, service)
    return Covered(
        plan=plan,
        expected=expected,
        planned=planned,
        cover=cover,
        service=service,
        places=places,
    )


def service_of(asked: Assumptions) -> Service:
    """Returns how calls behave and what is promised."""
    return Service(
        aht_s=asked.aht_s,
        patience_s=asked.patience_s,
        target_share=asked.target_percent / 100,
        target_s=asked.target_s,
        shrinkage=Fraction(asked.shrinkage),
    )


def _before(plan: Plan, zone: ZoneInfo) -> Covered | None:
    """Returns what the plan is compared with; None where it cannot be worked out any more."""
    try:
        return covered(read_expected(sheet_of(plan.calls, "before")), plan, zone)
    except RefusedError:
        return None


def learned_of(asked: PlanAsked, from_record: FromRecord, tell: Tell = no_tell) -> Learned:
    """Returns the forecast that was given, or that is learned from a history or the record.

    Raises `FaultyHistoryError` where cells are faulty, `RefusedError` where it is neither.
    """
    plan = asked.plan
    if plan.calls.strip():
        sheet = sheet_of(plan.calls, plan.calls_name or "calls")
        if is_expected(sheet):
            expected = read_expected(sheet)
            today = None
            if asked.takes_up_today:
                file = from_record(int(expected.interval_s // 60))
                today = today_of(file, file.all(), expected, tell)
            return Learned(expected=expected, today=today)
        file = read_history(
            sheet,
            minutes=asked.minutes,
            skips_faulty=asked.skips_faulty,
            missing_is_zero=asked.missing_is_zero,
        )
    else:
        file = from_record(asked.minutes)
    history = file.all()
    if not np.isfinite(history.calls).any():
        raise RefusedError("There is no row with calls.", code="no_rows")
    holidays = [asked.holidays.strip()] if asked.holidays.strip() else []
    before = without_today(file, history) if asked.takes_up_today else history
    marks = marks_of(holidays, (), before, asked.days)
    made = forecast(learn(before, asked.days, marks, tell), asked.days)
    expected = read_expected(sheet_of_text(csv_of(made, file.zone), "forecast"))
    return Learned(
        expected=expected,
        today=today_of(file, history, expected, tell) if asked.takes_up_today else None,
        findings=file.findings[:MOST_FAULTS],
        rows=file.rows,
        error=_known(made.error),
        noise_floor=_known(made.noise_floor),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _sheet(now: Covered, was: Covered | None, learned: Learned) -> PlanSheet:
    cover = now.cover
    bounds: tuple[tuple[float, ...], ...] = ()
    if BOUNDS[0] in now.expected.columns:
        columns = (now.expected.columns[name][now.places] * now.volume for name in BOUNDS)
        bounds = tuple(tuple(column.tolist()) for column in columns)
    return PlanSheet(
        minutes=int(cover.intervals.interval_s // 60),
        stamps=cover.stamps,
        bounds=bounds,
        now=_columns(cover),
        was=None if was is None else _columns(was.cover),
        has_roster=now.planned is not None,
        people=0 if now.planned is None else now.planned.people,
        worst=when_most(cover, cover.leave),
        sums=sums_of(cover),
        was_sums=None if was is None else sums_of(was.cover),
        difference=None if was is None else _difference(was, now),
        left_out=cover.left_out,
        table="",
        calls_text=learned.expected.text(),
        roster_text="" if now.planned is None else now.planned.text,
        findings=learned.findings,
        learned_rows=learned.rows,
        error=learned.error,
        noise_floor=learned.noise_floor,
        today=learned.today,
        rest_before=rest_of(learned.expected, learned.today),
        rest_now=rest_of(now.expected, learned.today),
    )


def _columns(cover: Cover) -> PlanColumns:
    return PlanColumns(
        calls=tuple(cover.calls.tolist()),
        needed=tuple(cover.needed.tolist()),
        to_schedule=tuple(cover.to_schedule.tolist()),
        rostered=tuple(cover.rostered.tolist()),
        on_phones=tuple(cover.on_phones.tolist()),
        service_level=tuple(cover.figures.service_level.tolist()),
        abandon=tuple(cover.figures.abandon_probability.tolist()),
        mean_wait_s=tuple(cover.figures.mean_wait_s.tolist()),
    )


def sums_of(cover: Cover) -> PlanSums:
    """Returns what a cover comes to."""
    hours = cover.intervals.interval_s / 3600
    short = cover.gap < 0
    return PlanSums(
        calls=float(cover.calls.sum()),
        leave=float(cover.leave.sum()),
        late=float(cover.late.sum()),
        needed_h=float(cover.needed.sum()) * hours,
        to_schedule_h=float(cover.to_schedule.sum()) * hours,
        rostered_h=float(cover.rostered.sum()) * hours,
        short_h=float(-cover.gap[short].sum()) * hours,
        short=int(short.sum()),
    )


def _difference(was: Covered, now: Covered) -> Difference:
    fewer = was.cover.leave - now.cover.leave
    ends = None
    if BOUNDS[0] in now.expected.columns and BOUNDS[0] in was.expected.columns:
        low, high = (_fewer_at(was, now, column) for column in BOUNDS[:2])
        ends = min(low, high), max(low, high)
    total = float(fewer.sum())
    return Difference(
        fewer_leave=total,
        more_in_time=float((was.cover.late - now.cover.late).sum()),
        ends=ends,
        spans=when_most(was.cover, np.abs(fewer)) if abs(total) >= NOTHING_DIFFERS else (),
    )


def _fewer_at(was: Covered, now: Covered, column: str) -> float:
    """Returns how many fewer leave where every interval comes at one end of its range."""
    ends = (
        with_calls(each.cover, each.expected.intervals(column, each.volume), each.service)
        for each in (was, now)
    )
    before, after = (float(each.leave.sum()) for each in ends)
    return before - after


# --- files --------------------------------------------------------------------------------------


def rows_of(sheet: PlanSheet) -> list[dict[str, str | int | float | None]]:
    """Returns the rows of the page's table, its columns by name.

    Without a roster the columns that speak of one are empty, and so are ranges that are not known.
    """
    rows: list[dict[str, str | int | float | None]] = []
    for at, stamp in enumerate(sheet.stamps):
        now = sheet.now
        bounds: list[float | None] = [round(each[at], 4) for each in sheet.bounds]
        covered_by: list[int | float | None] = [None] * 7
        if sheet.has_roster:
            covered_by = [
                now.rostered[at],
                round(now.on_phones[at], 4),
                now.gap(at),
                round(now.service_level[at], 6),
                round(now.abandon[at], 6),
                round(now.mean_wait_s[at], 3),
                round(now.calls[at] * now.abandon[at], 4),
            ]
        cells: list[str | int | float | None] = [
            *(stamp, round(now.calls[at], 4), *(bounds or [None] * len(BOUNDS))),
            *(now.needed[at], now.to_schedule[at], *covered_by),
        ]
        rows.append(dict(zip(TABLE, cells, strict=True)))
    return rows


def table_of(sheet: PlanSheet, delimiter: str) -> str:
    """Returns the table as text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(TABLE)
    for row in rows_of(sheet):
        writer.writerow(["" if cell is None else cell for cell in row.values()])
    return text.getvalue()
