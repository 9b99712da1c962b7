"""Which configurations does a bad day go through?

The first is the small centre in which nothing special is configured; the others turn things on, and
take away what somebody may be using just then.
"""

import msgspec

from openline.engine import (
    AgentChoice,
    Announcements,
    CallbackSettings,
    ConsentSettings,
    EntrySettings,
    FlowsWhen,
    HoursSettings,
    MenuChoice,
    MenuSettings,
    PartnerSettings,
    RecordingSettings,
    Settings,
    ShareSettings,
    SurgeSettings,
    ToMenu,
    ToMessage,
    ToOutside,
    ToQueue,
    ToVoicemail,
)
from openline.model import EntryKey, HoursKey, Instant, MenuKey, PartnerKey, ShareKey, SurgeKey
from tests.builders import agent, flows, line, seconds, step
from tests.engine.builders import (
    AMBULANCE,
    ANA,
    BEGIN,
    BEN,
    BOX,
    CLEO,
    CRISIS,
    CRISIS_LINE,
    DIRECT,
    DORA,
    ENGLISH,
    INTERPRETER,
    LAWYER,
    PUBLIC,
    PUBLICO,
    SETTINGS,
    SPANISH,
    Asking,
    another_version,
)

LED_ON = (
    msgspec.structs.replace(PUBLIC, leads_to=ToVoicemail(box=BOX.key)),
    msgspec.structs.replace(DIRECT, leads_to=ToMessage(sound="come-again")),
    msgspec.structs.replace(PUBLICO, leads_to=ToQueue(queue=ENGLISH.key)),
    msgspec.structs.replace(CRISIS_LINE, leads_to=ToVoicemail(box=BOX.key)),
)
ENGLISH_CALLS_BACK = msgspec.structs.replace(
    ENGLISH,
    transferred_priority=4,
    callback=CallbackSettings(kept=seconds(400), dial_timeout=seconds(15), offer_after=seconds(40)),
)
SPANISH_CALLS_BACK = msgspec.structs.replace(
    SPANISH,
    transferred_priority=9,
    callback=CallbackSettings(
        attempts=2,
        pause=seconds(30),
        kept=seconds(300),
        offer_after=seconds(0),
        goodbye="goodbye",
    ),
)

