"""Writes the reference of the configuration from the models themselves.

    python -m openline.configuration.reference > docs/reference/configuration.md

A test compares the page with what this would write.
"""

import json
import sys

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from openline.configuration.shapes import allowed_words, example_of, field_shape, tables
from openline.configuration.sounds import GREETINGS, MUSIC
from openline.configuration.tables import Table

SMALLEST = """\
[centre]
name = "Evening Line"
time_zone = "Europe/London"

[queues.talk]

[lines.evening]
queue = "talk"
greeting = "welcome-en"

[agents]
amira = {}
ben = {}
"""

_INTRODUCTION = f"""\
# The configuration file

<!-- Written by `python -m openline.configuration.reference` from the code. -->

One TOML file says everything about a centre. `openline check FILE` tells all that is wrong with it:
line, key, and what would be right. This is enough to begin:

```toml
{SMALLEST}```

- **Keys** (`night`, `general-en`) name things inside, for good: lower-case letters, digits, `-` and
  `_`, beginning with a letter. What people read is the `name` beside them, which may change.
- **Names** are a text, or a text for each language: `name = {{ en = "Break", es = "Descanso" }}`.
- **Durations** are seconds and end in `_s`; how long things are kept names its own unit. Times of
  day are texts such as `"16:30"`, by the clock of the centre's zone; an end before its start is
  meant for the next day.
- **Greetings** are {", ".join(f"`{sound}`" for sound in GREETINGS)}. **Music** is
  {", ".join(f"`{sound}`" for sound in MUSIC)}.
- Tables may stand in any order. `KEY` stands for a key of your own; `[[…]]` may be repeated.
- In messages, places in a list are counted from 1: `simulation.callers[2].share`.

"""


def page() -> str:
    """Returns the whole page."""
    return _INTRODUCTION + "\n".join(_section(name, table) for name, table in tables())


def header(name: str) -> str:
    """Returns a table's name as its header stands in the file.

    >>> header("simulation.colleagues[].shifts[]")
    '[[simulation.colleagues.shifts]]'
    """
    plain = name.replace("[]", "")
    return f"[[{plain}]]" if name.endswith("[]") else f"[{plain}]"


def default_words(field: FieldInfo) -> str:
    """Returns the default as it would be written; `needed` where the key must be given."""
    if field.is_required():
        return "needed"
    default: object = field.default
    if default is None:
        return "none"
    if isinstance(default, BaseModel):
        return "its defaults"
    return f"`{json.dumps(default)}`"


def _section(name: str, table: type[Table]) -> str:
    words = " ".join((table.__doc__ or "").split())
    rows = [
        "| key | may be | default | meaning |",
        "|---|---|---|---|",
        *(_row(key, field) for key, field in table.model_fields.items()),
    ]
    return "\n".join([f"## `{header(name)}`", "", words, "", *rows, ""])


def _row(key: str, field: FieldInfo) -> str:
    shape = field_shape(field)
    example = example_of(shape)
    may_be = allowed_words(shape) + (f", for example `{example}`" if example else "")
    return f"| `{key}` | {may_be} | {default_words(field)} | {field.description} |"


if __name__ == "__main__":
    sys.stdout.write(page())
