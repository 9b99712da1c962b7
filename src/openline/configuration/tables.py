"""What may be written in the file: the tables of a centre, their keys, ranges and defaults.

These models read one TOML document and nothing else. What a key means stands in its description,
from which the reference is made. What depends on two tables at once is checked in `cross_checks`;
how a wrong value is told to a person, in `words`.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


class Allowed:
    """Says in words what a type allows, where the type alone does not say it well."""

    def __init__(self, words: str, example: str) -> None:
        self.words = words
        self.example = example


class Table(BaseModel):
    """Is the base of all tables: no unknown keys, no silent conversion, no change afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


Language = Literal["en", "es"]
"""The languages that Openline's own screens and recordings speak."""

Text = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$", max_length=80),
    Allowed("text in quotes, on one line, of 1 to 80 characters", '"Night line"'),
]
Key = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40),
    Allowed("a key of lower-case letters, digits, - and _, which begins with a letter", "night"),
]
Address = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]+$", max_length=255),
    Allowed("an address in quotes, without spaces", '"127.0.0.1"'),
]
SipAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?)"
        r"(:[0-9]{1,5})?$"
    ),
    Allowed("a machine's address or name, and its port if that is not 5060", '"192.0.2.7:5060"'),
]
FileName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00]+$", max_length=1000),
    Allowed("the name of a file in quotes", '"turn-secret.txt"'),
]


def _by_language(name: object) -> object:
    """Reads a plain text as the name in every language, which the empty key stands for."""
    return {"": name} if isinstance(name, str) else name


Name = Annotated[
    dict[str, Text],
    Field(min_length=1),
    BeforeValidator(_by_language),
    Allowed("text in quotes, or one for each language, as in { en = …, es = … }", '"Night line"'),
]
Recording = Annotated[str, Allowed("the name of a recording", '"welcome-en"')]
QueueKey = Annotated[Key, Allowed("the key of a queue", '"general"')]
AgentKey = Annotated[Key, Allowed("the key of an agent", '"amira"')]
Choice = Literal["longest_idle", "best_skill", "least_occupied"]
"""The engine's `AgentChoice`, by the same words."""
Levels = Annotated[
    dict[Key, Annotated[int, Field(ge=1, le=5)]],
    Allowed("a table of skills, each with a level from 1 to 5", "{ en = 3 }"),
]


Writing = Literal["by_line", "as_typed"]


class CentreTable(Table):
    """The helpline itself."""

    name: Name = Field(description="What the helpline is called on its pages.")
    time_zone: Annotated[str, Allowed("the name of a time zone", '"America/Chicago"')] = Field(
        description="The zone whose clock the days, reports and shifts follow."
    )
    languages: list[Language] = Field(
        default=["en", "es"],
        min_length=1,
        description="The languages of the pages; the first is used where none was chosen.",
    )
    writing: Writing = Field(
        default="by_line",
        description="What the other side of a typed call sees: each line when it is sent, or each "
        "letter as it is typed. Both are told.",
    )
    recovery_break_s: int = Field(
        default=0,
        ge=0,
        le=7200,
        description="How long a break an agent gets who asks for one after a hard call. Nobody "
        "sees why she did. 0: the desktop does not offer one.",
    )
    heal_within_s: int = Field(
        default=15,
        ge=5,
        le=120,
        description="How long a caller's or an agent's page may be out of reach before the call "
        "counts as lost.",
    )
    absent_after_s: int = Field(
        default=600,
        ge=60,
        le=14_400,
        description="An agent on no call whose page is out of reach for so long is signed out.",
    )


class SkillTable(Table):
    """Something that an agent can handle, such as a language."""

    name: Name | None = Field(
        default=None, description="What people read. Left out, it is made from the key."
    )


class PhoneTable(Table):
    """A telephone. As usual it is a SIP telephone that registers with a name and a password.

    `openline asterisk phones` tells both.
    """

    address: SipAddress | None = Field(
        default=None,
        description="Where it is, if it does not register: it is then taken to be there always.",
    )
    encrypted: bool = Field(
        default=False,
        description="Whether it registers by TLS and its sound is encrypted (SRTP). Asterisk then "
        "needs `telephony.asterisk.certificate`.",
    )
    ordinary: bool = Field(
        default=False,
        description="Whether she answers at an ordinary telephone, at home or in her pocket, that "
        "is rung by the trunk that dials: she picks up and presses 1. Its number stands in "
        "`telephony.asterisk.numbers_file`.",
    )


class AgentTable(Table):
    """A person who answers."""

    name: Name | None = Field(
        default=None,
        description="The alias that colleagues see. Left out, it is made from the key.",
    )
    skills: Levels = Field(
        default={}, description="What this agent can handle, each with a level from 1 to 5."
    )
    phone: PhoneTable | None = Field(
        default=None,
        description="The telephone at which she answers. Left out, she answers in the browser, at "
        "her desktop.",
    )


class PauseReasonTable(Table):
    """A reason for taking no calls."""

    name: Name | None = Field(
        default=None, description="What agents read. Left out, it is made from the key."
    )


class DispositionTable(Table):
    """An outcome that an agent picks after a call."""

    name: Name | None = Field(
        default=None, description="What agents read. Left out, it is made from the key."
    )


class SignInTable(Table):
    """How people sign in."""

    second_factor_for: list[Literal["agent", "supervisor", "administrator", "planner"]] = Field(
        default=[],
        description=(
            "Roles that need a code from a telephone beside the password. Others may have one."
        ),
    )


class PracticeTable(Table):
    """Invented callers for learners; they are never counted among real calls."""

    enabled: bool = Field(default=True, description="Whether agents can ask for practice calls.")
    after_s: int = Field(
        default=5,
        ge=0,
        le=3600,
        description="How long a ready learner waits for the next practice call.",
    )
