"""Does changed skill count from the next decision on, and can a supervisor take the next call?"""

import msgspec

from openline.engine import AgentState
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.engine import Outcome
from openline.engine.settings import SkillLevel
from openline.model import AgentKey, QueueKey, Reason, SkillKey
from tests.builders import step
from tests.engine.builders import (
    ANA,
    BEN,
    CLEO,
    CRISIS,
    DORA,
    ENGLISH,
    SETTINGS,
    SPANISH,
    another_version,
)
from tests.engine.rehearsal import Rehearsal, kinds, only

Skills = tuple[SkillLevel, ...]


def _teach(
    night: Rehearsal, agent: str, skills: Skills, instead_of: Skills | None = None
) -> Outcome:
    key = AgentKey(agent)
    seen = night.state.agent_settings[key].skills if instead_of is None else instead_of
    return night.see(
        i.SkillsChangeRequested(by=AgentKey("sue"), agent=key, skills=skills, instead_of=seen)
    )


def _take(night: Rehearsal, by: str, queue: QueueKey = ENGLISH.key) -> Outcome:
    return night.see(i.CallTakeRequested(by=AgentKey(by), queue=queue))


# --- skills --------------------------------------------------------------------------------


def test_whoever_waits_is_offered_at_once_to_who_can_take_him_now_and_it_is_told_by_whom() -> None:
    night = Rehearsal()
    night.ready("dora")
    night.arrive("web:1", "direct")
    changed = _teach(night, "dora", ANA.skills)
    assert kinds(changed.events)[:1] == ["AgentSkillsChanged"]
    assert only(changed.events, e.AgentSkillsChanged).by == "sue"
    offered = only(changed.events, e.CallOffered)
    assert (offered.agent, offered.by, offered.reason) == ("dora", "sue", Reason.LONGEST_WAITING)


def test_the_next_caller_is_told_so_too_and_whom_she_could_take_anyway_is_not() -> None:
    night = Rehearsal()
    _teach(night, "dora", ANA.skills)
    night.ready("dora")
    offered = only(night.arrive("web:1", "direct").events, e.CallOffered)
    assert (offered.agent, offered.by) == ("dora", "sue")
    night.accept("dora")
    night.leave("web:1")
    night.finish("dora")
    night.arrive("web:2", "publico")
    offered = only(night.hear_greeting("web:2").events, e.CallOffered)
    assert (offered.agent, offered.by) == ("dora", None)


def test_who_may_take_calls_only_later_by_the_configuration_has_the_act_to_thank_for_earlier() -> (
    None
):
    wide = msgspec.structs.replace(ENGLISH, overflow=(step(30, es=1),))
    night = Rehearsal(another_version(queues=(wide, SPANISH, CRISIS)))
    night.ready("dora")
    night.arrive("web:1", "direct")
    assert night.agent_offered("web:1") is None
    assert only(_teach(night, "dora", ANA.skills).events, e.CallOffered).by == "sue"


def test_a_skill_that_is_taken_away_takes_no_call_away_that_rings_or_is_talked_in() -> None:
    night = Rehearsal()
    night.ready("ben")
    night.arrive("web:1", "direct")
    _teach(night, "ben", ())
    assert night.agent_offered("web:1") == "ben"
    night.accept("ben")
    night.arrive("web:2", "direct")
    night.hang_up("ben")
    night.finish("ben")
    assert night.agent_offered("web:2") is None


def test_it_is_undone_by_giving_her_what_she_had_and_is_then_no_change_any_more() -> None:
    night = Rehearsal()
    _teach(night, "ben", CLEO.skills)
    assert night.state.changed_skills[AgentKey("ben")].by == "sue"
    _teach(night, "ben", BEN.skills)
    assert night.state.changed_skills == {}
    assert night.state.agent_settings[AgentKey("ben")].skills == BEN.skills


def test_who_saw_other_skills_than_she_has_is_refused_and_nothing_is_changed() -> None:
    night = Rehearsal()
    _teach(night, "ben", CLEO.skills)
    refused = only(_teach(night, "ben", ANA.skills, BEN.skills).events, e.RequestRefused)
    assert refused.reason is Reason.CHANGED_MEANWHILE
    assert set(night.state.agent_settings[AgentKey("ben")].skills) == set(CLEO.skills)


