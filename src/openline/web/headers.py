"""What does every answer tell the browser to refuse?

No script, style, font, picture or sound from anywhere else, nothing inline, no frame around us, no
type guessed. Pages may use the microphone and no other device. A foreign site learns nothing of
where a reader comes from.
"""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        # Covers the WebSockets of this host too.
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS: dict[str, str] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Nothing goes to other sites. Not `no-referrer`: with it a browser hides the Origin of a form
    # even from us, and the Origin is how we know that the form was ours.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "microphone=(self), autoplay=(self), camera=(), geolocation=(), display-capture=(), "
        "usb=(), serial=(), payment=(), browsing-topics=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}
"""Of a centre that is open to the world: for a year its name is asked by HTTPS alone."""


class SecurityHeaders:
    """Adds the headers to every answer of an application; one that a route set itself stays."""

    def __init__(self, app: ASGIApp, *, is_public: bool = False) -> None:
        self._app = app
        self._headers = HEADERS | STRICT_TRANSPORT if is_public else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
