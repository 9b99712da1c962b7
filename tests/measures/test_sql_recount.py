"""Whether reports and a count in SQL agree to the last call, over weeks with both clock changes."""

import random
from datetime import date

import pytest

from openline.engine import AnyEvent, AnyInput, Outcome
from openline.engine import events as e
from openline.engine.destinations import ToQueue
from openline.measures import (
    ENDINGS,
    INTERVAL,
    AgentTime,
    Slice,
    Tally,
    start_of_interval,
    wait_percentile,
)
from openline.model import (
    MILLISECOND,
    SECOND,
    CallId,
    Duration,
    Instant,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)
from openline.reports import Asked, By, Calendar, Historian, History
from openline.simulation import simulate
from openline.simulation.civil import instant_of, zone
from tests.builders import CONFERRING_ACTS, ENGLISH, ES, SPANISH, USUAL_ACTS, Night, a_centre, play
from tests.measures.sql_recount import Limits, SqlRecount
from tests.simulation.worlds import yardstick

ZONE = zone("America/Chicago")
TARGETS = {QueueKey("en"): Duration(20 * SECOND), QueueKey("es"): Duration(30 * SECOND)}
SHORT = {QueueKey("en"): Duration(5 * SECOND), QueueKey("es"): Duration(8 * SECOND)}
LIMITS = {queue: Limits(TARGETS[queue], SHORT[queue]) for queue in TARGETS}
SIMULATED = (Origin.SIMULATED,)
DAY = Duration(24 * 3600 * SECOND)

Steps = list[tuple[Instant, tuple[AnyEvent, ...]]]


class Weeks:
    """Is some weeks of the yardstick line at a tenth of its calls, lived once."""

    def __init__(self, first: date, last: date, seed: int) -> None:
        self.settings, profile = yardstick(seed, 0.1)
        self.since = instant_of(first, 0, ZONE)
        self.until = instant_of(last, 0, ZONE)
        self.steps: Steps = []
        self.sql = SqlRecount()

        def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
            self.steps.append((now, outcome.events))
            self.sql.take(now, outcome.events)

        # A report reads on until the last of its calls is over; here there is more to read.
        end = Instant(self.until + DAY)
        simulate(self.settings, profile, self.since, end, on_step=noted)
        self.sql.index()

    def calendar(self, by: By, minutes: int = 15) -> Calendar:
        return Calendar(ZONE, by, since=self.since, until=self.until, minutes=minutes)

    def told(self, calendar: Calendar, asked: Asked) -> History:
        return self.told_by(calendar).history(asked)

    def told_by(self, calendar: Calendar) -> Historian:
        historian = Historian(
            calendar, settings=self.settings, targets=TARGETS, short_abandons=SHORT
        )
        for at, events in self.steps:
            if not historian.take(at, events):
                break
        return historian


CHANGES = {
    "spring": (date(2026, 3, 2), date(2026, 3, 16), 31),
    "autumn": (date(2026, 10, 26), date(2026, 11, 9), 47),
}


@pytest.fixture(scope="module", params=list(CHANGES))
def weeks(request: pytest.FixtureRequest) -> Weeks:
    return Weeks(*CHANGES[request.param])


def assert_same(tally: Tally, counted: dict[str, int] | None) -> int:
    """Compares every sum; returns how many calls were compared."""
    if counted is None:
        assert (tally.offered, tally.offers, tally.handled) == (0, 0, 0)
        return 0
    assert {name: int(getattr(tally, name)) for name in counted} == counted
    return tally.offered


