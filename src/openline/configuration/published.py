"""A checked configuration as the centre uses it: one immutable whole, with a version.

Routing reads `settings` and knows keys only; everything that people read, and everything that is
not routing, stands beside it.
"""

from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from openline.configuration.opening import Opening, compiled_hours
from openline.configuration.problems import Problem
from openline.configuration.real_telephony import Asterisk
from openline.configuration.serving import Server
from openline.engine import Settings
from openline.model import (
    AgentKey,
    BoxKey,
    Duration,
    EntryKey,
    Instant,
    LineKey,
    OutsideKey,
    PartnerKey,
    QueueKey,
)
from openline.simulation.civil import zone
from openline.simulation.profile import WorldProfile

Kind = Literal[
    "centre",
    "line",
    "queue",
    "skill",
    "agent",
    "pause_reason",
    "disposition",
    "topic",
    "choice",
    "surge",
    "outside",
    "partner",
    "partner_group",
    "voicemail",
]
"""What a key names; the centre's own key is empty, that of a choice is `choice_key`."""


def choice_key(menu: str, digit: str) -> str:
    """Returns under which key the name of a menu's choice stands."""
    return f"{menu}/{digit}"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Is the base of what a published configuration is made of."""


class QueueTarget(Part, frozen=True, kw_only=True):
    """Says what a queue aims at and what it counts as a short abandon."""

    percent: float
    within: Duration
    short_abandon: Duration


class Practice(Part, frozen=True, kw_only=True):
    """Says whether and how soon learners get practice calls."""

    enabled: bool
    after: Duration


class Box(Part, frozen=True, kw_only=True):
    """Says who hears the messages of a voicemail box, and what counts as one."""

    queue: QueueKey | None
    """None: all agents hear them."""
    silence: Duration
    """A silence for so long ends a message."""
    shortest: Duration


class Terms(Part, frozen=True, kw_only=True):
    """Says how long each kind of thing is kept."""

    note: Duration
    caller_number: Duration
    callback_number: Duration
    message: Duration
    recording: Duration
    conversation: Duration
    """Counted from the end of the day in which it was written."""
    journal: Duration


class Turn(Part, frozen=True, kw_only=True):
    """Names the relay and the secret shared with it; the secret never shows in a log."""

    urls: tuple[str, ...]
    secret: str

    def __repr__(self) -> str:
        return f"Turn(urls={self.urls!r}, secret=…)"


class Store(Part, frozen=True, kw_only=True):
    """Says where the record is kept; an address may hold a password and never shows in a log."""

    url: str | None
    """None: in the data folder."""

    def __repr__(self) -> str:
        return f"Store(url={None if self.url is None else '…'})"


class Notify(Part, frozen=True, kw_only=True):
    """Says how people at home are rung; an address may hold a token and never shows in a log."""

    command: tuple[str, ...]
    webhook: str | None
    limit: Duration

    def __repr__(self) -> str:
        return (
            f"Notify(command={self.command[:1]}, webhook={None if self.webhook is None else '…'})"
        )


class Published(Part, frozen=True, kw_only=True):
    """Holds everything that one configuration says."""

    version: int
    """Equal texts have equal versions, unless the caller counts them."""
    settings: Settings
    languages: tuple[str, ...]
    """The first is used where none was chosen."""
    time_zone: str
    names: dict[tuple[Kind, str], dict[str, str]]
    """Texts by language for each thing that has a key."""
    tzdata: str
    """Which time zone data the hours were compiled with."""
    opening: tuple[Opening, ...]
    """The hours in civil time, from which those of the settings were compiled."""
    web_entries: dict[LineKey, dict[str, EntryKey]]
    """The entries by web page, by language."""
    outside_numbers: dict[OutsideKey, str]
    """What is dialled for each destination outside; known to the telephony and to nobody else."""
    partner_numbers: dict[str, PartnerKey]
    """Whose each number is; of organisations only, and never in the engine or its record."""
    line_languages: dict[LineKey, str]
    as_typed: frozenset[str]
    """Lines whose typed calls show each letter as it is typed; the others show whole lines."""
    targets: dict[QueueKey, QueueTarget]
    practice: Practice
    terms: Terms
    server: Server
    second_factor_for: frozenset[str]
    """Roles that sign in with a code from a telephone, too."""
    turn: Turn | None
    boxes: dict[BoxKey, Box]
    asterisk: Asterisk | None
    """None: callers come by web page alone."""
    store: Store
    notify: Notify | None
    """None: people at home cannot be rung."""
    simulation: WorldProfile | None
    simulated_agents: frozenset[AgentKey]
    warnings: tuple[Problem, ...]
    source: str
    """The text it was read from, with the rows of a file of partners in it."""

    def __repr__(self) -> str:
        # The text may hold secrets, and the numbers are nobody's business.
        return f"Published(version={self.version})"

    def name_of(self, kind: Kind, key: str, language: str) -> str:
        """Returns what people read for a key: in this language, else in the first that has a text.

        A key that this version no longer knows is its own name, so that old records can be shown.
        """
        texts = self.names.get((kind, key), {})
        for choice in (language, *self.languages, *texts):
            if choice in texts:
                return texts[choice]
        return key

    def centre_name(self, language: str) -> str:
        """Returns the helpline's own name."""
        return self.name_of("centre", "", language)

    def web_entry(self, line: LineKey, language: str) -> EntryKey | None:
        """Returns the entry of a caller whose page is in the language, if the line has such."""
        return self.web_entries.get(line, {}).get(language)

    def settings_at(self, now: Instant) -> Settings:
        """Returns the settings with hours that reach at least a year beyond the instant."""
        hours = tuple(compiled_hours(each, self.zone, now) for each in self.opening)
        return msgspec.structs.replace(self.settings, hours=hours)

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone, from the pinned time zone data."""
        return zone(self.time_zone)

    def is_simulated(self, agent: AgentKey) -> bool:
        """Tells whether the agent exists only in the simulated world."""
        return agent in self.simulated_agents
