"""Coming in by a passkey, and the passkeys of one's own account.

Two steps each: the page asks for a challenge, the browser asks its owner, the page brings the
answer. The scripts of the pages speak JSON here; without them, or where a browser knows no
passkeys, password and code remain.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Body, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from openline.identity import Account, Half, Place
from openline.model import RefusedError
from openline.web.access import visitor_of
from openline.web.context import WebContext
from openline.web.preferences import local_path
from openline.web.second_factor import HALF_COOKIE, BeginSession, HomeOf
from openline.web.templating import Templating

Answered = Annotated[dict[str, Any], Body(embed=True)]
"""What `navigator.credentials` gave, as JSON."""
Typed = Annotated[str, Body(max_length=512)]


class PasskeyPages:
    """Answers the routes about passkeys."""

    def __init__(
        self,
        context: WebContext,
        templating: Templating,
        begin_session: BeginSession,
        home: HomeOf,
    ) -> None:
        """`begin_session` signs a browser in by a response; `home` says where one is led."""
        self._context = context
        self._templating = templating
        self._begin_session = begin_session
        self._home = home

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        get, post = ["GET", "HEAD"], ["POST"]
        for path, endpoint, methods in (
            ("/sign-in/passkey", self.enter_form, get),
            ("/sign-in/passkey", self.enter, post),
            ("/sign-in/passkey/challenge", self.challenge_to_enter, post),
            ("/sign-in/setup/passkey", self.set_up, post),
            ("/sign-in/setup/passkey/challenge", self.challenge_to_set_up, post),
            ("/account/passkeys", self.add, post),
            ("/account/passkeys/challenge", self.challenge_to_add, post),
            ("/account/passkeys/{name}", self.remove, post),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        return router

    # ---- coming in -------------------------------------------------------------------------------

    async def enter_form(self, request: Request, next: str = "") -> Response:
        """Is the page for whose role a password alone is not enough, and who has a passkey."""
        return self._templating.page(request, "sign_in_passkey.html", next=local_path(next, ""))

    async def challenge_to_enter(self, request: Request) -> Response:
        return JSONResponse(self._context.passkeys.asked_to_enter(_place(request)))

    async def enter(self, request: Request, answer: Answered, next: Typed = "") -> Response:
        try:
            login = await self._context.passkeys.entered(_place(request), answer)
        except RefusedError as error:
            return _refused(error)
        account = self._context.sign_in.find(login)
        if account is None:
            # Closed meanwhile; whoever asks learns no more than with an unknown passkey.
            return _refused(RefusedError("This passkey opens nothing.", code="passkey_wrong"))
        return await self._in(request, account, next)

    # ---- the second step of a first session ------------------------------------------------------

    async def challenge_to_set_up(self, request: Request) -> Response:
        return self._challenge(request, self._owner_half_way(request)[1])

    async def set_up(
        self, request: Request, answer: Answered, label: Typed = "", next: Typed = ""
    ) -> Response:
        """Makes a passkey serve where a role needs more than a password."""
        token, account = self._owner_half_way(request)
        refusal = await self._add(request, account, answer, label)
        if refusal is not None:
            return refusal
        response = await self._in(request, account, next)
        self._context.second_step.close(token)
        response.delete_cookie(HALF_COOKIE, path="/sign-in")
        return response

    # ---- one's own account -----------------------------------------------------------------------

    async def challenge_to_add(self, request: Request) -> Response:
        return self._challenge(request, _own(request))

    async def add(self, request: Request, answer: Answered, label: Typed = "") -> Response:
        refusal = await self._add(request, _own(request), answer, label)
        return JSONResponse({"to": "/account"}, 201) if refusal is None else refusal

    async def remove(self, request: Request, name: str) -> Response:
        await self._context.passkeys.remove(_own(request).login, name)
        return RedirectResponse("/account", status_code=303)

    # ---- shared steps ----------------------------------------------------------------------------

    def _challenge(self, request: Request, account: Account) -> Response:
        centre = self._context.centre_name(self._templating.language(request))
        asked = self._context.passkeys.asked_to_add(account, _place(request), centre=centre)
        return JSONResponse(asked)

    async def _add(
        self, request: Request, account: Account, answer: dict[str, Any], label: str
    ) -> Response | None:
        try:
            await self._context.passkeys.add(account.login, _place(request), answer, label=label)
        except RefusedError as error:
            return _refused(error)
        return None

    async def _in(self, request: Request, account: Account, next_path: str) -> Response:
        response = JSONResponse({"to": self._home(account, next_path)})
        await self._begin_session(request, response, account)
        return response

    def _owner_half_way(self, request: Request) -> tuple[str, Account]:
        """Returns who gave a password and has nothing else yet, with the token that says so."""
        token = request.cookies.get(HALF_COOKIE, "")
        half: Half | None = self._context.second_step.find(token)
        account = None if half is None else self._context.sign_in.find(half.login)
        if account is None or self._has_more(account.login):
            raise HTTPException(403, "Sign in with your password first.")
        return token, account

    def _has_more(self, login: str) -> bool:
        return self._context.second_step.has(login) or self._context.passkeys.has(login)


def _own(request: Request) -> Account:
    account = visitor_of(request).account
    assert account is not None, "the route is for whoever has signed in"
    return account


def _place(request: Request) -> Place:
    """Returns where the page was opened, as the browser says; the guard has compared the host."""
    origin = request.headers.get("origin", "")
    host = urlsplit(origin).hostname
    if host is None:
        raise HTTPException(422, "The browser does not say from which page this comes.")
    return Place(origin=origin, host=host)


def _refused(error: RefusedError) -> Response:
    return JSONResponse({"error": {"code": error.code, "message": str(error)}}, 422)
