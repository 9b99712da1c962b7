"""What `openline export` gives out, that it agrees with the report, and what it refuses."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from openline.cli.export import AGENT_COLUMN, CALL_COLUMNS, INTERVAL_COLUMNS
from tests.cli.command import Said, in_here, openline
from tests.cli.tried import SMALL, keep_two_days


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tried") / "data"
    keep_two_days(folder)
    return folder


def export(data: Path, what: str, *arguments: str | Path, origin: str = "simulated") -> Said:
    return in_here(
        "export", what, "--config", SMALL, "--data", data, "--origin", origin, *arguments
    )


def rows(said: Said) -> list[dict[str, str]]:
    assert said.code == 0, said
    return list(csv.DictReader(io.StringIO(said.out)))


def totals(data: Path) -> dict[str, float]:
    said = in_here(
        *("report", "--config", SMALL, "--data", data, "--origin", "simulated"),
        *("--json", "--measures", "all"),
    )
    answer: dict[str, float] = json.loads(said.out)["totals"][0]
    return answer


def test_calls_agree_with_the_report(data: Path) -> None:
    calls, total = rows(export(data, "calls")), totals(data)
    over = total["abandoned"] + total["answered"] + total["left_before_queue"]
    assert 100 < len(calls) <= over
    assert len({call["call"] for call in calls}) == len(calls)
    left = [call for call in calls if call["outcome"] == "left_before_queue"]
    abandoned = [call for call in calls if call["outcome"] == "abandoned"]
    in_target = [call for call in calls if call["is_in_target"] == "True"]
    assert len(left) == total["left_before_queue"]
    assert len(abandoned) == total["abandoned"]
    assert abs(len(in_target) - total["answered_in_target"]) <= total["answered"] - len(
        [call for call in calls if call["outcome"] == "answered"]
    )
    talked = sum(float(call["talk_s"]) for call in calls if call["wrap_up_s"])
    assert talked == pytest.approx(total["talk_time_s"] * total["handled"], abs=0.01)


def test_sums_of_intervals_are_those_of_the_report(data: Path) -> None:
    cells, total = rows(export(data, "intervals")), totals(data)
    for name in ("arrived", "offered", "answered", "answered_in_target", "abandoned", "handled"):
        assert sum(int(cell[name]) for cell in cells) == total[name]
    assert [cell["start"] for cell in cells] == sorted(cell["start"] for cell in cells)
    assert list(cells[0]) == list(INTERVAL_COLUMNS)


def test_nothing_in_a_row_leads_to_a_caller_or_says_what_it_was_about(data: Path) -> None:
    said = export(data, "calls")
    assert list(rows(said)[0]) == list(CALL_COLUMNS)
    for word in ("sim:", "leg", "sealed", "note", "disposition", "informed", "referred", "agent"):
        assert word not in said.out.replace("agent_hung_up", "").replace("agent_lost", "")


def test_who_answered_is_given_out_only_when_asked_for(data: Path) -> None:
    calls = rows(export(data, "calls", "--agents"))
    assert set(calls[0]) - set(CALL_COLUMNS) == set(AGENT_COLUMN)
    answered = [call for call in calls if call["outcome"] == "answered"]
    assert all(re.fullmatch(r"sim-volunteer-\d+", call["agent"]) for call in answered)
    assert all(not call["agent"] for call in calls if call["outcome"] == "abandoned")


def test_who_answered_is_never_given_out_for_longer_than_seven_days(data: Path) -> None:
    said = openline(
        *("export", "calls", "--config", SMALL, "--data", data),
        *("--agents", "--from", "2026-03-08", "--origin", "real"),
    )
    assert said.code == 2
    assert "for the last seven days only" in said.sentence


def test_real_calls_alone_are_exported_unless_others_are_asked_for(data: Path) -> None:
    assert rows(export(data, "calls", origin="real")) == []
    assert {call["origin"] for call in rows(export(data, "calls"))} == {"simulated"}


def test_a_call_belongs_to_the_period_in_which_it_arrived(data: Path) -> None:
    whole = rows(export(data, "calls"))
    early = rows(export(data, "calls", "--to", "2026-03-07T20:00"))
    late = rows(export(data, "calls", "--from", "2026-03-07T20:00"))
    assert sorted([*early, *late], key=lambda call: int(call["call"])) == sorted(
        whole, key=lambda call: int(call["call"])
    )


def test_every_form_says_the_same(data: Path, tmp_path: Path) -> None:
    for what in ("calls", "intervals"):
        lines = export(data, what, "--jsonl").out.splitlines()
        table = rows(export(data, what))
        assert len(lines) == len(table)
        for line, row in zip(lines, table, strict=True):
            told = json.loads(line)
            assert {k: "" if v is None else str(v) for k, v in told.items()} == row
        out = tmp_path / f"{what}.csv"
        said = export(data, what, "--out", out)
        assert f"holds {len(table)}" in said.out
        assert out.read_text() == export(data, what).out


def test_parquet_holds_the_same_rows(data: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for what in ("calls", "intervals"):
        out = tmp_path / f"{what}.parquet"
        assert export(data, what, "--out", out).code == 0
        lines = export(data, what, "--jsonl").out.splitlines()
        assert parquet.read_table(out).to_pylist() == [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("what", "arguments", "words"),
    [
        ("callers", (), "calls and intervals"),
        ("intervals", ("--agents",), "only calls have an agent"),
        ("calls", ("--queue", "tolk"), "Did you mean talk?"),
        ("calls", ("--out", "calls.json"), ".csv, .jsonl, .parquet"),
    ],
    ids=str,
)
def test_wrong_use_is_answered_in_a_sentence(
    data: Path, what: str, arguments: tuple[str, ...], words: str
) -> None:
    said = openline("export", what, "--config", SMALL, "--data", data, *arguments)
    assert said.code == 2
    assert words in said.sentence
