"""What may be written about lines: destinations, menus, hours, voicemail, surges.

As in `tables`: these models read the document and nothing else. What depends on two tables at once
is checked in `line_checks`.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openline.configuration.queue_tables import InterflowTable, OverflowTable
from openline.configuration.sounds import DEFAULT_MUSIC
from openline.configuration.tables import (
    Allowed,
    Key,
    Language,
    Name,
    QueueKey,
    Recording,
    Table,
    Writing,
)

Digit = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9*#]$"),
    Allowed("a key of a telephone: 0 to 9, * or #", '"1"'),
]
Span = Annotated[
    str,
    StringConstraints(
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
    ),
    Allowed("a span of the day in quotes, from its start to its end", '"07:00-22:00"'),
]
Spans = Annotated[
    list[Span], Allowed("a list of spans of the day; an empty one is closed", '["07:00-22:00"]')
]
Date = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    Allowed("a date as year-month-day", '"2026-12-24"'),
]


Number = Annotated[
    str,
    StringConstraints(pattern=r"^\+?[0-9]{2,15}$"),
    Allowed("a telephone number of digits, with or without + before them", '"+15550100"'),
]


class DestinationTable(Table):
    """A place to send a call to: exactly one of these."""

    queue: QueueKey | None = Field(default=None, description="The queue that the call enters.")
    menu: Annotated[Key, Allowed("the key of a menu", '"main"')] | None = Field(
        default=None, description="The menu that the caller hears."
    )
    message: Recording | None = Field(
        default=None, description="The recording that is played before the call ends."
    )
    voicemail: Annotated[Key, Allowed("the key of a voicemail box", '"night"')] | None = Field(
        default=None, description="The box in which the caller may leave a message."
    )


class ChoiceTable(DestinationTable):
    """What a digit of a menu does: exactly one of the destinations."""

    topic: Annotated[Key, Allowed("the key of a topic", '"legal"')] | None = Field(
        default=None, description="What the call is about, for reports."
    )
    language: Language | None = Field(
        default=None, description="The language in which the caller is spoken to from here on."
    )
    name: Name | None = Field(
        default=None,
        description="What callers read for it on the page. Left out, the name of its topic, of "
        "its language or of its queue.",
    )


class MenuTable(Table):
    """A question that callers answer by a digit."""

    prompt: Recording = Field(description="The recording that says what each digit does.")
    choices: dict[Digit, ChoiceTable] = Field(
        min_length=1, description="Where each digit leads, as in `choices.1 = { queue = … }`."
    )
    repeats: int = Field(
        default=1,
        ge=0,
        le=5,
        description="How often the prompt is heard again after a wrong digit or none.",
    )
    time_limit_s: int = Field(
        default=6, ge=1, le=60, description="How long a digit is awaited after the prompt."
    )
    otherwise: DestinationTable | None = Field(
        default=None,
        description="Where a call goes without a choice. Left out, to the queue of its line.",
    )


class VoicemailTable(Table):
    """A box in which callers may leave a message."""

    name: Name | None = Field(
        default=None, description="What agents read. Left out, made from the key."
    )
    queue: Annotated[Key, Allowed("the key of a queue", '"crisis"')] | None = Field(
        default=None,
        description="The queue whose agents hear its messages. Left out, all agents do.",
    )
    prompt: Recording = Field(
        default="voicemail-en", description="What is heard before the message may be spoken."
    )
    limit_s: int = Field(default=180, ge=10, le=1800, description="How long a message may be.")
    silence_s: int = Field(
        default=6, ge=2, le=60, description="A silence of so many seconds ends the message."
    )
    shortest_s: int = Field(
        default=2,
        ge=0,
        le=30,
        description="If less was spoken, nothing is kept: whoever hung up left no message.",
    )
    cannot_record: Recording = Field(
        default="no-recording-en",
        description="What is heard instead where the telephony cannot record.",
    )


class HolidaysTable(Table):
    """The public holidays of a country, or of one of its regions."""

    country: Annotated[
        str,
        StringConstraints(pattern=r"^[A-Z]{2}$"),
        Allowed("a country by its two letters", '"US"'),
    ] = Field(description="The country.")
    region: (
        Annotated[
            str,
            StringConstraints(pattern=r"^[A-Z0-9]{1,6}$"),
            Allowed("a region by its code", '"TX"'),
        ]
        | None
    ) = Field(default=None, description="The region, where its holidays differ.")


class HoursTable(Table):
    """When lines are open, by the clock of the centre. An end before its start is the next day's.

    The narrowest word holds: a special date, then a public holiday, the day, weekdays or weekend.
    """

    mon: Spans | None = Field(default=None, description="Mondays.")
    tue: Spans | None = Field(default=None, description="Tuesdays.")
    wed: Spans | None = Field(default=None, description="Wednesdays.")
    thu: Spans | None = Field(default=None, description="Thursdays.")
    fri: Spans | None = Field(default=None, description="Fridays.")
    sat: Spans | None = Field(default=None, description="Saturdays.")
    sun: Spans | None = Field(default=None, description="Sundays.")
    weekdays: Spans = Field(default=[], description="Mondays to Fridays that are not named.")
    weekend: Spans = Field(default=[], description="Saturdays and Sundays that are not named.")
    public_holidays: HolidaysTable | None = Field(
        default=None, description="Whose public holidays are kept. Left out, nobody's."
    )
    on_holidays: Spans = Field(
        default=[], description="When it is open on public holidays. Left out, it is closed."
    )
    special: dict[Date, Spans] = Field(
        default={},
        description='Single days that differ, as in `special.2026-12-24 = ["07:00-12:00"]`.',
    )


class ConsentTable(Table):
    """The question whether a talk by telephone may be recorded; no answer means no."""

    question: Recording = Field(default="consent-en", description="The recording that asks.")
    digit: Digit = Field(default="1", description="The digit that says yes.")
    time_limit_s: int = Field(
        default=6, ge=1, le=60, description="How long the answer is awaited after the question."
    )


class EntryTable(Table):
    """One number or page by which a line is reached."""

    kind: Literal["number", "web"] = Field(description="Whether it is dialled or opened.")
    number: Number | None = Field(
        default=None,
        description="The number, as the telephone company sends it; for the kind `number`.",
    )
    language: Language | None = Field(
        default=None, description="In which language its callers are spoken to."
    )


class LineTable(Table):
    """A published way to reach the helpline, by number or web page."""

    name: Name | None = Field(
        default=None, description="What callers read. Left out, it is made from the key."
    )
    language: Language | None = Field(
        default=None, description="The language of the caller's page. Left out, the first one."
    )
    queue: QueueKey = Field(
        description="The queue that calls enter, unless they are led elsewhere."
    )
    greeting: Recording | None = Field(
        default=None,
        description="The recording that callers hear first. Left out, they queue at once.",
    )
    hold_music: Annotated[str, Allowed("the name of a recording", '"quiet"')] = Field(
        default=DEFAULT_MUSIC, description="What callers hear while they wait or are on hold."
    )
    writing: Writing | None = Field(
        default=None, description="As `writing` of the centre, for typed calls of this line."
    )
    leads_to: DestinationTable | None = Field(
        default=None,
        description='Where calls go after the greeting, as in `{ menu = "main" }`. '
        "Left out, into the queue.",
    )
    entries: dict[Key, EntryTable] = Field(
        default={},
        description="The numbers and pages by which the line is reached, where it has several.",
    )
    consent: ConsentTable | None = Field(
        default=None,
        description="Whoever says yes by telephone is recorded while an agent speaks with him. "
        "Left out, callers are not asked, and nothing is recorded.",
    )
    hours: Annotated[Key, Allowed("the key of opening hours", '"office"')] | None = Field(
        default=None, description="When it is open. Left out, always."
    )
    closed: DestinationTable | None = Field(
        default=None, description="Where calls go outside the hours; needed beside `hours`."
    )
    emergency: DestinationTable | None = Field(
        default=None,
        description="Where calls go while a supervisor has closed the line. "
        "Left out, they hear that it is closed.",
    )
    may_be_heard: bool = Field(
        default=False, description="Whether the greeting says that calls may be heard by others."
    )
    listening: bool = Field(
        default=False,
        description="Whether supervisors may listen to its calls; only with `may_be_heard`.",
    )


class RecordingTable(Table):
    """A recording of one's own name that is another sound in each language."""

    en: Recording | None = Field(default=None, description="What is played in English.")
    es: Recording | None = Field(default=None, description="What is played in Spanish.")


