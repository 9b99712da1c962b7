"""The record lived again: each input handled anew, each event compared, each hash computed.

Recovery trusts the events; this does not. It proves that the routing of this version decides as the
one that wrote the record did, that nothing in it was changed, and that no chance is in it. It takes
some microseconds a step.

It begins at the first step with an empty state. Where the first days are forgotten it begins with
the snapshot that opens the first segment whose key is kept; the chain is checked from the first
step that is there, for that needs no key.
"""

from collections.abc import Callable

import msgspec

from openline.centre.checking import TELL_EVERY
from openline.centre.codec import Step, chain, decode_step, encode_step, state_hash
from openline.centre.recovery import begin_of_chain, state_before
from openline.engine import Engine, State
from openline.invariants import names
from openline.model import Instant, PeerError
from openline.sealing import SegmentKeys
from openline.store import JournalRecord, Store


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """Says how far the record was lived again, and the name of the state at its end."""

    steps: int
    """The last step of the record."""
    state: str
    forgotten_until: int
    """The last step that was not lived again since it cannot be read any more; 0 if all was."""


def replay_store(
    store: Store, keys: SegmentKeys, tell: Callable[[int, int], None] | None = None
) -> Replayed:
    """Replays the whole record; raises `PeerError` at the first step that does not agree.

    `tell` hears now and then how many steps of how many were lived again.
    """
    forgotten, link = begin_of_chain(store)
    last = store.head()[0]
    steps = forgotten
    engine = Engine(State()) if forgotten == 0 else None
    for record in store.read():
        now = Instant(record.at)
        link = chain(link, record.step, now, record.body)
        if link != record.hash:
            raise PeerError(f"step {record.step} was changed, or one before it is missing")
        steps = record.step
        body = keys.open_step(record.step, now, record.body)
        if body is not None and engine is None:
            before = state_before(store, keys, record)
            engine = None if before is None else Engine(before)
        if body is None or engine is None:
            engine, forgotten = None, record.step
        else:
            _live_again(engine, record, body)
        if tell is not None and steps % TELL_EVERY == 0:
            tell(steps, max(steps, last))
    state = "unknown" if engine is None else state_hash(engine.state)
    return Replayed(steps=steps, state=state, forgotten_until=forgotten)


def _live_again(engine: Engine, record: JournalRecord, body: bytes) -> None:
    step = decode_step(body, record.schema)
    outcome = engine.handle(step.seen, Instant(record.at))
    again = encode_step(Step(seen=step.seen, events=outcome.events))
    if again != body:
        raise PeerError(
            f"step {record.step} ({type(step.seen).__name__}) leads to "
            f"{names(outcome.events)} now and led to {names(step.events)} then"
        )
