"""The forecast page: calls of the past go in as a file, pasted or from the record; days come out.

Nothing that is sent is kept: it goes to the process that reads the record and back as a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.responses import Response

from openline.model import Origin
from openline.planning.forecast_asked import (
    HORIZONS,
    INTERVALS,
    ForecastAnswer,
    ForecastAsked,
    ForecastDay,
    ForecastSheet,
)
from openline.planning.history_file.findings import Finding
from openline.web.asked import ORIGINS
from openline.web.asked_in_time import in_time
from openline.web.catalogue import Catalogue
from openline.web.context import WebContext
from openline.web.forecast_plot import forecast_plot
from openline.web.given import LARGEST_FIELD, given
from openline.web.templating import Templating

NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class ForecastForm:
    """Holds what the form shows: as it was typed, or as it begins."""

    calls: str = ""
    file_name: str = ""
    days: int = 14
    minutes: int | None = None
    holidays: str = ""
    special: str = ""
    line: str = ""
    so_far: bool = False
    origin: str = "real"
    skips_faulty: bool = False
    missing_is_zero: bool = False


class ForecastPages:
    """Answers the route of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/forecast", self.form, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/forecast", self.make, methods=["POST"], response_model=None)
        router.add_api_route("/forecast/file", self.file, methods=["POST"], response_model=None)
        return router

    async def form(self, request: Request) -> Response:
        """Shows the form alone; a demonstration's calls are simulated."""
        origin = "simulated" if self._context.is_demo else "real"
        return self._page(request, ForecastForm(origin=origin))

    async def make(self, request: Request) -> Response:
        """Shows the forecast above the form that asked for it."""
        async with request.form(max_files=1, max_fields=30, max_part_size=LARGEST_FIELD) as sent:
            form, content = await _read(sent)
        asked = ForecastAsked(
            content=content,
            name=form.file_name or ("calls" if content else ""),
            days=form.days,
            minutes=form.minutes,
            holidays=form.holidays,
            special=form.special,
            line=form.line,
            so_far=form.so_far,
            origins=(Origin(form.origin),),
            skips_faulty=form.skips_faulty,
            missing_is_zero=form.missing_is_zero,
        )
        return await in_time(
            request,
            self._context.reading.forecast(asked),
            lambda answer: self._page(request, form, answer, status=422 if answer.faults else 200),
            lambda code, status: self._page(request, form, problem=code, status=status),
            self._context.catalogues[self._templating.language(request)],
        )

    async def file(self, request: Request) -> Response:
        """Gives the table that the page holds back as a file: it is kept nowhere else."""
        async with request.form(max_fields=2, max_part_size=LARGEST_FIELD) as sent:
            table = sent.get("calls", "")
        text = table if isinstance(table, str) else ""
        headers = {
            "Content-Disposition": 'attachment; filename="openline-forecast.csv"',
            "Cache-Control": "no-store",
        }
        body = text.replace("\r\n", "\n").replace("\t", ",")
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

    def _page(
        self,
        request: Request,
        form: ForecastForm,
        answer: ForecastAnswer | None = None,
        *,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        language = self._templating.language(request)
        words = self._context.catalogues[language]
        sheet = None if answer is None else answer.sheet
        return self._templating.page(
            request,
            "forecast.html",
            status,
            form=form,
            sheet=sheet,
            faults=() if answer is None else answer.faults,
            problem=None if problem is None else _problem(words, problem),
            horizons=HORIZONS,
            intervals=INTERVALS,
            origins=tuple(ORIGINS),
            found=found_in(words),
            count=lambda value: format_decimal(round(value), format="#,##0", locale=language),
            percent=lambda value: (
                NOTHING
                if value is None
                else format_percent(value, format="#,##0.0%", locale=language)
            ),
            day=lambda each: format_date(date.fromisoformat(each), "EEE d MMM", locale=language),
            plot=None if sheet is None else _plot(sheet, words, language),
            total=None if sheet is None else sum(sheet.mean),
            lines=self._lines(language),
            methods=None
            if sheet is None
            else [words.text(f"forecast.method.{name}") for name in _methods(sheet.days)],
        )

    def _lines(self, language: str) -> list[tuple[str, str]]:
        """Returns the centre's lines, by key and name."""
        published = self._context.published()
        return [
            (line.key, published.name_of("line", line.key, language))
            for line in published.settings.lines
        ]


async def _read(sent: FormData) -> tuple[ForecastForm, bytes]:
    """Returns what was typed and the content: of a file before what was pasted."""

    def text(name: str) -> str:
        value = sent.get(name, "")
        return value.strip() if isinstance(value, str) else ""

    days, minutes, origin = text("days"), text("minutes"), text("origin")
    calls = await given(sent, "calls")
    form = ForecastForm(
        calls=calls.pasted,
        file_name=calls.file_name,
        days=int(days) if days in {str(each) for each in HORIZONS} else 14,
        minutes=int(minutes) if minutes in {str(each) for each in INTERVALS} else None,
        holidays=text("holidays")[:20],
        special=text("special")[:2_000],
        line=text("line")[:80],
        so_far=text("so_far") == "yes",
        origin=origin if origin in {each.value for each in Origin} else "real",
        skips_faulty=text("skip_faulty") == "yes",
        missing_is_zero=text("missing_is_zero") == "yes",
    )
    return form, calls.content


def _methods(days: tuple[ForecastDay, ...]) -> list[str]:
    return list(dict.fromkeys(each.method for each in days))


def _problem(words: Catalogue, code: str) -> str:
    known = f"forecast.problem.{code}"
    return words.text(known if known in words.messages else "forecast.problem.other")


def found_in(words: Catalogue) -> Callable[[Finding], str]:
    """Returns what says a finding in the reader's language, with its place."""

    def found(each: Finding) -> str:
        text = words.text(f"forecast.finding.{each.code}", **each.values)
        if each.is_left_out:
            text = words.text("forecast.left_out", words=text)
        if each.row:
            return words.text("forecast.place", row=str(each.row), column=each.column, words=text)
        return text

    return found


def _plot(sheet: ForecastSheet, words: Catalogue, language: str) -> Markup:
    first = date.fromisoformat(sheet.days[0].day)
    return forecast_plot(
        sheet,
        label=lambda at: format_date(
            date.fromordinal(first.toordinal() + at), "EEE d", locale=language
        ),
        words=words.text(
            "forecast.plot.words",
            count=len(sheet.days),
            calls=round(sum(each.mean for each in sheet.days)),
        ),
        today=words.text("forecast.plot.from_here"),
        number=lambda value: format_decimal(value, format="#,##0.#", locale=language),
    )
