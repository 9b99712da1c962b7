"""The configuration over HTTP: its versions, one of them, and publishing another.

For administrators only; the table of access says so. A text may hold the secret of a relay, so no
answer here may be kept by anybody on the way.
"""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from openline.api.context import ApiContext
from openline.centre.publishing import Change, StaleBaseError
from openline.configuration import LARGEST_REQUEST_BYTES, ConfigurationError
from openline.model import RefusedError
from openline.store import ConfigurationRecord

_KEPT_BY_NOBODY = {"Cache-Control": "no-store"}


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    base: int | None = None
    dry_run: bool = False


def configuration(context: ApiContext) -> APIRouter:
    """Returns the routes; the table of access lets administrators in, and nobody else."""
    routes = APIRouter()

    @routes.get("/api/configuration")
    async def versions() -> JSONResponse:
        """Lists the published versions, oldest first; the last one is in force."""
        records = await context.publishing.versions()
        return _answer({"versions": [_about(record) for record in records]})

    @routes.get("/api/configuration/{version}")
    async def version(version: int) -> JSONResponse:
        """Gives one version with its text."""
        for record in await context.publishing.versions():
            if record.version == version:
                return _answer({**_about(record), "text": record.text})
        return _refusal("no_such_version", f"There is no version {version}.", 404)

    @routes.post("/api/configuration")
    async def publish(request: Request) -> JSONResponse:
        """Publishes a text as the next version, or says what that would do."""
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_REQUEST_BYTES:
                return _refusal("too_large", "The text is too large for a configuration.", 413)
        try:
            asked = msgspec.json.decode(body, type=_Asked)
        except (msgspec.MsgspecError, RecursionError) as error:
            return _refusal("bad_request", f"The request cannot be read: {error}.", 422)
        try:
            change = await context.publishing.publish(
                asked.text,
                base=asked.base,
                by=context.here(request).login,
                dry_run=asked.dry_run,
            )
        except StaleBaseError as error:
            return _refusal(error.code, str(error), 409, differences=list(error.differences))
        except ConfigurationError as error:
            return _refusal(error.code, str(error), 422, problems=error.as_json())
        except RefusedError as error:
            return _refusal(error.code, str(error), 409)
        return _answer(_told(change))

    return routes


def _about(record: ConfigurationRecord) -> dict[str, object]:
    return {"version": record.version, "at": record.at, "by": record.by or None}


def _told(change: Change) -> dict[str, object]:
    return {
        "version": change.version,
        "differences": list(change.differences),
        "at_next_start": list(change.at_next_start),
        "is_published": change.is_published,
        "held_back": [
            {"key": each.key, "was": each.was, "becomes": each.becomes} for each in change.held_back
        ],
    }


def _answer(body: dict[str, object]) -> JSONResponse:
    return JSONResponse(body, headers=_KEPT_BY_NOBODY)


def _refusal(code: str, message: str, status: int, **more: object) -> JSONResponse:
    body = {"error": {"code": code, "message": message, **more}}
    return JSONResponse(body, status_code=status, headers=_KEPT_BY_NOBODY)
