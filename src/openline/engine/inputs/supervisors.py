"""What supervisors ask for."""

from openline.engine.inputs.base import Input
from openline.engine.state import AgentState
from openline.model import AgentKey


class StateForced(Input, frozen=True, kw_only=True):
    """A supervisor wants an agent in another state; a talk is never cut for it."""

    by: AgentKey
    agent: AgentKey
    to: AgentState
    """Ready, paused or signed out."""
    pause_reason: str | None = None


AnySupervisorInput = StateForced
