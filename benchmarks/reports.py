"""How long does somebody wait for a report of a day, of a year, and for a list of calls?

A yardstick day and more is simulated and written as a centre writes it. The sums of one day, copied
back day by day, are the year before it: some 2.4 million calls. What is measured is what the
reading process does for a page, in processor time, so that others at work on the machine do not
count. Cold means that the process has read nothing yet.

A past day stands beside the same day read step by step, as every day was before sums were read.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from benchmarks.figure import Figure
from benchmarks.instruments import say
from openline.app.reading.jobs import Adopt
from openline.app.reading.worker import Worker
from openline.centre.sums import kept_sums
from openline.configuration import Published, load
from openline.model import Instant
from openline.reports import By
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked
from openline.sealing.kinds import DAY
from openline.simulation.civil import instant_of
from openline.store import DataFolder, SumRecord
from openline.store.sqlite import SqliteStore
from openline.web.asked import SHOWN
from tests.app.real_record import Steps, lived, sum_days, write

NAME = "reports"
EXAMPLE = Path(__file__).parents[1] / "examples" / "yardstick.toml"
TODAY = date(2026, 3, 4)
PAST = "2026-03-02"
YEAR = 365
CALLS_OF_YEAR = 2_300_000


def run(days: int = YEAR) -> list[Figure]:
    """Writes the records and asks for reports of them."""
    published = load(EXAMPLE)
    end = instant_of(TODAY, 24 * 60, published.zone)
    midnight = Instant(end - end % DAY)
    # The last day is too young to be summed, and the one before it may still be changing.
    begin = Instant(midnight - 3 * DAY)
    say("living some days")
    steps = lived(published, begin, end)
    with tempfile.TemporaryDirectory(dir=os.environ.get("OPENLINE_BENCH_FOLDER")) as folder:
        plain, data = Path(folder) / "steps", Path(folder) / "year"
        write(plain, steps)
        calls = _year(data, steps, published, begin, days)
        past, today = _day(PAST), _day(TODAY.isoformat())
        by_steps = _sheet_s(plain, past)
        by_sums = _sheet_s(data, past)
        cold = _sheet_s(data, today)
        year = msgspec.structs.replace(
            past, by=By.MONTH, since="2025-03-05", until=TODAY.isoformat()
        )
        by_month = _sheet_s(data, year)
        by_day = _sheet_s(data, msgspec.structs.replace(year, by=By.DAY, per="line"))
        filtered = _filter_s(data)
    return [
        _at_most(
            "report of a day that is over, by half hours",
            by_sums,
            by_steps / 2,
            "half of the same, read step by step",
        ),
        _at_most(
            "report of the last day, by half hours, nothing of it summed", cold, 1.0, "bound: 1 s"
        ),
        _at_most(
            f"report of a year ({calls / 1e6:.2f} million calls) by months",
            by_month,
            10.0,
            "bound: 10 s",
        ),
        _at_most("report of a year by days and lines", by_day, 10.0, "bound: 10 s"),
        _at_most("list of the calls of a day, another filter", filtered, 0.2, "bound: 0.2 s"),
        Figure.at_least(
            name="calls in the year",
            value=calls,
            unit="calls",
            against="bound: a year of the yardstick line",
            reference=CALLS_OF_YEAR * days / YEAR,
        ),
    ]


def _at_most(name: str, seconds: float, reference: float, against: str) -> Figure:
    return Figure.at_most(name=name, value=seconds, unit="s", against=against, reference=reference)


def _day(day: str) -> SheetAsked:
    return SheetAsked(by=By.INTERVAL, minutes=30, since=day, until=day, measures=SHOWN["all"])


def _year(data: Path, steps: Steps, published: Published, begin: Instant, days: int) -> int:
    """Writes the record with a year of sums before it; returns how many calls they are of."""
    write(data, steps)
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), steps)
        sum_days(Path(folder), published, Instant(begin + 2 * DAY))
        store = _store(Path(folder))
        # Of the two, the whole one.
        model = store.sums(Instant(begin + DAY), Instant(begin + 2 * DAY))
        store.close()
    store = _store(data)
    for back in range(days, 0, -1):
        shift = (back + 1) * DAY
        copied = [_moved(each, shift) for each in model]
        store.keep_sums(Instant(begin + 2 * DAY - shift), copied)
        if back % 30 == 0:
            say(f"{days - back} days of {days} written")
    kept = kept_sums(store, Instant(begin - 31 * DAY), Instant(begin - 30 * DAY))
    of_day = sum(tally.offered for each in kept for tally in each.calls.values())
    store.close()
    sum_days(data, published, Instant(begin + 2 * DAY))
    return of_day * days


def _moved(record: SumRecord, back: int) -> SumRecord:
    return msgspec.structs.replace(record, start=Instant(record.start - back))


def _store(folder: Path) -> SqliteStore:
    path = DataFolder(folder).database
    return SqliteStore.open(path, now=Instant(0), program_version="bench")


def _worker(data: Path) -> Worker:
    worker = Worker(data, EXAMPLE)
    worker.answer(Adopt(version=1, text=EXAMPLE.read_text()))
    return worker


def _sheet_s(data: Path, asked: SheetAsked) -> float:
    """Returns how long a process that has read nothing takes for a report."""
    worker = _worker(data)
    say(f"reporting {asked.since} to {asked.until} by {asked.by.value}")
    return _took(lambda: worker.sheet(asked))


def _filter_s(data: Path) -> float:
    """Returns how long another filter of a list takes that was shown before."""
    worker = _worker(data)
    asked = CallsAsked(since=TODAY.isoformat(), until=TODAY.isoformat())
    worker.calls(asked)
    narrower = msgspec.structs.replace(asked, outcome="abandoned", waited_s=20)
    return _took(lambda: worker.calls(narrower))


def _took(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
