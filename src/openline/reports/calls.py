"""One row for each call that is over: the coded fields that may leave the centre's operations.

What is never in a row, because a row has an exact time: who called (the sealed reference and the
leg), what it was about (the disposition), any note, and who answered, unless that is asked for. See
docs/explanation/confidences.md for why.

A row is ready when the call and the work after it are over. Cost per event: O(1); only calls that
are still going on are held.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.model import AgentKey, CallId, Duration, Instant, LineKey, Origin, QueueKey


class CallRow(msgspec.Struct, kw_only=True):
    """Is one call, from its arrival to the end of the work after it."""

    call: CallId
    line: LineKey
    origin: Origin
    arrived_at: Instant
    queue: QueueKey | None = None
    """The last that it entered."""
    queued_at: Instant | None = None
    """When it entered that one."""
    entries: int = 0
    offers: int = 0
    offers_not_taken: int = 0
    answered_at: Instant | None = None
    """The last time, where it lost its agent and was answered again."""
    ended_at: Instant | None = None
    outcome: str = ""
    ended_because: str = ""
    waited: Duration | None = None
    """In the last queue entry; None where it entered no queue."""
    is_in_target: bool | None = None
    """None where nobody answered, or the queue has no target."""
    talk: Duration | None = None
    """The last conversation, hold left out."""
    hold: Duration | None = None
    wrap_up: Duration | None = None
    """None where nobody answered, or the record ends before it was over."""
    agent: AgentKey | None = None
    language: str | None = None
    """What it was served in, where that is known."""


class CallRows:
    """Follows the calls that arrived in a stretch of time."""

    def __init__(
        self, since: Instant, until: Instant, targets: Mapping[QueueKey, Duration]
    ) -> None:
        self._since = since
        self._until = until
        self._targets = targets
        self._live: dict[CallId, CallRow] = {}
        self._after_work: dict[AgentKey, CallRow] = {}

    @property
    def is_settled(self) -> bool:
        """Whether every call of the stretch that has arrived is over."""
        return not (self._live or self._after_work)

    def take(self, at: Instant, events: Iterable[AnyEvent]) -> Iterator[CallRow]:
        """Takes one step and yields the calls that are over with it."""
        for event in events:
            match event:
                case e.CallArrived() if self._since <= at < self._until:
                    self._live[event.call] = CallRow(
                        call=event.call, line=event.line, origin=event.origin, arrived_at=at
                    )
                case e.CallQueued() if event.call in self._live:
                    row = self._live[event.call]
                    row.queue, row.queued_at = event.queue, at
                    row.entries += 1
                case e.CallOffered() if event.call in self._live:
                    self._live[event.call].offers += 1
                case e.OfferMissed() | e.OfferDeclined() if event.call in self._live:
                    self._live[event.call].offers_not_taken += 1
                case e.OfferAccepted() if event.call in self._live:
                    self._live[event.call].answered_at = at
                case e.CallEnded() if event.call in self._live:
                    row = self._ended(at, event)
                    if event.agent is None:
                        yield row
                    else:
                        self._after_work[event.agent] = row
                case e.WrapUpFinished() | e.AgentReady() | e.AgentPaused() | e.AgentSignedOut() if (
                    event.agent in self._after_work
                ):
                    row = self._after_work.pop(event.agent)
                    row.wrap_up = Duration(at - (row.ended_at or at))
                    yield row
                case _:
                    pass

    def rest(self) -> Iterator[CallRow]:
        """Yields the calls that are over but for the work after them, at the record's end."""
        yield from self._after_work.values()
        self._after_work.clear()

    def _ended(self, at: Instant, event: e.CallEnded) -> CallRow:
        row = self._live.pop(event.call)
        row.ended_at = at
        row.outcome, row.ended_because = event.outcome.value, event.reason.value
        row.language = event.language
        if row.entries > 0:
            row.waited = event.waited
        if event.agent is not None:
            row.agent = event.agent
            row.talk, row.hold = Duration(event.talked - event.held), event.held
            if event.queue is not None and event.queue in self._targets:
                row.is_in_target = event.waited <= self._targets[event.queue]
        return row
