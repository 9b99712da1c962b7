"""What is wrong with a configuration, said so that the person who wrote it can mend it.

A problem says where (file, line, key), what, what would be right, and the nearest right word. All
problems of a file are told at once, in the order of its lines.
"""

from collections.abc import Sequence

import msgspec

from openline.model import RefusedError

Path = tuple[str | int, ...]
"""Where a value stands: keys, and places in a list counted from 0."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Tells one thing that is wrong, or in a list of warnings, one that looks wrong."""

    file: str
    line: int | None
    """Counted from 1; None when the file could not be read at all."""
    column: int | None = None
    key: str = ""
    """For instance `queues.general.needs.en`; places in a list are counted from 1."""
    message: str
    allowed: str | None = None
    """A sentence that says what would be right."""
    nearest: str | None = None

    @property
    def text(self) -> str:
        """The whole problem on one line."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        said = [f"{where}:", f"{self.key}:"] if self.key else [f"{where}:"]
        said.append(self.message)
        if self.nearest is not None:
            said.append(f'Did you mean "{self.nearest}"?')
        if self.allowed is not None:
            said.append(self.allowed)
        return " ".join(said)


class ConfigurationError(RefusedError):
    """Refuses a configuration and says everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(p.text for p in self.problems), code="configuration")

    def as_json(self) -> list[dict[str, object]]:
        """Returns the problems as JSON values, in the order of the lines."""
        return [as_json(problem) for problem in self.problems]


def as_json(problem: Problem) -> dict[str, object]:
    """Returns the problem's fields and its one-line text as JSON values."""
    fields: dict[str, object] = msgspec.to_builtins(problem)
    return {**fields, "text": problem.text}


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Sorts by line and column and drops what would be said twice."""
    by_place = sorted(problems, key=lambda p: (p.line or 0, p.column or 0, p.key, p.message))
    return tuple(dict.fromkeys(by_place))


def written(path: Path) -> str:
    """Returns a path as a person would write it.

    >>> written(("simulation", "callers", 0, "share"))
    'simulation.callers[1].share'
    """
    said = ""
    for part in path:
        if isinstance(part, int):
            said += f"[{part + 1}]"
        else:
            said += ("." if said else "") + _word(part)
    return said


def shortened(text: str) -> str:
    """Quotes a text on one line, cut to a length that can be read in a message."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return f'"{plain}"' if len(plain) <= 40 else f'"{plain[:37]}…"'


def listed(words: Sequence[str]) -> str:
    """Joins words with commas; a long list is cut and says how many it leaves out."""
    said = ", ".join(_word(word) for word in words[:12])
    return said if len(words) <= 12 else f"{said} and {len(words) - 12} more"


def _word(word: str) -> str:
    """Leaves a key as it is where it can be written without quotes, and is not endless."""
    is_bare = word.isascii() and word.replace("-", "").replace("_", "").isalnum()
    return word if is_bare and len(word) <= 40 else shortened(word)
