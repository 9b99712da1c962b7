"""Opening the record of a data folder to read, beside a centre that may be running."""

from pathlib import Path

from openline.centre.replay import Replayed, replay_store
from openline.store import DataFolder
from openline.store.sqlite import SqliteStore


def replay(data: Path) -> Replayed:
    """Replays the record of a data folder; raises `PeerError` where it does not agree."""
    store = SqliteStore.open_to_read(DataFolder(data).database)
    try:
        return replay_store(store)
    finally:
        store.close()
