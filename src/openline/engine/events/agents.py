"""Facts about one agent: what she does, and why."""

from openline.engine.events.base import Event
from openline.engine.settings import SkillLevel
from openline.engine.state import AgentState
from openline.model import (
    AgentKey,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Origin,
    QueueKey,
    Reason,
    SealedRef,
)


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
    reason: Reason
    """Why the call ended."""


class WrapUpLimitReached(Event, frozen=True, kw_only=True):
    """The limit is reached; the agent is warned and nothing else happens."""

    agent: AgentKey


class WrapUpExtended(Event, frozen=True, kw_only=True):
    """The agent needs longer: the limit is moved on."""

    agent: AgentKey
    warn_at: Instant


class WrapUpFinished(Event, frozen=True, kw_only=True):
    """The work after the call is over: done, or she was signed out before it was."""

    agent: AgentKey
    call: CallId
    line: LineKey
    queue: QueueKey
    origin: Origin
    disposition: str | None
    """None where she was signed out before she gave one."""
    note: SealedRef | None
    took: Duration


class AgentSkillsChanged(Event, frozen=True, kw_only=True):
    """A supervisor changed what the agent can take; `skills` are all that she has from here on."""

    agent: AgentKey
    skills: tuple[SkillLevel, ...]
    by: AgentKey


class HelpAsked(Event, frozen=True, kw_only=True):
    """The agent raised her hand: she wants help with the call she has, or has just had.

    The call is not named: that she asked is between her and who comes, and in no call's story.
    """

    agent: AgentKey


class HelpTaken(Event, frozen=True, kw_only=True):
    """A supervisor has told her that he comes."""

    agent: AgentKey
    by: AgentKey


class HelpGivenBack(Event, frozen=True, kw_only=True):
    """The supervisor who was to come does not: her hand is up again for the others."""

    agent: AgentKey
    by: AgentKey


class HelpEnded(Event, frozen=True, kw_only=True):
    """The agent took her hand down; it also goes down by itself with the work on that call."""

    agent: AgentKey


AnyAgentEvent = (
    AgentSignedIn
    | AgentSignedOut
    | AgentOriginsChanged
    | AgentReady
    | AgentPaused
    | PauseNoted
    | StateForceNoted
    | AgentSkillsChanged
    | RecoveryBreakOver
    | AgentLost
    | AgentReturned
    | WrapUpStarted
    | WrapUpLimitReached
    | WrapUpExtended
    | WrapUpFinished
    | HelpAsked
    | HelpTaken
    | HelpGivenBack
    | HelpEnded
)
