"""Records of simulated days on disk, told as if the calls had been real ones.

Only real calls are summed when their day is over, and only what a running centre leaves behind has
a snapshot at each midnight; so this writes what such a centre would have written.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from openline.app.key_copies import segment_keys
from openline.centre.call_lists import DayCalls, days_unlisted
from openline.centre.codec import SCHEMA, Step, chain, encode_state, encode_step, first_link
from openline.centre.sums import DaySums, next_day
from openline.configuration import Published
from openline.engine import AnyEvent, AnyInput, Outcome, State
from openline.engine import inputs as i
from openline.engine.apply import apply_step
from openline.model import Instant, Origin
from openline.sealing import KeyStore, Sealer, SegmentKeys, Segments
from openline.sealing.kinds import DAY
from openline.simulation import simulate
from openline.store import DataFolder, JournalRecord, SnapshotRecord
from openline.store.sqlite import SqliteStore

Steps = list[tuple[Instant, tuple[AnyEvent, ...]]]
AT_ONCE = 5_000


def lived(published: Published, begin: Instant, end: Instant) -> Steps:
    """Simulates a stretch and returns its steps, each call told as a real one."""
    assert published.simulation is not None
    steps: Steps = []

    def noted(_: AnyInput, now: Instant, outcome: Outcome) -> None:
        if outcome.events:
            steps.append((now, tuple(_as_real(event) for event in outcome.events)))

    simulate(published.settings, published.simulation, begin, end, on_step=noted)
    return steps


def _as_real(event: AnyEvent) -> AnyEvent:
    fields = event.__struct_fields__
    if "origin" in fields:
        return msgspec.structs.replace(event, origin=Origin.REAL)
    if "origins" in fields:
        return msgspec.structs.replace(event, origins=(Origin.REAL,))
    return event


def write(folder: Path, steps: Steps) -> None:
    """Writes the steps into a new data folder: sealed, chained, with a snapshot at midnight."""
    folder.mkdir(parents=True, exist_ok=True)
    data = DataFolder(folder)
    store = SqliteStore.open(data.database, now=steps[0][0], program_version="test")
    sealer = Sealer(KeyStore(data.keys))
    segments = Segments(sealer, steps[0][0])
    link, state = first_link(store.meta("centre_id") or ""), State()
    records: list[JournalRecord] = []
    day = steps[0][0] // DAY
    for step, (at, events) in enumerate(steps, start=1):
        if at // DAY != day:
            day = at // DAY
            segments.prepare(at)
            store.append(records)
            records = []
            body = segments.seal_snapshot(state.step, state.now, encode_state(state))
            store.save_snapshot(
                SnapshotRecord(
                    step=state.step,
                    at=state.now,
                    schema=SCHEMA,
                    body=body,
                    hash=link,
                    opens_segment=True,
                )
            )
        body = segments.seal_step(step, at, encode_step(Step(seen=i.TimePassed(), events=events)))
        link = chain(link, step, at, body)
        records.append(JournalRecord(step=step, at=at, schema=SCHEMA, body=body, hash=link))
        apply_step(state, step, at, events)
        if len(records) == AT_ONCE:
            store.append(records)
            records = []
    store.append(records)
    sealer.close()
    store.close()


def sum_days(folder: Path, published: Published, until: Instant) -> int:
    """Sums the days that are over by then, as the centre does at midnight; returns how many."""
    data = DataFolder(folder)
    store = SqliteStore.open(data.database, now=until, program_version="test")
    keys = segment_keys(data, until)
    days = 0
    for day in _days(store, keys, published, until):
        for _ in day.run():
            pass
        store.keep_sums(day.end, day.records())
        days += 1
    store.close()
    return days


def list_days(folder: Path, until: Instant) -> int:
    """Makes the lists of the days that are summed, as the centre does after it; returns how many.

    Like that one it leaves out days of which something is still open.
    """
    data = DataFolder(folder)
    store = SqliteStore.open(data.database, now=until, program_version="test")
    keys, days = segment_keys(data, until), 0
    for begin in days_unlisted(store):
        day = DayCalls(store, keys, begin)
        for _ in day.run():
            pass
        record = day.record()
        if day.is_settled and record is not None:
            store.keep_call_list(record)
            days += 1
    store.close()
    return days


def _days(
    store: SqliteStore, keys: SegmentKeys, published: Published, until: Instant
) -> Iterator[DaySums]:
    while (begin := next_day(store)) is not None and begin + DAY <= until:
        yield DaySums(
            store,
            keys,
            begin,
            targets={key: target.within for key, target in published.targets.items()},
            short_abandons={key: each.short_abandon for key, each in published.targets.items()},
        )
