"""What if a rule were another: one queue's, one agent's or one line's, in settings that stay whole.

A rule touches the settings and nobody's plans, so the callers of both worlds are the same. A target
is no part of the settings: it changes no call, only what counts as answered in time.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import msgspec

from openline.engine import (
    AgentSettings,
    CallbackSettings,
    HoursSettings,
    LineSettings,
    OverflowStep,
    QueueSettings,
    Settings,
    SkillLevel,
    ToMessage,
)
from openline.engine.value import Value
from openline.model import (
    SECOND,
    AgentKey,
    Duration,
    HoursKey,
    Instant,
    LineKey,
    QueueKey,
    RefusedError,
    SkillKey,
)
from openline.simulation.civil import instant_of, zone

MOST_PRIORITY = 1_000
MOST_LEVEL = 5
LONGEST = Duration(24 * 3600 * SECOND)
CLOSED_SOUND = "closed"
"""What is played on a line that closes and has said nothing of it so far."""


class Rule(Value, tag=True, frozen=True, kw_only=True):
    """Is one rule as it would be."""


class TargetRule(Rule, frozen=True, kw_only=True):
    """Says within which wait a call of the queue counts as answered in time."""

    queue: QueueKey
    within: Duration


class PriorityRule(Rule, frozen=True, kw_only=True):
    """Says which priority the calls of a queue have."""

    queue: QueueKey
    priority: int


class NeedsRule(Rule, frozen=True, kw_only=True):
    """Says which level of a skill the calls of a queue need; at level 0 they need none of it."""

    queue: QueueKey
    skill: SkillKey
    level: int


class CallbackRule(Rule, frozen=True, kw_only=True):
    """Says after which wait the callers of a queue are offered a callback."""

    queue: QueueKey
    after: Duration


class OverflowRule(Rule, frozen=True, kw_only=True):
    """Says after which wait the calls of a queue are offered to everybody, whatever they need."""

    queue: QueueKey
    after: Duration


class SkillRule(Rule, frozen=True, kw_only=True):
    """Gives an agent a level of a skill; at level 0 she has it no more."""

    agent: AgentKey | None = None
    """None: all of them."""
    skill: SkillKey
    level: int


class HoursRule(Rule, frozen=True, kw_only=True):
    """Says when a line is open on every day, in civil minutes; the end may be on the next day."""

    line: LineKey
    start_minute: int
    end_minute: int


AnyRule = (
    TargetRule | PriorityRule | NeedsRule | CallbackRule | OverflowRule | SkillRule | HoursRule
)


def ruled(
    settings: Settings, rules: Iterable[AnyRule], *, zone_name: str, start: date, days: int
) -> Settings:
    """Returns the settings with the rules as they would be, for so many days.

    Raises `RefusedError` (code `bad_rule`) for a queue, line or agent that is not there, or a
    number that makes no sense.
    """
    asked = tuple(rules)
    for rule in asked:
        settings = _ruled(settings, rule, zone_name, start, days)
    had = {each.skill for agent in settings.agents for each in agent.skills}
    for rule in asked:
        if isinstance(rule, NeedsRule) and rule.level:
            _check(
                rule.skill in had,
                f"Nobody has the skill {rule.skill!r} that {rule.queue} is to need: give it to "
                f"somebody in the same question.",
            )
    return settings


def targets_with(
    targets: dict[QueueKey, Duration], rules: Iterable[AnyRule]
) -> dict[QueueKey, Duration]:
    """Returns the targets with those of the rules."""
    found = dict(targets)
    for rule in rules:
        if isinstance(rule, TargetRule):
            found[rule.queue] = rule.within
    return found


def _ruled(settings: Settings, rule: AnyRule, zone_name: str, start: date, days: int) -> Settings:
    match rule:
        case TargetRule():
            _check(0 < rule.within <= LONGEST, "A target is more than 0 s and at most a day.")
            return _with_queue(settings, rule.queue, lambda queue: queue)
        case PriorityRule():
            _check(
                -MOST_PRIORITY <= rule.priority <= MOST_PRIORITY,
                f"A priority is from -{MOST_PRIORITY} to {MOST_PRIORITY}.",
            )
            return _with_queue(
                settings,
                rule.queue,
                lambda queue: msgspec.structs.replace(queue, priority=rule.priority),
            )
        case NeedsRule():
            _check_level(rule.level)
            return _with_queue(
                settings,
                rule.queue,
                lambda queue: msgspec.structs.replace(
                    queue, needs=_levels(queue.needs, rule.skill, rule.level)
                ),
            )
        case CallbackRule():
            _check(0 < rule.after <= LONGEST, "A wait is more than 0 s and at most a day.")
            return _with_queue(settings, rule.queue, lambda queue: calling_back(queue, rule.after))
        case OverflowRule():
            _check(0 < rule.after <= LONGEST, "A wait is more than 0 s and at most a day.")
            return _with_queue(settings, rule.queue, lambda queue: _overflowing(queue, rule.after))
        case SkillRule():
            return _with_skill(settings, rule)
        case HoursRule():
            return _with_hours(settings, rule, zone_name, start, days)


def calling_back(queue: QueueSettings, after: Duration) -> QueueSettings:
    """Returns the queue as it offers a callback to who has waited so long."""
    callback = queue.callback or CallbackSettings()
    return msgspec.structs.replace(
        queue, callback=msgspec.structs.replace(callback, offer_after=after)
    )


def _overflowing(queue: QueueSettings, after: Duration) -> QueueSettings:
    """Returns the queue with its steps before that, and then everybody."""
    earlier = tuple(step for step in queue.overflow if step.after < after)
    step = OverflowStep(after=after, needs=())
    return msgspec.structs.replace(queue, overflow=(*earlier, step))


def _with_queue(
    settings: Settings, key: QueueKey, how: Callable[[QueueSettings], QueueSettings]
) -> Settings:
    known = [queue.key for queue in settings.queues]
    _check(key in known, f"There is no queue {key!r}. There are: {', '.join(known)}.")
    queues = tuple(how(queue) if queue.key == key else queue for queue in settings.queues)
    return msgspec.structs.replace(settings, queues=queues)


def _with_skill(settings: Settings, rule: SkillRule) -> Settings:
    _check_level(rule.level)
    known = [agent.key for agent in settings.agents]
    _check(
        rule.agent is None or rule.agent in known,
        f"There is no agent {rule.agent!r}. There are: {', '.join(known[:20])}.",
    )

    def having(agent: AgentSettings) -> AgentSettings:
        if rule.agent is not None and agent.key != rule.agent:
            return agent
        return msgspec.structs.replace(agent, skills=_levels(agent.skills, rule.skill, rule.level))

    return msgspec.structs.replace(settings, agents=tuple(map(having, settings.agents)))


def _with_hours(
    settings: Settings, rule: HoursRule, zone_name: str, start: date, days: int
) -> Settings:
    known = [line.key for line in settings.lines]
    _check(rule.line in known, f"There is no line {rule.line!r}. There are: {', '.join(known)}.")
    _check(rule.start_minute != rule.end_minute, "Hours have a begin and another end.")
    where, key = zone(zone_name), HoursKey(f"what-if-{rule.line}")
    over = rule.end_minute if rule.end_minute > rule.start_minute else rule.end_minute + 24 * 60
    changes: list[Instant] = []
    for each in range(-2, days + 2):
        day = start + timedelta(days=each)
        opens, closes = instant_of(day, rule.start_minute, where), instant_of(day, over, where)
        if changes and changes[-1] == opens:
            # Open without a break.
            changes[-1] = closes
        else:
            changes += [opens, closes]
    hours = HoursSettings(key=key, open_first=False, changes=tuple(changes))

    def opening(line: LineSettings) -> LineSettings:
        if line.key != rule.line:
            return line
        closed = line.closed or ToMessage(sound=CLOSED_SOUND)
        return msgspec.structs.replace(line, hours=key, closed=closed)

    return msgspec.structs.replace(
        settings,
        lines=tuple(map(opening, settings.lines)),
        hours=(*(each for each in settings.hours if each.key != key), hours),
    )


def _levels(levels: tuple[SkillLevel, ...], skill: SkillKey, level: int) -> tuple[SkillLevel, ...]:
    others = tuple(each for each in levels if each.skill != skill)
    return (*others, SkillLevel(skill=skill, level=level)) if level else others


def _check_level(level: int) -> None:
    _check(0 <= level <= MOST_LEVEL, f"A level is from 0 (none) to {MOST_LEVEL}.")


def _check(is_right: bool, words: str) -> None:
    if not is_right:
        raise RefusedError(words, code="bad_rule")
