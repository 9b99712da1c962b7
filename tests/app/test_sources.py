"""Whether a report says the same from sums as from steps, and both what SQL counts."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app.record import record_of
from openline.app.reporting import Made, Request, make_report
from openline.app.sources import Sources, sources
from openline.configuration import Published, load
from openline.model import SECOND, Duration, Instant, Origin
from openline.reports import COLUMNS, By, Calendar
from openline.sealing.kinds import DAY
from openline.simulation.civil import instant_of
from tests.app.real_record import Steps, lived, sum_days, write
from tests.cli.tried import SMALL
from tests.measures.sql_recount import Limits, SqlRecount

DAYS = 8


class Kept:
    """Is a week and a day of real calls, over the night in which clocks go forward."""

    def __init__(self, folder: Path) -> None:
        self.published = load(SMALL)
        self.since = instant_of(date(2026, 3, 2), 0, self.published.zone)
        self.until = instant_of(date(2026, 3, 2 + DAYS), 0, self.published.zone)
        self.steps: Steps = lived(self.published, self.since, self.until)
        self.by_steps, self.by_sums = folder / "steps", folder / "sums"
        for each in (self.by_steps, self.by_sums):
            write(each, self.steps)
        summed = sum_days(self.by_sums, self.published, Instant(self.until - DAY))
        assert summed == DAYS - 1

    def made(self, data: Path, request: Request, published: Published | None = None) -> Made:
        return make_report(data, published or self.published, request, lambda done, of: None)

    def sources(self, published: Published, *origins: Origin) -> Sources:
        with record_of(self.by_sums) as record:
            return sources(record, published, self.since, self.until, origins)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("real"))


def said(made: Made) -> tuple[object, ...]:
    return made.history, made.forgotten_until, made.other_origins


def asked(by: By, per: str | None = None) -> Request:
    return Request(by=by, since="2026-03-02", until=f"2026-03-0{1 + DAYS}", per=per)


@pytest.mark.parametrize("per", [None, "queue", "line"])
@pytest.mark.parametrize("by", list(By))
def test_sums_say_what_steps_say(kept: Kept, by: By, per: str | None) -> None:
    request = asked(by, per)
    slow, fast = kept.made(kept.by_steps, request), kept.made(kept.by_sums, request)
    assert said(fast) == said(slow)
    assert slow.history.totals[None].tally.offered > 200


def test_pages_of_every_length_agree_with_each_other_and_with_sql(kept: Kept) -> None:
    sql = SqlRecount()
    for at, events in kept.steps:
        sql.take(at, events)
    sql.index()
    targets = kept.published.targets.items()
    limits = {key: Limits(each.within, each.short_abandon) for key, each in targets}
    whole = kept.made(kept.by_sums, asked(By.DAY)).history.totals
    for by in By:
        calendar = Calendar(kept.published.zone, by, since=kept.since, until=kept.until)
        sql.cut(calendar.slices(), limits)
        counted = sql.counts()
        made = kept.made(kept.by_sums, asked(by))
        for row in made.history.rows:
            theirs = counted.pop((row.slice.start, "evening", "talk", "real"), {})
            mine = {name: int(getattr(row.sums.tally, name)) for name in theirs}
            assert mine == theirs
            assert bool(theirs) == (row.sums.tally.offered > 0)
        assert counted == {}
        assert made.history.totals == whole
    spent = sql.agents(kept.steps[-1][0], longest=Duration(31 * DAY))
    time = whole[None].time
    assert time is not None
    assert sum(map(sum, spent.values())) == time.signed_in
    sql.close()


def test_a_report_that_begins_within_a_day_knows_who_was_there(kept: Kept) -> None:
    request = Request(by=By.HOUR, since="2026-03-04T19:30", until="2026-03-07T21:15")
    slow, fast = kept.made(kept.by_steps, request), kept.made(kept.by_sums, request)
    assert fast.history == slow.history
    first = fast.history.rows[0].sums
    assert COLUMNS["signed_in_time"](first) not in (None, 0)


def test_only_what_sums_cannot_say_is_read_step_by_step(kept: Kept) -> None:
    plain = kept.sources(kept.published, Origin.REAL)
    assert [part.is_kept for part in plain.parts] == [True, False]
    assert plain.steps[0].end - plain.steps[0].begin <= 2 * DAY
    assert plain.forgotten_until is None
    both = kept.sources(kept.published, Origin.REAL, Origin.PRACTICE)
    assert [part.is_kept for part in both.parts] == [False]


def test_another_target_is_applied_to_the_days_that_were_summed_before(kept: Kept) -> None:
    (key, target), *_ = kept.published.targets.items()
    milder = msgspec.structs.replace(target, within=Duration(target.within + 60 * SECOND))
    published = msgspec.structs.replace(kept.published, targets={key: milder})
    request = asked(By.DAY)
    slow = kept.made(kept.by_steps, request, published)
    assert said(kept.made(kept.by_sums, request, published)) == said(slow)
    before = kept.made(kept.by_sums, request).history.totals[None]
    assert slow.history.totals[None].tally.answered_in_target > before.tally.answered_in_target
