"""What many callers hear, by one ear: the gaps between the packets of each.

The kernel stamps each packet as it comes, so it matters little when this process is given its turn.
"""

import socket
import struct
import threading
from collections import Counter
from types import TracebackType
from typing import Self

_SO_TIMESTAMPNS = 35  # Linux; the socket module does not name it
_SILENCE_MS = 1_000
"""Who hears nothing for longer is between two places, or gone, and counted as that."""


class Listening:
    """Is the ear; `gaps` counts them by whole milliseconds."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 * 1024 * 1024)
        self._socket.bind((address, 0))
        self._socket.settimeout(0.1)
        self.port = int(self._socket.getsockname()[1])
        self.gaps: Counter[int] = Counter()
        self.silences = 0
        """How often somebody heard nothing for longer than a second."""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        self._socket.close()

    def _listen(self) -> None:
        last: dict[int, int] = {}
        while not self._is_over.is_set():
            try:
                packet, told, _, (_, port) = self._socket.recvmsg(64, 64)
            except TimeoutError:
                continue
            if len(packet) < 12 or packet[1] & 127 != 0 or not told:
                continue
            seconds, nanoseconds = struct.unpack("qq", told[0][2])
            at = seconds * 1_000_000_000 + nanoseconds
            # Asterisk has a port of its own for each who hears.
            gap = (at - last.get(port, at)) // 1_000_000
            if port in last:
                if gap > _SILENCE_MS:
                    self.silences += 1
                else:
                    self.gaps[gap] += 1
            last[port] = at

    def gap_ms(self, percent: float) -> float:
        """Returns the gap that so many in a hundred do not exceed."""
        enough, counted = self.gaps.total() * percent / 100, 0
        for gap in sorted(self.gaps):
            counted += self.gaps[gap]
            if counted >= enough:
                return float(gap + 1)
        return float("inf")
