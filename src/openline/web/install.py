"""Puts the pages on an application: routes, guard, headers, and error pages in words.

Middleware added last stands outermost, so headers go on refusals too. An unforeseen error is
answered outside all of it, which is why its page gets the headers by hand.
"""

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from openline.web.bodies import BodyLimit
from openline.web.context import WebContext
from openline.web.guard import AccessGuard, wants_page
from openline.web.headers import HEADERS, SecurityHeaders
from openline.web.pages import Pages

_CODES = {404: "not_found", 405: "not_allowed", 413: "too_large", 422: "not_understood"}


def install(app: FastAPI, context: WebContext) -> None:
    """Adds the pages and their rules to an application; the routes of others come beside them.

    Call `check_complete(app.routes)` when all routes are there.
    """
    pages = Pages(context)
    app.include_router(pages.routes())
    app.add_middleware(BodyLimit)
    app.add_middleware(AccessGuard, context=context, refuse=pages.refuse)
    app.add_middleware(SecurityHeaders, is_public=context.is_public)

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 422
        if wants_page(request.headers):
            response = pages.error(request, status)
        else:
            response = _in_json(status, str(getattr(error, "detail", "")))
        if isinstance(error, HTTPException):
            response.headers.update(error.headers or {})
        return response

    async def broken(request: Request, _: Exception) -> Response:
        if wants_page(request.headers):
            response = pages.error(request, 500)
        else:
            response = _in_json(500, "Something went wrong here; it has been noted.")
        response.headers.update(HEADERS)
        return response

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
    app.add_exception_handler(Exception, broken)


def _in_json(status: int, message: str) -> Response:
    code = _CODES.get(status, "broken" if status >= 500 else "refused")
    words = message or "This request was not understood."
    return JSONResponse({"error": {"code": code, "message": words}}, status_code=status)
