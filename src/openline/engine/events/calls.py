"""Facts about one call, from its arrival; what becomes of its offers, and its end, stand beside."""

from openline.engine.destinations import AnyDestination
from openline.engine.events.base import Event
from openline.engine.events.endings import CallEnded
from openline.engine.events.offers import AnyOfferEvent
from openline.model import (
    AgentKey,
    BoxKey,
    CallId,
    CommandId,
    Duration,
    EntryKey,
    Instant,
    LegId,
    LineKey,
    Medium,
    MenuKey,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    Reason,
    SealedRef,
    ShareKey,
)


class CallArrived(Event, frozen=True, kw_only=True):
    """A call reached a line."""

    call: CallId
    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None
    entry: EntryKey | None = None
    language: str | None = None
    can_be_called_back: bool = False
    waiting_since: Instant | None = None
    """What his place will count from, if he regains one that he lost shortly before."""
    medium: Medium = Medium.VOICE


class MediumChanged(Event, frozen=True, kw_only=True):
    """The caller goes on by typing, or by speaking."""

    call: CallId
    medium: Medium


class PartnerRecognised(Event, frozen=True, kw_only=True):
    """The call is known to come from an organisation that is a partner."""

    call: CallId
    partner: PartnerKey
    reason: Reason
    """How it is known: as it `arrived`, by its number or the line's, or `chosen` by a digit."""


class GreetingStarted(Event, frozen=True, kw_only=True):
    """The greeting was ordered."""

    call: CallId
    playback: CommandId
    due_at: Instant


class ConsentAsked(Event, frozen=True, kw_only=True):
    """The question whether the call may be recorded was ordered."""

    call: CallId
    playback: CommandId
    due_at: Instant


class ConsentAnswered(Event, frozen=True, kw_only=True):
    """The caller said whether the call may be recorded; no answer is a no."""

    call: CallId
    given: bool
    reason: Reason


class MenuStarted(Event, frozen=True, kw_only=True):
    """The prompt of a menu was ordered, for the first time or again."""

    call: CallId
    menu: MenuKey
    attempt: int
    playback: CommandId
    due_at: Instant
    reason: Reason


class PromptHeard(Event, frozen=True, kw_only=True):
    """A question was heard to its end; a digit is awaited until `due_at`."""

    call: CallId
    due_at: Instant


class ChoiceMade(Event, frozen=True, kw_only=True):
    """The caller left a menu by a digit, or without one."""

    call: CallId
    menu: MenuKey
    digit: str | None
    topic: str | None
    language: str | None
    """What the choice changes; None: nothing."""
    reason: Reason


class CallSent(Event, frozen=True, kw_only=True):
    """The call is sent on; what it meets there follows as an event of its own."""

    call: CallId
    line: LineKey
    origin: Origin
    to: AnyDestination
    hops: int
    """How often it was sent on, this time included."""
    left: QueueKey | None
    """The queue that it leaves without an answer; None if it waited in none."""
    waited: Duration
    """In the entry that it leaves; 0 if it waited in none."""
    reason: Reason


class HopLimitReached(Event, frozen=True, kw_only=True):
    """The call was to be sent on once too often: it stays in its queue, or goes to the line's."""

    call: CallId
    reason: Reason
    """Why it was to be sent on."""


class MessageStarted(Event, frozen=True, kw_only=True):
    """A message was ordered: the last thing the caller hears, or the prompt of a box."""

    call: CallId
    playback: CommandId
    sound: str
    box: BoxKey | None
    due_at: Instant
    reason: Reason


class VoicemailStarted(Event, frozen=True, kw_only=True):
    """The prompt was heard and a recording was ordered."""

    call: CallId
    box: BoxKey
    recording: CommandId
    due_at: Instant


class VoicemailLeft(Event, frozen=True, kw_only=True):
    """The caller left a message in the box."""

    call: CallId
    line: LineKey
    origin: Origin
    box: BoxKey
    recording: CommandId
    message: SealedRef | None
    """The recording, which only the key store can open; None where sound is not kept."""
    length: Duration


