from openline.engine import AgentState
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, Reason
from tests.engine.builders import ENGLISH, SPANISH, WRAP_UP_LIMIT_S, another_version
from tests.engine.rehearsal import Rehearsal, kinds, only

RECOVERY_S = 300


def _wrapping_up(recovery_s: int = 0) -> Rehearsal:
    night = Rehearsal(another_version(recovery_s=recovery_s))
    night.talk("ben", "web:1")
    night.hang_up("ben")
    return night


def test_one_key_moves_the_limit_on_and_it_warns_only_then() -> None:
    night = _wrapping_up()
    night.wait(WRAP_UP_LIMIT_S - 10)
    extended = only(night.extend("ben").events, e.WrapUpExtended)
    assert extended.warn_at == night.now + WRAP_UP_LIMIT_S * SECOND
    assert not night.wait(WRAP_UP_LIMIT_S - 1)
    assert kinds(night.wait(1)) == ["WrapUpLimitReached"]


def test_it_can_be_asked_for_as_often_as_she_likes_and_after_the_warning_too() -> None:
    night = _wrapping_up()
    for _ in range(5):
        night.wait(WRAP_UP_LIMIT_S + 1)
        assert night.agent("ben").warn_at is None
        night.extend("ben")
        assert night.agent("ben").warn_at is not None
    assert night.agent("ben").state is AgentState.WRAP_UP


def test_asking_twice_at_once_moves_the_limit_once() -> None:
    night = _wrapping_up()
    night.wait(5)
    night.extend("ben")
    assert only(night.say_again().events, e.InputPassedOver).reason is Reason.NOTHING_TO_DO


def test_a_longer_wrap_up_is_counted_to_its_end() -> None:
    night = _wrapping_up()
    night.wait(100)
    night.extend("ben")
    night.wait(100)
    assert only(night.finish("ben").events, e.WrapUpFinished).took == 200 * SECOND


def test_who_asks_for_it_rests_after_the_call_and_is_told_when_the_time_is_over() -> None:
    night = _wrapping_up(RECOVERY_S)
    night.finish("ben", recovery=True)
    ben = night.agent("ben")
    assert (ben.state, ben.reason) == (AgentState.PAUSED, Reason.RECOVERY)
    assert not night.wait(RECOVERY_S - 1)
    assert kinds(night.wait(1)) == ["RecoveryBreakOver"]
    assert (ben.state, ben.reason, ben.rests_until) == (AgentState.PAUSED, Reason.RECOVERY, None)
    assert not night.wait(3_600)


def test_she_ends_her_break_herself_whenever_she_likes() -> None:
    night = _wrapping_up(RECOVERY_S)
    night.finish("ben", recovery=True)
    night.wait(10)
    night.ready("ben")
    assert night.agent("ben").rests_until is None
    assert night.engine.next_wakeup() is None


def test_no_event_tells_that_a_call_was_hard_but_that_she_rests() -> None:
    night = _wrapping_up(RECOVERY_S)
    finished = only(night.finish("ben", recovery=True).events, e.WrapUpFinished)
    other = _wrapping_up(RECOVERY_S)
    assert finished == only(other.finish("ben").events, e.WrapUpFinished)


def test_where_no_break_is_configured_her_other_wish_holds() -> None:
    night = _wrapping_up()
    night.finish("ben", recovery=True)
    assert night.agent("ben").state is AgentState.READY


def test_what_a_supervisor_wants_waits_for_the_break_except_to_send_her_home() -> None:
    night = _wrapping_up(RECOVERY_S)
    night.force("ben", AgentState.READY)
    night.finish("ben", recovery=True)
    assert night.agent("ben").reason is Reason.RECOVERY
    other = Rehearsal(another_version(recovery_s=RECOVERY_S))
    other.talk("ben", "web:1")
    other.force("ben", AgentState.SIGNED_OUT)
    other.hang_up("ben")
    other.finish("ben", recovery=True)
    assert other.agent("ben").state is AgentState.SIGNED_OUT


def test_a_break_survives_a_restart() -> None:
    night = _wrapping_up(RECOVERY_S)
    night.finish("ben", recovery=True)
    night.restart("desk:ben")
    assert kinds(night.wait(RECOVERY_S)) == ["RecoveryBreakOver"]


def test_a_queue_cannot_be_dropped_while_somebody_wraps_up_a_call_of_it() -> None:
    night = _wrapping_up()
    without = another_version(queues=(SPANISH,), version=3)
    outcome = night.see(i.ConfigurationPublished(settings=without))
    assert only(outcome.events, e.InputPassedOver).reason is Reason.CONFIGURATION_IN_USE
    night.finish("ben")
    assert kinds(night.see(i.ConfigurationPublished(settings=without)).events) == [
        "ConfigurationAdopted"
    ]
    assert ENGLISH.key not in night.state.queues
