"""Who waits: heaps of calls in the order in which they are served.

Calls of partners under a share limit are kept apart (see `shares`). See `rings` and `heaps`.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from fractions import Fraction
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from openline.engine.heaps import CLEAN_FROM, keep_clean
from openline.engine.live import CallState
from openline.engine.rings import NOBODY, rings_of
from openline.engine.settings import FlowsWhen
from openline.engine.shares import Limited, Limits
from openline.model import AgentKey, CallId, Duration, Instant, Origin, QueueKey, ShareKey

if TYPE_CHECKING:
    from openline.engine.live import Call
    from openline.engine.rings import Place, Pool, Reaches, Ring
    from openline.engine.settings import OverflowStep, Settings

_LONG_WAIT = FlowsWhen.LONG_WAIT
_QUEUED = CallState.QUEUED


class Callers:
    """Keeps the heaps of who waits."""

    __slots__ = (
        "_ageing",
        "_calls",
        "_ceilings",
        "_clean_at",
        "_limited",
        "_limited_oldest",
        "_oldest",
        "_waiting",
        "_waiting_for",
        "estimated",
        "has_ceilings",
        "limits",
        "lines",
        "overflows",
    )

    def __init__(self, calls: dict[CallId, Call]) -> None:
        self._calls = calls
        self.limits = Limits()
        self._limited = Limited(calls, self.limits, self._is_waiting)
        self._limited_oldest = Limited(calls, self.limits, self._is_waiting)
        self.lines: dict[Pool, list[Place]] = {}
        """The waiting calls in order, of queues whose callers are told their place.

        Plain sorted lists: a place is found by halving. To enter one moves what stands behind,
        which for ten thousand calls is a copy of 80 kB in a few microseconds.
        """
        self.estimated: dict[QueueKey, None] = {}
        """The queues in which the wait is estimated, and handle times are remembered for it."""
        self._waiting_for: dict[tuple[AgentKey, Origin], tuple[tuple[Ring, list[Place]], ...]] = {}
        """The rings whose calls an agent may take, with their heaps."""
        self.overflows: dict[QueueKey, tuple[OverflowStep, ...]] = {}
        """The steps of the queues that have any."""
        self._waiting: dict[Ring, list[Place]] = {}
        self._oldest: dict[Ring, list[Place]] = {}
        self._ageing: dict[QueueKey, Duration] = {}
        self._ceilings: dict[QueueKey, Duration] = {}
        self.has_ceilings = False
        """Whether any queue has a ceiling."""
        self._clean_at: dict[object, int] = {}

    def adopt(self, settings: Settings, reached: Reaches) -> None:
        """Makes empty heaps of the settings' rings; `list_all` is to follow."""
        self.overflows = {q.key: q.overflow for q in settings.queues if q.overflow}
        self._ageing = {q.key: q.ageing for q in settings.queues if q.ageing}
        self._ceilings = {q.key: q.ceiling for q in settings.queues if q.ceiling}
        self.has_ceilings = bool(self._ceilings)
        self._waiting = {ring: [] for ring in rings_of(settings)}
        self._oldest = {ring: [] for ring in self._waiting if ring[0] in self._ceilings}
        self._waiting_for = {
            (key, origin): tuple(
                (ring, self._waiting[ring])
                for queue, reach in found
                for step in range(reach, 1 + len(self.overflows.get(queue, ())))
                for ring in [(queue, origin, step)]
            )
            for key, found in reached.items()
            for origin in Origin
        }
        self._clean_at = {}
        self.limits.adopt(settings, self._calls)
        self._limited.clear()
        self._limited_oldest.clear()
        self.estimated = {
            queue.key: None
            for queue in settings.queues
            if queue.announcements or any(r.when is _LONG_WAIT for r in queue.interflow)
        }
        self.lines = {(queue, origin): [] for queue in self.estimated for origin in Origin}

    def list_all(self) -> None:
        """Lists who waits now; who is at work must be counted before (shares ask for it)."""
        for call in self._calls.values():
            self.call_waits(call)
        if self.lines:
            for call in self._calls.values():
                self.enters_line(call)

    def waiting_for(self, agent: AgentKey, origin: Origin) -> tuple[tuple[Ring, list[Place]], ...]:
        """Returns the rings of an origin whose calls the agent may take, with their heaps.

        Whose heap is empty need not be asked for its first.
        """
        return self._waiting_for.get((agent, origin), ())

    def may_take(self, agent: AgentKey, ring: Ring) -> bool:
        """Whether the agent has the skills for the calls of the ring; for stories only."""
        return any(known == ring for known, _ in self._waiting_for.get((agent, ring[1]), ()))

    def call_waits(self, call: Call) -> None:
        """Notes that the call can be offered; nothing is noted if it cannot."""
        if call.state is _QUEUED and call.gone_at is None:
            assert call.queue is not None, f"call {call.id} waits in no queue"
            assert call.waiting_since is not None, f"call {call.id} waits since never"
            ring = (call.queue, call.origin, call.step)
            heap = self._waiting[ring]
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            if call.partner is not None and call.partner in self.limits.paths:
                path = self.limits.paths[call.partner]
                self._limited.add(ring, path, place)
                if ring in self._oldest:
                    self._limited_oldest.add(ring, path, (0, *place[1:]))
                return
            heappush(heap, place)
            if len(heap) >= CLEAN_FROM:
                keep_clean(self._clean_at, ("waiting", ring), heap, partial(self._is_waiting, ring))
            if ring in self._oldest:
                oldest = self._oldest[ring]
                heappush(oldest, (0, call.waiting_since, call.id, call.entry))
                if len(oldest) >= CLEAN_FROM:
                    keep_clean(
                        self._clean_at,
                        ("oldest", ring),
                        oldest,
                        partial(self._is_waiting, ring),
                    )

    def enters_line(self, call: Call) -> None:
        """Notes that the call has a place, if it waits; asked only where `lines` has a pool."""
        if call.is_waiting and call.queue in self.estimated and call.waiting_since is not None:
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            insort(self.lines[call.queue, call.origin], place)

    def leaves_line(self, call: Call) -> None:
        """Notes that the call, which still has its place, is about to leave it."""
        if call.is_waiting and call.queue in self.estimated and call.waiting_since is not None:
            line = self.lines[call.queue, call.origin]
            place = (self._standing(call), call.waiting_since, call.id, call.entry)
            at = bisect_left(line, place)
            is_there = at < len(line) and line[at] == place
            assert is_there, f"call {call.id} had no place in {call.queue}"
            del line[at]

    def place_of(self, call: Call) -> int:
        """Returns the waiting call's place, from 1; asked only where `lines` has its pool.

        By priority and wait: who is past the ceiling of a queue may be served before it.
        """
        assert call.queue is not None, f"call {call.id} waits in no queue"
        assert call.waiting_since is not None, f"call {call.id} waits since never"
        place = (self._standing(call), call.waiting_since, call.id, call.entry)
        return 1 + bisect_left(self.lines[call.queue, call.origin], place)

    def _standing(self, call: Call) -> int:
        if call.queue in self._ageing and call.waiting_since is not None:
            return call.waiting_since - call.priority * self._ageing[call.queue]
        return -call.priority

    def anybody_waits(self, pool: Pool) -> bool:
        """Whether a call of the pool can be offered."""
        steps = range(1 + len(self.overflows.get(pool[0], ())))
        return any(
            self.first_waiting((*pool, step)) is not None
            or self._limited.first((*pool, step)) is not None
            for step in steps
        )

    def first_waiting(self, ring: Ring) -> Place | None:
        """Returns the place at the head of the ring, ceilings aside, or None where nobody waits.

        Calls under a share limit are not among them: see `first_limited`.
        """
        heap, calls, step = self._waiting[ring], self._calls, ring[2]
        while heap:
            # `_is_waiting`, written out: this is asked whenever an agent becomes ready.
            place = heap[0]
            call = calls.get(place[2])
            if (
                call is not None
                and call.state is _QUEUED
                and call.gone_at is None
                and call.step == step
                and call.waiting_since == place[1]
                and call.entry == place[3]
            ):
                return place
            heappop(heap)
        return None

    def past_ceiling(self, ring: Ring, now: Instant) -> Place | None:
        """Returns the longest wait of the ring if it has reached the ceiling of its queue."""
        heap = self._oldest.get(ring)
        while heap:
            if self._is_waiting(ring, heap[0]):
                return heap[0] if now - heap[0][1] >= self._ceilings[ring[0]] else None
            heappop(heap)
        return None

    def first_limited(self, ring: Ring, now: Instant, *, with_room: bool) -> tuple[Place, bool]:
        """Returns the first of the calls under a share limit, and whether it is past the ceiling.

        The place is `NOBODY` where none waits. `with_room`: of those alone of whom
        no share is full.
        """
        if ring in self._oldest:
            order = self._limited_oldest
            place = order.first_with_room(ring) if with_room else order.first(ring)
            if place is not None and now - place[1] >= self._ceilings[ring[0]]:
                return place, True
        order = self._limited
        place = order.first_with_room(ring) if with_room else order.first(ring)
        return (NOBODY if place is None else place), False

    def partner_moved(self, call: Call) -> None:
        """Counts a partner's call where an agent serves it, and no longer where none does."""
        self.have_room(self.limits.moved(call), call.origin)

    def partner_left(self, call: Call) -> None:
        """Counts a partner's call no longer that is about to end."""
        self.have_room(self.limits.ended(call), call.origin)

    def have_room(self, shares: tuple[ShareKey, ...], origin: Origin) -> None:
        for share in shares:
            self._limited.has_room(share, origin)
            self._limited_oldest.has_room(share, origin)

    def level(self, place: Place, queue: QueueKey, now: Instant) -> int | Fraction:
        """Returns how high a place counts now beside those of other queues; less is higher."""
        ageing = self._ageing.get(queue)
        return place[0] if ageing is None else Fraction(place[0] - now, ageing)

    def waiting(self, pool: Pool, now: Instant | None = None) -> list[CallId]:
        """Returns the pool's offerable calls in order; O(n log n), for screens only.

        With `now`, those who are past the ceiling come first, as they will be served.
        """
        rings = [(*pool, step) for step in range(1 + len(self.overflows.get(pool[0], ())))]
        places = {p for ring in rings for p in self._waiting[ring] if self._is_waiting(ring, p)}
        places.update(place for ring in rings for place in self._limited.all(ring))
        return self._as_served(places, pool, now)

    def in_line(self, pool: Pool, now: Instant) -> list[CallId]:
        """Returns everybody who has a place in the pool, as they will be served; for screens only.

        That is `waiting` and those whose connection is lost for the moment: they may come back to
        the place that is theirs. O(live calls), and O(n log n) for the pool's own.
        """
        places = {
            (self._standing(call), call.waiting_since, call.id, call.entry)
            for call in self._calls.values()
            if call.is_waiting and (call.queue, call.origin) == pool and call.waiting_since
        }
        return self._as_served(places, pool, now)

    def _as_served(self, found: set[Place], pool: Pool, now: Instant | None) -> list[CallId]:
        places = sorted(found)
        ceiling = self._ceilings.get(pool[0])
        if ceiling is not None and now is not None:
            past = sorted(place[1:3] for place in places if now - place[1] >= ceiling)
            first = {call: None for _, call in past}
            return [*first, *(place[2] for place in places if place[2] not in first)]
        return [place[2] for place in places]

    def _is_waiting(self, ring: Ring, place: Place) -> bool:
        # With the entry the priority is the same too: a call is queued anew to change it.
        call = self._calls.get(place[2])
        return (
            call is not None
            and call.state is _QUEUED
            and call.gone_at is None
            and call.step == ring[2]
            and call.waiting_since == place[1]
            and call.entry == place[3]
        )
