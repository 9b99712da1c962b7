"""A table of staffing questions in a CSV file, answered row by row.

The columns are `calls`, `interval_s`, `aht_s`, `patience_s`, `model`, `target_percent`, `target_s`
and `agents`, in any order; others are kept as they are. Where `agents` is empty it is the least
number that meets the target, and filled in; else it is evaluated. The answers stand in columns of
their own behind, in full precision; an empty answer means that there is none (nobody was answered),
`inf` that the queue grows without end.
"""

import csv
import io
import math
from collections.abc import Sequence

import numpy as np

from openline.model import RefusedError
from openline.planning.erlang import Behaviour, Counts, Floats, Model
from openline.planning.quantities import number, percent
from openline.planning.staffing import MOST_AGENTS, Questions, Targets, behave, least_agents

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
_POSITIVE = ("interval_s", "aht_s", "patience_s")


def answered(text: str, name: str) -> str:
    """Returns the table with its answers.

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
        agents[mine] = counts
        figures[:, mine] = behave(questions, counts)
    return _written(header, rows, place["agents"], agents, figures)


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
    taken = [each for each in Behaviour._fields if each in header]
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
) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*header, *Behaviour._fields])
    for (_, row), count, answers in zip(rows, agents.tolist(), figures.T.tolist(), strict=True):
        row[agents_at] = str(count)
        writer.writerow([*row, *("" if math.isnan(each) else repr(each) for each in answers)])
    return out.getvalue()
