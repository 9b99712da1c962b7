"""Where do the rows of the partners stand, and how do they come into the published version?

They stand in a file beside the configuration, or in the configuration itself. What is published is
one text: a file's rows are put into it in place of the file's name, so that a version is whole
wherever it is read again, and its differences can be told.
"""

import re
from pathlib import Path

from openline.configuration.locate import Places
from openline.configuration.partner_list import Place, Rows
from openline.configuration.problems import ConfigurationError, Problem
from openline.configuration.raw import Raw, table_of
from openline.configuration.read import read
from openline.configuration.words import Reporter

_FILE_KEY = re.compile(
    r"""(?P<before>(?:partners[ \t]*\.[ \t]*)?)file[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.)*"|'[^']*')"""
)
_QUOTES = "'''"


def rows_of(
    raw: Raw, text: str, name: str, places: Places, report: Reporter, folder: Path
) -> tuple[Rows | None, str, list[Problem]]:
    """Returns the rows, the text with the rows in it, and why they cannot be read, if so."""
    table = table_of(raw.get("partners"))
    file, inline = table.get("file"), table.get("rows")
    if isinstance(inline, str) and file is None:
        at = places.at(("partners", "rows"))
        written = text.replace("\r\n", "\n").splitlines()[at.line - 1]
        is_open = written.rstrip().endswith(("'''", '"""'))
        is_one_line = not is_open and "'''" not in written and '"""' not in written
        place = Place(name, at.line + is_open, is_one_line, "partners.rows")
        return Rows(inline, place, raw), text, []
    if not isinstance(file, str) or inline is not None:
        return None, text, []
    path = folder / file
    try:
        content = read(path).replace("\r\n", "\n")
    except ConfigurationError as error:
        return None, text, list(error.problems)
    rows = Rows(content, Place(str(path)), raw)
    whole, problems = _put_in(text, content, places, report)
    return rows, whole, problems


def _put_in(text: str, rows: str, places: Places, report: Reporter) -> tuple[str, list[Problem]]:
    """Returns the text with the rows where the file was named."""
    at = places.at(("partners", "file"))
    lines = text.replace("\r\n", "\n").splitlines(keepends=True)
    offset = sum(map(len, lines[: at.line - 1])) + at.column - 1
    plain = "".join(lines)
    found = _FILE_KEY.match(plain, offset)
    if found is None:
        problem = report.problem(
            ("partners", "file"),
            "is written in a way that cannot be published.",
            allowed='Write it under [partners] as file = "partners.csv".',
        )
        return text, [problem]
    if _QUOTES in rows or re.search(r"[\x00-\x08\x0b-\x1f\x7f]", rows):
        problem = report.problem(
            ("partners", "file"),
            "names a file with characters that no table has.",
            allowed="Three single quotes in a row and control characters cannot stand there.",
        )
        return text, [problem]
    ended = rows if rows.endswith("\n") else rows + "\n"
    put = f"{found['before']}rows = {_QUOTES}\n{ended}{_QUOTES}"
    return plain[: found.start()] + put + plain[found.end() :], []