MAIN = MenuSettings(
    key=MenuKey("main"),
    prompt="press-a-key",
    choices=(
        MenuChoice(digit="1", to=ToQueue(queue=CRISIS.key), topic="danger"),
        MenuChoice(digit="2", to=ToMenu(menu=MenuKey("more")), language="es"),
        MenuChoice(digit="#", to=ToMenu(menu=MenuKey("main"))),
    ),
    repeats=1,
    time_limit=seconds(6),
)
MORE = MenuSettings(
    key=MenuKey("more"),
    prompt="press-another",
    choices=(
        MenuChoice(digit="1", to=ToVoicemail(box=BOX.key), topic="later"),
        MenuChoice(digit="2", to=ToMenu(menu=MAIN.key)),
    ),
    repeats=0,
    time_limit=seconds(4),
    otherwise=ToMenu(menu=MAIN.key),
)
CLOSED = ToMessage(sound="closed")
CONSENT = ConsentSettings(question="may-we", digit="1", time_limit=seconds(5))
HOURS = HoursSettings(
    key=HoursKey("office"),
    open_first=True,
    changes=tuple(Instant(BEGIN + seconds(each)) for each in range(60, 6_000, 90)),
)
MENU_LINES = (
    msgspec.structs.replace(
        PUBLIC,
        leads_to=ToMenu(menu=MAIN.key),
        emergency=CLOSED,
        language="en",
        entries=(EntrySettings(key=EntryKey("web-es"), language="es"),),
    ),
    msgspec.structs.replace(
        DIRECT, leads_to=ToMenu(menu=MORE.key), consent=CONSENT, emergency=CLOSED
    ),
    msgspec.structs.replace(
        PUBLICO, hours=HOURS.key, closed=ToVoicemail(box=BOX.key), emergency=CLOSED
    ),
    msgspec.structs.replace(
        CRISIS_LINE, hours=HOURS.key, closed=ToQueue(queue=ENGLISH.key), consent=CONSENT
    ),
)
ASKING = Asking(
    menus=(MAIN, MORE),
    hours=(HOURS,),
    recordings=(RecordingSettings(recording="closed", language="es", sound="cerrado"),),
    surges=(
        SurgeSettings(
            key=SurgeKey("flood"),
            lines=(msgspec.structs.replace(PUBLIC, greeting="many-are-calling"),),
            queues=(
                msgspec.structs.replace(ENGLISH, priority=4, ceiling=seconds(40)),
                msgspec.structs.replace(SPANISH, choice=AgentChoice.BEST_SKILL),
                # What waiting leads to changes in the same act.
                msgspec.structs.replace(
                    CRISIS,
                    overflow=(step(6, en=1), step(20)),
                    interflow=(flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 30),),
                    announcements=Announcements(place=True, wait=True, every=seconds(9)),
                ),
            ),
        ),
    ),
)
MANY_CALL = SurgeSettings(
    key=SurgeKey("flood"),
    lines=(msgspec.structs.replace(MENU_LINES[0], greeting="many-are-calling"),),
    queues=(
        # Callbacks sooner, or not at all; the steps gone; another maximum wait.
        msgspec.structs.replace(
            ENGLISH_CALLS_BACK,
            callback=CallbackSettings(offer_after=seconds(2)),
            interflow=(flows(FlowsWhen.WAITED, ToVoicemail(box=BOX.key), 25),),
        ),
        msgspec.structs.replace(
            SPANISH_CALLS_BACK,
            callback=CallbackSettings(attempts=2, pause=seconds(30), offer_after=None),
            interflow=(flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 90),),
        ),
    ),
)
HOSPITAL, CLINIC, SCHOOL, STATION = map(PartnerKey, ("hospital", "clinic", "school", "station"))
TOGETHER, HOUSES, OWN = map(ShareKey, ("together", "houses", "own"))
PARTNERS = (
    PartnerSettings(key=HOSPITAL, begins=Instant(0), share=OWN),
    PartnerSettings(key=CLINIC, begins=Instant(0), share=HOUSES),
    PartnerSettings(key=SCHOOL, begins=Instant(BEGIN + seconds(200)), share=TOGETHER),
    PartnerSettings(key=STATION, begins=Instant(0)),
)
PARTNER_LINES = (
    msgspec.structs.replace(
        PUBLIC, leads_to=ToMenu(menu=MAIN.key), partner=SCHOOL, emergency=CLOSED
    ),
    msgspec.structs.replace(
        DIRECT,
        entries=(EntrySettings(key=EntryKey("web-es"), language="es", partner=CLINIC),),
        emergency=CLOSED,
    ),
    msgspec.structs.replace(PUBLICO, partner=STATION, emergency=CLOSED),
    CRISIS_LINE,
)
FROM_PARTNERS = msgspec.structs.replace(
    MAIN,
    choices=(MenuChoice(digit="1", to=ToQueue(queue=ENGLISH.key), partner=HOSPITAL),),
)

