"""Days like those of a record: people drawn from what was learnt of it (`learning`).

They keep the rules of `behaviour`: a plan is a pure function of what was learnt, the seed and the
caller's name, so that two worlds with one seed meet the same callers. Agents are there when those
of the record were: what is tried is other callers, not another roster, unless a change says so.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil
from random import Random

import msgspec

from openline.engine import Settings
from openline.engine.value import Value
from openline.model import (
    MINUTE,
    SECOND,
    AgentKey,
    CallId,
    Duration,
    Instant,
    OfferId,
    RefusedError,
)
from openline.simulation.arrivals import MOST_VOLUME, STREAM
from openline.simulation.behaviour import (
    CALLS_AT_MOST,
    AgentPlan,
    CallbackPlan,
    CallerName,
    CallerPlan,
)
from openline.simulation.changes import Changes, ExtraPeople, evenly, with_callback
from openline.simulation.civil import instant_of, local_date, zone
from openline.simulation.draws import Draws
from openline.simulation.learning import PART_HALF_HOURS, Learnt, LineLearnt, half_hour_of
from openline.simulation.people import Arrival, People
from openline.simulation.profile import DAY_MINUTES, ColleagueGroup
from openline.simulation.recorded import RecordedTimeline
from openline.simulation.shifts import Duty

HOUR = 60 * MINUTE
_QUARTER = 15 * MINUTE
_HOURS_KEPT = 64
_RING_AND_DECIDE = (8 * SECOND, 12 * SECOND)
CALLBACK_SHARE = 0.25
"""Of those who are offered a callback: assumed, as in a configuration, since it was never seen."""

Duties = tuple[tuple[Instant, Duty, str | None], ...]


class LearnedWorld(Value, frozen=True, kw_only=True):
    """Is a world whose people are like those of a record."""

    settings: Settings
    learnt: Learnt
    duties: dict[AgentKey, Duties]
    """When each agent was there, as recorded."""
    seed: int = 1
    volume: float = 1.0


def people_like(world: LearnedWorld) -> People:
    """Returns people drawn for this world's seed."""
    arrivals = LearnedArrivals(world)
    behaviour = LearnedBehaviour(world, arrivals)
    group = ColleagueGroup(name="learned", agents=tuple(world.duties), shifts=())
    reasons = world.settings.pause_reasons
    timelines = {agent: RecordedTimeline(each, reasons) for agent, each in world.duties.items()}
    paced = world.learnt.experience.paced
    return People.enacting(behaviour, arrivals, group, timelines, paced)


class LearnedArrivals:
    """Gives the instants at which people call, and which line."""

    def __init__(self, world: LearnedWorld) -> None:
        self._learnt = world.learnt
        self._seed = world.seed
        self._volume = world.volume
        self._zone = zone(world.learnt.zone)
        self._busyness: dict[date, float] = {}
        self._hours: dict[int, list[tuple[Instant, int, LineLearnt]]] = {}

    def after(self, begin: Instant) -> Iterator[Arrival]:
        """Yields (arrival, hour, place in the hour) for all later than the instant."""
        if self._volume <= 0 or not self._learnt.lines:
            return
        hour = begin // HOUR
        while True:
            for at, place, _ in self.in_hour(hour):
                if at > begin:
                    yield at, hour, place
            hour += 1

    def in_hour(self, hour: int) -> list[tuple[Instant, int, LineLearnt]]:
        """Returns the arrivals of one UTC hour, in order: a pure function of the hour."""
        found = self._hours.get(hour)
        if found is None:
            if len(self._hours) >= _HOURS_KEPT:
                del self._hours[next(iter(self._hours))]
            found = []
            for stream in range(ceil(self._volume)):
                kept = min(1.0, self._volume - stream)
                stays = Random(f"{self._seed}:stays:{stream}:{hour}")
                found += [
                    (at, stream * STREAM + place, line)
                    for place, (at, line) in enumerate(self._stream(hour, stream))
                    if stays.random() < kept
                ]
            found.sort(key=lambda each: each[:2])
            self._hours[hour] = found
        return found

    def line_of(self, name: CallerName) -> LineLearnt:
        """Returns the line that a caller rings."""
        return next(line for _, place, line in self.in_hour(name.hour) if place == name.index)

    def _stream(self, hour: int, stream: int) -> list[tuple[Instant, LineLearnt]]:
        chance = Random(f"{self._seed}:learned:{stream}:{hour}")
        found: list[tuple[Instant, LineLearnt]] = []
        for quarter in range(4):
            start = Instant(hour * HOUR + quarter * _QUARTER)
            day, half_hour = half_hour_of(start, self._zone)
            busyness = self._busyness_of(day)
            for line in self._learnt.lines:
                mean = line.per_half_hour[day.weekday()][half_hour] / 2 * busyness
                at = chance.expovariate(mean) if mean > 0 else 1.0
                while at < 1.0:
                    found.append((Instant(start + int(at * _QUARTER)), line))
                    at += chance.expovariate(mean)
        found.sort(key=lambda each: each[0])
        return found

    def _busyness_of(self, day: date) -> float:
        drawn = self._busyness.get(day)
        if drawn is None:
            drawn, cv = 1.0, self._learnt.busyness_cv
            if cv > 0:
                drawn = Random(f"{self._seed}:day:{day}").gammavariate(1 / cv**2, cv**2)
            self._busyness[day] = drawn
        return drawn


