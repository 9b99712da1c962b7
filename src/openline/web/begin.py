"""The first page of a centre that is not there yet: eight questions, a look, and it stands.

Served before anything else exists, on this machine alone, and only to whoever has the key that the
terminal shows: what is made here is the account that may do everything. Nothing is written before
somebody has seen the checked configuration and said yes.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from openline.centre.reach import is_over_loopback
from openline.configuration.beginning import (
    LANGUAGES,
    QUESTIONS,
    Answers,
    answer_from,
    configuration_from,
    mistakes,
    said,
)
from openline.configuration.zones import zone_names
from openline.identity.passwords import LONGEST, SHORTEST
from openline.model import RefusedError
from openline.web.access import Visitor
from openline.web.assets import Assets
from openline.web.catalogue import Catalogue
from openline.web.context import Frame
from openline.web.guard import is_from_own_page
from openline.web.headers import SecurityHeaders
from openline.web.pages import FOR_EVER
from openline.web.preferences import LANGUAGE_COOKIE, THEME_COOKIE, THEMES, YEAR_S, local_path
from openline.web.templating import Templating

_LONGEST_ANSWER = 6_000
_FIELD_OF = {
    "login_not_allowed": "login",
    "password_too_short": "password",
    "password_too_long": "password",
    "password_too_common": "password",
    "passwords_differ": "again",
}
"""At which field a refusal is shown; others stand above the form."""


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """Holds what the page needs to know and to do."""

    key: str
    folder: Path
    write: Callable[[Answers, str, str], Awaitable[None]]
    """Writes the centre and makes the account of this login and password.

    Raises `RefusedError` with what stands against it, and has then written nothing.
    """
    done: Callable[[], None]
    """Is called when the last page has been sent."""


def first_page(beginning: Beginning, catalogues: dict[str, Catalogue], assets: Assets) -> FastAPI:
    """Returns the application that asks."""
    frame = Frame(
        catalogues=catalogues,
        assets=assets,
        languages=lambda: tuple(catalogues),
        centre_name=lambda _: "Openline",
        is_demo=False,
        has_relay=False,
        is_public=False,
    )
    app = FastAPI(openapi_url=None)
    app.include_router(_BeginPages(beginning, frame).routes())
    app.add_middleware(_HereOnly)
    app.add_middleware(SecurityHeaders)
    return app


class _HereOnly:
    """Lets nobody in from another machine, nor an act that a foreign page makes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            client = request.client.host if request.client else None
            is_here = is_over_loopback(client, request.headers.items())
            is_act = request.method not in {"GET", "HEAD"}
            if not is_here or (is_act and not is_from_own_page(request.headers, needed=True)):
                words = "A centre is begun at its own machine.\n"
                await PlainTextResponse(words, status_code=403)(scope, receive, send)
                return
            scope.setdefault("state", {})["visitor"] = Visitor(account=None, is_here=True)
        await self._app(scope, receive, send)


