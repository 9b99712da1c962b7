"""Do the sums hold on days on which anything happens: menus, closed lines, boxes, lines outside?

The days are those of `tests/properties`. On each of them the arrivals of every line and quarter of
an hour are exactly how those calls ended and who is still here, and SQL counts the same.
"""

from collections import Counter
from random import Random

import pytest

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.measures import ENDINGS, INTERVAL, Tally, start_of_interval, total
from openline.model import SECOND, Duration, Instant
from openline.reports import By
from openline.reports.calendar import Calendar
from openline.reports.history import Historian
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal
from tests.measures.sql_recount import Limits, SqlRecount
from tests.measures.test_sql_recount import ZONE, assert_arrivals, assert_same
from tests.properties.random_day import RandomDay

Record = list[tuple[Instant, tuple[AnyEvent, ...]]]
LIMIT = Limits(Duration(20 * SECOND), Duration(5 * SECOND))
LIMITS = {queue.key: LIMIT for queue in SETTINGS.queues}


def _record(seed: int, acts: int) -> Record:
    rehearsal = Rehearsal()
    RandomDay(rehearsal, Random(seed)).play(acts)
    return [(step.now, step.outcome.events) for step in rehearsal.steps]


@pytest.mark.parametrize("seed", range(12))
def test_arrivals_are_how_they_ended_and_who_is_still_here(seed: int) -> None:
    record = _record(seed, 1_200)
    since = start_of_interval(record[0][0])
    until = Instant(start_of_interval(record[-1][0]) + INTERVAL)
    calendar = Calendar(ZONE, By.INTERVAL, since=since, until=until)
    historian = Historian(
        calendar,
        settings=SETTINGS,
        targets={queue: limit.within for queue, limit in LIMITS.items()},
        short_abandons={queue: limit.short for queue, limit in LIMITS.items()},
    )
    sql = SqlRecount()
    for at, events in record:
        historian.take(at, events)
        sql.take(at, events)
    sql.index()
    sql.cut(calendar.slices(), LIMITS)
    counted, arrivals = sql.counts(), sql.arrivals()
    of_lines: dict[tuple[int, str, str], list[Tally]] = {}
    for slice_, cells in historian.cells():
        for cell, tally in cells.items():
            key = (slice_.start, cell.line, cell.queue or "", cell.origin.value)
            assert_same(tally, counted.pop(key, None))
            of_lines.setdefault((slice_.start, cell.line, cell.origin.value), []).append(tally)
    assert counted == {}
    for place, found in arrivals.items():
        assert_arrivals(total(of_lines[place]), found)
    sql.close()


def test_every_ending_is_met_on_some_of_these_days() -> None:
    met = Counter(
        event.outcome
        for seed in range(12)
        for _, events in _record(seed, 1_200)
        for event in events
        if isinstance(event, e.CallEnded)
    )
    assert met.keys() >= ENDINGS.keys()
