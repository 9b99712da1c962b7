"""Short memos from a supervisor to an agent, or to everybody on duty.

They are spoken words that happen to be typed: kept in memory alone, on no record and in no log, and
gone when they were read, taken back, an hour old, or when the centre ends. They are for colleagues
and never about a caller; what looks like a telephone number is refused.
"""

import re
from collections.abc import Callable, Iterable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.api.supervision import NO_ALIAS, Counted, refusal
from openline.engine import AgentState
from openline.model import AgentKey

LONGEST = 280
"""Characters."""
_NUMBER = re.compile(r"\d(?:[\s().+/-]*\d){6,}")


class WantedMemo(BaseModel):
    """Is a memo that a supervisor wants sent."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str | None = Field(max_length=64)
    """The key of an agent; null is everybody on duty."""
    words: str = Field(min_length=1, max_length=LONGEST)


def memos(context: ApiContext) -> APIRouter:
    """Returns the routes; the table of access lets supervisors in, and nobody else."""
    routes = APIRouter()

    @routes.post("/api/memos")
    async def send(request: Request, wanted: WantedMemo) -> JSONResponse:
        """Shows some words on a desk, or on those of everybody on duty."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        words = " ".join(wanted.words.split())
        if not words:
            return refusal(422, "no_words", "There are no words in it.")
        if _NUMBER.search(words):
            return refusal(422, "looks_like_number", "What looks like a number is not sent.")
        agents = context.centre.durable.agents
        if wanted.to is not None and AgentKey(wanted.to) not in agents:
            return refusal(404, "unknown_agent", "There is no agent of that key.")
        to = [
            key
            for key, agent in agents.items()
            if agent.state is not AgentState.SIGNED_OUT
            and (key == wanted.to if wanted.to is not None else key != by)
        ]
        if not to:
            return refusal(409, "nobody_there", "Nobody of those is signed in.")
        number = context.memos.send(to, by, words, context.centre.clock.now())
        _changed(context.watching.agent_changed, to)
        return JSONResponse({"memo": number, "reached": len(to)})

    @routes.post("/api/memos/{memo}/withdrawal")
    async def take_back(memo: Counted) -> JSONResponse:
        """Takes a memo back from those who have not read it."""
        having = context.memos.take_back(memo)
        _changed(context.watching.agent_changed, having)
        return JSONResponse({"memo": memo, "reached": len(having)})

    return routes


def _changed(tell: Callable[[AgentKey], None], agents: Iterable[AgentKey]) -> None:
    for agent in agents:
        tell(agent)
