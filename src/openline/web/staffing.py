"""The staffing page: how many people one queue needs, and what each more or fewer does.

What was typed stands in the address, so a question can be kept as a bookmark or sent to somebody.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from openline.model import PeerError, RefusedError
from openline.planning.quantities import duration_s, number, percent, shrinkage, target
from openline.planning.staffing_asked import MODELS, MOST_AT_ONCE, StaffingAnswer, StaffingAsked
from openline.web.context import WebContext
from openline.web.planner import NOTHING, Written, problem_of
from openline.web.shown import span
from openline.web.templating import Templating

MOST_AGENTS = 100_000
MOST_CALLS = 1_000_000.0
WIDTH, HEIGHT, LEFT, FOOT, TOP = 1000.0, 260.0, 52.0, 28.0, 12.0

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class StaffingForm:
    """Holds the fields as they were typed, or as they begin."""

    calls: str = ""
    interval: str = "30m"
    aht: str = ""
    patience: str = "3m"
    target: str = "80/20"
    shrinkage: str = "30"
    model: str = "erlang-a"
    abandon: str = ""
    occupancy: str = ""
    concurrency: str = "1"
    agents: str = ""


class StaffingPages:
    """Answers the route of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/staffing", self.page, methods=["GET", "HEAD"], response_model=None)
        return router

    async def page(self, request: Request) -> Response:
        """Shows the form, and above it the answer where something was asked."""
        typed = {
            name: request.query_params[name].strip()[:20]
            for name in StaffingForm.__dataclass_fields__
            if name in request.query_params
        }
        form = StaffingForm(**typed)
        words = self._context.catalogues[self._templating.language(request)]
        wrong: dict[str, str] = {}
        answer, problem = None, None
        if form.calls or form.aht:
            asked = _asked(form, wrong)
            try:
                answer = None if wrong else await self._context.reading.staffing(asked)
            except RefusedError as error:
                problem = problem_of(words, error.code)
            except PeerError:
                problem = problem_of(words, "peer")
        shown = Written(words.language)
        return self._templating.page(
            request,
            "staffing.html",
            422 if wrong or problem else 200,
            form=form,
            wrong={name: words.text(f"planner.wrong.{code}") for name, code in wrong.items()},
            answer=answer,
            problem=problem,
            models=MODELS,
            shown=shown,
            wait=lambda seconds: NOTHING if seconds is None else span(seconds),
            plot=None
            if answer is None
            else _plot(answer, words.text("staffing.plot.words", count=answer.chosen), shown),
        )


def _asked(form: StaffingForm, wrong: dict[str, str]) -> StaffingAsked:
    """Returns the question; notes in `wrong` which fields are none."""

    def read(name: str, how: Callable[[], T], otherwise: T) -> T:
        try:
            return how()
        except RefusedError as error:
            wrong[name] = error.code
            return otherwise

    def share(name: str, text: str) -> float | None:
        return read(name, lambda: percent(text, name), 0.0) if text else None

    def calls() -> float:
        value = number(form.calls, "calls", above_zero=False)
        if value > MOST_CALLS:
            raise RefusedError("too many", code="bad_number")
        return value

    def agents() -> int | None:
        if not form.agents:
            return None
        if re.fullmatch(r"\d{1,6}", form.agents) is None or int(form.agents) > MOST_AGENTS:
            raise RefusedError("no whole number", code="bad_count")
        return int(form.agents)

    def concurrency() -> int:
        text = form.concurrency or "1"
        if re.fullmatch(r"\d{1,2}", text) is None or not 1 <= int(text) <= MOST_AT_ONCE:
            raise RefusedError("no such number of contacts", code="bad_concurrency")
        return int(text)

    aimed, within = read("target", lambda: target(form.target, "target"), (80.0, 20.0))
    read("shrinkage", lambda: shrinkage(form.shrinkage), None)
    return StaffingAsked(
        calls=read("calls", calls, 0.0),
        interval_s=read("interval", lambda: duration_s(form.interval, "interval"), 1.0),
        aht_s=read("aht", lambda: duration_s(form.aht, "aht"), 1.0),
        patience_s=read("patience", lambda: duration_s(form.patience, "patience"), 1.0),
        model=form.model if form.model in MODELS else "erlang-a",
        target_percent=aimed,
        target_s=within,
        shrinkage=form.shrinkage.removesuffix("%").strip(),
        most_abandoned=share("abandon", form.abandon),
        most_occupied=share("occupancy", form.occupancy),
        concurrency=read("concurrency", concurrency, 1),
        agents=read("agents", agents, None),
    )


def _plot(answer: StaffingAnswer, words: str, shown: Written) -> Markup:
    """Returns the curve: the share answered in time and the share who leave, by people."""
    count = len(answer.rows)

    def x(at: int) -> float:
        return LEFT + (at + 0.5) * (WIDTH - LEFT - 10) / count

    def y(share: float) -> float:
        return HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP)

    parts = []
    for share in (0.0, 0.5, 1.0):
        parts.append(
            f'<line class="plan__rule" x1="{LEFT:g}" y1="{y(share):.1f}" x2="{WIDTH - 10:g}" '
            f'y2="{y(share):.1f}"/>{_text(LEFT - 8, y(share) + 5, "end", f"{100 * share:.0f}%")}'
        )
    for at, row in enumerate(answer.rows):
        if row.agents == answer.chosen:
            parts.append(
                f'<line class="curve__chosen" x1="{x(at):.1f}" y1="{TOP:g}" x2="{x(at):.1f}" '
                f'y2="{HEIGHT - FOOT:.1f}"/>'
            )
        parts.append(_text(x(at), HEIGHT - 8, "middle", shown.number(row.agents)))
    curves = {
        "level": [row.service_level for row in answer.rows],
        "busy": [row.occupancy for row in answer.rows],
        "leave": [row.abandon for row in answer.rows],
    }
    for kind, values in curves.items():
        points = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values))
        parts.append(f'<polyline class="curve__{kind}" points="{points}"/>')
    return Markup(
        f'<svg class="plan" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="plan__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