class _BeginPages:
    """Answers each route; keeps nothing between two requests but the last word."""

    def __init__(self, beginning: Beginning, frame: Frame) -> None:
        self._beginning = beginning
        self._frame = frame
        self._templating = Templating(frame)

    def routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        get, post = ["GET", "HEAD"], ["POST"]
        for path, endpoint, methods in (
            ("/begin/{key}", self.ask, get),
            ("/begin/{key}", self.answer, post),
            ("/preferences", self.preferences, post),
            ("/static/{path:path}", self.static, get),
            ("/{path:path}", self.elsewhere, get),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        return router

    # --- what is shown ---------------------------------------------------------------------------

    async def elsewhere(self, request: Request) -> Response:
        """Says where the address of the page is to be found."""
        return self._templating.page(request, "begin_elsewhere.html", 404)

    async def ask(self, request: Request, key: str) -> Response:
        """Shows the questions."""
        if not self._is_right(key):
            return await self.elsewhere(request)
        language = self._templating.language(request)
        first = Answers(languages=(language,))
        return self._questions(request, {name: _typed(first, name) for name in QUESTIONS})

    async def answer(self, request: Request, key: str) -> Response:
        """Checks what was answered; shows it, asks again, or writes it."""
        if not self._is_right(key):
            return await self.elsewhere(request)
        form = await request.form(max_files=0, max_fields=40)
        typed = {name: _text(form, name) for name in QUESTIONS}
        answers = _answers(typed)
        wrong = mistakes(answers)
        if wrong or form.get("step") == "edit":
            words = self._catalogue(request).text
            shown = {name: said(mistake, words) for name, mistake in wrong.items()}
            return self._questions(request, typed, shown if form.get("step") != "edit" else {})
        if form.get("step") != "write":
            return self._review(request, typed, answers)
        return await self._written(request, form, typed, answers)

    async def _written(
        self, request: Request, form: FormData, typed: Mapping[str, str], answers: Answers
    ) -> Response:
        login, password = _text(form, "login").strip(), _text(form, "password")
        try:
            if password != _text(form, "again"):
                raise RefusedError("", code="passwords_differ")
            await self._beginning.write(answers, login, password)
        except RefusedError as error:
            return self._review(request, typed, answers, login=login, refused=error)
        return self._page(
            request,
            "begun.html",
            background=BackgroundTask(self._beginning.done),
            login=login,
            folder=self._beginning.folder,
        )

    def _questions(
        self, request: Request, typed: Mapping[str, str], wrong: Mapping[str, str] | None = None
    ) -> Response:
        told = dict.fromkeys(QUESTIONS, "") | dict(wrong or {})
        return self._page(
            request,
            "begin.html",
            status=422 if wrong else 200,
            questions=QUESTIONS,
            typed=typed,
            wrong=told,
            problems=sum(map(bool, told.values())),
            is_answered=request.method == "POST",
            language_orders=_language_orders(),
            language_names=LANGUAGES,
            zones=sorted(zone for zone in zone_names() if "/" in zone),
        )

    def _review(
        self,
        request: Request,
        typed: Mapping[str, str],
        answers: Answers,
        *,
        login: str = "",
        refused: RefusedError | None = None,
    ) -> Response:
        wrong = dict.fromkeys(("form", "login", "password", "again"), "")
        if refused is not None:
            known = refused.code in _FIELD_OF or refused.code == "folder_not_empty"
            sentence = self._catalogue(request).text(
                f"begin.mistake.{refused.code}",
                least=SHORTEST,
                most=LONGEST,
                folder=str(self._beginning.folder),
            )
            wrong[_FIELD_OF.get(refused.code, "form")] = sentence if known else str(refused)
        return self._page(
            request,
            "begin_review.html",
            status=200 if refused is None else 422,
            typed=typed,
            text=configuration_from(answers),
            folder=self._beginning.folder,
            login=login,
            wrong=wrong,
            least=SHORTEST,
        )

    # --- what belongs to every page --------------------------------------------------------------

    async def preferences(self, request: Request) -> Response:
        """Remembers language and colours, as the pages of a centre do."""
        form = await request.form(max_files=0, max_fields=10)
        response = RedirectResponse(local_path(_text(form, "next")), status_code=303)
        chosen = ((LANGUAGE_COOKIE, "language", LANGUAGES), (THEME_COOKIE, "theme", THEMES))
        for cookie, field, known in chosen:
            if form.get(field) in known:
                response.set_cookie(
                    cookie, _text(form, field), max_age=YEAR_S, httponly=True, samesite="lax"
                )
        return response

    async def static(self, path: str) -> Response:
        """Gives a built file."""
        file = self._frame.assets.file(path)
        if file is None:
            return PlainTextResponse("There is nothing at this address.\n", status_code=404)
        return FileResponse(file, headers={"Cache-Control": FOR_EVER})

    def _page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        background: BackgroundTask | None = None,
        **values: object,
    ) -> Response:
        page = self._templating.page(request, template, status, act=self._act(), **values)
        page.background = background
        return page

    def _act(self) -> str:
        return f"/begin/{self._beginning.key}"

    def _catalogue(self, request: Request) -> Catalogue:
        return self._frame.catalogues[self._templating.language(request)]

    def _is_right(self, key: str) -> bool:
        return secrets.compare_digest(key.encode(), self._beginning.key.encode())


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[:_LONGEST_ANSWER].replace("\r\n", "\n") if isinstance(value, str) else ""


def _answers(typed: Mapping[str, str]) -> Answers:
    return Answers(**{name: answer_from(name, typed[name]) for name in QUESTIONS})  # type: ignore[arg-type]  # each of its own kind


def _typed(answers: Answers, question: str) -> str:
    """Returns an answer as it stands in a field."""
    value = getattr(answers, question)
    if question == "languages":
        return ",".join(value)
    return "\n".join(value) if isinstance(value, tuple) else str(value)


def _language_orders() -> list[tuple[str, ...]]:
    """Returns what can be chosen: each language, and each order of several."""
    return [
        order for count in range(1, len(LANGUAGES) + 1) for order in permutations(LANGUAGES, count)
    ]
