import json
import signal
from pathlib import Path

from openline.identity import Role
from tests.app.running import RunningCentre
from tests.canary import scan, spellings
from tests.cli.command import openline

PASSWORD = "nine geese over the harbour"


def test_an_account_can_be_added_listed_closed_and_opened_again(tmp_path: Path) -> None:
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
    assert openline("user", "disable", "ann", "--data", data).code == 0
    assert "(closed)" in openline("user", "list", "--data", data).out
    assert openline("user", "enable", "ann", "--data", data).code == 0
    assert "(closed)" not in openline("user", "list", "--data", data).out
    told = json.loads(openline("user", "history", "--data", data, "--json").out)
    assert [(row["what"], row["login"], row["by"]) for row in told] == [
        ("enabled", "ann", ""),
        ("disabled", "ann", ""),
        ("added", "ann", ""),
    ]
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


def test_who_is_invited_before_the_centre_first_runs_comes_in_by_the_link(tmp_path: Path) -> None:
    centre = RunningCentre(tmp_path)
    try:
        invite = ("user", "invite", "ben", "--agent", "ben", "--data", centre.data)
        said = openline(*invite, "--at", "https://line.example/", "--json")
        assert said.code == 0, said.err
        link = json.loads(said.out)["link"]
        path = link.removeprefix("https://line.example")
        assert path.startswith("/join/")
        assert "invited until" in openline("user", "list", "--data", centre.data).out
        centre.start()
        assert centre.get(path)[0] == 200
        assert centre.end(signal.SIGTERM)[0] == 0
        assert not scan(centre.data, spellings(path.removeprefix("/join/")))
    finally:
        centre.close()


def test_accounts_of_a_running_centre_are_changed_by_the_centre(tmp_path: Path) -> None:
    centre = RunningCentre(tmp_path)
    try:
        centre.start()
        data = ("--data", centre.data)
        said = openline("user", "invite", "ann", "--role", "wallboard", *data)
        assert said.code == 0, said.err
        assert f"http://127.0.0.1:{centre.port}/join/" in said.out
        again = openline("user", "invite", "ann", "--role", "wallboard", *data)
        assert again.code == 2
        assert "already" in again.sentence
        assert openline("user", "role", "ann", "administrator", *data).code == 0
        assert openline("user", "disable", "ann", *data).code == 0
        (row,) = json.loads(openline("user", "list", *data, "--json").out)
        assert (row["role"], row["closed"], row["has_password"]) == ("administrator", True, False)
        assert centre.end(signal.SIGTERM)[0] == 0
    finally:
        centre.close()


def test_the_roles_are_told_with_what_they_are_for() -> None:
    told = json.loads(openline("user", "roles", "--json").out)
    assert set(told) == {role.value for role in Role}
    assert "administrator" in openline("user", "roles").out
