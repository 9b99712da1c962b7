import json
from pathlib import Path

import pytest

from openline.configuration import check_file
from openline.model import SECOND, Instant
from tests.configuration.builders import EVERYTHING, SMALL, changed
from tests.configuration.toml_text import write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "openline.toml"
    path.write_text(write(SMALL)[0], encoding="utf-8")
    return path


def test_a_report_on_a_good_file_counts_what_is_in_it(file: Path) -> None:
    report = check_file(file)
    assert report.is_good
    assert report.text == f"{file}: good. 1 line, 1 queue, 1 agent."
    assert json.loads(report.json) == {
        "file": str(file),
        "good": True,
        "problems": [],
        "warnings": [],
    }


def test_a_report_on_a_good_file_carries_its_warnings(file: Path) -> None:
    file.write_text(write(EVERYTHING)[0], encoding="utf-8")
    report = check_file(file, now=Instant(1_780_000_000 * SECOND))
    assert report.is_good
    *warned, hours, last = report.text.splitlines()
    assert len(warned) == 3
    assert all(line.endswith(" (warning)") for line in warned)
    assert hours == "Night: closed, opens Thursday, 28 May 2026, 22:00."
    assert last == f"{file}: good. 1 line, 2 queues, 1 agent, 1 partner, 2 simulated colleagues."
    assert [told["key"] for told in json.loads(report.json)["warnings"]] == [
        "queues.general.overflow[1]",
        "surge.flood.queues.general.overflow[1]",
        "telephony.turn.secret",
    ]


def test_a_report_on_a_bad_file_has_a_line_for_each_problem_and_a_count(file: Path) -> None:
    document = changed(SMALL, ("queues.talk.priority", 11), ("practice.after_s", -1))
    file.write_text(write(document)[0], encoding="utf-8")
    report = check_file(file)
    assert not report.is_good
    assert report.text.splitlines()[-1] == f"{file}: 2 problems."
    assert [p["key"] for p in json.loads(report.json)["problems"]] == [
        "queues.talk.priority",
        "practice.after_s",
    ]
