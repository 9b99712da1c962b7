"""Facts for the record: the only things that change the state (see `apply`).

An event is complete in itself: whoever folds the record needs no other source. It carries its
reason wherever it could have been otherwise. Times of an event are the time of its journal step.
"""

from openline.engine.settings import Settings
from openline.engine.state import AgentState
from openline.engine.value import Value
from openline.model import (
    AgentKey,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
    QueueKey,
    Reason,
    SealedRef,
)
from openline.model.names import Name


class CallOutcome(Name):
    """Says how a call ended; each call ends in exactly one."""

    ANSWERED = "answered"
    """It was spoken with and then ended."""
    ABANDONED = "abandoned"
    """It left after being queued and before an answer."""
    LEFT_BEFORE_QUEUE = "left_before_queue"


class Event(Value, tag=True, frozen=True, kw_only=True):
    """Is a fact."""


# --- the centre itself ---------------------------------------------------------------------


class ConfigurationAdopted(Event, frozen=True, kw_only=True):
    """From here on the settings hold."""

    settings: Settings


class CentreResumed(Event, frozen=True, kw_only=True):
    """The program began, perhaps again; the legs not found outside follow as lost."""

    legs_seen: int


class ClockStepNoted(Event, frozen=True, kw_only=True):
    """The wall clock was set; centre time goes on undisturbed."""

    by: Duration


class CommandFailureNoted(Event, frozen=True, kw_only=True):
    """An order could not be carried out."""

    command: CommandId
    leg: LegId
    why: str


class InputPassedOver(Event, frozen=True, kw_only=True):
    """An input meant nothing in the present state; nothing changed."""

    input: str
    reason: Reason


class RequestRefused(Event, frozen=True, kw_only=True):
    """An agent asked for what is not possible now; nothing changed."""

    agent: AgentKey
    request: str
    reason: Reason


# --- calls ---------------------------------------------------------------------------------


class CallArrived(Event, frozen=True, kw_only=True):
    """A call reached a line."""

    call: CallId
    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None


class GreetingStarted(Event, frozen=True, kw_only=True):
    """The greeting was ordered."""

    call: CallId
    playback: CommandId
    due_at: Instant


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


class CallOffered(Event, frozen=True, kw_only=True):
    """The call is reserved for one agent until the lease runs out."""

    offer: OfferId
    call: CallId
    queue: QueueKey
    agent: AgentKey
    expires_at: Instant
    reason: Reason


class OfferRenewed(Event, frozen=True, kw_only=True):
    """The lease begins again, because nobody could have answered meanwhile."""

    offer: OfferId
    expires_at: Instant
    reason: Reason


class OfferAccepted(Event, frozen=True, kw_only=True):
    """The agent answered: the call is hers."""

    offer: OfferId
    call: CallId
    queue: QueueKey
    origin: Origin
    agent: AgentKey
    waited: Duration
    """From entering the queue to the answer."""