def test_the_same_again_changes_nothing_in_whatever_order_it_is_said() -> None:
    night = Rehearsal()
    assert kinds(_teach(night, "ana", ANA.skills[::-1]).events) == ["InputPassedOver"]


def test_what_nobody_configured_is_no_skill_and_nobody_is_no_agent() -> None:
    night = Rehearsal()
    juggling = (SkillLevel(skill=SkillKey("juggling"), level=1),)
    assert only(_teach(night, "ben", juggling).events, e.RequestRefused).reason is (
        Reason.UNKNOWN_SKILL
    )
    unknown = night.see(
        i.SkillsChangeRequested(
            by=AgentKey("sue"), agent=AgentKey("nobody"), skills=(), instead_of=()
        )
    )
    assert only(unknown.events, e.RequestRefused).reason is Reason.UNKNOWN_AGENT


def test_it_holds_over_a_restart_and_another_version_until_that_says_something_new_of_her() -> None:
    night = Rehearsal()
    _teach(night, "ben", CLEO.skills)
    night.restart()
    assert night.state.changed_skills[AgentKey("ben")].skills == tuple(
        sorted(CLEO.skills, key=lambda one: one.skill)
    )
    night.publish(another_version(version=2))
    assert AgentKey("ben") in night.state.changed_skills
    better = msgspec.structs.replace(BEN, skills=DORA.skills)
    agents = tuple(better if one.key == BEN.key else one for one in SETTINGS.agents)
    night.publish(another_version(version=3, agents=agents))
    assert night.state.changed_skills == {}
    assert night.state.agent_settings[AgentKey("ben")].skills == DORA.skills


# --- taking a call -------------------------------------------------------------------------


def test_a_supervisor_takes_the_next_call_whatever_she_can_and_the_others_keep_their_order() -> (
    None
):
    night = Rehearsal()
    night.ready("dora")
    for leg in ("web:1", "web:2", "web:3"):
        night.arrive(leg, "direct")
    taken = _take(night, "dora")
    offered = only(taken.events, e.CallOffered)
    assert (offered.agent, offered.reason, offered.by) == ("dora", Reason.TAKEN, None)
    assert night.agent_offered("web:1") == "dora"
    night.ready("ben")
    assert night.agent_offered("web:2") == "ben"


def test_who_pauses_and_takes_a_call_is_ready_by_that() -> None:
    night = Rehearsal()
    night.sign_in("dora")
    night.arrive("web:1", "direct")
    assert kinds(_take(night, "dora").events)[:2] == ["AgentReady", "CallOffered"]
    night.accept("dora")
    assert night.agent("dora").state is AgentState.TALKING


def test_a_call_that_was_taken_and_not_answered_is_at_its_old_place() -> None:
    night = Rehearsal()
    night.sign_in("dora")
    night.arrive("web:1", "direct")
    night.arrive("web:2", "direct")
    _take(night, "dora")
    night.decline("dora")
    night.ready("ben")
    assert night.agent_offered("web:1") == "ben"


def test_two_who_take_at_once_get_the_first_and_the_second_and_a_third_gets_nobody() -> None:
    night = Rehearsal()
    for agent in ("dora", "ana", "cleo"):
        night.sign_in(agent)
    night.arrive("web:1", "direct")
    night.arrive("web:2", "direct")
    _take(night, "dora")
    _take(night, "ana")
    assert [night.agent_offered(leg) for leg in ("web:1", "web:2")] == ["dora", "ana"]
    assert only(_take(night, "cleo").events, e.RequestRefused).reason is Reason.NOBODY_WAITS


def test_who_cannot_have_a_call_is_told_why() -> None:
    night = Rehearsal()
    night.sign_in("dora")
    night.arrive("web:1", "direct")

    def refused(by: str, queue: QueueKey = ENGLISH.key) -> Reason:
        return only(_take(night, by, queue).events, e.RequestRefused).reason

    assert refused("nobody") is Reason.UNKNOWN_AGENT
    assert refused("ben") is Reason.NOT_SIGNED_IN
    assert refused("dora", QueueKey("none")) is Reason.UNKNOWN_QUEUE
    assert refused("dora", SPANISH.key) is Reason.NOBODY_WAITS
    _take(night, "dora")
    assert refused("dora") is Reason.NOT_IN_THIS_STATE
