"""Night 11: the empty roster.

All agents pause at once. The calls stay at their places and nothing loops; callers hear the truth;
where there is an on-call list it is rung once; who comes back first takes the call that has waited
longest.
"""

import msgspec

from openline.engine import (
    AgentState,
    Announcements,
    CallOutcome,
    FlowsWhen,
    Interflow,
    Settings,
    ToMessage,
)
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, LegId
from tests.builders import seconds
from tests.engine.builders import CRISIS, ENGLISH, SETTINGS, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

ALL = ("ana", "ben", "cleo", "dora")


def _everybody_pauses(settings: Settings = SETTINGS) -> Rehearsal:
    night = Rehearsal(settings)
    for key in ALL:
        night.ready(key)
    for number in range(3):
        night.arrive(f"web:{number}")
        night.wait(1)
    for key in ALL:
        night.pause(key)
    return night


def test_callers_are_told_their_place_and_no_wait_that_nobody_could_keep() -> None:
    told = Announcements(place=True, wait=True, every=seconds(30))
    queues = (msgspec.structs.replace(ENGLISH, announcements=told), SPANISH, CRISIS)
    night = _everybody_pauses(another_version(queues=queues))
    empty = len(night.steps)
    night.arrive("web:late")
    night.wait(90)
    said = [
        order
        for step in night.steps[empty:]
        for order in step.outcome.commands
        if isinstance(order, c.AnnounceWait)
    ]
    assert {order.wait for order in said} == {None}, "with nobody at work nobody can tell"
    by_leg: dict[LegId, set[int | None]] = {}
    for order in said:
        by_leg.setdefault(order.leg, set()).add(order.place)
    assert by_leg == {
        LegId("web:0"): {1},
        LegId("web:1"): {2},
        LegId("web:2"): {3},
        LegId("web:late"): {4},
    }


def test_where_a_message_is_for_nobody_at_work_new_callers_hear_it_and_are_not_kept() -> None:
    honest = Interflow(when=FlowsWhen.NOBODY_AT_WORK, to=ToMessage(sound="nobody-here-now"))
    queues = (msgspec.structs.replace(ENGLISH, interflow=(honest,)), SPANISH, CRISIS)
    night = _everybody_pauses(another_version(queues=queues))
    for key in ALL:
        night.sign_out(key)
    heard = only(night.arrive("web:late").commands, c.PlayMessage)
    assert heard.sound == "nobody-here-now"
    night.see(i.PlaybackFinished(leg=LegId("web:late"), playback=heard.id))
    ended = [event for event in night.events if isinstance(event, e.CallEnded)]
    assert ended[-1].outcome is CallOutcome.HEARD_MESSAGE


def test_every_call_that_was_being_offered_is_back_at_its_place() -> None:
    night = _everybody_pauses()
    assert not night.state.offers
    assert all(call.is_waiting for call in night.state.calls.values())
    arrived = [call.arrived_at for call in night.state.calls.values()]
    assert [call.waiting_since for call in night.state.calls.values()] == arrived


def test_an_offer_taken_back_from_one_is_not_passed_round_for_ever() -> None:
    night = _everybody_pauses()
    offered = sum(isinstance(event, e.CallOffered) for event in night.events)
    assert offered <= 3 * len(ALL)


def test_nothing_happens_and_nothing_is_due_while_nobody_is_there() -> None:
    night = _everybody_pauses()
    assert night.engine.next_wakeup() is None
    assert not night.wait(3_600)
    assert len(night.state.calls) == 3


def test_new_callers_queue_behind_those_who_wait() -> None:
    night = _everybody_pauses()
    outcome = night.arrive("web:late")
    assert kinds(outcome.events) == ["CallArrived", "CallQueued"]
    night.wait(60)
    night.ready("ben")
    assert night.agent_offered("web:0") == "ben"


def test_who_comes_back_first_gets_the_longest_wait_and_the_others_the_next() -> None:
    night = _everybody_pauses()
    night.wait(600)
    for key, leg in (("cleo", "web:0"), ("ana", "web:1"), ("ben", "web:2")):
        night.ready(key)
        assert night.agent_offered(leg) == key


def test_one_who_misses_every_offer_is_paused_after_the_first() -> None:
    night = _everybody_pauses()
    night.ready("ben")
    night.wait(3_600)
    assert sum(isinstance(event, e.OfferMissed) for event in night.events) == 1
    assert night.agent("ben").state is AgentState.PAUSED


def test_an_agent_who_signs_out_of_an_empty_house_leaves_no_trace_in_the_queue() -> None:
    night = _everybody_pauses()
    for key in ALL:
        only(night.see(i.SignOutRequested(agent=AgentKey(key))).events, e.AgentSignedOut)
    assert len(night.state.calls) == 3


def test_who_is_on_call_is_rung_once_and_the_first_to_come_takes_the_longest_wait() -> None:
    english = msgspec.structs.replace(
        ENGLISH, on_call=(AgentKey("cleo"), AgentKey("dora")), on_call_after=seconds(30)
    )
    night = _everybody_pauses(another_version(queues=(english, SPANISH, CRISIS)))
    night.sign_out("cleo")
    events = night.wait(3_600)
    assert only(events, e.OnCallRung).agents == ("cleo", "dora")
    night.ready("cleo")
    assert night.agent_offered("web:0") == "cleo"
