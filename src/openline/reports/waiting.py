"""Who waits, and since when, by queue and origin.

A call waits from its queue entry to its answer or its end; while it rings at an agent it still
waits. Each pool (a queue with an origin) keeps its calls in a dictionary and, beside it, a heap of
(since, call). Entries of calls that left stay in the heap until they come to its top, or until they
are more than half of it. So coming costs O(log n), leaving and the longest wait O(1) amortised.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from openline.engine.rings import Pool
from openline.model import CallId, Instant, Origin, QueueKey

_CLEAN_FROM = 64


class _Waiters:
    """Holds the calls that wait in one pool."""

    __slots__ = ("_heap", "since")

    def __init__(self) -> None:
        self.since: dict[CallId, Instant] = {}
        self._heap: list[tuple[Instant, CallId]] = []

    def come(self, call: CallId, since: Instant) -> None:
        self.since[call] = since
        heappush(self._heap, (since, call))
        if len(self._heap) > max(_CLEAN_FROM, 2 * len(self.since)):
            self._heap = [(since, call) for call, since in self.since.items()]
            heapify(self._heap)

    def longest_since(self) -> Instant | None:
        while self._heap:
            since, call = self._heap[0]
            if self.since.get(call) == since:
                return since
            heappop(self._heap)
        return None


class Waiting:
    """Keeps count of the waiting calls of all pools."""

    __slots__ = ("_away", "_pool_of", "_pools")

    def __init__(self) -> None:
        self._pools: dict[Pool, _Waiters] = {}
        self._pool_of: dict[CallId, Pool] = {}
        self._away: dict[CallId, Instant] = {}
        """Since when those waited whom their queue sent outside: they may come back."""

    def come(self, call: CallId, queue: QueueKey, origin: Origin, since: Instant) -> None:
        """Notes a queue entry; a call that waits elsewhere leaves there first."""
        self.leave(call)
        pool = (queue, origin)
        self._pool_of[call] = pool
        waiters = self._pools.get(pool)
        if waiters is None:
            waiters = self._pools[pool] = _Waiters()
        waiters.come(call, since)

    def leave(self, call: CallId) -> None:
        """Notes that the call waits no longer; nothing happens if it did not."""
        self._away.pop(call, None)
        pool = self._pool_of.pop(call, None)
        if pool is not None:
            del self._pools[pool].since[call]

    def go_outside(self, call: CallId) -> None:
        """Notes that its queue sent the call outside, from where it may come back."""
        pool = self._pool_of.get(call)
        if pool is not None:
            since = self._pools[pool].since[call]
            self.leave(call)
            self._away[call] = since

    def come_back(self, call: CallId, queue: QueueKey, origin: Origin) -> None:
        """Notes that the call waits on, as long as it has; nothing happens if it was not away."""
        since = self._away.get(call)
        if since is not None:
            self.come(call, queue, origin, since)

    def count(self, queue: QueueKey, origins: Iterable[Origin]) -> int:
        """Returns how many calls of these origins wait in the queue."""
        return sum(
            len(waiters.since)
            for origin in origins
            if (waiters := self._pools.get((queue, origin))) is not None
        )

    def longest_since(self, queue: QueueKey, origins: Iterable[Origin]) -> Instant | None:
        """Returns since when the longest of them has waited, or None where nobody waits."""
        return earliest(
            waiters.longest_since()
            for origin in origins
            if (waiters := self._pools.get((queue, origin))) is not None
        )


def earliest(instants: Iterable[Instant | None]) -> Instant | None:
    """Returns the earliest of those that are there, or None."""
    return min((instant for instant in instants if instant is not None), default=None)
