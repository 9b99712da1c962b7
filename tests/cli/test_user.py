import json
import signal
from pathlib import Path

from tests.app.running import RunningCentre
from tests.canary import scan, spellings
from tests.cli.command import openline

PASSWORD = "nine geese over the harbour"


def test_an_account_can_be_added_listed_and_closed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    added = openline(
        *("user", "add", "ann", "--data", data, "--agent", "ann", "--password-stdin"),
        stdin=f"{PASSWORD}\n",
    )
    assert added.code == 0, added.err
    (row,) = json.loads(openline("user", "list", "--data", data, "--json").out)
    assert (row["login"], row["role"], row["agent"], row["closed"]) == (
        "ann",
        "agent",
        "ann",
        False,
    )
    assert openline("user", "close", "ann", "--data", data).code == 0
    assert "(closed)" in openline("user", "list", "--data", data).out
    assert not scan(data, spellings(PASSWORD))


def test_a_short_password_or_an_unknown_role_is_refused_in_words(tmp_path: Path) -> None:
    account = ("user", "add", "ann", "--data", tmp_path / "data", "--agent", "ann")
    add = (*account, "--password-stdin")
    short = openline(*add, stdin="short\n")
    assert short.code == 2
    assert "12" in short.sentence
    role = openline(*add, "--role", "queen", stdin=f"{PASSWORD}\n")
    assert role.code == 2
    assert "there is no such role" in role.sentence


def test_accounts_of_a_running_centre_are_left_alone(tmp_path: Path) -> None:
    centre = RunningCentre(tmp_path)
    try:
        centre.start()
        said = openline("user", "list", "--data", centre.data)
        assert said.code == 2
        assert "Another Openline works on the data folder" in said.sentence
        assert centre.end(signal.SIGTERM)[0] == 0
    finally:
        centre.close()
