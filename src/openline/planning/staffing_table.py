"""A table of staffing questions in a CSV file, answered row by row.

The columns are `calls`, `interval_s`, `aht_s`, `patience_s`, `model`, `target_percent`, `target_s`
and `agents`, in any order; others are kept as they are. Where `agents` is empty it is the least
number that meets the target, and filled in; else it is evaluated. The answers stand in columns of
their own behind, in full precision; an empty answer means that there is none (nobody was answered),
`inf` that the queue grows without end.

With `is_varying` the rows are the intervals of one queue, in order, and what one leaves behind
meets the next (see `time_varying`); beside the answer stands what a formula for the row alone says.
"""

import csv
import io
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from openline.model import RefusedError
from openline.planning.cells import defused
from openline.planning.erlang import Behaviour, Counts, Floats, Model
from openline.planning.quantities import number, percent
from openline.planning.staffing import (
    MOST_AGENTS,
    Questions,
    Targets,
    behave,
    least_agents,
    to_schedule,
)
from openline.planning.time_varying import Staffed, day_of, staff_day

COLUMNS = (
    "calls",
    "interval_s",
    "aht_s",
    "patience_s",
    "model",
    "target_percent",
    "target_s",
    "agents",
)
NUMBERS = ("calls", "interval_s", "aht_s", "patience_s", "target_percent", "target_s")
_MORE = ("agents_by_row_alone", "to_schedule")
_POSITIVE = ("interval_s", "aht_s", "patience_s")


def answered(
    text: str, name: str, *, is_varying: bool = False, shrinkage: Fraction | None = None
) -> str:
    """Returns the table with its answers; with shrinkage in percent, whom to schedule beside them.

    Raises:
        RefusedError: something in it is wrong, with its row and column (`bad_table`); a target is
            out of reach (`target_out_of_reach`).
    """
    header, rows = _read(text, name)
    place = {column: header.index(column) for column in COLUMNS}
    models = [_model(row[place["model"]], _where(name, line, "model")) for line, row in rows]
    numbers = {
        column: np.array([_value(row, column, place, line, name) for line, row in rows])
        for column in NUMBERS
    }
    agents = np.array([_agents(row[place["agents"]], line, name) for line, row in rows], np.int64)
    figures = np.empty((len(Behaviour._fields), len(rows)))
    more: dict[str, Counts] = {}
    if is_varying:
        _check_varying(rows, models, agents, name)
    for model in Model:
        mine = np.array([each is model for each in models], dtype=bool)
        if not mine.any():
            continue
        questions = Questions(
            model,
            *(numbers[c][mine] for c in ("calls", "interval_s", "aht_s", "patience_s", "target_s")),
        )
        shares = numbers["target_percent"][mine] / 100
        counts = agents[mine]
        wanted = counts < 0
        if wanted.any():
            counts[wanted] = least_agents(
                questions.rows(np.flatnonzero(wanted)), Targets.of_service_level(shares[wanted])
            )
        if is_varying:
            staffed = staff_day(day_of(questions, Targets.of_service_level(shares)))
            more["agents_by_row_alone"], counts = counts.copy(), staffed.agents
            figures = _of_day(staffed, questions)
        else:
            figures[:, mine] = behave(questions, counts)
        agents[mine] = counts
    if shrinkage is not None:
        planned = [to_schedule(count, shrinkage) for count in agents.tolist()]
        more["to_schedule"] = np.array(planned, dtype=np.int64)
    return _written(header, rows, place["agents"], agents, figures, more)


def _check_varying(
    rows: Sequence[tuple[int, list[str]]], models: list[Model], agents: Counts, name: str
) -> None:
    for (line, _), model, count in zip(rows, models, agents.tolist(), strict=True):
        if model is not models[0]:
            raise _bad(
                f"{_where(name, line, 'model')}: {model.value} is not {models[0].value} as in the "
                f"first row. With --varying the rows are the intervals of one queue, in order."
            )
        if count >= 0:
            raise _bad(
                f"{_where(name, line, 'agents')}: leave the column empty. With --varying the least "
                f"agents are looked for, row after row."
            )


def _of_day(staffed: Staffed, questions: Questions) -> Floats:
    """Returns the columns of `Behaviour`; of the answered alone the wait is not known."""
    leaves = questions.model is Model.ERLANG_A
    never = np.zeros_like(staffed.mean_wait_s)
    return np.array(
        Behaviour(
            service_level=staffed.service_level,
            abandon_probability=staffed.mean_wait_s / questions.patience_s if leaves else never,
            mean_wait_s=staffed.mean_wait_s,
            asa_s=never + np.nan,
            wait_probability=staffed.wait_probability,
            occupancy=staffed.occupancy,
        )
    )


def _read(text: str, name: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    header = [column.strip().lower() for column in next(reader, [])]
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise _bad(
            f"{name}, row 1: there is no column {', '.join(missing)}. The columns are "
            f"{', '.join(COLUMNS)}."
        )
    taken = [each for each in (*Behaviour._fields, *_MORE) if each in header]
    if taken:
        raise _bad(
            f"{name}, row 1: the column {', '.join(taken)} is there already, and would be "
            f"written again. Take it out."
        )
    rows = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise _bad(
                f"{name}, row {reader.line_num}: {len(row)} cells, but {len(header)} columns."
            )
        rows.append((reader.line_num, [cell.strip() for cell in row]))
    return header, rows


def _value(row: list[str], column: str, place: dict[str, int], line: int, name: str) -> float:
    cell, where = row[place[column]], _where(name, line, column)
    is_idle = column == "patience_s" and row[place["model"]].lower() != Model.ERLANG_A
    has_no_target = column == "target_percent" and row[place["agents"]]
    if cell == "" and (is_idle or has_no_target):
        return 1.0
    if column == "target_percent":
        return percent(cell, where)
    return number(cell, where, above_zero=column in _POSITIVE)


def _model(cell: str, where: str) -> Model:
    try:
        return Model(cell.lower())
    except ValueError:
        raise _bad(
            f"{where}: {cell!r} is no model. There are {', '.join(each.value for each in Model)}."
        ) from None


def _agents(cell: str, line: int, name: str) -> int:
    if cell == "":
        return -1
    value = number(cell, _where(name, line, "agents"), above_zero=False)
    if value != int(value) or value > MOST_AGENTS:
        raise _bad(f"{_where(name, line, 'agents')}: {cell!r} is no number of people.")
    return int(value)


def _where(name: str, line: int, column: str) -> str:
    return f"{name}, row {line}, column {column}"


def _bad(words: str) -> RefusedError:
    return RefusedError(words, code="bad_table")


def _written(
    header: list[str],
    rows: Sequence[tuple[int, list[str]]],
    agents_at: int,
    agents: Counts,
    figures: Floats,
    more: dict[str, Counts],
) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*map(defused, header), *Behaviour._fields, *more])
    columns = [column.tolist() for column in more.values()]
    for at, ((_, row), answers) in enumerate(zip(rows, figures.T.tolist(), strict=True)):
        row[agents_at] = str(int(agents[at]))
        known = ("" if math.isnan(each) else repr(each) for each in answers)
        writer.writerow([*map(defused, row), *known, *(column[at] for column in columns)])
    return out.getvalue()
