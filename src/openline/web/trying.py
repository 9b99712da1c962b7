"""The page that tries a change: a form with what may be changed, and a line for each run.

Each line is JSON, as of the twin beside the plan: what the twin is at, how far it is, and the part
of the page that says what is known. Whoever goes away or stops ends the process that computes.
"""

import json
import re
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_datetime
from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from openline.model import PeerError, RefusedError
from openline.planning.try_asked import RUNS, Callers, KeptTry, Phase, Tried
from openline.simulation.civil import local_date
from openline.web.asked import ORIGINS
from openline.web.catalogue import Catalogue
from openline.web.context import WebContext
from openline.web.forecasting import found_in
from openline.web.given import LARGEST_FIELD, given
from openline.web.planner import Written, fault_words
from openline.web.shown import Shown
from openline.web.templating import Templating
from openline.web.trying_form import EVERYBODY, LEVELS, TryForm, TrySent, read_try
from openline.web.trying_plot import trying_plot
from openline.web.trying_words import change_words, difference_of, figure_of, said_of

MOST_FIELDS = 60
REMOVED = re.compile(r"\d{8,12}-\d{1,3}")


@dataclass(frozen=True, kw_only=True)
class KeptRow:
    """Is a kept change as a reader sees it."""

    name: str
    made_at: str
    change: str
    callers: str
    days: str
    said: str


class TryPages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/try", self.form, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/try/lived", self.live, methods=["POST"], response_model=None)
        return router

    async def form(self, request: Request) -> Response:
        """Shows the form with nothing changed."""
        published = self._context.published()
        today = local_date(self._context.now(), published.zone)
        is_invented = published.simulation is not None
        form = TryForm(
            callers=Callers.INVENTED.value if is_invented else Callers.RECORD.value,
            origin="simulated" if self._context.is_demo else "real",
            since=(today if is_invented else today - timedelta(days=7)).isoformat(),
            days="1" if is_invented else "7",
        )
        removed = request.query_params.get("removed", "")
        kept = await self._context.kept_tries.listed()
        return self._templating.page(
            request,
            "try.html",
            removed=removed if REMOVED.fullmatch(removed) else "",
            kept=[self.row(request, each) for each in kept],
            form=form,
            can_invent=is_invented,
            origins=tuple(ORIGINS),
            runs=RUNS,
            levels=LEVELS,
            choices=self._choices(request),
        )

    def row(self, request: Request, kept: KeptTry) -> KeptRow:
        """Returns a kept change as the list shows it."""
        published = self._context.published()
        words = self._context.catalogues[self._templating.language(request)]
        shown = Written(words.language)
        moment = Shown(language=words.language, zone=published.zone).local(kept.made_at)
        since, days = kept.asked.since, kept.asked.days
        until = since + timedelta(days=days - 1)
        return KeptRow(
            name=kept.name,
            made_at=format_datetime(moment, format="short", locale=words.language),
            change="; ".join(change_words(kept.asked.changes, published, words, shown)),
            callers=words.text(f"try.callers.{kept.asked.callers.value}"),
            days=shown.day(since.isoformat())
            if days == 1
            else f"{shown.day(since.isoformat())} – {shown.day(until.isoformat())}",
            said=said_of(kept.tried, published, words, shown)[0],
        )

    def _choices(self, request: Request) -> dict[str, list[tuple[str, str]]]:
        """Returns what the rules can be of, by key and name."""
        published, language = self._context.published(), self._templating.language(request)
        settings = published.settings
        skills = {each.skill for agent in settings.agents for each in agent.skills}
        skills |= {each.skill for queue in settings.queues for each in queue.needs}
        words = self._context.catalogues[language]
        return {
            "queues": [
                (q.key, published.name_of("queue", q.key, language)) for q in settings.queues
            ],
            "lines": [(a.key, published.name_of("line", a.key, language)) for a in settings.lines],
            "skills": [("", words.text("try.as_it_is"))]
            + [(key, published.name_of("skill", key, language)) for key in sorted(skills)],
            "agents": [(EVERYBODY, words.text("try.everybody"))]
            + [(a.key, published.name_of("agent", a.key, language)) for a in settings.agents],
        }

    async def live(self, request: Request) -> Response:
        """Answers with a line for each run."""
        async with request.form(
            max_files=2, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD
        ) as sent:
            typed = {name: value for name, value in sent.items() if isinstance(value, str)}
            calls, roster = await given(sent, "calls"), await given(sent, "roster")
        found = read_try(typed, calls, roster)
        words = self._context.catalogues[self._templating.language(request)]
        if found.asked is None:
            return line_alone(_wrong_line(found, words), 422)
        tried = self._context.living.tried(found.asked)
        try:
            first = await anext(tried, None)
        except RefusedError as error:
            return line_alone({"problem": try_problem(words, error)}, 422)
        except PeerError:
            return line_alone({"problem": words.text("planner.problem.twin_peer")}, 503)
        return StreamingResponse(
            self._lines(request, tried, first, words),
            media_type="application/x-ndjson",
            headers={"Cache-Control": "no-store"},
        )

    async def _lines(
        self,
        request: Request,
        tried: AsyncGenerator[Tried, None],
        first: Tried | None,
        words: Catalogue,
    ) -> AsyncIterator[str]:
        try:
            if first is not None:
                yield self._line(request, first, words)
            async for told in tried:
                yield self._line(request, told, words)
        except RefusedError as error:
            yield json_line({"problem": try_problem(words, error)})
        except PeerError:
            yield json_line({"problem": words.text("planner.problem.twin_peer")})
        finally:
            await tried.aclose()

    def _line(self, request: Request, told: Tried, words: Catalogue) -> str:
        if told.calls_faults or told.roster_faults:
            return json_line(_faults(told, words))
        far = words.text(f"try.phase.{told.phase.value}", done=told.done, of=told.of)
        html = self.answer(request, told, words) if told.phase is not Phase.READING else ""
        return json_line({"done": told.done, "of": told.of, "far": far, "html": html})

    def answer(self, request: Request, told: Tried, words: Catalogue) -> str:
        """Returns the part of a page that says what is known."""
        published, shown = self._context.published(), Written(words.language)
        return self._templating.part(
            request,
            "_tried.html",
            told=told,
            said=said_of(told, published, words, shown),
            plot=trying_plot(told, words.text("try.plot"), shown),
            rows=[
                (
                    words.text(f"measure.{each.key}.name"),
                    figure_of(each, each.before, shown),
                    figure_of(each, each.after, shown),
                    difference_of(each, words, shown),
                    each.difference.value is not None
                    and each.difference.half is not None
                    and abs(each.difference.value) > each.difference.half,
                )
                for each in told.figures
            ],
        )


