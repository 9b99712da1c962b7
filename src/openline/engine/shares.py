"""Who of the partners' calls may be next, where only so many of them are to be served at once?

A *share* is a limit: of all partners together, of a group of them, of one. They lie within each
other, and a call keeps to every one that its partner lies in (its *path*, the outermost first). A
share is *full* while as many agents as it allows ring for its calls or talk in them. An agent who
becomes free passes over the calls of a full share as long as anybody else waits whom she could
take; if nobody does, she takes them all the same, so nobody is idle for a limit.

Calls under a limit are kept here and not among the other waiting calls, in heaps as in `index`:
dead entries are dropped when they come to the top. Each ring has a heap for every share in it and
one for the whole. A share shows its parent its first call and no other, and a full share shows
none; it shows its first again when it has room. So a choice looks at one heap, and a change costs
O(log n) for each of the few rings in which calls of that share wait, however many partners there
are.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from openline.model import Origin, ShareKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openline.engine.live import Call
    from openline.engine.rings import Place, Ring
    from openline.engine.settings import Settings, ShareSettings
    from openline.model import CallId, PartnerKey

_CLEAN_FROM = 64
_Path = tuple[ShareKey, ...]
_WHOLE = ShareKey("")
"""Stands for the whole ring where a share is named; no key is empty."""


class Limits:
    """Knows which share is full."""

    __slots__ = ("_percents", "_served", "_settings", "at_work", "paths", "serving")

    def __init__(self) -> None:
        self._settings: dict[ShareKey, ShareSettings] = {}
        self._percents: tuple[ShareKey, ...] = ()
        self._served: dict[CallId, _Path] = {}
        self.paths: dict[PartnerKey, _Path] = {}
        """The shares that each partner lies in, the outermost first; only of those in any."""
        self.serving: dict[tuple[ShareKey, Origin], int] = {}
        """How many agents ring for calls of a share, or talk in them."""
        self.at_work: dict[Origin, int] = dict.fromkeys(Origin, 0)
        """How many agents are at work, where a limit is a part of them."""

    def adopt(self, settings: Settings, calls: Mapping[CallId, Call]) -> None:
        """Derives the limits from the settings, and who is served from the calls."""
        self._settings = {share.key: share for share in settings.shares}
        self._percents = tuple(s.key for s in settings.shares if s.percent is not None)
        self.paths = {
            partner.key: path
            for partner in settings.partners
            if (path := self._path(partner.share))
        }
        self._served = {}
        self.serving = {}
        self.at_work = dict.fromkeys(Origin, 0)
        for call in calls.values():
            self.moved(call)

    def _path(self, share: ShareKey | None) -> _Path:
        path: _Path = ()
        while share is not None:
            path = (share, *path)
            share = self._settings[share].within
        return path

    @property
    def counts_agents(self) -> bool:
        """Whether any limit is a part of the agents at work."""
        return bool(self._percents)

    def limit(self, share: ShareKey, origin: Origin) -> int:
        """Returns how many agents the share allows now: at least one."""
        settings = self._settings[share]
        if settings.percent is None:
            return settings.agents
        return max(1, self.at_work[origin] * settings.percent // 100)

    def is_full(self, share: ShareKey, origin: Origin) -> bool:
        """Whether no more of its calls are to be offered while others wait."""
        return self.serving.get((share, origin), 0) >= self.limit(share, origin)

    def full_share(self, call: Call) -> ShareKey | None:
        """Returns the outermost share of the call that is full, or None."""
        path = self.paths.get(call.partner, ()) if call.partner is not None else ()
        return next((share for share in path if self.is_full(share, call.origin)), None)

    def moved(self, call: Call) -> tuple[ShareKey, ...]:
        """Counts the call where an agent serves it; returns which shares have room again.

        The innermost first, so that each shows its parent what it has before the parent does.
        """
        served = self._served.get(call.id)
        is_served = call.offer is not None or call.agent is not None
        if is_served and served is None:
            path = self.paths.get(call.partner, ()) if call.partner is not None else ()
            if path:
                self._served[call.id] = path
                for share in path:
                    at = share, call.origin
                    self.serving[at] = self.serving.get(at, 0) + 1
        elif served is not None and not is_served:
            return self._left(call, served)
        return ()

    def ended(self, call: Call) -> tuple[ShareKey, ...]:
        """Counts the call no longer; returns as `moved` does."""
        served = self._served.get(call.id)
        return () if served is None else self._left(call, served)

    def _left(self, call: Call, path: _Path) -> tuple[ShareKey, ...]:
        del self._served[call.id]
        opened: list[ShareKey] = []
        for share in reversed(path):
            at = share, call.origin
            was_full = self.is_full(share, call.origin)
            self.serving[at] -= 1
            if was_full and not self.is_full(share, call.origin):
                opened.append(share)
        return tuple(opened)

    def works(self, origin: Origin, by: int) -> tuple[ShareKey, ...]:
        """Counts an agent who comes to work or leaves it; returns which shares have room again."""
        full = [share for share in self._percents if self.is_full(share, origin)]
        self.at_work[origin] += by
        opened = [share for share in full if not self.is_full(share, origin)]
        return tuple(sorted(opened, key=self._depth, reverse=True))

    def _depth(self, share: ShareKey) -> int:
        return len(self._path(share))

    def parent(self, share: ShareKey) -> ShareKey | None:
        """Returns the share in which it lies."""
        return self._settings[share].within


class Limited:
    """Keeps the waiting calls of limited partners in one order, by ring."""

    __slots__ = (
        "_all",
        "_calls",
        "_clean_at",
        "_heaps",
        "_is_live",
        "_limits",
        "_rings",
        "_shown",
    )

    def __init__(
        self,
        calls: dict[CallId, Call],
        limits: Limits,
        is_live: Callable[[Ring, Place], bool],
    ) -> None:
        self._calls = calls
        self._limits = limits
        self._is_live = is_live
        self._heaps: dict[tuple[Ring, ShareKey], list[tuple[Place, ShareKey]]] = {}
        """The places of a share in a ring, each with the share that shows it, if one does."""
        self._shown: dict[tuple[Ring, ShareKey], Place] = {}
        self._rings: dict[tuple[ShareKey, Origin], dict[Ring, None]] = {}
        """In which rings a share has had calls."""
        self._all: dict[Ring, list[Place]] = {}
        self._clean_at: dict[tuple[Ring, ShareKey], int] = {}

    def clear(self) -> None:
        """Forgets everybody."""
        self._heaps.clear()
        self._shown.clear()
        self._rings.clear()
        self._all.clear()
        self._clean_at.clear()

    def add(self, ring: Ring, path: _Path, place: Place) -> None:
        """Notes a waiting call of a partner."""
        everybody = self._all.setdefault(ring, [])
        heappush(everybody, place)
        if len(everybody) >= self._clean_at.get((ring, _WHOLE), _CLEAN_FROM):
            self._clean(ring)
        shown_by = _WHOLE
        for share in path:
            self._rings.setdefault((share, ring[1]), {})[ring] = None
        for share in reversed(path):
            heap = self._heaps.setdefault((ring, share), [])
            heappush(heap, (place, shown_by))
            if heap[0][0] != place or self._limits.is_full(share, ring[1]):
                return
            self._shown[ring, share] = place
            shown_by = share
        heappush(self._heaps.setdefault((ring, _WHOLE), []), (place, shown_by))

    def _clean(self, ring: Ring) -> None:
        """Drops the dead of a ring when they may be half of it; what a share shows is kept."""
        everybody = self._all[ring]
        everybody[:] = {place for place in everybody if self._is_live(ring, place)}
        heapify(everybody)
        self._clean_at[ring, _WHOLE] = max(_CLEAN_FROM, 2 * len(everybody))
        for (of, _), heap in self._heaps.items():
            if of == ring:
                heap[:] = {
                    (place, child)
                    for place, child in heap
                    if self._is_live(ring, place) or self._shown.get((ring, child)) == place
                }
                heapify(heap)

    def first(self, ring: Ring) -> Place | None:
        """Returns the first of all calls in the ring, limits aside."""
        heap = self._all.get(ring)
        while heap:
            if self._is_live(ring, heap[0]):
                return heap[0]
            heappop(heap)
        return None

    def first_with_room(self, ring: Ring) -> Place | None:
        """Returns the first of the calls of which no share is full."""
        return self._head(ring, _WHOLE)

    def all(self, ring: Ring) -> list[Place]:
        """Returns everybody who waits in the ring, in no order; for screens only."""
        return [place for place in self._all.get(ring, ()) if self._is_live(ring, place)]

    def has_room(self, share: ShareKey, origin: Origin) -> None:
        """Notes that a share that was full can be chosen from again."""
        for ring in self._rings.get((share, origin), ()):
            self._shows_anew(ring, share)

    def _shows_anew(self, ring: Ring, share: ShareKey) -> None:
        if self._limits.is_full(share, ring[1]) or not self._show(ring, share):
            return
        parent = self._limits.parent(share)
        if parent is not None and self._heaps[ring, parent][0][1] == share:
            self._shows_anew(ring, parent)

    def _show(self, ring: Ring, share: ShareKey) -> bool:
        """Lets a share show its first call to its parent; returns whether it shows another now."""
        place = self._head(ring, share)
        if place is None or self._shown.get((ring, share)) == place:
            return False
        parent = self._limits.parent(share) or _WHOLE
        heappush(self._heaps.setdefault((ring, parent), []), (place, share))
        self._shown[ring, share] = place
        return True

    def _head(self, ring: Ring, share: ShareKey) -> Place | None:
        heap = self._heaps.get((ring, share))
        while heap:
            place, child = heap[0]
            if self._is_live(ring, place) and not self._is_held(ring, share, place):
                return place
            heappop(heap)
            if child and self._shown.get((ring, child)) == place:
                del self._shown[ring, child]
                if not self._limits.is_full(child, ring[1]):
                    self._show(ring, child)
        return None

    def _is_held(self, ring: Ring, within: ShareKey, place: Place) -> bool:
        """Whether a share of the call that lies within the one that asks is full."""
        partner = self._calls[place[2]].partner
        path = self._limits.paths.get(partner, ()) if partner is not None else ()
        inner = path if within == _WHOLE else path[path.index(within) + 1 :]
        return any(self._limits.is_full(share, ring[1]) for share in inner)
