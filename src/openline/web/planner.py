"""The planner's page: how many will call, how many people that needs, and whether they are there.

Nothing that is sent is kept: it goes to the process that reads the record and comes back as a page,
which itself carries the plan on to the next question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from openline.model import PeerError, RefusedError
from openline.planning.forecast_asked import INTERVALS
from openline.planning.plan_asked import PlanAnswer, PlanSheet, PlanSums, risk_word
from openline.planning.roster_file.faults import Fault
from openline.web.asked import ORIGINS
from openline.web.asked_in_time import in_time
from openline.web.catalogue import Catalogue
from openline.web.context import WebContext
from openline.web.forecasting import found_in
from openline.web.given import LARGEST_FIELD
from openline.web.planner_form import HORIZONS, PLANS_FOR, PlannerForm, Sent, read_sent
from openline.web.planner_plot import minute_of_stamp, planner_plot
from openline.web.templating import Templating

FILES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
NOTHING = "–"
TERMS = (
    *("aht", "patience", "target", "shrinkage", "needed", "to_schedule", "rostered", "gap"),
    *("in_time", "leave", "risk", "range"),
)
"""What the words of the page mean, each explained at its foot."""


@dataclass(frozen=True, kw_only=True)
class DaySums:
    """Holds what the intervals of one day come to."""

    day: str
    calls: float
    needed_h: float
    to_schedule_h: float
    rostered_h: float
    short: int
    late: float
    leave: float


class PlannerPages:
    """Answers the routes of this file."""

    def __init__(self, context: WebContext, templating: Templating) -> None:
        self._context = context
        self._templating = templating

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        router.add_api_route("/planner", self.form, methods=["GET", "HEAD"], response_model=None)
        router.add_api_route("/planner", self.plan, methods=["POST"], response_model=None)
        router.add_api_route("/planner/file", self.file, methods=["POST"], response_model=None)
        return router

    async def form(self, request: Request) -> Response:
        """Shows the form alone, with the centre's own target where all its queues share one."""
        targets = {
            f"{target.percent:g}/{target.within // 1_000_000}"
            for target in self._context.published().targets.values()
        }
        form = PlannerForm(
            origin="simulated" if self._context.is_demo else "real",
            target=targets.pop() if len(targets) == 1 else PlannerForm.target,
        )
        return self._page(request, Sent(form=form, asked=None))

    async def plan(self, request: Request) -> Response:
        """Shows the plan above the form that asked for it."""
        sent = await sent_of(request)
        if sent.asked is None:
            return self._page(request, sent, status=422)
        return await in_time(
            request,
            self._context.reading.plan(sent.asked),
            lambda answer: self._page(request, sent, answer, status=200 if answer.sheet else 422),
            lambda code, status: self._page(request, sent, problem=code, status=status),
            self._words(request),
        )

    async def file(self, request: Request) -> Response:
        """Gives the table as a file."""
        form = request.query_params.get("form", "csv")
        if form not in FILES:
            raise HTTPException(404)
        sent = await sent_of(request)
        words = self._words(request)
        if sent.asked is None:
            return Response(problem_of(words, "fields"), 422, media_type="text/plain")
        try:
            body = await self._context.reading.plan_file(sent.asked, form)
        except RefusedError as error:
            return Response(problem_of(words, error.code), 422, media_type="text/plain")
        except PeerError:
            return Response(problem_of(words, "peer"), 503, media_type="text/plain")
        headers = {
            "Content-Disposition": f'attachment; filename="openline-plan.{form}"',
            "Cache-Control": "no-store",
        }
        return Response(body, media_type=FILES[form], headers=headers)

    def _words(self, request: Request) -> Catalogue:
        return self._context.catalogues[self._templating.language(request)]

    def _page(
        self,
        request: Request,
        sent: Sent,
        answer: PlanAnswer | None = None,
        *,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        words = self._words(request)
        language = words.language
        sheet = None if answer is None else answer.sheet
        form = sent.form if sheet is None else _carried(sent, sheet)
        shown = Written(language)
        changed = [] if sheet is None else _changed(sheet, words, shown)
        return self._templating.page(
            request,
            "planner.html",
            status,
            form=form,
            wrong={name: words.text(f"planner.wrong.{code}") for name, code in sent.wrong.items()},
            sheet=sheet,
            calls_faults=() if answer is None else answer.calls_faults,
            roster_faults=() if answer is None else answer.roster_faults,
            problem=None if problem is None else problem_of(words, problem),
            horizons=HORIZONS,
            intervals=INTERVALS,
            plans_for=PLANS_FOR,
            origins=tuple(ORIGINS),
            terms=TERMS,
            found=found_in(words),
            fault=lambda each: fault_words(words, each),
            shown=shown,
            said=[] if sheet is None else _said(sheet, words, shown),
            changed=changed,
            today=[] if sheet is None else _today(sheet, words, shown),
            view=None if sheet is None else _view(sheet, form.show, bool(changed), words, shown),
            risk=risk_word,
        )


@dataclass(frozen=True)
class Written:
    """Writes numbers, days and times the reader's way."""

    language: str

    def number(self, value: float) -> str:
        """Returns a number: whole from 10 on, else with one decimal."""
        form = "#,##0" if abs(value) >= 9.95 or value == int(value) else "#,##0.0"
        return format_decimal(value, format=form, locale=self.language)

    def signed(self, value: float) -> str:
        """Returns a number with its sign."""
        sign = "+" if value > 0 else "\N{MINUS SIGN}" if value < 0 else ""
        return sign + self.number(abs(value))

    def share(self, part: float, whole: float) -> str:
        """Returns a part of a whole; a dash where there is no whole."""
        if not whole:
            return NOTHING
        return format_percent(part / whole, format="#,##0.0%", locale=self.language)

    def day(self, iso: str) -> str:
        """Returns the day of a time, "Sat 7 Mar"."""
        return format_date(date.fromisoformat(iso[:10]), "EEE d MMM", locale=self.language)

    def spans(self, spans: Sequence[tuple[int, int]]) -> str:
        """Returns stretches of the day, "20:00–22:00, 23:00–24:00"."""
        return ", ".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in spans)