def try_problem(words: Catalogue, error: RefusedError) -> str:
    """Returns why nothing was tried, in the reader's words."""
    known = f"try.problem.{error.code}"
    if known in words.messages:
        return words.text(known)
    return words.text("try.problem.other")


def _faults(told: Tried, words: Catalogue) -> dict[str, object]:
    """Returns what is wrong with a given table, cell by cell."""
    found = found_in(words)
    of = "calls" if told.calls_faults else "roster"
    faults = [found(each) for each in told.calls_faults]
    faults += [fault_words(words, each) for each in told.roster_faults]
    problem = f"{words.text(f'planner.faults.{of}')} {words.text('try.faults.words')}"
    return {"problem": problem, "faults": faults}


def _wrong_line(sent: TrySent, words: Catalogue) -> dict[str, object]:
    if "nothing" in sent.wrong:
        return {"problem": words.text("try.problem.nothing")}
    wrong = {}
    for name, code in sent.wrong.items():
        own = f"try.wrong.{code}"
        wrong[name] = words.text(own if own in words.messages else f"planner.wrong.{code}")
    return {"problem": words.text("planner.problem.fields"), "wrong": wrong}


def json_line(line: dict[str, object]) -> str:
    """Returns a line of the answer."""
    return json.dumps(line) + "\n"


def line_alone(line: dict[str, object], status: int) -> Response:
    """Answers with one line, which says what is wrong."""
    return Response(json_line(line), status, media_type="application/x-ndjson")
