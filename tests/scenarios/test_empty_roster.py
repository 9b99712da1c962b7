"""Night 11, as far as the engine goes: the empty roster.

All agents pause at once. The calls stay at their places and nothing loops; where there is an
on-call list it is rung once; who comes back first takes the call that has waited longest.
"""

import msgspec

from openline.engine import AgentState, Settings
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey
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
