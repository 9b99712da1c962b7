"""Help: a silent hand, who comes, and when the hand goes down."""

from openline.engine import AgentState
from openline.engine import events as e
from openline.model import Reason
from tests.engine.rehearsal import Rehearsal, kinds, only


def _with_hand_up() -> Rehearsal:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.ask_help("ben")
    return night


def test_a_hand_is_up_from_the_moment_she_asks_and_nothing_is_ordered() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    outcome = night.ask_help("ben")
    assert kinds(outcome.events) == ["HelpAsked"]
    assert not outcome.commands
    assert night.agent("ben").help_since == night.state.now


def test_a_hand_that_is_up_is_not_raised_again() -> None:
    night = _with_hand_up()
    since = night.agent("ben").help_since
    assert kinds(night.ask_help("ben").events) == ["InputPassedOver"]
    assert night.agent("ben").help_since == since


def test_who_has_no_call_has_nothing_to_be_helped_with() -> None:
    night = Rehearsal()
    night.ready("ben")
    assert only(night.ask_help("ben").events, e.RequestRefused).reason is Reason.CALL_IS_OVER


def test_she_sees_who_comes() -> None:
    night = _with_hand_up()
    night.take_help("ben", "sue")
    assert night.agent("ben").help_by == "sue"


def test_a_second_supervisor_is_told_that_somebody_comes_already() -> None:
    night = _with_hand_up()
    night.take_help("ben", "sue")
    refused = only(night.take_help("ben", "tom").events, e.RequestRefused)
    assert (refused.agent, refused.reason) == ("tom", Reason.HELP_IS_TAKEN)
    assert night.agent("ben").help_by == "sue"


def test_who_does_not_come_after_all_leaves_the_hand_up_for_the_others() -> None:
    night = _with_hand_up()
    night.take_help("ben", "sue")
    night.take_help("ben", "sue", takes=False)
    ben = night.agent("ben")
    assert (ben.help_by, ben.help_since is not None) == (None, True)
    night.take_help("ben", "tom")
    assert night.agent("ben").help_by == "tom"


def test_nobody_comes_to_who_did_not_ask() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    assert only(night.take_help("ben").events, e.RequestRefused).reason is Reason.NO_HELP_WANTED


def test_she_takes_her_hand_down_whoever_is_on_the_way() -> None:
    night = _with_hand_up()
    night.take_help("ben")
    night.withdraw_help("ben")
    ben = night.agent("ben")
    assert (ben.help_since, ben.help_by) == (None, None)


def test_a_hand_stays_up_while_she_works_on_the_call_and_goes_down_with_it() -> None:
    night = _with_hand_up()
    night.hang_up("ben")
    assert night.agent("ben").state is AgentState.WRAP_UP
    assert night.agent("ben").help_since is not None
    night.finish("ben")
    assert night.agent("ben").help_since is None


def test_a_hand_goes_down_with_who_goes_home() -> None:
    night = _with_hand_up()
    night.hang_up("ben")
    night.force("ben", AgentState.SIGNED_OUT)
    assert night.agent("ben").help_since is None
