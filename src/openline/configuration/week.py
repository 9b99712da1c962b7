"""What does "Mon-Fri 18:00-22:00; Sat 10-14" say? A week's opening hours, as people write them.

English and Spanish days, by their first three letters; days, then spans; a span without days
belongs to the days before it. Nothing written means day and night.
"""

import re
import unicodedata
from collections.abc import Mapping

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""As the configuration calls them, from Monday."""

MOST_SPANS = 12
ALWAYS = frozenset({"", "always", "day and night", "24/7", "24 h", "siempre", "dia y noche"})

_SPANISH = ("lun", "mar", "mie", "jue", "vie", "sab", "dom")
_NUMBER = {name: at for names in (DAYS, _SPANISH) for at, name in enumerate(names)}
_EVERY_DAY = frozenset({"daily", "every day", "diario", "a diario", "todos los dias", "cada dia"})
_TIME = r"(\d{1,2})(?:[:.h](\d\d))?\s*h?"
_SPAN = re.compile(rf"^(?P<days>.*?)\s*{_TIME}\s*(?:-|to|a)\s*{_TIME}$")
_RANGE = re.compile(r"^([a-z]+)\.?(?:\s*(?:-|to|a)\s*([a-z]+)\.?)?$")
_MIDNIGHT = 24 * 60

Week = Mapping[str, tuple[str, ...]]
"""The spans of each day that has any, as the configuration writes them."""


class UnclearError(Exception):
    """Says which part of what was written cannot be understood."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def week_of(text: str) -> Week | None:
    """Returns the opening hours of a week; None for day and night.

    An end before its start is the next day's.

    Raises:
        UnclearError: a part is no span of hours, or belongs to no day.

    >>> week_of("Mon-Tue 18-22, 23:00-1:30; sáb 10:00-14:00")["tue"]
    ('18:00-22:00', '23:00-01:30')
    >>> week_of("") is None
    True
    """
    plain = _plain(text).replace("–", "-")
    if plain in ALWAYS:
        return None
    week: dict[str, list[str]] = {day: [] for day in DAYS}
    days: tuple[int, ...] = ()
    for part in filter(None, (each.strip() for each in re.split(r"[;,\n]", plain))):
        found = _SPAN.match(part)
        if found is None:
            raise UnclearError(part)
        if found["days"]:
            days = _days(found["days"], part)
        begin, end = _minutes(found[2], found[3]), _minutes(found[4], found[5])
        if not days or begin is None or end is None or begin == _MIDNIGHT:
            raise UnclearError(part)
        for day in days:
            week[DAYS[day]].append(f"{_written(begin)}-{_written(end)}")
    if not 0 < max(map(len, week.values())) <= MOST_SPANS:
        raise UnclearError(plain[:40])
    return {day: tuple(spans) for day, spans in week.items() if spans}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(each for each in letters if not unicodedata.combining(each)).strip().lower()


def _days(words: str, part: str) -> tuple[int, ...]:
    """Returns the days of the week, 0 for Monday; a range may reach over Sunday."""
    words = words.rstrip(": ")
    if words in _EVERY_DAY:
        return tuple(range(7))
    found = _RANGE.match(words)
    first = _NUMBER.get(found[1][:3]) if found else None
    if found is None or first is None:
        raise UnclearError(part)
    last = first if found[2] is None else _NUMBER.get(found[2][:3])
    if last is None:
        raise UnclearError(part)
    return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))


def _minutes(hours: str, minutes: str | None) -> int | None:
    found = int(hours) * 60 + int(minutes or 0)
    return found if int(minutes or 0) < 60 and found <= _MIDNIGHT else None


def _written(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
