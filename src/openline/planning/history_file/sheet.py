"""A file's cells: a text with any delimiter, or a workbook, as rows under a header.

Workbooks need openpyxl, which the extra `xlsx` brings.
"""

import csv
import io
import zipfile
from datetime import date, datetime
from typing import NamedTuple

from openline.model import RefusedError
from openline.planning.history_file.cells import Cell

NEED_OPENPYXL = (
    "Workbooks (.xlsx) need the package openpyxl, which is not installed. Install Openline with "
    "the extra `xlsx` (pip install 'openline[xlsx]'), or save the sheet as CSV."
)
DELIMITERS = ",;\t|"
MOST_BYTES = 64_000_000


class Sheet(NamedTuple):
    """Is a table as it was found."""

    name: str
    header: list[str]
    header_row: int
    rows: list[tuple[int, list[Cell]]]
    """Each with its row in the file, from 1."""


def sheet_of(content: bytes, name: str) -> Sheet:
    """Returns the cells of a file's content.

    Raises:
        RefusedError: it is no table (`no_table`, `history_empty`…), or openpyxl is missing
            (`no_openpyxl`).
    """
    if len(content) > MOST_BYTES:
        raise RefusedError(
            f"{name} is larger than {MOST_BYTES // 1_000_000} MB. Leave out what is older than "
            f"three years.",
            code="history_too_large",
        )
    if content.startswith(b"PK\x03\x04"):
        return _of_workbook(content, name)
    return sheet_of_text(_decoded(content, name), name)


def sheet_of_text(text: str, name: str) -> Sheet:
    """Returns the cells of a text, whatever stands between them."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[Cell]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((reader.line_num, list(row)))
    except csv.Error as error:
        raise RefusedError(
            f"{name}, row {reader.line_num}: this is no table ({error}).", code="no_table"
        ) from None
    return _headed(rows, name)


def _headed(rows: list[tuple[int, list[Cell]]], name: str) -> Sheet:
    if not rows:
        raise RefusedError(f"{name} is empty.", code="history_empty")
    at, header = rows[0]
    names = ["" if cell is None else str(cell).strip().lower() for cell in header]
    return Sheet(name, names, at, rows[1:])


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # What older spreadsheets write; every byte is a letter there.
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise RefusedError(
            f"{name} is neither text nor a workbook (.xlsx). Save it as CSV.", code="no_table"
        )
    return text


def _of_workbook(content: bytes, name: str) -> Sheet:
    try:
        import openpyxl  # noqa: PLC0415  # an extra
    except ImportError:
        raise RefusedError(NEED_OPENPYXL, code="no_openpyxl") from None
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        table = book.worksheets[0]
        rows = [
            (number, [_cell(value) for value in row])
            for number, row in enumerate(table.iter_rows(values_only=True), start=1)
            if any(value not in (None, "") for value in row)
        ]
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile):
        raise RefusedError(
            f"{name} is no workbook that can be read. Save it anew as .xlsx or as CSV.",
            code="no_table",
        ) from None
    return _headed(rows, name)


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | bool | int | float | datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # as in the sheet
    return str(value)
