"""Turns a checked document into the values that the centre runs on.

Nothing can go wrong here any more: `load` has checked the document. Keys keep the order of the
file, which is the last tie-break of routing. Simulated colleagues (`world`) follow the agents.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from openline.configuration.compile_lines import (
    boxes_of,
    lines_of,
    menus_of,
    opening_of,
    recordings_of,
    surges_of,
)
from openline.configuration.compile_partners import (
    known_by_digit,
    known_by_line,
    numbers_of,
    partners_of,
    shares_of,
)
from openline.configuration.compile_queues import levels, queues_of
from openline.configuration.compile_server import server_of
from openline.configuration.compile_telephony import asterisk_of
from openline.configuration.defaults import (
    COLLEAGUE,
    DISPOSITIONS,
    PAUSE_REASONS,
    SKILLS,
    name_from_key,
)
from openline.configuration.document import Document
from openline.configuration.opening import compiled_hours, tzdata_version
from openline.configuration.outside_checks import dialled
from openline.configuration.partner_list import Partner
from openline.configuration.problems import Problem
from openline.configuration.published import (
    Box,
    Kind,
    Notify,
    Practice,
    Published,
    QueueTarget,
    Store,
    Turn,
    choice_key,
)
from openline.configuration.retention import terms_of
from openline.configuration.world import Colleague, colleagues_of, world_of
from openline.engine import (
    AgentSettings,
    OutsideKind,
    OutsideSettings,
    Settings,
)
from openline.model import (
    SECOND,
    AgentKey,
    BoxKey,
    Duration,
    EntryKey,
    Instant,
    LineKey,
    OutsideKey,
    QueueKey,
)
from openline.simulation.civil import zone

_Names = dict[tuple[Kind, str], dict[str, str]]


class _Named(Protocol):
    @property
    def name(self) -> dict[str, str] | None: ...


def compiled(
    document: Document,
    *,
    version: int,
    now: Instant,
    turn_secret: str,
    agents_numbers: Mapping[str, str],
    warnings: tuple[Problem, ...],
    source: str,
    folder: Path,
    partners: tuple[Partner, ...] = (),
) -> Published:
    """Returns the document as one published configuration; `folder` is where names begin."""
    simulated = colleagues_of(document.simulation)
    opening = opening_of(document)
    where = zone(document.centre.time_zone)
    hours = tuple(compiled_hours(each, where, now) for each in opening)
    settings = msgspec.structs.replace(
        _settings(document, version, simulated, partners), hours=hours
    )
    return Published(
        version=version,
        settings=settings,
        tzdata=tzdata_version(),
        opening=opening,
        outside_numbers={
            OutsideKey(key): dialled(each.number) for key, each in document.outside.items()
        },
        web_entries={
            LineKey(key): {
                entry.language or line.language or document.centre.languages[0]: EntryKey(name)
                for name, entry in line.entries.items()
                if entry.kind == "web"
            }
            for key, line in document.lines.items()
        },
        languages=tuple(document.centre.languages),
        time_zone=document.centre.time_zone,
        names=_names(document, simulated, partners),
        partner_numbers=numbers_of(partners),
        line_languages={
            LineKey(key): line.language or document.centre.languages[0]
            for key, line in document.lines.items()
        },
        as_typed=frozenset(
            key
            for key, line in document.lines.items()
            if (line.writing or document.centre.writing) == "as_typed"
        ),
        targets={
            QueueKey(key): QueueTarget(
                percent=queue.service_level.percent,
                within=_seconds(queue.service_level.within_s),
                short_abandon=_seconds(queue.short_abandon_s),
            )
            for key, queue in document.queues.items()
        },
        practice=Practice(
            enabled=document.practice.enabled, after=_seconds(document.practice.after_s)
        ),
        terms=terms_of(document.retention),
        second_factor_for=frozenset(document.sign_in.second_factor_for),
        server=server_of(document, folder),
        turn=None
        if document.telephony.turn is None
        else Turn(urls=tuple(document.telephony.turn.urls), secret=turn_secret),
        boxes={
            BoxKey(key): Box(
                queue=None if box.queue is None else QueueKey(box.queue),
                silence=_seconds(box.silence_s),
                shortest=_seconds(box.shortest_s),
            )
            for key, box in document.voicemail.items()
        },
        asterisk=asterisk_of(document, folder, agents_numbers),
        store=Store(url=document.store.url),
        notify=_notify(document),
        simulation=world_of(document, simulated, settings.partners),
        simulated_agents=frozenset(colleague.key for colleague in simulated),
        warnings=warnings,
        source=source,
    )


def _notify(document: Document) -> Notify | None:
    told = document.on_call.notify
    if told is None:
        return None
    return Notify(
        command=tuple(told.command or ()), webhook=told.webhook, limit=_seconds(told.limit_s)
    )


# --- routing -------------------------------------------------------------------------------


def _settings(
    document: Document, version: int, simulated: Sequence[Colleague], partners: Sequence[Partner]
) -> Settings:
    agents = [
        AgentSettings(key=AgentKey(key), skills=levels(agent.skills))
        for key, agent in document.agents.items()
    ]
    agents += [AgentSettings(key=each.key, skills=levels(each.skills)) for each in simulated]
    lines = known_by_line(lines_of(document), partners)
    table = document.partners
    queues = queues_of(document)
    return Settings(
        version=version,
        lines=lines,
        queues=queues,
        menus=known_by_digit(menus_of(document), partners),
        boxes=boxes_of(document),
        recordings=recordings_of(document),
        surges=surges_of(document, lines, queues),
        outside=tuple(
            OutsideSettings(
                key=OutsideKey(key),
                kind=OutsideKind(each.kind),
                ring_timeout=_seconds(each.ring_timeout_s),
                lines=tuple(LineKey(line) for line in each.lines),
            )
            for key, each in document.outside.items()
        ),
        partners=()
        if table is None
        else partners_of(table, partners, zone(document.centre.time_zone)),
        shares=() if table is None else shares_of(table, partners),
        agents=tuple(agents),
        pause_reasons=tuple(document.pause_reasons or PAUSE_REASONS),
        dispositions=tuple(document.dispositions or DISPOSITIONS),
        heal_within=_seconds(document.centre.heal_within_s),
        absent_after=_seconds(document.centre.absent_after_s),
        recovery_break=_seconds(document.centre.recovery_break_s),
    )


def _seconds(seconds: int) -> Duration:
    return Duration(seconds * SECOND)


# --- what people read ----------------------------------------------------------------------


def _names(
    document: Document, simulated: Sequence[Colleague], partners: Sequence[Partner]
) -> _Names:
    names: _Names = {}

    def add(
        kind: Kind, things: Iterable[tuple[str, _Named]], known: Mapping[str, dict[str, str]]
    ) -> None:
        for key, thing in things:
            made = known.get(key, {"": name_from_key(key)})
            names[kind, key] = _texts(thing.name or made, document.centre.languages)

    add("centre", [("", document.centre)], {})
    add("line", document.lines.items(), {})
    add("queue", document.queues.items(), {})
    add("skill", document.skills.items(), SKILLS)
    add("agent", document.agents.items(), {})
    add("topic", document.topics.items(), {})
    add("outside", document.outside.items(), {})
    for menu, table in document.menus.items():
        for digit, choice in table.choices.items():
            if choice.name is not None:
                key = choice_key(menu, digit)
                names["choice", key] = _texts(choice.name, document.centre.languages)
    add("voicemail", document.voicemail.items(), {})
    add("surge", document.surge.items(), {})
    add("pause_reason", (document.pause_reasons or {}).items(), PAUSE_REASONS)
    add("disposition", (document.dispositions or {}).items(), DISPOSITIONS)
    if document.pause_reasons is None:
        names.update({("pause_reason", key): texts for key, texts in PAUSE_REASONS.items()})
    if document.dispositions is None:
        names.update({("disposition", key): texts for key, texts in DISPOSITIONS.items()})
    for partner in partners:
        names["partner", partner.key] = dict.fromkeys(document.centre.languages, partner.name)
    if document.partners is not None:
        add("partner_group", document.partners.groups.items(), {})
    for number, colleague in enumerate(simulated, start=1):
        names["agent", colleague.key] = {
            language: f"{words} {number}" for language, words in COLLEAGUE.items()
        }
    return names


def _texts(name: dict[str, str], languages: Iterable[str]) -> dict[str, str]:
    """Spreads a name that was given once over all languages."""
    return dict.fromkeys(languages, name[""]) if "" in name else dict(name)
