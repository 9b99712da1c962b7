"""A change tried on a planned period: the calls of a forecast, and the people of a roster.

Both come from a spreadsheet or a calendar, as on the planner's page, and are lived under the rules
of the centre's configuration (`roster_twin`). Without a roster the people are those whom the
configuration invents. Nothing of what was given is kept.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import numpy as np

from openline.app.expected import expected_in, with_expected
from openline.app.roster_twin import (
    Presence,
    TwinService,
    presence_of,
    presence_of_counts,
    staffed,
    usual_aht_s,
    with_change,
)
from openline.app.study import Scenario, scenario_of, with_rules
from openline.configuration import Published
from openline.model import RefusedError
from openline.planning.cover import Change
from openline.planning.history_file.reading import HistoryFile
from openline.planning.plan_asked import Plan, PlanAsked
from openline.planning.plan_sheet import learned_of
from openline.planning.plan_tables import Planned, read_planned
from openline.planning.staffing_forecast import Intervals
from openline.planning.try_asked import LEARNED_DAYS, MOST_DAYS, TryAsked
from openline.simulation.changes import NOTHING, Changes

WHOLE_DAY = (0, 24 * 60)
EVERYBODY = 1_000_000


class PlannedWorlds(msgspec.Struct, frozen=True, kw_only=True):
    """Is the planned period as it is, and with the change."""

    first: Scenario
    second: Scenario
    unknown: int
    """People of the roster who are no configured agents: each can take every call."""


def planned_worlds(
    published: Published, asked: TryAsked, tell: Callable[[int, int], None]
) -> PlannedWorlds:
    """Returns both worlds.

    Raises:
        FaultyHistoryError, FaultyRosterError: cells are faulty, all named with their places.
        RefusedError: there are no calls (`no_calls`), or the days, people or changes make no sense.
    """
    plan = asked.plan
    if plan is None or not plan.calls.strip():
        raise RefusedError("There is no forecast whose calls could be lived.", code="no_calls")
    learned = learned_of(PlanAsked(plan=plan, days=LEARNED_DAYS), _no_record, tell)
    intervals = learned.expected.intervals("mean", 1.0)
    if not plan.roster.strip():
        return _with_invented_people(published, intervals, asked)
    planned = read_planned(plan.roster, plan.roster_name or "roster", published.zone)
    there, places, _ = planned.there(intervals.stamps, intervals.interval_s)
    if len({stamp[:10] for stamp in intervals.stamps}) > MOST_DAYS:
        raise RefusedError(f"From 1 to {MOST_DAYS} days can be tried.", code="bad_span")
    chosen = replace(
        intervals,
        stamps=tuple(intervals.stamps[at] for at in places),
        calls=intervals.calls[places],
        aht_s=None if intervals.aht_s is None else intervals.aht_s[places],
    )
    presence = _presence(planned, chosen, there.tolist())
    service = _service(published, plan, chosen)
    days = sorted({date.fromisoformat(stamp[:10]) for stamp in chosen.stamps})
    changes = asked.changes
    more = replace(chosen, calls=chosen.calls * changes.volume)
    first = staffed(published, presence, chosen, service)
    second = staffed(published, _changed(presence, changes, days), more, service)
    return PlannedWorlds(
        first=_measured(published, first.scenario),
        second=with_rules(_measured(published, second.scenario), changes.rules),
        unknown=first.unknown,
    )


def _no_record(_minutes: int | None) -> HistoryFile:
    raise RefusedError("There is no forecast whose calls could be lived.", code="no_calls")


def _with_invented_people(
    published: Published, intervals: Intervals, asked: TryAsked
) -> PlannedWorlds:
    expected = expected_in(intervals, "forecast", published.zone)
    days = (expected.last - expected.first) // timedelta(days=1) + 1
    worlds = (
        with_expected(
            scenario_of(published, start=expected.first, days=days, seed=None, changes=changes),
            expected,
        )
        for changes in (NOTHING, asked.changes)
    )
    first, second = worlds
    return PlannedWorlds(first=first, second=second, unknown=0)


def _measured(published: Published, scenario: Scenario) -> Scenario:
    """Returns the days measured by the centre's own targets."""
    return msgspec.structs.replace(
        scenario,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: each.short_abandon for key, each in published.targets.items()},
    )


def _presence(planned: Planned, chosen: Intervals, there: list[int]) -> Presence:
    if planned.shifts:
        return presence_of(planned.shifts)
    return presence_of_counts(chosen.stamps, there, chosen.interval_s)


def _changed(presence: Presence, changes: Changes, days: list[date]) -> Presence:
    asked = [(changes.people, *WHOLE_DAY)] if changes.people else []
    asked += [(each.count, each.start_minute, each.end_minute) for each in changes.extra]
    asked += [(-EVERYBODY, begin, end) for begin, end in changes.outages]
    for number, (people, begin, end) in enumerate(asked):
        change = Change(people=people, begin=begin, end=end)
        found = with_change(presence, change, days)
        # Who came by one change is another than who comes by the next.
        presence = {
            f"+{number}{who}" if who.startswith("+") and who not in presence else who: each
            for who, each in found.items()
        }
    return presence


def _service(published: Published, plan: Plan, chosen: Intervals) -> TwinService:
    asked = plan.assumptions
    aht = asked.aht_s
    if aht is None and chosen.aht_s is not None:
        calls = chosen.calls
        aht = float(np.average(chosen.aht_s, weights=calls if calls.any() else None))
    if aht is None:
        aht = usual_aht_s(published)
    if aht is None:
        raise RefusedError(
            "Nobody says how long a call takes: give the handle time.", code="aht_missing"
        )
    return TwinService(
        aht_s=aht,
        patience_s=asked.patience_s,
        target_share=asked.target_percent / 100,
        target_s=asked.target_s,
        away_share=float(asked.shrinkage) / 100,
    )
