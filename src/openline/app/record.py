"""Opening the record of a centre to read, beside the centre that may be running."""

from collections.abc import Callable
from pathlib import Path

from openline.app.key_copies import segment_keys
from openline.app.storage import open_store_to_read
from openline.centre.checking import Checked, check_record
from openline.centre.clock import wall_now
from openline.centre.codec import chain
from openline.centre.recovery import begin_of_chain
from openline.centre.replay import Replayed, replay_store
from openline.model import Instant, PeerError
from openline.store import DataFolder
from openline.store.sql import SqlStore


def replay(data: Path, url: str | None = None) -> Replayed:
    """Replays the record of a data folder; raises `PeerError` where it does not agree."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        return replay_store(store, segment_keys(folder, Instant(wall_now())))
    finally:
        store.close()


def checked(data: Path, tell: Callable[[int, int], None], url: str | None = None) -> Checked:
    """Checks the record of a data folder and every invariant; see `check_record`."""
    folder = DataFolder(data)
    store = open_store_to_read(folder, url)
    try:
        return check_record(store, segment_keys(folder, Instant(wall_now())), tell)
    finally:
        store.close()


def check_chain(store: SqlStore) -> int:
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
    if step != last or (step and link != last_link):
        raise PeerError(f"the record ends at step {step} and was written to step {last}")
    return steps
