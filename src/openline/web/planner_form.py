"""What the planner's page was sent: the fields as they were typed, and what they mean.

A field that cannot be understood is named with the reason; nothing is guessed. Files go before what
was pasted. The plan that is compared with comes back as the page had it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from starlette.datastructures import FormData

from openline.model import Origin, RefusedError
from openline.planning.forecast_asked import INTERVALS
from openline.planning.plan_asked import Assumptions, Plan, PlanAsked, Today
from openline.planning.quantities import duration_s, number, shrinkage, target
from openline.web.given import given

HORIZONS = (7, 14, 28)
ORIGINS = frozenset(origin.value for origin in Origin)
PLANS_FOR = ("mean", "high80", "high95")
MOST_VOLUME = 900.0
MOST_PEOPLE = 1_000
CARRIED = ("was", "took")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class PlannerForm:
    """Holds the fields as they were typed, or as they begin."""

    calls: str = ""
    roster: str = ""
    aht: str = ""
    patience: str = "3m"
    target: str = "80/20"
    shrinkage: str = "30"
    plan_for: str = "mean"
    volume: str = "100"
    people: str = "0"
    begin: str = "18:00"
    end: str = "22:00"
    days: str = "7"
    minutes: str = ""
    holidays: str = ""
    origin: str = "real"
    skip_faulty: str = ""
    missing_is_zero: str = ""
    today: str = ""
    """"yes": what came today is taken up."""
    show: str = ""
    was: str = ""
    """The plan that is compared with, as JSON."""
    took: str = ""
    """What had come today when it was last asked, as JSON: the twin lives by the same."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """Is a form as it was understood."""

    form: PlannerForm
    asked: PlanAsked | None
    """None where fields are wrong."""
    wrong: dict[str, str] = field(default_factory=dict)
    """By field, the code of what is wrong with it."""
    starts_anew: bool = False
    """Whether the plan of this answer is to be compared with from now on."""


async def read_sent(sent: FormData) -> Sent:
    """Returns what was sent, fields that are wrong by their name."""
    typed = {
        name: value.strip() if name not in CARRIED else value
        for name in PlannerForm.__dataclass_fields__
        # A day that was pressed comes before the day that is shown.
        if name in sent and isinstance(value := sent.getlist(name)[0], str)
    }
    form = PlannerForm(**typed)
    calls, roster = await given(sent, "calls"), await given(sent, "roster")
    wrong: dict[str, str] = {}
    assumptions = _assumptions(form, wrong)
    starts_anew = sent.get("anew") == "yes"
    if wrong:
        return Sent(form=form, asked=None, wrong=wrong, starts_anew=starts_anew)
    plan = Plan(
        calls=calls.content,
        calls_name=calls.name,
        roster=roster.content,
        roster_name=roster.name,
        assumptions=assumptions,
        today=_decoded(form.took, Today) if form.today == "yes" else None,
    )
    asked = PlanAsked(
        plan=plan,
        was=None if starts_anew else _decoded(form.was, Plan),
        days=int(form.days) if form.days in map(str, HORIZONS) else 7,
        minutes=int(form.minutes) if form.minutes in map(str, INTERVALS) else None,
        holidays=form.holidays[:20],
        origins=(Origin(form.origin),) if form.origin in ORIGINS else (Origin.REAL,),
        skips_faulty=form.skip_faulty == "yes",
        missing_is_zero=form.missing_is_zero == "yes",
        takes_up_today=form.today == "yes",
    )
    return Sent(form=form, asked=asked, starts_anew=starts_anew)


def _decoded(text: str, type_: type[T]) -> T | None:
    """Returns what the page carried; None where somebody else wrote there."""
    try:
        return msgspec.json.decode(text, type=type_) if text.strip() else None
    except (msgspec.DecodeError, ValueError):
        return None


def _assumptions(form: PlannerForm, wrong: dict[str, str]) -> Assumptions:
    """Returns the numbers; notes in `wrong` which of them are none."""

    def read(name: str, how: Callable[[], T], otherwise: T) -> T:
        try:
            return how()
        except RefusedError as error:
            wrong[name] = error.code
            return otherwise

    def most(value: float, highest: float) -> float:
        if value > highest:
            raise RefusedError("too much", code="too_much")
        return value

    share, within = read("target", lambda: target(form.target, "target"), (80.0, 20.0))
    read("shrinkage", lambda: shrinkage(form.shrinkage), None)
    volume = read(
        "volume",
        lambda: most(
            number(form.volume.removesuffix("%").strip(), "", above_zero=False), MOST_VOLUME
        ),
        100.0,
    )
    return Assumptions(
        aht_s=read("aht", lambda: duration_s(form.aht, "aht"), 1.0) if form.aht else None,
        patience_s=read("patience", lambda: duration_s(form.patience, "patience"), 1.0),
        target_percent=share,
        target_s=within,
        shrinkage=form.shrinkage.removesuffix("%").strip(),
        plan_for=form.plan_for if form.plan_for in PLANS_FOR else "mean",
        volume=volume,
        people=read("people", lambda: people_of(form.people), 0),
        begin=read("begin", lambda: minute_of(form.begin), 0),
        end=read("end", lambda: minute_of(form.end), 0),
    )


def people_of(text: str) -> int:
    """Returns a whole number with its sign; raises `RefusedError` (`bad_count`)."""
    plain = text.replace("\N{MINUS SIGN}", "-").removeprefix("+") or "0"
    if re.fullmatch(r"-?\d{1,4}", plain) is None or abs(int(plain)) > MOST_PEOPLE:
        raise RefusedError("no whole number", code="bad_count")
    return int(plain)


def minute_of(text: str) -> int:
    """Returns the minute of a time like 18:00; raises `RefusedError` (`bad_clock`)."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise RefusedError("no time of the day", code="bad_clock")
    return int(found[1]) * 60 + int(found[2])
