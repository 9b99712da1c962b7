from pathlib import Path

from openline.centre.reading import events_between
from openline.model import Instant
from openline.store.sqlite import SqliteStore
from tests.centre.records import keep_an_evening, steps_of
from tests.centre.small_centre import keys_of


def test_steps_from_one_instant_to_another_come_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "evening"
    keep_an_evening(folder)
    steps = [(at, step.events) for at, step in steps_of(folder)]
    middle = steps[len(steps) // 2][0]
    keys = keys_of(folder)
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    try:
        assert list(events_between(store, keys, Instant(0))) == steps
        early = list(events_between(store, keys, Instant(0), middle))
        late = list(events_between(store, keys, middle))
        assert early + late == steps
        assert all(at < middle for at, _ in early)
        assert list(events_between(store, keys, Instant(steps[-1][0] + 1))) == []
    finally:
        store.close()