@pytest.mark.parametrize(
    ("by", "minutes"),
    [(By.INTERVAL, 15), (By.INTERVAL, 30), (By.HOUR, 60), (By.DAY, 15), (By.WEEK, 15)],
    ids=lambda value: getattr(value, "value", str(value)),
)
def test_every_line_and_queue_agrees_with_sql_in_every_slice(
    weeks: Weeks, by: By, minutes: int
) -> None:
    calendar = weeks.calendar(by, minutes)
    weeks.sql.cut(calendar.slices(), LIMITS)
    counted, arrivals = weeks.sql.counts(), weeks.sql.arrivals()
    calls, told = 0, weeks.told_by(calendar)
    for name in ("en", "es"):
        asked = Asked(origins=SIMULATED, queues=(QueueKey(name),), lines=(LineKey(name),))
        for row in told.history(asked).rows:
            key = (row.slice.start, name, name, "simulated")
            calls += assert_same(row.sums.tally, counted.pop(key, None))
        of_line = Asked(origins=SIMULATED, lines=(LineKey(name),))
        for row in told.history(of_line).rows:
            found = arrivals.pop((row.slice.start, name, "simulated"), None)
            if found is None:
                assert row.sums.tally.arrived == 0
            else:
                assert_arrivals(row.sums.tally, found)
    assert (counted, arrivals) == ({}, {})
    assert calls > 8_000, "too little happened for the comparison to mean much"


def assert_arrivals(tally: Tally, found: dict[str, int]) -> None:
    endings = {name: getattr(tally, name) for name in ENDINGS.values()}
    assert {"arrived": tally.arrived, **endings} == {
        name: found[name] for name in ("arrived", *endings)
    }
    assert tally.arrived == sum(endings.values()) + found["still_here"]


def test_agents_time_agrees_with_sql_in_every_quarter_of_an_hour(weeks: Weeks) -> None:
    calendar = weeks.calendar(By.INTERVAL)
    weeks.sql.cut(calendar.slices(), LIMITS)
    spent = weeks.sql.agents(weeks.steps[-1][0])
    for row in weeks.told(calendar, Asked(origins=SIMULATED)).rows:
        time = row.sums.time
        assert time is not None
        mine = (time.ready, time.talking, time.wrap_up, time.paused)
        assert mine == spent.get(row.slice.start, (0, 0, 0, 0))
    assert sum(map(sum, spent.values())) > 1_000 * 3_600 * SECOND


def test_percentiles_err_by_less_than_they_say(weeks: Weeks) -> None:
    calendar = weeks.calendar(By.DAY)
    weeks.sql.cut(calendar.slices(), LIMITS)
    told = weeks.told(calendar, Asked(origins=SIMULATED))
    slices: list[tuple[Slice | None, Tally]] = [(r.slice, r.sums.tally) for r in told.rows]
    for slice_, tally in [*slices, (None, told.totals[None].tally)]:
        for per_cent in (50, 90):
            exact, mine = weeks.sql.percentile(per_cent, slice_), wait_percentile(tally, per_cent)
            assert exact is not None
            assert mine is not None
            assert abs(mine - exact) <= max(MILLISECOND, exact / 128)


def test_intervals_are_days_are_weeks_are_months_are_the_whole(weeks: Weeks) -> None:
    def whole(by: By, minutes: int = 15) -> tuple[Tally, AgentTime | None]:
        sums = weeks.told(weeks.calendar(by, minutes), Asked(origins=SIMULATED)).totals[None]
        return sums.tally, sums.time

    first = whole(By.INTERVAL)
    assert first[0].offered > 8_000
    for by, minutes in ((By.INTERVAL, 30), (By.HOUR, 60), (By.DAY, 15), (By.WEEK, 15)):
        assert whole(by, minutes) == first
    assert whole(By.MONTH) == first


def test_a_day_of_the_change_is_the_sum_of_its_23_or_25_hours(weeks: Weeks) -> None:
    days = weeks.told(weeks.calendar(By.DAY), Asked(origins=SIMULATED)).rows
    hours = weeks.told(weeks.calendar(By.HOUR), Asked(origins=SIMULATED)).rows
    lengths = set()
    for day in days:
        inside = [hour for hour in hours if day.slice.start <= hour.slice.start < day.slice.end]
        lengths.add(len(inside))
        together = Tally()
        for hour in inside:
            together.add(hour.sums.tally)
        assert together == day.sums.tally
    assert lengths in ({24, 23}, {24, 25})


