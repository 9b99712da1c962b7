"""What may be written about the things round the calls: where the record is, how home is rung."""

from typing import Annotated

from pydantic import Field, StringConstraints

from openline.configuration.tables import Allowed, Table

DatabaseAddress = Annotated[
    str,
    StringConstraints(pattern=r"^postgres(ql)?://[^\s\x00-\x1f\x7f]+$", max_length=1000),
    Allowed(
        "the address of a PostgreSQL database in quotes",
        '"postgresql://openline@db.example/openline"',
    ),
]
WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s\x00-\x1f\x7f]+$", max_length=1000),
    Allowed(
        "an address in quotes that begins with https:// or http://", '"https://example.org/ring"'
    ),
]
Word = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00]+$", max_length=1000),
    Allowed("a program or one of its arguments, in quotes", '"/usr/local/bin/ring"'),
]


class StoreTable(Table):
    """Where the record is kept. Keys and spool stay in the data folder whatever stands here."""

    url: DatabaseAddress | None = Field(
        default=None,
        description="A PostgreSQL database, best without a password: PostgreSQL's own password "
        "file is for that. Left out, the record is a file in the data folder.",
    )


class NotifyTable(Table):
    """How somebody at home is rung: by a program, by an address on the web, or by both.

    They learn the queue, its name and the key of the agent, nothing else. Which person that is, and
    her number, they know themselves.
    """

    command: list[Word] | None = Field(
        default=None,
        min_length=1,
        description="A program and its arguments, run without a shell for each who is rung. It "
        "finds OPENLINE_QUEUE, OPENLINE_QUEUE_NAME and OPENLINE_AGENT in its environment, and "
        "ends with 0 if it worked.",
        examples=['["/usr/local/bin/ring", "--loud"]'],
    )
    webhook: WebAddress | None = Field(
        default=None,
        description="An address to which the same is sent by POST, as JSON with the keys `queue`, "
        "`queue_name` and `agent`. It answers 200 to 299 if it worked; redirects are not followed.",
    )
    limit_s: int = Field(
        default=10, ge=1, le=120, description="After this time either of them is given up."
    )


class OnCallTable(Table):
    """People at home who are rung when a queue has callers and nobody is at work for it."""

    notify: NotifyTable | None = Field(
        default=None, description="Left out, nobody can be rung, and `openline check` says so."
    )
