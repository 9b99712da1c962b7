"""What is due: one heap of all deadlines.

The instant of a deadline stands in a field of the thing that it is about; while it stands there
still, the entry is live (see `heaps`). So nothing is ever cancelled.
"""

from __future__ import annotations

from heapq import heappop, heappush
from operator import attrgetter
from typing import TYPE_CHECKING, Final, cast

from openline.engine.heaps import CLEAN_FROM, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from openline.engine.live import Agent, Call, Callback, Offer, Unstaffed
    from openline.model import CallbackId, CallId, Instant, OfferId


class Due:
    """Numbers what comes due; at the same instant the lower number comes first.

    Plain numbers, since heaps compare them: a member of an `IntEnum` costs five times as much.
    """

    OFFER_EXPIRES: Final = 0
    SOUND_OVERDUE: Final = 1
    CALLER_GONE: Final = 2
    AGENT_GONE: Final = 3
    WRAP_UP_LIMIT: Final = 4
    RECOVERY_OVER: Final = 5
    ON_CALL: Final = 6
    OVERFLOW: Final = 7
    MAXIMUM_WAIT: Final = 8
    ANNOUNCEMENT: Final = 9
    PROMISE_ENDS: Final = 10
    DIALLED_LONG_ENOUGH: Final = 11
    CALLBACK_DUE: Final = 12
    CALLBACK_OFFER: Final = 13


_OF_CALL, _OF_OFFER, _OF_AGENT, _OF_UNSTAFFED, _OF_CALLBACK = range(5)
_DEADLINES = (
    (_OF_OFFER, "expires_at"),
    (_OF_CALL, "due_at"),
    (_OF_CALL, "gone_at"),
    (_OF_AGENT, "gone_at"),
    (_OF_AGENT, "warn_at"),
    (_OF_AGENT, "rests_until"),
    (_OF_UNSTAFFED, "ring_at"),
    (_OF_CALL, "widens_at"),
    (_OF_CALL, "leaves_at"),
    (_OF_CALL, "announce_at"),
    (_OF_CALLBACK, "ends_at"),
    (_OF_CALL, "give_up_at"),
    (_OF_CALLBACK, "due_at"),
    (_OF_CALL, "callback_offer_at"),
)
"""Where the instant of each deadline stands, in the order of `Due`: whose, and in which field."""


class Deadlines:
    """Keeps the deadlines of calls, offers, agents, unstaffed queues and callbacks.

    The dictionaries belong to the state or to other parts of the index.
    """

    __slots__ = ("_clean_at", "_owners", "entries")

    def __init__(
        self,
        calls: dict[CallId, Call],
        offers: dict[OfferId, Offer],
        agents_by_number: dict[int, Agent],
        unstaffed_by_number: dict[int, Unstaffed],
        callbacks: dict[CallbackId, Callback],
    ) -> None:
        owners = calls, offers, agents_by_number, unstaffed_by_number, callbacks
        self._owners: tuple[tuple[dict[int, object], Callable[[object], Instant | None]], ...] = (
            tuple(
                (cast("dict[int, object]", owners[of]), attrgetter(field))
                for of, field in _DEADLINES
            )
        )
        self.entries: list[tuple[Instant, int, int]] = []
        """The heap: when, what (see `Due`) and of which number. Its first may be dead."""
        self._clean_at = CLEAN_FROM

    def adopt(self) -> None:
        """Begins anew with what the state says."""
        self.entries.clear()
        self._clean_at = CLEAN_FROM
        for kind, (of, deadline) in enumerate(self._owners):
            for number, owner in of.items():
                at = deadline(owner)
                if at is not None:
                    self.due(at, kind, number)

    def due(self, at: Instant, kind: int, number: int) -> None:
        """Notes a deadline of a call, an offer or an agent (by its number)."""
        heappush(self.entries, (at, kind, number))
        if len(self.entries) >= self._clean_at:
            self._clean_at = clean(self.entries, self._is_due)

    def due_by(self, now: Instant) -> tuple[Instant, int, int] | None:
        """Returns the earliest deadline that has come and still stands.

        Asked before every input, when mostly nothing is due: then it costs one comparison.
        """
        heap = self.entries
        if not heap or heap[0][0] > now:
            return None
        first = self.next_due()
        return None if first is None or first[0] > now else first

    def next_due(self) -> tuple[Instant, int, int] | None:
        """Returns the earliest deadline that still stands."""
        heap, deadlines = self.entries, self._owners
        while heap:
            # `_is_due`, written out: this is asked after every input.
            at, kind, number = heap[0]
            of, deadline = deadlines[kind]
            owner = of.get(number)
            if owner is not None and deadline(owner) == at:
                return heap[0]
            heappop(heap)
        return None

    def _is_due(self, entry: tuple[Instant, int, int]) -> bool:
        at, kind, number = entry
        of, deadline = self._owners[kind]
        owner = of.get(number)
        return owner is not None and deadline(owner) == at
