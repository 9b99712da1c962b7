"""The page of days as they are: does the twin know the centre, and how will days to come go?

A form, and a line of JSON for each run, as on the page that tries a change, whose script it shares.
Whoever goes away or stops ends the processes that compute.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from openline.model import PeerError, RefusedError
from openline.planning.study_asked import FigureLived, Lived, PartLived
from openline.planning.try_asked import RUNS, Phase
from openline.simulation.civil import local_date
from openline.web.asked import ORIGINS
from openline.web.catalogue import Catalogue
from openline.web.context import WebContext
from openline.web.planner import NOTHING, Written
from openline.web.study_form import UNTIL_PRECISE, StudyForm, read_study
from openline.web.study_plot import study_plot
from openline.web.study_words import said_of
from openline.web.templating import Templating
from openline.web.trying import json_line, line_alone, try_problem
from openline.web.trying_words import amount

PARTS = ("interval", "weekday", "queue", "language")
MOST_FIELDS = 20


class StudyPages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/study", self.form, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/study/lived", self.live, methods=["POST"], response_model=None)
        return router

    async def form(self, request: Request) -> Response:
        """Shows the form."""
        published = self._context.published()
        today = local_date(self._context.now(), published.zone)
        return self._templating.page(
            request,
            "study.html",
            form=StudyForm(
                origin="simulated" if self._context.is_demo else "real",
                since=(today - timedelta(days=28)).isoformat(),
            ),
            can_invent=published.simulation is not None,
            origins=tuple(ORIGINS),
            runs=tuple(map(str, RUNS)),
            until_precise=UNTIL_PRECISE,
        )

    async def live(self, request: Request) -> Response:
        """Answers with a line for each run."""
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
            typed = {name: value for name, value in sent.items() if isinstance(value, str)}
        asked, wrong = read_study(typed)
        words = self._context.catalogues[self._templating.language(request)]
        if asked is None:
            told = {name: words.text(f"try.wrong.{code}") for name, code in wrong.items()}
            problem = words.text("planner.problem.fields")
            return line_alone({"problem": problem, "wrong": told}, 422)
        lived = self._context.living.days(asked)
        try:
            first = await anext(lived, None)
        except RefusedError as error:
            return line_alone({"problem": try_problem(words, error)}, 422)
        except PeerError:
            return line_alone({"problem": words.text("planner.problem.twin_peer")}, 503)
        return StreamingResponse(
            self._lines(request, lived, first, words),
            media_type="application/x-ndjson",
            headers={"Cache-Control": "no-store"},
        )

    async def _lines(
        self,
        request: Request,
        lived: AsyncGenerator[Lived, None],
        first: Lived | None,
        words: Catalogue,
    ) -> AsyncIterator[str]:
        try:
            if first is not None:
                yield self._line(request, first, words)
            async for told in lived:
                yield self._line(request, told, words)
        except RefusedError as error:
            yield json_line({"problem": try_problem(words, error)})
        except PeerError:
            yield json_line({"problem": words.text("planner.problem.twin_peer")})
        finally:
            await lived.aclose()

    def _line(self, request: Request, told: Lived, words: Catalogue) -> str:
        if told.of is None:
            far = words.text("study.far", count=told.done)
        else:
            far = words.text(f"try.phase.{told.phase.value}", done=told.done, of=told.of)
        html = "" if told.phase is Phase.READING else self._answer(request, told, words)
        return json_line(
            {"done": told.done, "of": told.of or told.done + 1, "far": far, "html": html}
        )

    def _answer(self, request: Request, told: Lived, words: Catalogue) -> str:
        published, shown = self._context.published(), Written(words.language)
        by_per = {per: [each for each in told.parts if each.per == per] for per in PARTS}
        return self._templating.part(
            request,
            "_study.html",
            told=told,
            said=said_of(told, published, words, shown),
            plot=study_plot(told, words, shown),
            whole=[_row(each, shown) for each in told.whole],
            name_of=lambda figure: words.text(f"measure.{figure.key}.name"),
            tables=[
                (per, [(self._name(each, words), _cells(each, shown)) for each in parts])
                for per, parts in by_per.items()
                if len(parts) > 1
            ],
            heads=[words.text(f"measure.{each.key}.name") for each in told.parts[0].figures]
            if told.parts
            else [],
            is_held=told.learnt is not None,
            shown=shown,
        )

    def _name(self, part: PartLived, words: Catalogue) -> str:
        if part.per == "weekday":
            return words.text(f"study.weekday.{part.key}")
        if part.per == "queue":
            return self._context.published().name_of("queue", part.key, words.language)
        return part.key


def _row(figure: FigureLived, shown: Written) -> tuple[FigureLived, str, str, str]:
    """Returns a figure with what was recorded, what was lived, and between what one more lies."""
    recorded, between = NOTHING, NOTHING
    if figure.recorded is not None:
        recorded = amount(figure.unit, figure.recorded, shown)
    if figure.low is not None and figure.high is not None:
        between = (
            f"{amount(figure.unit, figure.low, shown)} – {amount(figure.unit, figure.high, shown)}"
        )
    return figure, recorded, _lived(figure, shown), between


def _cells(part: PartLived, shown: Written) -> list[tuple[FigureLived, str, str, str]]:
    return [_row(each, shown) for each in part.figures]


def _lived(figure: FigureLived, shown: Written) -> str:
    value, half = figure.lived.value, figure.lived.half
    if value is None:
        return NOTHING
    text = amount(figure.unit, value, shown)
    return text if half is None else f"{text} ± {amount(figure.unit, half, shown)}"
