"""What may be written about queues: who takes their calls, in which order, what a wait leads to."""

from typing import Annotated, Literal

from pydantic import Field

from openline.configuration.tables import (
    AgentKey,
    Allowed,
    Choice,
    Key,
    Levels,
    Name,
    QueueKey,
    Recording,
    Table,
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
