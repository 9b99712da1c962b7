"""The twin on a planned roster: the live engine lives its days, many times, and says how they went.

The rules are those of a configuration: lines, queues, skills, overflow, callbacks. The calls are
those of a forecast; how long callers wait and calls take is what the planner says, spread over
lines and kinds of callers as the configuration's `[simulation]` has them, where it has one. Nobody
calls again (a forecast counts redials already) and days differ as much as configured.

Whoever on the roster bears the key or the name of a configured agent has her skills; all others can
take every call.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from openline.app.expected import expected_in
from openline.app.sharing import Shared
from openline.app.study import Scenario, Studied, study
from openline.configuration import Published
from openline.engine import AgentSettings, SkillLevel
from openline.measures.student import t_quantile
from openline.model import SECOND, AgentKey, Duration, Instant, RefusedError
from openline.planning.cover import Change
from openline.planning.roster_file.shift import Shift
from openline.planning.staffing_forecast import Intervals
from openline.reports.runs import Estimate
from openline.simulation.civil import instant_of
from openline.simulation.profile import CallerGroup, ColleagueGroup, WorldProfile
from openline.simulation.rostered import RosteredWorld, Stretches

MOST_LEVEL = 5
SLICES = (15, 30, 60)
"""Intervals, in minutes, for which the twin can tell a risk each."""

Presence = dict[str, list[tuple[datetime, datetime]]]
"""When each person is planned, in civil time."""


class TwinService(msgspec.Struct, frozen=True, kw_only=True):
    """Says how calls behave and what is promised."""

    aht_s: float
    patience_s: float
    target_share: float
    target_s: float
    away_share: float
    """Of paid time, 0 to 1."""


class Staffed(msgspec.Struct, frozen=True, kw_only=True):
    """Is a scenario with what somebody should know of it."""

    scenario: Scenario
    unknown: int
    """People who are no configured agents: each can take every call."""


class IntervalVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Says how an interval went over all runs."""

    stamp: str
    offered: float
    """The mean of a run."""
    leave: float
    in_time: float | None
    """The share of those offered; None: nobody called in any run."""
    missed: float | None
    """In what share of the runs with calls the target was missed: the risk."""


class TwinVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """Says how the days went over all runs."""

    runs: int
    intervals: tuple[IntervalVerdict, ...]
    offered: Estimate
    leave: Estimate
    in_time: Estimate
    """The share over all days."""


# --- worlds -------------------------------------------------------------------------------------


def presence_of(shifts: Sequence[Shift]) -> Presence:
    """Returns when each person of a roster is planned."""
    found: Presence = {}
    for shift in shifts:
        found.setdefault(shift.person, []).append((shift.start, shift.end))
    return {person: sorted(each) for person, each in found.items()}


def presence_of_counts(stamps: Sequence[str], counts: Sequence[int], interval_s: float) -> Presence:
    """Returns people of whom so many are there in each interval; they have no names."""
    found: Presence = {}
    length = timedelta(seconds=interval_s)
    for stamp, count in zip(stamps, counts, strict=True):
        begin = datetime.fromisoformat(stamp).replace(tzinfo=None)
        for number in range(count):
            own = found.setdefault(f"#{number + 1}", [])
            if own and own[-1][1] == begin:
                own[-1] = (own[-1][0], begin + length)
            else:
                own.append((begin, begin + length))
    return found


def with_change(presence: Presence, change: Change, days: Sequence[date]) -> Presence:
    """Returns the roster with so many more, or fewer, between two times of each day.

    More have no names. Fewer are those who are there longest in the hours, by their names where
    several are.
    """
    midnights = [datetime(*day.timetuple()[:3]) for day in days]  # noqa: DTZ001  # civil time
    until = change.end if change.end > change.begin else change.end + 1440
    windows = [
        (at + timedelta(minutes=change.begin), at + timedelta(minutes=until)) for at in midnights
    ]
    found = {person: list(each) for person, each in presence.items()}
    for number in range(change.people):
        found[f"+{number + 1}"] = list(windows)
    for begin, end in windows if change.people < 0 else ():

        def there(person: str, begin: datetime = begin, end: datetime = end) -> timedelta:
            shared = (min(end, b) - max(begin, a) for a, b in found[person])
            return sum((each for each in shared if each > timedelta(0)), timedelta(0))

        order = sorted(found, key=lambda person: (-there(person), person))
        for person in order[: -change.people]:
            found[person] = [
                part
                for a, b in found[person]
                for part in ((a, min(b, begin)), (max(a, end), b))
                if part[0] < part[1]
            ]
    return found