class CallQueued(Event, frozen=True, kw_only=True):
    """The call entered a queue; `entry` counts its entries from 1."""

    call: CallId
    line: LineKey
    origin: Origin
    queue: QueueKey
    entry: int
    priority: int
    waiting_since: Instant
    """What its place counts from; earlier than the step's time where it regains a place."""
    reason: Reason
    topic: str | None = None
    language: str | None = None
    widens_at: Instant | None = None
    """When it reaches the first step of the queue's overflow, if there is one."""
    leaves_at: Instant | None = None
    """When it has waited for the maximum of the queue, if there is one."""


class CallWidened(Event, frozen=True, kw_only=True):
    """The call overflows: it may now also be offered to who meets this step; its place is kept."""

    call: CallId
    queue: QueueKey
    step: int
    """Counted from 1, as the queue's overflow has them, the steps before it included.

    0 after a changed configuration by which it has reached none yet.
    """
    next_at: Instant | None
    """When the next step comes, if there is one."""
    reason: Reason


class WaitAnnounced(Event, frozen=True, kw_only=True):
    """The caller is told of his place and wait, as far as something honest can be said."""

    call: CallId
    queue: QueueKey
    place: int | None
    wait: Duration | None
    """How much longer it may take, as estimated."""
    next_at: Instant | None
    """When he will be told again."""


class MaximumWaitMoved(Event, frozen=True, kw_only=True):
    """Other rules are in force: the call has waited for the maximum at another instant."""

    call: CallId
    queue: QueueKey
    leaves_at: Instant | None
    """None: it may wait for as long as it takes."""
    reason: Reason


class MaximumWaitReached(Event, frozen=True, kw_only=True):
    """The call leaves its queue, at once or, while it rings or its caller is lost, after that."""

    call: CallId
    queue: QueueKey


class ShareLimitHeld(Event, frozen=True, kw_only=True):
    """The call was passed over for one that came later or counts less: its share is full.

    Told once in each queue that it comes to, when it is the first whom that happens to.
    """

    call: CallId
    queue: QueueKey
    share: ShareKey
    serving: int
    """How many agents ring for calls of the share, or talk in them."""
    reason: Reason


class CallForwarded(Event, frozen=True, kw_only=True):
    """The queue sends the call outside: after the announcement, if there is one, it rings there.

    The entry goes on until somebody answers there (`OutsideAnswered`): if nobody does, the call is
    at its place again (`ForwardFailed`).
    """

    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    outside: OutsideKey
    hops: int
    """How often it was sent on, this time included."""
    playback: CommandId | None
    """The announcement; None where there is none."""
    sound: str | None
    due_at: Instant | None
    reason: Reason


class ForwardFailed(Event, frozen=True, kw_only=True):
    """Nobody was reached outside: the call is at its own place, and does not go there again."""

    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    outside: OutsideKey
    leaves_at: Instant | None
    """When it has waited for the maximum of the rules that are left, if there is one."""
    reason: Reason


class SoundSessionStarted(Event, frozen=True, kw_only=True):
    """Both sides were told to connect, for the first time or anew."""

    call: CallId
    session: int
    reason: Reason


class SoundConfirmed(Event, frozen=True, kw_only=True):
    """A side hears the other."""

    call: CallId
    session: int
    leg: LegId


class CallHeld(Event, frozen=True, kw_only=True):
    """The agent parked the caller."""

    call: CallId
    agent: AgentKey


class CallResumed(Event, frozen=True, kw_only=True):
    """The agent took the caller back."""

    call: CallId
    agent: AgentKey


class CallerLost(Event, frozen=True, kw_only=True):
    """The caller's connection broke; the call is kept until `gone_at`."""

    call: CallId
    gone_at: Instant
    reason: Reason


class CallerReturned(Event, frozen=True, kw_only=True):
    """The caller is connected again."""

    call: CallId


AnyCallEvent = (
    CallArrived
    | MediumChanged
    | PartnerRecognised
    | GreetingStarted
    | ConsentAsked
    | ConsentAnswered
    | MenuStarted
    | PromptHeard
    | ChoiceMade
    | CallSent
    | HopLimitReached
    | MessageStarted
    | VoicemailStarted
    | VoicemailLeft
    | CallQueued
    | CallWidened
    | MaximumWaitMoved
    | MaximumWaitReached
    | WaitAnnounced
    | ShareLimitHeld
    | CallForwarded
    | ForwardFailed
    | SoundSessionStarted
    | SoundConfirmed
    | CallHeld
    | CallResumed
    | CallerLost
    | CallerReturned
    | AnyOfferEvent
    | CallEnded
)
