import msgspec

from openline.engine import AgentChoice, Settings
from openline.engine import events as e
from openline.engine.choice import occupancy
from openline.model import Reason
from tests.builders import agent
from tests.engine.builders import ANA, BEN, CLEO, CRISIS, DORA, ENGLISH, SPANISH, another_version
from tests.engine.rehearsal import Rehearsal, only


def _choosing(choice: AgentChoice) -> Settings:
    english = msgspec.structs.replace(ENGLISH, choice=choice)
    return another_version(queues=(english, SPANISH, CRISIS))


def _one_call(night: Rehearsal, key: str, leg: str, talk_s: float) -> None:
    """Lets an agent who is alone take a call, talk so long, and pause."""
    night.talk(key, leg)
    night.wait(talk_s)
    night.hang_up(key)
    night.finish(key, ready=False)


def test_without_a_choice_the_longest_idle_is_rung() -> None:
    night = Rehearsal()
    for key in ("ben", "ana"):
        night.ready(key)
        night.wait(1)
    offered = only(night.arrive("web:1").events, e.CallOffered)
    assert (offered.agent, offered.reason) == ("ben", Reason.LONGEST_IDLE)


def test_the_best_skilled_is_rung_though_others_are_idle_longer() -> None:
    night = Rehearsal(_choosing(AgentChoice.BEST_SKILL))
    for key in ("ben", "cleo", "ana"):
        night.ready(key)
        night.wait(1)
    offered = [only(night.arrive(f"web:{n}").events, e.CallOffered) for n in range(3)]
    assert [one.agent for one in offered] == ["ana", "cleo", "ben"]
    assert {one.reason for one in offered} == {Reason.BEST_SKILL}


def test_equal_skill_goes_by_who_has_been_idle_longest() -> None:
    equals = (ANA, agent(BEN.key, en=5), CLEO, DORA)
    night = Rehearsal(msgspec.structs.replace(_choosing(AgentChoice.BEST_SKILL), agents=equals))
    for key in ("ben", "ana"):
        night.ready(key)
        night.wait(1)
    night.arrive("web:1")
    assert night.agent_offered("web:1") == "ben"


def test_the_least_occupied_is_rung_though_others_are_idle_longer() -> None:
    night = Rehearsal(_choosing(AgentChoice.LEAST_OCCUPIED))
    _one_call(night, "ben", "web:1", talk_s=300)
    _one_call(night, "ana", "web:2", talk_s=30)
    night.wait(600)
    night.ready("ben")
    night.wait(60)
    night.ready("ana")
    offered = only(night.arrive("web:3").events, e.CallOffered)
    assert (offered.agent, offered.reason) == ("ana", Reason.LEAST_OCCUPIED)


def test_occupancy_is_talk_and_wrap_up_from_sign_in_to_becoming_ready() -> None:
    night = Rehearsal()
    night.talk("ben", "web:1")
    night.wait(60)
    night.hang_up("ben")
    night.wait(40)
    night.finish("ben", ready=False)
    night.wait(100)
    night.ready("ben")
    night.wait(1_000)
    assert occupancy(night.agent("ben")) == 500_000


def test_a_new_sign_in_begins_at_nothing() -> None:
    night = Rehearsal()
    _one_call(night, "ben", "web:1", talk_s=300)
    night.sign_out("ben")
    night.wait(10)
    night.sign_in("ben")
    night.wait(10)
    night.ready("ben")
    assert occupancy(night.agent("ben")) == 0


def test_the_order_of_the_idle_survives_a_restart() -> None:
    night = Rehearsal(_choosing(AgentChoice.LEAST_OCCUPIED))
    _one_call(night, "ben", "web:1", talk_s=300)
    night.ready("ben")
    night.wait(5)
    night.ready("ana")
    night.restart("desk:ben", "desk:ana")
    night.arrive("web:2")
    assert night.agent_offered("web:2") == "ana"
