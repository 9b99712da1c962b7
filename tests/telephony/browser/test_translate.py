"""What pages are told for each command, as the page protocol has it."""

from typing import Any, get_args

import pytest

from openline.engine import AnyCommand
from openline.engine import commands as c
from openline.engine.mix import Hears
from openline.model import (
    AgentKey,
    BoxKey,
    CallbackId,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    OfferId,
    OutsideKey,
    QueueKey,
    Reason,
    SealedRef,
)
from openline.telephony.browser.translate import Message, messages
from tests.centre import protocol

CALLER, DESK, ELSEWHERE = LegId("web:caller"), LegId("web:desk-ann"), LegId("practice:1")
CALL, ANN, ID = CallId(1), AgentKey("ann"), CommandId(65_536)


def connect(leg: LegId = CALLER, agent_leg: LegId = DESK) -> c.ConnectLegs:
    return c.ConnectLegs(id=ID, leg=leg, agent_leg=agent_leg, call=CALL, session=3)


def hold(leg: LegId = CALLER) -> c.HoldCall:
    return c.HoldCall(id=ID, leg=leg, agent_leg=DESK, call=CALL, session=3, music="quiet")


def resume(leg: LegId = CALLER) -> c.ResumeCall:
    return c.ResumeCall(id=ID, leg=leg, agent_leg=DESK, call=CALL, session=3)


OTHER_DESK = LegId("web:desk-ben")


def mix(*hears: Hears) -> c.MixCall:
    return c.MixCall(
        id=ID,
        leg=CALLER,
        call=CALL,
        session=3,
        hears=hears,
        music="quiet",
        reason=Reason.CONSULTING,
    )


