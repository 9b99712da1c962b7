"""The last handle times of a queue, from which a wait is estimated (`engine.estimate`)."""

from __future__ import annotations

from collections import deque

from openline.engine.estimate import CALLS_NEEDED, CALLS_REMEMBERED
from openline.model import Duration


class RecentTimes:
    """Remembers the last handle times of one queue; adding and the mean cost O(1)."""

    __slots__ = ("_sum", "_times")

    def __init__(self) -> None:
        self._times: deque[Duration] = deque()
        self._sum = 0

    def add(self, time: Duration) -> None:
        """Notes one more and forgets the oldest beyond `CALLS_REMEMBERED`."""
        self._times.append(time)
        self._sum += time
        if len(self._times) > CALLS_REMEMBERED:
            self._sum -= self._times.popleft()

    def mean(self) -> Duration | None:
        """Returns their mean, or None while there are fewer than `CALLS_NEEDED`."""
        count = len(self._times)
        return Duration(round(self._sum / count)) if count >= CALLS_NEEDED else None
