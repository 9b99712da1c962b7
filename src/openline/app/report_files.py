"""A report as rows of a file: one for each slice, and the totals after them.

In files a share runs from 0 to 1 and a time is in seconds, with `_s` after its name; what is
undefined is empty (null).
"""

import json
from collections.abc import Sequence

from openline.app.reporting import Made, Request
from openline.app.workbook import Value
from openline.measures import definition
from openline.model import SECOND
from openline.reports import By, column, figures

TYPES: dict[str, type] = {"count": int, "share": float, "seconds": float}


def types_of(request: Request, keys: Sequence[str]) -> dict[str, type]:
    """Returns the columns of the file, in their order."""
    types: dict[str, type] = {"part": str, "start": str, "end": str}
    if request.per is not None:
        types[request.per] = str
    return types | {column(key): TYPES[definition(key).unit] for key in keys}


def records(made: Made, keys: Sequence[str]) -> list[dict[str, Value]]:
    """Returns the rows and after them the totals, all with the same columns."""
    calendar, per = made.calendar, made.request.per
    whole = {
        "start": calendar.local(calendar.since).isoformat(),
        "end": calendar.local(calendar.until).isoformat(),
    }
    told: list[dict[str, Value]] = []
    for row in made.history.rows:
        head: dict[str, Value] = {
            "part": "row",
            "start": calendar.local(row.slice.start).isoformat(),
            "end": calendar.local(row.slice.end).isoformat(),
        }
        key = {} if per is None else {per: row.key}
        told.append({**head, **key, **figures(row.sums, keys)})
    for name, sums in made.history.totals.items():
        key = {} if per is None else {per: name}
        told.append({"part": "total", **whole, **key, **figures(sums, keys)})
    return told


def as_json(made: Made, keys: Sequence[str]) -> str:
    """Returns the report with its period, its thresholds and its definitions, for programs."""
    calendar, request = made.calendar, made.request
    rows = records(made, keys)
    fields = {
        "from": calendar.local(calendar.since).isoformat(),
        "to": calendar.local(calendar.until).isoformat(),
        "zone": calendar.zone.key,
        "by": request.by.value,
        "interval_s": request.minutes * 60 if request.by is By.INTERVAL else None,
        "origins": [origin.value for origin in request.origins],
        "queues": list(request.queues) or None,
        "lines": list(request.lines) or None,
        "forgotten_until": None
        if made.forgotten_until is None
        else calendar.local(made.forgotten_until).isoformat(),
        "applied": {
            "targets_s": {key: within / SECOND for key, within in made.targets.items()},
            "short_abandons_s": {key: s / SECOND for key, s in made.short_abandons.items()},
        },
        "measures": [
            {
                "key": key,
                "column": column(key),
                "unit": definition(key).unit,
                "definition": definition(key).words,
            }
            for key in keys
        ],
        "rows": [_without_part(each) for each in rows if each["part"] == "row"],
        "totals": [_without_part(each) for each in rows if each["part"] == "total"],
    }
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def _without_part(record: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in record.items() if name != "part"}