TOLD: list[tuple[AnyCommand, list[tuple[LegId, Message]]]] = [
    (
        c.PlayGreeting(id=ID, leg=CALLER, call=CALL, sound="welcome-en"),
        [(CALLER, {"t": "play", "playback": 65_536, "url": "/welcome-en.mp3"})],
    ),
    (
        c.PlayMessage(id=ID, leg=CALLER, call=CALL, sound="closed-en"),
        [(CALLER, {"t": "play", "playback": 65_536, "url": "/closed-en.mp3"})],
    ),
    (
        c.AskDigit(id=ID, leg=CALLER, call=CALL, sound="menu-en"),
        [(CALLER, {"t": "play", "playback": 65_536, "url": "/menu-en.mp3"})],
    ),
    # Pages cannot record: the centre gives such an order to none of them.
    (c.RecordVoicemail(id=ID, leg=CALLER, call=CALL, box=BoxKey("night"), limit=Duration(9)), []),
    (
        c.PlayMusic(id=ID, leg=DESK, call=CALL, music="quiet", reason=Reason.CALLER_LOST),
        [(DESK, {"t": "music", "url": "/quiet.mp3", "reason": "caller_lost"})],
    ),
    (
        connect(),
        [
            (CALLER, {"t": "connect", "session": 3, "offerer": True, "relay_only": True}),
            (DESK, {"t": "connect", "session": 3, "offerer": False, "relay_only": True}),
        ],
    ),
    (
        hold(),
        [
            (CALLER, {"t": "hold", "session": 3, "url": "/quiet.mp3"}),
            (DESK, {"t": "hold", "session": 3}),
        ],
    ),
    (
        resume(),
        [(CALLER, {"t": "resume", "session": 3}), (DESK, {"t": "resume", "session": 3})],
    ),
    (
        c.ReleaseAgent(id=ID, leg=DESK, call=CALL, reason=Reason.CALL_ENDED),
        [(DESK, {"t": "quiet"})],
    ),
    (c.HangUpLeg(id=ID, leg=CALLER, reason=Reason.AGENT_HUNG_UP), [(CALLER, {"t": "quiet"})]),
    (
        c.RingAgent(id=ID, leg=DESK, agent=ANN, offer=OfferId(1), call=CALL, expires_at=Instant(9)),
        [],
    ),
    (c.StopRinging(id=ID, leg=DESK, agent=ANN, offer=OfferId(1), reason=Reason.MISSED), []),
    # The page draws his place and his wait from its view.
    (c.AnnounceWait(id=ID, leg=CALLER, call=CALL, place=2, wait=None), []),
    # Who is at home has no page open; another kind of telephony rings her.
    (
        c.RingOnCall(
            id=ID,
            leg=LegId("oncall:ann"),
            agent=ANN,
            queue=QueueKey("help"),
            reason=Reason.NOBODY_AT_WORK,
        ),
        [],
    ),
    # No page has a number that could be rung.
    (c.OfferCallback(id=ID, leg=CALLER, call=CALL), []),
    (
        c.Dial(
            id=ID,
            leg=LegId("web:callback-2"),
            call=CALL,
            callback=CallbackId(1),
            number=SealedRef("sealed"),
            give_up_at=Instant(9),
        ),
        [],
    ),
    (
        c.DialOutside(
            id=ID,
            leg=LegId("web:outside-3"),
            call=CALL,
            outside=OutsideKey("legal-aid"),
            give_up_at=Instant(9),
        ),
        [],
    ),
    (
        c.EndWithWords(id=ID, leg=CALLER, call=CALL, sound="goodbye", reason=Reason.WRONG_PERSON),
        [],
    ),
    (
        mix(
            Hears(leg=CALLER, music=True),
            Hears(leg=DESK, others=(OTHER_DESK,)),
            Hears(leg=OTHER_DESK, others=(DESK,)),
        ),
        [
            (CALLER, {"t": "music", "url": "/quiet.mp3", "reason": "consulting"}),
            (DESK, {"t": "connect", "session": 3, "relay_only": True, "offerer": True}),
            (OTHER_DESK, {"t": "connect", "session": 3, "relay_only": True, "offerer": False}),
        ],
    ),
    (
        mix(Hears(leg=CALLER, music=True), Hears(leg=DESK)),
        [
            (CALLER, {"t": "music", "url": "/quiet.mp3", "reason": "consulting"}),
            (DESK, {"t": "hold", "session": 3}),
        ],
    ),
    # A practice caller is no page: she reads what is said, and hears nothing.
    (connect(leg=ELSEWHERE), [(DESK, {"t": "quiet"})]),
    (hold(leg=ELSEWHERE), [(DESK, {"t": "quiet"})]),
    (resume(leg=ELSEWHERE), [(DESK, {"t": "quiet"})]),
    (connect(leg=ELSEWHERE, agent_leg=LegId("sim:1")), []),
]


def url_of(sound: str) -> str:
    return f"/{sound}.mp3"


@pytest.mark.parametrize(("command", "told"), TOLD, ids=lambda each: type(each).__name__)
def test_pages_are_told(command: AnyCommand, told: list[tuple[LegId, Message]]) -> None:
    assert messages(command, url_of, relay_only=True) == told


def test_pages_that_a_mix_pairs_as_they_are_paired_already_only_go_on() -> None:
    command = mix(Hears(leg=CALLER, others=(DESK,)), Hears(leg=DESK, others=(CALLER,)))
    told = messages(command, url_of, relay_only=True, kept=frozenset({CALLER, DESK}))
    resumed = {"t": "resume", "session": 3}
    assert told == [(CALLER, resumed), (DESK, resumed)]


def test_every_command_is_in_the_table() -> None:
    assert {type(command) for command, _ in TOLD} == set(get_args(AnyCommand))


def test_every_message_is_as_the_protocol_has_it() -> None:
    callers = protocol.message_keys("Caller's page", "The centre says")
    for _, told in TOLD:
        for leg, message in told:
            promised: set[Any] = set(callers[message["t"]])
            if leg == DESK and message["t"] == "hold":
                promised -= {"url"}  # she hears nothing while she holds a call
            assert set(message) == promised
