"""A planned roster in the simulated world: its people are there when they are planned.

Not all of the time: shrinkage takes its share. In each half hour as many of those present are away
as the share says, now one more and now one fewer so that the mean is right, and other people each
time. It is the same mean by which `planning.cover` counts who is on the phones.

Who is away hangs on the seed, the half hour and how many are there, never on what happened: two
worlds of one seed differ only where their rosters do.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from random import Random

from openline.engine import Settings
from openline.engine.value import Value
from openline.model import MINUTE, AgentKey, Instant
from openline.simulation.arrivals import Arrivals
from openline.simulation.behaviour import Behaviour
from openline.simulation.people import People
from openline.simulation.profile import ColleagueGroup, WorldProfile
from openline.simulation.recorded import RecordedTimeline
from openline.simulation.shifts import Duty

HALF_HOUR = 30 * MINUTE
Stretches = tuple[tuple[Instant, Instant], ...]
"""When somebody is planned, in order and without overlap."""


class RosteredWorld(Value, frozen=True, kw_only=True):
    """Is a world in which a roster is worked."""

    settings: Settings
    profile: WorldProfile
    """Who calls; its colleagues stay at home."""
    planned: dict[AgentKey, Stretches]
    away_share: float = 0.0
    """Of those who are present, how many are not on the phones, 0 to 1."""
    group: ColleagueGroup
    """The habits of all: how quickly they answer."""


def people_on(world: RosteredWorld) -> People:
    """Returns callers drawn for the profile's seed, and the people of the roster."""
    profile = world.profile
    reasons = world.settings.pause_reasons
    timelines = {
        agent: RecordedTimeline(duties, reasons)
        for agent, duties in duties_of(world.planned, world.away_share, profile.seed).items()
    }
    return People.enacting(Behaviour(profile), Arrivals(profile), world.group, timelines)


Duties = list[tuple[Instant, Duty, str | None]]


def duties_of(
    planned: Mapping[AgentKey, Stretches], away_share: float, seed: int
) -> dict[AgentKey, Duties]:
    """Returns what each is there for, from instant to instant."""
    duties: dict[AgentKey, Duties] = {agent: [] for agent in planned}
    last: dict[AgentKey, Duty] = dict.fromkeys(planned, Duty.OFF)
    for begin, present in _spans(planned):
        away = _away(present, begin, away_share, seed)
        for agent in planned:
            duty = Duty.OFF
            if agent in present:
                duty = Duty.BREAK if agent in away else Duty.ON
            if last[agent] is not duty:
                last[agent] = duty
                duties[agent].append((begin, duty, None))
    return duties


def _spans(planned: Mapping[AgentKey, Stretches]) -> Iterator[tuple[Instant, tuple[AgentKey, ...]]]:
    """Yields the begin of each span in which the same people are there, at most a half hour."""
    edges = {edge for each in planned.values() for stretch in each for edge in stretch}
    if not edges:
        return
    first, end = min(edges), max(edges)
    grid = range(first - first % HALF_HOUR, end, HALF_HOUR)
    starts = {agent: [begin for begin, _ in each] for agent, each in planned.items()}
    for begin, _ in pairwise(sorted({*edges, *(Instant(at) for at in grid if at > first)})):
        present = []
        for agent in sorted(planned):
            place = bisect_right(starts[agent], begin) - 1
            if place >= 0 and begin < planned[agent][place][1]:
                present.append(agent)
        yield begin, tuple(present)
    yield end, ()


def _away(
    present: tuple[AgentKey, ...], begin: Instant, share: float, seed: int
) -> frozenset[AgentKey]:
    """Returns who is not on the phones in the half hour that holds an instant."""
    if share <= 0 or not present:
        return frozenset()
    block = begin // HALF_HOUR
    count = int(len(present) * share + Random(f"{seed}:away:{block}").random())
    # Each draws his own lot, so that one person more changes the others as little as can be.
    lots = {agent: Random(f"{seed}:away:{block}:{agent}").random() for agent in present}
    return frozenset(sorted(present, key=lots.__getitem__)[:count])
