"""Night 6, as far as there is a router: kill.

The program dies while one call hears the greeting, one is in the menu, one waits, one is being
offered, one was answered a moment ago, one is on hold, one is in a consulted transfer, one callback
is half dialled, and one agent is in wrap-up. After the restart each is where it was or one honest
step further, and the story of each says so.
"""

import msgspec
import pytest

from openline.engine import (
    AgentState,
    AnyEvent,
    Call,
    CallbackSettings,
    CallOutcome,
    CallState,
    MenuChoice,
    MenuSettings,
    ToMenu,
    ToQueue,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.mix import Hears
from openline.model import (
    SECOND,
    AgentKey,
    CallId,
    Instant,
    LegId,
    LineKey,
    MenuKey,
    Reason,
    SealedRef,
)
from tests.builders import agent, seconds
from tests.engine.builders import (
    ANA,
    BEN,
    CLEO,
    CRISIS,
    DIRECT,
    DORA,
    ENGLISH,
    HEAL_S,
    RING_S,
    SETTINGS,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, only

OTHERS = tuple(agent(AgentKey(key), en=2) for key in ("emil", "fay", "gil", "hal"))
CHOICES = MenuSettings(
    key=MenuKey("choices"),
    prompt="press-a-key",
    choices=(MenuChoice(digit="1", to=ToQueue(queue=CRISIS.key)),),
    repeats=1,
    time_limit=seconds(6),
)
CHOOSING = msgspec.structs.replace(
    DIRECT, key=LineKey("choosing"), leads_to=ToMenu(menu=CHOICES.key)
)
NIGHT = msgspec.structs.replace(
    another_version(
        version=1,
        agents=(ANA, BEN, CLEO, DORA, *OTHERS),
        queues=(msgspec.structs.replace(ENGLISH, callback=CallbackSettings()), SPANISH, CRISIS),
        lines=(*SETTINGS.lines, CHOOSING),
    ),
    menus=(CHOICES,),
)
CALLERS = (
    "web:greeted",
    "web:chooses",
    "web:waits",
    "web:rung",
    "web:answered",
    "web:held",
    "web:asked_about",
)
DESKS = (
    *("desk:ana", "desk:ben", "desk:cleo", "desk:emil"),
    *("desk:fay", "desk:gil", "desk:hal"),
)

WHERE_THEY_WERE = {
    "web:greeted": CallState.GREETING,
    "web:chooses": CallState.MENU,
    "web:waits": CallState.QUEUED,
    "web:rung": CallState.OFFERED,
    "web:answered": CallState.TALKING,
    "web:held": CallState.HELD,
    "web:asked_about": CallState.HELD,
}


@pytest.fixture
def night() -> Rehearsal:
    night = Rehearsal(NIGHT)
    night.talk("emil", "web:gone")
    night.hang_up("emil")
    night.talk("fay", "web:asked_about")
    night.ready("gil")
    night.consult("fay", to="gil")
    night.accept("gil")
    night.talk("ana", "web:held")
    night.hold("ana")
    night.wait(30)
    night.talk("ben", "web:answered")
    night.arrive("sip:promised")
    night.see(i.CallbackAsked(leg=LegId("sip:promised"), number=SealedRef("number")))
    night.ready("hal")
    night.accept("hal")
    night.ready("cleo")
    night.arrive("web:rung")
    night.wait(1)
    night.arrive("web:waits")
    night.wait(1)
    night.arrive("web:greeted", line="public")
    night.arrive("web:chooses", line="choosing")
    assert _where(night) == WHERE_THEY_WERE
    assert night.agent("emil").state is AgentState.WRAP_UP
    assert _dialled(night).agent == "hal"
    return night


def _dialled(night: Rehearsal) -> Call:
    (call,) = (one for one in night.state.calls.values() if one.callback is not None)
    return call


def _where(night: Rehearsal) -> dict[str, CallState]:
    return {leg: night.call(leg).state for leg in CALLERS if LegId(leg) in night.state.calls_by_leg}


def _dead_for(night: Rehearsal, seconds: float) -> None:
    night.now = Instant(night.now + round(seconds * SECOND))


def _story(night: Rehearsal, leg: str) -> list[AnyEvent]:
    call = night.call(leg).id
    return [event for event in night.events if getattr(event, "call", None) == call]


def test_where_every_leg_is_still_there_nothing_is_noticed(night: Rehearsal) -> None:
    _dead_for(night, 5)
    outcome = night.restart(*CALLERS, *DESKS, _dialled(night).leg)
    assert not outcome.commands, "nothing is ordered again blindly"
    assert _where(night) == WHERE_THEY_WERE
    assert _dialled(night).state is CallState.DIALLING
    night.accept("cleo")
    assert night.call("web:rung").agent == "cleo"


def test_pages_that_reconnect_in_time_find_everything_as_it_was(night: Rehearsal) -> None:
    place = night.call("web:waits").waiting_since
    _dead_for(night, 40)
    night.restart()
    night.wait(HEAL_S - 1)
    for leg in CALLERS:
        night.come_back(leg, session=night.call(leg).session)
    for leg in DESKS:
        talk = night.state.calls.get(night.agent(leg.removeprefix("desk:")).call or CallId(0))
        night.come_back(leg, session=None if talk is None else talk.session)
    assert _where(night) == WHERE_THEY_WERE
    assert night.call("web:waits").waiting_since == place
    assert night.call("web:answered").session == 1, "sound that was kept goes on"
    assert night.agent("emil").state is AgentState.WRAP_UP


def test_the_offer_is_rung_again_and_has_its_full_time(night: Rehearsal) -> None:
    _dead_for(night, RING_S + 40)
    night.restart(*CALLERS)
    ring = only(night.come_back("desk:cleo").commands, c.RingAgent)
    assert ring.expires_at == night.now + RING_S * SECOND
    assert not any(isinstance(event, e.OfferMissed) for event in night.events)


def test_who_was_choosing_is_asked_again_and_his_key_still_counts(night: Rehearsal) -> None:
    _dead_for(night, 40)
    night.restart()
    asked = only(night.come_back("web:chooses").commands, c.AskDigit)
    assert asked.sound == CHOICES.prompt
    night.see(i.DigitPressed(leg=LegId("web:chooses"), playback=asked.id, digit="1"))
    assert night.call("web:chooses").queue == CRISIS.key


def test_a_caller_whose_agent_does_not_come_back_is_first_in_the_queue(night: Rehearsal) -> None:
    night.restart(*CALLERS, "desk:cleo", "desk:fay", "desk:gil")
    night.wait(HEAL_S)
    assert night.call("web:answered").state is CallState.QUEUED
    assert night.call("web:held").state is CallState.QUEUED
    assert _story(night, "web:held")[-1] == e.CallQueued(
        call=night.call("web:held").id,
        line=night.call("web:held").line,
        origin=night.call("web:held").origin,
        queue=night.state.queues[night.state.lines[night.call("web:held").line].queue].key,
        entry=2,
        priority=0,
        waiting_since=night.call("web:held").arrived_at,
        reason=Reason.AGENT_LOST,
    )
    night.come_back("desk:ana")
    night.ready("ana")
    assert night.agent_offered("web:held") == "ana", "he came first of all who wait"


def test_callers_who_do_not_come_back_are_gone_and_their_agents_wrap_up(night: Rehearsal) -> None:
    night.restart(*DESKS)
    night.wait(HEAL_S)
    assert _where(night) == {}
    outcomes = [event.outcome for event in night.events if isinstance(event, e.CallEnded)]
    assert outcomes.count(CallOutcome.LEFT_BEFORE_QUEUE) == 1
    assert outcomes.count(CallOutcome.ABANDONED) == 2
    assert outcomes.count(CallOutcome.ANSWERED) == 4
    assert night.agent("ana").state is AgentState.WRAP_UP
    assert night.agent("cleo").is_idle


# --- the consulted transfer ----------------------------------------------------------------------


def test_a_caller_whose_agent_asked_a_colleague_hears_music_over_the_kill(night: Rehearsal) -> None:
    outcome = night.restart("web:asked_about", "desk:gil")
    heard = next(one for one in outcome.commands if isinstance(one, c.MixCall)).hears
    assert Hears(leg=LegId("web:asked_about"), music=True) in heard
    assert Hears(leg=LegId("desk:gil"), music=True) in heard, "she waits for who asked her"


def test_if_only_the_colleague_comes_back_the_call_is_hers(night: Rehearsal) -> None:
    night.restart(*CALLERS, "desk:gil")
    night.wait(HEAL_S)
    assert night.call("web:asked_about").agent == "gil"
    transferred = only(_story(night, "web:asked_about"), e.CallTransferred)
    assert transferred.reason is Reason.AGENT_LOST, "the story says that nobody decided it"


def test_if_only_the_agent_comes_back_she_has_her_caller(night: Rehearsal) -> None:
    night.restart(*CALLERS, "desk:fay")
    events = night.wait(HEAL_S)
    assert only(events, e.PartyLeft).reason is Reason.AGENT_LOST
    assert not night.call("web:asked_about").parties
    night.resume("fay")
    assert night.call("web:asked_about").state is CallState.TALKING


def test_the_call_is_given_away_after_the_kill_as_if_nothing_was(night: Rehearsal) -> None:
    night.restart(*CALLERS, *DESKS)
    night.complete("fay")
    assert night.call("web:asked_about").agent == "gil"
    assert night.agent("fay").state is AgentState.WRAP_UP


# --- the callback half dialled -------------------------------------------------------------------


def test_a_number_that_rings_no_more_goes_back_to_its_place(night: Rehearsal) -> None:
    outcome = night.restart(*CALLERS, *DESKS)
    assert not [order for order in outcome.commands if isinstance(order, c.Dial)]
    assert only(outcome.events, e.CallbackDeferred).reason is Reason.RESTARTED
    assert night.agent("hal").state is AgentState.WRAP_UP, "she was on the line"


# --- twice ---------------------------------------------------------------------------------------


def test_what_a_page_says_again_because_it_was_never_told_done_changes_nothing(
    night: Rehearsal,
) -> None:
    call = night.call("web:answered")
    assert call.accepted is not None
    night.restart(*CALLERS, *DESKS)
    outcome = night.see(i.AcceptRequested(agent=AgentKey("ben"), offer=call.accepted))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_a_program_that_dies_twice_in_a_row_takes_nothing_from_anybody(night: Rehearsal) -> None:
    for _ in range(3):
        _dead_for(night, HEAL_S - 1)
        night.restart()
    for leg in (*CALLERS, *DESKS):
        night.come_back(leg)
    assert _where(night) == WHERE_THEY_WERE
