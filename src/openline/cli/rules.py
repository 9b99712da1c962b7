"""`--rule`: one rule as it would be, from what a planner types to a value, and back into words.

It is written WHOSE.WHAT=VALUE, where WHOSE is the key of a queue, an agent or a line.
"""

import re
from collections.abc import Callable

from openline.model import SECOND, AgentKey, Duration, LineKey, QueueKey, RefusedError, SkillKey
from openline.planning.quantities import duration_s
from openline.simulation.rules import (
    AnyRule,
    CallbackRule,
    HoursRule,
    NeedsRule,
    OverflowRule,
    PriorityRule,
    SkillRule,
    TargetRule,
)

EVERYBODY = "everybody"
_LEVEL = re.compile(r"([^:]+):([0-5])")
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_EXAMPLES = {
    "target": "talk.target=60s",
    "priority": "talk.priority=5",
    "needs": "talk.needs=spanish:3, and spanish:0 for no longer",
    "callback": "talk.callback=4m",
    "overflow": "talk.overflow=2m",
    "skills": "ben.skills=spanish:3, or everybody.skills=spanish:3",
    "open": "evening.open=16:00-22:00",
}


def rule_of(text: str) -> AnyRule:
    """Returns the rule; raises `RefusedError` (code `bad_rule`) for what cannot be read.

    >>> rule_of("talk.priority=5")
    PriorityRule(queue='talk', priority=5)
    """
    found = re.fullmatch(r"([^.=\s]+)\.([a-z]+)=(.+)", text.strip())
    read = None if found is None else _READ.get(found[2])
    if found is None or read is None:
        raise RefusedError(
            f"--rule {text}: write whose rule it is and what it would be: "
            f"{'; '.join(_EXAMPLES.values())}.",
            code="bad_rule",
        )
    return read(found[1], found[3].strip(), f"--rule {text}")


def rule_words(rule: AnyRule) -> str:
    """Returns the rule in words.

    >>> rule_words(rule_of("talk.callback=4m"))
    'talk: callback offered after 240 s'
    """
    match rule:
        case TargetRule():
            return f"{rule.queue}: target within {rule.within / SECOND:g} s"
        case PriorityRule():
            return f"{rule.queue}: priority {rule.priority}"
        case NeedsRule():
            level = f"needs {rule.skill} {rule.level}" if rule.level else f"needs no {rule.skill}"
            return f"{rule.queue}: {level}"
        case CallbackRule():
            return f"{rule.queue}: callback offered after {rule.after / SECOND:g} s"
        case OverflowRule():
            return f"{rule.queue}: offered to everybody after {rule.after / SECOND:g} s"
        case SkillRule():
            who = rule.agent or EVERYBODY
            return f"{who}: {rule.skill} {rule.level}" if rule.level else f"{who}: no {rule.skill}"
        case HoursRule():
            start, end = (divmod(each, 60) for each in (rule.start_minute, rule.end_minute))
            return f"{rule.line}: open {start[0]:02d}:{start[1]:02d}–{end[0]:02d}:{end[1]:02d}"


def _target(key: str, value: str, what: str) -> AnyRule:
    return TargetRule(queue=QueueKey(key), within=_duration(value, what))


def _priority(key: str, value: str, what: str) -> AnyRule:
    if re.fullmatch(r"-?\d{1,4}", value) is None:
        raise _bad(what, "priority")
    return PriorityRule(queue=QueueKey(key), priority=int(value))


def _needs(key: str, value: str, what: str) -> AnyRule:
    skill, level = _level(value, what, "needs")
    return NeedsRule(queue=QueueKey(key), skill=skill, level=level)


def _callback(key: str, value: str, what: str) -> AnyRule:
    return CallbackRule(queue=QueueKey(key), after=_duration(value, what))


def _overflow(key: str, value: str, what: str) -> AnyRule:
    return OverflowRule(queue=QueueKey(key), after=_duration(value, what))


def _skills(key: str, value: str, what: str) -> AnyRule:
    skill, level = _level(value, what, "skills")
    return SkillRule(agent=None if key == EVERYBODY else AgentKey(key), skill=skill, level=level)


def _open(key: str, value: str, what: str) -> AnyRule:
    found = _HOURS.fullmatch(value.replace("–", "-"))
    if found is None:
        raise _bad(what, "open")
    start, end = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if end > 24 * 60:
        raise _bad(what, "open")
    return HoursRule(line=LineKey(key), start_minute=start, end_minute=end)


_READ: dict[str, Callable[[str, str, str], AnyRule]] = {
    "target": _target,
    "priority": _priority,
    "needs": _needs,
    "callback": _callback,
    "overflow": _overflow,
    "skills": _skills,
    "open": _open,
}


def _duration(value: str, what: str) -> Duration:
    return Duration(round(duration_s(value, what) * SECOND))


def _level(value: str, what: str, kind: str) -> tuple[SkillKey, int]:
    found = _LEVEL.fullmatch(value)
    if found is None:
        raise _bad(what, kind)
    return SkillKey(found[1]), int(found[2])


def _bad(what: str, kind: str) -> RefusedError:
    return RefusedError(f"{what}: write it like {_EXAMPLES[kind]}.", code="bad_rule")
