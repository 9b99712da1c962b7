"""A rule as it would be touches what it names, and is refused where it cannot be."""

from datetime import date

import pytest

from openline.engine import Settings, SkillLevel
from openline.model import AgentKey, Duration, LineKey, QueueKey, RefusedError, SkillKey
from openline.simulation.civil import instant_of, zone
from openline.simulation.rules import (
    AnyRule,
    CallbackRule,
    HoursRule,
    NeedsRule,
    OverflowRule,
    PriorityRule,
    SkillRule,
    TargetRule,
    ruled,
    targets_with,
)
from tests.simulation.worlds import agent_keys, seconds, settings

TALK, OTHER = QueueKey("talk"), QueueKey("other")
RULES = settings({"talk": agent_keys("talk", 2), "other": agent_keys("other", 1)})
ONE = RULES.agents[0].key
SPANISH = SkillKey("spanish")
CHICAGO = "America/Chicago"


def under(*rules: AnyRule, days: int = 2) -> Settings:
    return ruled(RULES, rules, zone_name=CHICAGO, start=date(2026, 3, 7), days=days)


def test_without_a_rule_all_stays() -> None:
    assert under() == RULES


def test_a_rule_of_one_queue_leaves_the_other_as_it_is() -> None:
    found = under(
        PriorityRule(queue=TALK, priority=7),
        CallbackRule(queue=TALK, after=seconds(240)),
        OverflowRule(queue=TALK, after=seconds(120)),
    )
    talk, other = found.queues
    assert talk.priority == 7
    assert talk.callback is not None
    assert talk.callback.offer_after == seconds(240)
    assert [(step.after, step.needs) for step in talk.overflow] == [(seconds(120), ())]
    assert other == RULES.queues[1]


def test_a_skill_can_be_needed_and_given_in_one_question() -> None:
    found = under(
        NeedsRule(queue=TALK, skill=SPANISH, level=3),
        SkillRule(agent=ONE, skill=SPANISH, level=4),
    )
    assert SkillLevel(skill=SPANISH, level=3) in found.queues[0].needs
    assert [SkillLevel(skill=SPANISH, level=4) in agent.skills for agent in found.agents] == [
        True,
        False,
        False,
    ]


def test_a_skill_goes_with_level_0_from_a_queue_and_from_everybody() -> None:
    talk = SkillKey("talk")
    found = under(NeedsRule(queue=TALK, skill=talk, level=0), SkillRule(skill=talk, level=0))
    assert found.queues[0].needs == ()
    assert all(each.skill != talk for agent in found.agents for each in agent.skills)


def test_a_target_changes_no_rule_of_the_engine_only_what_counts() -> None:
    rule = TargetRule(queue=TALK, within=seconds(60))
    assert under(rule) == RULES
    assert targets_with({TALK: seconds(20), OTHER: seconds(20)}, [rule]) == {
        TALK: seconds(60),
        OTHER: seconds(20),
    }


@pytest.mark.parametrize("day", [date(2026, 3, 7), date(2026, 3, 8)], ids=str)
def test_hours_hold_by_the_clock_on_the_wall_also_when_it_is_changed(day: date) -> None:
    found = under(HoursRule(line=LineKey("talk"), start_minute=20 * 60, end_minute=2 * 60 + 30))
    (hours,) = found.hours
    where = zone(CHICAGO)
    assert instant_of(day, 20 * 60, where) in hours.changes
    assert instant_of(day, 26 * 60 + 30, where) in hours.changes
    assert list(hours.changes) == sorted(set(hours.changes))
    assert not hours.open_first
    assert found.lines[0].hours == hours.key
    assert found.lines[0].closed is not None
    assert found.lines[1] == RULES.lines[1]


def test_a_whole_day_is_open_without_a_break() -> None:
    found = under(HoursRule(line=LineKey("talk"), start_minute=0, end_minute=24 * 60))
    assert len(found.hours[0].changes) == 2


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PriorityRule(queue=QueueKey("tlk"), priority=1), "There is no queue 'tlk'"),
        (PriorityRule(queue=TALK, priority=5_000), "A priority is from"),
        (TargetRule(queue=TALK, within=Duration(0)), "A target is more than 0 s"),
        (CallbackRule(queue=TALK, after=seconds(90_000)), "at most a day"),
        (NeedsRule(queue=TALK, skill=SPANISH, level=1), "Nobody has the skill 'spanish'"),
        (NeedsRule(queue=TALK, skill=SPANISH, level=6), "A level is from 0"),
        (SkillRule(agent=AgentKey("nobody"), skill=SPANISH, level=1), "There is no agent"),
        (HoursRule(line=LineKey("x"), start_minute=0, end_minute=60), "There is no line 'x'"),
        (HoursRule(line=LineKey("talk"), start_minute=60, end_minute=60), "another end"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_what_cannot_be_is_refused_in_words(rule: AnyRule, words: str) -> None:
    with pytest.raises(RefusedError, match=words) as caught:
        under(rule)
    assert caught.value.code == "bad_rule"
