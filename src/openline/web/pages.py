"""The routes of the pages: what each shows, and what its forms do.

Who may come is not decided here (see `access`), how pages look is not written here (see
`templates`). What is refused here is refused in words that the reader can act upon.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from openline.identity import Account, Role
from openline.model import LineKey
from openline.web.access import Verdict, visitor_of
from openline.web.accounts import TooManyTriesError
from openline.web.care_pages import CarePages
from openline.web.context import DemoAccount, LineName, WebContext
from openline.web.forecasting import ForecastPages
from openline.web.guard import SESSION_COOKIE, STATUS, wants_page
from openline.web.kept_tries import KeptTryPages
from openline.web.passkeys import PasskeyPages
from openline.web.people import PeoplePages
from openline.web.planner import PlannerPages
from openline.web.planner_twin import TwinPages
from openline.web.preferences import (
    LANGUAGE_COOKIE,
    THEME_COOKIE,
    THEMES,
    YEAR_S,
    local_path,
)
from openline.web.reading import ReadingPages
from openline.web.second_factor import SecondFactorPages
from openline.web.staffing import StaffingPages
from openline.web.study import StudyPages
from openline.web.templating import Templating
from openline.web.trying import TryPages

HOMES = {
    Role.AGENT: "/desk",
    Role.SUPERVISOR: "/room",
    Role.ADMINISTRATOR: "/health",
    Role.PLANNER: "/planner",
    Role.WALLBOARD: "/wallboard",
}
"""Where one is led who has just signed in."""
FOR_EVER = "public, max-age=31536000, immutable"
_FORM_LIMIT = 512


class Pages:
    """Answers each route; holds nothing but what it was given."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self.templating = Templating(context)
        self._second = SecondFactorPages(context, self.templating, self._begin_session, home_of)
        self._passkeys = PasskeyPages(context, self.templating, self._begin_session, home_of)

    def routes(self) -> APIRouter:
        """Returns all routes of the pages."""
        router = APIRouter(include_in_schema=False)
        get, post = ["GET", "HEAD"], ["POST"]
        for path, endpoint, methods in (
            ("/", self.front, get),
            ("/sign-in", self.sign_in_form, get),
            ("/sign-in", self.sign_in, post),
            ("/sign-out", self.sign_out, post),
            ("/preferences", self.preferences, post),
            ("/call", self.lines, get),
            ("/call/{line}", self.call, get),
            ("/desk", self.desk, get),
            ("/wallboard", self.wallboard, get),
            ("/privacy", self.privacy, get),
            ("/room", self.room, get),
            ("/sounds", self.sounds, get),
            ("/demo/sign-in", self.demo_sign_in, post),
            ("/demo/pull-the-plug", self.pull_the_plug, post),
            ("/static/{path:path}", self.static, get),
            ("/favicon.ico", self.favicon, get),
            ("/manifest.webmanifest", self.app_manifest, get),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        router.include_router(CarePages(self._context, self.templating).routes())
        router.include_router(ReadingPages(self._context, self.templating).routes())
        router.include_router(ForecastPages(self._context, self.templating).routes())
        router.include_router(PlannerPages(self._context, self.templating).routes())
        router.include_router(StaffingPages(self._context, self.templating).routes())
        router.include_router(TwinPages(self._context, self.templating).routes())
        trying = TryPages(self._context, self.templating)
        router.include_router(StudyPages(self._context, self.templating).routes())
        router.include_router(trying.routes())
        router.include_router(KeptTryPages(self._context, self.templating, trying).routes())
        router.include_router(self._second.routes())
        router.include_router(self._passkeys.routes())
        people = PeoplePages(self._context, self.templating, self._second.enter)
        router.include_router(people.routes())
        return router

    # ---- what is shown ---------------------------------------------------------------------------

    async def front(self, request: Request) -> Response:
        context = self._context
        is_here = visitor_of(request).is_here
        return self.templating.page(
            request,
            "front.html",
            lines=self._lines(request),
            speed=context.speed,
            is_open=context.speed == 1,
            can_talk=is_here or context.has_relay,
            is_here=is_here,
            has_plug=context.is_demo and is_here and context.pull_the_plug is not None,
            demo_accounts=context.demo_accounts,
        )

    async def lines(self, request: Request) -> Response:
        if self._context.speed != 1:
            return self._closed(request, "speed", "caller")
        return self.templating.page(request, "lines.html", lines=self._lines(request))

    async def call(self, request: Request, line: str) -> Response:
        if self._context.speed != 1:
            return self._closed(request, "speed", "caller")
        key = LineKey(line)
        found = next((known for known in self._lines(request) if known.key == key), None)
        if found is None:
            raise HTTPException(404)
        return self.templating.page(request, "call.html", line=found)

    async def desk(self, request: Request) -> Response:
        if self._context.speed != 1:
            return self._closed(request, "speed", "agent")
        published = self._context.published()
        has_messages = bool(published.boxes) and published.asterisk is not None
        return self.templating.page(request, "desk.html", has_messages=has_messages)

    async def wallboard(self, request: Request) -> Response:
        return self.templating.page(request, "wallboard.html")

    async def privacy(self, request: Request) -> Response:
        """Says what is kept, how long and why."""
        catalogue = self._context.catalogues[self.templating.language(request)]
        said = self._context.privacy(catalogue)
        return self.templating.page(request, "privacy.html", said=said)

    async def room(self, request: Request) -> Response:
        return self.templating.page(request, "room.html")

    async def sounds(self, request: Request) -> Response:
        return self.templating.page(request, "sounds.html")

    async def static(self, path: str) -> Response:
        file = self._context.assets.file(path)
        if file is None:
            raise HTTPException(404)
        return FileResponse(file, headers={"Cache-Control": FOR_EVER})

    async def favicon(self) -> Response:
        """Redirects to the built icon; browsers ask for this address unasked."""
        return RedirectResponse(self._context.assets.url("icons/favicon.ico"), status_code=307)

    async def app_manifest(self, request: Request) -> Response:
        """Lets a browser keep the centre as an application of its own."""
        asset = self._context.assets.url
        icons: list[dict[str, str]] = [
            {"src": asset("icons/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": asset("icons/icon-192.png"), "sizes": "192x192", "type": "image/png"},
            {"src": asset("icons/icon-512.png"), "sizes": "512x512", "type": "image/png"},
        ]
        language = self.templating.language(request)
        content = {
            "name": self._context.centre_name(language),
            "lang": language,
            "start_url": "/",
            "display": "standalone",
            "background_color": "#f5f1ea",
            "theme_color": "#27605f",
            "icons": icons,
        }
        return JSONResponse(content, media_type="application/manifest+json")

    # ---- signing in ------------------------------------------------------------------------------

    async def sign_in_form(self, request: Request, next: str = "") -> Response:
        # In a demo one may come back to sit down as somebody else.
        may_change = not next and bool(self._demo_accounts(request))
        if visitor_of(request).account is not None and not may_change:
            return RedirectResponse(local_path(next), status_code=303)
        return self._sign_in_page(request, next)

    async def sign_in(
        self,
        request: Request,
        login: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        password: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        next: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        context = self._context
        try:
            account = await context.sign_in.check(login.strip(), password)
        except TooManyTriesError as error:
            return self._sign_in_page(
                request, next, login, problem="too_many", status=429, wait_s=error.retry_after_s
            )
        if account is None:
            return self._sign_in_page(request, next, login, problem="wrong", status=422)
        return await self._second.enter(request, account, next)

    async def sign_out(self, request: Request) -> Response:
        await self._end_old_session(request)
        response = RedirectResponse("/", status_code=303)
        response.delete_cookie(SESSION_COOKIE, path="/")
        return response

    async def demo_sign_in(
        self,
        request: Request,
        account: Annotated[str, Form(max_length=_FORM_LIMIT)],
        next: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        offered = {demo.account.login: demo.account for demo in self._context.demo_accounts}
        if account not in offered:
            raise HTTPException(404)
        chosen = offered[account]
        response = RedirectResponse(home_of(chosen, next), status_code=303)
        await self._begin_session(request, response, chosen)
        return response

    # ---- acts ------------------------------------------------------------------------------------

    async def preferences(
        self,
        request: Request,
        theme: Annotated[str | None, Form(max_length=16)] = None,
        language: Annotated[str | None, Form(max_length=16)] = None,
        next: Annotated[str, Form(max_length=_FORM_LIMIT)] = "/",
    ) -> Response:
        response: Response
        if wants_page(request.headers):
            response = RedirectResponse(local_path(next), status_code=303)
        else:
            response = Response(status_code=204)
        if theme in THEMES:
            self._remember(request, response, THEME_COOKIE, theme)
        if language in self._context.catalogues:
            self._remember(request, response, LANGUAGE_COOKIE, language)
        return response

    async def pull_the_plug(self, request: Request) -> Response:
        """Kills the server, right after this answer has been sent."""
        pull = self._context.pull_the_plug
        if pull is None:
            raise HTTPException(404)
        after = BackgroundTask(pull)
        if wants_page(request.headers):
            return RedirectResponse("/", status_code=303, background=after)
        return JSONResponse({"pulled": True}, status_code=202, background=after)

    # ---- refusals --------------------------------------------------------------------------------

    def refuse(self, request: Request, verdict: Verdict) -> Response:
        """Makes the page that explains what the guard refused."""
        if verdict is Verdict.NO_SOUND:
            who = "agent" if request.url.path.startswith("/desk") else "caller"
            return self._closed(request, "reach", who)
        kind = verdict.value if verdict is Verdict.FOREIGN_PAGE else None
        return self.error(request, STATUS[verdict], kind)

    def error(self, request: Request, status: int, kind: str | None = None) -> Response:
        """Makes the page for an HTTP error, in words."""
        known = {401: "forbidden", 403: "forbidden", 404: "not_found", 405: "not_allowed"}
        known[413] = "too_large"
        kind = kind or known.get(status, "broken" if status >= 500 else "not_understood")
        return self.templating.page(request, "error.html", status, kind=kind)

    def _closed(self, request: Request, why: str, who: str) -> Response:
        return self.templating.page(
            request, "call_closed.html", 503, why=why, who=who, speed=self._context.speed
        )

    # ---- shared steps ----------------------------------------------------------------------------

    def _lines(self, request: Request) -> list[LineName]:
        return list(self._context.lines(self.templating.language(request)))

    def _sign_in_page(
        self,
        request: Request,
        next_path: str,
        login: str = "",
        *,
        problem: str | None = None,
        status: int = 200,
        wait_s: int = 0,
    ) -> Response:
        return self.templating.page(
            request,
            "sign_in.html",
            status,
            next=local_path(next_path, ""),
            login=login,
            problem=problem,
            wait_s=wait_s,
            # A browser keeps a secure cookie only from a secure address.
            is_secure=visitor_of(request).is_here or request.url.scheme == "https",
            demo_accounts=self._demo_accounts(request),
        )

    def _demo_accounts(self, request: Request) -> Sequence[DemoAccount]:
        """Returns whom one may be without a password: in a demo, at its own machine."""
        context = self._context
        return context.demo_accounts if context.is_demo and visitor_of(request).is_here else ()

    async def _end_old_session(self, request: Request) -> None:
        token = request.cookies.get(SESSION_COOKIE)
        if token:
            await self._context.sessions.close(token)

    async def _begin_session(self, request: Request, response: Response, account: Account) -> None:
        """Begins a session, so that a token never passes from one person to the next."""
        await self._end_old_session(request)
        response.set_cookie(
            SESSION_COOKIE,
            await self._context.sessions.open(account),
            path="/",
            httponly=True,
            samesite="strict",
            secure=not visitor_of(request).is_here,
        )

    def _remember(self, request: Request, response: Response, name: str, value: str) -> None:
        """Keeps a preference for a year.

        Lax, since it gives nobody a right, and who follows a link to us should find his language.
        """
        response.set_cookie(
            name,
            value,
            max_age=YEAR_S,
            path="/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )


def home_of(account: Account, next_path: str) -> str:
    """Returns where somebody is led who has just signed in."""
    return local_path(next_path, HOMES[account.role])
