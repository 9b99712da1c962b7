"""What does the small centre of the engine's tests look like?

Four lines, three queues, four agents. `direct` has no greeting, so that a test that is not about
greetings can begin in the queue.

    line      greeting  queue            agent   serves
    public    yes       english          ana     english, spanish
    direct    no        english          ben     english
    publico   yes       spanish          cleo    english, crisis
    crisis    no        crisis (first)   dora    spanish
"""

from typing import TypedDict, Unpack

import msgspec

from openline.engine import (
    AgentSettings,
    BoxSettings,
    HoursSettings,
    LineSettings,
    MenuSettings,
    OutsideKind,
    PartnerSettings,
    QueueSettings,
    RecordingSettings,
    Settings,
    ShareSettings,
    SurgeSettings,
)
from openline.model import SECOND, AgentKey, BoxKey, Instant, LineKey, OutsideKey, QueueKey
from tests.builders import agent, line, needs, outside, queue, seconds

BEGIN = Instant(1_774_911_600 * SECOND)
"""30 March 2026, 23:00 UTC: when the rehearsals of these tests begin."""

RING_S = 20
WRAP_UP_LIMIT_S = 180
HEAL_S = 15
ABSENT_S = 600
GREETING_LIMIT_S = 120

ENGLISH = queue(
    QueueKey("english"), needs(en=1), ring_seconds=RING_S, wrap_up_seconds=WRAP_UP_LIMIT_S
)
SPANISH = queue(
    QueueKey("spanish"), needs(es=1), ring_seconds=RING_S, wrap_up_seconds=WRAP_UP_LIMIT_S
)
CRISIS = queue(
    QueueKey("crisis"),
    needs(en=1, crisis=3),
    priority=10,
    ring_seconds=RING_S,
    wrap_up_seconds=WRAP_UP_LIMIT_S,
)

PUBLIC = line(LineKey("public"), ENGLISH.key, "welcome-en")
DIRECT = msgspec.structs.replace(line(LineKey("direct"), ENGLISH.key), listening=True)
PUBLICO = line(LineKey("publico"), SPANISH.key, "welcome-es")
CRISIS_LINE = line(LineKey("crisis"), CRISIS.key)

ANA = agent(AgentKey("ana"), en=5, es=4)
BEN = agent(AgentKey("ben"), en=3)
CLEO = agent(AgentKey("cleo"), en=4, crisis=4)
DORA = agent(AgentKey("dora"), es=5)

BOX = BoxSettings(
    key=BoxKey("night"), prompt="after-the-tone", limit=seconds(120), cannot_record="come-again"
)

LAWYER = outside(OutsideKey("lawyer"))
INTERPRETER = outside(OutsideKey("interpreter"), OutsideKind.INTERPRETER)
AMBULANCE = outside(OutsideKey("ambulance"), OutsideKind.EMERGENCY)

SETTINGS = Settings(
    version=1,
    lines=(PUBLIC, DIRECT, PUBLICO, CRISIS_LINE),
    queues=(ENGLISH, SPANISH, CRISIS),
    agents=(ANA, BEN, CLEO, DORA),
    pause_reasons=("lunch", "training"),
    dispositions=("helped", "silent"),
    outside=(LAWYER, INTERPRETER, msgspec.structs.replace(AMBULANCE, lines=(DIRECT.key,))),
)


class Asking(TypedDict, total=False):
    """Names what a version has that asks its callers, keeps hours, knows surges or partners."""

    menus: tuple[MenuSettings, ...]
    hours: tuple[HoursSettings, ...]
    recordings: tuple[RecordingSettings, ...]
    surges: tuple[SurgeSettings, ...]
    partners: tuple[PartnerSettings, ...]
    shares: tuple[ShareSettings, ...]


def another_version(
    *,
    lines: tuple[LineSettings, ...] = SETTINGS.lines,
    queues: tuple[QueueSettings, ...] = SETTINGS.queues,
    agents: tuple[AgentSettings, ...] = SETTINGS.agents,
    version: int = 2,
    recovery_s: int = 0,
    boxes: tuple[BoxSettings, ...] = (),
    hop_limit: int = SETTINGS.hop_limit,
    **asking: Unpack[Asking],
) -> Settings:
    """Makes a later version of the small centre with these parts exchanged."""
    return msgspec.structs.replace(
        SETTINGS,
        version=version,
        lines=lines,
        queues=queues,
        agents=agents,
        recovery_break=seconds(recovery_s),
        boxes=boxes,
        hop_limit=hop_limit,
        **asking,
    )
