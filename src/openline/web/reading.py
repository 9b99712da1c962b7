"""The pages that read the record: reports, the list of calls, the story of one call.

Nothing here computes a figure: what is shown comes from `openline.reports` by way of a process of
its own. A story is noted as opened before a word of it is shown (rule P31).
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from openline.configuration import Published
from openline.identity import Role
from openline.measures import ENDINGS
from openline.model import CallId, PeerError, RefusedError
from openline.reports import CivilDays
from openline.reports.sheets import Sheet, SheetRow
from openline.reports.story import Chapter
from openline.store import Opening
from openline.web.access import visitor_of
from openline.web.asked import (
    BYS,
    FORMS,
    ORIGINS,
    SHOWN,
    TIMED,
    WAITS_S,
    CallsForm,
    NotUnderstoodError,
    ReportForm,
    calls_form,
    report_form,
)
from openline.web.catalogue import Catalogue
from openline.web.context import StillReadingError, WebContext
from openline.web.plot import plot
from openline.web.shown import Shown, time_left
from openline.web.templating import Templating

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OUTCOME_BEHIND = {"offered": "", "answered": "answered", "abandoned": "abandoned"}
"""Which calls stand behind a figure that counts them."""
ARRIVAL_BEHIND = {"arrived": "", **{key: outcome.value for outcome, key in ENDINGS.items()}}
"""The same of figures that count arrivals: there exactly those, one for one."""


class ReadingPages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        for path, endpoint in (
            ("/calls", self.calls),
            ("/calls/{call}", self.story),
            ("/reports", self.report),
            ("/reports/file", self.report_file),
        ):
            router.add_api_route(path, endpoint, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/reading/stop", self.stop, methods=["POST"], response_model=None)
        return router

    async def stop(self, request: Request) -> Response:
        """Stops a question that takes long; leads back to the page, with what it shows unasked."""
        form = await request.form()
        token, page = form.get("question"), form.get("page")
        if isinstance(token, str):
            self._context.reading.stop_reading(token)
        return RedirectResponse("/calls" if page == "calls" else "/reports", 303)

    # ---- reports ---------------------------------------------------------------------------------

    async def report(self, request: Request) -> Response:
        form = report_form(request.query_params, self._today(), is_demo=self._context.is_demo)
        sheet, problem, still = None, None, None
        try:
            sheet = await self._context.reading.sheet(form.asked())
        except StillReadingError as error:
            still = error
        except (NotUnderstoodError, RefusedError) as error:
            problem = error.code
        except PeerError:
            problem = "peer"
        shown, catalogue = self._shown(request), self._catalogue(request)
        keys = SHOWN[form.show]
        return self._templating.page(
            request,
            "reports.html",
            _status(problem),
            form=form,
            is_period_known=problem != "bad_period",
            sheet=sheet,
            still=still,
            problem=self._problem(catalogue, problem),
            shown=shown,
            keys=keys,
            bys=tuple(BYS),
            shows=tuple(SHOWN),
            forms=FORMS,
            origins=tuple(ORIGINS),
            choices=self._choices(request),
            plot=None if sheet is None else self._plot(sheet, form, shown, catalogue),
            label=lambda row: _label(row, form.by, shown),
            calls_behind=self._calls_behind(request, form, shown),
            name_of=self._names(request),
            file_address=lambda kind: f"/reports/file?{_query(form)}&form={kind}",
            periods=self._periods(),
        )

    async def report_file(self, request: Request) -> Response:
        form = report_form(request.query_params, self._today(), is_demo=self._context.is_demo)
        kind = request.query_params.get("form", "csv")
        if kind not in FORMS:
            raise HTTPException(404)
        try:
            body = await self._context.reading.file(form.asked(), kind)
        except (NotUnderstoodError, RefusedError) as error:
            words = self._problem(self._catalogue(request), error.code)
            return Response(words, 422, media_type="text/plain")
        except PeerError:
            words = self._problem(self._catalogue(request), "peer")
            return Response(words, 503, media_type="text/plain")
        name = f"openline-{_safe(form.period.since)}-{_safe(form.period.until)}.{kind}"
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
        return Response(body, media_type=MEDIA[kind], headers=headers)

    def _plot(self, sheet: Sheet, form: ReportForm, shown: Shown, words: Catalogue) -> str:
        total = sheet.totals[-1].figures
        targets = {target.percent for target in self._context.published().targets.values()}
        return plot(
            sheet.plot,
            sheet.before,
            label=lambda row: _label(row, form.by, shown),
            words=words.text(
                "reports.plot.words",
                offered=int(sum(row.figures["offered"] or 0 for row in sheet.plot)),
                answered=int(sum(row.figures["answered"] or 0 for row in sheet.plot)),
                abandoned=int(sum(row.figures["abandoned"] or 0 for row in sheet.plot)),
                level=shown.figure("service_level", total.get("service_level")),
            ),
            percent=lambda share: (
                shown.figure("service_level", share).replace(".0", "").replace(",0", "")
            ),
            target=targets.pop() / 100 if len(targets) == 1 else None,
        )

    def _calls_behind(
        self, request: Request, form: ReportForm, shown: Shown
    ) -> Callable[[SheetRow, str], str | None]:
        """Returns what gives the address of the calls behind a figure; None where there is none."""
        account = visitor_of(request).account
        may_look = account is not None and account.role is Role.SUPERVISOR

        def behind(row: SheetRow, key: str) -> str | None:
            outcome = OUTCOME_BEHIND.get(key, ARRIVAL_BEHIND.get(key))
            if not may_look or outcome is None:
                return None
            chosen = {
                "from": shown.local(row.start).isoformat(),
                "to": shown.local(row.end).isoformat(),
                "outcome": outcome,
                "timed": "arrival" if key in ARRIVAL_BEHIND else "",
                "queue": form.queue,
                "line": form.line,
                "origin": form.origin,
            }
            if row.key is not None:
                chosen[form.per] = row.key
            return f"/calls?{urlencode({name: text for name, text in chosen.items() if text})}"

        return behind

    def _periods(self) -> list[tuple[str, str]]:
        """Returns the periods that are one click away, as words and addresses."""
        today = self._today()
        day = date.fromordinal

        def address(first: int, last: int, by: str) -> str:
            since, until = day(today.toordinal() + first), day(today.toordinal() + last)
            return f"/reports?{urlencode({'from': since, 'to': until, 'by': by})}"

        weekday = today.weekday()
        return [
            ("today", address(0, 0, "30m")),
            ("yesterday", address(-1, -1, "30m")),
            ("this_week", address(-weekday, 0, "day")),
            ("last_week", address(-weekday - 7, -weekday - 1, "day")),
            ("four_weeks", address(-27, 0, "day")),
        ]

    # ---- calls -----------------------------------------------------------------------------------

    async def calls(self, request: Request) -> Response:
        form = calls_form(request.query_params, self._today(), is_demo=self._context.is_demo)
        found, problem, still = None, None, None
        try:
            found = await self._context.reading.call_list(form.asked())
        except StillReadingError as error:
            still = error
        except (NotUnderstoodError, RefusedError) as error:
            problem = error.code
        except PeerError:
            problem = "peer"
        return self._templating.page(
            request,
            "calls.html",
            _status(problem),
            form=form,
            is_period_known=problem != "bad_period",
            found=found,
            still=still,
            problem=self._problem(self._catalogue(request), problem),
            shown=self._shown(request),
            waits=WAITS_S,
            timed=TIMED,
            origins=tuple(ORIGINS),
            choices=self._choices(request),
            name_of=self._names(request),
            with_=lambda **changes: f"/calls?{_query(form, **changes)}",
        )

    async def story(self, request: Request, call: str) -> Response:
        account = visitor_of(request).account
        if not call.isdecimal() or len(call) > 15 or account is None:
            raise HTTPException(404)
        number = CallId(int(call))
        catalogue = self._catalogue(request)
        try:
            told = await self._context.reading.story(number)
            opening = Opening(
                at=self._context.now(), login=account.login, call=number, is_exact=told.is_exact
            )
            await self._context.openings.note(opening)
        except RefusedError as error:
            if error.code != "no_call":
                raise HTTPException(503) from error
            return self._templating.page(request, "story.html", 404, told=None, call=number)
        except PeerError as error:
            raise HTTPException(503) from error
        names = self._names(request)
        return self._templating.page(
            request,
            "story.html",
            told=told,
            call=number,
            shown=self._shown(request),
            name_of=names,
            words=lambda chapter: _chapter(chapter, catalogue, names),
            because=lambda chapter: _because(chapter, catalogue),
            knew=lambda chapter: _knew(chapter, catalogue),
            left=lambda at: time_left(catalogue, at - self._context.now()),
            recorded=self._context.recorded(number),
            forgotten_at=told.chapters[0].at + self._context.published().terms.journal,
        )

    # ---- shared steps ----------------------------------------------------------------------------

    def _today(self) -> date:
        days = CivilDays(self._context.published().zone)
        return days.date_of(days.day_of(self._context.now()))

    def _shown(self, request: Request) -> Shown:
        return Shown(
            language=self._templating.language(request), zone=self._context.published().zone
        )

    def _catalogue(self, request: Request) -> Catalogue:
        return self._context.catalogues[self._templating.language(request)]

    def _problem(self, catalogue: Catalogue, code: str | None) -> str | None:
        if code is None:
            return None
        known = f"reading.problem.{code}"
        return catalogue.text(known if known in catalogue.messages else "reading.problem.other")

    def _names(self, request: Request) -> Callable[[str, str | None], str]:
        """Returns what names a queue, line or agent; one that is gone is named by its key."""
        language, published = self._templating.language(request), self._context.published()

        def name_of(kind: str, key: str | None) -> str:
            return "" if key is None else _name(published, kind, key, language)

        return name_of

    def _choices(self, request: Request) -> dict[str, list[tuple[str, str]]]:
        """Returns the queues and lines that can be chosen, by key and name."""
        published, name = self._context.published(), self._names(request)
        settings = published.settings
        named = self._catalogue(request).name_of_language
        of_lines = (line.language for line in settings.lines if line.language is not None)
        spoken = dict.fromkeys((*published.languages, *of_lines))
        return {
            "language": [(key, named(key)) for key in spoken],
            "queue": [(queue.key, name("queue", queue.key)) for queue in settings.queues],
            "line": [(line.key, name("line", line.key)) for line in settings.lines],
        }


def _name(published: Published, kind: str, key: str, language: str) -> str:
    match kind:
        case "queue":
            return published.name_of("queue", key, language)
        case "line":
            return published.name_of("line", key, language)
        case "agent":
            return published.name_of("agent", key, language)
        case _:
            return key


def _status(problem: str | None) -> int:
    return 200 if problem is None else 503 if problem == "peer" else 422


def _query(form: ReportForm | CallsForm, **changes: object) -> str:
    values: dict[str, object] = {
        "from": form.period.since,
        "to": form.period.until,
        **{name: value for name, value in asdict(form).items() if name != "period"},
        **changes,
    }
    for place in ("older", "newer"):
        if place not in changes:
            values.pop(place, None)
    return urlencode({name: value for name, value in values.items() if value not in ("", 0)})


def _safe(text: str) -> str:
    return "".join(each for each in text if each.isdigit() or each == "-")[:10]


def _label(row: SheetRow, by: str, shown: Shown) -> str:
    if by in ("15m", "30m", "hour"):
        return shown.time(row.start)
    if by == "month":
        return shown.month(row.start)
    return shown.day(row.start)


def _chapter(
    chapter: Chapter, catalogue: Catalogue, name_of: Callable[[str, str | None], str]
) -> str:
    """Says what happened, in the reader's language; what nobody has words for yet, by its name."""
    known = f"story.{chapter.event}"
    if chapter.event == "OutsideDialled" and chapter.facts.get("by") is None:
        known = "story.outside_rung"
    if chapter.event == "CallOffered" and chapter.facts.get("by") is not None:
        known = "story.offered_by_skills"
    if known not in catalogue.messages:
        return chapter.words
    facts: Mapping[str, str | int | float | bool | None] = chapter.facts
    values: dict[str, str | int | float] = {
        name: value for name, value in facts.items() if isinstance(value, str | int | float)
    }
    for kind in ("queue", "line"):
        if isinstance(key := facts.get(kind), str):
            values[kind] = name_of(kind, key)
    for kind in ("agent", "by"):
        key = facts.get(kind)
        values[kind] = (
            name_of("agent", key) if isinstance(key, str) else catalogue.text("story.somebody")
        )
    if isinstance(outcome := facts.get("outcome"), str):
        values["outcome"] = catalogue.text(f"calls.outcome.{outcome}")
    text = catalogue.text(known, **values)
    return text[:1].upper() + text[1:]


def _knew(chapter: Chapter, catalogue: Catalogue) -> str | None:
    """Says what routing knew when the call came to wait or was offered."""
    known = {name: chapter.facts.get(name) for name in ("before", "able", "able_ready")}
    values = {name: value for name, value in known.items() if isinstance(value, int)}
    return catalogue.text("story.knew", **values) if len(values) == len(known) else None


def _because(chapter: Chapter, catalogue: Catalogue) -> str | None:
    if chapter.reason is None:
        return None
    return catalogue.text(f"reason.{chapter.reason}")
