"""What a planning page was given: a file, or rows pasted from a spreadsheet.

All planning pages take calls and rosters in the same four ways, and read them by the same code: CSV
with any sign between the cells, a workbook (.xlsx), pasted rows, and for rosters a calendar (.ics).
The field is named `calls` or `roster`, its file `calls_file` or `roster_file`.
"""

from typing import NamedTuple

from starlette.datastructures import FormData, UploadFile

LARGEST_FIELD = 8 * 1024 * 1024
LONGEST_NAME = 80


class Given(NamedTuple):
    """Is a table as it was given; nothing where there was none."""

    content: bytes = b""
    name: str = ""
    """Of the file, else of the field."""
    pasted: str = ""
    """As it was typed, to be shown again."""
    file_name: str = ""

    def __bool__(self) -> bool:
        return bool(self.content.strip())


async def given(sent: FormData, name: str) -> Given:
    """Returns what came in a field; a file goes before what was pasted."""
    typed, file = sent.get(name, ""), sent.get(f"{name}_file")
    pasted = typed.strip() if isinstance(typed, str) else ""
    if isinstance(file, UploadFile) and file.filename:
        file_name = file.filename[:LONGEST_NAME]
        return Given(await file.read(), file_name, pasted, file_name)
    return Given(pasted.encode(), name, pasted)
