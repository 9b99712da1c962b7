"""The messages in voicemail boxes, for the desk: which wait, how one sounds, that one is done with.

Nobody is told of a message that is not for her, and one that is gone is like one that never was.
What is heard is heard for a reason, and noted.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.model import SECOND, OpenlineError, RefusedError, SealedRef

REASONS = ("own_work", "quality", "complaint")
"""Why somebody hears a message; the first is an agent's who deals with it."""


class WantedSound(BaseModel):
    """Says why a message is to be heard."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str = Field(max_length=20)


def messages(context: ApiContext) -> APIRouter:
    """Returns the routes."""
    routes = APIRouter()

    @routes.get("/api/messages")
    async def waiting(request: Request) -> JSONResponse:
        """Lists the messages that wait for whoever asks, the oldest first."""
        here, published = context.here(request), context.published
        found = context.messages.waiting(here.agent, supervises=here.supervises)

        def said(each: Any) -> dict[str, object]:
            name, language = published.name_of, here.language
            return {
                "message": each.ref,
                "box": name("voicemail", each.left.box, language),
                "line": name("line", each.left.line, language),
                "left_at": each.left.at,
                "length_s": round(each.length / SECOND),
                "is_cut": each.is_cut,
                "taken_by": None
                if each.taken_by in (None, here.agent)
                else name("agent", each.taken_by, language),
            }

        now = context.centre.clock.now()
        return JSONResponse({"now": now, "messages": [said(each) for each in found]})

    @routes.post("/api/messages/{message}/sound")
    async def sound(request: Request, message: str, wanted: WantedSound) -> Response:
        """Notes who hears it and why, and answers its sound; it is kept by no browser."""
        if wanted.why not in REASONS:
            return _refusal(422, "unknown_reason", f"`why` must be one of {', '.join(REASONS)}.")
        here = context.here(request)
        try:
            heard = await context.messages.hear(
                SealedRef(message), here.agent, here.login, wanted.why, supervises=here.supervises
            )
        except OpenlineError as error:
            return _refused(error)
        return StreamingResponse(
            heard, media_type="audio/wav", headers={"Cache-Control": "no-store"}
        )

    @routes.post("/api/messages/{message}/done")
    async def done(request: Request, message: str) -> JSONResponse:
        """Destroys it: whoever is done with a message needs it no longer, and nobody else does."""
        here = context.here(request)
        try:
            await context.messages.done(
                SealedRef(message), here.agent, here.login, supervises=here.supervises
            )
        except OpenlineError as error:
            return _refused(error)
        return JSONResponse({"message": message, "done": True})

    return routes


def _refused(error: OpenlineError) -> JSONResponse:
    if isinstance(error, RefusedError):
        return _refusal(404, "no_message", "There is no such message any more.")
    return _refusal(503, "not_now", "The message cannot be heard now. Try again in a moment.")


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)
