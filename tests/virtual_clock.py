"""A clock for tests: time passes only when told, and whatever is due happens in order.

It keeps the contract of `openline.telephony.port.Clock`. A function whose instant is past runs at
the next `advance`, never inside `at`, as on an event loop.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from openline.model import Duration, Instant


class VirtualTimer:
    def __init__(self, call: Callable[[], None]) -> None:
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class VirtualClock:
    def __init__(self, now: Instant) -> None:
        self._now = now
        self._timers: list[tuple[Instant, int, VirtualTimer]] = []
        self._order = count()
        self.timers_set = 0

    def now(self) -> Instant:
        return self._now

    def at(self, instant: Instant, call: Callable[[], None]) -> VirtualTimer:
        timer = VirtualTimer(call)
        heappush(self._timers, (max(instant, self._now), next(self._order), timer))
        self.timers_set += 1
        return timer

    @property
    def pending(self) -> int:
        """Timers that are set and not cancelled."""
        return sum(timer.call is not None for _, _, timer in self._timers)

    def advance(self, by: Duration) -> None:
        """Lets time pass, and everything happen that falls due in it."""
        self.advance_to(Instant(self._now + by))

    def stall(self, by: Duration) -> None:
        """Lets time pass while nothing runs, as when a loop is held up; what is due comes late."""
        self._now = Instant(self._now + by)

    def advance_to(self, instant: Instant) -> None:
        """Lets time pass up to and with the instant."""
        while self._timers and self._timers[0][0] <= instant:
            at, _, timer = heappop(self._timers)
            self._now = max(self._now, at)
            call, timer.call = timer.call, None
            if call is not None:
                call()
        self._now = max(self._now, instant)