def test_a_planted_mistake_is_seen(weeks: Weeks) -> None:
    """The count in SQL would notice a target that is missed by one microsecond."""
    calendar = weeks.calendar(By.WEEK)
    weeks.sql.cut(calendar.slices(), LIMITS)
    exactly = Duration(weeks.sql.percentile(90) or 0)
    one = {queue: Limits(exactly, Duration(1)) for queue in TARGETS}
    other = {queue: Limits(Duration(exactly - 1), Duration(1)) for queue in TARGETS}
    good = []
    for limits in (one, other):
        weeks.sql.cut(calendar.slices(), limits)
        good.append(sum(row["answered_in_target"] for row in weeks.sql.counts().values()))
    assert good[0] == good[1] + 1


@pytest.mark.parametrize("seed", [3, 17, 40])
def test_nights_in_which_everything_goes_wrong_agree_too(seed: int) -> None:
    """Lost agents and callers, missed and declined offers, holds, second entries, three origins."""
    chance = random.Random(seed)
    night = Night(a_centre(), Instant(1_775_000_700 * SECOND))
    play(
        night,
        [
            (chance.choice(USUAL_ACTS), chance.randrange(1000), chance.expovariate(1 / 20))
            for _ in range(3_000)
        ],
    )
    assert_sql_agrees(night, {ENGLISH, SPANISH})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nights_in_which_calls_change_hands_agree_too(seed: int) -> None:
    """Consultations, calls given to who was asked, outside and back, thirds who come and go."""
    chance = random.Random(seed)
    night = Night(a_centre(), Instant(1_775_000_700 * SECOND))
    acts = [
        (chance.choice(CONFERRING_ACTS), chance.randrange(1000), chance.expovariate(1 / 2))
        for _ in range(6_000)
    ]
    play(night, acts)
    told = {type(event).__name__ for _, events in night.record for event in events}
    assert told >= {"CallTransferred", "PartyJoined", "PartyLeft", "OutsideLeft"}
    assert_sql_agrees(night, {ENGLISH, SPANISH})


def test_a_call_that_is_sent_on_flows_out_in_sql_too() -> None:
    night = Night(a_centre(), Instant(1_775_000_700 * SECOND))
    night.arrive(ES)
    night.wait(Duration(3 * SECOND))
    sent = e.CallSent(
        call=CallId(1),
        line=ES,
        origin=Origin.REAL,
        to=ToQueue(queue=ENGLISH),
        hops=1,
        left=SPANISH,
        waited=Duration(3 * SECOND),
        reason=Reason.ASKED,
    )
    queued = e.CallQueued(
        call=CallId(1),
        line=ES,
        origin=Origin.REAL,
        queue=ENGLISH,
        entry=2,
        priority=0,
        waiting_since=night.now,
        reason=Reason.ASKED,
    )
    night.record.append((night.now, (sent, queued)))
    assert_sql_agrees(night, {ENGLISH, SPANISH})


def assert_sql_agrees(night: Night, queues: set[QueueKey]) -> None:
    """Compares every quarter of an hour, line, queue and origin of a night."""
    since = start_of_interval(night.record[0][0])
    until = Instant(start_of_interval(night.now) + INTERVAL)
    calendar = Calendar(ZONE, By.INTERVAL, since=since, until=until)
    limits = {queue: Limits(Duration(20 * SECOND), Duration(5 * SECOND)) for queue in queues}
    historian = Historian(
        calendar,
        settings=a_centre(),
        targets={queue: limit.within for queue, limit in limits.items()},
        short_abandons={queue: limit.short for queue, limit in limits.items()},
    )
    sql = SqlRecount()
    for at, events in night.record:
        historian.take(at, events)
        sql.take(at, events)
    sql.index()
    sql.cut(calendar.slices(), limits)
    counted = sql.counts()
    calls = 0
    for slice_, cells in historian.cells():
        for cell, tally in cells.items():
            key = (slice_.start, cell.line, cell.queue or "", cell.origin.value)
            calls += assert_same(tally, counted.pop(key, None))
    assert counted == {}
    assert calls > 0
    sql.close()
