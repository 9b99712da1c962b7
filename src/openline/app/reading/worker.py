"""The process that reads the record for pages: one question after the other, until its input ends.

It opens the record anew for each question, read-only, so it holds no lock and sees what is there
now. What it was asked and what it answers goes over its standard input and output.
"""

import os
import signal
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from openline.app.files import write, write_text
from openline.app.reading.days import DAYS_REMEMBERED, RememberedDays
from openline.app.reading.jobs import (
    LENGTH,
    Adopt,
    Answer,
    Done,
    FindStaffing,
    Job,
    MakeForecast,
    MakePlan,
    ReadCalls,
    ReadFile,
    ReadSheet,
    ReadStory,
    Refused,
)
from openline.app.reading.kept import kept_of
from openline.app.record import Record, Tell, quietly, record_of, story_of
from openline.app.report_files import as_json, records, types_of
from openline.app.reporting import Made, Read, Request, made_of, read_history, stretch
from openline.app.sources import sources
from openline.app.versions import read_version
from openline.app.workbook import write_workbook
from openline.centre.clock import wall_now
from openline.configuration import Published
from openline.measures import Day
from openline.model import SECOND, CallId, Instant, OpenlineError, Origin, PeerError, RefusedError
from openline.planning.far import Far, Stage
from openline.planning.forecast_asked import ForecastAnswer, ForecastAsked
from openline.planning.plan_asked import TABLE, PlanAnswer, PlanAsked
from openline.planning.staffing_asked import StaffingAnswer, StaffingAsked
from openline.reports import By, Calendar, CivilDays
from openline.reports.call_list import CallList, CallsAsked
from openline.reports.history import Row
from openline.reports.sheets import PLOTTED, Sheet, SheetAsked, SheetRow, figures_of
from openline.reports.told import ToldStory, told_of
from openline.sealing.kinds import DAY

if TYPE_CHECKING:
    from openline.app.reading.call_days import CallDays
    from openline.planning.history_file.reading import HistoryFile

ROWS_AT_MOST = 3_000
DAYS_AT_ONCE = 10
"""Days that are read step by step while others wait: a second each on a small machine."""
TELLS_EVERY_S = 0.2
NICE = 10


