"""How rows become a file: JSON, CSV or Parquet for programs, a workbook (.xlsx) for people.

Parquet needs pyarrow, which the extra `parquet` brings.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openline.app.workbook import Record, Value, write_workbook
from openline.model import PeerError, RefusedError
from openline.planning.cells import defused

AT_ONCE = 20_000
"""Rows of a Parquet file that are held at a time."""

SUFFIXES = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
NEED_PYARROW = (
    "Parquet files need the package pyarrow, which is not installed. Install Openline with the "
    "extra `parquet` (pip install 'openline[parquet]'), or write .csv instead."
)


def form_of(out: Path | None, asked: Sequence[str], *, known: Sequence[str]) -> str:
    """Returns the form to write: what was asked for, else by the file's ending, else a table.

    Raises `RefusedError` where two forms were asked for, or none is known by that ending.
    """
    if len(asked) > 1:
        raise RefusedError(f"--{asked[0]} --{asked[1]}: choose one of them.", code="two_forms")
    if asked:
        return asked[0]
    if out is None:
        return "table"
    form = SUFFIXES.get(out.suffix)
    if form is None or form not in known:
        endings = ", ".join(ending for ending, name in SUFFIXES.items() if name in known)
        raise RefusedError(
            f"--out {out}: the ending says what is written; it can be {endings}.",
            code="unknown_ending",
        )
    return form


def write(
    form: str,
    out: Path | None,
    types: Mapping[str, type],
    records: Iterable[Record],
) -> int:
    """Writes records one by one, to a file or to standard output; returns how many.

    `types` are the columns, in their order. Raises `PeerError` where writing fails.
    """
    if form == "parquet" and out is not None:
        return write_parquet(out, types, records)
    if form == "xlsx" and out is not None:
        try:
            return write_workbook(out, list(types), records)
        except OSError as error:
            raise cannot_write(out, error) from error
    lines = _csv_lines(types, records) if form == "csv" else _json_lines(records)
    count = -1 if form == "csv" else 0
    if out is None:
        for line in lines:
            sys.stdout.write(line)
            count += 1
        return count
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            for line in lines:
                file.write(line)
                count += 1
    except OSError as error:
        raise cannot_write(out, error) from error
    return count


def _csv_lines(columns: Iterable[str], records: Iterable[Record]) -> Iterator[str]:
    names = list(columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for record in records:
        yield _taken(text)
        writer.writerow(_cell(record[name]) for name in names)
    yield _taken(text)


def _cell(value: Value) -> Value:
    match value:
        case None:
            return ""
        case str():
            return defused(value)
        case _:
            return value


def _taken(text: io.StringIO) -> str:
    line = text.getvalue()
    text.seek(0)
    text.truncate()
    return line


def _json_lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"


def write_text(out: Path, text: str) -> None:
    """Writes a file; raises `PeerError` in words where that fails."""
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(out, error) from error


def cannot_write(out: Path, error: OSError) -> PeerError:
    """Puts what the file system said into words."""
    return PeerError(f"--out {out}: cannot be written: {error.strerror or error}.")


def pyarrow() -> Any:
    """Returns the package; raises `RefusedError` (code `no_pyarrow`) where it is missing."""
    try:
        import pyarrow as package  # noqa: PLC0415  # only who writes Parquet needs it
        import pyarrow.parquet  # noqa: PLC0415
    except ImportError:
        raise RefusedError(NEED_PYARROW, code="no_pyarrow") from None
    return package


def write_parquet(out: Path, types: Mapping[str, type], records: Iterable[Record]) -> int:
    """Writes a Parquet file with the columns of `types`, some thousands at once; returns how many.

    Raises as `write` and `pyarrow`.
    """
    package = pyarrow()
    kinds = {
        int: package.int64(),
        float: package.float64(),
        str: package.string(),
        bool: package.bool_(),
    }
    schema = package.schema([(name, kinds[kind]) for name, kind in types.items()])
    count = 0
    try:
        with package.parquet.ParquetWriter(out, schema) as writer:
            for some in _batches(records):
                columns = [[record[name] for record in some] for name in types]
                arrays = [
                    package.array(column, type=kind)
                    for column, kind in zip(columns, schema.types, strict=True)
                ]
                writer.write_table(package.Table.from_arrays(arrays, schema=schema))
                count += len(some)
    except OSError as error:
        raise cannot_write(out, error) from error
    return count


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    some: list[Record] = []
    for record in records:
        some.append(record)
        if len(some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some
