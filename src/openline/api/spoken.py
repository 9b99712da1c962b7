"""What callers hear: which recordings there are and where, another one spoken from a headset, undo.

Whoever calls may hear them, so their sound is for everybody; to change them is a supervisor's act.
It counts from the next time that the recording is played.
"""

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.api.supervision import refusal
from openline.centre.spoken_uses import SoundUse, uses_of
from openline.model import SECOND, OpenlineError, RefusedError

_STATUS = {"bad_sound": 422, "changed_meanwhile": 409, "not_kept": 404}
_TAKE = re.compile(r"[1-9][0-9]{0,9}")
FOR_EVER = "public, max-age=31536000, immutable"


class WantedVersion(BaseModel):
    """Names the version that callers are to hear again; 0 is what came with Openline."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sound: str = Field(max_length=64)
    take: int = Field(ge=0, le=10**10)
    instead_of: int = Field(ge=0, le=10**10)
    """What whoever asks believes to be heard now."""


def spoken(context: ApiContext) -> APIRouter:
    """Returns the routes."""
    routes = APIRouter()

    @routes.get("/api/sounds")
    async def sounds(request: Request) -> JSONResponse:
        """Lists what callers hear, where, and the versions that there are."""
        language = context.here(request).language
        uses = uses_of(context.published, language)
        return JSONResponse(
            {
                "now": context.centre.clock.now(),
                "sounds": [_shown(context, sound, where) for sound, where in uses.items()],
            }
        )

    @routes.post("/api/sounds")
    async def speak(request: Request, sound: str, instead_of: int, says_so: bool) -> JSONResponse:
        """Takes a WAV file, which callers hear from now on.

        `says_so` is that it tells callers that they may be heard, where that must be told.
        """
        here = context.here(request)
        where = uses_of(context.published, here.language).get(sound)
        if where is None:
            return refusal(404, "unknown_sound", "No caller hears a recording of that name.")
        if any(use.may_be_heard for use in where) and not says_so:
            return refusal(
                422,
                "must_be_told",
                "Calls of this line may be heard by others; it must tell callers so.",
            )
        wav = await request.body()
        try:
            await context.spoken.speak(sound, wav, here.login, instead_of)
        except OpenlineError as error:
            return _refused(error)
        return JSONResponse(_shown(context, sound, where))

    @routes.post("/api/sounds/choice")
    async def choose(request: Request, wanted: WantedVersion) -> JSONResponse:
        """Lets callers hear an older version again."""
        here = context.here(request)
        sound = wanted.sound
        where = uses_of(context.published, here.language).get(sound)
        if where is None:
            return refusal(404, "unknown_sound", "No caller hears a recording of that name.")
        try:
            await context.spoken.choose(sound, wanted.take, here.login, wanted.instead_of)
        except OpenlineError as error:
            return _refused(error)
        return JSONResponse(_shown(context, sound, where))

    @routes.get("/sounds/spoken/{name}")
    async def file(name: str) -> Response:
        """Answers one version as a WAV file; its address never means another one."""
        take = name.removesuffix(".wav")
        body = await context.spoken.body(int(take)) if _TAKE.fullmatch(take) else None
        if body is None:
            return refusal(404, "not_kept", "That recording is kept no longer.")
        return Response(body, media_type="audio/wav", headers={"Cache-Control": FOR_EVER})

    return routes


def _shown(context: ApiContext, sound: str, where: list[SoundUse]) -> dict[str, object]:
    spoken = context.spoken
    last = spoken.last(sound)
    return {
        "sound": sound,
        "where": [{"kind": use.kind, "name": use.name} for use in where],
        "must_tell": any(use.may_be_heard for use in where),
        "heard": spoken.heard(sound),
        "url": spoken.url(sound),
        "stock_url": spoken.stock_url(sound),
        "changed_at": None if last is None else last.at,
        "changed_by": None if last is None else last.by,
        "versions": [
            {
                "take": each.take,
                "at": each.at,
                "by": each.by,
                "length_s": round(each.length / SECOND),
                "url": spoken.version_url(each.take),
            }
            for each in spoken.versions(sound)
        ],
    }


def _refused(error: OpenlineError) -> JSONResponse:
    if isinstance(error, RefusedError):
        return refusal(_STATUS.get(error.code, 422), error.code, str(error))
    return refusal(503, "not_now", "It could not be kept; what was heard before is heard.")
