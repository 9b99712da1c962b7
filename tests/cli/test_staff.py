import csv
import json
from pathlib import Path

import pytest

from tests.cli.command import in_here, openline

QUESTION = [
    "--calls",
    "146",
    "--interval",
    "30m",
    "--aht",
    "6m",
    "--patience",
    "3m",
    "--target",
    "80/20",
]
HEADER = "calls,interval_s,aht_s,patience_s,model,target_percent,target_s,agents\n"


def test_the_answer_stands_with_what_one_more_or_less_would_do() -> None:
    said = in_here("staff", *QUESTION, "--shrinkage", "30")
    assert said.code == 0
    assert said.out.startswith("32 agents on the phones, for 80 % answered within 20 s (erlang-a).")
    assert "46 to schedule" in said.out
    assert [line.split()[0] for line in said.out.splitlines()[-7:]] == [
        str(n) for n in range(29, 36)
    ]


def test_machines_read_the_same() -> None:
    answer = json.loads(in_here("staff", *QUESTION, "--json").out)
    assert answer["agents"] == 32
    assert answer["service_level"] == pytest.approx(0.82227, abs=1e-5)
    for name in (
        "abandon_probability",
        "mean_wait_s",
        "asa_s",
        "wait_probability",
        "occupancy",
    ):
        assert isinstance(answer[name], float)
    assert {"agents": 31}.items() <= answer["curve"][2].items()


def test_a_number_of_agents_is_looked_at_instead() -> None:
    answer = json.loads(
        in_here("staff", *QUESTION, "--model", "erlang-c", "--agents", "28", "--json").out
    )
    assert answer["agents"] == 28
    assert answer["service_level"] == 0
    assert answer["mean_wait_s"] is None
    assert "endless" in in_here("staff", *QUESTION, "--model", "erlang-c", "--agents", "28").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--aht", "6m"], "--calls is missing"),
        (["--calls", "1"], "--aht is missing"),
        (["--calls", "1", "--aht", "6m"], "--patience is missing"),
        (["--calls", "x", "--aht", "6m", "--patience", "3m"], "--calls: 'x' is no number 0 or"),
        (["--calls", "1,5", "--aht", "6m", "--patience", "3m"], "decimals with a point"),
        (["--calls", "-1", "--aht", "6m", "--patience", "3m"], "'-1' is no number"),
        (["--calls", "1", "--aht", "0", "--patience", "3m"], "--aht: '0' is no duration"),
        (["--calls", "1", "--aht", "6 weeks", "--patience", "3m"], "'6 weeks' is no duration"),
        ([*QUESTION, "--target", "80"], "'80' is no target. Write 80/20"),
        ([*QUESTION, "--target", "180/20"], "'180' is no percentage"),
        ([*QUESTION, "--target", "100/20"], "99.9"),
        ([*QUESTION, "--model", "erlang"], "erlang-a, erlang-b, erlang-c"),
        ([*QUESTION, "--agents", "-3"], "-3 is no number of people"),
        ([*QUESTION, "--shrinkage", "100"], "nobody is ever there"),
    ],
)
def test_a_wrong_question_is_refused_in_words(arguments: list[str], words: str) -> None:
    said = openline("staff", *arguments)
    assert said.code == 2
    assert words in said.sentence


def test_a_table_is_answered_row_by_row(tmp_path: Path) -> None:
    source, out = tmp_path / "week.csv", tmp_path / "staffed.csv"
    source.write_text(
        HEADER + "146,1800,360,180,erlang-a,80,20,\n146,1800,360,,erlang-c,,20,35\n"
        "0,1800,360,180,erlang-a,80,20,\n146,1800,360,,erlang-b,95,0,\n"
    )
    assert in_here("staff", "--csv", source, "--out", out).code == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["agents"] for row in rows] == ["32", "35", "0", "35"]
    assert float(rows[1]["service_level"]) == pytest.approx(0.84054, abs=1e-5)
    one = json.loads(in_here("staff", *QUESTION, "--json").out)
    assert {name: repr(one[name]) for name in ("service_level", "asa_s", "occupancy")}.items() <= (
        rows[0].items()
    )


