"""The routes of the sockets, the wallboard's stream and the health answers.

Who may use each stands in the table of access, which the pages' guard keeps for all routes.
"""

import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse

from openline.api.caller import caller_socket
from openline.api.configuration import configuration
from openline.api.context import ApiContext
from openline.api.desk import desk_socket
from openline.api.emergency_list import emergency_list
from openline.api.memos import memos
from openline.api.messages import messages
from openline.api.recordings import recordings
from openline.api.skills import skills
from openline.api.spoken import spoken
from openline.api.supervision import supervision
from openline.model import Origin


def router(context: ApiContext) -> APIRouter:
    """Returns all routes of this package."""
    routes = APIRouter()
    life = secrets.token_hex(4)

    @routes.get("/livez", include_in_schema=True)
    async def livez() -> JSONResponse:
        """Answers that the program runs; a frozen one does not answer.

        `life` is another one after each start: who asks sees a restart however short it was.
        """
        return JSONResponse({"status": "live", "life": life})

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        """Answers whether calls can be taken: 200 if so, 503 with the reason if not.

        `degraded` lists what somebody must see to although calls are taken.
        """
        centre = context.centre
        if centre.failed.done():
            return JSONResponse({"status": "failed"}, status_code=503)
        if not centre.takes_new_calls:
            body = {"status": "store_refuses_writes", "backlog": centre.writer.backlog}
            return JSONResponse(body, status_code=503)
        degraded = []
        if centre.store_failing is not None:
            degraded.append("store_refuses_writes")
        trouble = context.on_call_trouble()
        if trouble is not None:
            degraded.append(f"on_call_{trouble}")
        trouble = context.telephone_trouble()
        if trouble is not None:
            degraded.append(f"telephones_{trouble}")
        trouble = context.recorder_trouble()
        if trouble is not None:
            degraded.append(f"recorder_{trouble.removeprefix('recorder_')}")
        return JSONResponse({"status": "ready", "step": centre.durable.step, "degraded": degraded})

    @routes.websocket("/ws/call")
    async def ws_call(websocket: WebSocket) -> None:
        await caller_socket(context, websocket)

    @routes.websocket("/ws/desk")
    async def ws_desk(websocket: WebSocket) -> None:
        await desk_socket(context, websocket)

    @routes.get("/events/wallboard")
    async def wallboard(request: Request, origins: str = "real") -> Response:
        """Streams the live picture as server-sent events."""
        known = {origin.value: origin for origin in Origin}
        asked = origins.split(",")
        unknown = [name for name in asked if name not in known]
        if unknown:
            return JSONResponse(
                {
                    "error": {
                        "code": "unknown_origin",
                        "message": f'there is no origin "{unknown[0][:40]}"; '
                        f"there are {', '.join(known)}",
                    }
                },
                status_code=422,
            )
        chosen = tuple(origin for origin in Origin if origin.value in asked)
        here = context.here(request)
        return StreamingResponse(
            _while_signed_in(context, here.login, context.feed.stream((chosen, here.language))),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @routes.get("/events/room")
    async def room(request: Request) -> Response:
        """Streams the supervisor's picture as server-sent events; simulated ones in a demo too."""
        origins = (Origin.REAL, Origin.SIMULATED) if context.is_demo else (Origin.REAL,)
        language = context.here(request).language
        return StreamingResponse(
            context.room.stream((origins, language)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    routes.include_router(supervision(context))
    routes.include_router(skills(context))
    routes.include_router(messages(context))
    routes.include_router(recordings(context))
    routes.include_router(spoken(context))
    routes.include_router(memos(context))
    routes.include_router(configuration(context))
    routes.include_router(emergency_list(context))
    return routes


async def _while_signed_in(
    context: ApiContext, login: str, frames: AsyncGenerator[bytes]
) -> AsyncIterator[bytes]:
    """Passes a stream on until its reader is signed out from elsewhere."""
    departures = context.departures.count(login)
    async with aclosing(frames):
        async for frame in frames:
            if context.departures.count(login) != departures:
                return
            yield frame
