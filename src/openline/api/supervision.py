"""What a supervisor asks of the centre: who is there, and another state for one of them.

For pages and programs alike: JSON in and out. Who asks is known from the session alone, never from
what is sent; on record he stands by his key in the configuration, which is an alias.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.centre.views import staff_view
from openline.engine import AgentState
from openline.engine import inputs as i
from openline.model import AgentKey, BugError, Reason


class WantedState(BaseModel):
    """Is the state that a supervisor wants an agent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field(max_length=20)
    pause_reason: str | None = Field(default=None, max_length=40)


FORCEABLE = {
    state.value: state for state in (AgentState.READY, AgentState.PAUSED, AgentState.SIGNED_OUT)
}

STATUS: dict[Reason, int] = {Reason.UNKNOWN_AGENT: 404}
"""Any other refusal is a conflict with what the agent does now."""


def supervision(context: ApiContext) -> APIRouter:
    """Returns the routes; the table of access lets supervisors in, and nobody else."""
    routes = APIRouter()

    @routes.get("/api/agents")
    async def agents(request: Request) -> JSONResponse:
        """Lists the agents: what each does now, since when and why."""
        language = context.here(request).language
        return JSONResponse(
            {"agents": staff_view(context.centre.durable, context.published, language)}
        )

    @routes.post("/api/agents/{agent}/state")
    async def force(request: Request, agent: str, wanted: WantedState) -> JSONResponse:
        """Forces a state, now or, while she has a call, after it; answers when it is durable."""
        by = context.here(request).agent
        if by is None:
            return refusal(
                403,
                "no_alias",
                "Your account belongs to no agent of the configuration. An account "
                "with one is made by: openline user add LOGIN --role supervisor --agent KEY",
            )
        to = FORCEABLE.get(wanted.to)
        if to is None:
            known = ", ".join(FORCEABLE)
            return refusal(422, "unknown_state", f"`to` must be one of {known}.")
        if wanted.pause_reason is not None and to is not AgentState.PAUSED:
            return refusal(422, "no_pause", "Only a pause has a pause_reason.")
        key = AgentKey(agent)
        seen = i.StateForced(by=by, agent=key, to=to, pause_reason=wanted.pause_reason)
        try:
            reason = await context.centre.ask(seen)
        except BugError:
            return refusal(500, "fault", "Nothing was changed. The centre's log says more.")
        if reason is not None:
            return refusal(STATUS.get(reason, 409), reason.value, WORDS.get(reason, OTHERWISE))
        now = context.centre.durable.agents[key]
        is_noted = now.forced_to is to
        return JSONResponse(
            {"agent": key, "to": to.value, "when": "after_call" if is_noted else "now"}
        )

    return routes


OTHERWISE = "That does not fit what the agent does now; nothing was changed."
WORDS: dict[Reason, str] = {
    Reason.UNKNOWN_AGENT: "There is no agent of that key.",
    Reason.UNKNOWN_PAUSE_REASON: "There is no pause reason of that key.",
    Reason.NOT_SIGNED_IN: "She is not signed in; nobody can be signed in from outside.",
    Reason.IN_RECOVERY: "She is in a break after a hard call, which nobody cuts short.",
}
"""In English, for programs."""


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """Returns the one form of all errors."""
    body: dict[str, Any] = {"error": {"code": code, "message": message}}
    return JSONResponse(body, status_code=status)
