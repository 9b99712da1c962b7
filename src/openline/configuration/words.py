"""How is a wrong value told to the person who wrote it?

The checks of pydantic speak of types and contexts; here each becomes one plain problem: which key,
what is wrong with it, what is allowed, and the nearest right word.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from pydantic_core import ErrorDetails

from openline.configuration.locate import Places
from openline.configuration.problems import Path, Problem, listed, shortened, written
from openline.configuration.shapes import (
    ROOT,
    Shape,
    allowed_words,
    choices_of,
    example_of,
    keys_of,
    shape_at,
    tables,
)

# A guess compares with every known word. Whoever gets more problems than this has the wrong file.
_GUESSES = 200
_SECRETS = (
    ("telephony", "turn", "secret"),
    ("store", "url"),
    ("on_call", "notify", "webhook"),
)
"""What may hold a secret is not repeated."""


class Reporter:
    """Makes problems of one text: it knows the file's name and where each key stands."""

    def __init__(self, file: str, places: Places) -> None:
        self._file = file
        self._places = places
        self._guesses_left = _GUESSES

    def problem(
        self, path: Path, message: str, *, allowed: str | None = None, nearest: str | None = None
    ) -> Problem:
        """Makes a problem at the path, or at what is written round it."""
        place = self._places.at(path)
        return Problem(
            file=self._file,
            line=place.line,
            column=place.column,
            key=written(path),
            message=message,
            allowed=allowed,
            nearest=nearest,
        )

    def unknown(
        self, path: Path, what: str, word: str, known: Mapping[str, Iterable[str]]
    ) -> Problem:
        """Makes the problem of a word that names nothing.

        `known` maps each right word to others that people use for it, such as its display name.
        """
        plural = what.capitalize() + ("" if what == "music" else "s")
        self._guesses_left -= 1
        nearest = nearest_word(word, known) if self._guesses_left >= 0 else None
        return self.problem(
            path,
            f"there is no {what} {shortened(word)}.",
            allowed=f"{plural} here: {listed(tuple(known))}." if known else f"{plural} here: none.",
            nearest=nearest,
        )

    def translated(self, errors: Sequence[ErrorDetails]) -> list[Problem]:
        """Makes the problems that the findings of pydantic tell.

        A key that is only misspelt is not told a second time as missing.
        """
        misspelt = {
            (*path[:-1], nearest)
            for error in errors
            if error["type"] == "extra_forbidden"
            and (nearest := _nearest_key(path := error["loc"])) is not None
        }
        return [
            self._translated(error)
            for error in errors
            if error["type"] != "missing" or error["loc"] not in misspelt
        ]

    def _translated(self, error: ErrorDetails) -> Problem:
        path: Path = error["loc"]
        kind = error["type"]
        if kind == "extra_forbidden":
            return self._unknown_key(path)
        *before, last = path
        if last == "":
            # A name that was given once for all languages.
            path = tuple(before)
        elif last == "[key]":
            path = tuple(before)
            return self.problem(path, "cannot be a key.", allowed=_KEY_ALLOWED)
        shape = shape_at(path)
        allowed = allowed_sentence(shape) if shape is not None else None
        if kind == "missing":
            return self.problem(path, "is missing.", allowed=allowed)
        value: object = error["input"]
        seen = "this text" if path in _SECRETS and isinstance(value, str) else seen_words(value)
        return self.problem(
            path, f"cannot be {seen}.", allowed=allowed, nearest=_nearest_choice(shape, value)
        )

    def _unknown_key(self, path: Path) -> Problem:
        key = path[-1]
        keys = keys_of(shape_at(path[:-1]) or ROOT)
        nearest = _nearest_key(path)
        allowed = f"Keys here: {', '.join(keys)}."
        if nearest is None:
            # The usual cause is a key that slid under the header of another table.
            homes = [name for name, table in tables() if key in table.model_fields]
            if homes:
                allowed += f" A key of that name belongs in {' or '.join(map(_header, homes))}."
        return self.problem(
            path, f"there is no key {shortened(str(key))} here.", allowed=allowed, nearest=nearest
        )


_KEY_ALLOWED = (
    "Allowed: up to 40 lower-case letters, digits, - and _, beginning with a letter, "
    "for example night-line. The text that people read goes into name."
)


def nearest_word(word: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Returns the known word that was probably meant, or None.

    >>> nearest_word("spanish", {"en": ["English"], "es": ["Spanish"]})
    'es'
    """
    plain = word.strip().lower()
    by_spelling: dict[str, str] = {}
    for right, others in known.items():
        for spelling in (right, *others):
            by_spelling.setdefault(spelling.lower(), right)
    # Comparing costs the product of the lengths, and no word here is long.
    matches = get_close_matches(plain[:80], by_spelling, n=1, cutoff=0.6)
    found = by_spelling[matches[0]] if matches else None
    return None if found == word else found


def _nearest_key(path: Path) -> str | None:
    """Returns the key that was meant by an unknown one."""
    keys = keys_of(shape_at(path[:-1]) or ROOT)
    return nearest_word(str(path[-1]), dict.fromkeys(keys, ()))


def allowed_sentence(shape: Shape) -> str:
    """Says what may stand there, with an example."""
    example = example_of(shape)
    return f"Allowed: {allowed_words(shape)}" + (f", for example {example}." if example else ".")


def seen_words(value: object) -> str:
    """Says what was written instead, briefly."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            # Python refuses to print numbers of thousands of digits.
            is_short = isinstance(value, float) or abs(value) < 10**30
            return str(value) if is_short else "so large a number"
        case str():
            return f"the text {shortened(value)}" if value else "an empty text"
        case list():
            return f"a list of {len(value)}" if value else "an empty list"
        case dict():
            return "a table" if value else "an empty table"
        case datetime.time():
            return f"the time {value} without quotes"
        case datetime.date():
            return "a date"
        case _:
            return "this"


def _nearest_choice(shape: Shape | None, value: object) -> str | None:
    """Returns the choice that was meant, where a text stands for one of a few."""
    if shape is None or not isinstance(value, str):
        return None
    return nearest_word(value, {word: ALIASES.get(word, ()) for word in choices_of(shape)})


ALIASES = {
    "en": ("English", "inglés"),
    "es": ("Spanish", "español", "castellano"),
    "mon": ("Monday",),
    "tue": ("Tuesday",),
    "wed": ("Wednesday",),
    "thu": ("Thursday",),
    "fri": ("Friday",),
    "sat": ("Saturday",),
    "sun": ("Sunday",),
}
"""What people write for words that we have shortened."""


def _header(name: str) -> str:
    return f"[[{name.removesuffix('[]')}]]" if name.endswith("[]") else f"[{name}]"
