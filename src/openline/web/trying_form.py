"""What the page that tries a change was sent: its fields as they were typed, and what they mean.

An empty field leaves a thing as it is. One that cannot be understood is named with the reason.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from openline.model import (
    SECOND,
    AgentKey,
    Duration,
    LineKey,
    Origin,
    QueueKey,
    RefusedError,
    SkillKey,
)
from openline.planning.plan_asked import Assumptions, Plan
from openline.planning.quantities import duration_s, number, shrinkage
from openline.planning.try_asked import MOST_DAYS, RUNS, Callers, TryAsked
from openline.simulation.changes import NOTHING, Changes, ExtraPeople
from openline.simulation.rules import (
    MOST_PRIORITY,
    AnyRule,
    CallbackRule,
    HoursRule,
    NeedsRule,
    OverflowRule,
    PriorityRule,
    SkillRule,
    TargetRule,
)
from openline.web.given import Given
from openline.web.planner_form import MOST_VOLUME, minute_of, people_of

EVERYBODY = "*"
TABLES = ("calls", "roster")
NOT_GIVEN = Given()
LEVELS = ("0", "1", "2", "3", "4", "5")
USUAL_RUNS = 20
MOST_EXTRA = 100
DAY_MINUTES = 24 * 60
LONGEST_S = 86_400.0
LONGEST_FIELD = 120

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class TryForm:
    """Holds the fields as they were typed, or as they begin."""

    callers: str = "record"
    calls: str = ""
    roster: str = ""
    aht: str = ""
    patience: str = "3m"
    shrinkage: str = "30"
    origin: str = "real"
    since: str = ""
    days: str = "7"
    runs: str = "20"
    people: str = ""
    extra: str = ""
    extra_from: str = "18:00"
    extra_until: str = "22:00"
    volume: str = ""
    outage_from: str = ""
    outage_until: str = ""
    queue: str = ""
    target: str = ""
    callback: str = ""
    overflow: str = ""
    priority: str = ""
    needs: str = ""
    needs_level: str = "1"
    agent: str = EVERYBODY
    skill: str = ""
    skill_level: str = "1"
    line: str = ""
    open_from: str = ""
    open_until: str = ""


@dataclass(frozen=True, kw_only=True)
class TrySent:
    """Is a form as it was understood."""

    form: TryForm
    asked: TryAsked | None
    """None where fields are wrong, or nothing is changed."""
    wrong: Mapping[str, str]
    """By field, the code of what is wrong with it."""


class _Reader:
    """Reads fields by their names, and notes which cannot be understood."""

    def __init__(self, form: TryForm) -> None:
        self._form = form
        self.wrong: dict[str, str] = {}

    def read(self, name: str, how: Callable[[str], T], otherwise: T) -> T:
        text = getattr(self._form, name)
        if not text:
            return otherwise
        try:
            return how(text)
        except RefusedError as error:
            self.wrong[name] = error.code
            return otherwise

    def span(self, begin: str, end: str) -> tuple[int, int] | None:
        """Returns hours of the day; None where neither is given."""
        start, until = (self.read(name, minute_of, None) for name in (begin, end))
        if start is None and until is None:
            return None
        if start is None or until is None or start == until:
            self.wrong.setdefault(end if start is not None else begin, "bad_hours")
            return None
        return start, until or DAY_MINUTES


def read_try(
    typed: Mapping[str, str], calls: Given = NOT_GIVEN, roster: Given = NOT_GIVEN
) -> TrySent:
    """Returns what was sent; `wrong` names the fields that are none.

    `calls` and `roster` are what was given as tables, for callers of a forecast.
    """
    form = TryForm(
        **{
            name: typed[name].strip()[:LONGEST_FIELD]
            for name in TryForm.__dataclass_fields__
            if name in typed and name not in TABLES
        },
        calls=calls.pasted,
        roster=roster.pasted,
    )
    reader = _Reader(form)
    plan = None
    since = reader.read("since", _day, None)
    if form.callers == Callers.PLANNED.value:
        plan = _plan(form, calls, roster, reader)
        # The days are those of the forecast.
        since = date.min
    elif since is None:
        reader.wrong.setdefault("since", "bad_day")
    days = reader.read("days", lambda text: _whole(text, 1, MOST_DAYS), 7)
    changes = _changes(form, reader)
    wrong = reader.wrong
    if changes == NOTHING and not wrong:
        wrong["nothing"] = "nothing"
    if wrong or since is None:
        return TrySent(form=form, asked=None, wrong=wrong)
    known = {each.value for each in Origin}
    asked = TryAsked(
        callers=next((each for each in Callers if each.value == form.callers), Callers.RECORD),
        origin=Origin(form.origin) if form.origin in known else Origin.REAL,
        since=since,
        days=days,
        runs=int(form.runs) if form.runs in map(str, RUNS) else USUAL_RUNS,
        changes=changes,
        plan=plan,
    )
    return TrySent(form=form, asked=asked, wrong=wrong)


def _plan(form: TryForm, calls: Given, roster: Given, reader: _Reader) -> Plan:
    """Returns the forecast and roster as they were given, and how calls behave."""
    if not calls:
        reader.wrong["calls"] = "no_calls"
    reader.read("shrinkage", shrinkage, None)
    return Plan(
        calls=calls.content,
        calls_name=calls.name,
        roster=roster.content,
        roster_name=roster.name,
        assumptions=Assumptions(
            aht_s=reader.read("aht", lambda text: duration_s(text, ""), None),
            patience_s=reader.read("patience", lambda text: duration_s(text, ""), 180.0),
            shrinkage=form.shrinkage.removesuffix("%").strip() or "0",
        ),
    )


def _changes(form: TryForm, reader: _Reader) -> Changes:
    more = reader.read("extra", lambda text: _whole(text, 0, MOST_EXTRA), 0)
    hours = reader.span("extra_from", "extra_until") if more else None
    outage = reader.span("outage_from", "outage_until")
    return Changes(
        people=reader.read("people", people_of, 0),
        extra=()
        if hours is None
        else (ExtraPeople(count=more, start_minute=hours[0], end_minute=hours[1]),),
        volume=reader.read("volume", _percent, 100.0) / 100,
        outages=() if outage is None else (outage,),
        rules=(*_queue_rules(form, reader), *_skill_rules(form), *_hours_rules(form, reader)),
    )


def _queue_rules(form: TryForm, reader: _Reader) -> Iterator[AnyRule]:
    queue = QueueKey(form.queue)
    if (within := reader.read("target", _duration, None)) is not None:
        yield TargetRule(queue=queue, within=within)
    if (after := reader.read("callback", _duration, None)) is not None:
        yield CallbackRule(queue=queue, after=after)
    if (after := reader.read("overflow", _duration, None)) is not None:
        yield OverflowRule(queue=queue, after=after)
    if form.priority:
        priority = reader.read(
            "priority", lambda text: _whole(text, -MOST_PRIORITY, MOST_PRIORITY), 0
        )
        yield PriorityRule(queue=queue, priority=priority)
    if form.needs:
        yield NeedsRule(queue=queue, skill=SkillKey(form.needs), level=_level(form.needs_level))


def _skill_rules(form: TryForm) -> Iterator[AnyRule]:
    if form.skill:
        agent = None if form.agent == EVERYBODY else AgentKey(form.agent)
        level = _level(form.skill_level)
        yield SkillRule(agent=agent, skill=SkillKey(form.skill), level=level)


def _hours_rules(form: TryForm, reader: _Reader) -> Iterator[AnyRule]:
    hours = reader.span("open_from", "open_until")
    if hours is not None:
        yield HoursRule(line=LineKey(form.line), start_minute=hours[0], end_minute=hours[1])


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise RefusedError("no day", code="bad_day") from None
    if not 1971 <= found.year <= 8000:
        raise RefusedError("too far away", code="bad_day")
    return found


def _whole(text: str, low: int, high: int) -> int:
    if re.fullmatch(r"-?\d{1,4}", text.replace("\N{MINUS SIGN}", "-")) is None:
        raise RefusedError("no whole number", code="bad_count")
    found = int(text.replace("\N{MINUS SIGN}", "-"))
    if not low <= found <= high:
        raise RefusedError("out of range", code="out_of_range")
    return found


def _percent(text: str) -> float:
    found = number(text.removesuffix("%").strip(), "", above_zero=False)
    if found > MOST_VOLUME:
        raise RefusedError("too much", code="too_much")
    return found


def _duration(text: str) -> Duration:
    found = duration_s(text, "")
    if found > LONGEST_S:
        raise RefusedError("longer than a day", code="bad_duration")
    return Duration(round(found * SECOND))


def _level(text: str) -> int:
    return int(text) if text in LEVELS else 1
