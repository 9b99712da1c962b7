from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Origin, Reason
from tests.engine.rehearsal import Rehearsal, only


def test_a_call_goes_to_the_agent_who_has_been_idle_longest() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.wait(10)
    night.ready("ana")
    night.arrive("web:1")
    assert night.agent_offered("web:1") == "ben"


def test_of_two_who_became_ready_at_once_the_first_in_the_configuration_is_rung() -> None:
    night = Rehearsal()
    night.ready("cleo")
    night.ready("ana")
    night.arrive("web:1")
    assert night.agent_offered("web:1") == "ana"


def test_an_agent_who_gave_an_offer_back_through_no_fault_of_hers_keeps_her_turn() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.wait(5)
    night.ready("ben")
    night.arrive("web:1")
    night.leave("web:1")
    night.arrive("web:2")
    assert night.agent_offered("web:2") == "ana"


def test_an_agent_gets_the_call_that_waits_longest() -> None:
    night = Rehearsal()
    for leg in ("web:1", "web:2", "web:3"):
        night.arrive(leg)
        night.wait(1)
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_calls_of_one_instant_are_served_in_the_order_of_their_numbers() -> None:
    night = Rehearsal()
    night.arrive("web:b")
    night.arrive("web:a")
    night.ready("ben")
    assert night.agent_offered("web:b") == "ben"


def test_the_higher_priority_goes_first_however_long_others_wait() -> None:
    night = Rehearsal()
    night.arrive("web:1")
    night.wait(300)
    night.arrive("web:2", line="crisis")
    night.ready("cleo")
    assert night.agent_offered("web:2") == "cleo"


def test_of_two_queues_of_one_priority_the_longer_wait_goes_first() -> None:
    night = Rehearsal()
    night.arrive("web:1", line="publico")
    night.hear_greeting("web:1")
    night.wait(1)
    night.arrive("web:2")
    night.ready("ana")
    assert night.agent_offered("web:1") == "ana"


def test_a_real_call_goes_before_a_practice_call_that_waits_longer() -> None:
    night = Rehearsal()
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.wait(60)
    night.arrive("web:1")
    night.sign_in("ben", Origin.REAL, Origin.PRACTICE)
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"
    assert night.agent_offered("lesson:1") is None


def test_a_simulated_call_goes_before_a_practice_call() -> None:
    night = Rehearsal()
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.arrive("sim:1", origin=Origin.SIMULATED)
    night.sign_in("ben", *Origin)
    night.ready("ben")
    assert night.agent_offered("sim:1") == "ben"


def test_an_agent_who_serves_real_calls_only_gets_no_practice_call() -> None:
    night = Rehearsal()
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.sign_in("ben", Origin.REAL)
    night.ready("ben")
    night.wait(60)
    assert night.agent_offered("lesson:1") is None


def test_a_practice_call_finds_nobody_while_only_others_serve_practice() -> None:
    night = Rehearsal()
    night.sign_in("ben", Origin.PRACTICE)
    night.ready("ben")
    night.sign_in("ana", Origin.REAL)
    night.ready("ana")
    night.arrive("web:1")
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    assert night.agent_offered("web:1") == "ana"
    assert night.agent_offered("lesson:1") == "ben"


def test_an_agent_who_turns_practice_on_gets_the_practice_call_that_waits() -> None:
    night = Rehearsal()
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    night.ready("ben")
    night.see(
        i.OriginsChosen(agent=AgentKey("ben"), origins=(Origin.REAL, Origin.PRACTICE)),
    )
    assert night.agent_offered("lesson:1") == "ben"


def test_an_agent_who_turned_practice_off_is_rung_for_no_practice_call() -> None:
    night = Rehearsal()
    night.sign_in("ben", Origin.REAL, Origin.PRACTICE)
    night.ready("ben")
    night.see(i.OriginsChosen(agent=AgentKey("ben"), origins=(Origin.REAL,)))
    night.arrive("lesson:1", origin=Origin.PRACTICE)
    assert night.agent_offered("lesson:1") is None


def test_a_call_waits_while_nobody_has_the_skill() -> None:
    night = Rehearsal()
    night.ready("dora")
    night.arrive("web:1")
    assert night.agent_offered("web:1") is None


def test_a_skill_below_the_needed_level_does_not_count() -> None:
    night = Rehearsal()
    night.ready("ana")
    night.ready("ben")
    night.arrive("web:1", line="crisis")
    assert night.agent_offered("web:1") is None
    night.ready("cleo")
    assert night.agent_offered("web:1") == "cleo"


def test_every_offer_says_whether_the_agent_or_the_call_was_there_first() -> None:
    night = Rehearsal()
    night.ready("ben")
    first = only(night.arrive("web:1").events, e.CallOffered)
    night.arrive("web:2")
    second = only(night.ready("ana").events, e.CallOffered)
    assert (first.reason, second.reason) == (Reason.LONGEST_IDLE, Reason.LONGEST_WAITING)
