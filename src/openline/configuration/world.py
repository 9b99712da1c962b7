"""Turns `[simulation]` into the simulated world's own values.

Each colleague becomes an agent of the settings with a key such as `sim-en-001`, and a group of one
in the world, since her days off and the places of her breaks are her own.
"""

from collections.abc import Sequence

import msgspec

from openline.configuration.defaults import DISPOSITIONS, PAUSE_REASONS
from openline.configuration.document import Document
from openline.configuration.raw import seconds_of_day
from openline.configuration.simulation_checks import BREAK_PLACES, SIMULATED
from openline.configuration.simulation_tables import (
    WEEKDAYS,
    BreakTable,
    CallersTable,
    ColleaguesTable,
    ShiftTable,
    SimulationTable,
)
from openline.engine import PartnerSettings
from openline.model import (
    SECOND,
    AgentKey,
    Duration,
    LineKey,
    OutsideKey,
    QueueKey,
)
from openline.simulation.profile import (
    DAY_MINUTES,
    Break,
    CallerGroup,
    ColleagueGroup,
    Shift,
    WorldProfile,
)

# Each next colleague's days off begin three weekdays later, which visits all seven before it comes
# back, so that every weekday has nearly the same number.
_DAYS_OFF_STEP = 3


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Is one simulated agent and where she was written down."""

    key: AgentKey
    group: ColleaguesTable
    shift: ShiftTable
    number: int
    """In her group, from 1."""

    @property
    def skills(self) -> dict[str, int]:
        """Her level in each skill."""
        return self.group.skills


def colleagues_of(simulation: SimulationTable | None) -> tuple[Colleague, ...]:
    """Returns every simulated colleague, in the order of the file."""
    found: list[Colleague] = []
    for group in simulation.colleagues if simulation is not None else ():
        number = 0
        for shift in group.shifts:
            for _ in range(shift.count):
                number += 1
                key = AgentKey(f"{SIMULATED}{group.prefix}-{number:03d}")
                found.append(Colleague(key=key, group=group, shift=shift, number=number))
    return tuple(found)


def world_of(
    document: Document, colleagues: Sequence[Colleague], partners: tuple[PartnerSettings, ...]
) -> WorldProfile | None:
    """Returns the simulated world of the document, if it has one."""
    simulation = document.simulation
    if simulation is None:
        return None
    day = simulation.day
    opens, closes = 0, DAY_MINUTES
    if day.open is not None:
        opens, closes = _minutes(day.open.start), _minutes(day.open.end)
    first_reason = next(iter(document.pause_reasons or PAUSE_REASONS))
    return WorldProfile(
        seed=simulation.seed,
        zone=document.centre.time_zone,
        calls_per_day=simulation.calls_per_day,
        callers=tuple(
            _callers(document, n, group) for n, group in enumerate(simulation.callers, start=1)
        ),
        colleagues=tuple(_group_of_one(each, first_reason) for each in colleagues),
        dispositions=tuple(document.dispositions or DISPOSITIONS),
        partners=tuple((each.key, each.begins) for each in partners),
        weekday_factors=tuple(day.weekday_factors),
        amplitude=day.amplitude,
        peak_hour=day.peak_hour,
        busyness_cv=day.busyness_cv,
        opens_minute=opens,
        closes_minute=closes,
    )


def _callers(document: Document, number: int, group: CallersTable) -> CallerGroup:
    return CallerGroup(
        name=f"callers-{number}",
        share=group.share,
        line=LineKey(group.line),
        calls_for_partners=group.partners,
        keys=group.keys,
        no_choice_share=group.no_choice_share,
        leaves_in_menu_share=group.leaves_in_menu_share,
        talk_mean=_duration(group.talk_mean_s),
        talk_cv=group.talk_cv,
        patience_mean=_duration(group.patience_mean_s),
        balk_share=group.balk_share,
        hold_share=group.hold_share,
        hold_mean=_duration(group.hold_mean_s),
        transfer_share=group.transfer_share,
        transfer_outside=None
        if group.transfer_outside is None
        else OutsideKey(group.transfer_outside),
        transfer_to=QueueKey(group.transfer_to or document.lines[group.line].queue),
        wrap_up_mean=_duration(group.wrap_up_mean_s),
        typed_share=group.typed_share,
        silent_share=group.silent_share,
        early_hang_up_share=group.early_hang_up_share,
        wrong_number_share=group.wrong_number_share,
        redial_share=group.redial_share,
        redial_least=_duration(group.redial_least_s),
        redial_most=_duration(group.redial_most_s),
        callback_share=group.callback_share,
        callback_answered_share=group.callback_answered_share,
    )


def _group_of_one(colleague: Colleague, first_reason: str) -> ColleagueGroup:
    group = colleague.group
    shift = Shift(
        start_minute=_minutes(colleague.shift.start),
        end_minute=_minutes(colleague.shift.end),
        days=_days(colleague),
        breaks=tuple(_break(each, colleague.number, first_reason) for each in group.breaks),
    )
    return ColleagueGroup(
        name=colleague.key,
        agents=(colleague.key,),
        shifts=(shift,),
        answer_delay_mean=_duration(group.answer_delay_mean_s),
        missed_share=group.missed_share,
        tired_missed_share=group.missed_share_tired,
        late_by_at_most=_duration(group.late_most_s),
    )


def _days(colleague: Colleague) -> tuple[int, ...]:
    """Returns the weekdays she works: neighbours among the shift's days, the rest off."""
    days = sorted(WEEKDAYS.index(day) for day in colleague.shift.days)
    kept = min(colleague.group.days_a_week, len(days))
    first = colleague.number * _DAYS_OFF_STEP % len(days)
    return tuple(sorted(days[(first + step) % len(days)] for step in range(kept)))


def _break(each: BreakTable, number: int, first_reason: str) -> Break:
    return Break(
        after=_duration(each.after_s + number % BREAK_PLACES * each.length_s),
        length=_duration(each.length_s),
        pause_reason=each.pause_reason or first_reason,
    )


def _minutes(clock: str) -> int:
    return (seconds_of_day(clock) or 0) // 60


def _duration(seconds: float) -> Duration:
    return Duration(round(seconds * SECOND))