def test_a_text_beside_the_numbers_becomes_no_formula(tmp_path: Path) -> None:
    source, out = tmp_path / "week.csv", tmp_path / "staffed.csv"
    first, _, _ = HEADER.partition("\n")
    source.write_text(f"{first},note\n146,1800,360,180,erlang-a,80,20,,=1+1\n")
    assert in_here("staff", "--csv", source, "--out", out).code == 0
    with out.open() as file:
        assert [row["note"] for row in csv.DictReader(file)] == ["'=1+1"]


def test_a_table_of_another_country_and_with_columns_of_its_own_is_read(tmp_path: Path) -> None:
    source = tmp_path / "week.csv"
    source.write_text(
        "\ufeffhour;" + HEADER.replace(",", ";") + "08:00;146;1800;360;180;erlang-a;80;20;\n",
        encoding="utf-8",
    )
    said = in_here("staff", "--csv", source)
    assert said.out.splitlines()[1].startswith("08:00,146,1800,360,180,erlang-a,80,20,32,0.8")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x,1800,360,180,erlang-a,80,20,", "row 2, column calls: 'x' is no number"),
        ("1,0,360,180,erlang-a,80,20,", "row 2, column interval_s: '0' is no number above zero"),
        ("1,1800,360,,erlang-a,80,20,", "row 2, column patience_s"),
        ("1,1800,360,180,erlang-x,80,20,", "row 2, column model: 'erlang-x' is no model"),
        ("1,1800,360,180,erlang-a,80,20,2.5", "row 2, column agents: '2.5' is no number of people"),
        ("1,1800,360,180,erlang-a,80,20", "row 2: 7 cells, but 8 columns"),
        ("1,1800,360,180,erlang-a,120,20,", "row 2, column target_percent: '120'"),
    ],
)
def test_a_mistake_in_a_table_is_told_with_row_and_column(
    tmp_path: Path, row: str, words: str
) -> None:
    source, out = tmp_path / "week.csv", tmp_path / "staffed.csv"
    source.write_text(HEADER + row + "\n")
    said = openline("staff", "--csv", source, "--out", out)
    assert said.code == 2
    assert words in said.sentence
    assert not out.exists()


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "week.csv"
    source.write_text("calls,aht_s\n1,2\n")
    assert "there is no column interval_s" in openline("staff", "--csv", source).sentence
    assert "No such file" in openline("staff", "--csv", tmp_path / "none.csv").sentence


FORECAST = "timestamp,mean,low80,high80,low95,high95\n" + "".join(
    f"2026-03-02T{8 + at // 2:02d}:{at % 2 * 30:02d}:00,{calls},0,{calls + 20},0,{calls + 30}\n"
    for at, calls in enumerate((146, 0, 20.5, 146))
)


def test_a_forecast_is_staffed_interval_by_interval(tmp_path: Path) -> None:
    source, out = tmp_path / "next.csv", tmp_path / "staffed.csv"
    source.write_text(FORECAST, encoding="utf-8")
    options = ("--aht", "6m", "--patience", "3m", "--target", "80/20", "--shrinkage", "30")
    said = in_here("staff", "--forecast", source, *options, "--out", out)
    assert said.code == 0
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert [row["agents"] for row in rows] == ["32", "0", rows[2]["agents"], "32"]
    assert rows[0]["to_schedule"] == "46"
    (line,) = [line for line in said.out.splitlines() if line.startswith("2026-03-02")]
    assert line.split()[2:4] == ["32", "08:00"]
    dearer = in_here("staff", "--forecast", source, *options, "--plan-for", "high80", "--out", out)
    assert dearer.code == 0
    more = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert all(int(a["agents"]) > int(b["agents"]) for a, b in zip(more, rows, strict=True))


