"""Which configurations does a bad day go through?

The first is the small centre in which nothing special is configured; the others turn things on, and
take away what somebody may be using just then.
"""

import msgspec

from openline.engine import AgentChoice, Settings, ToMessage, ToQueue, ToVoicemail
from tests.builders import agent, line, seconds
from tests.engine.builders import (
    ANA,
    BEN,
    BOX,
    CLEO,
    CRISIS,
    CRISIS_LINE,
    DIRECT,
    DORA,
    ENGLISH,
    PUBLIC,
    PUBLICO,
    SETTINGS,
    SPANISH,
    another_version,
)

LED_ON = (
    msgspec.structs.replace(PUBLIC, leads_to=ToVoicemail(box=BOX.key)),
    msgspec.structs.replace(DIRECT, leads_to=ToMessage(sound="come-again")),
    msgspec.structs.replace(PUBLICO, leads_to=ToQueue(queue=ENGLISH.key)),
    msgspec.structs.replace(CRISIS_LINE, leads_to=ToVoicemail(box=BOX.key)),
)

VERSIONS: tuple[Settings, ...] = (
    SETTINGS,
    # Ben learns Spanish, Cleo may no longer take the crisis line, and the list is turned round.
    another_version(
        version=2, agents=(DORA, agent(CLEO.key, en=4), agent(BEN.key, en=3, es=2), ANA)
    ),
    # Dora has left; the public line has no greeting any more.
    another_version(
        version=3,
        agents=(ANA, BEN, CLEO),
        lines=(line(PUBLIC.key, ENGLISH.key), DIRECT, PUBLICO, CRISIS_LINE),
    ),
    # The crisis line is closed, the direct line is answered in Spanish, which goes first now.
    another_version(
        version=4,
        queues=(ENGLISH, msgspec.structs.replace(SPANISH, priority=5)),
        lines=(PUBLIC, line(DIRECT.key, SPANISH.key), PUBLICO),
    ),
    # Who has had a hard call may rest, and who is at home is rung when nobody is left.
    another_version(
        version=5,
        recovery_s=300,
        queues=(
            msgspec.structs.replace(
                ENGLISH, on_call=(DORA.key, BEN.key), on_call_after=seconds(30)
            ),
            SPANISH,
            msgspec.structs.replace(CRISIS, on_call=(CLEO.key,)),
        ),
    ),
    # Waiting counts as priority, nobody starves, and each queue chooses its agent in another way.
    another_version(
        version=6,
        recovery_s=60,
        queues=(
            msgspec.structs.replace(
                ENGLISH,
                ageing=seconds(20),
                ceiling=seconds(60),
                choice=AgentChoice.LEAST_OCCUPIED,
            ),
            msgspec.structs.replace(
                SPANISH, priority=3, choice=AgentChoice.BEST_SKILL, transferred_priority=9
            ),
            msgspec.structs.replace(
                CRISIS, ageing=seconds(7), ceiling=seconds(90), choice=AgentChoice.BEST_SKILL
            ),
        ),
    ),
    another_version(
        version=7,
        queues=(
            msgspec.structs.replace(ENGLISH, choice=AgentChoice.BEST_SKILL),
            msgspec.structs.replace(SPANISH, priority=8, choice=AgentChoice.LEAST_OCCUPIED),
            msgspec.structs.replace(CRISIS, ageing=seconds(30)),
        ),
    ),
    # Lines lead elsewhere: to another queue, to a message, to voicemail.
    another_version(version=8, lines=LED_ON, boxes=(BOX,)),
    # The same, and a call may not be sent on at all.
    another_version(version=9, lines=LED_ON, boxes=(BOX,), hop_limit=0),
)
