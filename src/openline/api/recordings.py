"""The recordings of talks: what an agent wants of that of her own talk, and how one is heard later.

In her talk an agent pauses it, goes on, or takes her caller's yes back. Afterwards it is for
supervisors alone, for a reason; that is noted before the first of it is heard. Nothing here asks
for a caller: a recording is found by the number of its call.
"""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.api.supervision import Counted, refusal
from openline.model import SECOND, CallId, OpenlineError, RefusedError

REASONS = ("quality", "complaint", "safety")
"""Why somebody hears a recording."""
WANTED = ("on", "paused", "withdrawn")


class WantedRecording(BaseModel):
    """Says what is to become of the recording of one's own talk."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field(max_length=20)


class WantedSound(BaseModel):
    """Says why a recording is to be heard."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str = Field(max_length=20)


def recordings(context: ApiContext) -> APIRouter:
    """Returns the routes."""
    routes = APIRouter()

    @routes.post("/api/recording")
    async def want(request: Request, wanted: WantedRecording) -> JSONResponse:
        """Pauses the recording of her own talk, goes on, or destroys it as her caller wishes."""
        if wanted.to not in WANTED:
            return refusal(422, "unknown_state", f"`to` must be one of {', '.join(WANTED)}.")
        here = context.here(request)
        if here.agent is None:
            return refusal(404, "no_recording", NO_TALK)
        try:
            now = await context.recordings.want(here.agent, here.login, wanted.to)
        except RefusedError:
            return refusal(404, "no_recording", NO_TALK)
        except OpenlineError:
            return refusal(503, "not_now", "It is stopped, and not yet destroyed. Try again.")
        return JSONResponse({"recording": now})

    @routes.get("/api/recordings")
    async def there(request: Request) -> JSONResponse:
        """Lists the recordings that can be heard, the newest first."""
        name, language = context.published.name_of, context.here(request).language
        found = context.recordings.there()
        now = context.centre.clock.now()
        return JSONResponse(
            {
                "now": now,
                "recordings": [
                    {
                        "call": each.talk.call,
                        "line": name("line", each.talk.line, language),
                        "begun_at": each.talk.at,
                        "length_s": round(each.length / SECOND),
                        "is_cut": each.is_cut,
                        "destroy_at": each.destroy_at,
                    }
                    for each in found
                ],
            }
        )

    @routes.post("/api/recordings/{call}/sound")
    async def sound(request: Request, call: Counted, wanted: WantedSound) -> Response:
        """Notes who hears it and why, and answers its sound; it is kept by no browser."""
        if wanted.why not in REASONS:
            return refusal(422, "unknown_reason", f"`why` must be one of {', '.join(REASONS)}.")
        here = context.here(request)
        try:
            heard = await context.recordings.hear(CallId(call), here.login, wanted.why)
        except OpenlineError as error:
            return _refused(error)
        return StreamingResponse(
            heard, media_type="audio/wav", headers={"Cache-Control": "no-store"}
        )

    @routes.post("/api/recordings/{call}/withdrawal")
    async def destroy(request: Request, call: Counted) -> JSONResponse:
        """Destroys it, because its caller asked for that after the talk."""
        here = context.here(request)
        try:
            await context.recordings.destroy(CallId(call), here.login)
        except OpenlineError as error:
            return _refused(error)
        return JSONResponse({"call": call, "destroyed": True})

    return routes


NO_TALK = "You have no call that is recorded, or its recording was destroyed."


def _refused(error: OpenlineError) -> JSONResponse:
    if isinstance(error, RefusedError):
        return refusal(404, "no_recording", "There is no such recording any more.")
    return refusal(503, "not_now", "That is not possible now. Try again in a moment.")
