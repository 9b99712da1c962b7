"""What is heard of a talk that was recorded in parts?

Both channels beside each other, the caller's first, and true silence for what lies between two
parts. It is put together a second at a time, whatever the length: cost and memory O(1) for each.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence

import msgspec

from openline.model import SealedRef

RATE = 8_000
FRAME = 4
"""Bytes of one instant of both channels."""
_SILENCE = RATE
"""Instants of silence that are given out at once."""


class Part(msgspec.Struct, frozen=True):
    """Is one stretch without a pause."""

    begin: int
    """In instants of sound after the recording began."""
    names: tuple[SealedRef, SealedRef]
    length: int
    """In instants; of the longer side."""
    is_cut: bool


def length_of(parts: Sequence[Part]) -> int:
    """Returns how long all parts are, with what is between them, in instants."""
    at = 0
    for part in parts:
        at = max(at, part.begin) + part.length
    return at


def both_channels(
    parts: Sequence[Part], read: Callable[[SealedRef], Iterator[bytes]]
) -> Iterator[bytes]:
    """Yields both channels of all parts, with silence for what is between them.

    `read` yields the sound of one side of a part, in pieces of any length.
    """
    at = 0
    for part in parts:
        while at < part.begin:
            silence = min(_SILENCE, part.begin - at)
            yield bytes(silence * FRAME)
            at += silence
        heard, said = (_samples(read(name)) for name in part.names)
        yield from _interleaved(heard, said, part.length)
        at += part.length


def _samples(pieces: Iterator[bytes]) -> Iterator["array[int]"]:
    """Yields a stream a second at a time, and then silence for ever."""
    left = b""
    for piece in pieces:
        left += piece
        while len(left) >= 2 * RATE:
            yield array("h", left[: 2 * RATE])
            left = left[2 * RATE :]
    rest = array("h", left[: len(left) // 2 * 2])
    rest.frombytes(bytes(2 * (RATE - len(rest))))
    yield rest
    while True:
        yield array("h", bytes(2 * RATE))


def _interleaved(
    heard: Iterator["array[int]"], said: Iterator["array[int]"], length: int
) -> Iterator[bytes]:
    while length > 0:
        both = array("h", bytes(FRAME * RATE))
        both[0::2], both[1::2] = next(heard), next(said)
        yield both[: 2 * min(RATE, length)].tobytes()
        length -= RATE
