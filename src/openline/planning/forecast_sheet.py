"""A forecast as a page shows it, made from a file's calls or the record's."""

import math
import re
from datetime import timedelta

import numpy as np

from openline.model import RefusedError
from openline.planning.forecast import Forecast, History
from openline.planning.forecast.backtest import Tell
from openline.planning.forecast.forecast import no_tell
from openline.planning.forecast_asked import (
    SHOWN_BEFORE,
    ForecastAnswer,
    ForecastAsked,
    ForecastDay,
    ForecastSheet,
)
from openline.planning.forecast_begun import forecast_from
from openline.planning.history_file.findings import FaultyHistoryError
from openline.planning.history_file.reading import HistoryFile, read_history
from openline.planning.history_file.sheet import sheet_of
from openline.planning.history_file.writing import csv_of
from openline.planning.marks import marks_of

MOST_FINDINGS = 40


def answer_to_file(asked: ForecastAsked, tell: Tell = no_tell) -> ForecastAnswer:
    """Returns the forecast of what was sent, or its faults; tells how far it is.

    Raises:
        RefusedError: it is no history of calls at all.
    """
    try:
        file = read_history(
            sheet_of(asked.content, asked.name),
            minutes=asked.minutes,
            skips_faulty=asked.skips_faulty,
            missing_is_zero=asked.missing_is_zero,
        )
    except FaultyHistoryError as error:
        return ForecastAnswer(faults=error.faults[:MOST_FINDINGS])
    return answer(file, asked, tell)


def answer(file: HistoryFile, asked: ForecastAsked, tell: Tell = no_tell) -> ForecastAnswer:
    """Returns the forecast of a line of a file, or of all lines together.

    Raises:
        RefusedError: the country of the holidays or the line is not known (`unknown_country`,
            `unknown_line`), or a special day is none (`bad_special`).
    """
    history = file.line(asked.line) if asked.line else file.all()
    if not np.isfinite(history.calls).any():
        raise RefusedError("There is no row with calls.", code="no_rows")
    holidays = [asked.holidays.strip()] if asked.holidays.strip() else []
    special = [each.strip() for each in re.split(r"[,;\n]", asked.special) if each.strip()]
    made, carries, known = forecast_from(
        history,
        asked.days,
        file.last if asked.so_far else None,
        lambda known: marks_of(holidays, special, known, asked.days),
        tell,
    )
    return ForecastAnswer(sheet=_sheet(made, known, file, carries))


def _sheet(
    made: Forecast, history: History, file: HistoryFile, carries: float | None
) -> ForecastSheet:
    done = made.begins_at
    shown = history.calls[-SHOWN_BEFORE - bool(done) :].ravel()
    # The rest of a day that has begun is to come.
    before = shown[: len(shown) - history.slots + done] if done else shown
    return ForecastSheet(
        minutes=made.minutes,
        before=tuple(float(calls) if math.isfinite(calls) else None for calls in before),
        mean=tuple(made.mean.ravel()[done:].tolist()),
        bounds=tuple(tuple(each.ravel()[done:].tolist()) for each in made.bounds),
        days=tuple(_day(made, at) for at in range(len(made.mean))),
        table=csv_of(made, file.zone).replace(",", "\t"),
        tested_days=made.tested_days,
        error=_known(made.error),
        guard_error=_known(made.guard_error),
        naive_error=_known(made.naive_error),
        noise_floor=_known(made.noise_floor),
        odd=tuple(day.isoformat() for day in made.odd),
        findings=file.findings[:MOST_FINDINGS],
        lines=tuple(sorted(name for name in file.lines if name)),
        done=done,
        came=float(made.mean[0, :done].sum()),
        carries=carries,
        rows=file.rows,
    )


def _day(made: Forecast, at: int) -> ForecastDay:
    low80, high80, low95, high95 = (float(bound) for bound in made.day_bounds[:, at])
    return ForecastDay(
        day=(made.first + timedelta(days=at)).isoformat(),
        mean=float(made.mean[at].sum()),
        low80=low80,
        high80=high80,
        low95=low95,
        high95=high95,
        method=made.methods[at],
        mark=made.marks[at],
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
