"""How long does somebody wait for a report of a day, of a year, and for a list of calls?

A yardstick day and more is simulated and written as a centre writes it. The sums of one day, copied
back day by day, are the year before it: some 2.4 million calls. What is measured is what the
reading process does for a page, in processor time, so that others at work on the machine do not
count. Cold means that the process has read nothing yet.

For lists of calls the columns of one day, moved in the same way and sealed as a centre seals them,
are the lists of the days of that year.

A past day stands beside the same day read step by step, as every day was before sums were read.
"""

import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from benchmarks.figure import Figure
from benchmarks.instruments import say
from openline.app.key_copies import segment_keys
from openline.app.reading.jobs import Adopt
from openline.app.reading.worker import Worker
from openline.centre.call_lists import open_details, open_filters
from openline.centre.sums import kept_sums
from openline.configuration import Published, load
from openline.model import Instant
from openline.reports import By
from openline.reports.call_columns import FORM
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked
from openline.sealing.kinds import DAY
from openline.sealing.segments import mark_of
from openline.simulation.civil import instant_of
from openline.store import CallListRecord, DataFolder, SumRecord
from openline.store.sqlite import SqliteStore
from openline.web.asked import SHOWN
from tests.app.real_record import Steps, list_days, lived, sum_days, write

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
        lists = _lists(data, begin, days)
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
        *lists,
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


def _lists(data: Path, begin: Instant, days: int) -> list[Figure]:
    """Writes a year of lists and measures what a page of it takes."""
    in_lists = _year_of_lists(data, begin, days)
    worker = _worker(data)
    asked = CallsAsked(since="2025-03-05", until=TODAY.isoformat())
    narrow = msgspec.structs.replace(asked, outcome="abandoned", waited_s=20)
    # The days that have no list yet are read; they are the same for a day and for a year.
    worker.calls(msgspec.structs.replace(asked, since=PAST))
    say("listing the calls of a year")
    first = _took(lambda: worker.calls(asked))
    again = max(_took(partial(worker.calls, each)) for each in (narrow, asked, narrow))
    place = f"{(begin - 200 * DAY) // DAY}-{_call_of(worker, begin - 200 * DAY)}"
    deep = msgspec.structs.replace(narrow, older_than=place)
    turned = _took(lambda: worker.calls(deep))
    found = worker.calls(narrow)
    calls = worker.calls(asked).count
    say(f"{found.count:,} of {calls:,} calls were chosen")
    name = f"list of the calls of a year ({calls / 1e6:.2f} million)"
    return [
        _at_most(f"{name}, first asked for", first, 1.0, "bound: 1 s"),
        _at_most(f"{name}, another filter", again, 0.2, "bound: 0.2 s"),
        _at_most(f"{name}, a page from its middle", turned, 0.2, "bound: 0.2 s"),
        Figure.at_least(
            name="calls in the lists of the year",
            value=in_lists,
            unit="calls",
            against="bound: a year of the yardstick line",
            reference=CALLS_OF_YEAR * days / YEAR,
        ),
    ]


def _year_of_lists(data: Path, begin: Instant, days: int) -> int:
    """Writes the lists of a year; returns how many calls they hold."""
    assert list_days(data, Instant(begin + 3 * DAY)) > 0
    store, keys = _store(data), segment_keys(DataFolder(data), Instant(0))
    model = max(store.call_list_marks(Instant(0), Instant(2**62)))
    [(_, sealed)] = store.call_list_filters(model, Instant(model + 1))
    filters = open_filters(keys, model, sealed)
    details = open_details(keys, model, store.call_list_details(model) or b"")
    assert filters is not None
    assert details is not None
    mark = mark_of(sealed)
    for back in range(1, days + 1):
        day = Instant(model - back * DAY)
        moved = {
            "filters": msgspec.structs.replace(
                filters,
                first_at=Instant(filters.first_at - back * DAY),
                last_at=Instant(filters.last_at - back * DAY),
            ),
            "details": msgspec.structs.replace(
                details, at=(np.frombuffer(details.at, "<i8") - back * DAY).tobytes()
            ),
        }
        boxes: dict[str, bytes] = {}
        for name, part in moved.items():
            box = keys.seal_derived(name, mark, day, msgspec.msgpack.encode(part))  # type: ignore[arg-type]  # the names above
            assert box is not None
            boxes[name] = box
        store.keep_call_list(CallListRecord(day=day, form=FORM, mark=mark, **boxes))
    store.close()
    return len(filters.kind) // 4 * days


def _call_of(worker: Worker, day: int) -> int:
    """Returns a call of a day of the lists."""
    moment = datetime.fromtimestamp(day // DAY * DAY / 1_000_000, UTC).date().isoformat()
    return worker.calls(CallsAsked(since=moment, until=moment)).rows[50].call


def _took(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
