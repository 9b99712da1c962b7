"""What `openline report --by partner` says of nine simulated days, and how it refuses."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.command import Said, in_here, openline

TEXT = """
[centre]
name = "Line"
time_zone = "America/Chicago"
[queues.talk]
[lines.desk]
queue = "talk"
[agents]
a = {}
b = {}
[partners]
agents = 1
rows = '''
key,name,entry,at,start
mercy,Mercy Hospital,number,+13125550100,2026-01-01
school,West School,number,+13125550101,2026-03-07
'''
[simulation]
seed = 3
calls_per_day = 150
callers = [{ line = "desk", share = 6 }, { line = "desk", share = 4, partners = true }]
[[simulation.colleagues]]
prefix = "en"
shifts = [
    { count = 2, start = "06:00", end = "18:00" },
    { count = 2, start = "18:00", end = "06:00" },
]
"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("partners")
    (folder / "openline.toml").write_text(TEXT, encoding="utf-8")
    simulated = ("--days", "9", "--start", "2026-03-01", "--record", folder / "data")
    said = in_here("simulate", "--config", folder / "openline.toml", *simulated)
    assert said.code == 0, said
    return folder


def report(centre: Path, *arguments: str) -> Said:
    where = ("--config", centre / "openline.toml", "--data", centre / "data")
    return in_here("report", "--by", "partner", *where, "--origin", "simulated", *arguments)


def test_a_row_tells_a_whole_week_of_a_partner(centre: Path) -> None:
    said = report(centre, "--from", "2026-03-01", "--to", "2026-03-09", "--csv")
    assert said.code == 0, said
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [(row["partner"], row["week"]) for row in rows] == [
        ("mercy", "2026-03-02"),
        ("school", "2026-03-02"),
    ]
    assert int(rows[0]["offered"]) > 100


def test_people_read_names_and_what_is_left_out(centre: Path) -> None:
    said = report(centre, "--from", "2026-03-01", "--to", "2026-03-09", "--partner", "mercy")
    assert "Mercy Hospital" in said.out
    assert "West School" not in said.out
    assert "under 10 is not told" in said.out


def test_a_part_of_a_week_is_not_told(centre: Path) -> None:
    said = report(centre, "--from", "2026-03-03", "--to", "2026-03-08")
    assert "There is no whole week" in said.out
    assert "Mercy" not in said.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--partner", "mery"), "Did you mean mercy"),
        (("--per", "queue"), "leave out --queue"),
        (("--measures", "asa"), "leave out --queue"),
    ],
)
def test_what_does_not_fit_is_refused(centre: Path, arguments: tuple[str, ...], words: str) -> None:
    where = ("--config", centre / "openline.toml", "--data", centre / "data")
    said = openline("report", "--by", "partner", *where, *arguments)
    assert said.code == 2
    assert words in said.sentence
