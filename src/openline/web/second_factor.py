"""The second step of signing in: the code of a telephone, how it is set up, and one's own account.

Between the password and the code a browser holds a cookie that opens nothing but these pages. Who
has a second factor already cannot set another up by the password alone.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import quote

import segno
from fastapi import APIRouter, Form, Request
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from openline.identity import Account, Half
from openline.identity.second_factor import address, written
from openline.model import PeerError, RefusedError
from openline.web.access import visitor_of
from openline.web.accounts import TooManyTriesError
from openline.web.context import WebContext
from openline.web.preferences import local_path
from openline.web.shown import Shown
from openline.web.templating import Templating

HALF_COOKIE = "openline_half"
_FORM_LIMIT = 512
_HALF_LASTS_S = 600

BeginSession = Callable[[Request, Response, Account], Awaitable[None]]
HomeOf = Callable[[Account, str], str]


class SecondFactorPages:
    """Answers the routes of the second step."""

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
            ("/sign-in/code", self.code_form, get),
            ("/sign-in/code", self.code, post),
            ("/sign-in/setup", self.setup_form, get),
            ("/sign-in/setup", self.setup, post),
            ("/account", self.account, get),
            ("/account", self.change, post),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        return router

    async def enter(self, request: Request, account: Account, next_path: str) -> Response:
        """Lets in who proved the first step: at once, or by way of the second."""
        if self._context.second_step.has(account.login):
            return self._half_way(request, account.login, "/sign-in/code", next_path)
        if self._is_needed(account):
            if self._context.passkeys.has(account.login):
                # Else a password alone could set up a code, and be enough after all.
                return RedirectResponse(_onward("/sign-in/passkey", next_path), status_code=303)
            return self._half_way(request, account.login, "/sign-in/setup", next_path)
        response = RedirectResponse(self._home(account, next_path), status_code=303)
        await self._begin_session(request, response, account)
        return response

    # ---- the code --------------------------------------------------------------------------------

    async def code_form(self, request: Request, next: str = "") -> Response:
        half = self._half(request)
        if half is None:
            return RedirectResponse("/sign-in", status_code=303)
        return self._code_page(request, next)

    async def code(
        self,
        request: Request,
        code: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        next: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        half = self._half(request)
        account = None if half is None else self._account(half)
        if half is None or account is None:
            return RedirectResponse("/sign-in", status_code=303)
        try:
            await self._context.second_step.check(half.login, code)
        except TooManyTriesError as error:
            return self._code_page(request, next, "too_many", 429, error.retry_after_s)
        except RefusedError:
            half.wrong += 1
            return self._code_page(request, next, "wrong", 422)
        except PeerError:
            return self._code_page(request, next, "broken", 503)
        response = RedirectResponse(self._home(account, next), status_code=303)
        await self._in(request, response, account)
        return response

    # ---- setting one up --------------------------------------------------------------------------

    async def setup_form(self, request: Request, next: str = "") -> Response:
        half = self._half(request)
        if half is None or not self._may_set_up(request, half):
            return RedirectResponse("/sign-in", status_code=303)
        return self._setup_page(request, half, next)

    async def setup(
        self,
        request: Request,
        code: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        next: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        half = self._half(request)
        account = None if half is None else self._account(half)
        if half is None or account is None or not self._may_set_up(request, half):
            return RedirectResponse("/sign-in", status_code=303)
        try:
            codes = await self._context.second_step.begin(half.login, half.secret, code)
        except TooManyTriesError as error:
            return self._setup_page(request, half, next, "too_many", 429, error.retry_after_s)
        except RefusedError:
            return self._setup_page(request, half, next, "wrong", 422)
        page = self._templating.page(
            request, "recovery_codes.html", codes=codes, home=self._home(account, next)
        )
        await self._in(request, page, account)
        return page

    # ---- one's own account -----------------------------------------------------------------------

    async def account(self, request: Request) -> Response:
        return await self._account_page(request)

    async def change(
        self,
        request: Request,
        act: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        code: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        account = visitor_of(request).account
        if account is None or act not in ("begin", "end"):
            raise HTTPException(422)
        if act == "begin":
            return self._half_way(request, account.login, "/sign-in/setup", "/account")
        try:
            await self._context.second_step.end(account.login, code)
        except TooManyTriesError as error:
            return await self._account_page(request, "too_many", 429, error.retry_after_s)
        except RefusedError:
            return await self._account_page(request, "wrong", 422)
        except PeerError:
            return await self._account_page(request, "broken", 503)
        return RedirectResponse("/account", status_code=303)

    # ---- shared steps ----------------------------------------------------------------------------

    def _is_needed(self, account: Account) -> bool:
        return account.role.value in self._context.published().second_factor_for

    def _may_set_up(self, request: Request, half: Half) -> bool:
        """Tells whether a code may be set up: never by the password alone where there is more."""
        own = visitor_of(request).account
        is_in = own is not None and own.login == half.login
        has_passkey = self._context.passkeys.has(half.login)
        return not self._context.second_step.has(half.login) and (is_in or not has_passkey)

    def _half(self, request: Request) -> Half | None:
        token = request.cookies.get(HALF_COOKIE)
        return None if token is None else self._context.second_step.find(token)

    def _account(self, half: Half) -> Account | None:
        """Returns whose it is, if he may still come in."""
        return self._context.sign_in.find(half.login)

    def _half_way(self, request: Request, login: str, path: str, next_path: str) -> Response:
        response = RedirectResponse(_onward(path, next_path), status_code=303)
        response.set_cookie(
            HALF_COOKIE,
            self._context.second_step.open(login),
            max_age=_HALF_LASTS_S,
            path="/sign-in",
            httponly=True,
            samesite="strict",
            secure=not visitor_of(request).is_here,
        )
        return response

    async def _in(self, request: Request, response: Response, account: Account) -> None:
        self._context.second_step.close(request.cookies.get(HALF_COOKIE, ""))
        response.delete_cookie(HALF_COOKIE, path="/sign-in")
        await self._begin_session(request, response, account)

    def _code_page(
        self,
        request: Request,
        next_path: str,
        problem: str | None = None,
        status: int = 200,
        wait_s: int = 0,
    ) -> Response:
        return self._templating.page(
            request,
            "sign_in_code.html",
            status,
            next=local_path(next_path, ""),
            problem=problem,
            wait_s=wait_s,
        )

    def _setup_page(
        self,
        request: Request,
        half: Half,
        next_path: str,
        problem: str | None = None,
        status: int = 200,
        wait_s: int = 0,
    ) -> Response:
        centre = self._context.centre_name(self._templating.language(request))
        scanned = address(half.secret, login=half.login, centre=centre)
        drawn = segno.make(scanned, error="m").svg_inline(scale=5, border=4, light="#fff")
        secret = written(half.secret)
        return self._templating.page(
            request,
            "second_factor.html",
            status,
            next=local_path(next_path, ""),
            problem=problem,
            wait_s=wait_s,
            # Made by the library out of squares; nothing that somebody typed is in it as text.
            drawn=Markup(drawn),
            secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
            scanned=scanned,
            may_use_passkey=not self._context.passkeys.has(half.login),
        )

    async def _account_page(
        self, request: Request, problem: str | None = None, status: int = 200, wait_s: int = 0
    ) -> Response:
        own = visitor_of(request).account
        assert own is not None
        has = self._context.second_step.has(own.login)
        return self._templating.page(
            request,
            "account.html",
            status,
            own=own,
            has_factor=has,
            is_needed=self._is_needed(own),
            passkeys=self._context.passkeys.of(own.login),
            shown=Shown(
                language=self._templating.language(request), zone=self._context.published().zone
            ),
            codes_left=await self._context.second_step.codes_left(own.login) if has else 0,
            problem=problem,
            wait_s=wait_s,
        )


def _onward(path: str, next_path: str) -> str:
    """Returns a page that remembers where one wanted to go."""
    onward = local_path(next_path, "")
    return f"{path}?next={quote(onward)}" if onward else path
