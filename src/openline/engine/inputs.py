"""What was seen outside: the only things that can make the engine do anything.

An input says what somebody or something did, never what should follow from it. Adapters and the
use-cases of the centre make them; `decisions/` answers them. They may come doubled, late, out of
order or for things that are gone: each such case is answered by name (see `transitions`).
"""

from openline.engine.settings import Settings
from openline.engine.state import AgentState
from openline.engine.value import Value
from openline.model import (
    AgentKey,
    CommandId,
    Duration,
    LegId,
    LineKey,
    OfferId,
    Origin,
    SealedRef,
)


class Input(Value, tag=True, frozen=True, kw_only=True):
    """Is something seen."""


# --- the centre itself ---------------------------------------------------------------------


class ConfigurationPublished(Input, frozen=True, kw_only=True):
    """A checked configuration became the valid one."""

    settings: Settings


class CentreStarted(Input, frozen=True, kw_only=True):
    """The program started, perhaps again; `legs` are those the ports still hold."""

    legs: tuple[LegId, ...]


class TimePassed(Input, frozen=True, kw_only=True):
    """The instant that `next_wakeup` named has come."""


class ClockStepped(Input, frozen=True, kw_only=True):
    """The wall clock was set: it moved by `by` against the monotonic one."""

    by: Duration


class CommandFailed(Input, frozen=True, kw_only=True):
    """An order could not be carried out."""

    command: CommandId
    leg: LegId
    why: str
    """One word from the adapter, for the record."""


# --- callers' legs -------------------------------------------------------------------------


class LegArrived(Input, frozen=True, kw_only=True):
    """Somebody calls a line."""

    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None = None


class PlaybackFinished(Input, frozen=True, kw_only=True):
    """A sound that was ordered by `playback` was heard to its end."""

    leg: LegId
    playback: CommandId


class LegHungUp(Input, frozen=True, kw_only=True):
    """The party at the leg ended it."""

    leg: LegId


class LegLost(Input, frozen=True, kw_only=True):
    """The connection to the page or telephone at the leg broke; it may come back."""

    leg: LegId


class LegReturned(Input, frozen=True, kw_only=True):
    """The page at the leg is connected again.

    `session` is the sound session that it still holds, if its sound was never interrupted.
    """

    leg: LegId
    session: int | None = None


class SoundConnected(Input, frozen=True, kw_only=True):
    """The leg hears the other side in this sound session."""

    leg: LegId
    session: int


class SoundLost(Input, frozen=True, kw_only=True):
    """The leg no longer hears the other side, though its page is connected."""

    leg: LegId
    session: int


# --- agents --------------------------------------------------------------------------------


class AgentRequest(Input, frozen=True, kw_only=True):
    """Is what an agent asks for."""

    agent: AgentKey


class SignInRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent starts work at the leg, for calls of these origins."""

    leg: LegId
    origins: tuple[Origin, ...]


class SignOutRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends work."""


class OriginsChosen(AgentRequest, frozen=True, kw_only=True):
    """An agent chose which origins she serves (practice on or off)."""

    origins: tuple[Origin, ...]


class ReadyRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent will take calls."""


class PauseRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent will take no calls; during a call it is noted and counts after it."""

    pause_reason: str


class AcceptRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent answers an offer."""

    offer: OfferId


class DeclineRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent declines an offer."""

    offer: OfferId


class HoldRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent parks the caller."""


class ResumeRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent takes the parked caller back."""


class HangUpRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends the call."""


class WrapUpFinishRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent has done the work after the call; `note` is sealed before it gets here."""

    disposition: str
    note: SealedRef | None = None
    ready: bool = True
    """Whether she will take calls at once; else she is paused for `pause_reason`."""
    pause_reason: str | None = None
    recovery: bool = False
    """Whether she asks for the recovery break first. Why she does is hers alone and told nobody."""


class WrapUpExtendRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent needs longer for the work after the call."""


# --- supervisors ---------------------------------------------------------------------------


class StateForced(Input, frozen=True, kw_only=True):
    """A supervisor wants an agent in another state; a talk is never cut for it."""

    by: AgentKey
    agent: AgentKey
    to: AgentState
    """Ready, paused or signed out."""
    pause_reason: str | None = None


AnyInput = (
    ConfigurationPublished
    | CentreStarted
    | TimePassed
    | ClockStepped
    | CommandFailed
    | LegArrived
    | PlaybackFinished
    | LegHungUp
    | LegLost
    | LegReturned
    | SoundConnected
    | SoundLost
    | SignInRequested
    | SignOutRequested
    | OriginsChosen
    | ReadyRequested
    | PauseRequested
    | AcceptRequested
    | DeclineRequested
    | HoldRequested
    | ResumeRequested
    | HangUpRequested
    | WrapUpFinishRequested
    | WrapUpExtendRequested
    | StateForced
)