def test_handle_times_of_the_forecast_are_taken_unless_one_is_said(tmp_path: Path) -> None:
    source, out = tmp_path / "next.csv", tmp_path / "staffed.csv"
    lines = FORECAST.splitlines()
    told = [lines[0] + ",aht_s", *(f"{line},360" for line in lines[1:])]
    source.write_text("\n".join(told), encoding="utf-8")
    for options, least in ((("--patience", "3m"), 32), (("--patience", "3m", "--aht", "12m"), 60)):
        assert in_here("staff", "--forecast", source, *options, "--out", out).code == 0
        rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
        assert int(rows[0]["agents"]) >= least


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (FORECAST, (), "--patience is missing"),
        (FORECAST, ("--patience", "3m"), "--aht is missing"),
        (FORECAST, ("--plan-for", "luck"), "plan for one of mean, high80, high95"),
        ("when,calls\n", ("--patience", "3m"), "no column timestamp, mean"),
        (FORECAST + "soon,1,0,1,0,1\n", ("--patience", "3m"), "row 6, column timestamp"),
        (FORECAST + "2026-03-02T10:00:00,-1,0,1,0,1\n", ("--patience", "3m"), "row 6, column mean"),
        (FORECAST + "2026-03-02T10:00:00\n", ("--patience", "3m"), "row 6: 1 cells"),
        (FORECAST, ("--csv", "x.csv"), "choose one of them"),
    ],
)
def test_what_is_no_forecast_is_refused_in_words(
    tmp_path: Path, text: str, options: tuple[str, ...], words: str
) -> None:
    source = tmp_path / "next.csv"
    source.write_text(text, encoding="utf-8")
    said = openline("staff", "--forecast", source, *options)
    assert said.code == 2
    assert words in said.sentence


DAY = """calls,interval_s,aht_s,patience_s,model,target_percent,target_s,agents
4,1800,1800,180,erlang-a,80,20,
9,1800,1800,180,erlang-a,80,20,
2,1800,1800,180,erlang-a,80,20,
0,1800,1800,180,erlang-a,80,20,
"""


def test_a_day_of_long_calls_is_staffed_as_one(tmp_path: Path) -> None:
    source, out = tmp_path / "day.csv", tmp_path / "staffed.csv"
    source.write_text(DAY, encoding="utf-8")
    said = in_here("staff", "--csv", source, "--varying", "--shrinkage", "30", "--out", out)
    assert said.code == 0, said
    rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert all(float(row["service_level"]) >= 0.8 for row in rows)
    # The third half hour has the talks of the second; a row alone knows nothing of them.
    assert int(rows[2]["agents"]) > int(rows[2]["agents_by_row_alone"])
    for row in rows:
        assert int(row["to_schedule"]) == -(-int(row["agents"]) * 10 // 7)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2,1800,1800,180,erlang-a", "2,1800,1800,180,erlang-c", "row 4, column model"),
        ("2,1800,1800,180,erlang-a,80,20,", "2,1800,1800,180,erlang-a,80,20,3", "column agents"),
        ("2,1800,1800", "2,900,1800", "column interval_s: 900 is not 1800"),
        ("2,1800,1800,180,erlang-a,80", "2,1800,1800,180,erlang-a,100", "99.9 %"),
    ],
)
def test_a_day_that_is_none_is_refused_and_nothing_written(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    source, out = tmp_path / "day.csv", tmp_path / "staffed.csv"
    source.write_text(DAY.replace(old, new), encoding="utf-8")
    said = openline("staff", "--csv", source, "--varying", "--out", out)
    assert said.code == 2
    assert words in said.sentence
    assert list(tmp_path.iterdir()) == [source]


def test_few_people_are_told_what_a_break_does() -> None:
    said = in_here("staff", "--calls", "3", "--aht", "10m", "--patience", "3m", "--agents", "1")
    assert "One person alone" in said.out
    two = in_here("staff", "--calls", "3", "--aht", "10m", "--patience", "3m", "--agents", "2")
    assert "while one of the 2 has hers" in two.out


def test_typed_contacts_are_taken_several_at_once() -> None:
    asked = ("staff", "--calls", "60", "--aht", "20m", "--patience", "5m", "--json")
    alone = json.loads(in_here(*asked).out)
    at_once = json.loads(in_here(*asked, "--concurrency", "3").out)
    assert at_once["agents"] == -(-alone["agents"] // 3)
    assert at_once["service_level"] >= alone["service_level"]
    said = openline(*asked, "--concurrency", "0")
    assert said.code == 2
    assert "contacts at once" in said.sentence
