"""Opening the record of a centre to read, beside the centre that may be running."""

from collections.abc import Callable
from pathlib import Path

from openline.app.key_copies import segment_keys
from openline.app.storage import open_store_to_read
from openline.centre.checking import TELL_EVERY, Checked, check_record
from openline.centre.clock import wall_now
from openline.centre.codec import chain, decode_step
from openline.centre.recovery import begin_of_chain
from openline.centre.replay import Replayed, replay_store
from openline.engine.events import CallArrived
from openline.model import CallId, Instant, PeerError, RefusedError
from openline.reports.story import Story
from openline.sealing import SegmentKeys
from openline.store import DataFolder
from openline.store.sql import SqlStore

Tell = Callable[[int, int], None]
"""Hears now and then how many steps of how many are done."""


def quietly(done: int, total: int) -> None:
    """Tells nobody."""


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

    Finding it costs O(log n) look-ups: calls are numbered in the order in which they came.
    """
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        story = Story(call)
        keys = segment_keys(folder, Instant(wall_now()))
        for record in store.read(_before(store, keys, call)):
            body = keys.open_step(record.step, Instant(record.at), record.body)
            if body is None:
                continue
            story.take(Instant(record.at), decode_step(body, record.schema).events)
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


def _before(store: SqlStore, keys: SegmentKeys, call: CallId) -> int:
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
    store: SqlStore, keys: SegmentKeys, after_step: int, until: int
) -> tuple[int, CallId] | None:
    """Returns the step and number of the next call that arrived, before step `until`."""
    for record in store.read(after_step, until=until - 1):
        body = keys.open_step(record.step, Instant(record.at), record.body)
        if body is not None:
            for event in decode_step(body, record.schema).events:
                if isinstance(event, CallArrived):
                    return record.step, event.call
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