class Worker:
    """Answers questions about one record."""

    def __init__(
        self,
        data: Path,
        config: Path,
        *,
        is_patient: bool = True,
        tell: Tell = quietly,
        tell_tried: Tell = quietly,
    ) -> None:
        """`is_patient` is one that may read as many days as it is asked for.

        The other refuses what takes long (`is_long`), since others wait for it. `tell` hears how
        many days of how many are read, `tell_tried` on how many past days methods were tried.
        """
        self._data = data
        self._is_patient = is_patient
        self._tell = tell
        self._tell_tried = tell_tried
        self._read = read_version(config)
        self._published: Published | None = None
        self._days: RememberedDays | None = None
        self._call_days: CallDays | None = None

    def answer(self, job: Job) -> Answer:
        """Returns the answer to one question; what is refused is refused in words."""
        try:
            return Done(body=self._done(job))
        except RefusedError as error:
            return Refused(code=error.code, message=str(error))
        except PeerError as error:
            return Refused(code="peer", message=str(error))
        except OpenlineError as error:
            return Refused(code="fault", message=str(error))

    def _done(self, job: Job) -> bytes:
        encode = msgspec.msgpack.encode
        match job:
            case Adopt():
                self._published = self._read(job.text, job.version)
                self._days = RememberedDays(self._published)
                return b""
            case ReadSheet():
                return encode(self.sheet(job.asked))
            case ReadFile():
                return self.file(job.asked, job.form)
            case ReadCalls():
                return encode(self.calls(job.asked))
            case ReadStory():
                return encode(self.story(job.call))
            case MakeForecast():
                return encode(self.forecast(job.asked))
            case FindStaffing():
                return encode(self.staffing(job.asked))
            case MakePlan(form=""):
                return encode(self.plan(job.asked))
            case MakePlan():
                return self.plan_file(job.asked, job.form)

    @property
    def _known(self) -> tuple[Published, RememberedDays]:
        if self._published is None or self._days is None:
            raise RefusedError("No configuration was named yet.", code="no_configuration")
        return self._published, self._days

    # --- reports ---------------------------------------------------------------------------

    def sheet(self, asked: SheetAsked) -> Sheet:
        """Returns a report with the period before it, if that is asked for."""
        published, _ = self._known
        with record_of(self._data, published.store.url) as record:
            made, plotted = self._made(record, asked, asked.per, None)
            plot = plotted.history
            before = None
            if asked.before is not None:
                since, until = asked.before
                changed = msgspec.structs.replace(asked, since=since, until=until)
                before = self._made(record, changed, None)[0].history
        was_there = before is not None and before.totals[None].tally.arrived > 0
        return Sheet(
            since=made.calendar.since,
            until=made.calendar.until,
            rows=tuple(_row(row, asked.measures) for row in made.history.rows),
            totals=tuple(
                SheetRow(
                    start=made.calendar.since,
                    end=made.calendar.until,
                    key=key,
                    figures=figures_of(sums, asked.measures),
                )
                for key, sums in made.history.totals.items()
            ),
            plot=tuple(_row(row, PLOTTED) for row in plot.rows),
            before=()
            if before is None or not was_there
            else tuple(_row(row, PLOTTED) for row in before.rows),
            before_total=None
            if before is None or not was_there
            else SheetRow(
                start=before.rows[0].slice.start,
                end=before.rows[-1].slice.end,
                key=None,
                figures=figures_of(before.totals[None], asked.measures),
            ),
            targets_s={key: within / SECOND for key, within in made.targets.items()},
            forgotten_until=made.forgotten_until,
            other_origins=made.other_origins,
        )

    def file(self, asked: SheetAsked, form: str) -> bytes:
        """Returns the report as the bytes of a file."""
        published, _ = self._known
        with record_of(self._data, published.store.url) as record:
            made = self._made(record, asked, asked.per)[0]
        keys = asked.measures
        with tempfile.TemporaryDirectory(prefix="openline-report-") as folder:
            out = Path(folder) / f"report.{form}"
            if form == "json":
                write_text(out, as_json(made, keys))
            else:
                write(form, out, types_of(made.request, keys), records(made, keys))
            return out.read_bytes()

    def _made(self, record: Record, asked: SheetAsked, *pers: str | None) -> list[Made]:
        """Returns the report for each way of telling queues or lines apart, read once."""
        published, _ = self._known
        requests = [_request(asked, per) for per in pers]
        calendar, read = self._read_for(record, asked, requests[0])
        return [made_of(read, published, calendar, request) for request in requests]

    def _read_for(
        self, record: Record, asked: SheetAsked, request: Request
    ) -> tuple[Calendar, Read]:
        published, _ = self._known
        calendar, last = stretch(record.store, published, request)
        if sum(1 for _ in islice(calendar.slices(), ROWS_AT_MOST + 1)) > ROWS_AT_MOST:
            raise RefusedError(
                "That is too many rows for a page. Choose a shorter period, or longer rows.",
                code="too_many_rows",
            )
        return calendar, self._historian(record, calendar, last, asked.origins)

    def _historian(
        self, record: Record, calendar: Calendar, last: Instant, origins: tuple[Origin, ...]
    ) -> Read:
        published, days = self._known
        found = sources(record, published, calendar.since, calendar.until, origins)
        count = days.days_read(found)
        if count > DAYS_AT_ONCE and not self._is_patient:
            raise _is_long(count)
        if count <= DAYS_REMEMBERED:
            return Read(days.historian(record, calendar, found, self._tell), found)
        return read_history(record, published, calendar, last, self._tell_days, origins)

    def _tell_days(self, done: int, of: int) -> None:
        """Tells in days what is told in microseconds."""
        self._tell(done // DAY, -(-of // DAY))

    # --- calls -----------------------------------------------------------------------------

    def calls(self, asked: CallsAsked) -> CallList:
        """Returns a page of the list of calls."""
        # Arrays take a while to load, and reports do without.
        from openline.app.reading.call_days import CallDays, TooManyDaysError  # noqa: PLC0415
        from openline.reports.call_search import search  # noqa: PLC0415

        published, _ = self._known
        if self._call_days is None:
            self._call_days = CallDays()
        request = Request(by=By.DAY, since=asked.since, until=asked.until)
        with record_of(self._data, published.store.url) as record:
            if asked.since is None and asked.until is None:
                request = msgspec.structs.replace(request, since=self._last_day(record))
            calendar, _ = stretch(record.store, published, request)
            most = None if self._is_patient else DAYS_AT_ONCE
            try:
                days = self._call_days.days(
                    record, calendar.since, calendar.until, most=most, tell=self._tell
                )
            except TooManyDaysError as error:
                raise _is_long(error.count) from error
            return search(
                days,
                asked,
                since=calendar.since,
                until=calendar.until,
                now=Instant(wall_now()),
                targets={key: target.within for key, target in published.targets.items()},
            )

    def _last_day(self, record: Record) -> str | None:
        last = record.store.last()
        published, _ = self._known
        if last is None:
            return None
        civil = CivilDays(published.zone)
        day: Day = civil.day_of(last.at)
        return civil.date_of(day).isoformat()

    def story(self, call: CallId) -> ToldStory:
        """Returns the story of one call, as far as it may be told now."""
        published, _ = self._known
        story = story_of(self._data, call, published.store.url)
        told = told_of(story, Instant(wall_now()))
        with record_of(self._data, published.store.url) as record:
            return msgspec.structs.replace(told, kept=kept_of(record, call))

    # --- forecast --------------------------------------------------------------------------

    def forecast(self, asked: ForecastAsked) -> ForecastAnswer:
        """Returns a forecast from a file or the record, or what is wrong with the file."""
        # Arrays take a while to load, and most readers of the record never ask for them.
        from openline.planning.forecast_sheet import answer, answer_to_file  # noqa: PLC0415

        if asked.content:
            return answer_to_file(asked, self._tell_tried)
        return answer(self._calls(asked.minutes, asked.origins), asked, self._tell_tried)

    def _calls(self, minutes: int | None, origins: tuple[Origin, ...]) -> "HistoryFile":
        """Returns the record's own calls of the past."""
        from openline.app.forecasting import calls_of_record  # noqa: PLC0415

        published, _ = self._known
        return calls_of_record(
            self._data,
            published,
            minutes=minutes or 30,
            origins=origins,
            before=None,
            tell=self._tell,
        )

    def staffing(self, asked: StaffingAsked) -> StaffingAnswer:
        """Returns how many people one queue needs."""
        from openline.planning.staffing_sheet import answer  # noqa: PLC0415

        return answer(asked)

    # --- plan ------------------------------------------------------------------------------

    def plan(self, asked: PlanAsked) -> PlanAnswer:
        """Returns a plan, or what is wrong with what was sent."""
        from openline.planning.plan_sheet import answer  # noqa: PLC0415

        published, _ = self._known
        return answer(
            asked,
            lambda minutes: self._calls(minutes, asked.origins),
            published.zone,
            self._tell_tried,
        )

    def plan_file(self, asked: PlanAsked, form: str) -> bytes:
        """Returns the table of a plan as the bytes of a file."""
        from openline.planning.plan_sheet import rows_of, table_of  # noqa: PLC0415

        sheet = self.plan(asked).sheet
        if sheet is None:
            raise RefusedError("There are faults to mend first.", code="faulty")
        if form == "csv":
            return table_of(sheet, ",").encode()
        with tempfile.TemporaryDirectory(prefix="openline-plan-") as folder:
            out = Path(folder) / "plan.xlsx"
            write_workbook(out, TABLE, rows_of(sheet))
            return out.read_bytes()


def _is_long(days: int) -> RefusedError:
    return RefusedError(f"{days} days have to be read step by step.", code="is_long")


def _request(asked: SheetAsked, per: str | None) -> Request:
    return Request(
        by=asked.by,
        minutes=asked.minutes,
        since=asked.since,
        until=asked.until,
        queues=asked.queues,
        lines=asked.lines,
        per=per,
        origins=asked.origins,
    )


def _row(row: Row, keys: tuple[str, ...]) -> SheetRow:
    return SheetRow(
        start=row.slice.start,
        end=row.slice.end,
        key=row.key,
        figures=figures_of(row.sums, keys),
    )


class Telling:
    """Writes how far an answer is, now and then, before the answer itself."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._told_at = 0.0

    def __call__(self, done: int, of: int) -> None:
        """Tells how much is read."""
        self._tell(Stage.READING, done, of)

    def tried(self, done: int, of: int) -> None:
        """Tells on how many days methods were tried."""
        self._tell(Stage.TRYING, done, of)

    def _tell(self, stage: Stage, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= TELLS_EVERY_S:
            self._told_at = now
            self.write(Far(stage=stage, done=done, of=of))

    def write(self, said: Answer | Far) -> None:
        """Writes one thing."""
        body = msgspec.msgpack.encode(said)
        self._answers.write(LENGTH.pack(len(body)) + body)
        self._answers.flush()


def serve(worker: Worker, asked: BinaryIO, telling: Telling) -> None:
    """Answers until there is nothing more to read."""
    decoder = msgspec.msgpack.Decoder(Job)
    while len(head := asked.read(LENGTH.size)) == LENGTH.size:
        job = decoder.decode(asked.read(LENGTH.unpack(head)[0]))
        telling.write(worker.answer(job))


def main() -> None:
    """Runs the process; its arguments are the data folder and the configuration's path.

    With `--patient` after them it answers whatever takes long.
    """
    # Ctrl-C goes to the whole group; the centre ends this process by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    data, config = (Path(each) for each in sys.argv[1:3])
    telling = Telling(sys.stdout.buffer)
    is_patient = "--patient" in sys.argv[3:]
    if is_patient and hasattr(os, "nice"):
        # What takes long gives way to the calls that are routed beside it.
        os.nice(NICE)
    worker = Worker(data, config, is_patient=is_patient, tell=telling, tell_tried=telling.tried)
    try:
        serve(worker, sys.stdin.buffer, telling)
    except BrokenPipeError:
        # The centre is gone in the middle of an answer: nobody listens any more.
        os._exit(0)


if __name__ == "__main__":
    main()
