import pytest

from openline.engine import CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import LegId, Reason
from tests.builders import line
from tests.engine.builders import HEAL_S, PUBLIC, SETTINGS, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only


def _lost_sound(leg: str, session: int = 1) -> i.SoundLost:
    return i.SoundLost(leg=LegId(leg), session=session)


# --- a caller's page -----------------------------------------------------------------------


def test_a_waiting_caller_whose_page_heals_keeps_his_place_and_hears_music_again() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    since = night.now
    night.wait(3)
    night.arrive("web:2")
    night.lose("web:1")
    night.wait(HEAL_S - 1)
    outcome = night.come_back("web:1")
    assert only(outcome.commands, c.PlayMusic).reason is Reason.CAME_BACK
    assert night.call("web:1").waiting_since == since
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_a_lost_caller_is_offered_to_nobody_and_the_next_one_is() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.arrive("web:2")
    night.lose("web:1")
    night.ready("ben")
    assert night.agent_offered("web:2") == "ben"


def test_a_caller_who_comes_back_is_offered_to_who_is_idle() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.lose("web:1")
    night.ready("ben")
    night.come_back("web:1")
    assert night.agent_offered("web:1") == "ben"


def test_a_caller_lost_during_the_greeting_hears_it_again_under_the_same_name() -> None:
    night = Rehearsal()
    first = only(night.arrive("web:1", line="public").commands, c.PlayGreeting)
    night.lose("web:1")
    night.wait(2)
    assert night.come_back("web:1").commands == (first,)
    night.hear_greeting("web:1")
    assert night.call("web:1").state is CallState.QUEUED


def test_a_caller_whose_line_lost_its_greeting_meanwhile_waits_when_he_comes_back() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="public")
    night.lose("web:1")
    changed = tuple(
        line(PUBLIC.key, PUBLIC.queue) if one == PUBLIC else one for one in SETTINGS.lines
    )
    night.see(i.ConfigurationPublished(settings=another_version(lines=changed)))
    night.come_back("web:1")
    assert night.call("web:1").state is CallState.QUEUED


def test_an_offer_rings_on_while_its_caller_is_lost() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.ready("ben")
    night.lose("web:1")
    outcome = night.accept("ben")
    music = only(outcome.commands, c.PlayMusic)
    assert (music.leg, music.reason) == ("desk:ben", Reason.CALLER_LOST)
    assert only(night.come_back("web:1").commands, c.ConnectLegs).session == 2


def test_the_agent_hears_music_while_her_caller_is_lost() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    music = only(night.lose("web:1").commands, c.PlayMusic)
    assert (music.leg, music.reason) == ("desk:ben", Reason.CALLER_LOST)


def test_being_lost_twice_changes_nothing() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.lose("web:1")
    gone_at = night.call("web:1").gone_at
    night.wait(5)
    assert only(night.lose("web:1").events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO
    assert night.call("web:1").gone_at == gone_at


# --- an agent's page -----------------------------------------------------------------------


def test_an_offer_is_withdrawn_when_its_agent_becomes_unreachable() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1")
    outcome = night.lose("desk:ana")
    assert kinds(outcome.events) == ["AgentLost", "OfferWithdrawn", "CallOffered"]
    assert only(outcome.events, e.OfferWithdrawn).reason is Reason.AGENT_UNREACHABLE
    assert night.agent_offered("web:1") == "ben"


def test_an_agent_whose_page_heals_is_ready_as_before_and_first_in_turn() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.wait(1)
    night.ready("ben")
    night.lose("desk:ana")
    night.wait(3)
    night.come_back("desk:ana")
    night.arrive("web:1")
    assert night.agent_offered("web:1") == "ana"


def test_an_agent_who_comes_back_is_offered_who_waits() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.lose("desk:ben")
    night.arrive("web:1")
    assert night.agent_offered("web:1") is None
    night.come_back("desk:ben")
    assert night.agent_offered("web:1") == "ben"


def test_the_caller_hears_music_while_his_agent_is_lost_and_gets_her_back() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    music = only(night.lose("desk:ben").commands, c.PlayMusic)
    assert (music.leg, music.reason) == ("web:1", Reason.AGENT_LOST)
    night.wait(HEAL_S - 1)
    outcome = night.come_back("desk:ben", session=1)
    assert only(outcome.commands, c.ResumeCall).session == 1
    assert night.call("web:1").agent == "ben"


def test_a_page_that_lost_its_sound_gets_a_new_session() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("web:1")
    outcome = night.come_back("web:1", session=None)
    assert only(outcome.events, e.SoundSessionStarted).reason is Reason.PAGE_RELOADED
    assert only(outcome.commands, c.ConnectLegs).session == 2


@pytest.mark.parametrize("session", [1, None])
def test_a_parked_caller_is_parked_again_when_a_page_comes_back(session: int | None) -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    night.lose("web:1")
    outcome = night.come_back("web:1", session=session)
    assert kinds(outcome.commands)[-1] == "HoldCall"
    assert night.call("web:1").state is CallState.HELD


def test_who_comes_back_first_hears_music_until_the_other_is_back_too() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("desk:ben")
    night.lose("web:1")
    outcome = night.come_back("web:1", session=1)
    music = only(outcome.commands, c.PlayMusic)
    assert (music.leg, music.reason) == ("web:1", Reason.AGENT_LOST)
    assert kinds(night.come_back("desk:ben", session=1).commands) == ["ResumeCall"]


# --- sound ---------------------------------------------------------------------------------


def test_lost_sound_begins_a_new_session_once_though_both_sides_report_it() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    first = night.see(_lost_sound("web:1"))
    assert only(first.commands, c.ConnectLegs).session == 2
    second = night.see(_lost_sound("desk:ben"))
    assert only(second.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE
    assert not second.commands


def test_sound_that_is_lost_again_begins_a_third_session() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.see(_lost_sound("web:1", session=1))
    night.see(_lost_sound("desk:ben", session=2))
    assert night.call("web:1").session == 3


def test_sound_lost_on_hold_is_parked_again_in_the_new_session() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.hold("ben")
    outcome = night.see(_lost_sound("web:1"))
    assert kinds(outcome.commands) == ["ConnectLegs", "HoldCall"]


def test_no_connection_is_tried_while_a_side_is_lost() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("desk:ben")
    outcome = night.see(_lost_sound("web:1"))
    assert kinds(outcome.commands) == ["PlayMusic"]
    assert only(night.come_back("desk:ben", session=1).commands, c.ConnectLegs).session == 3


def test_a_side_that_hears_the_other_is_noted() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    for leg in ("web:1", "desk:ben"):
        outcome = night.see(i.SoundConnected(leg=LegId(leg), session=1))
        assert only(outcome.events, e.SoundConfirmed).leg == leg


def test_sound_in_no_conversation_is_out_of_date() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    outcome = night.see(i.SoundConnected(leg=LegId("web:1"), session=0))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE


def test_the_second_session_with_another_agent_goes_on_counting() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.lose("desk:ben")
    night.wait(HEAL_S)
    night.ready("ana")
    assert only(night.accept("ana").commands, c.ConnectLegs).session == 2
    late = night.see(_lost_sound("web:1", session=1))
    assert only(late.events, e.InputPassedOver).reason is Reason.OUT_OF_DATE