class OfferDeclined(Event, frozen=True, kw_only=True):
    """The agent declined; the call is back at its own place, the agent paused."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_DECLINED
    """Why the agent is paused now."""


class OfferMissed(Event, frozen=True, kw_only=True):
    """The lease ran out; the call is back at its own place, the agent paused."""

    offer: OfferId
    call: CallId
    agent: AgentKey
    becomes: Reason = Reason.OFFER_MISSED
    """Why the agent is paused now."""


class OfferWithdrawn(Event, frozen=True, kw_only=True):
    """The offer was taken back; the call is at its own place, the agent ready as before."""

    offer: OfferId
    call: CallId
    agent: AgentKey
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


# --- agents --------------------------------------------------------------------------------


class AgentSignedIn(Event, frozen=True, kw_only=True):
    """The agent is there, not yet ready."""

    agent: AgentKey
    leg: LegId
    origins: tuple[Origin, ...]
    reason: Reason = Reason.SIGNED_IN


class AgentSignedOut(Event, frozen=True, kw_only=True):
    """The agent is not there."""

    agent: AgentKey
    reason: Reason
    by: AgentKey | None = None
    """The supervisor, where the reason is that it was forced."""


class AgentOriginsChanged(Event, frozen=True, kw_only=True):
    """The agent serves these origins from now on."""

    agent: AgentKey
    origins: tuple[Origin, ...]


class AgentReady(Event, frozen=True, kw_only=True):
    """The agent can be offered calls."""

    agent: AgentKey
    reason: Reason
    by: AgentKey | None = None
    """The supervisor, where the reason is that it was forced."""


class AgentPaused(Event, frozen=True, kw_only=True):
    """The agent is there and takes no calls; `pause_reason` where she gave one herself."""

    agent: AgentKey
    reason: Reason
    pause_reason: str | None = None
    by: AgentKey | None = None
    """The supervisor, where the reason is that it was forced."""
    rests_until: Instant | None = None
    """The end of a recovery break."""


class PauseNoted(Event, frozen=True, kw_only=True):
    """The agent asked in a call to be paused after it."""

    agent: AgentKey
    pause_reason: str


class StateForceNoted(Event, frozen=True, kw_only=True):
    """A supervisor forced a state on an agent at work on a call: it counts after that work."""

    agent: AgentKey
    by: AgentKey
    to: AgentState
    pause_reason: str | None


class RecoveryBreakOver(Event, frozen=True, kw_only=True):
    """The time of a recovery break is over; the agent is told and stays paused."""

    agent: AgentKey


class AgentLost(Event, frozen=True, kw_only=True):
    """The agent's connection broke; until `gone_at` nothing is held against her."""

    agent: AgentKey
    gone_at: Instant
    reason: Reason


class AgentReturned(Event, frozen=True, kw_only=True):
    """The agent is connected again."""

    agent: AgentKey


class WrapUpStarted(Event, frozen=True, kw_only=True):
    """The agent does the work after the call; `warn_at` is its limit."""

    agent: AgentKey
    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    warn_at: Instant


class WrapUpLimitReached(Event, frozen=True, kw_only=True):
    """The limit is reached; the agent is warned and nothing else happens."""

    agent: AgentKey


class WrapUpExtended(Event, frozen=True, kw_only=True):
    """The agent needs longer: the limit is moved on."""

    agent: AgentKey
    warn_at: Instant


class WrapUpFinished(Event, frozen=True, kw_only=True):
    """The work after the call is done."""

    agent: AgentKey
    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    disposition: str
    note: SealedRef | None
    took: Duration


# --- queues --------------------------------------------------------------------------------


class QueueUnstaffed(Event, frozen=True, kw_only=True):
    """Real calls wait and nobody is at work who could take them; whoever is on call is told."""

    queue: QueueKey
    ring_at: Instant


class OnCallRung(Event, frozen=True, kw_only=True):
    """The on-call list was rung, once until the queue is staffed again."""

    queue: QueueKey
    agents: tuple[AgentKey, ...]
    """Those who were rung: neither at work elsewhere nor recovering."""


class QueueStaffed(Event, frozen=True, kw_only=True):
    """Somebody is at work again who could take the calls, or none waits any more."""

    queue: QueueKey


AnyEvent = (
    ConfigurationAdopted
    | CentreResumed
    | ClockStepNoted
    | CommandFailureNoted
    | InputPassedOver
    | RequestRefused
    | CallArrived
    | GreetingStarted
    | CallQueued
    | CallOffered
    | OfferRenewed
    | OfferAccepted
    | OfferDeclined
    | OfferMissed
    | OfferWithdrawn
    | SoundSessionStarted
    | SoundConfirmed
    | CallHeld
    | CallResumed
    | CallerLost
    | CallerReturned
    | CallEnded
    | AgentSignedIn
    | AgentSignedOut
    | AgentOriginsChanged
    | AgentReady
    | AgentPaused
    | PauseNoted
    | AgentLost
    | AgentReturned
    | WrapUpStarted
    | WrapUpLimitReached
    | WrapUpFinished
    | WrapUpExtended
    | StateForceNoted
    | RecoveryBreakOver
    | QueueUnstaffed
    | OnCallRung
    | QueueStaffed
)
