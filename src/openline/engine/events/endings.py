"""The fact that a call is over, and the ways in which one ends."""

from openline.engine.events.base import Event
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
)
from openline.model.names import Name


class CallOutcome(Name):
    """Says how a call ended; each call ends in exactly one."""

    ANSWERED = "answered"
    """It was spoken with and then ended."""
    ABANDONED = "abandoned"
    """It left after being queued and before an answer."""
    ANSWERED_OUTSIDE = "answered_outside"
    """Its queue sent it outside, where somebody answered; nobody here spoke with the caller."""
    LEFT_BEFORE_QUEUE = "left_before_queue"
    """It ended in the greeting, or when it was asked for consent."""
    LEFT_IN_MENU = "left_in_menu"
    HEARD_CLOSED = "heard_closed"
    """The line was closed: it heard so, or was at a voicemail box in which it left nothing."""
    HEARD_MESSAGE = "heard_message"
    """It was sent to a message, or to a voicemail box in which it left nothing."""
    VOICEMAIL_LEFT = "voicemail_left"
    LEFT_FOR_CALLBACK = "left_for_callback"
    """It left the queue because it will be called back; that is no abandon."""
    CALLBACK_MADE = "callback_made"
    """It was an attempt to call back, and it reached the caller."""
    CALLBACK_FAILED = "callback_failed"
    """It was an attempt to call back and reached nobody, or not the caller."""


class CallEnded(Event, frozen=True, kw_only=True):
    """The call is over."""

    call: CallId
    leg: LegId
    line: LineKey
    origin: Origin
    outcome: CallOutcome
    reason: Reason
    queue: QueueKey | None
    agent: AgentKey | None
    waited: Duration
    """In its last queue entry, to the answer or to the end; 0 if it never entered one."""
    talked: Duration
    """From the answer to the end, hold included; 0 without an answer."""
    held: Duration
    topic: str | None = None
    language: str | None = None