def staffed(
    published: Published,
    presence: Presence,
    intervals: Intervals,
    service: TwinService,
    *,
    seed: int = 1,
) -> Staffed:
    """Returns the days of a forecast with the people of a roster, under a configuration's rules.

    Raises `RefusedError` where the configuration has no line (`no_line`), or the intervals are of
    another length than 15, 30 or 60 minutes (`bad_forecast`).
    """
    expected = expected_in(intervals, "forecast", published.zone)
    minutes = int(intervals.interval_s // 60)
    settings = published.settings_at(instant_of(expected.first, 0, published.zone))
    if not settings.lines:
        raise RefusedError("The configuration has no line on which anybody calls.", code="no_line")
    every = {level.skill for agent in settings.agents for level in agent.skills}
    every |= {need.skill for queue in settings.queues for need in queue.needs}
    names = _names(published)
    planned: dict[AgentKey, Stretches] = {}
    joined: list[AgentSettings] = []
    for number, person in enumerate(sorted(presence), start=1):
        key = names.get(person.strip().casefold())
        if key is None or key in planned:
            key = AgentKey(f"sim-roster-{number}")
            skills = tuple(SkillLevel(skill=each, level=MOST_LEVEL) for each in sorted(every))
            joined.append(AgentSettings(key=key, skills=skills))
        planned[key] = tuple(
            (_instant(begin, published.zone), _instant(end, published.zone))
            for begin, end in presence[person]
        )
    settings = msgspec.structs.replace(settings, agents=(*settings.agents, *joined))
    profile = _callers(published, service, seed)
    world = RosteredWorld(
        settings=settings,
        profile=msgspec.structs.replace(profile, expected=expected.quarters, colleagues=()),
        planned=planned,
        away_share=service.away_share,
        group=ColleagueGroup(name="roster", agents=tuple(planned), shifts=(), missed_share=0.0),
    )
    within = Duration(int(service.target_s * SECOND))
    scenario = Scenario(
        world=world,
        zone=published.time_zone,
        start=expected.first,
        days=(expected.last - expected.first).days + 1,
        targets={queue.key: within for queue in settings.queues},
        short_abandons={},
        languages=published.line_languages,
        slice_minutes=minutes,
    )
    return Staffed(scenario=scenario, unknown=len(joined))


def _names(published: Published) -> dict[str, AgentKey]:
    """Returns the configured agents by key and by name, in any case of letters."""
    found: dict[str, AgentKey] = {}
    for agent in published.settings.agents:
        for language in published.languages:
            found.setdefault(published.name_of("agent", agent.key, language).casefold(), agent.key)
        found[agent.key.casefold()] = agent.key
    return found


def _callers(published: Published, service: TwinService, seed: int) -> WorldProfile:
    """Returns who calls: as the configuration says, but for what the planner says of all."""
    profile = published.simulation
    usual = Duration(int(service.aht_s * SECOND))
    if profile is None:
        groups: tuple[CallerGroup, ...] = tuple(
            CallerGroup(
                name=line.key,
                share=1.0,
                line=line.key,
                talk_mean=usual,
                wrap_up_mean=Duration(0),
            )
            for line in published.settings.lines
        )
        profile = WorldProfile(
            seed=seed,
            zone=published.time_zone,
            calls_per_day=1.0,
            callers=groups,
            colleagues=(),
            dispositions=published.settings.dispositions,
        )
    groups = profile.callers
    weight = sum(group.share for group in groups) or 1.0
    busy = sum(group.share * _busy(group) for group in groups) / weight
    patient = sum(group.share * group.patience_mean for group in groups) / weight
    longer = usual / busy if busy else 1.0
    patienter = service.patience_s * SECOND / patient if patient else 1.0
    return msgspec.structs.replace(
        profile,
        seed=seed,
        volume=1.0,
        outages=(),
        callers=tuple(_like(group, longer, patienter) for group in groups),
    )


def usual_aht_s(published: Published) -> float | None:
    """Returns how long a call takes by the configuration's `[simulation]`; None without one."""
    profile = published.simulation
    if profile is None:
        return None
    weight = sum(group.share for group in profile.callers)
    busy = sum(group.share * _busy(group) for group in profile.callers)
    return busy / weight / SECOND if busy > 0 else None


def _busy(group: CallerGroup) -> float:
    return group.talk_mean + group.hold_share * group.hold_mean + group.wrap_up_mean


def _like(group: CallerGroup, longer: float, patienter: float) -> CallerGroup:
    return msgspec.structs.replace(
        group,
        talk_mean=Duration(int(group.talk_mean * longer)),
        hold_mean=Duration(int(group.hold_mean * longer)),
        wrap_up_mean=Duration(int(group.wrap_up_mean * longer)),
        patience_mean=Duration(int(group.patience_mean * patienter)),
        # What they take is in the handle time and the patience that were said.
        balk_share=0.0,
        silent_share=0.0,
        early_hang_up_share=0.0,
        wrong_number_share=0.0,
        transfer_share=0.0,
        redial_share=0.0,
    )


def _instant(civil: datetime, zone: ZoneInfo) -> Instant:
    return instant_of(civil.date(), civil.hour * 60 + civil.minute, zone)


# --- verdicts -----------------------------------------------------------------------------------


def judge(
    scenarios: tuple[Scenario, ...],
    target_share: float,
    *,
    runs: int,
    shared: Shared,
    tell: Callable[[int], None],
) -> tuple[tuple[TwinVerdict, ...], tuple[Studied, ...]]:
    """Lives the days so often in each world, the same callers in all; returns what is finished."""
    studied = study(
        scenarios, runs=runs, precision=None, shared=shared, tell=lambda done, best: tell(done)
    )
    verdicts = tuple(
        verdict_of(scenario, each, target_share)
        for scenario, each in zip(scenarios, studied, strict=True)
    )
    return verdicts, studied


def verdict_of(scenario: Scenario, studied: Studied, target_share: float) -> TwinVerdict:
    """Returns how the days went, interval by interval."""
    world = scenario.world
    assert isinstance(world, RosteredWorld), "its people are on a roster"
    zone = ZoneInfo(scenario.zone)
    by_start: dict[Instant, list[tuple[int, int, int]]] = {}
    for run in studied.runs:
        for each in run.slices:
            counts = (each.offered, each.in_time, each.abandoned)
            by_start.setdefault(each.start, []).append(counts)
    count = len(studied.runs)
    intervals = []
    for start in sorted(by_start):
        all_runs = by_start[start]
        offered = sum(each[0] for each in all_runs)
        busy = [each for each in all_runs if each[0]]
        missed = sum(each[1] < target_share * each[0] - 1e-9 for each in busy)
        stamp = datetime.fromtimestamp(start // SECOND, zone).isoformat()
        intervals.append(
            IntervalVerdict(
                stamp=stamp,
                offered=offered / count,
                leave=sum(each[2] for each in all_runs) / count,
                in_time=sum(each[1] for each in all_runs) / offered if offered else None,
                missed=missed / len(busy) if busy else None,
            )
        )
    sums = [sums_of(studied, number) for number in range(count)]
    return TwinVerdict(
        runs=count,
        intervals=tuple(intervals),
        offered=mean_of([float(each[0]) for each in sums]),
        leave=mean_of([float(each[2]) for each in sums]),
        in_time=mean_of([each[1] / each[0] for each in sums if each[0]]),
    )


def sums_of(studied: Studied, number: int) -> tuple[int, int, int]:
    """Returns how many were offered, answered in time, and left in one run."""
    slices = studied.runs[number].slices
    return (
        sum(each.offered for each in slices),
        sum(each.in_time for each in slices),
        sum(each.abandoned for each in slices),
    )


def fewer_leave(first: Studied, second: Studied) -> Estimate:
    """Returns how many fewer leave in the second world, run by run among the same callers."""
    pairs = zip(range(len(first.runs)), range(len(second.runs)), strict=True)
    return mean_of([float(sums_of(first, a)[2] - sums_of(second, b)[2]) for a, b in pairs])


def mean_of(values: Sequence[float]) -> Estimate:
    """Returns a mean with the half width of its 95 % interval (Student)."""
    count = len(values)
    if not count:
        return Estimate(None, None)
    mean = sum(values) / count
    if count < 2:
        return Estimate(mean, None)
    spread = sum((value - mean) ** 2 for value in values) / (count - 1)
    return Estimate(mean, float(t_quantile(count - 1) * (spread / count) ** 0.5))
