"""Opening the record of a centre to read, beside the centre that may be running."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from openline.app.key_copies import segment_keys
from openline.app.storage import open_store_to_read
from openline.centre.checking import TELL_EVERY, Checked, check_record
from openline.centre.clock import wall_now
from openline.centre.codec import chain, decode_step
from openline.centre.recovery import begin_of_chain, last_step_before, state_before
from openline.centre.replay import Replayed, replay_store
from openline.engine import State
from openline.engine.events import CallArrived
from openline.model import CallId, Instant, LegId, PeerError, RefusedError
from openline.reports.story import Story
from openline.sealing import SegmentKeys
from openline.sealing.kinds import DAY
from openline.store import DataFolder, Store
from openline.store.sql import SqlStore

Tell = Callable[[int, int], None]
"""Hears now and then how many steps of how many are done."""


def quietly(done: int, total: int) -> None:
    """Tells nobody."""


class Record(NamedTuple):
    """Is a centre's record, open to be read."""

    store: Store
    keys: SegmentKeys


@contextmanager
def record_of(data: Path, url: str | None = None) -> Iterator[Record]:
    """Opens the record of a data folder to read; the centre may be running."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        yield Record(store, segment_keys(folder, Instant(wall_now())))
    finally:
        store.close()


def replay(data: Path, url: str | None = None, tell: Tell = quietly) -> Replayed:
    """Replays the record of a data folder; raises `PeerError` where it does not agree."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        return replay_store(store, segment_keys(folder, Instant(wall_now())), tell)
    finally:
        store.close()


def checked(data: Path, tell: Tell, url: str | None = None) -> Checked:
    """Checks the record of a data folder and every invariant; see `check_record`."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        return check_record(store, segment_keys(folder, Instant(wall_now())), tell)
    finally:
        store.close()


def story_of(data: Path, call: CallId, url: str | None = None) -> Story:
    """Returns the story of one call; raises `RefusedError` (code `no_call`) where there is none.

    Finding it costs O(log n) look-ups: calls are numbered in the order in which they came. What
    routing knew costs the fold of its day up to it.
    """
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        keys = segment_keys(folder, Instant(wall_now()))
        begin, state = _opening(store, keys, before_call(store, keys, call))
        story = Story(call, state)
        for record in store.read(begin):
            body = keys.open_step(record.step, Instant(record.at), record.body)
            if body is None:
                continue
            events = decode_step(body, record.schema).events
            story.take(record.step, Instant(record.at), events)
            if story.is_over:
                break
    finally:
        store.close()
    if story.origin is None:
        raise RefusedError(
            f"--call {call}: the record holds no call of that number, or has forgotten it.",
            code="no_call",
        )
    return story


def _opening(store: SqlStore, keys: SegmentKeys, step: int) -> tuple[int, State | None]:
    """Returns where to begin to read, and the state there; none where no key opens it.

    That is the begin of the day on which a step was made, which a snapshot opens.
    """
    record = next(store.read(step, until=step + 1), None)
    if record is None:
        return step, None
    first = last_step_before(store, Instant(record.at - record.at % DAY))
    if first == 0:
        return 0, State()
    opening = next(store.read(first, until=first + 1), None)
    state = None if opening is None else state_before(store, keys, opening)
    return (step, None) if state is None else (first, state)


def before_call(store: Store, keys: SegmentKeys, call: CallId) -> int:
    """Returns a step after which the call arrived, and not long after."""
    before, after = store.forgotten()[0], store.head()[0] + 1
    while after - before > 1:
        middle = (before + after) // 2
        found = _next_arrival(store, keys, middle - 1, after)
        if found is None or found[1] >= call:
            after = middle
        else:
            before = found[0]
    return before


def _next_arrival(
    store: Store, keys: SegmentKeys, after_step: int, until: int
) -> tuple[int, CallId] | None:
    """Returns the step and number of the next call that arrived, before step `until`."""
    for record in store.read(after_step, until=until - 1):
        body = keys.open_step(record.step, Instant(record.at), record.body)
        if body is not None:
            for event in decode_step(body, record.schema).events:
                if isinstance(event, CallArrived):
                    return record.step, event.call
    return None


def leg_of(store: Store, keys: SegmentKeys, call: CallId) -> LegId | None:
    """Returns the leg at which a call arrived; None if the record has forgotten it."""
    for record in store.read(before_call(store, keys, call)):
        body = keys.open_step(record.step, Instant(record.at), record.body)
        if body is None:
            continue
        for event in decode_step(body, record.schema).events:
            if isinstance(event, CallArrived) and event.call >= call:
                return event.leg if event.call == call else None
    return None


def check_chain(store: SqlStore, tell: Tell = quietly) -> int:
    """Checks that each step that is kept follows from the one before it; returns how many.

    No key is needed, nothing is decoded. Raises `PeerError` at the first step that does not follow,
    or if the record ends sooner than it was written.
    """
    step, link = begin_of_chain(store)
    steps = 0
    last, last_link = store.head()
    for record in store.read(until=last):
        link = chain(link, record.step, Instant(record.at), record.body)
        step += 1
        if record.step != step or record.hash != link:
            raise PeerError(f"step {record.step} was changed, or one before it is missing")
        steps += 1
        if steps % TELL_EVERY == 0:
            tell(record.step, last)
    if step != last or (step and link != last_link):
        raise PeerError(f"the record ends at step {step} and was written to step {last}")
    return steps
