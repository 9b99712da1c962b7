"""Which organisations are partners, and is the table of them right?

A table with commas, a row for each. The first line names the columns:

    key     what it is called inside; it never changes
    name    what people read
    entry   how its calls are known: `number`, `line` or `menu`
    at      that number (several with spaces between), as in +13125550100; the key of a line, or
            line/entry; or menu/digit
    start   the first day on which it calls as a partner, by the clock of the centre
    group   the group whose limit it keeps to; may be left out
    agents  how many agents may serve it at once while others wait; may be left out

Everything that is wrong is told at once, by row and column. Numbers are those of organisations and
are kept with the configuration; they never enter the engine or its record.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from openline.configuration.problems import Problem, listed, shortened
from openline.configuration.raw import Raw, entries_of, known_in, table_of
from openline.configuration.words import nearest_word
from openline.engine.value import Value

COLUMNS = ("key", "name", "entry", "at", "start", "group", "agents")
NEEDED = COLUMNS[:5]
ENTRIES = ("number", "line", "menu")
LARGEST_AGENTS = 2000
_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_NAME = re.compile(r"(?=.*\S)[^\x00-\x1f\x7f]{1,80}")


class Partner(Value, frozen=True, kw_only=True):
    """Is one row that is right."""

    key: str
    name: str
    entry: str
    at: tuple[str, ...]
    """Several only where it is known by numbers."""
    start: date
    group: str | None
    agents: int | None


class Place(msgspec.Struct, frozen=True):
    """Says where the rows were written: in which file, and on which of its lines they begin."""

    file: str
    first_line: int = 1
    is_one_line: bool = False
    """Whether all rows stand on that line, with signs for the ends of theirs."""
    key: str = ""
    """The key of the configuration under which they stand, if they do."""


class Rows:
    """Reads the rows of one table; `problems` says what is wrong with them."""

    def __init__(self, text: str, place: Place, raw: Raw) -> None:
        """`raw` is the document beside which they stand: its lines, menus and groups."""
        self._place = place
        self.problems: list[Problem] = []
        self._lines = _entries_by_line(raw)
        self._choices = _choices(raw)
        self._groups = known_in(table_of(raw.get("partners")), "groups")
        self._taken: dict[tuple[str, str], int] = {}
        self._guesses_left = 200
        self.partners = tuple(self._read(text))

    def _read(self, text: str) -> Iterator[Partner]:
        reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True)
        line = 0
        try:
            header = [cell.strip() for cell in next(reader, [])]
            if not self._is_header(header):
                return
            for cells in reader:
                line = reader.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                partner = self._row(line, header, cells)
                if partner is not None:
                    yield partner
        except csv.Error as error:
            self._wrong(line + 1, "", f"cannot be read as a table with commas ({error}).")

    def _is_header(self, header: list[str]) -> bool:
        before = len(self.problems)
        for number, name in enumerate(header, start=1):
            if name not in COLUMNS:
                self._unknown(1, "", number, "column", name, dict.fromkeys(COLUMNS, ()))
            elif name in header[: number - 1]:
                self._wrong(1, name, "is there twice.", number)
        missing = [name for name in NEEDED if name not in header]
        if missing:
            self._wrong(
                1,
                "",
                f"has no column {listed(missing)}.",
                allowed=f"The first row names the columns: {','.join(COLUMNS)}.",
            )
        return len(self.problems) == before

    def _row(self, line: int, header: list[str], cells: list[str]) -> Partner | None:
        before = len(self.problems)
        if len(cells) > len(header):
            self._wrong(
                line,
                "",
                f"has {len(cells)} columns, and the first row has {len(header)}.",
                allowed='A name with a comma in it stands in quotes: "Smith, Sons".',
            )
            return None
        values = dict.fromkeys(COLUMNS, "")
        values.update(zip(header, (cell.strip() for cell in cells), strict=False))
        columns = {name: number for number, name in enumerate(header, start=1)}
        self._key(line, columns, values["key"])
        if _NAME.fullmatch(values["name"]) is None:
            self._cell(line, columns, "name", values["name"], "text of 1 to 80 characters")
        at = self._at(line, columns, values["entry"], values["at"])
        start = self._start(line, columns, values["start"])
        group = values["group"] or None
        if group is not None and group not in self._groups:
            self._unknown(line, "group", columns["group"], "group", group, self._groups)
        agents = self._agents(line, columns, values["agents"])
        if len(self.problems) > before or start is None:
            return None
        return Partner(
            key=values["key"],
            name=values["name"],
            entry=values["entry"],
            at=at,
            start=start,
            group=group,
            agents=agents,
        )

    def _key(self, line: int, columns: Mapping[str, int], key: str) -> None:
        if _KEY.fullmatch(key) is None:
            allowed = "up to 40 lower-case letters, digits, - and _, beginning with a letter"
            self._cell(line, columns, "key", key, allowed)
        else:
            self._once(line, columns, "key", key)

    def _at(self, line: int, columns: Mapping[str, int], entry: str, at: str) -> tuple[str, ...]:
        if entry not in ENTRIES:
            self._unknown(
                line, "entry", columns["entry"], "entry", entry, dict.fromkeys(ENTRIES, ())
            )
            return ()
        if entry == "number":
            numbers = tuple(at.split())
            for number in numbers or ("",):
                if _NUMBER.fullmatch(number) is None:
                    allowed = "a number as +13125550100, several with spaces between"
                    self._cell(line, columns, "at", number, allowed)
                else:
                    self._once(line, columns, "at", number)
            return numbers
        known = self._lines if entry == "line" else self._choices
        if at in known:
            self._once(line, columns, "at", at)
        else:
            what = "line or page" if entry == "line" else "menu choice"
            self._unknown(line, "at", columns["at"], what, at, known)
        return (at,)

    def _start(self, line: int, columns: Mapping[str, int], text: str) -> date | None:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                pass
        self._cell(line, columns, "start", text, "a date as year-month-day, such as 2026-03-30")
        return None

    def _agents(self, line: int, columns: Mapping[str, int], text: str) -> int | None:
        if not text:
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LARGEST_AGENTS:
            return int(text)
        self._cell(line, columns, "agents", text, f"a number from 1 to {LARGEST_AGENTS}, or none")
        return None

    # --- saying so -------------------------------------------------------------------------

    def _once(self, line: int, columns: Mapping[str, int], name: str, value: str) -> None:
        first = self._taken.setdefault((name, value), line)
        if first != line:
            self._wrong(
                line,
                name,
                f"is {shortened(value)}, as in row {first}.",
                columns[name],
                allowed="Allowed: each of its own.",
            )

    def _cell(
        self, line: int, columns: Mapping[str, int], name: str, value: str, allowed: str
    ) -> None:
        said = f"cannot be {shortened(value)}." if value else "is empty."
        self._wrong(line, name, said, columns[name], allowed=f"Allowed: {allowed}.")

    def _unknown(
        self,
        line: int,
        name: str,
        column: int,
        what: str,
        word: str,
        known: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._guesses_left -= 1
        nearest = nearest_word(word, known) if self._guesses_left >= 0 else None
        allowed = f"Allowed: {listed(tuple(known))}." if known else "There is none."
        said = f"there is no {what} {shortened(word)}." if word else "is empty."
        self._wrong(line, name, said, column, allowed=allowed, nearest=nearest)

    def _wrong(
        self,
        line: int,
        name: str,
        message: str,
        column: int | None = None,
        *,
        allowed: str | None = None,
        nearest: str | None = None,
    ) -> None:
        key = f"{self._place.key}, " if self._place.key else ""
        key += f"row {line}" + ("" if column is None else f", column {column}")
        self.problems.append(
            Problem(
                file=self._place.file,
                line=self._place.first_line + (0 if self._place.is_one_line else line - 1),
                column=column or 1,
                key=f"{key} ({name})" if name else key,
                message=message,
                allowed=allowed,
                nearest=nearest,
            )
        )


def _entries_by_line(raw: Raw) -> dict[str, tuple[str, ...]]:
    """Returns every line, and every number or page of one as line/entry."""
    known: dict[str, tuple[str, ...]] = {}
    for key, line in entries_of(raw, "lines"):
        known[key] = ()
        known.update((f"{key}/{entry}", ()) for entry in table_of(line.get("entries")))
    return known


def _choices(raw: Raw) -> dict[str, tuple[str, ...]]:
    """Returns every digit of a menu as menu/digit."""
    return {
        f"{key}/{digit}": ()
        for key, menu in entries_of(raw, "menus")
        for digit in table_of(menu.get("choices"))
    }
