"""What may be written about destinations outside: a fixed list, so that nobody dials a number.

As in `tables`: this model reads the document and nothing else. Which numbers are refused is said in
`outside_checks`.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openline.configuration.tables import Allowed, Key, Name, Table

NUMBER = r"^(\+[1-9][0-9 ().-]{5,24}|[0-9]{2,6})$"
"""International, or as short as those of emergency services."""
Number = Annotated[
    str,
    StringConstraints(pattern=NUMBER),
    Allowed("a telephone number with its country code, or a short number", '"+1 512 555 0100"'),
]
LineKeys = Annotated[
    list[Annotated[Key, Allowed("the key of a line", '"night"')]],
    Allowed("a list of keys of lines", '["night"]'),
]


class OutsideTable(Table):
    """Somebody outside with whom agents may connect a call; agents see the name alone."""

    name: Name | None = Field(
        default=None, description="What agents read. Left out, it is made from the key."
    )
    number: Number = Field(description="The number that is dialled; premium numbers are refused.")
    kind: Literal["service", "interpreter", "emergency"] = Field(
        default="service",
        description="What it is for. To `emergency` the caller's own number is passed on in "
        "signalling, and nobody here sees it.",
    )
    lines: LineKeys = Field(
        default=[], description="The lines whose calls may be connected. Left out, all."
    )
    ring_timeout_s: int = Field(
        default=45, ge=10, le=120, description="How long it rings before it is given up."
    )
