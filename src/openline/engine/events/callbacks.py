"""Facts about one callback, from the promise to its end: made, or explained by a reason.

A callback waits as a call of its own (`CallbackQueued`), at the place that the caller had. Each
attempt is one such call; it ends with `CallEnded` like any other.
"""

from openline.engine.events.base import Event
from openline.model import (
    AgentKey,
    CallbackId,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
    SealedRef,
)


class CallbackOfferPlanned(Event, frozen=True, kw_only=True):
    """A caller who waits long enough will be offered a callback."""

    call: CallId
    offer_at: Instant | None
    """None: no longer."""


class CallbackOffered(Event, frozen=True, kw_only=True):
    """A caller was told that he may be called back instead of waiting."""

    call: CallId


class CallbackPromised(Event, frozen=True, kw_only=True):
    """A caller will be called back; his call ends with that."""

    callback: CallbackId
    call: CallId
    """The call in which he asked for it."""
    port: str
    """The kind of telephony that will dial: the one that he called by."""
    line: LineKey
    queue: QueueKey
    origin: Origin
    priority: int
    waiting_since: Instant
    """His place, which he keeps."""
    number: SealedRef
    not_before: Instant
    not_after: Instant
    """The end of what is safe, or of the longest time for which a promise stands."""
    is_window: bool
    """Whether the caller named the end himself."""
    may_leave_message: bool
    topic: str | None = None
    language: str | None = None


class CallbackJoined(Event, frozen=True, kw_only=True):
    """A caller asked again at a number to which a callback is open: one call answers both.

    The narrower times hold and a message is left only if both agreed. The next attempt is again
    the first.
    """

    callback: CallbackId
    call: CallId
    not_before: Instant
    not_after: Instant
    is_window: bool
    may_leave_message: bool


class CallbackQueued(Event, frozen=True, kw_only=True):
    """It is time: the callback waits for an agent, as a call at the old place."""

    callback: CallbackId
    call: CallId
    leg: LegId
    """The name that the dialled leg will have."""
    line: LineKey
    origin: Origin
    queue: QueueKey
    priority: int
    waiting_since: Instant
    topic: str | None = None
    language: str | None = None


class CallbackDialled(Event, frozen=True, kw_only=True):
    """The agent is on the line, and the number was ordered to be dialled."""

    callback: CallbackId
    call: CallId
    agent: AgentKey
    attempt: int
    dial: CommandId
    give_up_at: Instant


class CallbackReached(Event, frozen=True, kw_only=True):
    """Somebody or something answered; the agent hears it."""

    callback: CallbackId
    call: CallId
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    rang: Duration


class CallbackDeferred(Event, frozen=True, kw_only=True):
    """Nobody was reached, and there will be another attempt."""

    callback: CallbackId
    call: CallId
    again_at: Instant
    attempts: int
    """Those that count; one that we cut short ourselves does not."""
    reason: Reason


class CallbackEnded(Event, frozen=True, kw_only=True):
    """The callback was made, or the reason explains why not; nobody needs the number any more."""

    callback: CallbackId
    line: LineKey
    queue: QueueKey
    origin: Origin
    number: SealedRef
    call: CallId | None
    """The last attempt, where there was one."""
    attempts: int
    reason: Reason


AnyCallbackEvent = (
    CallbackOfferPlanned
    | CallbackOffered
    | CallbackPromised
    | CallbackJoined
    | CallbackQueued
    | CallbackDialled
    | CallbackReached
    | CallbackDeferred
    | CallbackEnded
)
