"""Calls and rosters as they come from real spreadsheets, each with one thing that cannot be right.

The same files are given to the commands and to the pages: both name row and column, and nothing is
made of them.
"""

from typing import NamedTuple

HOURS = [f"2026-03-{2 + at // 24:02d} {at % 24:02d}:00" for at in range(24 * 14)]


class BadFile(NamedTuple):
    """Is a file with the place and the words of its fault."""

    name: str
    text: str
    row: int
    column: str
    says: str


def history(row: int, line: str, *, delimiter: str = ",") -> str:
    """Returns a fortnight of calls by the hour, with one row (from 1) as it should not be."""
    lines = ["timestamp,calls", *(f"{stamp},{5 + at % 7}" for at, stamp in enumerate(HOURS))]
    lines = [each.replace(",", delimiter) for each in lines]
    lines[row - 1] = line
    return "\n".join(lines) + "\n"


CALLS = [
    BadFile("a word for a count", history(9, f"{HOURS[7]},many"), 9, "calls", "many"),
    BadFile("a negative count", history(9, f"{HOURS[7]},-4"), 9, "calls", "-4"),
    BadFile("a word for a time", history(9, "soon,4"), 9, "timestamp", "soon"),
    BadFile("no time at all", history(9, ",4"), 9, "timestamp", "no time"),
    BadFile("a day that is none", history(9, "2026-02-30 07:00,4"), 9, "timestamp", "2026-02-30"),
    BadFile("a row twice", history(9, f"{HOURS[6]},4"), 9, "timestamp", "row 8"),
    BadFile("thousands or decimals", history(9, f'{HOURS[7]},"1,234"'), 9, "calls", "1,234"),
    BadFile("between two intervals", history(9, "2026-03-02 07:17,4"), 9, "timestamp", "07:17"),
    BadFile(
        "another delimiter, a negative count",
        history(9, f"{HOURS[7]};-4", delimiter=";"),
        9,
        "calls",
        "-4",
    ),
    BadFile(
        "a spreadsheet's date of the year 30000", history(9, "9999999,4"), 9, "timestamp", "1e"
    ),
]
"""Histories."""

FINE = [
    ("another delimiter", history(9, f"{HOURS[7]};4", delimiter=";")),
    ("a decimal comma", history(9, f"{HOURS[7]};4,5", delimiter=";")),
    ("a spreadsheet's own date", history(9, "46083.2916666667,4")),
    ("a gap", history(9, f"{HOURS[7]},")),
]
"""What looks odd and can be read."""

ROSTERS = [
    BadFile(
        "nobody", "person;start;end\n;2026-03-02 08:00;2026-03-02 16:00", 2, "person", "nobody"
    ),
    BadFile(
        "ends before it begins",
        "person;start;end\nAna;2026-03-02 16:00;2026-03-02 08:00",
        2,
        "end",
        "before",
    ),
    BadFile("a word", "person;start;end\nAna;early;2026-03-02 08:00", 2, "start", "early"),
    BadFile(
        "two shifts at once",
        "person;start;end\nAna;2026-03-02 08:00;2026-03-02 16:00\n"
        "Ana;2026-03-02 12:00;2026-03-02 20:00",
        3,
        "start",
        "already",
    ),
    BadFile(
        "minus two people",
        "timestamp;rostered\n2026-03-02 08:00;3\n2026-03-02 09:00;-2",
        3,
        "rostered",
        "-2",
    ),
    BadFile(
        "an interval twice",
        "timestamp;rostered\n2026-03-02 08:00;3\n2026-03-02 09:00;2\n2026-03-02 08:00;4",
        4,
        "timestamp",
        "row 2",
    ),
]
"""Rosters; those that count people are the planner's page's alone."""
