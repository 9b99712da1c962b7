"""Some days of a configuration among simulated people, as fast as the engine goes.

It is the live engine with the configuration's own routing; only callers and colleagues are drawn by
the seed. Equal configurations, seeds, starts and lengths give equal days. What it costs in memory
does not grow with the days. A record of it can be kept in a new folder, to be reported on, exported
and replayed like any other; its calls are of the origin *simulated* for good.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from openline import __version__
from openline.centre.codec import SCHEMA, Step, chain, encode_state, encode_step, first_link
from openline.configuration import Published
from openline.engine import AnyInput, Outcome, State
from openline.engine.apply import apply_step
from openline.invariants import INVARIANTS, InvariantBrokenError, check
from openline.invariants import History as Told
from openline.model import SECOND, Instant, Origin, PeerError, RefusedError
from openline.reports import Asked, By, Calendar, Historian, History
from openline.sealing import KeyStore, Sealer, Segments
from openline.sealing.kinds import DAY
from openline.sealing.segments import mark_of
from openline.simulation import simulate as simulate_span
from openline.simulation.civil import instant_of
from openline.store import DataFolder, JournalRecord, SnapshotRecord
from openline.store.sqlite import SqliteStore

MOST_DAYS = 3_660
TELL_EVERY = 1_024
WRITTEN_AT_ONCE = 1_000

Tell = Callable[[int, int], None]


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """Is what came of it."""

    seed: int
    start: Instant
    end: Instant
    arrived: int
    live: int
    """Calls that were still there at the end."""
    steps: int
    history: History
    """By month; its totals are those of the whole span, queue by queue."""


def simulate(
    published: Published,
    *,
    days: int,
    seed: int | None,
    start: date | None,
    today: date,
    record: Path | None,
    is_checked: bool,
    tell: Tell,
) -> Simulated:
    """Lives the days; `seed` is the configuration's unless given, `start` is today.

    Raises:
        RefusedError: there is nobody to simulate (`no_simulation`), the span makes no sense
            (`bad_span`), or the folder of the record holds a centre already (`data_there`).
        PeerError: an invariant broke, which is a fault of the program; or the disk failed.
    """
    profile = published.simulation
    if profile is None:
        raise RefusedError(
            "The configuration has no [simulation]: it does not say who calls and who answers. "
            "Copy that part from one of the examples.",
            code="no_simulation",
        )
    if not 1 <= days <= MOST_DAYS:
        raise RefusedError(f"--days {days}: from 1 to {MOST_DAYS}.", code="bad_span")
    if seed is not None:
        profile = msgspec.structs.replace(profile, seed=seed)
    first = start or today
    if not 1971 <= first.year <= 8000:
        raise RefusedError(f"--start {first}: from the year 1971 to 8000.", code="bad_span")
    since = instant_of(first, 0, published.zone)
    until = instant_of(first + timedelta(days=days), 0, published.zone)
    calendar = Calendar(published.zone, By.MONTH, since=since, until=until)
    historian = Historian(
        calendar,
        settings=published.settings,
        targets={key: target.within for key, target in published.targets.items()},
        short_abandons={key: target.short_abandon for key, target in published.targets.items()},
    )
    witness = _Witness() if is_checked else None
    writer = None if record is None else _Record(record, since)
    steps = 0

    def noted(seen: AnyInput, now: Instant, outcome: Outcome) -> None:
        nonlocal steps
        steps += 1
        historian.take(now, outcome.events)
        if witness is not None:
            witness.hold(steps, now, outcome)
        if writer is not None:
            writer.write(steps, now, seen, outcome)
        if steps % TELL_EVERY == 0:
            tell(now - since, until - since)

    try:
        summary = simulate_span(published.settings, profile, since, until, on_step=noted)
        if writer is not None:
            writer.end()
    finally:
        if writer is not None:
            writer.close()
    return Simulated(
        seed=profile.seed,
        start=since,
        end=until,
        arrived=summary.arrived,
        live=summary.live,
        steps=steps,
        history=historian.history(Asked(origins=(Origin.SIMULATED,), per="queue")),
    )


class _Witness:
    """Holds every invariant against every step."""

    def __init__(self) -> None:
        self._state = State()
        self._told = Told()

    def hold(self, step: int, now: Instant, outcome: Outcome) -> None:
        try:
            self._told.add(now, outcome.events)
            apply_step(self._state, step, now, outcome.events)
            check(self._state, self._told)
        except InvariantBrokenError as error:
            moment = datetime.fromtimestamp(now // SECOND, UTC)
            raise PeerError(
                f"Invariant {error.number} broke at step {step}, {moment:%Y-%m-%d %H:%M:%S} UTC: "
                f"{error.words}. It says: {INVARIANTS[error.number]}. This is a fault of the "
                f"program: report it with the configuration, the seed and the start."
            ) from error


class _Record:
    """Writes the steps into a new data folder, with a snapshot at their end."""

    def __init__(self, path: Path, now: Instant) -> None:
        folder = DataFolder(path)
        if folder.database.exists():
            raise RefusedError(
                f"--record {path}: there is a centre already. Name a new folder.", code="data_there"
            )
        self._folder = folder.hold(now)
        self._store = SqliteStore.open(folder.database, now=now, program_version=__version__)
        self._sealer = Sealer(KeyStore(folder.keys))
        self._segments = Segments(self._sealer, now)
        self._segment = b""
        self._day = now // DAY
        self._link = first_link(self._store.meta("centre_id") or "")
        self._state = State()
        self._waiting: list[JournalRecord] = []

    def write(self, step: int, now: Instant, seen: AnyInput, outcome: Outcome) -> None:
        if now // DAY != self._day:
            self._day = now // DAY
            self._segments.prepare(now)
        body = encode_step(Step(seen=seen, events=outcome.events))
        body = self._segments.seal_step(step, now, body)
        if mark_of(body) != self._segment:
            self._segment = mark_of(body)
            if self._state.step:
                self._flush()
                self._save_snapshot(opens_segment=True)
        self._link = chain(self._link, step, now, body)
        apply_step(self._state, step, now, outcome.events)
        self._waiting.append(
            JournalRecord(step=step, at=now, schema=SCHEMA, body=body, hash=self._link)
        )
        if len(self._waiting) >= WRITTEN_AT_ONCE:
            self._flush()

    def end(self) -> None:
        self._flush()
        self._save_snapshot()

    def close(self) -> None:
        self._sealer.close()
        self._store.close()
        self._folder.release()

    def _save_snapshot(self, *, opens_segment: bool = False) -> None:
        state = self._state
        self._store.save_snapshot(
            SnapshotRecord(
                step=state.step,
                at=state.now,
                schema=SCHEMA,
                body=self._segments.seal_snapshot(state.step, state.now, encode_state(state)),
                hash=self._link,
                opens_segment=opens_segment,
            )
        )

    def _flush(self) -> None:
        self._store.append(self._waiting)
        self._waiting.clear()
