"""What supervisors ask for."""

from openline.engine.inputs.base import Input
from openline.engine.parties import ListenMode
from openline.engine.settings import SkillLevel
from openline.engine.state import AgentState
from openline.model import AgentKey, LineKey, OfferId, QueueKey, SurgeKey


class StateForced(Input, frozen=True, kw_only=True):
    """A supervisor wants an agent in another state; a talk is never cut for it."""

    by: AgentKey
    agent: AgentKey
    to: AgentState
    """Ready, paused or signed out."""
    pause_reason: str | None = None


class SkillsChangeRequested(Input, frozen=True, kw_only=True):
    """A supervisor wants an agent to take other calls, from the next routing decision on."""

    by: AgentKey
    agent: AgentKey
    skills: tuple[SkillLevel, ...]
    """All that she is to have."""
    instead_of: tuple[SkillLevel, ...]
    """What the supervisor saw; if she has others meanwhile, it is refused."""


class CallTakeRequested(Input, frozen=True, kw_only=True):
    """A supervisor wants the next call of a queue to ring at her own desk."""

    by: AgentKey
    queue: QueueKey


class LineClosureRequested(Input, frozen=True, kw_only=True):
    """A supervisor closes a line at once, or opens it again."""

    by: AgentKey
    line: LineKey
    closed: bool


class SurgeRequested(Input, frozen=True, kw_only=True):
    """A supervisor switches a surge on, or (None) back to what is usual."""

    by: AgentKey
    surge: SurgeKey | None


class ListenRequested(Input, frozen=True, kw_only=True):
    """A supervisor wants to listen to an agent's talk, or to be heard otherwise while she does."""

    by: AgentKey
    agent: AgentKey
    mode: ListenMode


class HelpTakeRequested(Input, frozen=True, kw_only=True):
    """A supervisor says to an agent who raised her hand: I am coming; or takes that back."""

    by: AgentKey
    agent: AgentKey
    takes: bool


class ReviewRequested(Input, frozen=True, kw_only=True):
    """Somebody has looked at a hand-over to an emergency service, and says so."""

    by: AgentKey
    hand_over: OfferId
    """The number of the party to whom the caller's number was passed."""


AnySupervisorInput = (
    ListenRequested
    | ReviewRequested
    | StateForced
    | SkillsChangeRequested
    | CallTakeRequested
    | LineClosureRequested
    | SurgeRequested
    | HelpTakeRequested
)
