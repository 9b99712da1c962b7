import doctest
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pytest

from openline.model import RefusedError
from openline.planning.forecast import forecast, learn
from openline.planning.history_file import writing
from openline.planning.history_file.reading import HistoryFile, read_history
from openline.planning.history_file.sheet import sheet_of
from openline.planning.history_file.writing import csv_of, rows_of, stamps
from tests.planning.invented_calls import invented

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001  # civil time


def table(
    days: int = 14, *, delimiter: str = ",", form: str = "%Y-%m-%d %H:%M", calls: str = "{}"
) -> list[str]:
    """Half hours from Monday on, the header first; each has the number of its half hour."""
    lines = [f"timestamp{delimiter}calls"]
    for at in range(days * 48):
        when = MONDAY + timedelta(minutes=30 * at)
        lines.append(f"{when.strftime(form)}{delimiter}{calls.format(at % 48)}")
    return lines


def read(lines: list[str], **options: object) -> HistoryFile:
    sheet = sheet_of("\n".join(lines).encode(), "calls.csv")
    return read_history(sheet, **options)  # type: ignore[arg-type]


def words(lines: list[str], **options: object) -> str:
    with pytest.raises(RefusedError) as refused:
        read(lines, **options)
    return str(refused.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_read(delimiter: str) -> None:
    file = read(table(delimiter=delimiter))
    assert file.all().calls.shape == (14, 48)
    assert file.all().calls[3, 10] == 10
    assert file.findings == ()


@pytest.mark.parametrize(
    "form",
    [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%d.%m.%Y %H:%M",
        "%d/%m/%Y %H:%M",
        "%m/%d/%Y %H:%M",
        "%m/%d/%Y %I:%M %p",
        "%d.%m.%y %H:%M:%S",
        "%Y/%m/%d %H:%M",
    ],
)
def test_dates_are_read_as_people_write_them(form: str) -> None:
    history = read(table(40, form=form)).all()
    assert (history.first, history.days) == (date(2026, 3, 2), 40)
    assert history.calls[5, 17] == 17


def test_dates_that_may_be_either_are_read_in_the_order_in_which_they_run_on() -> None:
    assert read(table(9, form="%m/%d/%Y %H:%M")).all().days == 9
    assert read(table(9, form="%d/%m/%Y %H:%M")).all().days == 9


def test_a_decimal_comma_is_read_and_a_sign_between_thousands_is_not() -> None:
    assert read(table(delimiter=";", calls="{},5")).all().calls[0, 3] == 3.5
    said = words([*table(delimiter=";"), "2026-03-16 00:00;1,234"])
    assert "row 674, column calls: '1,234' may be 1234 or 1.234" in said


def test_spreadsheet_dates_are_read() -> None:
    lines = ["timestamp,calls"]
    begin = (MONDAY - datetime(1899, 12, 30)).days  # noqa: DTZ001
    lines += [f"{begin + at / 48:.6f},{at % 48}" for at in range(14 * 48)]
    history = read(lines).all()
    assert history.first == date(2026, 3, 2)
    assert history.calls[7, 47] == 47


def test_a_workbook_is_read_like_a_text() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Timestamp", "Calls", "Line"])
    for at in range(14 * 48):
        sheet.append([MONDAY + timedelta(minutes=30 * at), at % 48, "day"])
    content = io.BytesIO()
    book.save(content)
    file = read_history(sheet_of(content.getvalue(), "calls.xlsx"))
    assert file.line("day").calls[2, 30] == 30
    assert file.findings == ()


def test_date_and_time_may_stand_in_columns_of_their_own() -> None:
    lines = ["date,time,offered"]
    for at in range(96):
        when = MONDAY + timedelta(minutes=30 * at)
        lines.append(f"{when:%d.%m.%Y},{when:%H:%M},7")
    assert read(lines).all().calls.sum() == 96 * 7


def test_text_of_older_spreadsheets_and_of_unicode_is_read() -> None:
    text = "\n".join([*table(), "2026-03-16 00:00,0"]).replace("calls", "llamadas")
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert read_history(sheet_of(text.encode(encoding), "x.csv")).rows == 14 * 48 + 1


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2026-03-16 00:00,many", "row 674, column calls: 'many' is no number of calls"),
        ("2026-03-16 00:00,-3", "row 674, column calls: -3 calls cannot be"),
        ("2026-02-30 00:00,3", "row 674, column timestamp: '2026-02-30 00:00' is no time"),
        ("soon,3", "row 674, column timestamp: 'soon' is no time"),
        (",3", "row 674, column timestamp: there is no time"),
        ("2026-03-16 00:07,3", "row 674, column timestamp: 00:07:00 does not lie on an interval"),
        ("2026-03-15 12:00,3", "row 674, column timestamp: 2026-03-15 12:00 is in row 650"),
        ("2026-03-16 00:00,nan", "'nan' is no number of calls"),
    ],
)
def test_a_faulty_cell_is_named_by_row_and_column(cell: str, fault: str) -> None:
    lines = [*table(), cell]
    assert fault in words(lines)
    skipped = read(lines, skips_faulty=True)
    assert skipped.all().days == 14
    assert [str(each) for each in skipped.findings if "left out" in str(each)]


