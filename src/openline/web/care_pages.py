"""The pages about the centre itself: its health, and what it still knows."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from openline.web.context import WebContext
from openline.web.shown import Shown, time_left
from openline.web.templating import Templating

OPENINGS_SHOWN = 100


class CarePages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        for path, endpoint in (("/health", self.health), ("/kept", self.kept)):
            router.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)
        return router

    async def health(self, request: Request) -> Response:
        findings = await self._context.health.findings()
        return self._templating.page(
            request, "health.html", findings=findings, shown=self._shown(request)
        )

    async def kept(self, request: Request) -> Response:
        language = self._templating.language(request)
        catalogue, now = self._context.catalogues[language], self._context.now()
        return self._templating.page(
            request,
            "kept.html",
            things=await self._context.keeping.things(language),
            never=self._context.keeping.never(language),
            openings=await self._context.openings.newest(OPENINGS_SHOWN),
            shown=self._shown(request),
            left=lambda at: time_left(catalogue, at - now),
        )

    def _shown(self, request: Request) -> Shown:
        return Shown(
            language=self._templating.language(request), zone=self._context.published().zone
        )
