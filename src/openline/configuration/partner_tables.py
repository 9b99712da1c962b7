"""What may be written under `[partners]`: the organisations whose calls are known as theirs.

Who they are stands in a table of its own, a row for each (see `partner_list`); here stands where
that table is, and how many agents may serve them at once.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from openline.configuration.tables import Allowed, FileName, Key, Name, Table

Rows = Annotated[
    str,
    StringConstraints(max_length=4_000_000),
    Allowed("a table with commas, in three quotes", "'''key,name,entry,at,start'''"),
]
Agents = Annotated[int, Field(ge=1, le=2000)]
Percent = Annotated[int, Field(ge=1, le=100)]


class PartnerGroupTable(Table):
    """Partners who share a limit of their own, within the one for all."""

    name: Name | None = Field(
        default=None, description="What people read. Left out, it is made from the key."
    )
    agents: Agents | None = Field(
        default=None, description="So many agents at once while others wait…"
    )
    percent: Percent | None = Field(
        default=None, description="…or so many in a hundred of the agents at work, and always one."
    )


class PartnersTable(Table):
    """Organisations that call as partners, and how many agents may serve them while others wait.

    A limit passes their calls over only as long as anybody else waits whom the agent could take.
    Who rings for such a call or talks in it counts; the work after it does not.
    """

    file: FileName | None = Field(
        default=None,
        description="A file with a row for each, in columns with commas between: `key`, `name`, "
        "`entry`, `at`, `start` and where they are needed `group` and `agents`. A relative name is "
        "looked up beside this file. Who publishes sends its rows along. `openline check` tells "
        "what is wrong by row and column.",
    )
    rows: Rows | None = Field(
        default=None, description="The same rows in this file itself; one of the two."
    )
    agents: Agents | None = Field(
        default=None, description="So many agents for all of them together while others wait…"
    )
    percent: Percent | None = Field(
        default=None,
        description="…or so many in a hundred of the agents at work, and always one.",
    )
    agents_each: Agents | None = Field(
        default=None,
        description="So many agents for each of them, unless its row says otherwise (`agents`).",
    )
    groups: dict[Key, PartnerGroupTable] = Field(
        default={}, description="Groups that have limits of their own (`group` in their rows)."
    )
