"""What a supervisor asks about who takes what: other skills for somebody, a call for herself.

Changed skills hold from the next routing decision on. Whoever asks says what she saw, so that of
two who change the same agent the second is told, and nothing of the first is lost unseen.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.api.supervision import NO_ALIAS, asked, refusal
from openline.engine import SkillLevel
from openline.engine import inputs as i
from openline.model import AgentKey, QueueKey, Reason, SkillKey

Levels = dict[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=1, le=5, strict=True)]]
"""By skill; what is not in it she does not have."""


class WantedSkills(BaseModel):
    """Says all that an agent is to have, and what she had when the supervisor looked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    skills: Levels = Field(max_length=200)
    instead_of: Levels = Field(max_length=200)


AT_DESK: dict[Reason, tuple[str, str]] = {
    Reason.NOT_SIGNED_IN: (
        "not_at_your_desk",
        "The call rings at your own desk: sign in there first.",
    ),
    Reason.NOT_IN_THIS_STATE: (
        "taker_busy",
        "Whoever has a call, an offer or a wrap-up, or cannot be reached, takes no other call.",
    ),
    Reason.IN_RECOVERY: ("taker_busy", "You are in a break after a hard call."),
}
"""Refusals of taking a call that are about the supervisor herself."""


def skills(context: ApiContext) -> APIRouter:
    """Returns the routes; the table of access lets supervisors in, and nobody else."""
    routes = APIRouter()

    @routes.post("/api/agents/{agent}/skills")
    async def change(request: Request, agent: str, wanted: WantedSkills) -> JSONResponse:
        """Changes what an agent can take; answers when it is durable."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key = AgentKey(agent)
        seen = i.SkillsChangeRequested(
            by=by, agent=key, skills=_levels(wanted.skills), instead_of=_levels(wanted.instead_of)
        )
        refused = await asked(context, seen)
        return refused or JSONResponse({"agent": key, "skills": wanted.skills})

    @routes.post("/api/queues/{queue}/taking")
    async def take(request: Request, queue: str) -> JSONResponse:
        """Lets the next call of a queue ring at her own desk."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key = QueueKey(queue)
        refused = await asked(context, i.CallTakeRequested(by=by, queue=key), AT_DESK)
        return refused or JSONResponse({"queue": key})

    return routes


def _levels(skills: dict[str, int]) -> tuple[SkillLevel, ...]:
    return tuple(SkillLevel(skill=SkillKey(key), level=level) for key, level in skills.items())
