"""Night 5: the stuck agent.

His browser freezes while an offer rings; then his network is gone for forty seconds in a call; then
his laptop sleeps with the state *ready*. No caller hears more than twelve seconds of ringing on a
dead phone; the caller in the call hears music and is not lost.

The shell takes a page as lost after eight silent seconds, which leaves the engine four of the
twelve; it needs none.
"""

from openline.engine import AgentState, CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.model import SECOND, Reason
from tests.engine.builders import HEAL_S
from tests.engine.rehearsal import Rehearsal, only

SILENT_S = 8


def test_his_browser_freezes_while_an_offer_rings() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    rung_at = night.now
    night.ready("ana")

    night.wait(SILENT_S)
    outcome = night.lose("desk:ben")

    assert only(outcome.events, e.OfferWithdrawn).reason is Reason.AGENT_UNREACHABLE
    assert night.agent_offered("web:1") == "ana"
    assert night.now - rung_at <= 12 * SECOND
    assert night.call("web:1").waiting_since == rung_at, "and the caller has his own place"


def test_the_caller_is_passed_on_even_if_nobody_else_is_there_yet() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.wait(SILENT_S)
    night.lose("desk:ben")
    assert night.call("web:1").state is CallState.QUEUED
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_a_network_that_is_gone_for_ten_seconds_in_a_call_gives_the_caller_his_agent_back() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.wait(60)

    lost = night.lose("desk:ben")
    music = only(lost.commands, c.PlayMusic)
    assert (music.leg, music.reason) == ("web:1", Reason.AGENT_LOST)

    night.wait(10)
    back = night.come_back("desk:ben", session=None)
    connect = only(back.commands, c.ConnectLegs)
    assert (connect.leg, connect.agent_leg, connect.session) == ("web:1", "desk:ben", 2)
    assert night.call("web:1").agent == "ben"


def test_a_network_that_is_gone_for_forty_seconds_gives_the_caller_his_first_place() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    first_place = night.now
    night.wait(20)
    night.arrive("web:2")
    night.ready("ben")
    night.accept("ben")
    night.wait(60)

    night.lose("desk:ben")
    night.wait(HEAL_S)
    assert night.call("web:1").state is CallState.QUEUED
    assert night.call("web:1").waiting_since == first_place

    night.wait(40 - HEAL_S)
    night.come_back("desk:ben")
    assert night.agent("ben").state is AgentState.PAUSED, "he says himself when he is ready"
    assert night.agent("ben").reason is Reason.CONNECTION_LOST
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben", "before the one who came after him"


def test_his_laptop_sleeps_while_he_is_ready() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.wait(SILENT_S)
    night.lose("desk:ben")

    night.arrive("web:1")
    assert night.agent_offered("web:1") is None, "a dead phone is not rung"
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"

    night.wait(HEAL_S)
    assert night.agent("ben").state is AgentState.PAUSED
    night.wait(600)
    assert night.agent("ben").state is AgentState.SIGNED_OUT
