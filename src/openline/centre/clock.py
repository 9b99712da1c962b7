"""Centre time: from the clock that nobody sets, never backwards, and as fast as asked.

At the start, centre time is the wall's, or the last instant on record if that is later. From there
it follows the boot-time clock, which is not set by hand and counts through a suspended machine. If
somebody sets the wall clock, nothing fires and nothing starves; the step is reported once.
"""

import asyncio
import time
from collections.abc import Callable

from openline.model import SECOND, Duration, Instant
from openline.telephony.port import Timer

_STEP = SECOND
"""A difference larger than this between wall and boot clock is a step, not a drift."""


def steady_now() -> int:
    """Returns the boot-time clock in microseconds (the monotonic one where there is no other)."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) // 1_000


def wall_now() -> int:
    """Returns the wall clock in microseconds since 1970 UTC."""
    return time.time_ns() // 1_000


class CentreClock:
    """Tells the time of one centre; `speed` above 1 is for simulated days only."""

    def __init__(
        self,
        *,
        last: Instant,
        speed: float = 1.0,
        steady: Callable[[], int] = steady_now,
        wall: Callable[[], int] = wall_now,
    ) -> None:
        self.speed = speed
        self._steady = steady
        self._wall = wall
        self._anchor = Instant(max(last, wall()))
        self._anchored_at = steady()
        self._offset = wall() - self._anchored_at

    def now(self) -> Instant:
        """Returns the present instant; costs one look at the clock."""
        return Instant(self._anchor + int((self._steady() - self._anchored_at) * self.speed))

    def at(self, instant: Instant, call: Callable[[], None]) -> Timer:
        """Calls the function on the running loop when the instant has come."""
        delay_s = max(0.0, (instant - self.now()) / self.speed / SECOND)
        return asyncio.get_running_loop().call_later(delay_s, call)

    def step_since_last_asked(self) -> Duration | None:
        """Returns by how much the wall clock was set since the last question, or None."""
        offset = self._wall() - self._steady()
        moved = offset - self._offset
        if abs(moved) <= _STEP:
            return None
        self._offset = offset
        return Duration(moved)
