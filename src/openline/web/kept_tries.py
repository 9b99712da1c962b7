"""The pages of changes that were tried before: one opened again, two compared, one removed."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from openline.model import RefusedError
from openline.planning.try_asked import Tried
from openline.web.context import WebContext
from openline.web.templating import Templating
from openline.web.trying import KeptRow, TryPages, try_problem

GONE = 410


class KeptTryPages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating, pages: TryPages) -> None:
        self._context = context
        self._templating = templating
        self._pages = pages

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        get, post = ["GET", "HEAD"], ["POST"]
        for path, endpoint, methods in (
            ("/try/compared", self.compared, get),
            ("/try/kept/{name}", self.opened, get),
            ("/try/kept/{name}/removal", self.remove, post),
            ("/try/kept/{name}/return", self.put_back, post),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        return router

    async def opened(self, request: Request, name: str) -> Response:
        """Shows one again, as it was answered."""
        try:
            kept = await self._context.kept_tries.opened(name)
        except RefusedError as error:
            return self._page(request, [], None, error)
        return self._page(request, [self._pages.row(request, kept)], kept.tried)

    async def compared(self, request: Request, first: str = "", second: str = "") -> Response:
        """Shows how the second differs from the first."""
        kept = self._context.kept_tries
        rows: list[KeptRow] = []
        try:
            for name in (first, second):
                rows.append(self._pages.row(request, await kept.opened(name)))
            tried = await kept.compared(first, second)
        except RefusedError as error:
            return self._page(request, rows, None, error)
        return self._page(request, rows, tried)

    async def remove(self, request: Request, name: str) -> Response:
        """Removes one, and offers to put it back."""
        try:
            await self._context.kept_tries.remove(name)
        except RefusedError as error:
            return self._page(request, [], None, error)
        return RedirectResponse(f"/try?removed={name}#try-kept", status_code=303)

    async def put_back(self, request: Request, name: str) -> Response:
        """Takes a removal back."""
        try:
            await self._context.kept_tries.put_back(name)
        except RefusedError as error:
            return self._page(request, [], None, error)
        return RedirectResponse("/try#try-kept", status_code=303)

    def _page(
        self,
        request: Request,
        rows: list[KeptRow],
        tried: Tried | None,
        error: RefusedError | None = None,
    ) -> Response:
        words = self._context.catalogues[self._templating.language(request)]
        status = 200
        if error is not None:
            status = GONE if error.code == "not_kept" else 422
        return self._templating.page(
            request,
            "kept_try.html",
            status,
            rows=rows,
            answer=None if tried is None else self._pages.answer(request, tried, words),
            problem=None if error is None else try_problem(words, error),
        )
