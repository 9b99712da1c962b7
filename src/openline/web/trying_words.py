"""What a tried change tells, in sentences: how many more leave, when, how sure, what mends it."""

from openline.configuration import Published
from openline.configuration.published import Kind
from openline.model import SECOND
from openline.planning.plan_asked import Known
from openline.planning.try_asked import FigureTried, MendTried, Tried
from openline.simulation.changes import Changes
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
from openline.web.catalogue import Catalogue
from openline.web.planner import NOTHING, Written
from openline.web.shown import span

MENDED = 0.1
"""It is mended where no more than this share of the harm is left."""


def said_of(told: Tried, published: Published, words: Catalogue, shown: Written) -> list[str]:
    """Returns what differs, what matters most first."""
    said = [_of_leaving(told, published, words, shown)]
    if told.mend is not None and told.leave.value is not None:
        said.append(_of_mend(told.mend, told.leave.value, words, shown))
    elif told.was_mend_looked_for and _is_sure(told.leave) and (told.leave.value or 0) > 0:
        said.append(words.text("try.mend.none"))
    for each in told.figures:
        if each.key in ("service_level", "asa", "occupancy") and _is_sure(each.difference):
            said.append(
                words.text(
                    "try.said.figure",
                    name=words.text(f"measure.{each.key}.name"),
                    before=figure_of(each, Known(value=each.before.value, half=None), shown),
                    after=figure_of(each, Known(value=each.after.value, half=None), shown),
                    difference=difference_of(each, words, shown),
                )
            )
    if told.unknown:
        said.append(words.text("planner.twin.unknown", count=told.unknown))
    if told.calls_learnt is not None:
        said.append(words.text("try.said.learnt", calls=told.calls_learnt))
    return said


def change_words(
    changes: Changes, published: Published, words: Catalogue, shown: Written
) -> list[str]:
    """Returns what was different, in words."""
    said = []
    if changes.people:
        key = "try.change.fewer" if changes.people < 0 else "try.change.more"
        said.append(words.text(key, count=abs(changes.people)))
    for extra in changes.extra:
        hours = shown.spans([(extra.start_minute, extra.end_minute)])
        said.append(words.text("try.change.extra", count=extra.count, hours=hours))
    if changes.volume != 1:
        said.append(words.text("try.change.volume", share=shown.share(changes.volume, 1)))
    for outage in changes.outages:
        said.append(words.text("try.change.outage", hours=shown.spans([outage])))
    return [*said, *(_rule_words(rule, published, words, shown) for rule in changes.rules)]


def _rule_words(rule: AnyRule, published: Published, words: Catalogue, shown: Written) -> str:
    def name(kind: Kind, key: str) -> str:
        return published.name_of(kind, key, words.language)

    match rule:
        case TargetRule():
            wait = span(rule.within / SECOND)
            return words.text("try.change.target", queue=name("queue", rule.queue), wait=wait)
        case CallbackRule():
            wait = span(rule.after / SECOND)
            return words.text("try.change.callback", queue=name("queue", rule.queue), wait=wait)
        case OverflowRule():
            wait = span(rule.after / SECOND)
            return words.text("try.change.overflow", queue=name("queue", rule.queue), wait=wait)
        case PriorityRule():
            queue = name("queue", rule.queue)
            return words.text("try.change.priority", queue=queue, priority=str(rule.priority))
        case NeedsRule():
            return words.text(
                "try.change.needs" if rule.level else "try.change.needs_not",
                queue=name("queue", rule.queue),
                skill=name("skill", rule.skill),
                level=str(rule.level),
            )
        case SkillRule():
            everybody = words.text("try.everybody")
            return words.text(
                "try.change.skill" if rule.level else "try.change.skill_not",
                who=everybody if rule.agent is None else name("agent", rule.agent),
                skill=name("skill", rule.skill),
                level=str(rule.level),
            )
        case HoursRule():
            hours = shown.spans([(rule.start_minute, rule.end_minute)])
            return words.text("try.change.hours", line=name("line", rule.line), hours=hours)


def figure_of(figure: FigureTried, known: Known, shown: Written) -> str:
    """Returns a figure with its ±."""
    if known.value is None:
        return NOTHING
    text = amount(figure.unit, known.value, shown)
    if known.half is None:
        return text
    return f"{text} ± {amount(figure.unit, known.half, shown)}"


def difference_of(figure: FigureTried, words: Catalogue, shown: Written) -> str:
    """Returns a difference with its sign and its ±; shares in points of a per cent."""
    value, half = figure.difference.value, figure.difference.half
    if value is None:
        return NOTHING
    if figure.unit == "share":
        text = shown.signed(100 * value)
        points = text if half is None else f"{text} ± {shown.number(100 * half)}"
        return words.text("try.points", value=points)
    if figure.unit == "count":
        text = shown.signed(value)
        return text if half is None else f"{text} ± {shown.number(half)}"
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    text = f"{sign}{span(abs(value))}"
    return text if half is None else f"{text} ± {span(half)}"


def amount(unit: str, value: float, shown: Written) -> str:
    """Returns a figure in its unit."""
    if unit == "share":
        return shown.share(value, 1)
    return shown.number(value) if unit == "count" else span(value)


def _is_sure(known: Known) -> bool:
    return known.value is not None and known.half is not None and abs(known.value) > known.half


def _of_leaving(told: Tried, published: Published, words: Catalogue, shown: Written) -> str:
    value, half = told.leave.value, told.leave.half
    if value is None:
        return words.text("try.said.nobody")
    if half is None:
        return words.text("try.said.one_run")
    if value == 0 and half == 0:
        return words.text("try.said.same")
    if abs(value) <= half:
        low, high = shown.signed(value - half), shown.signed(value + half)
        return words.text("try.said.open", low=low, high=high)
    low_half, high_half = sorted((abs(value) - half, abs(value) + half))
    return words.text(
        "try.said.more" if value > 0 else "try.said.fewer",
        people=shown.number(abs(value)),
        where=_where(told, published, words, shown),
        low=shown.number(low_half),
        high=shown.number(high_half),
    )


def _where(told: Tried, published: Published, words: Catalogue, shown: Written) -> str:
    parts = []
    if told.stretch is not None:
        parts.append(words.text("try.where.hours", hours=shown.spans([told.stretch])))
    if told.queue is not None:
        name = published.name_of("queue", told.queue, words.language)
        parts.append(words.text("try.where.queue", queue=name))
    if told.weekday is not None:
        parts.append(words.text(f"try.where.{told.weekday}"))
    return "".join(f", {each}" for each in parts)


def _of_mend(mend: MendTried, harm: float, words: Catalogue, shown: Written) -> str:
    hours = shown.spans([(mend.start_minute, mend.end_minute)])
    if mend.left <= MENDED * harm:
        return words.text("try.mend.whole", count=mend.people, hours=hours)
    return words.text(
        "try.mend.part",
        count=mend.people,
        hours=hours,
        back=shown.number(mend.taken_back),
        harm=shown.number(harm),
    )
