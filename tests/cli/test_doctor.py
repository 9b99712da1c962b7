"""What `openline doctor` says, and how it ends."""

import json
from pathlib import Path

from tests.cli.command import openline
from tests.cli.tried import SMALL, keep_two_days


def test_all_is_well_ends_with_0_and_what_is_wrong_with_1(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep_two_days(data)
    arguments = ("doctor", "--config", SMALL, "--data", data)
    said = openline(*arguments)
    assert "ok     record: " in said.out
    assert "Traceback" not in said.out + said.err
    data.chmod(0o777)
    said = openline(*arguments)
    assert said.code == 1
    assert "WRONG  folder rights" in said.out
    assert f"chmod 700 {data}" in said.out
    told = openline(*arguments, "--json")
    assert told.code == 1
    answer = json.loads(told.out)
    assert answer["fine"] is False
    assert {finding["level"] for finding in answer["findings"]} <= {"ok", "warn", "wrong"}
