import io
from datetime import datetime, time
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from openline.model import RefusedError
from openline.planning.roster_file.faults import FaultyRosterError
from openline.planning.roster_file.reading import Roster, read_roster

MADRID = ZoneInfo("Europe/Madrid")


def read(*lines: str, zone: ZoneInfo | None = None) -> Roster:
    return read_roster("\n".join(lines).encode(), "shifts.csv", zone=zone)


def faults(*lines: str, zone: ZoneInfo | None = None) -> list[str]:
    with pytest.raises(FaultyRosterError) as refused:
        read(*lines, zone=zone)
    return [str(each) for each in refused.value.faults]


def calendar(*events: tuple[str, ...]) -> list[str]:
    lines = ["BEGIN:VCALENDAR"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return [*lines, "END:VCALENDAR"]


def stretches(roster: Roster) -> list[tuple[str, str, str]]:
    return [
        (each.person, f"{each.start:%d %H:%M}", f"{each.end:%d %H:%M}") for each in roster.shifts
    ]


def test_a_table_of_dates_and_times_becomes_shifts_that_cross_midnight() -> None:
    roster = read("date,start,end,person,group", "2026-03-02,22:00,06:00,Ana,night")
    assert stretches(roster) == [("Ana", "02 22:00", "03 06:00")]
    assert roster.shifts[0].group == "night"


def test_a_pasted_table_in_spanish_with_tabs_and_days_first_is_the_same() -> None:
    roster = read(
        "Nombre\tFecha\tDesde\tHasta",
        "Ana\t31.03.2026\t8:30\t24:00",
        "Luis\t01.04.2026\t8.30\t12:00",
    )
    assert stretches(roster) == [("Ana", "31 08:30", "01 00:00"), ("Luis", "01 08:30", "01 12:00")]


def test_moments_may_stand_in_two_columns() -> None:
    roster = read("person;start;end", "Ana;2026-03-02 22:00;2026-03-03 06:00")
    assert stretches(roster) == [("Ana", "02 22:00", "03 06:00")]


def test_a_workbook_is_read_with_its_own_dates_and_times() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["person", "date", "start", "end"])
    sheet.append(["Ana", datetime(2026, 3, 2), time(8, 30), 0.75])  # noqa: DTZ001
    content = io.BytesIO()
    book.save(content)
    assert stretches(read_roster(content.getvalue(), "shifts.xlsx")) == [
        ("Ana", "02 08:30", "02 18:00")
    ]


def test_all_faults_are_told_with_row_and_column_and_nothing_is_read() -> None:
    assert faults(
        "person,date,start,end",
        ",2026-03-02,8:00,16:00",
        "Ana,2026-03-02,8:00,8:00",
        "Ben,2026-03-02,25:00,16:00",
        "Ben,soon,8:00,16:00",
        "Eva,2026-03-02,8:00,16:00",
        "Eva,2026-03-02,15:00,19:00",
        "Leo,2026-03-02,,19:00",
    ) == [
        "row 2, column person: nobody is named; write who works this shift.",
        "row 3, column end: the shift ends when it begins.",
        "row 4, column start: '25:00' is no time; write it like 08:30.",
        "row 5, column date: 'soon' is no time; write it like 2026-03-02.",
        "row 7, column start: Eva works already then, in row 6.",
        "row 8, column start: there is no time; write it like 08:30.",
    ]


def test_a_shift_longer_than_a_day_is_a_slip() -> None:
    assert faults("person,start,end", "Ana,2026-03-02 08:00,2026-04-02 16:00") == [
        "row 2, column end: the shift lasts 752 hours; at most 24 are one shift."
    ]


def test_a_date_that_may_be_two_days_is_asked_about() -> None:
    said = faults("person,date,start,end", "Ana,03/04/2026,8:00,16:00")
    assert "day or month first" in said[0]


def test_a_table_without_people_says_which_columns_there_are() -> None:
    with pytest.raises(RefusedError, match="no column person, end"):
        read("date,start", "2026-03-02,8:00")


def test_events_of_a_calendar_become_shifts_in_the_zone_of_the_roster() -> None:
    lines = calendar(
        ("SUMMARY:Ana\\, first", "CATEGORIES:night", "DTSTART:20260302T210000Z", "DURATION:PT8H"),
        (
            "SUMMARY:Ben",
            'DTSTART;TZID="Europe/Madrid":20260302T080000',
            "DTEND;TZID=Europe/Madrid:2026030",
            " 2T160000",
            "BEGIN:VALARM",
            "DURATION:PT1H",
            "END:VALARM",
        ),
        ("SUMMARY:Gone", "STATUS:CANCELLED", "DTSTART:20260302T080000", "DURATION:PT8H"),
    )
    assert stretches(read(*lines, zone=MADRID)) == [
        ("Ben", "02 08:00", "02 16:00"),
        ("Ana, first", "02 22:00", "03 06:00"),
    ]


def test_an_event_in_universal_time_asks_for_the_zone() -> None:
    lines = calendar(("SUMMARY:Ana", "DTSTART:20260302T210000Z", "DURATION:PT8H"))
    assert "--zone Europe/Madrid" in faults(*lines)[0]


def test_an_event_that_repeats_or_has_no_time_is_a_fault_with_its_line() -> None:
    assert faults(
        *calendar(
            ("SUMMARY:Ana", "DTSTART:20260302T210000", "DURATION:PT8H", "RRULE:FREQ=WEEKLY"),
            ("SUMMARY:Ben", "DTSTART;VALUE=DATE:20260302"),
            ("SUMMARY:Eva", "DTSTART:20260302T210000"),
            ("DTSTART:20260302T210000", "DURATION:PT8H"),
        )
    ) == [
        "row 6, column RRULE: an event that repeats; export the calendar with each date on its "
        "own.",
        "row 10, column DTSTART: '20260302' is no time; write it like 20260302T083000.",
        "row 14, column DTSTART: the event has neither an end nor a duration that can be read.",
        "row 16, column BEGIN: nobody is named; write who works this shift.",
    ]


def test_a_group_that_is_not_there_names_those_that_are() -> None:
    roster = read("person,date,start,end,group", "Ana,2026-03-02,8:00,16:00,day")
    assert roster.of_group("day").people == ("Ana",)
    with pytest.raises(RefusedError, match="There are: day"):
        roster.of_group("night")
