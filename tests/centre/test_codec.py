"""What is written can be read, today and in thirteen months.

The golden file holds the bytes of one of each input, event and state as schema 1 writes them. If
a test here fails because a shape was changed: raise `SCHEMA` in `centre/codec.py`, lift the old
shape there, and add a golden file for the new one; records that exist cannot be changed.
"""

from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st

from openline.centre.codec import (
    SCHEMA,
    Step,
    chain,
    decode_state,
    decode_step,
    encode_state,
    encode_step,
    first_link,
    state_hash,
)
from openline.engine import AnyEvent, AnyInput, Snapshot, State
from openline.engine import inputs as i
from openline.model import Instant, PeerError
from tests.builders import USUAL_ACTS, Night, a_centre, play
from tests.centre.samples import EVENTS, INPUTS, bare, sample, values

GOLDEN = Path(__file__).parent / "golden" / f"schema-{SCHEMA}.txt"

KINDS = [*INPUTS, *EVENTS]


def step_of(value: Any) -> Step:
    """Returns a step that holds an input, or an event."""
    if type(value) in INPUTS:
        return Step(seen=value, events=())
    return Step(seen=i.TimePassed(), events=(value,))


def golden_bytes() -> dict[str, bytes]:
    """Returns what stands in the golden file, by kind: a line each, bytes in hexadecimal."""
    lines = GOLDEN.read_text(encoding="ascii").splitlines()
    return {name: bytes.fromhex(written) for name, written in (line.split() for line in lines)}


def present_bytes() -> dict[str, bytes]:
    """Returns what this version writes, by kind."""
    written = {kind.__name__: encode_step(step_of(sample(kind))) for kind in KINDS}
    written["Snapshot"] = msgspec.msgpack.encode(sample(Snapshot))
    return written


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_input_and_event_comes_back_as_it_was(kind: type[msgspec.Struct]) -> None:
    for value in (sample(kind), bare(kind)):
        step = step_of(value)
        again = decode_step(encode_step(step), SCHEMA)
        assert again == step
        assert type(again.seen) is type(step.seen)


@hypothesis.given(
    values(INPUTS[0]) | st.one_of(*map(values, INPUTS[1:])),
    st.lists(st.one_of(*map(values, EVENTS)), max_size=4),
)
def test_any_step_comes_back_as_it_was(seen: AnyInput, events: list[AnyEvent]) -> None:
    step = Step(seen=seen, events=tuple(events))
    written = encode_step(step)
    assert decode_step(written, SCHEMA) == step
    assert encode_step(decode_step(written, SCHEMA)) == written


def test_the_form_of_the_record_is_as_it_was_written_down() -> None:
    present = present_bytes()
    for name, written in golden_bytes().items():
        assert present[name] == written, f"{name} is written otherwise now: see above"


def test_every_kind_of_record_stands_in_the_golden_file() -> None:
    missing = present_bytes().keys() - golden_bytes().keys()
    lines = [f"{name} {present_bytes()[name].hex()}" for name in sorted(missing)]
    assert not lines, "add these lines to the golden file:\n" + "\n".join(lines)


def test_records_written_earlier_can_still_be_read() -> None:
    for name, written in golden_bytes().items():
        if name == "Snapshot":
            assert msgspec.msgpack.decode(written, type=Snapshot) == sample(Snapshot)
        else:
            kind = next(kind for kind in KINDS if kind.__name__ == name)
            assert decode_step(written, SCHEMA) == step_of(sample(kind))


def test_a_state_comes_back_as_it_was_and_shares_nothing() -> None:
    night = Night(a_centre(), Instant(0))
    play(night, [(USUAL_ACTS[n % len(USUAL_ACTS)], n * 7, 2.5) for n in range(200)])
    written = encode_state(night.state)
    again = decode_state(written, SCHEMA)
    assert encode_state(again) == written
    assert state_hash(again) == state_hash(night.state)
    again.calls.clear()
    again.agents.clear()
    assert encode_state(night.state) == written


@pytest.mark.parametrize("schema", [0, SCHEMA + 1])
def test_an_unknown_schema_is_refused_in_words(schema: int) -> None:
    body = encode_step(Step(seen=i.TimePassed(), events=()))
    with pytest.raises(PeerError, match=f"schema {schema} "):
        decode_step(body, schema)
    with pytest.raises(PeerError, match=f"schema {schema} "):
        decode_state(encode_state(State()), schema)


@pytest.mark.parametrize(
    "body",
    [b"", b"\xc0", b"\x00" * 40, msgspec.msgpack.encode([{"type": "Unheard"}, []])],
    ids=["nothing", "nil", "zeros", "an input that there is not"],
)
def test_other_bytes_are_refused_in_words(body: bytes) -> None:
    with pytest.raises(PeerError, match="cannot be read"):
        decode_step(body, SCHEMA)
    with pytest.raises(PeerError, match="cannot be read"):
        decode_state(body, SCHEMA)


def test_a_link_of_the_chain_depends_on_all_that_it_covers() -> None:
    first = first_link("a centre")
    links = {
        chain(first, 1, Instant(1), b"a"),
        chain(bytes(31) + b"\1", 1, Instant(1), b"a"),
        chain(first, 2, Instant(1), b"a"),
        chain(first, 1, Instant(2), b"a"),
        chain(first, 1, Instant(1), b"b"),
    }
    assert len(links) == 5
    assert first_link("another centre") != first
    assert {len(link) for link in links} == {32}
