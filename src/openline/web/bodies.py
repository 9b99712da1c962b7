"""How much may be sent with a request? What is more is refused while it comes, and never held.

Forms and acts are a few hundred bytes; whatever takes more has its own line in the table. Nobody
must be signed in to send a form, so nobody needs an account to be stopped here.
"""

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openline.configuration import LARGEST_REQUEST_BYTES

LARGEST_BODY_BYTES = 64 * 1024
LARGER: dict[str, int] = {
    "/api/configuration": LARGEST_REQUEST_BYTES,
    # A minute of speech.
    "/api/sounds": 2 * 1024 * 1024,
    # A workbook of three years of quarters of an hour has about two and a half.
    "/forecast": 8 * 1024 * 1024,
    "/forecast/file": 8 * 1024 * 1024,
    # The plan, and the one it is compared with.
    "/planner": 8 * 1024 * 1024,
    "/planner/file": 8 * 1024 * 1024,
    "/planner/twin": 8 * 1024 * 1024,
    "/try/lived": 8 * 1024 * 1024,
}
"""By path, for routes that take more than a form."""


class BodyLimit:
    """Wraps an application: whoever reads a body that is too large gets a 413 to answer with.

    A route that reads no body is not disturbed by one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = LARGER.get(scope["path"], LARGEST_BODY_BYTES)
        declared = HTTPConnection(scope).headers.get("content-length", "")
        came = int(declared) if declared.isascii() and declared.isdecimal() else 0
        is_declared = came > 0

        async def counted() -> Message:
            nonlocal came
            message: Message = {} if is_declared else await receive()
            came += len(message.get("body", b""))
            if came > largest:
                raise HTTPException(413)
            return message or await receive()

        await self._app(scope, counted, send)
