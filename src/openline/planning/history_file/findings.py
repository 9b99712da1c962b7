"""What was found in a history file, each with its place.

A finding has a code and values, so that a page can say it in its reader's language; here stand the
words of the command line.
"""

import msgspec

from openline.model import RefusedError

SHOWN = 20

Value = str | int | float

WORDS = {
    "no_time": "there is no time; write it like 2026-03-02 08:30.",
    "bad_time": "{cell!r} is no time; write it like 2026-03-02 08:30.",
    "bad_number": "{cell!r} is no number of {what}.",
    "below_zero": "{cell} {what} cannot be: there are none below zero.",
    "thousands": "{cell!r} may be {whole} or {decimal}; write it without a sign between thousands.",
    "off_interval": "{time} does not lie on an interval of {minutes} minutes.",
    "double": "{time} is in row {other} already.",
    "empty_cells": "{count:,} cells are empty: taken as missing.",
    "offsets": "the offsets from UTC change; name the zone, as in --zone Europe/Madrid, so that "
    "the forecast keeps its clock changes.",
    "put_back": "the clocks were put back on {days}: the mean of both hours is taken.",
    "gap": "no rows{of} from {begin} to {end}.",
    "gap_spring": "no rows{of} from {begin} to {end} (the clocks were put forward?).",
    "more_gaps": "{count:,} more gaps{of}: {missing:,} intervals are missing together.",
    "quiet": "many quiet intervals have no row. If your export leaves out intervals without calls, "
    "add --missing-is-zero.",
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Is something that somebody should know of a file."""

    code: str
    values: dict[str, Value] = {}
    row: int = 0
    """The row in the file, from 1; 0 where it is about the whole."""
    column: str = ""
    is_left_out: bool = False
    """Whether it is a fault whose row was left out."""

    @property
    def words(self) -> str:
        """Returns it in English, without its place."""
        text = WORDS[self.code].format_map(self.values)
        return f"left out: {text}" if self.is_left_out else text

    def __str__(self) -> str:
        place = [f"row {self.row}"] if self.row else []
        place += [f"column {self.column}"] if self.column else []
        return f"{', '.join(place)}: {self.words}" if place else self.words


class FaultyHistoryError(RefusedError):
    """Names the faults of a file, the first of many in words."""

    def __init__(self, name: str, faults: list[Finding]) -> None:
        told = "\n".join(f"  {name}, {each}" for each in faults[:SHOWN])
        more = len(faults) - SHOWN
        rest = f"\n  and {more:,} more" if more > 0 else ""
        kinds = "cell is" if len(faults) == 1 else "cells are"
        super().__init__(
            f"{name}: {len(faults):,} {kinds} faulty, and nothing was forecast.\n{told}{rest}\n"
            f"Mend them, or add --skip-faulty to count them as missing.",
            code="bad_history",
        )
        self.faults = tuple(faults)
