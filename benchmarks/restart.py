"""How long does a centre take to come back with a long record behind it?

A yardstick day is simulated; its steps are the days before, one after the other, sealed and chained
as the centre does it. The last day is real: its own state, snapshots on the way, and then nothing,
as after a power cut. What a start reads is measured with one day behind it and with many: it may
hang on what happened today and not on how long the record is. Then the whole program is started.
How large a year would be is told beside it. Many notes are in the key store.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.figure import Figure
from openline.app.memory import open_memory
from openline.app.options import Options
from openline.centre.centre import SNAPSHOT_EVERY
from openline.centre.clock import wall_now
from openline.centre.codec import SCHEMA, Step, chain, encode_state, encode_step, first_link
from openline.centre.recovery import steps_since
from openline.configuration import load
from openline.engine import AnyEvent, AnyInput, Outcome, State
from openline.engine.apply import apply_step
from openline.model import SECOND, CallId, Instant, OfferId
from openline.reports import CivilDays
from openline.sealing import KeyStore, Sealer, Segments
from openline.sealing.kinds import DAY
from openline.simulation import simulate
from openline.simulation.civil import zone
from openline.store import DataFolder, JournalRecord, SnapshotRecord
from openline.store.sqlite import SqliteStore
from tests.live.centre_process import CentreProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "restart"
EXAMPLE = Path(__file__).parents[1] / "examples" / "yardstick.toml"
ZONE = zone("America/Chicago")

DAYS = 6
NOTES = 50_000
BOUND_S = 5.0
YEAR = 365
AT_ONCE = 5_000

_Lived = tuple[Instant, bytes, tuple[AnyEvent, ...]]


def run(days: int = DAYS) -> list[Figure]:
    """Writes both records, starts on each and compares."""
    midnight = CivilDays(ZONE).start_of(CivilDays(ZONE).day_of(Instant(wall_now())))
    # A whole day up to this minute's second, so that as much as can be is of today.
    end = Instant(wall_now() - 5 * SECOND)
    lived = list(_lived(Instant(end - DAY), end))
    today = sum(at >= midnight for at, _, _ in lived)
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder:
        short, long = Path(folder) / "short", Path(folder) / "long"
        _write(short, lived, 1)
        _write(long, lived, days)
        read_short, read_long = (
            min(_read_s(each, midnight) for _ in range(3)) for each in (short, long)
        )
        started = _started_s(long)
        steps, size = len(lived) * days, (long / "openline.sqlite").stat().st_size
    _say(
        f"{steps:,} steps of {size / steps:.0f} bytes, {today:,} of them today; a year of the "
        f"yardstick line is {len(lived) * YEAR / 1e6:.0f} million steps and "
        f"{len(lived) * YEAR * size / steps / 1e9:.1f} GB"
    )
    return [
        Figure.at_most(
            name=f"from the start of the program to the first call, {steps:,} steps behind it",
            value=started,
            unit="s",
            against=f"bound: {BOUND_S:g} s on a machine that does nothing else",
            reference=BOUND_S,
        ),
        Figure.at_most(
            name="processor time to read the record at a start",
            value=read_long,
            unit="s",
            against=f"the same with {len(lived):,} steps behind it, and 0.1 s for chance",
            reference=read_short + 0.1,
        ),
    ]


def _lived(begin: Instant, end: Instant) -> Iterator[_Lived]:
    """Yields the steps of a simulated day."""
    steps: list[_Lived] = []

    def noted(seen: AnyInput, now: Instant, outcome: Outcome) -> None:
        if outcome.events:
            body = encode_step(Step(seen=seen, events=outcome.events))
            steps.append((now, body, outcome.events))

    published = load(EXAMPLE)
    assert published.simulation is not None
    simulate(published.settings, published.simulation, begin, end, on_step=noted)
    yield from steps


def _read_s(folder: Path, midnight: Instant) -> float:
    """Returns the processor time of what a start reads: the state, and the steps of today."""
    options = Options(config=EXAMPLE, data=folder, speed=1.0, port=None)
    begun = time.process_time()
    memory = open_memory(options)
    for _ in steps_since(memory.store, memory.segments, midnight):
        pass
    took = time.process_time() - begun
    memory.close()
    return took


def _started_s(folder: Path) -> float:
    """Returns how long a start of the whole program takes."""
    begun = time.perf_counter()
    with CentreProcess(EXAMPLE, folder):
        return time.perf_counter() - begun


def _write(folder: Path, lived: list[_Lived], days: int) -> None:
    folder.mkdir()
    data = DataFolder(folder)
    begin = Instant(lived[0][0] - (days - 1) * DAY)
    store = SqliteStore.open(data.database, now=begin, program_version="bench")
    _fill_with_notes(data.keys)
    sealer = Sealer(KeyStore(data.keys))
    segments = Segments(sealer, begin)
    link, state = first_link(store.meta("centre_id") or ""), State()
    state.step = len(lived) * (days - 1)
    state.next_call, state.next_offer = CallId(state.step + 1), OfferId(state.step + 1)
    records: list[JournalRecord] = []
    step = 0
    for day in range(days):
        shift = (days - 1 - day) * DAY
        segments.prepare(Instant(lived[0][0] - shift))
        for at, plain, events in lived:
            step += 1
            now = Instant(at - shift)
            body = segments.seal_step(step, now, plain)
            link = chain(link, step, now, body)
            records.append(JournalRecord(step=step, at=now, schema=SCHEMA, body=body, hash=link))
            if shift == 0:
                apply_step(state, step, now, events)
            if step % AT_ONCE == 0:
                store.append(records)
                records = []
            if shift == 0 and step % SNAPSHOT_EVERY == 0:
                body = segments.seal_snapshot(step, now, encode_state(state))
                store.save_snapshot(
                    SnapshotRecord(step=step, at=now, schema=SCHEMA, body=body, hash=link)
                )
    store.append(records)
    # As every midnight leaves it: all days but the last two are summed.
    store.keep_sums(Instant(lived[-1][0] - lived[-1][0] % DAY - DAY), [])
    sealer.close()
    store.close()


def _fill_with_notes(keys: Path) -> None:
    """Puts the keys of many notes into a key store, as 90 busy days leave them."""
    KeyStore(keys).close()
    due = wall_now() + 30 * DAY
    connection = sqlite3.connect(keys)
    with connection:
        numbers = range(1, NOTES + 1)
        connection.executemany(
            "INSERT INTO slots (slot, key) VALUES (?, ?)",
            ((number, os.urandom(32)) for number in numbers),
        )
        refs = sorted(islice(iter(lambda: secrets.token_urlsafe(16), ""), NOTES))
        connection.executemany(
            "INSERT INTO refs (ref, slot, kind, destroy_at) VALUES (?, ?, 'note', ?)",
            ((ref, number, due + number) for number, ref in zip(numbers, refs, strict=True)),
        )
    connection.close()


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
