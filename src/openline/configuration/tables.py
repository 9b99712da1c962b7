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


class ServiceLevelTable(Table):
    """The target of a queue: so many in a hundred calls answered within so many seconds."""

    percent: float = Field(
        default=80, gt=0, le=100, description="How many calls in a hundred shall be answered…"
    )
    within_s: int = Field(
        default=20, ge=1, le=3600, description="…within this time after they entered the queue."
    )


class OverflowTable(Table):
    """A step of a queue's overflow: to whom else a call is offered that has waited so long.

    The call keeps its place. Agents who meet an earlier step go on being offered it, and are
    offered it first. Fewer or lower needs than the queue's relax what it asks for; others bring
    in other agents.
    """

    after_s: int = Field(
        ge=1,
        le=86_400,
        description="After this wait; each step later than the one before.",
    )
    needs: Levels = Field(
        default={},
        description="Also agents with these skills, each at this level or higher. Left out, "
        "everybody.",
    )


class AnnouncementsTable(Table):
    """What callers are told of their wait, on telephones that can play it.

    A caller's page shows place and wait in words in any case.
    """

    place: bool = Field(default=True, description="Whether they are told their place.")
    wait: bool = Field(
        default=True,
        description="Whether they are told how long it may take, where that can be estimated.",
    )
    every_s: int = Field(
        default=0,
        ge=0,
        le=3600,
        description="They are told as they come to the queue and then this often; 0: not again.",
    )


class InterflowTable(Table):
    """When a call is taken out of its queue and sent elsewhere. Of several the first that holds.

    A call that rings, or whose caller's page is lost for the moment, is let be until that comes to
    nothing. Practice calls are never sent away.
    """

    when: Literal["waited", "nobody_at_work", "long_wait"] = Field(
        description="`waited`: it has waited for `after_s`. `nobody_at_work`: it comes to the "
        "queue and nobody is at work who could take it, now or when it overflows. `long_wait`: "
        "it comes to the queue and is estimated to wait for more than `after_s`."
    )
    after_s: int | None = Field(
        default=None,
        ge=5,
        le=86_400,
        description="The maximum wait in this queue, or the wait that is too long; not with "
        "`nobody_at_work`.",
    )
    queue: QueueKey | None = Field(
        default=None,
        description="It waits in this queue instead. Or give another place, one of these.",
    )
    voicemail: Annotated[Key, Allowed("the key of a voicemail box", '"night"')] | None = Field(
        default=None, description="The caller may leave a message in this box."
    )
    message: Annotated[str, Allowed("the name of a recording", '"welcome-en"')] | None = Field(
        default=None, description="It hears this recording once, and then the call ends."
    )
    outside: Annotated[Key, Allowed("the key of a destination outside", '"partner"')] | None = (
        Field(
            default=None,
            description="It is connected with this number, with nobody of ours in between. If "
            "nobody takes it there it is at its place again and is not sent there a second time; "
            "the rules are asked once more, so another of the same cause may follow this one.",
        )
    )
    announcement: Recording | None = Field(
        default=None,
        description="What the caller hears before `outside` is rung; needed there.",
    )
    keeps_place: bool = Field(
        default=True, description="Whether its wait so far counts in the other queue."
    )


class CallbackTable(Table):
    """How callers who wait may be called back; without this table nobody is.

    It works where the telephony can dial. Callers by web page wait on their page.
    """

    offer_after_s: int | None = Field(
        default=240,
        ge=0,
        le=7200,
        description="Who has waited so long, or will have to, is offered a callback.",
    )
    attempts: int = Field(
        default=1, ge=1, le=5, description="How often the number is rung at most."
    )
    pause_s: int = Field(
        default=900,
        ge=60,
        le=86_400,
        description="How long after an attempt that reached nobody the next may follow.",
    )
    dial_timeout_s: int = Field(
        default=25, ge=5, le=120, description="How long it rings before nobody is taken to answer."
    )
    kept_s: int = Field(
        default=86_400,
        ge=600,
        le=259_200,
        description="How long a promise stands if nobody is free; then its end is on record with "
        "the reason. The number is destroyed as soon as the promise ends.",
    )
    goodbye: Annotated[str, Allowed("the name of a recording", '"wrong-number-en"')] | None = Field(
        default=None,
        description="The neutral words that the wrong person hears. Left out, the call just ends.",
    )


class QueueTable(Table):
    """Calls that wait for the same skills under one rule."""

    name: Name | None = Field(
        default=None, description="What people read. Left out, it is made from the key."
    )
    needs: Levels = Field(
        default={},
        description="The skills that an agent needs for these calls, each with the least level. "
        "Left out, everybody can take them.",
    )
    priority: int = Field(
        default=5, ge=0, le=10, description="An agent who serves two queues takes the higher first."
    )
    ageing_s: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="So much waiting counts as much as one more of `priority`. 0: priority does "
        "not age.",
    )
    ceiling_s: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="Who has waited so long is next, whatever his priority; not less than "
        "`ring_timeout_s`. 0: none.",
    )
    choice: Choice = Field(
        default="longest_idle",
        description="Which of the agents who are free gets a call: who has been idle longest; who "
        "is best at the skills that the queue needs; or who was least occupied since she signed "
        "in. Equals: the longest idle.",
    )
    on_call: list[AgentKey] = Field(
        default=[],
        description="Who is rung at home when real calls wait and nobody is at work who could "
        "take them.",
        examples=['["amira"]'],
    )
    on_call_after_s: int = Field(
        default=0, ge=0, le=3600, description="How long that must last before they are rung."
    )
    ring_timeout_s: int = Field(
        default=20,
        ge=5,
        le=120,
        description="How long a call is offered to one agent before it goes to another.",
    )
    wrap_up_limit_s: int = Field(
        default=180,
        ge=10,
        le=3600,
        description="After this time of wrap-up the desktop reminds the agent. Nobody is forced.",
    )
    transferred_priority: int = Field(
        default=0,
        ge=0,
        le=10,
        description="A call that another agent transferred to this queue has at least this "
        "priority. Its place counts from when it first waited in any case.",
    )
    service_level: ServiceLevelTable = Field(
        default=ServiceLevelTable(), description="The target that wallboard and reports show."
    )
    overflow: list[OverflowTable] = Field(
        default=[],
        description="To whom else its calls are offered as they wait, step by step.",
        examples=["[{ after_s = 60, needs = { en = 1 } }]"],
    )
    announcements: AnnouncementsTable | None = Field(
        default=None, description="What callers are told of their wait. Left out, nothing."
    )
    interflow: list[InterflowTable] = Field(
        default=[],
        description="When its calls are sent elsewhere, and where. Left out, they stay.",
        examples=['[{ when = "waited", after_s = 600, queue = "general" }]'],
    )
    callback: CallbackTable | None = Field(
        default=None, description="Left out, nobody is called back."
    )
    short_abandon_s: int = Field(
        default=5,
        ge=0,
        le=60,
        description="A caller who leaves sooner than this is counted as a short abandon.",
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
