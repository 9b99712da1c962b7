"""Whether every figure of a report is what SQL alone makes of the record, callbacks included."""

import random
from collections.abc import Iterable

import msgspec
import pytest

from openline.engine import AgentState, CallbackSettings, CallState
from openline.engine import inputs as i
from openline.measures import INTERVAL, start_of_interval
from openline.model import SECOND, Duration, Instant, Origin, SealedRef
from openline.reports import COLUMNS, Asked, By, Calendar, Historian
from openline.simulation.civil import zone
from tests.builders import (
    ALL_ORIGINS,
    CARLA,
    ENGLISH,
    ES,
    SPANISH,
    USUAL_ACTS,
    Night,
    a_centre,
    play,
    seconds,
)
from tests.measures.sql_figures import BY_COUNT, BY_PLACE, OF_AGENTS, figures_in_sql, of_agents
from tests.measures.sql_recount import Limits, SqlRecount

BEGIN = Instant(1_775_000_700 * SECOND)
QUEUES = (ENGLISH, SPANISH)
LIMITS = {queue: Limits(seconds(20), seconds(5)) for queue in QUEUES}
CALLING_BACK = (*USUAL_ACTS, *("desk",) * 12, *("ask_callback",) * 3, *("dialled",) * 8)


def a_historian(calendar: Calendar) -> Historian:
    return Historian(
        calendar,
        settings=a_centre(),
        targets={queue: limit.within for queue, limit in LIMITS.items()},
        short_abandons={queue: limit.short for queue, limit in LIMITS.items()},
    )


def a_calendar(night: Night, by: By = By.INTERVAL) -> Calendar:
    since = start_of_interval(night.record[0][0])
    until = Instant(start_of_interval(night.now) + INTERVAL)
    return Calendar(zone("America/Chicago"), by, since=since, until=until)


def counted(night: Night, calendar: Calendar) -> SqlRecount:
    sql = SqlRecount()
    for at, events in night.record:
        sql.take(at, events)
    sql.index()
    sql.cut(calendar.slices(), LIMITS)
    return sql


def told(night: Night, calendar: Calendar) -> Historian:
    historian = a_historian(calendar)
    for at, events in night.record:
        historian.take(at, events)
    return historian


def a_night_of_callbacks(seed: int) -> Night:
    """Many ask for it, some twice from one number; they are reached, or not, or somebody is."""
    print(f"seed {seed}")  # noqa: T201 - shown when the test fails
    chance = random.Random(seed)
    configured = a_centre()
    spanish = msgspec.structs.replace(
        configured.queues[1], callback=CallbackSettings(attempts=3, pause=seconds(120))
    )
    english = msgspec.structs.replace(configured.queues[0], callback=CallbackSettings())
    night = Night(msgspec.structs.replace(configured, queues=(english, spanish)), BEGIN)
    for _ in range(8):
        acts = [
            (chance.choice(CALLING_BACK), chance.randrange(1000), chance.expovariate(1 / 15))
            for _ in range(600)
        ]
        play(night, acts)
        for agent in night.state.agents.values():
            if agent.state is AgentState.TALKING and chance.random() < 0.5:
                word = chance.choice(tuple(i.CallbackWord))
                night.see(i.CallbackCloseRequested(agent=agent.key, word=word))
    return night


@pytest.mark.parametrize("seed", [5, 23, 71])
def test_callbacks_agree_with_sql_in_every_quarter_of_an_hour(seed: int) -> None:
    night = a_night_of_callbacks(seed)
    calendar = a_calendar(night)
    found, met = counted(night, calendar).counts(), 0
    for slice_, cells in told(night, calendar).cells():
        for cell, tally in cells.items():
            key = (slice_.start, cell.line, cell.queue or "", cell.origin.value)
            theirs = found.pop(key, None)
            if theirs is None:
                assert (tally.offered, tally.handled) == (0, 0)
            else:
                assert {name: int(getattr(tally, name)) for name in theirs} == theirs
                met += tally.callbacks_connected
    assert found == {}
    assert met > 3, "too few callbacks for the comparison to mean much"
    kinds = {type(event).__name__ for _, events in night.record for event in events}
    assert kinds >= {"CallbackJoined", "CallbackDeferred", "CallbackReached"}


@pytest.mark.parametrize("seed", [5, 23])
def test_every_figure_is_what_sql_makes_of_the_entries(seed: int) -> None:
    night = a_night_of_callbacks(seed)
    calendar = a_calendar(night)
    sql, historian = counted(night, calendar), told(night, calendar)
    compared = dict.fromkeys(COLUMNS.keys() - BY_COUNT - BY_PLACE - OF_AGENTS, 0)
    for origin in ALL_ORIGINS:
        for queue in QUEUES:
            asked = Asked(origins=(origin,), queues=(queue,))
            for row in historian.history(asked).rows:
                theirs = figures_in_sql(sql, row.slice, queue, origin.value)
                assert theirs.keys() == compared.keys(), "a figure that SQL does not know"
                for key, value in theirs.items():
                    mine = COLUMNS[key](row.sums)
                    assert mine == pytest.approx(value, abs=1e-6), (key, row.slice, queue)
                    compared[key] += mine is not None
    assert min(compared.values()) > 3, compared


def test_what_agents_time_says_is_what_sql_says() -> None:
    night = a_night_of_callbacks(5)
    calendar = a_calendar(night)
    spent = counted(night, calendar).agents(night.record[-1][0])
    for row in told(night, calendar).history(Asked(origins=ALL_ORIGINS)).rows:
        theirs = of_agents(*spent.get(row.slice.start, (0, 0, 0, 0)))
        assert theirs.keys() == OF_AGENTS
        for key, value in theirs.items():
            assert COLUMNS[key](row.sums) == pytest.approx(value, abs=1e-6)


def test_two_days_are_the_whole_where_one_number_asks_on_both() -> None:
    """The talk is booked once, though a report of either day knows of the callback."""
    night = Night(a_centre(), Instant(start_of_interval(BEGIN) + INTERVAL - 60 * SECOND))
    cut = Instant(start_of_interval(night.now) + INTERVAL)
    for _ in range(2):
        leg = night.arrive(ES)
        night.wait(seconds(5))
        night.see(i.CallbackAsked(leg=leg, number=SealedRef("one")))
        night.wait(seconds(80))
    night.sign_in(CARLA)
    night.answer(CARLA)
    calls = night.state.calls.values()
    night.dialled(next(c.leg for c in calls if c.state is CallState.DIALLING), is_reached=True)
    night.wait(seconds(300))
    night.see(i.HangUpRequested(agent=CARLA))
    night.finish(CARLA)
    whole = a_calendar(night)
    parts = [
        Calendar(whole.zone, By.INTERVAL, since=since, until=until)
        for since, until in ((whole.since, cut), (cut, whole.until))
    ]
    asked = Asked(origins=(Origin.REAL,), queues=(SPANISH,))

    def sums(calendars: Iterable[Calendar]) -> list[tuple[int, int, Duration]]:
        tallies = [told(night, each).history(asked).totals[None].tally for each in calendars]
        return [(t.callbacks_connected, t.handled, t.talk) for t in tallies]

    one, other = sums(parts)
    assert sums([whole]) == [tuple(a + b for a, b in zip(one, other, strict=True))]
    assert (one[:2], other[:2]) == ((1, 0), (1, 1))
