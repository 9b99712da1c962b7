"""What becomes of queue entries that were left for a callback.

Such an entry stays one entry, in the interval in which it began, whatever number of attempts
follows: the wait of the caller is from there to when he was reached. So offering callbacks flatters
no figure. A person who asks twice for the same number has two entries, and one callback answers
both; the talk is booked once, on the last of them. (Of a report that begins between the two, the
last is in it; were it the first, two reports would each count the talk.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openline.model import CallbackId, CallId, Duration, Instant, QueueKey, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from openline.engine import events as e
    from openline.measures.tally import Tally


class PromisedEntry(msgspec.Struct, kw_only=True):
    """Is a queue entry whose caller will be called back."""

    books: tuple[Tally, ...]
    queue: QueueKey
    began: Instant
    is_attempted: bool = False
    is_reached: bool = False


class Promises:
    """Books callbacks on the entries that they were promised to; each event costs O(entries)."""

    __slots__ = ("_asked", "_entries", "_in_target", "_reached_at", "_taken_over")

    def __init__(self, in_target: Callable[[QueueKey, Duration], bool]) -> None:
        self._in_target = in_target
        self._asked: dict[CallId, CallbackId] = {}
        self._entries: dict[CallbackId, list[PromisedEntry]] = {}
        self._reached_at: dict[CallbackId, Instant] = {}
        self._taken_over: set[CallbackId] = set()
        """Those for which somebody asked last whose entry is not counted here."""

    @property
    def is_settled(self) -> bool:
        """Whether no promise is open."""
        return not self._entries

    def asked(self, event: e.CallbackPromised | e.CallbackJoined) -> None:
        """Notes to which callback the call that is about to end belongs."""
        self._asked[event.call] = event.callback

    def left(self, call: CallId, entry: PromisedEntry | None) -> None:
        """Books that a caller left the queue for the callback."""
        callback = self._asked.pop(call, None)
        if callback is None:
            return
        if entry is not None:
            self._entries.setdefault(callback, []).append(entry)
            for tally in entry.books:
                tally.left_for_callback += 1
        elif callback in self._entries:
            self._taken_over.add(callback)

    def dialled(self, event: e.CallbackDialled) -> None:
        """Books the first attempt."""
        for entry in self._entries.get(event.callback, ()):
            if not entry.is_attempted:
                entry.is_attempted = True
                for tally in entry.books:
                    tally.callbacks_attempted += 1

    def reached(self, at: Instant, event: e.CallbackReached) -> tuple[Tally, ...]:
        """Books that somebody or something answered; returns where the talk is to be booked."""
        self._reached_at[event.callback] = at
        entries = self._entries.get(event.callback, [])
        for entry in entries:
            if not entry.is_reached:
                entry.is_reached = True
                for tally in entry.books:
                    tally.callbacks_reached += 1
        if not entries or event.callback in self._taken_over:
            return ()
        return entries[-1].books

    def ended(self, event: e.CallbackEnded) -> None:
        """Books the end; only who was spoken with counts as connected."""
        self._taken_over.discard(event.callback)
        reached_at = self._reached_at.pop(event.callback, None)
        entries = self._entries.pop(event.callback, [])
        if event.reason is not Reason.CALLBACK_MADE or reached_at is None:
            return
        for entry in entries:
            waited = Duration(reached_at - entry.began)
            in_target = self._in_target(entry.queue, waited)
            for tally in entry.books:
                tally.callbacks_connected += 1
                tally.callbacks_in_target += in_target
                tally.wait_of_callbacks = Duration(tally.wait_of_callbacks + waited)
