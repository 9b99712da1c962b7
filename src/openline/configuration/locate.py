"""On which line does each key of a TOML text stand?

`tomllib` gives values without places, so this scanner walks the same text once more and notes where
every key, table and list element begins. It trusts that `tomllib` has accepted the text: it checks
nothing, and must find every path that `tomllib` finds, whatever the way of writing (tables, arrays
of tables, dotted and quoted keys, inline tables, strings and lists over several lines, comments).

The one subtle rule: a header goes through the *last* element of every array of tables on its way,
so `[a.b]` after a second `[[a]]` stands at `("a", 1, "b")`.
"""

import re
from bisect import bisect_right

import msgspec

from openline.configuration.problems import Path

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_LITERAL = re.compile(r"'([^']*)'")
# Up to two quotes may stand directly before the three that end the text.
_LONG_BASIC = re.compile(r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']|'{1,2}(?!'))*'{3,5}", re.DOTALL)
_OTHER = re.compile(r"[^,\]}#\n]*")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class Place(msgspec.Struct, frozen=True):
    """Is a place in a text; both numbers count from 1."""

    line: int
    column: int


START = Place(1, 1)


class Places:
    """Knows where each path of one text begins."""

    def __init__(self, places: dict[Path, Place]) -> None:
        self._places = places

    def __contains__(self, path: Path) -> bool:
        return path in self._places

    def at(self, path: Path) -> Place:
        """Returns the place of the path, or of the nearest thing round it that is written down."""
        for length in range(len(path), 0, -1):
            place = self._places.get(path[:length])
            if place is not None:
                return place
        return START


def locate(text: str) -> Places:
    """Returns the places of all paths of a text that `tomllib` accepts."""
    scanner = _Scanner(text)
    scanner.document()
    return Places(scanner.places)


class _Scanner:
    def __init__(self, text: str) -> None:
        # tomllib does the same, so that a line ends in one way only.
        self._text = text.replace("\r\n", "\n")
        self._lines = [0, *(match.end() for match in re.finditer("\n", self._text))]
        self._at = 0
        self._tables_in: dict[Path, int] = {}
        self.places: dict[Path, Place] = {}

    def document(self) -> None:
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._takes("[["):
                table = self._header(is_array=True)
            elif self._takes("["):
                table = self._header(is_array=False)
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self, *, is_array: bool) -> Path:
        """Reads the rest of a header and returns the path of the table that it opens."""
        begin = self._at
        keys = self._key()
        self._at += 2 if is_array else 1
        path: Path = ()
        for number, key in enumerate(keys, start=1):
            path = (*path, key)
            self._note(path, begin)
            if is_array and number == len(keys):
                self._tables_in[path] = self._tables_in.get(path, 0) + 1
            if path in self._tables_in:
                path = (*path, self._tables_in[path] - 1)
                self._note(path, begin)
        return path

    def _pair(self, table: Path) -> None:
        begin = self._at
        path = table
        for key in self._key():
            path = (*path, key)
            self._note(path, begin)
        self._takes("=")
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> list[str]:
        """Reads a dotted key and the space behind it."""
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            if (match := _BARE_KEY.match(self._text, self._at)) is not None:
                keys.append(match[0])
            elif (match := _LITERAL.match(self._text, self._at)) is not None:
                keys.append(match[1])
            elif (match := _BASIC.match(self._text, self._at)) is not None:
                keys.append(_ESCAPE.sub(_unescaped, match[1]))
            self._at = self._at if match is None else match.end()
            self._skip(_SPACE)
            if not self._takes("."):
                return keys

    def _value(self, path: Path) -> None:
        for opening in (_LONG_BASIC, _LONG_LITERAL, _BASIC, _LITERAL):
            if opening.match(self._text, self._at) is not None:
                self._skip(opening)
                return
        if self._takes("["):
            self._array(path)
        elif self._takes("{"):
            self._inline_table(path)
        else:
            self._skip(_OTHER)

    def _array(self, path: Path) -> None:
        index = 0
        self._skip(_BLANK)
        while not self._takes("]"):
            self._note((*path, index), self._at)
            self._value((*path, index))
            self._skip(_BLANK)
            self._takes(",")
            self._skip(_BLANK)
            index += 1

    def _inline_table(self, path: Path) -> None:
        self._skip(_BLANK)
        while not self._takes("}"):
            self._pair(path)
            self._skip(_BLANK)
            self._takes(",")
            self._skip(_BLANK)

    def _note(self, path: Path, at: int) -> None:
        """Notes where a path begins; the first mention counts."""
        if path not in self.places:
            line = bisect_right(self._lines, at)
            self.places[path] = Place(line, at - self._lines[line - 1] + 1)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        self._at = self._at if match is None else match.end()

    def _takes(self, mark: str) -> bool:
        if not self._text.startswith(mark, self._at):
            return False
        self._at += len(mark)
        return True


def _unescaped(match: re.Match[str]) -> str:
    word = match[1]
    if len(word) > 1:
        return chr(int(word[1:], 16))
    return _ESCAPED.get(word, word)
