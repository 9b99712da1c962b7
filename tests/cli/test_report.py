"""What `openline report` says of two simulated days, and how it refuses."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from openline.measures import AgentTime, Tally
from openline.model import SECOND, Duration, Instant
from openline.reports import COLUMNS
from openline.store import SumRecord
from openline.store.sqlite import SqliteStore
from tests.cli.command import Said, in_here, openline
from tests.cli.tried import SMALL, keep_two_days


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried") / "data"
    keep_two_days(folder)
    return folder


def report(data: Path, *arguments: str | Path, origin: str = "simulated") -> Said:
    return in_here("report", "--config", SMALL, "--data", data, "--origin", origin, *arguments)


def told(data: Path, *arguments: str | Path) -> dict[str, list[dict[str, object]]]:
    said = report(data, "--json", *arguments)
    assert said.code == 0, said
    answer: dict[str, list[dict[str, object]]] = json.loads(said.out)
    return answer


def numbers(rows: Sequence[dict[str, object]], name: str) -> list[int]:
    return [value for row in rows if isinstance(value := row[name], int)]


def test_people_read_a_row_for_each_day_and_a_total(data: Path) -> None:
    said = report(data)
    assert said.code == 0
    for words in ("Sat 03-07", "Sun 03-08", "Total", "America/Chicago", "simulated calls"):
        assert words in said.out


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (("--by", "interval"), 4 * 47),
        (("--by", "interval", "--interval", "30m"), 2 * 47),
        (("--by", "hour"), 47),
        (("--by", "day"), 2),
        (("--by", "week"), 1),
        (("--by", "month"), 1),
    ],
    ids=str,
)
def test_rows_add_up_to_the_same_total_whatever_their_length(
    data: Path, options: tuple[str, ...], rows: int
) -> None:
    answer = told(data, *options, "--measures", "offered,answered,abandoned,wait_p90,occupancy")
    assert len(answer["rows"]) == rows
    days = told(data, "--measures", "offered,answered,abandoned,wait_p90,occupancy")
    assert answer["totals"] == days["totals"]
    for name in ("offered", "answered", "abandoned"):
        assert sum(numbers(answer["rows"], name)) == answer["totals"][0][name]
    assert numbers(answer["totals"], "offered") > [100]


def test_all_measures_can_be_had_and_csv_says_the_same_as_json(data: Path) -> None:
    rows = told(data, "--measures", "all")["rows"]
    said = report(data, "--csv", "--measures", "all")
    table = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["part"] for row in table] == ["row", "row", "total"]
    assert len(rows[0]) == len(COLUMNS) + 2
    for shown, row in zip(table, rows, strict=False):
        for name, value in row.items():
            assert shown[name] == ("" if value is None else str(value))


def test_queues_apart_have_no_arrivals_and_no_agents_time(data: Path) -> None:
    answer = told(data, "--per", "queue", "--measures", "arrived,offered,occupancy")
    assert {row["queue"] for row in answer["rows"]} == {"talk"}
    assert {(row["arrived"], row["occupancy"]) for row in answer["rows"]} == {(None, None)}
    by_line = told(data, "--per", "line", "--measures", "arrived,offered")
    assert numbers(by_line["rows"], "arrived") > [0]
    assert answer["totals"][-1]["queue"] is None
    assert answer["totals"][-1]["occupancy"] is not None


def test_simulated_calls_are_never_taken_for_real_ones(data: Path) -> None:
    said = report(data, origin="real")
    assert said.code == 0
    assert "No real call in this period." in said.out
    assert "--origin simulated" in said.out


def test_a_period_in_which_nothing_happened_has_empty_rows(data: Path) -> None:
    answer = told(data, "--from", "2025-01-01", "--to", "2025-01-03")
    assert numbers(answer["rows"], "offered") == [0, 0, 0]
    assert [row["service_level"] for row in answer["rows"]] == [None, None, None]


def test_files_are_written_by_their_ending(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "two-days.csv"
    said = report(data, "--out", out)
    assert said.code == 0
    assert "holds 2 rows" in said.out
    assert out.read_text().startswith("part,start,end,offered")


def test_parquet_holds_what_json_says(data: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / "two-days.parquet"
    said = report(data, "--out", out, "--measures", "all", "--per", "queue")
    assert said.code == 0, said
    rows = parquet.read_table(out).to_pylist()
    answer = told(data, "--measures", "all", "--per", "queue")
    assert [{k: v for k, v in row.items() if k != "part"} for row in rows] == [
        *answer["rows"],
        *answer["totals"],
    ]


def test_without_pyarrow_it_says_what_to_install(data: Path, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError\n")
    out = tmp_path / "two-days.parquet"
    said = openline(
        *("report", "--config", SMALL, "--data", data, "--out", out),
        environment={"PYTHONPATH": str(tmp_path)},
    )
    assert said.code == 2
    assert "openline[parquet]" in said.sentence


def test_explain_needs_no_record() -> None:
    said = in_here("report", "--explain", "--measures", "service_level,asa")
    assert said.code == 0
    assert "divided by calls answered or abandoned" in said.out
    assert "asa_s, seconds" in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--measures", "service_levle"), "Did you mean service_level?"),
        (("--by", "year"), "a row is one of interval, hour, day, week, month"),
        (("--interval", "20m"), "15m, 30m, 60m"),
        (("--from", "yesterday"), "write a date like"),
        (("--from", "2026-02-30"), "write a date like"),
        (("--from", "2026-03-07T16:05"), "quarters of an hour"),
        (("--from", "2026-03-08", "--to", "2026-03-07"), "the end is not after the begin"),
        (("--from", "0001-01-01"), "write a date like"),
        (("--queue", "tolk"), "Did you mean talk?"),
        (("--line", "nothing-like-it"), "There are: evening."),
        (("--per", "agent"), "by queue or by line"),
        (("--origin", "invented"), "real, practice, simulated"),
        (("--out", "report.docx"), ".csv, .json, .parquet"),
        (("--json", "--csv"), "choose one"),
        (("--data", "nowhere"), "There is no centre in"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(
    data: Path, arguments: tuple[str, ...], words: str
) -> None:
    said = openline("report", "--config", SMALL, "--data", data, *arguments)
    assert said.code == 2
    assert words in said.sentence


def test_a_file_that_cannot_be_written_is_told(data: Path, tmp_path: Path) -> None:
    said = openline(
        *("report", "--config", SMALL, "--data", data, "--out", tmp_path / "no" / "x.csv")
    )
    assert said.code == 1
    assert "cannot be written" in said.sentence


def test_of_days_that_are_forgotten_the_kept_sums_are_reported(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    keep_two_days(folder)
    cell = ("evening", "talk")
    tally = Tally(offered=4, answered=3, answered_in_target=2, abandoned=1, waits={590: 3})
    tally.longest_wait = Duration(21 * SECOND)
    start = Instant(1_772_316_000 * SECOND)  # 28 February 2026, 16:00 in Chicago
    records = [
        SumRecord(
            start=start, what=what, line=line, queue=queue, form=1, sums=msgspec.json.encode(sums)
        )
        for what, (line, queue), sums in (
            ("calls", cell, tally),
            ("agents", ("", ""), AgentTime(ready=Duration(SECOND), talking=Duration(SECOND))),
        )
    ]
    store = SqliteStore.open(folder / "openline.sqlite", now=start, program_version="test")
    store.keep_sums(Instant(start + 3600 * SECOND), records)
    store.close()
    arguments = ("--from", "2026-02-28", "--to", "2026-03-08")
    said = report(folder, *arguments, "--json", origin="real")
    answer = json.loads(said.out)
    assert answer["rows"][0]["offered"] == 4
    assert answer["totals"][0]["service_level"] == 0.5
    assert answer["totals"][0]["occupancy"] == 0.5
    assert answer["totals"][0]["wait_p90_s"] > 19
    assert answer["forgotten_until"] is not None
    said = report(folder, *arguments, origin="real")
    assert "only sums of real calls are left" in said.out
    simulated = told(folder, *arguments)
    assert numbers(simulated["rows"], "offered")[0] == 0
    assert numbers(simulated["totals"], "offered") > [100]
