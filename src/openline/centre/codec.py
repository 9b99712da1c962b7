"""How a step of the record is written and read: the one place that knows the journal's bytes.

A step holds what was seen, when, and which events followed; together with the snapshot that is
enough to rebuild the state (by events) and to check the routing (by inputs). `SCHEMA` is written
beside every step and snapshot; when a shape changes, the old one is lifted here and nowhere else.

Steps form a chain: each hash covers the one before, the step's number, its time and its bytes, and
the chain hangs on the identity of the centre. So a step that was changed, lost, put elsewhere or
written by another centre is found by whoever reads the record.
"""

from hashlib import blake2b

import msgspec

from openline.engine import AnyEvent, AnyInput, Snapshot, State
from openline.model import Instant, PeerError

SCHEMA = 1


class Step(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Is one step of the record, without its number and time."""

    seen: AnyInput
    events: tuple[AnyEvent, ...]


_encoder = msgspec.msgpack.Encoder()
_step_decoder = msgspec.msgpack.Decoder(Step)
_snapshot_decoder = msgspec.msgpack.Decoder(Snapshot)


def encode_step(step: Step) -> bytes:
    """Returns the bytes of a step; equal steps give equal bytes."""
    return _encoder.encode(step)


def decode_step(body: bytes, schema: int) -> Step:
    """Reads a step; raises `PeerError` if the bytes are not one of a known schema."""
    know(schema)
    try:
        return _step_decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise PeerError(f"the record holds a step that cannot be read: {error}") from error


def encode_state(state: State) -> bytes:
    """Returns the bytes of a state; equal histories give equal bytes."""
    return _encoder.encode(state.snapshot())


def decode_state(body: bytes, schema: int) -> State:
    """Reads a state that shares nothing with any other."""
    know(schema)
    try:
        return State.restored(_snapshot_decoder.decode(body))
    except msgspec.MsgspecError as error:
        raise PeerError(f"a snapshot cannot be read: {error}") from error


def first_link(centre: str) -> bytes:
    """Returns what a centre's chain hangs on, 32 bytes; `centre` is the store's `centre_id`."""
    return blake2b(centre.encode(), digest_size=32).digest()


def chain(before: bytes, number: int, now: Instant, body: bytes) -> bytes:
    """Returns the step's hash, 32 bytes, over the one before and all that the step holds."""
    digest = blake2b(before, digest_size=32)
    digest.update(number.to_bytes(8, "big"))
    digest.update(now.to_bytes(8, "big", signed=True))
    digest.update(body)
    return digest.digest()


def state_hash(state: State) -> str:
    """Returns a name for everything the state holds; equal states have equal names."""
    return blake2b(encode_state(state), digest_size=16).hexdigest()


def know(schema: int) -> None:
    """Raises `PeerError` unless steps and snapshots of this schema can be read."""
    if schema != SCHEMA:
        raise PeerError(
            f"the record is of schema {schema} and this program reads schema {SCHEMA}: "
            "use the version of Openline that wrote it, or a newer one"
        )
