"""From the record to the state: snapshot first, then the steps after it, applied one by one.

No routing code runs here: only `apply`. The chain of hashes is checked on the way, from the
snapshot on; `openline replay` checks it from the beginning and runs the routing again.

The record forgets (see `openline.sealing.segments`), from its beginning on, and whoever reads it
copes with that. What happens now never depends on what is forgotten: a snapshot stands for it. Only
where a backup was restored without its keys, nothing can be read at all; then the centre begins
anew, numbering on from where the record ends.
"""

from collections.abc import Iterator

import msgspec
import structlog

from openline.centre.codec import chain, decode_state, decode_step, first_link, know
from openline.engine import AnyEvent, State
from openline.engine.apply import apply_step
from openline.model import CallId, Instant, OfferId, PeerError
from openline.sealing import SegmentKeys
from openline.store import JournalRecord, SnapshotRecord, Store

log = structlog.get_logger(__name__)


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """Holds the state at the end of the record."""

    state: State
    hash: bytes
    """The last link of the chain."""
    steps: int
    """How many steps were applied after the snapshot."""
    is_anew: bool = False
    """Whether nothing could be read, so that the state is an empty one."""


def recover(store: Store, keys: SegmentKeys) -> Recovered:
    """Rebuilds the state; raises `PeerError` where the record is torn or was tampered with."""
    begun = _newest_state(store, keys)
    state, link = begun or (State(), begin_of_chain(store)[1])
    is_readable = begun is not None
    applied = 0
    for record in store.read(after_step=state.step):
        now = Instant(record.at)
        link = chain(link, record.step, now, record.body)
        if link != record.hash:
            raise PeerError(
                f"step {record.step} of the record does not follow from the one before it: "
                "the data folder was damaged or changed by hand; restore a backup"
            )
        body = keys.open_step(record.step, now, record.body) if is_readable else None
        if body is not None:
            apply_step(state, record.step, now, decode_step(body, record.schema).events)
            applied += 1
        elif state.step == 0:
            is_readable = False
        else:
            raise PeerError(
                f"step {record.step} of the record cannot be read: its key is not in the key "
                "store; restore a backup with its keys"
            )
    if not is_readable:
        return _anew(store)
    return Recovered(state=state, hash=link, steps=applied)


def _newest_state(store: Store, keys: SegmentKeys) -> tuple[State, bytes] | None:
    """Returns the newest state that can be read, and its link; None if there is none."""
    snapshot = store.latest_snapshot()
    while snapshot is not None:
        know(snapshot.schema)
        try:
            body = keys.open_snapshot(snapshot.step, Instant(snapshot.at), snapshot.body)
            state = None if body is None else decode_state(body, snapshot.schema)
        except PeerError as error:
            # An older one and more steps lead to the same state.
            log.error("snapshot_unusable", step=snapshot.step, why=str(error))
            state = None
        if state is not None:
            _hold_together(store, snapshot)
            return state, snapshot.hash
        snapshot = store.latest_snapshot(before_step=snapshot.step)
    step, link = begin_of_chain(store)
    return (State(), link) if step == 0 else None


def begin_of_chain(store: Store) -> tuple[int, bytes]:
    """Returns after which step the record begins, and the link that it hangs on."""
    step, link = store.forgotten()
    return step, link if step else first_link(store.meta("centre_id") or "")


def _anew(store: Store) -> Recovered:
    """Begins with an empty state at the end of a record that cannot be read."""
    step, link = store.head()
    last = store.last()
    state = State()
    state.step = step
    state.now = Instant(0 if last is None else last.at)
    # No step makes two calls or two offers, so these numbers were never used.
    state.next_call, state.next_offer = CallId(step + 1), OfferId(step + 1)
    log.error("record_unreadable", until_step=step, why="its keys are not here")
    return Recovered(state=state, hash=link, steps=0, is_anew=True)


def state_before(store: Store, keys: SegmentKeys, record: JournalRecord) -> State | None:
    """Returns the state before a step that opens a segment; None for any other."""
    snapshot = store.opening_snapshot(record.step - 1)
    if snapshot is None or snapshot.step != record.step - 1:
        return None
    body = keys.open_snapshot(snapshot.step, Instant(snapshot.at), snapshot.body)
    return None if body is None else decode_state(body, snapshot.schema)


def _hold_together(store: Store, snapshot: SnapshotRecord) -> None:
    """Raises `PeerError` if the newest steps are missing, or are not those of the snapshot."""
    step, hash_ = store.forgotten()
    if step != snapshot.step:
        record = next(store.read(snapshot.step - 1, until=snapshot.step), None)
        hash_ = b"" if record is None else record.hash
    if hash_ != snapshot.hash:
        raise PeerError(
            f"step {snapshot.step} of the record is not the one of which a snapshot was taken: "
            "the data folder was damaged or changed by hand; restore a backup"
        )


def steps_since(
    store: Store, keys: SegmentKeys, since: Instant
) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    """Yields times and events of the steps from an instant on, in order; no forgotten ones."""
    yield from steps_after(store, keys, last_step_before(store, since))


def steps_after(
    store: Store, keys: SegmentKeys, step: int
) -> Iterator[tuple[Instant, tuple[AnyEvent, ...]]]:
    """Yields times and events of the steps after one, in order; no forgotten ones."""
    for record in store.read(step):
        at = Instant(record.at)
        body = keys.open_step(record.step, at, record.body)
        if body is not None:
            yield at, decode_step(body, record.schema).events


def last_step_before(store: Store, at: Instant) -> int:
    """Returns the last step from before an instant, at least the last that was dropped.

    Costs O(log n) look-ups: times never run backwards along the record.
    """
    before, found = store.forgotten()[0], store.head()[0] + 1
    while found - before > 1:
        middle = (before + found) // 2
        record = next(store.read(middle - 1, until=middle))
        if record.at < at:
            before = middle
        else:
            found = middle
    return before
