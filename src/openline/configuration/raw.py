"""Reads the raw document, in which anything may be of any type; what does not fit is empty.

The checks that compare tables read it and not the models, so that one wrong type elsewhere does not
hide what they have to say.
"""

from collections.abc import Mapping

from openline.configuration.problems import Path
from openline.configuration.words import ALIASES

Raw = Mapping[str, object]


def seconds_of_day(clock: object) -> int | None:
    """Returns the seconds from midnight to a time such as "16:30", or None if it is no time."""
    if not isinstance(clock, str):
        return None
    hours, colon, minutes = clock.partition(":")
    is_time = bool(colon) and all(
        len(part) == 2 and part.isascii() and part.isdigit() for part in (hours, minutes)
    )
    return int(hours) * 3600 + int(minutes) * 60 if is_time else None


# --- rules ---------------------------------------------------------------------------------


def table_of(value: object) -> Raw:
    """Returns the value if it is a table."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """Returns the value if it is a list."""
    return value if isinstance(value, list) else []


def entries_of(raw: Raw, name: str) -> list[tuple[str, Raw]]:
    """Returns the tables in a table, each with its key."""
    return [(key, table_of(entry)) for key, entry in table_of(raw.get(name)).items()]


def known_in(raw: Raw, name: str) -> dict[str, tuple[str, ...]]:
    """Returns the keys of a table of tables, each with the names and words people use for it."""
    known: dict[str, tuple[str, ...]] = {}
    for key, entry in entries_of(raw, name):
        texts = entry.get("name")
        spoken = [texts] if isinstance(texts, str) else list(table_of(texts).values())
        known[key] = (*(t for t in spoken if isinstance(t, str)), *ALIASES.get(key, ()))
    return known


def caller_groups(raw: Raw) -> list[tuple[Path, Raw]]:
    """Returns the groups of simulated callers, each with its path."""
    return _groups(raw, "callers")


def colleague_groups(raw: Raw) -> list[tuple[Path, Raw]]:
    """Returns the groups of simulated colleagues, each with its path."""
    return _groups(raw, "colleagues")


def _groups(raw: Raw, name: str) -> list[tuple[Path, Raw]]:
    groups = list_of(table_of(raw.get("simulation")).get(name))
    return [(("simulation", name, n), table_of(group)) for n, group in enumerate(groups)]


def shifts_of(raw: Raw) -> list[tuple[Path, Raw]]:
    """Returns the shifts of all simulated colleagues, each with its path."""
    return [
        ((*path, "shifts", number), table_of(shift))
        for path, group in colleague_groups(raw)
        for number, shift in enumerate(list_of(group.get("shifts")))
    ]
