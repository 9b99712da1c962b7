import pytest

from openline.engine import AgentState, CallState, Settings
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.invariants import written
from openline.model import SECOND, CommandId, Duration, LegId, Reason
from tests.builders import agent, line
from tests.engine.builders import (
    ABSENT_S,
    ANA,
    BEN,
    CLEO,
    CRISIS,
    DIRECT,
    DORA,
    ENGLISH,
    HEAL_S,
    PUBLIC,
    PUBLICO,
    RING_S,
    SETTINGS,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, kinds, only

# --- configuration -------------------------------------------------------------------------


def _publish(night: Rehearsal, settings: Settings) -> list[str]:
    return kinds(night.see(i.ConfigurationPublished(settings=settings)).events)


def test_a_configuration_is_adopted_by_one_event() -> None:
    night = Rehearsal()
    assert _publish(night, another_version()) == ["ConfigurationAdopted"]
    assert night.state.settings.version == 2


def test_the_same_configuration_again_changes_nothing() -> None:
    night = Rehearsal()
    outcome = night.see(i.ConfigurationPublished(settings=SETTINGS))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


@pytest.mark.parametrize(
    "lacking",
    [
        another_version(lines=(PUBLIC, PUBLICO)),
        another_version(queues=(SPANISH, CRISIS), lines=(PUBLICO,)),
        another_version(agents=(ANA, CLEO, DORA)),
    ],
    ids=["a line with a call", "a queue with a call", "an agent at work"],
)
def test_a_configuration_that_lacks_what_is_in_use_is_refused_as_a_whole(lacking: Settings) -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    before = written(night.state)
    outcome = night.see(i.ConfigurationPublished(settings=lacking))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.CONFIGURATION_IN_USE
    assert night.state.settings == SETTINGS
    assert len(written(night.state)) == len(before)
    night.hang_up("ben")
    night.finish("ben")
    night.sign_out("ben")
    assert _publish(night, lacking) == ["ConfigurationAdopted"]


def test_an_agent_who_learns_a_skill_is_offered_who_waits_for_it() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1", line="publico")
    night.hear_greeting("web:1")
    settings = another_version(agents=(ANA, agent(BEN.key, en=3, es=1), CLEO, DORA))
    assert _publish(night, settings) == ["ConfigurationAdopted", "CallOffered"]
    assert night.agent_offered("web:1") == "ben"


def test_calls_keep_queue_and_place_when_their_line_leads_elsewhere() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    since = night.now
    night.wait(5)
    settings = another_version(lines=(PUBLIC, line(DIRECT.key, SPANISH.key), PUBLICO))
    _publish(night, settings)
    night.arrive("web:2")
    assert (night.call("web:1").queue, night.call("web:1").waiting_since) == (ENGLISH.key, since)
    assert night.call("web:2").queue == SPANISH.key


def test_deadlines_stay_when_agents_change_places_in_the_configuration() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.lose("desk:ben")
    _publish(night, another_version(agents=(DORA, CLEO, BEN, ANA)))
    night.wait(HEAL_S)
    assert night.agent("ben").reason is Reason.CONNECTION_LOST


# --- restart -------------------------------------------------------------------------------


def test_after_a_restart_legs_that_are_missing_are_lost_and_have_their_time_to_come_back() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("dora")
    night.wait(100)
    outcome = night.restart()
    assert kinds(outcome.events) == ["CentreResumed", "CallerLost", "AgentLost"]
    assert night.call("web:1").gone_at == night.now + HEAL_S * SECOND
    assert only(outcome.events, e.CallerLost).reason is Reason.RESTARTED
    night.come_back("web:1")
    night.come_back("desk:dora")
    assert night.call("web:1").state is CallState.QUEUED


def test_after_a_restart_an_agent_at_ease_has_ten_minutes_to_come_back() -> None:
    night = Rehearsal()
    night.sign_in("ben")
    night.restart()
    assert night.agent("ben").gone_at == night.now + ABSENT_S * SECOND


def test_after_a_restart_nothing_is_ordered_again_for_legs_that_are_there() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.arrive("web:2", line="public")
    night.arrive("web:3")
    before = written(night.state)
    outcome = night.restart("web:1", "web:2", "web:3", "desk:ben")
    assert kinds(outcome.events) == ["CentreResumed"]
    assert not outcome.commands
    assert len(written(night.state)) == len(before)


def test_after_a_restart_every_offer_has_its_full_lease_again() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.wait(RING_S - 1)
    night.now = type(night.now)(night.now + 60 * SECOND)
    outcome = night.restart("web:1", "desk:ben")
    assert only(outcome.events, e.OfferRenewed).expires_at == night.now + RING_S * SECOND
    night.wait(RING_S - 1)
    night.accept("ben")
    assert night.call("web:1").agent == "ben"


def test_after_a_restart_an_offer_to_an_agent_who_does_not_come_back_is_withdrawn() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    night.restart("web:1")
    events = night.wait(HEAL_S)
    assert only(events, e.OfferWithdrawn).reason is Reason.AGENT_UNREACHABLE
    assert night.call("web:1").state is CallState.QUEUED


def test_an_agent_who_comes_back_after_a_restart_is_rung_for_the_same_offer() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    offer = night.offer_to("ben")
    night.restart("web:1")
    ring = only(night.come_back("desk:ben").commands, c.RingAgent)
    assert ring.offer == offer


def test_legs_that_the_record_does_not_know_are_hung_up_after_a_restart() -> None:
    night = Rehearsal()
    outcome = night.restart("web:forgotten")
    hang_up = only(outcome.commands, c.HangUpLeg)
    assert (hang_up.leg, hang_up.reason) == ("web:forgotten", Reason.UNKNOWN_LEG)


def test_who_was_lost_before_a_restart_and_is_there_after_it_goes_on() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("web:1")
    night.wait(5)
    outcome = night.restart("web:1", "desk:ben")
    assert only(outcome.commands, c.ConnectLegs).session == 2
    night.wait(HEAL_S)
    assert night.call("web:1").state is CallState.TALKING


def test_a_deadline_that_a_restart_does_not_renew_is_met_at_once() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.now = type(night.now)(night.now + 3_600 * SECOND)
    outcome = night.restart("web:1")
    assert kinds(outcome.events) == ["CentreResumed", "CallQueued"]


def test_starting_twice_changes_nothing_more() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.arrive("web:2")
    night.restart("web:1")
    night.say_again()


# --- time and orders -----------------------------------------------------------------------


@pytest.mark.parametrize("days", [-1, 1])
def test_a_step_of_the_wall_clock_neither_fires_nor_starves_a_deadline(days: int) -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1")
    due = night.engine.next_wakeup()
    outcome = night.see(i.ClockStepped(by=Duration(days * 86_400 * SECOND)))
    assert kinds(outcome.events) == ["ClockStepNoted"]
    assert night.engine.next_wakeup() == due
    assert kinds(night.wait(RING_S)) == ["OfferMissed"]


def test_an_order_that_failed_is_noted_and_changes_nothing() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.see(
        i.CommandFailed(command=CommandId(7), leg=LegId("web:1"), why="unreachable")
    )
    assert outcome.events == (
        e.CommandFailureNoted(command=CommandId(7), leg=LegId("web:1"), why="unreachable"),
    )
    assert not outcome.commands
    assert night.agent("ben").state is AgentState.TALKING