class TopicTable(Table):
    """What calls may be about: a choice of a menu names it."""

    name: Name | None = Field(
        default=None, description="What people read. Left out, it is made from the key."
    )


class SurgeLineTable(Table):
    """What a line does otherwise while the surge is on."""

    greeting: Recording | None = Field(default=None, description="The greeting.")
    leads_to: DestinationTable | None = Field(
        default=None, description="Where calls go after the greeting."
    )
    may_be_heard: bool | None = Field(
        default=None, description="Whether this greeting says that calls may be heard."
    )


class SurgeQueueTable(Table):
    """What a queue does otherwise while the surge is on; calls that wait keep their place.

    Who waits already overflows, leaves or is offered a callback as if he had waited under it.
    """

    priority: int | None = Field(default=None, ge=0, le=10, description="As of the queue.")
    ageing_s: int | None = Field(default=None, ge=0, le=86_400, description="As of the queue.")
    ceiling_s: int | None = Field(default=None, ge=0, le=86_400, description="As of the queue.")
    overflow: list[OverflowTable] | None = Field(
        default=None,
        description="These steps instead of the queue's; an empty list for none.",
        examples=["[{ after_s = 30, needs = { en = 1 } }]"],
    )
    interflow: list[InterflowTable] | None = Field(
        default=None,
        description="These rules instead of the queue's; an empty list for none.",
        examples=['[{ when = "waited", after_s = 300, voicemail = "night" }]'],
    )
    callback_offer_after_s: int | None = Field(
        default=None,
        ge=0,
        le=7200,
        description="Who has waited so long is offered a callback, where the queue makes any.",
    )
    offers_callbacks: bool = Field(
        default=True,
        description="false: nobody is offered a callback meanwhile. Who was promised one gets it.",
    )


class SurgeTable(Table):
    """What a supervisor switches on in one act when very many call, and off again."""

    name: Name | None = Field(
        default=None, description="What people read. Left out, it is made from the key."
    )
    lines: dict[Key, SurgeLineTable] = Field(default={}, description="The lines that change.")
    queues: dict[Key, SurgeQueueTable] = Field(default={}, description="The queues that change.")
