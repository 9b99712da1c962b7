"""A file or what was pasted becomes a roster, whole or not at all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from openline.model import RefusedError
from openline.planning.history_file.sheet import sheet_of
from openline.planning.roster_file.calendar import is_calendar, shifts_of_calendar
from openline.planning.roster_file.faults import Fault, FaultyRosterError
from openline.planning.roster_file.rows import shifts_of_rows
from openline.planning.roster_file.shift import Shift

LONGEST = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Holds the shifts of a file, in the order of their begin. There is at least one."""

    name: str
    shifts: tuple[Shift, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Who is on it, sorted."""
        return tuple(sorted({shift.person for shift in self.shifts}))

    @property
    def first(self) -> date:
        """The day on which the first shift begins."""
        return self.shifts[0].start.date()

    @property
    def last(self) -> date:
        """The day on which the last shift begins."""
        return self.shifts[-1].start.date()

    def of_group(self, group: str) -> "Roster":
        """Returns the shifts of one group.

        Raises:
            RefusedError: there is none (`unknown_group`).
        """
        chosen = tuple(shift for shift in self.shifts if shift.group == group)
        if not chosen:
            known = ", ".join(sorted({shift.group for shift in self.shifts if shift.group}))
            raise RefusedError(
                f"--group {group}: {self.name} has no shift of it. There are: {known or 'none'}.",
                code="unknown_group",
            )
        return Roster(name=self.name, shifts=chosen)


def read_roster(content: bytes, name: str, *, zone: ZoneInfo | None = None) -> Roster:
    """Reads a roster: a text with any delimiter, a workbook or a calendar.

    Raises:
        RefusedError: it is none, or cells are faulty, all named with their places (`bad_roster`).
    """
    text = content.decode("utf-8-sig", errors="replace")
    if is_calendar(text):
        shifts, faults = shifts_of_calendar(text, zone)
    else:
        shifts, faults = shifts_of_rows(sheet_of(content, name))
    faults += _impossible(shifts)
    if faults:
        raise FaultyRosterError(name, sorted(faults, key=lambda each: each.row))
    if not shifts:
        raise RefusedError(f"{name}: there is no shift in it.", code="bad_roster")
    return Roster(
        name=name, shifts=tuple(sorted(shifts, key=lambda each: (each.start, each.person)))
    )


def _impossible(shifts: list[Shift]) -> list[Fault]:
    """Returns the faults that show between begin and end, and between shifts of one person."""
    faults = []
    by_person: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        length = shift.end - shift.start
        if length == timedelta(0):
            faults.append(Fault(row=shift.row, column="end", code="ends_at_start"))
        elif length < timedelta(0):
            faults.append(Fault(row=shift.row, column="end", code="ends_before"))
        elif length > LONGEST:
            hours = -(-int(length.total_seconds()) // 3600)
            faults.append(
                Fault(row=shift.row, column="end", code="too_long", values={"hours": hours})
            )
        else:
            by_person[shift.person].append(shift)
    for person, own in by_person.items():
        own.sort(key=lambda each: (each.start, each.row))
        for before, after in pairwise(own):
            if after.start < before.end:
                values: dict[str, str | int] = {"person": person, "other": before.row}
                faults.append(Fault(row=after.row, column="start", code="overlap", values=values))
    return faults
