"""`openline forecast` and `openline forecast-backtest`: how many calls the coming days bring."""

import json as json_codec
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import typer

from openline.cli.forecast_said import as_json, say, say_tested, tested_json
from openline.cli.progress import Telling
from openline.cli.typed import write_whole, zone_of
from openline.model import RefusedError
from openline.planning.forecast import (
    MOST_HORIZON,
    Forecast,
    backtest,
    forecast,
    learn,
    scaled,
)
from openline.planning.forecast_begun import forecast_from, reaching
from openline.planning.history_file.reading import HistoryFile, read_history
from openline.planning.history_file.sheet import sheet_of
from openline.planning.history_file.writing import csv_of, rows_of
from openline.planning.marks import marks_of
from openline.planning.quantities import duration_s, number

DAY_S = 86_400
LEAST_TESTED = 42
"""A back-test needs so many days before the first that it tests."""


class Asked:
    """Is what was typed about where calls come from, checked."""

    def __init__(
        self,
        *,
        source: Path | None,
        config: Path | None,
        data: Path | None,
        kind: Sequence[str],
        interval: str | None,
        zone: str | None,
        line: str | None,
        origin: str | None,
        skip_faulty: bool,
        missing_is_zero: bool,
    ) -> None:
        self.source = source
        self.config = config
        self.data = data
        self.kind = kind
        self.minutes = None if interval is None else _minutes(interval)
        self.zone = None if zone is None else zone_of(zone)
        self.line = line
        self.origin = None if origin is None else _origin(origin)
        self.skip_faulty = skip_faulty
        self.missing_is_zero = missing_is_zero
        if source is not None and (config is not None or data is not None):
            raise RefusedError(
                f"{source} and --config or --data: learn from a file or from the centre's own "
                f"record, not from both.",
                code="two_histories",
            )

    def read(self) -> HistoryFile:
        """Reads the file, or the centre's own record."""
        if self.source is not None:
            return self.file(self.source)
        from openline.app.forecasting import calls_of_record
        from openline.app.options import options
        from openline.cli.report import origins_of
        from openline.configuration import load

        chosen = options(config=self.config, data=self.data, speed=1, port=None)
        with Telling("Reading the record") as telling:
            return calls_of_record(
                chosen.data,
                load(chosen.config),
                minutes=self.minutes or 30,
                origins=origins_of(self.kind),
                before=self.origin,
                tell=telling,
            )

    def file(self, path: Path) -> HistoryFile:
        """Reads a file."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise RefusedError(f"{path}: {error.strerror}.", code="bad_history") from None
        return read_history(
            sheet_of(content, path.name),
            minutes=self.minutes,
            zone=self.zone,
            before=self.origin,
            skips_faulty=self.skip_faulty,
            missing_is_zero=self.missing_is_zero,
        )


def make_forecast(
    asked: Asked,
    *,
    horizon: str,
    holidays: Sequence[str],
    special: Sequence[str],
    so_far: bool,
    like: str | None,
    per_day: str | None,
    out: Path | None,
    json: bool,
) -> None:
    """Forecasts and says it, and writes the rows where a file is named."""
    days = _days(horizon, "--horizon")
    if days > MOST_HORIZON:
        raise RefusedError(
            f"--horizon {horizon}: further than {MOST_HORIZON} days nothing can be said.",
            code="bad_horizon",
        )
    file = asked.read()
    slope: float | None = None
    size: float | None = None
    with Telling("Trying the methods on past days") as telling:
        if like is not None or per_day is not None:
            made, size = _from_similar(asked, file, days, like, per_day, holidays, special)
        else:
            history = file.all() if asked.line is None else file.line(asked.line)
            begins = asked.origin or (file.last if so_far else None)
            made, slope, _ = forecast_from(
                history,
                days,
                begins,
                lambda known: marks_of(holidays, special, known, days),
                telling,
            )
    if out is not None:
        write_whole(out, csv_of(made, file.zone))
    if json:
        typer.echo(json_codec.dumps(as_json(made, file, slope, size), ensure_ascii=False, indent=2))
        return
    say(made, file, asked.line, slope, size)
    if out is not None:
        typer.echo(f"{out} holds {sum(1 for _ in rows_of(made, file.zone)):,} intervals.")


def make_backtest(
    asked: Asked,
    *,
    horizon: str,
    test_days: int,
    holidays: Sequence[str],
    special: Sequence[str],
    json: bool,
) -> None:
    """Lets the methods compete on the newest days, and says how each did."""
    days = _days(horizon, "--horizon")
    file = asked.read()
    history = file.all() if asked.line is None else file.line(asked.line)
    most = history.days - LEAST_TESTED
    if not 1 <= test_days <= most:
        raise RefusedError(
            f"--test-days {test_days}: the history has {history.days} days, of which "
            f"{LEAST_TESTED} are needed to begin with, so "
            + (f"1 to {most} can be tested." if most >= 1 else "none can be tested."),
            code="bad_test_days",
        )
    if days > min(MOST_HORIZON, history.days // 2):
        raise RefusedError(
            f"--horizon {horizon}: {history.days} days of history can test at most "
            f"{min(MOST_HORIZON, history.days // 2)} days ahead.",
            code="bad_horizon",
        )
    marks = marks_of(holidays, special, history, 0)
    with Telling("Trying the methods on past days") as telling:
        tested = backtest(history, days, test_days, marks, telling)
    if json:
        typer.echo(json_codec.dumps(tested_json(tested, file, history), indent=2))
        return
    say_tested(tested, file)


# --- what was typed --------------------------------------------------------------------------


def _minutes(text: str) -> int:
    seconds = duration_s(text, "--interval")
    minutes = int(seconds // 60)
    if seconds % 60 or not 1 <= minutes <= 1440 or 1440 % minutes:
        raise RefusedError(
            f"--interval {text}: an interval divides a day, as 15m, 30m, 1h or 1d do.",
            code="bad_interval",
        )
    return minutes


def _days(text: str, what: str) -> int:
    seconds = int(text) * DAY_S if text.isdigit() else duration_s(text, what)
    if seconds < DAY_S or seconds % DAY_S:
        raise RefusedError(f"{what} {text}: write whole days, as 14d.", code="bad_horizon")
    return int(seconds // DAY_S)


def _origin(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is not None:
        raise RefusedError(
            f"--origin {text}: write a date like 2026-03-02, or a time on it like "
            f"2026-03-02T13:00, in the centre's own time.",
            code="bad_origin",
        )
    return at


def _from_similar(
    asked: Asked,
    file: HistoryFile,
    days: int,
    like: str | None,
    per_day: str | None,
    holidays: Sequence[str],
    special: Sequence[str],
) -> tuple[Forecast, float]:
    """Returns the forecast of a new line, and its size beside the similar one."""
    expected = None if per_day is None else number(per_day, "--per-day", above_zero=True)
    own = file.lines.get(asked.line) if asked.line is not None else None
    if like is None:
        of, own = file.all(), None
    elif like in file.lines:
        of = file.line(like)
    elif Path(like).exists():
        of = asked.file(Path(like)).all()
    else:
        known = ", ".join(name for name in file.lines if name) or "none"
        raise RefusedError(
            f"--like {like}: neither a line of {file.name} (there are: {known}) nor a file.",
            code="unknown_line",
        )
    if own is None and expected is None:
        raise RefusedError(
            "--per-day is missing: say how many calls a day the new line will have, or name a "
            "--line that has some days of its own.",
            code="option_missing",
        )
    start = max([of.day(of.days)] + ([own.day(own.days)] if own is not None else []))
    if asked.origin is not None:
        start = asked.origin.date()
    # A typical week may be of any year: what counts is its weekdays.
    start = start if (start - of.day(of.days)).days <= 35 else of.day(of.days)
    whole = reaching(of, start, with_day=False)
    marks = marks_of(holidays, special, whole, days)
    return scaled(forecast(learn(whole, days, marks), days), of, own, expected)
