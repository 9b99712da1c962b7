"""What does one configuration file say that another does not, in words?

Compares what the files mean, not how they are written: order, comments and spaces count for
nothing. Keys never change their name, so a thing under another key is one that went and one that
came.
"""

import tomllib
from collections.abc import Iterator

LARGEST_SHOWN = 60
_SECRET = "secret"


def difference(before: str, after: str) -> tuple[str, ...]:
    r"""Returns one line for each setting that differs, in the order of the newer file.

    Both texts must be TOML that was read before. Secrets are named and never shown.

    >>> difference("[queues.es]\npriority = 5", "[queues.es]\npriority = 6\nceiling_s = 90")
    ('queues.es.priority: was 5, is 6', 'queues.es.ceiling_s: new, 90')
    """
    old, new = _settings(before), _settings(after)
    lines = []
    for place, value in new.items():
        if place not in old:
            lines.append(f"{place}: new, {_shown(place, value)}")
        elif old[place] != value:
            was, is_ = _shown(place, old[place]), _shown(place, value)
            lines.append(f"{place}: was {was}, is {is_}")
    gone = [place for place in old if place not in new]
    lines += [f"{place}: gone, was {_shown(place, old[place])}" for place in gone]
    return tuple(lines)


def _settings(text: str) -> dict[str, object]:
    return dict(_leaves("", tomllib.loads(text.removeprefix("\ufeff"))))


def _leaves(place: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and (value or not place):
        for key, inner in value.items():
            yield from _leaves(f"{place}.{key}" if place else key, inner)
    elif place == "partners.rows" and isinstance(value, str):
        for row in value.splitlines():
            yield f"{place}.{row.partition(',')[0]}", row
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(f"{place}[{number}]", inner)
    else:
        yield place, value


def _shown(place: str, value: object) -> str:
    if place.rpartition(".")[2] == _SECRET:
        return "a secret"
    words = str(value)
    if isinstance(value, str):
        words = f'"{value}"'
    elif isinstance(value, bool):
        words = words.lower()
    return words if len(words) <= LARGEST_SHOWN else f"{words[:LARGEST_SHOWN]}…"