TO_LAWYER, TO_INTERPRETER = ToOutside(outside=LAWYER.key), ToOutside(outside=INTERPRETER.key)
NIGHT_BOX = ToVoicemail(box=BOX.key)
PARTNERS_ON_THE_PHONE = SurgeSettings(
    key=SurgeKey("flood"),
    lines=(),
    queues=(
        msgspec.structs.replace(
            SPANISH, interflow=(flows(FlowsWhen.WAITED, TO_LAWYER, 10, announcement="we-connect"),)
        ),
        msgspec.structs.replace(ENGLISH, on_call=(DORA.key,)),
    ),
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
        recovery_s=12,
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
            msgspec.structs.replace(ENGLISH_CALLS_BACK, choice=AgentChoice.BEST_SKILL),
            msgspec.structs.replace(
                SPANISH_CALLS_BACK, priority=8, choice=AgentChoice.LEAST_OCCUPIED
            ),
            msgspec.structs.replace(CRISIS, ageing=seconds(30)),
        ),
    ),
    # Lines lead elsewhere: to another queue, to a message, to voicemail.
    another_version(
        version=8,
        lines=LED_ON,
        boxes=(BOX,),
        queues=(ENGLISH_CALLS_BACK, SPANISH_CALLS_BACK, CRISIS),
    ),
    # The same, and a call may not be sent on at all.
    another_version(version=9, lines=LED_ON, boxes=(BOX,), hop_limit=0),
    # Callers are asked and choose; lines close; a supervisor may close them and switch a surge.
    another_version(version=10, recovery_s=9, lines=MENU_LINES, boxes=(BOX,), **ASKING),
    # The same, and nobody may be sent on more than twice.
    another_version(version=11, lines=MENU_LINES, boxes=(BOX,), hop_limit=2, **ASKING),
    # Who has waited is offered to more people: the crisis line asks for less and less.
    another_version(
        version=12,
        recovery_s=300,
        queues=(
            msgspec.structs.replace(
                ENGLISH, overflow=(step(15, es=5),), choice=AgentChoice.BEST_SKILL
            ),
            msgspec.structs.replace(
                SPANISH, overflow=(step(10, es=1), step(25, en=4)), ceiling=seconds(40)
            ),
            msgspec.structs.replace(CRISIS, overflow=(step(8, crisis=1), step(20, en=1), step(30))),
        ),
    ),
    another_version(
        version=13,
        recovery_s=300,
        queues=(
            msgspec.structs.replace(
                ENGLISH, overflow=(step(5, es=1), step(30)), ageing=seconds(20)
            ),
            SPANISH,
            msgspec.structs.replace(CRISIS, overflow=(step(60, en=1),)),
        ),
    ),
    # Who has waited too long, or finds nobody at work, is sent elsewhere; perhaps in circles.
    another_version(
        version=14,
        recovery_s=300,
        boxes=(BOX,),
        hop_limit=4,
        queues=(
            msgspec.structs.replace(
                ENGLISH,
                overflow=(step(10, es=1),),
                interflow=(
                    flows(FlowsWhen.WAITED, ToQueue(queue=CRISIS.key), 25),
                    flows(FlowsWhen.NOBODY_AT_WORK, ToQueue(queue=SPANISH.key), keeps_place=False),
                ),
            ),
            msgspec.structs.replace(
                SPANISH,
                interflow=(
                    flows(FlowsWhen.NOBODY_AT_WORK, ToVoicemail(box=BOX.key)),
                    flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 15),
                ),
            ),
            msgspec.structs.replace(
                CRISIS, interflow=(flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 5),)
            ),
        ),
    ),
    # Callers are told their place and their wait, and leave where that is too long.
    another_version(
        version=16,
        recovery_s=300,
        queues=(
            msgspec.structs.replace(
                ENGLISH,
                announcements=Announcements(place=True, wait=True, every=seconds(7)),
                ageing=seconds(20),
            ),
            msgspec.structs.replace(
                SPANISH, announcements=Announcements(place=False, wait=True), ceiling=seconds(20)
            ),
            msgspec.structs.replace(
                CRISIS, interflow=(flows(FlowsWhen.LONG_WAIT, ToQueue(queue=ENGLISH.key), 4),)
            ),
        ),
    ),
    another_version(
        version=15,
        queues=(
            msgspec.structs.replace(
                ENGLISH, interflow=(flows(FlowsWhen.WAITED, ToMessage(sound="sorry"), 20),)
            ),
            SPANISH,
            CRISIS,
        ),
    ),
    # Whoever waits may ask to be called back; Spanish numbers are tried twice.
    another_version(version=17, queues=(ENGLISH_CALLS_BACK, SPANISH_CALLS_BACK, CRISIS)),
    # The same, where calls overflow, are told their place, and leave a queue with nobody at work.
    another_version(
        version=18,
        lines=MENU_LINES,
        boxes=(BOX,),
        queues=(
            msgspec.structs.replace(
                ENGLISH_CALLS_BACK,
                overflow=(step(10, es=1), step(30)),
                announcements=Announcements(place=True, wait=True, every=seconds(9)),
            ),
            msgspec.structs.replace(
                SPANISH_CALLS_BACK,
                overflow=(step(20, en=4),),
                interflow=(
                    flows(FlowsWhen.NOBODY_AT_WORK, ToVoicemail(box=BOX.key)),
                    flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 30),
                ),
            ),
            CRISIS,
        ),
        menus=(MAIN, MORE),
        hours=(HOURS,),
        surges=(MANY_CALL,),
    ),
    # Who has waited too long is connected with a number outside; in vain he has his place again.
    another_version(
        version=19,
        boxes=(BOX,),
        hop_limit=3,
        queues=(
            msgspec.structs.replace(
                ENGLISH_CALLS_BACK,
                overflow=(step(12, es=1), step(40)),
                interflow=(
                    flows(FlowsWhen.WAITED, TO_LAWYER, 15, announcement="we-connect"),
                    flows(FlowsWhen.WAITED, NIGHT_BOX, 50),
                ),
                announcements=Announcements(place=True, wait=True, every=seconds(9)),
            ),
            msgspec.structs.replace(
                SPANISH,
                interflow=(
                    flows(FlowsWhen.NOBODY_AT_WORK, TO_INTERPRETER),
                    flows(FlowsWhen.NOBODY_AT_WORK, NIGHT_BOX),
                ),
            ),
            msgspec.structs.replace(
                CRISIS,
                interflow=(
                    flows(FlowsWhen.WAITED, ToOutside(outside=AMBULANCE.key), 5),
                    flows(FlowsWhen.WAITED, ToQueue(queue=ENGLISH.key), 30),
                ),
            ),
        ),
    ),
    # The same for some lines alone, and for some only while a surge is on.
    msgspec.structs.replace(
        another_version(
            version=20,
            queues=(
                msgspec.structs.replace(
                    ENGLISH,
                    interflow=(flows(FlowsWhen.WAITED, TO_LAWYER, 10),),
                    on_call=(DORA.key,),
                ),
                SPANISH_CALLS_BACK,
                CRISIS,
            ),
            surges=(PARTNERS_ON_THE_PHONE,),
        ),
        outside=(msgspec.structs.replace(LAWYER, lines=(PUBLIC.key, PUBLICO.key)), INTERPRETER),
    ),
    # Partners call, and only so many of them at once while others wait.
    another_version(
        version=30,
        lines=PARTNER_LINES,
        menus=(FROM_PARTNERS,),
        queues=(
            msgspec.structs.replace(ENGLISH_CALLS_BACK, choice=AgentChoice.LEAST_OCCUPIED),
            SPANISH,
            msgspec.structs.replace(CRISIS, needs=ENGLISH.needs),
        ),
        partners=PARTNERS,
        shares=(
            ShareSettings(key=TOGETHER, agents=2),
            ShareSettings(key=HOUSES, agents=1, within=TOGETHER),
            ShareSettings(key=OWN, agents=1, within=HOUSES),
        ),
    ),
    # The same as a part of who is at work, beside ageing, ceilings and overflow.
    another_version(
        version=31,
        lines=PARTNER_LINES,
        menus=(FROM_PARTNERS,),
        queues=(
            msgspec.structs.replace(
                ENGLISH,
                ageing=seconds(20),
                ceiling=seconds(25),
                choice=AgentChoice.LEAST_OCCUPIED,
            ),
            msgspec.structs.replace(SPANISH, overflow=(step(5, en=1),), on_call=(DORA.key,)),
            msgspec.structs.replace(CRISIS, needs=ENGLISH.needs, ceiling=seconds(15)),
        ),
        partners=PARTNERS,
        shares=(
            ShareSettings(key=TOGETHER, percent=50),
            ShareSettings(key=HOUSES, percent=34, within=TOGETHER),
            ShareSettings(key=OWN, agents=1, within=TOGETHER),
        ),
    ),
)
