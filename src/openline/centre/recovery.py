"""From the record to the state: snapshot first, then the steps after it, applied one by one.

No routing code runs here: only `apply`. The chain of hashes is checked on the way, from the
snapshot on; `openline replay` checks it from the beginning and runs the routing again.
"""

from collections.abc import Iterator

import msgspec

from openline.centre.codec import chain, decode_state, decode_step, first_link
from openline.engine import AnyEvent, State
from openline.engine.apply import apply_step
from openline.model import Instant, PeerError
from openline.store import SnapshotRecord, Store


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the state at the end of the record."""

    state: State
    hash: bytes
    """The last link of the chain."""
    steps: int
    """How many steps were applied after the snapshot."""


def recover(store: Store) -> Recovered:
    """Rebuilds the state; raises `PeerError` where the record is torn or was tampered with."""
    snapshot = store.latest_snapshot()
    if snapshot is None:
        state, link = State(), first_link(store.meta("centre_id") or "")
    else:
        state, link = decode_state(snapshot.body, snapshot.schema), snapshot.hash
        _hold_together(store, snapshot)
    applied = 0
    for record in store.read(after_step=state.step):
        now = Instant(record.at)
        link = chain(link, record.step, now, record.body)
        if link != record.hash:
            raise PeerError(
                f"step {record.step} of the record does not follow from the one before it: "
                "the data folder was damaged or changed by hand; restore a backup"
            )
        apply_step(state, record.step, now, decode_step(record.body, record.schema).events)
        applied += 1
    return Recovered(state=state, hash=link, steps=applied)


def _hold_together(store: Store, snapshot: SnapshotRecord) -> None:
    """Raises `PeerError` if the newest steps are missing, or are not those of the snapshot."""
    at_snapshot = next(store.read(snapshot.step - 1, until=snapshot.step), None)
    if at_snapshot is None or at_snapshot.hash != snapshot.hash:
        raise PeerError(
            f"step {snapshot.step} of the record is not the one of which a snapshot was taken: "
            "the data folder was damaged or changed by hand; restore a backup"
        )


def steps_since(store: Store, since: Instant) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    """Yields the times and events of all steps from an instant on, in order.

    Finding the first costs O(log n) look-ups: times never run backwards along the record.
    """
    last = store.last()
    if last is None:
        return
    before, found = 0, last.step + 1
    while found - before > 1:
        middle = (before + found) // 2
        record = next(store.read(middle - 1, until=middle))
        if record.at < since:
            before = middle
        else:
            found = middle
    for record in store.read(before):
        yield Instant(record.at), decode_step(record.body, record.schema).events
