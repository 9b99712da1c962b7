"""Turns what the document says of lines into the engine's values."""

from collections.abc import Mapping

import msgspec

from openline.configuration.compile_queues import surging
from openline.configuration.document import Document
from openline.configuration.line_tables import DestinationTable, HoursTable, LineTable
from openline.configuration.opening import Minutes, Opening, dates, minutes_of
from openline.engine import (
    AnyDestination,
    BoxSettings,
    ConsentSettings,
    EntrySettings,
    LineSettings,
    MenuChoice,
    MenuSettings,
    QueueSettings,
    RecordingSettings,
    SurgeSettings,
    ToMenu,
    ToMessage,
    ToQueue,
    ToVoicemail,
)
from openline.model import (
    SECOND,
    BoxKey,
    Duration,
    EntryKey,
    HoursKey,
    LineKey,
    MenuKey,
    QueueKey,
    SurgeKey,
)

_WEEKEND = 5
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def destination_of(table: DestinationTable) -> AnyDestination:
    """Returns the one destination that the table names."""
    if table.queue is not None:
        return ToQueue(queue=QueueKey(table.queue))
    if table.menu is not None:
        return ToMenu(menu=MenuKey(table.menu))
    if table.voicemail is not None:
        return ToVoicemail(box=BoxKey(table.voicemail))
    assert table.message is not None, "a destination names nothing"
    return ToMessage(sound=table.message)


def _maybe(table: DestinationTable | None) -> AnyDestination | None:
    return None if table is None else destination_of(table)


def lines_of(document: Document) -> tuple[LineSettings, ...]:
    """Returns every line."""
    return tuple(_line(document, key, line) for key, line in document.lines.items())


def _line(document: Document, key: str, line: LineTable) -> LineSettings:
    language = line.language or document.centre.languages[0]
    consent = line.consent
    return LineSettings(
        key=LineKey(key),
        queue=QueueKey(line.queue),
        greeting=line.greeting,
        hold_music=line.hold_music,
        listening=line.listening,
        leads_to=_maybe(line.leads_to),
        language=language,
        entries=tuple(
            EntrySettings(key=EntryKey(entry), language=each.language)
            for entry, each in line.entries.items()
        ),
        consent=None
        if consent is None
        else ConsentSettings(
            question=consent.question,
            digit=consent.digit,
            time_limit=_seconds(consent.time_limit_s),
        ),
        hours=None if line.hours is None else HoursKey(line.hours),
        closed=_maybe(line.closed),
        emergency=_maybe(line.emergency) or ToMessage(sound=f"closed-{language}"),
    )


def menus_of(document: Document) -> tuple[MenuSettings, ...]:
    """Returns every menu."""
    return tuple(
        MenuSettings(
            key=MenuKey(key),
            prompt=menu.prompt,
            choices=tuple(
                MenuChoice(
                    digit=digit,
                    to=destination_of(choice),
                    topic=choice.topic,
                    language=choice.language,
                )
                for digit, choice in menu.choices.items()
            ),
            repeats=menu.repeats,
            time_limit=_seconds(menu.time_limit_s),
            otherwise=_maybe(menu.otherwise),
        )
        for key, menu in document.menus.items()
    )


def boxes_of(document: Document) -> tuple[BoxSettings, ...]:
    """Returns every voicemail box."""
    return tuple(
        BoxSettings(
            key=BoxKey(key),
            prompt=box.prompt,
            limit=_seconds(box.limit_s),
            cannot_record=box.cannot_record,
        )
        for key, box in document.voicemail.items()
    )


def recordings_of(document: Document) -> tuple[RecordingSettings, ...]:
    """Returns which sound each recording is in each language; a name alone is the first one's."""
    found: list[RecordingSettings] = []
    for key, recording in document.recordings.items():
        by_language: Mapping[str, str] = recording.model_dump(exclude_none=True)
        first = next(iter(by_language.values()))
        for language in document.centre.languages:
            sound = by_language.get(language, first)
            found.append(RecordingSettings(recording=key, language=language, sound=sound))
    return tuple(found)


def opening_of(document: Document) -> tuple[Opening, ...]:
    """Returns the hours in civil time."""
    return tuple(_opening(key, hours) for key, hours in document.hours.items())


def _opening(key: str, hours: HoursTable) -> Opening:
    week: list[Minutes] = []
    for number, day in enumerate(_DAYS):
        spans: list[str] | None = getattr(hours, day)
        if spans is None:
            spans = hours.weekend if number >= _WEEKEND else hours.weekdays
        week.append(tuple(minutes_of(span) for span in spans))
    return Opening(
        key=HoursKey(key),
        week=tuple(week),
        special=dates(hours.special),
        country=None if hours.public_holidays is None else hours.public_holidays.country,
        region=None if hours.public_holidays is None else hours.public_holidays.region,
        on_holidays=tuple(minutes_of(span) for span in hours.on_holidays),
    )


def surges_of(
    document: Document, lines: tuple[LineSettings, ...], queues: tuple[QueueSettings, ...]
) -> tuple[SurgeSettings, ...]:
    """Returns every surge with its lines and queues whole, as they are while it is on."""
    return tuple(
        SurgeSettings(
            key=SurgeKey(key),
            lines=tuple(
                msgspec.structs.replace(
                    line,
                    greeting=other.greeting or line.greeting,
                    leads_to=_maybe(other.leads_to) or line.leads_to,
                )
                for line in lines
                if (other := surge.lines.get(line.key)) is not None
            ),
            queues=tuple(
                surging(queue, surge.queues[queue.key])
                for queue in queues
                if queue.key in surge.queues
            ),
        )
        for key, surge in document.surge.items()
    )


def _seconds(seconds: int) -> Duration:
    return Duration(seconds * SECOND)
