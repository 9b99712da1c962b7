"""A simulated year of the yardstick line, counted twice: by the measures and by SQL alone.

Some 2.4 million calls with both clock changes. The engine lives the year once; each event goes to
the reports' own sums and, flat, into a SQLite file, in which every figure is a query (see
`tests.measures.sql_recount`). They must agree to the last call and the last microsecond, in every
quarter of an hour and on every day, for each queue and line. Needs some 6 GB of disk, and about a
quarter of an hour.
"""

import os
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.instruments import peak_mb, say
from openline.engine import AnyInput, Outcome
from openline.measures import ENDINGS, Tally
from openline.model import SECOND, Duration, Instant, LineKey, Origin, QueueKey
from openline.reports import Asked, By, Calendar, Historian
from openline.simulation import simulate
from openline.simulation.civil import instant_of, zone
from tests.measures.sql_recount import Limits, SqlRecount
from tests.simulation.worlds import yardstick

NAME = "recount_year"
IS_LONG = True
ZONE = zone("America/Chicago")
NAMES = ("en", "es")
TARGETS = {QueueKey(name): Duration(20 * SECOND) for name in NAMES}
SHORT = {QueueKey(name): Duration(5 * SECOND) for name in NAMES}
LIMITS = {queue: Limits(TARGETS[queue], SHORT[queue]) for queue in TARGETS}


def run(first: date = date(2026, 1, 1), last: date = date(2027, 1, 1)) -> list[Figure]:
    """Lives the year and counts it twice."""
    since, until = instant_of(first, 0, ZONE), instant_of(last, 0, ZONE)
    settings, profile = yardstick(2026)
    calendars = [Calendar(ZONE, by, since=since, until=until) for by in (By.INTERVAL, By.DAY)]
    historians = [
        Historian(calendar, settings=settings, targets=TARGETS, short_abandons=SHORT)
        for calendar in calendars
    ]
    with tempfile.TemporaryDirectory(dir=os.environ.get("OPENLINE_BENCH_FOLDER")) as folder:
        sql = SqlRecount(Path(folder) / "events.sqlite")
        told = [since]

        def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
            for historian in historians:
                historian.take(now, outcome.events)
            sql.take(now, outcome.events)
            if now - told[0] > 7 * 86_400 * SECOND:
                told[0] = now
                say(f"lived {(now - since) / (until - since):.0%}")

        begun = time.perf_counter()
        end = Instant(until + 6 * 3_600 * SECOND)
        summary = simulate(settings, profile, since, end, on_step=noted)
        lived = time.perf_counter() - begun
        say("gathering in SQL")
        sql.index()
        differing, compared = 0, 0
        for calendar, historian in zip(calendars, historians, strict=True):
            say(f"comparing by {calendar.by.value}")
            sql.cut(calendar.slices(), LIMITS)
            wrong, calls = _compare(sql, historian)
            differing, compared = differing + wrong, compared + calls
        sql.close()
    return [
        Figure.at_most(
            name="slices in which SQL counts otherwise",
            value=differing,
            unit="slices",
            against="bound: none",
            reference=0,
        ),
        Figure.at_least(
            name="calls compared, by quarter of an hour and again by day",
            value=compared,
            unit="calls",
            against="bound: the offered calls of 2.3 million a year, twice",
            reference=2 * 6_300 * (last - first).days,
        ),
        Figure.at_least(
            name="calls lived and counted twice",
            value=summary.arrived / lived,
            unit="per s",
            against="bound: 1,000",
            reference=1_000,
        ),
        Figure.at_most(
            name="most memory",
            value=peak_mb(),
            unit="MB",
            against="bound: 1,500 MB, the sums of 35,000 quarters of an hour in them",
            reference=1_500,
        ),
    ]


def _compare(sql: SqlRecount, historian: Historian) -> tuple[int, int]:
    """Returns how many slices differ, and how many calls were compared."""
    counted, arrivals = sql.counts(), sql.arrivals()
    wrong = calls = 0
    for name in NAMES:
        asked = Asked(origins=(Origin.SIMULATED,), lines=(LineKey(name),))
        for row in historian.history(asked).rows:
            tally = row.sums.tally
            found = counted.pop((row.slice.start, name, name, "simulated"), {})
            came = arrivals.pop((row.slice.start, name, "simulated"), {})
            calls += tally.offered
            wrong += not _is_same(tally, found | came)
    return wrong + len(counted) + len(arrivals), calls


def _is_same(tally: Tally, counted: dict[str, int]) -> bool:
    if not counted:
        return tally == Tally()
    still_here = counted.pop("still_here", 0)
    ended = sum(getattr(tally, name) for name in ENDINGS.values())
    is_whole = tally.arrived == ended + still_here
    return is_whole and all(int(getattr(tally, name)) == value for name, value in counted.items())
