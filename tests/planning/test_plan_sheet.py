from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from openline.model import RefusedError
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.history_file.sheet import sheet_of_text
from openline.planning.plan_asked import TABLE, Assumptions, Plan, PlanAsked, PlanSheet
from openline.planning.plan_sheet import answer, rows_of
from openline.planning.plan_tables import read_expected, read_planned
from openline.planning.roster_file.faults import FaultyRosterError

ZONE = ZoneInfo("America/Chicago")
EXAMPLES = Path(__file__).parents[2] / "examples"
ROSTER = (EXAMPLES / "invented-roster.csv").read_bytes()
USUAL = Assumptions(aht_s=360.0)


def hours(calls: float, days: int = 7, *, first: int = 31) -> bytes:
    """Returns a forecast of hours that are all alike, from the last days of August 2026 on."""
    lines = ["timestamp;mean;low80;high80;low95;high95"]
    for day in range(days):
        at = (8, first + day) if first + day <= 31 else (9, first + day - 31)
        lines += [
            f"2026-{at[0]:02d}-{at[1]:02d} {hour:02d}:00;{calls};{calls / 2};{calls * 2};0;99"
            for hour in range(24)
        ]
    return "\n".join(lines).encode()


def sheet_of(plan: Plan, was: Plan | None = None) -> PlanSheet:
    def no_record() -> None:
        raise AssertionError("the record was not asked for")

    found = answer(PlanAsked(plan=plan, was=was), no_record, ZONE)  # type: ignore[arg-type]
    assert found.sheet is not None
    return found.sheet


def changed(plan: Plan, **changes: float | str) -> Plan:
    assumptions = msgspec.structs.replace(plan.assumptions, **changes)
    return msgspec.structs.replace(plan, assumptions=assumptions)


PLAN = Plan(calls=hours(12.0), roster=ROSTER, assumptions=USUAL)


def test_what_is_needed_does_not_hang_on_the_roster() -> None:
    alone = sheet_of(msgspec.structs.replace(PLAN, roster=b""))
    both = sheet_of(PLAN)
    assert alone.now.needed == both.now.needed
    assert not alone.has_roster
    assert alone.sums.rostered_h == 0
    assert both.people == 20


def test_the_difference_is_that_of_the_two_plans_alone() -> None:
    more = changed(PLAN, people=1, begin=1020, end=1380)
    before, after = sheet_of(PLAN), sheet_of(more)
    both = sheet_of(more, PLAN)
    assert both.was == before.now
    assert both.now == after.now
    assert both.difference is not None
    assert both.difference.fewer_leave == pytest.approx(before.sums.leave - after.sums.leave)
    low, high = both.difference.ends or (0, 0)
    assert 0 < low < both.difference.fewer_leave < high


def test_the_volume_is_that_of_calls_and_ranges() -> None:
    doubled = sheet_of(changed(PLAN, volume=200.0))
    assert doubled.now.calls[0] == 24.0
    assert doubled.bounds[1][0] == 48.0
    # What the page carries on is the forecast itself: else it would double once more.
    assert sheet_of(changed(PLAN, volume=200.0)).calls_text == sheet_of(PLAN).calls_text


def test_a_plan_of_other_intervals_is_not_compared_with() -> None:
    other = msgspec.structs.replace(PLAN, calls=hours(12.0, days=3))
    assert sheet_of(PLAN, other).difference is None


def test_days_that_the_roster_does_not_reach_are_left_out_and_told() -> None:
    found = sheet_of(msgspec.structs.replace(PLAN, calls=hours(12.0, days=9)))
    assert found.left_out == ("2026-09-07", "2026-09-08")
    assert len(found.stamps) == 7 * 24


def test_the_page_carries_the_roster_on_whatever_it_came_as() -> None:
    once = sheet_of(PLAN)
    again = sheet_of(msgspec.structs.replace(PLAN, roster=once.roster_text.encode()))
    assert again.now == once.now
    assert again.roster_text == once.roster_text
    assert again.people == once.people


def test_counts_are_a_roster_too() -> None:
    once = sheet_of(PLAN)
    again = sheet_of(msgspec.structs.replace(PLAN, roster=once.table.encode()))
    assert again.now == once.now
    assert again.people == 0
    third = sheet_of(msgspec.structs.replace(PLAN, roster=again.roster_text.encode()))
    assert third.now == once.now


def test_the_table_has_every_column_and_no_figure_of_a_roster_that_is_not_there() -> None:
    rows = rows_of(sheet_of(msgspec.structs.replace(PLAN, roster=b"")))
    assert tuple(rows[0]) == TABLE
    assert rows[0]["needed_on_phones"] == 3
    assert all(rows[0][name] is None for name in TABLE[8:])


@pytest.mark.parametrize(
    ("text", "row", "column", "code"),
    [
        ("timestamp\tmean\nsoon\t3\n2026-09-01 01:00\t3", 2, "timestamp", "bad_time"),
        ("timestamp\tmean\n2026-09-01\t3\n\n2026-09-02\t-1", 4, "mean", "below_zero"),
        ("timestamp;mean\n2026-09-01;3\n2026-09-02;", 3, "mean", "bad_number"),
        ("timestamp;mean\n2026-09-01;3\n2026-09-01;4", 3, "timestamp", "double"),
    ],
)
def test_a_faulty_cell_of_a_forecast_is_named(text: str, row: int, column: str, code: str) -> None:
    with pytest.raises(FaultyHistoryError) as caught:
        read_expected(sheet_of_text(text, "pasted"))
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.code) == (row, column, code)


@pytest.mark.parametrize("cell", ["1.5", "-1", "many"])
def test_a_count_of_people_is_whole(cell: str) -> None:
    text = f"timestamp\trostered\n2026-09-01 01:00\t{cell}"
    with pytest.raises(FaultyRosterError, match=r"row 2, column rostered: .* no number of people"):
        read_planned(text.encode(), "pasted", ZONE)


def test_decimal_commas_are_read_where_something_else_parts_the_cells() -> None:
    found = read_expected(sheet_of_text("timestamp;mean\n1/9/2026;3,5\n2/9/2026;4,25", "pasted"))
    assert found.columns["mean"].tolist() == [3.5, 4.25]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("timestamp;mean\n2026-09-01;3", "one_interval"),
        ("mean;max\n3;4", "no_column"),
        ("timestamp;mean\n2026-09-01 00:00+02:00;3\n2026-09-01 01:00;3", "mixed_offsets"),
        ("timestamp;mean\n2026-09-02;3\n2026-09-01;3", "no_intervals"),
    ],
)
def test_what_is_no_forecast_is_refused(text: str, code: str) -> None:
    with pytest.raises(RefusedError) as caught:
        read_expected(sheet_of_text(text, "pasted"))
    assert caught.value.code == code
