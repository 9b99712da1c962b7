"""Writes documents as TOML in many styles and remembers on which line each path began.

What `random` decides is style only; the document read back is always the same. Without it the
plainest style is used.
"""

import datetime
import re
from random import Random
from typing import Any

from openline.configuration.problems import Path

Document = dict[str, Any]


def write(document: Document, random: Random | None = None) -> tuple[str, dict[Path, int]]:
    writer = _Writer(random)
    writer.table((), document)
    return "".join(writer.text), writer.lines


class _Writer:
    def __init__(self, random: Random | None) -> None:
        self._random = random
        self._line = 1
        self.text: list[str] = []
        self.lines: dict[Path, int] = {}

    def _sometimes(self, share: float = 0.3) -> bool:
        return self._random is not None and self._random.random() < share

    def _put(self, words: str) -> None:
        self.text.append(words)
        self._line += words.count("\n")

    def _note(self, path: Path) -> None:
        self.lines.setdefault(path, self._line)

    def _end_line(self) -> None:
        self._put(self._pick([" # ] } \" '''", "\t"]) if self._sometimes() else "")
        self._put("\r\n" if self._sometimes(0.1) else "\n")
        if self._sometimes(0.2):
            self._put("\n  # [not.a.header]\n")

    def _pick(self, choices: list[str]) -> str:
        return choices[0] if self._random is None else self._random.choice(choices)

    # --- tables ----------------------------------------------------------------------------

    def table(self, path: Path, table: Document) -> None:
        """Writes what stands below a header: pairs first, since headers end the table."""
        later: list[tuple[str, Any]] = []
        for key, value in table.items():
            may_wait = isinstance(value, dict) or _is_tables(value)
            if may_wait and not self._sometimes():
                later.append((key, value))
            else:
                self._pair(path, (key,), value)
                self._end_line()
        for key, value in later:
            if isinstance(value, dict):
                self._below_header((*path, key), value)
            else:
                for index, each in enumerate(value):
                    self._header((*path, key), (*path, key, index))
                    self.table((*path, key, index), each)

    def _below_header(self, path: Path, table: Document) -> None:
        has_own_header = not table or any(not isinstance(v, dict) for v in table.values())
        if has_own_header or not self._sometimes():
            self._header(path, path)
            self.table(path, table)
        else:
            for key, value in table.items():
                self._below_header((*path, key), value)

    def _header(self, path: Path, noted: Path) -> None:
        for length in range(1, len(noted) + 1):
            self._note(noted[:length])
        keys = [self._key(part) for part in path if isinstance(part, str)]
        opening, closing = ("[", "]") if path == noted else ("[[", "]]")
        self._put(opening + self._pick(["", " "]) + self._pick([".", " . "]).join(keys) + closing)
        self._end_line()

    def _pair(self, path: Path, keys: tuple[str, ...], value: Any) -> None:
        """Writes a key and its value, or a table's only pair with a dotted key."""
        if isinstance(value, dict) and len(value) == 1 and self._sometimes(0.5):
            ((key, inner),) = value.items()
            self._pair(path, (*keys, key), inner)
            return
        for length in range(1, len(keys) + 1):
            self._note((*path, *keys[:length]))
        self._put(self._pick([".", " . "]).join(self._key(key) for key in keys))
        self._put(self._pick([" = ", "="]))
        self._value((*path, *keys), value)

    # --- values ----------------------------------------------------------------------------

    def _value(self, path: Path, value: Any) -> None:
        match value:
            case dict():
                self._put("{")
                for number, (key, inner) in enumerate(value.items()):
                    self._put(", " if number else " ")
                    self._pair(path, (key,), inner)
                self._put(" }")
            case list():
                self._list(path, value)
            case str():
                self._put(self._string(value))
            case bool():
                self._put("true" if value else "false")
            case datetime.datetime():
                self._put(value.isoformat(sep=self._pick(["T", " "])))
            case datetime.date() | datetime.time():
                self._put(value.isoformat())
            case _:
                self._put(str(value))

    def _list(self, path: Path, values: list[Any]) -> None:
        self._put("[")
        for index, each in enumerate(values):
            self._put("," if index else "")
            if self._sometimes():
                self._end_line()
            self._note((*path, index))
            self._value((*path, index), each)
        if values and self._sometimes():
            self._put(",")
            self._end_line()
        self._put("]")

    def _key(self, key: str) -> str:
        if re.fullmatch(r"[A-Za-z0-9_-]+", key) and not self._sometimes():
            return key
        if "'" not in key and key.isprintable() and self._sometimes():
            return f"'{key}'"
        return f'"{_escaped(key)}"'

    def _string(self, text: str) -> str:
        is_plain = text.isprintable() and "'" not in text
        if is_plain and self._sometimes():
            return f"'{text}'"
        if is_plain and self._sometimes():
            return f"'''\n{text}'''"
        if self._sometimes():
            return '"""\n' + _escaped(text).replace("\\n", "\n") + '\\\n   """'
        return f'"{_escaped(text)}"'


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _escaped(text: str) -> str:
    said = ""
    for char in text:
        if char in '"\\':
            said += "\\" + char
        elif char == "\n":
            said += "\\n"
        elif char.isprintable():
            said += char
        else:
            said += f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"
    return said
