"""The list of emergency services over HTTP: what is in force, what waits, and who confirms it.

For supervisors and administrators: whoever published a change cannot confirm it, and in a small
centre the other one who may is often not an administrator. Who asks is known from the session.
"""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

from openline.api.context import ApiContext
from openline.centre.emergency_list_view import emergency_list_view, pending_view
from openline.model import RefusedError


class WantedList(BaseModel):
    """Names the change that is meant, by the version of the configuration that brought it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: int


def emergency_list(context: ApiContext) -> APIRouter:
    """Returns the routes."""
    routes = APIRouter()

    def _pending(request: Request) -> JSONResponse:
        here = context.here(request)
        pending = context.publishing.emergency.pending(context.centre.clock.now())
        return JSONResponse({"pending": pending_view(pending, here.language)})

    @routes.get("/api/emergency-list")
    async def emergency(request: Request) -> JSONResponse:
        """Gives the list in force, the change that waits, and all changes that there were."""
        language, now = context.here(request).language, context.centre.clock.now()
        told = emergency_list_view(context.published, context.publishing.emergency, now, language)
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    @routes.post("/api/emergency-list/confirmation")
    async def confirm(request: Request, wanted: WantedList) -> JSONResponse:
        """Confirms a change as the second person; a day later it is in force by itself."""
        try:
            await context.publishing.confirm_list(wanted.version, by=context.here(request).login)
        except RefusedError as error:
            return _refusal(error)
        return _pending(request)

    @routes.post("/api/emergency-list/withdrawal")
    async def withdraw(request: Request, wanted: WantedList) -> JSONResponse:
        """Takes a change back that is not in force yet."""
        try:
            await context.publishing.withdraw_list(wanted.version, by=context.here(request).login)
        except RefusedError as error:
            return _refusal(error)
        return _pending(request)

    return routes


def _refusal(error: RefusedError) -> JSONResponse:
    body = {"error": {"code": error.code, "message": str(error)}}
    return JSONResponse(body, status_code=404 if error.code == "no_proposal" else 409)
