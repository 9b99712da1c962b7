"""The record lived again: each input handled anew, each event compared, each hash computed.

Recovery trusts the events; this does not. It begins at the first step with an empty state, so it
proves that the routing of this version decides as the one that wrote the record did, that nothing
in it was changed, and that no chance is in it. It takes some microseconds a step.
"""

import msgspec

from openline.centre.checking import names
from openline.centre.codec import (
    Step,
    chain,
    decode_step,
    encode_step,
    first_link,
    state_hash,
)
from openline.engine import Engine, State
from openline.model import Instant, PeerError
from openline.store import Store


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """Says how far the record was lived again, and the name of the state at its end."""

    steps: int
    state: str


def replay_store(store: Store) -> Replayed:
    """Replays the whole record; raises `PeerError` at the first step that does not agree."""
    engine, link = Engine(State()), first_link(store.meta("centre_id") or "")
    for record in store.read():
        now = Instant(record.at)
        link = chain(link, record.step, now, record.body)
        if link != record.hash:
            raise PeerError(f"step {record.step} was changed, or one before it is missing")
        step = decode_step(record.body, record.schema)
        outcome = engine.handle(step.seen, now)
        again = encode_step(Step(seen=step.seen, events=outcome.events))
        if again != record.body:
            raise PeerError(
                f"step {record.step} ({type(step.seen).__name__}) leads to "
                f"{names(outcome.events)} now and led to {names(step.events)} then"
            )
    return Replayed(steps=engine.state.step, state=state_hash(engine.state))
