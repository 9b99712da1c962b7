"""The guard before every route: finds out who comes, and lets in whom the table names.

Works on ASGI itself, before routing, so that it stands before WebSockets, event streams and
whatever else is added later. Refusals are given in the form that was asked for: a page to a reader,
JSON to a script, a refused handshake to a WebSocket.
"""

from collections.abc import Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from openline.centre.reach import is_over_loopback
from openline.web.access import House, Verdict, Visitor, audience_of, judge
from openline.web.context import WebContext

SESSION_COOKIE = "openline_session"

_READING = frozenset({"GET", "HEAD", "OPTIONS"})

STATUS: dict[Verdict, int] = {
    Verdict.NO_SUCH_ROUTE: 404,
    Verdict.FOREIGN_PAGE: 403,
    Verdict.NO_SOUND: 503,
    Verdict.SIGN_IN_FIRST: 401,
    Verdict.NOT_FOR_THIS_ROLE: 403,
    Verdict.ONLY_IN_A_DEMO: 404,
}

Refuse = Callable[[Request, Verdict], Response]
"""Makes the page that explains a refusal to a reader."""


class AccessGuard:
    """Wraps an application; `scope["state"]["visitor"]` tells the routes behind it who comes."""

    def __init__(self, app: ASGIApp, context: WebContext, refuse: Refuse) -> None:
        self._app = app
        self._context = context
        self._refuse = refuse
        self._house = House(
            is_demo=context.is_demo,
            can_carry_sound_afar=context.has_relay,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        visitor = await self._visitor(connection)
        scope.setdefault("state", {})["visitor"] = visitor
        verdict = self._judge(connection, visitor)
        if verdict is Verdict.WELCOME:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await _refuse_handshake(receive, send)
        else:
            response = self._refusal(Request(scope, receive), verdict)
            await response(scope, receive, send)

    async def _visitor(self, connection: HTTPConnection) -> Visitor:
        token = connection.cookies.get(SESSION_COOKIE)
        account = await self._context.sessions.find(token) if token else None
        client = connection.client.host if connection.client else None
        is_here = is_over_loopback(client, connection.headers.items())
        return Visitor(account=account, is_here=is_here)

    def _judge(self, connection: HTTPConnection, visitor: Visitor) -> Verdict:
        scope = connection.scope
        audience = audience_of(scope["path"])
        if audience is None:
            return Verdict.NO_SUCH_ROUTE
        is_act = scope["type"] == "http" and scope["method"] not in _READING
        is_socket = scope["type"] == "websocket"
        if (is_act or is_socket) and not is_from_own_page(connection.headers, needed=is_act):
            return Verdict.FOREIGN_PAGE
        return judge(audience, visitor, self._house)

    def _refusal(self, request: Request, verdict: Verdict) -> Response:
        if not wants_page(request.headers):
            words = {"error": {"code": verdict.value, "message": MESSAGES[verdict]}}
            return JSONResponse(words, status_code=STATUS[verdict])
        if verdict is Verdict.SIGN_IN_FIRST and request.method in _READING:
            return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", status_code=303)
        return self._refuse(request, verdict)


MESSAGES: dict[Verdict, str] = {
    Verdict.NO_SUCH_ROUTE: "There is nothing at this address.",
    Verdict.FOREIGN_PAGE: "This must come from one of Openline's own pages.",
    Verdict.NO_SOUND: "From this machine sound cannot be carried: no relay server is configured.",
    Verdict.SIGN_IN_FIRST: "Sign in first.",
    Verdict.NOT_FOR_THIS_ROLE: "Your account may not do this.",
    Verdict.ONLY_IN_A_DEMO: "There is nothing at this address.",
}
"""For programs, in English; what readers see is in the catalogue."""


def wants_page(headers: Headers) -> bool:
    """Tells whether the other side is a browser that shows what it gets."""
    return "text/html" in headers.get("accept", "")


def is_from_own_page(headers: Headers, *, needed: bool) -> bool:
    """Tells whether a page of ours made the request.

    A browser says so in Sec-Fetch-Site (on secure addresses), and in Origin. Whoever says neither
    is let through unless proof is `needed`: no browser, so it carries nobody's cookies by mistake.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is None and origin is None:
        return not needed
    if site is not None and site not in {"same-origin", "none"}:
        return False
    # Only the host is compared: a proxy may speak https outside and http inside.
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


async def _refuse_handshake(receive: Receive, send: Send) -> None:
    """Closes before accepting, which the other side sees as HTTP 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008})
