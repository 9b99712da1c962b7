"""A mouth and an ear on the line: says a tone by RTP, and knows which tone it hears, and its gaps.

SIPp only signals; the sound of a party goes to and comes from a socket here, named in its SDP.
G.711 is ITU-T's; digits are telephone events of RFC 4733.
"""

import contextlib
import itertools
import socket
import struct
import threading
import time
from collections import deque
from types import TracebackType
from typing import Self

import numpy as np

RATE, FRAME = 8_000, 160
EVENT_TYPE = 101
_DIGITS = "0123456789*#"
HICCUP_S = 0.5
"""A test machine that does four things at once may hold up its own sound for so long; a sound that
ended, or another in its place, is away for longer. How short gaps are is measured by `./bench`."""


def _decoded() -> np.ndarray:
    words = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (words >> 4) & 7, (words & 15).astype(np.int32)
    values = (((mantissa << 3) + 0x84) << exponent.astype(np.int32)) - 0x84
    return np.where(words & 0x80, -values, values).astype(float)


DECODED = _decoded()


def tone(hertz: int) -> list[bytes]:
    """Returns a second of a tone in frames of 20 ms; a whole number of periods, so it can loop."""
    wave = 8_000 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)
    order = np.argsort(DECODED)
    place = np.searchsorted(DECODED[order], wave).clip(0, 255)
    coded = order[place].astype(np.uint8).tobytes()
    return [coded[at : at + FRAME] for at in range(0, RATE, FRAME)]


def loudest(coded: bytes) -> int | None:
    """Returns the loudest frequency in hertz, or None for silence."""
    wave = DECODED[np.frombuffer(coded, np.uint8)]
    if len(wave) < RATE // 4 or float(np.sqrt(np.mean(wave**2))) < 100:
        return None
    spectrum = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return round(float(np.fft.rfftfreq(len(wave), 1 / RATE)[spectrum.argmax()]))


class Ear:
    """Is one party's sound; it speaks to whoever spoke to it first."""

    def __init__(self, address: str, hertz: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.settimeout(0.02)
        self.port = int(self._socket.getsockname()[1])
        self._frames = tone(hertz)
        self._heard: deque[tuple[float, bytes]] = deque(maxlen=20_000)
        self._to: tuple[str, int] | None = None
        self._digits: deque[str] = deque()
        self._keys: dict[bytes, str] = {}
        self._is_over = threading.Event()
        self._speaker = threading.Thread(target=self._speak, daemon=True)
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._speaker.start()
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._speaker.join()
        self._listener.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self._is_over.is_set():
            try:
                packet, self._to = self._socket.recvfrom(2_048)
            except TimeoutError:
                continue
            if len(packet) > 15 and packet[1] & 127 == EVENT_TYPE:
                # Each key is told several times with the same time stamp.
                self._keys[packet[4:8]] = _DIGITS[packet[12]]
            if len(packet) > 12 and packet[1] & 127 == 0:
                self._heard.append((time.monotonic(), packet[12:]))

    def _speak(self) -> None:
        sequence, stamp, due = 0, 0, time.monotonic()
        while not self._is_over.is_set():
            if self._to is not None:
                if self._digits:
                    sequence = self._press(self._digits.popleft(), sequence, stamp)
                else:
                    frame = self._frames[sequence % len(self._frames)]
                    self._send(0, sequence, stamp, frame)
                    sequence += 1
            stamp += FRAME
            due += 0.02
            time.sleep(max(0.0, due - time.monotonic()))

    def _press(self, digit: str, sequence: int, stamp: int) -> int:
        for count in range(1, 8):
            is_end = count > 4
            event = struct.pack(
                ">BBH", _DIGITS.index(digit), 0x8A if is_end else 0x0A, FRAME * min(count, 5)
            )
            self._send(EVENT_TYPE, sequence, stamp, event, marked=count == 1)
            sequence += 1
            time.sleep(0.01)
        return sequence

    def _send(
        self, kind: int, sequence: int, stamp: int, payload: bytes, *, marked: bool = False
    ) -> None:
        assert self._to is not None
        head = struct.pack(
            ">BBHII", 0x80, kind | (0x80 if marked else 0), sequence & 0xFFFF, stamp, self.port
        )
        with contextlib.suppress(OSError):  # the other side is gone
            self._socket.sendto(head + payload, self._to)

    @property
    def has_heard(self) -> bool:
        """Whether anything but silence came, ever."""
        return loudest(b"".join(payload for _, payload in list(self._heard))) is not None

    @property
    def keys(self) -> str:
        """The keys that were pressed at the other side."""
        return "".join(self._keys.values())

    def is_dead(self) -> None:
        """Says and hears nothing from now on."""
        self._is_over.set()

    def speaks_to(self, address: str, port: int) -> None:
        """Speaks first, as a telephone does that was told where to."""
        self._to = (address, port)

    def presses(self, digit: str) -> None:
        """Presses a key."""
        self._digits.append(digit)

    def hears(self, hertz: int, within_s: float = 10.0) -> None:
        """Waits until half a second of this tone was heard."""
        until = time.monotonic() + within_s
        found: int | None = None
        while time.monotonic() < until:
            found = loudest(self.lately(0.5))
            if found is not None and abs(found - hertz) <= 8:
                return
            time.sleep(0.05)
        raise AssertionError(f"heard {found} Hz and not {hertz} Hz in {within_s} s")

    def hears_sound(self, within_s: float = 10.0) -> None:
        """Waits until anything was heard."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if loudest(self.lately(0.5)) is not None:
                return
            time.sleep(0.05)
        raise AssertionError(f"heard nothing in {within_s} s")

    def is_silent(self) -> bool:
        """Tells whether nothing was heard in the last half second."""
        return loudest(self.lately(0.5)) is None

    def lately(self, seconds: float) -> bytes:
        """Returns what was heard in the last so many seconds, coded as it came."""
        begin = time.monotonic() - seconds
        return b"".join(payload for at, payload in list(self._heard) if at >= begin)

    def longest_gap_s(self, since: float) -> float:
        """Returns the longest time without a packet from an instant of the monotonic clock on."""
        times = [at for at, _ in list(self._heard) if at >= since]
        return max((b - a for a, b in itertools.pairwise(times)), default=float("inf"))
