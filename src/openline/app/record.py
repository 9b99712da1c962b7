"""Opening the record of a centre to read, beside the centre that may be running."""

from collections.abc import Callable
from pathlib import Path

from openline.app.storage import open_store_to_read
from openline.centre.checking import Checked, check_record
from openline.centre.codec import chain, first_link
from openline.centre.replay import Replayed, replay_store
from openline.model import Instant, PeerError
from openline.store import DataFolder
from openline.store.sql import SqlStore


def replay(data: Path, url: str | None = None) -> Replayed:
    """Replays the record of a data folder; raises `PeerError` where it does not agree."""
    store = open_store_to_read(DataFolder(data), url)
    try:
        return replay_store(store)
    finally:
        store.close()


def checked(data: Path, tell: Callable[[int, int], None], url: str | None = None) -> Checked:
    """Checks the record of a data folder and every invariant; see `check_record`."""
    store = open_store_to_read(DataFolder(data), url)
    try:
        return check_record(store, tell)
    finally:
        store.close()


def check_chain(store: SqlStore) -> int:
    """Checks that each step follows from the one before it, to the end; returns how many.

    No key is needed, nothing is decoded. Raises `PeerError` at the first step that does not follow,
    or if the record ends sooner than it was written.
    """
    link, steps = first_link(store.meta("centre_id") or ""), 0
    last, last_link = store.head()
    step = 0
    for record in store.read(until=last):
        link = chain(link, record.step, Instant(record.at), record.body)
        step += 1
        if record.step != step or record.hash != link:
            raise PeerError(f"step {record.step} was changed, or one before it is missing")
        steps += 1
    if step != last or (step and link != last_link):
        raise PeerError(f"the record ends at step {step} and was written to step {last}")
    return steps