def test_all_faults_are_told_at_once_but_not_a_thousand() -> None:
    said = words(table(calls="-{}"))
    assert said.startswith("calls.csv: 658 cells are faulty")
    assert "and 638 more" in said


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([], "calls.csv is empty"),
        (["when,how many", "2026-03-02 00:00,3"], "there is no column timestamp and no calls"),
        (["timestamp,calls"], "there is no row with calls"),
        (["timestamp,calls", "2026-03-02 00:00,3"], "has one interval only"),
        (["timestamp,calls", "0026-03-02 00:00,3", "2026-03-02 00:30,3"], "one of the two is"),
        (["timestamp,calls", "2026-03-02 00:00,3", "2026-03-02 00:07,3"], "does not divide a day"),
    ],
)
def test_what_is_no_history_is_refused_in_words(lines: list[str], fault: str) -> None:
    assert fault in words(lines)


def test_a_missing_row_is_missing_and_an_empty_cell_is_too() -> None:
    lines = table()
    del lines[60:64]
    lines[100] = lines[100].split(",")[0] + ","
    file = read(lines)
    calls = file.all().calls
    assert np.isnan(calls[1, 11:15]).all()
    assert np.isnan(calls[2, 7])
    told = [str(each) for each in file.findings]
    assert "no rows from 2026-03-03 05:30 to 2026-03-03 07:30." in told
    assert any("1 cells are empty" in each for each in told)
    assert np.isfinite(read(lines, missing_is_zero=True).all().calls).all()


def test_nights_without_rows_are_closed_and_no_gap() -> None:
    lines = [line for line in table(28) if not (line[11:13].isdigit() and int(line[11:13]) < 8)]
    file = read(lines)
    assert file.findings == ()
    assert not file.all().is_open[:, :16].any()
    assert file.all().is_open[:, 16:].all()


def test_a_line_that_is_closed_at_weekends_has_no_gap_there() -> None:
    lines = [table()[0]]
    for line in table(28)[1:]:
        if datetime.fromisoformat(line[:16]).weekday() < 5:
            lines.append(line)
    file = read(lines)
    assert file.findings == ()
    assert not file.all().is_open[5:].any()


def test_finer_rows_are_added_up_and_a_lacking_one_is_made_up() -> None:
    lines = ["timestamp,calls"]
    for at in range(288 * 10):
        when = MONDAY + timedelta(minutes=5 * at)
        if at != 7:
            lines.append(f"{when:%Y-%m-%d %H:%M},2")
    history = read(lines).all()
    assert history.minutes == 30
    assert history.calls[0, 0] == 12
    assert history.calls[0, 1] == pytest.approx(12)
    assert read(lines, minutes=60).all().calls[0, 0] == pytest.approx(24)
    assert "can be 5m or a multiple" in words(lines, minutes=7)


def changed(zone: str, start: datetime, *, offsets: bool) -> list[str]:
    """Three weeks of hours round a clock change, as an export writes them."""
    lines = ["timestamp,calls"]
    begin = start.replace(tzinfo=ZoneInfo(zone)).timestamp()
    for at in range(21 * 24):
        when = datetime.fromtimestamp(begin + 3600 * at, ZoneInfo(zone))
        lines.append(f"{when.isoformat() if offsets else when.strftime('%Y-%m-%d %H:%M')},10")
    return lines


