"""Events of an iCalendar file (RFC 5545) become shifts: the summary is who, the category the group.

Read is what calendars export of shifts: single events with begin and end or duration. A cancelled
event is no shift. An event that repeats is a fault, since its exceptions stand elsewhere.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from openline.planning.roster_file.faults import Fault
from openline.planning.roster_file.rows import LIKE_MOMENT
from openline.planning.roster_file.shift import Shift

_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_ESCAPED = re.compile(r"\\([\\;,nN])")


class _Line:
    """Is one property of an event."""

    def __init__(self, row: int, text: str) -> None:
        head, _, self.value = text.partition(":")
        if head.count('"') % 2:  # a colon within quotes
            rest, _, self.value = self.value.partition('":')
            head += rest + '"'
        self.row = row
        self.name, *parameters = head.upper().split(";")
        self.is_date = "VALUE=DATE" in parameters
        named = re.search(r";TZID=\"?([^;:\"]+)", head, re.IGNORECASE)
        self.zone = None if named is None else named[1]

    @property
    def text(self) -> str:
        said = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.value)
        return " ".join(said.split())


class _WrongError(Exception):
    def __init__(self, line: _Line, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.fault = Fault(row=line.row, column=line.name, code=code, values=values)


def is_calendar(text: str) -> bool:
    """Tells whether a text is iCalendar."""
    return text.lstrip("\ufeff \r\n\t").upper().startswith("BEGIN:VCALENDAR")


def shifts_of_calendar(text: str, zone: ZoneInfo | None) -> tuple[list[Shift], list[Fault]]:
    """Returns the shifts of a calendar and its faults, in the zone's civil time.

    Without a zone, times are taken as they are written; those in UTC are then a fault.
    """
    shifts, faults = [], []
    zones: set[str] = set()
    for event in _events(text):
        if "STATUS" in event and event["STATUS"].text.upper() == "CANCELLED":
            continue
        try:
            shift = _shift(event, zone)
            if (start := event["DTSTART"]).zone is not None and zone is None:
                zones.add(start.zone)
                if len(zones) > 1:
                    raise _WrongError(start, "no_zone", cell=start.zone)
            shifts.append(shift)
        except _WrongError as wrong:
            faults.append(wrong.fault)
    return shifts, faults


def _events(text: str) -> Iterator[dict[str, _Line]]:
    event: dict[str, _Line] | None = None
    inner = 0
    for row, folded in _unfolded(text):
        line = _Line(row, folded)
        if line.name == "BEGIN" and line.value.strip().upper() == "VEVENT":
            event, inner = {"BEGIN": line}, 0
        elif event is None:
            continue
        elif line.name == "BEGIN":
            inner += 1  # an alarm has a duration of its own
        elif line.name == "END" and inner:
            inner -= 1
        elif line.name == "END":
            yield event
            event = None
        elif not inner:
            event.setdefault(line.name, line)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Yields whole lines with the number of their first part."""
    at, held = 0, ""
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if line[:1] in (" ", "\t"):
            held += line[1:]
            continue
        if held:
            yield at, held
        at, held = number, line
    if held:
        yield at, held


def _shift(event: dict[str, _Line], zone: ZoneInfo | None) -> Shift:
    begin = event["BEGIN"]
    for repeating in ("RRULE", "RDATE"):
        if repeating in event:
            raise _WrongError(event[repeating], "repeats")
    who = event.get("SUMMARY")
    if who is None or not who.text:
        raise _WrongError(begin if who is None else who, "no_person")
    first = event.get("DTSTART")
    if first is None:
        raise _WrongError(begin, "no_time", like=LIKE_MOMENT)
    start = _moment(first, zone)
    if "DTEND" in event:
        end = _moment(event["DTEND"], zone)
    else:
        found = (
            _DURATION.fullmatch(event["DURATION"].value.strip()) if "DURATION" in event else None
        )
        if found is None or not any(found.groups()):
            raise _WrongError(first, "no_end")
        weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
        end = start + timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
        )
    group = event.get("CATEGORIES")
    return Shift(
        person=who.text,
        group="" if group is None else group.text,
        start=start,
        end=end,
        row=begin.row,
    )


def _moment(line: _Line, zone: ZoneInfo | None) -> datetime:
    text = line.value.strip()
    try:
        if line.is_date:
            raise ValueError
        at = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
    except ValueError:
        raise _WrongError(line, "bad_time", cell=text, like="20260302T083000") from None
    if text.endswith("Z"):
        if zone is None:
            raise _WrongError(line, "no_zone", cell=text)
        return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    if line.zone is None or zone is None:
        return at
    try:
        own = ZoneInfo(line.zone)
    except (KeyError, ValueError, OSError):
        raise _WrongError(line, "bad_zone", cell=line.zone) from None
    return at.replace(tzinfo=own).astimezone(zone).replace(tzinfo=None)
