"""Sound as Asterisk writes it into memory, and the folder that it is written to."""

import io
import math
import secrets
import struct
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openline.app.sound_spool import SoundSpool

MEMORY = Path("/dev/shm")


@contextmanager
def memory_spool() -> Iterator[SoundSpool]:
    """Makes a spool of the test's own, and leaves nothing of it."""
    spool = SoundSpool(MEMORY / f"openline-test-{secrets.token_hex(6)}")
    spool.make()
    try:
        yield spool
    finally:
        for each in sorted(spool.path.rglob("*"), reverse=True):
            each.rmdir() if each.is_dir() else each.unlink()
        spool.path.rmdir()


def head(length: int) -> bytes:
    """Returns the head of a WAV file; while it is being written its length is 0."""
    form = struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    return b"RIFF\0\0\0\0WAVEfmt " + form + b"data" + struct.pack("<I", length)


def spoken(seconds: float) -> bytes:
    """Returns sound that is like no other."""
    return secrets.token_bytes(int(seconds * 8_000) * 2)


def wav(
    seconds: float, *, rate: int = 16_000, channels: int = 1, peak: int = 9_000, hertz: int = 500
) -> bytes:
    """Returns a WAV file with a tone, as a headset's page sends it."""
    turn = math.tau * hertz / rate
    samples = array("h", (int(peak * math.sin(turn * at)) for at in range(int(seconds * rate))))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return written.getvalue()
