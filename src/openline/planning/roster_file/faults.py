"""What is wrong with a roster file, each fault with its place.

A fault has a code and values, so that a page can say it in its reader's language; here stand the
words of the command line.
"""

import msgspec

from openline.model import RefusedError

SHOWN = 20

WORDS = {
    "no_person": "nobody is named; write who works this shift.",
    "no_time": "there is no time; write it like {like}.",
    "bad_time": "{cell!r} is no time; write it like {like}.",
    "unclear_date": "is {cell!r} day or month first? Nothing tells; write it like 2026-03-02.",
    "ends_at_start": "the shift ends when it begins.",
    "ends_before": "the shift ends before it begins.",
    "too_long": "the shift lasts {hours} hours; at most 24 are one shift.",
    "overlap": "{person} works already then, in row {other}.",
    "double": "{time} is in row {other} already.",
    "bad_count": "{cell!r} is no number of people; write a whole one, 0 or more.",
    "repeats": "an event that repeats; export the calendar with each date on its own.",
    "no_end": "the event has neither an end nor a duration that can be read.",
    "no_zone": "{cell!r} has a zone; say where the roster is worked, as --zone Europe/Madrid.",
    "bad_zone": "{cell!r} is no time zone that is known here.",
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Is one thing that cannot be right."""

    row: int
    """The row of the table or the line of the calendar, from 1."""
    column: str
    code: str
    values: dict[str, str | int] = {}

    @property
    def words(self) -> str:
        """Returns it in English, without its place."""
        return WORDS[self.code].format_map(self.values)

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.words}"


class FaultyRosterError(RefusedError):
    """Names the faults of a roster, the first of many in words."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        told = "\n".join(f"  {name}, {each}" for each in faults[:SHOWN])
        more = len(faults) - SHOWN
        rest = f"\n  and {more:,} more" if more > 0 else ""
        cells = "1 cell is" if len(faults) == 1 else f"{len(faults):,} cells are"
        super().__init__(
            f"{name}: {cells} faulty, and nothing was read.\n{told}{rest}", code="bad_roster"
        )
        self.faults = tuple(faults)