@dataclass(frozen=True, kw_only=True)
class View:
    """Is what is shown of a plan: all of its days, or one of them by interval."""

    day: str
    """Empty for all days."""
    days: tuple[DaySums, ...]
    places: tuple[int, ...]
    plot: str


async def sent_of(request: Request) -> Sent:
    """Returns what a request's form was sent with."""
    async with request.form(max_files=2, max_fields=40, max_part_size=LARGEST_FIELD) as sent:
        return await read_sent(sent)


def _carried(sent: Sent, sheet: PlanSheet) -> PlannerForm:
    """Returns the form with what was understood, so that the next question goes on from there."""
    assert sent.asked is not None, "there is an answer"
    plan = msgspec.structs.replace(
        sent.asked.plan,
        calls=sheet.calls_text.encode(),
        calls_name="",
        roster=sheet.roster_text.encode(),
        roster_name="",
    )
    plan = msgspec.structs.replace(plan, today=sheet.today)
    was = plan if sheet.was is None else sent.asked.was
    if was is None:
        # What came today was the change.
        was = msgspec.structs.replace(plan, today=None)
    return replace(
        sent.form,
        calls=sheet.calls_text,
        roster=sheet.roster_text,
        was=msgspec.json.encode(was).decode(),
        took="" if sheet.today is None else msgspec.json.encode(sheet.today).decode(),
    )


def problem_of(words: Catalogue, code: str) -> str:
    """Returns why there is no answer, in the reader's words."""
    for known in (f"planner.problem.{code}", f"forecast.problem.{code}"):
        if known in words.messages:
            return words.text(known)
    return words.text("planner.problem.other")


def fault_words(words: Catalogue, fault: Fault) -> str:
    """Returns what is wrong with a cell of a roster, with its place, in the reader's words."""
    text = words.text(f"planner.fault.{fault.code}", **fault.values)
    return words.text("forecast.place", row=str(fault.row), column=fault.column, words=text)


# --- words --------------------------------------------------------------------------------------


def _said(sheet: PlanSheet, words: Catalogue, shown: Written) -> list[str]:
    """Returns what the plan comes to, most telling first."""
    sums = sheet.sums
    if not sheet.has_roster:
        return [
            words.text(
                "planner.said.needed",
                phones=shown.number(sums.needed_h),
                schedule=shown.number(sums.to_schedule_h),
                most=shown.number(max(sheet.now.to_schedule)),
            ),
            words.text("planner.said.no_roster"),
        ]
    said = [
        words.text("planner.said.covered")
        if not sums.short
        else words.text(
            "planner.said.short",
            count=sums.short,
            of=shown.number(len(sheet.stamps)),
            hours=shown.number(sums.short_h),
        ),
        words.text(
            "planner.said.leave",
            leave=shown.number(sums.leave),
            calls=shown.number(sums.calls),
            share=shown.share(sums.leave, sums.calls),
        ),
    ]
    if sums.leave >= 1:
        said.append(words.text("planner.said.worst", spans=shown.spans(sheet.worst)))
    return said


