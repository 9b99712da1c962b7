"""The twin's verdict beside the plan: a line for each run, with what is known by then.

Each line is JSON: how many runs are done, of how many, and the part of the page that says what is
known. Whoever goes away or stops ends the process that lives the plan; what came last stays.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from openline.model import PeerError, RefusedError
from openline.planning.plan_asked import LIKELY, Known, LivedInterval, LivedPlan, likelihood
from openline.web.catalogue import Catalogue
from openline.web.context import WebContext
from openline.web.planner import NOTHING, Written, problem_of, sent_of
from openline.web.planner_plot import risk_strip
from openline.web.templating import Templating

WORST = 3


@dataclass(frozen=True, kw_only=True)
class LivedRow:
    """Is a row of the table: an interval, or a day."""

    name: str
    calls: float
    leave: float
    late: float
    missed: float | None
    """Of an interval: in what share of the runs the target was missed."""
    likely: int
    """Of a day: how many intervals are likely to miss it."""


class TwinPages:
    """Answers the route of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/planner/twin", self.live, methods=["POST"], response_model=None)
        return router

    async def live(self, request: Request) -> Response:
        """Answers with a line for each run."""
        sent = await sent_of(request)
        words = self._context.catalogues[self._templating.language(request)]
        if sent.asked is None:
            return _line_alone(problem_of(words, "fields"), 422)
        lived = self._context.living.lived(sent.asked)
        try:
            first = await anext(lived, None)
        except RefusedError as error:
            return _line_alone(problem_of(words, error.code), 422)
        except PeerError:
            return _line_alone(problem_of(words, "twin_peer"), 503)
        return StreamingResponse(
            self._lines(request, lived, first, sent.form.show, words),
            media_type="application/x-ndjson",
            headers={"Cache-Control": "no-store"},
        )

    async def _lines(
        self,
        request: Request,
        lived: AsyncGenerator[LivedPlan, None],
        first: LivedPlan | None,
        day: str,
        words: Catalogue,
    ) -> AsyncIterator[str]:
        try:
            if first is not None:
                yield self._line(request, first, day, words)
            async for told in lived:
                yield self._line(request, told, day, words)
        except PeerError:
            yield json.dumps({"problem": problem_of(words, "twin_peer")}) + "\n"
        finally:
            await lived.aclose()

    def _line(self, request: Request, told: LivedPlan, day: str, words: Catalogue) -> str:
        shown = Written(words.language)
        chosen = [each for each in told.intervals if not day or each.stamp[:10] == day]
        html = self._templating.part(
            request,
            "_planner_twin.html",
            told=told,
            said=_said(told, chosen, words, shown),
            day=day,
            rows=_rows(chosen, day, shown),
            strip=risk_strip([each.missed for each in chosen], words.text("planner.twin.strip")),
            shown=shown,
            likelihood=likelihood,
        )
        return json.dumps({"done": told.done, "of": told.of, "html": html}) + "\n"


def _line_alone(problem: str, status: int) -> Response:
    body = json.dumps({"problem": problem}) + "\n"
    return Response(body, status, media_type="application/x-ndjson")


def _rows(chosen: list[LivedInterval], day: str, shown: Written) -> list[LivedRow]:
    if day:
        return [
            LivedRow(
                name=each.stamp[11:16],
                calls=each.offered,
                leave=each.leave,
                late=each.offered * (1 - (each.in_time or 0)),
                missed=each.missed,
                likely=0,
            )
            for each in chosen
        ]
    by_day: dict[str, list[LivedInterval]] = {}
    for each in chosen:
        by_day.setdefault(each.stamp[:10], []).append(each)
    return [
        LivedRow(
            name=shown.day(name),
            calls=sum(each.offered for each in own),
            leave=sum(each.leave for each in own),
            late=sum(each.offered * (1 - (each.in_time or 0)) for each in own),
            missed=None,
            likely=sum((each.missed or 0) >= LIKELY for each in own),
        )
        for name, own in by_day.items()
    ]


def _said(
    told: LivedPlan, chosen: list[LivedInterval], words: Catalogue, shown: Written
) -> list[str]:
    leave, in_time = told.leave, told.in_time
    if leave.value is None or in_time.value is None:
        return [words.text("planner.twin.nobody")]
    said = [
        words.text(
            "planner.twin.leave",
            leave=_with_half(leave, 1, shown),
            share=_with_half(in_time, 100, shown),
            formula=shown.number(told.formula_leave),
        )
    ]
    if told.fewer is not None:
        said.append(_changed(told.fewer, words, shown))
    worst = sorted(chosen, key=lambda each: -(each.missed or 0) * each.offered)[:WORST]
    named = [
        f"{shown.day(each.stamp)} {each.stamp[11:16]} ({shown.share(each.missed or 0, 1)})"
        for each in worst
        if (each.missed or 0) >= LIKELY
    ]
    if named:
        said.append(words.text("planner.twin.worst", intervals=", ".join(named)))
    if told.unknown:
        said.append(words.text("planner.twin.unknown", count=told.unknown))
    return said


def _changed(fewer: Known, words: Catalogue, shown: Written) -> str:
    """Returns what the change does to those who leave, with its confidence."""
    value, half = fewer.value, fewer.half
    if value is None or half is None:
        return words.text("planner.twin.one_run")
    if value == 0 and half == 0:
        return words.text("planner.twin.same")
    if abs(value) <= half:
        return words.text(
            "planner.twin.open", low=shown.signed(value - half), high=shown.signed(value + half)
        )
    key = "planner.twin.fewer" if value > 0 else "planner.twin.more"
    low, high = sorted((abs(value) - half, abs(value) + half))
    return words.text(
        key,
        people=shown.number(abs(value)),
        low=shown.number(low),
        high=shown.number(high),
    )


def _with_half(known: Known, times: float, shown: Written) -> str:
    if known.value is None:
        return NOTHING
    value = shown.number(times * known.value)
    return value if known.half is None else f"{value} ± {shown.number(times * known.half)}"