@pytest.mark.parametrize("offsets", [True, False])
@pytest.mark.parametrize("named", [True, False])
def test_both_clock_changes_are_understood(offsets: bool, named: bool) -> None:
    zone = ZoneInfo("Europe/Madrid") if named else None
    autumn = datetime(2025, 10, 15)  # noqa: DTZ001
    spring = datetime(2026, 3, 20)  # noqa: DTZ001
    back = read(changed("Europe/Madrid", autumn, offsets=offsets), zone=zone)
    assert back.all().calls[11, 2] == 10
    assert any("put back on 2025-10-26" in str(each) for each in back.findings)
    forward = read(changed("Europe/Madrid", spring, offsets=offsets), zone=zone)
    assert np.isnan(forward.all().calls[9, 2])
    assert any("put forward?" in str(each) for each in forward.findings)


def test_times_in_utc_are_told_in_the_zone() -> None:
    lines = [line.replace(" 0", "T0").replace(" 1", "T1").replace(" 2", "T2") for line in table()]
    lines = [lines[0]] + [line.replace(",", "Z,") for line in lines[1:]]
    history = read(lines, zone=ZoneInfo("America/Chicago")).all()
    assert history.first == date(2026, 3, 1)
    assert history.calls[0, 36] == 0


def test_lines_are_told_apart_and_added_up() -> None:
    lines = ["timestamp,calls,line"]
    for at in range(14 * 48):
        when = MONDAY + timedelta(minutes=30 * at)
        lines += [f"{when:%Y-%m-%d %H:%M},3,day", f"{when:%Y-%m-%d %H:%M},1,night"]
    file = read(lines)
    assert file.line("night").calls.sum() == 14 * 48
    assert file.all().calls[0, 0] == 4
    with pytest.raises(RefusedError, match=r"no line of that name\. There are: day, night"):
        file.line("dusk")


def test_a_line_that_began_later_does_not_hide_the_other() -> None:
    lines = ["timestamp,calls,line"]
    for at in range(21 * 48):
        when = MONDAY + timedelta(minutes=30 * at)
        lines.append(f"{when:%Y-%m-%d %H:%M},3,day")
        if at >= 7 * 48:
            lines.append(f"{when:%Y-%m-%d %H:%M},1,night")
    calls = read(lines).all().calls
    assert calls[0, 0] == 3
    assert calls[10, 0] == 4


def test_only_what_came_before_is_used() -> None:
    assert read(table(), before=datetime(2026, 3, 9)).all().days == 7  # noqa: DTZ001
    assert "before 2026-01-01" in words(table(), before=datetime(2026, 1, 1))  # noqa: DTZ001


def test_handle_times_are_weighed_by_calls() -> None:
    lines = ["timestamp,calls,aht_s"]
    for at in range(96 * 14):
        when = MONDAY + timedelta(minutes=15 * at)
        lines.append(f"{when:%Y-%m-%d %H:%M},{1 if at % 2 else 3},{400 if at % 2 else 200}")
    aht = read(lines, minutes=30).all().aht_s
    assert aht is not None
    assert aht[0, 0] == pytest.approx(250)


def test_totals_of_our_own_reports_are_left_out() -> None:
    lines = ["part,start,end,offered"]
    for line in table()[1:]:
        when, calls = line.split(",")
        lines.append(f"row,{when},,{calls}")
    lines.append("total,2026-03-02 00:00,,99999")
    assert read(lines).all().calls[0, 0] == 0


def test_a_forecast_is_written_by_the_clock() -> None:
    assert doctest.testmod(writing).failed == 0
    zone = ZoneInfo("America/Chicago")
    twice = stamps(datetime(2026, 11, 1, 1, 30), zone)  # noqa: DTZ001
    assert twice == ["2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-06:00"]
    history = invented(seed=3, days=60, first=date(2026, 1, 5))
    made = forecast(learn(history, 3, {}), 3)
    assert len(list(rows_of(made, zone))) == 144 - 2
    text = csv_of(made, None)
    assert text.startswith("timestamp,mean,low80,high80,low95,high95\n2026-03-06T00:00:00,")
    assert len(text.splitlines()) == 145