class LearnedBehaviour:
    """Gives the plans of people who are like those of a record."""

    def __init__(self, world: LearnedWorld, arrivals: LearnedArrivals) -> None:
        self._learnt = world.learnt
        self._arrivals = arrivals
        self._zone = zone(world.learnt.zone)
        self._dispositions = world.settings.dispositions
        self._callers = Draws(world.seed, "caller", 5)
        self._callbacks = Draws(world.seed, "callback", 3)
        self._offers = Draws(world.seed, "offer", 1)

    def caller_plan(self, name: CallerName) -> CallerPlan:
        """Returns what this caller will do."""
        patience, work, listens, redials, redials_at = self._callers.row(name.number)
        line, learnt = self._arrivals.line_of(name), self._learnt
        _, half_hour = half_hour_of(Instant(name.hour * HOUR), self._zone)
        works = line.works[half_hour // PART_HALF_HOURS]
        done = works[int(work * len(works))] if works else None
        again = redials < learnt.redial_share and name.time < CALLS_AT_MOST
        after = learnt.redials_after
        return CallerPlan(
            line=line.line,
            listens=line.listens[int(listens * len(line.listens))] if line.listens else Duration(0),
            patience=line.patience.at(patience),
            talk=Duration(0) if done is None else done.talk,
            hold_after=Duration(0) if done is None else done.hold_after,
            hold=Duration(0) if done is None else done.hold,
            wrap_up=Duration(0) if done is None else done.wrap_up,
            is_ended_by_agent=done is not None and done.is_ended_by_agent,
            redials_after=(
                Duration(max(1, after[int(redials_at * len(after))]))
                if again and after
                else Duration(0)
            ),
        )

    def callback_plan(self, name: CallerName) -> CallbackPlan:
        """Returns what this caller makes of a callback: assumed, for no record tells."""
        takes, decides, reacts = self._callbacks.row(name.number)
        decides_within, reacts_within = _RING_AND_DECIDE
        return CallbackPlan(
            takes_it=takes < CALLBACK_SHARE,
            decides_after=Duration(int(decides * decides_within)),
            answers=True,
            is_busy=False,
            reacts_after=Duration(int(reacts * reacts_within)),
        )

    def agent_plan(self, offer: OfferId, group: ColleagueGroup, *, is_tired: bool) -> AgentPlan:
        """Returns how an offer is taken: always, after a delay of the record."""
        delays = self._learnt.answer_delays
        place = int(self._offers.row(offer)[0] * len(delays))
        return AgentPlan(answers_after=delays[place], is_missed=False)

    def wrap_up_of(self, call: CallId) -> Duration:
        """Returns a length where the call's own is not known: none."""
        return Duration(0)

    def disposition_of(self, call: CallId) -> str:
        """Returns an outcome; which one changes nothing."""
        return self._dispositions[0] if self._dispositions else ""


# --- what if -------------------------------------------------------------------------------


def changed_learned(world: LearnedWorld, changes: Changes) -> LearnedWorld:
    """Returns the world with the changes; raises `RefusedError` (code `bad_change`)."""
    if not 0 <= changes.volume <= MOST_VOLUME:
        raise RefusedError(
            f"--volume {changes.volume:g}: from 0 to {MOST_VOLUME:g}.", code="bad_change"
        )
    if changes.people > 0:
        raise RefusedError(
            f"--people {changes.people}: a record does not tell when they would work. Say when: "
            f"--extra {changes.people}x18:00-22:00.",
            code="bad_change",
        )
    duties = dict(world.duties)
    if changes.people < 0:
        if -changes.people >= len(duties):
            raise RefusedError(
                f"--people {changes.people}: {len(duties)} people worked in this period, and "
                f"somebody must stay.",
                code="bad_change",
            )
        agents = sorted(duties)
        for place in evenly(-changes.people, len(agents)):
            del duties[agents[place]]
    settings = world.settings
    for number, extra in enumerate(changes.extra, start=1):
        like = _most_skilled(settings, world.duties)
        for each in range(extra.count):
            key = AgentKey(f"extra-{number}-{each + 1}")
            duties[key] = _duties_of(extra, world.learnt)
            one = next(agent for agent in settings.agents if agent.key == like)
            joined = msgspec.structs.replace(one, key=key)
            settings = msgspec.structs.replace(settings, agents=(*settings.agents, joined))
    for start, end in changes.outages:
        spans = _daily(start, end, world.learnt)
        duties = {agent: _interrupted(each, spans) for agent, each in duties.items()}
    if changes.callback_after is not None:
        settings = with_callback(settings, changes.callback_after)
    return msgspec.structs.replace(
        world, settings=settings, duties=duties, volume=world.volume * changes.volume
    )


def _most_skilled(settings: Settings, duties: dict[AgentKey, Duties]) -> AgentKey:
    known = [agent for agent in settings.agents if agent.key in duties] or list(settings.agents)
    if not known:
        raise RefusedError("--extra: nobody is there whom they could be like.", code="bad_change")
    return max(known, key=lambda agent: len(agent.skills)).key


def _daily(start: int, end: int, learnt: Learnt) -> list[tuple[Instant, Instant]]:
    where = zone(learnt.zone)
    first = local_date(learnt.since, where) - timedelta(days=1)
    until = end if end > start else end + DAY_MINUTES
    days = (first + timedelta(days=each) for each in range(learnt.days + 2))
    return [(instant_of(day, start, where), instant_of(day, until, where)) for day in days]


def _duties_of(extra: ExtraPeople, learnt: Learnt) -> Duties:
    duties: list[tuple[Instant, Duty, str | None]] = []
    for begin, end in _daily(extra.start_minute, extra.end_minute, learnt):
        duties += [(begin, Duty.ON, None), (end, Duty.OFF, None)]
    return tuple(duties)


def _interrupted(duties: Duties, spans: list[tuple[Instant, Instant]]) -> Duties:
    """Returns the duties with a break wherever somebody would have been ready in the spans."""
    starts = [at for at, _, _ in duties]

    def at(instant: Instant) -> tuple[Duty, str | None]:
        place = bisect_right(starts, instant) - 1
        return (Duty.OFF, None) if place < 0 else duties[place][1:]

    def is_out(instant: Instant) -> bool:
        return any(begin <= instant < end for begin, end in spans)

    edges = sorted({*starts, *(edge for span in spans for edge in span)})
    found: list[tuple[Instant, Duty, str | None]] = []
    for edge in edges:
        duty, why = at(edge)
        if duty is Duty.ON and is_out(edge):
            duty, why = Duty.BREAK, None
        found.append((edge, duty, why))
    return tuple(found)