def _today(sheet: PlanSheet, words: Catalogue, shown: Written) -> list[str]:
    """Returns what came today, and what it says of the rest of the day."""
    today = sheet.today
    if today is None:
        return []
    rest = [
        at
        for at, stamp in enumerate(sheet.stamps)
        if stamp[:10] == today.day and minute_of_stamp(stamp) >= today.clock
    ]
    said = [
        words.text(
            "planner.today.came",
            day=shown.day(today.day),
            clock=_clock(today.clock),
            came=shown.number(sum(today.came)),
            expected=shown.number(today.expected),
        ),
        words.text(
            "planner.today.rest",
            share=shown.share(today.carries, 1),
            now=shown.number(sheet.rest_now),
            before=shown.number(sheet.rest_before),
        ),
    ]
    if rest and sheet.was is not None:
        most = max(rest, key=lambda at: (sheet.now.to_schedule[at], -at))
        said.append(
            words.text(
                "planner.today.needed",
                now=shown.number(sheet.now.to_schedule[most]),
                before=shown.number(max(sheet.was.to_schedule[at] for at in rest)),
                clock=sheet.stamps[most][11:16],
            )
        )
    return said


def _changed(sheet: PlanSheet, words: Catalogue, shown: Written) -> list[str]:
    """Returns what a change does; nothing where nothing was changed."""
    difference, was = sheet.difference, sheet.was_sums
    if difference is None or was is None or _is_same(was, sheet.sums):
        return []
    said = []
    hours = sheet.sums.to_schedule_h - was.to_schedule_h
    if abs(hours) >= 0.05:
        key = "planner.change.more_work" if hours > 0 else "planner.change.less_work"
        said.append(words.text(key, hours=shown.number(abs(hours))))
    if not sheet.has_roster:
        return said
    fewer, in_time = difference.fewer_leave, difference.more_in_time
    if not difference.spans:
        return [*said, words.text("planner.change.nothing")]
    key = "planner.change.fewer_leave" if fewer >= 0 else "planner.change.more_leave"
    spans = shown.spans(difference.spans)
    said.append(words.text(key, people=shown.number(abs(fewer)), spans=spans))
    key = "planner.change.more_in_time" if in_time >= 0 else "planner.change.fewer_in_time"
    said.append(words.text(key, people=shown.number(abs(in_time))))
    if difference.ends is not None:
        said.append(_at_ends(difference.ends, fewer, words, shown))
    if was.short != sheet.sums.short:
        before, after = shown.number(was.short), shown.number(sheet.sums.short)
        said.append(words.text("planner.change.short", before=before, after=after))
    return said


def _at_ends(ends: tuple[float, float], fewer: float, words: Catalogue, shown: Written) -> str:
    sign = 1 if fewer >= 0 else -1
    low, high = sorted(sign * each for each in ends)
    key = "planner.change.ends_sure" if low > 0 else "planner.change.ends_open"
    return words.text(key, low=shown.number(low), high=shown.number(high))


def _is_same(was: PlanSums, now: PlanSums) -> bool:
    return all(
        abs(before - after) < 1e-9
        for before, after in zip(
            msgspec.structs.astuple(was), msgspec.structs.astuple(now), strict=True
        )
    )


# --- view ---------------------------------------------------------------------------------------


def _view(sheet: PlanSheet, asked: str, is_changed: bool, words: Catalogue, shown: Written) -> View:
    by_day: dict[str, list[int]] = {}
    for at, stamp in enumerate(sheet.stamps):
        by_day.setdefault(stamp[:10], []).append(at)
    day = asked if asked in by_day else ""
    places = by_day[day] if day else list(range(len(sheet.stamps)))
    hours = sheet.minutes / 60
    now = sheet.now
    days = tuple(
        DaySums(
            day=each,
            calls=sum(now.calls[at] for at in own),
            needed_h=sum(now.needed[at] for at in own) * hours,
            to_schedule_h=sum(now.to_schedule[at] for at in own) * hours,
            rostered_h=sum(now.rostered[at] for at in own) * hours,
            short=sum(now.gap(at) < 0 for at in own),
            late=sum(now.calls[at] * (1 - now.service_level[at]) for at in own),
            leave=sum(now.calls[at] * now.abandon[at] for at in own),
        )
        for each, own in by_day.items()
    )
    picture = planner_plot(
        sheet,
        places,
        shows_before=is_changed,
        label=_label(sheet, day, shown),
        words=" ".join(_said(sheet, words, shown)),
        names=(
            words.text("planner.plot.calls", count=sheet.minutes),
            words.text("planner.plot.people"),
            words.text("planner.today.now"),
        ),
        number=lambda value: format_decimal(value, format="#,##0.#", locale=shown.language),
    )
    return View(day=day, days=days, places=tuple(places), plot=picture)


def _label(sheet: PlanSheet, day: str, shown: Written) -> Callable[[int], str | None]:
    def label(at: int) -> str | None:
        moment = datetime.fromisoformat(sheet.stamps[at])
        if day:
            return f"{moment:%H:%M}" if moment.minute == 0 and moment.hour % 2 == 0 else None
        if moment.hour == 0 and moment.minute == 0:
            return shown.day(sheet.stamps[at])
        return None

    return label


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
