"""Does `openline new` give a coordinator a centre of her own, to be kept and lost and restored?"""

import asyncio
import json
import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from openline.app.compose import compose
from openline.app.memory import open_memory
from openline.app.options import Options
from openline.app.people import listed
from openline.configuration import load
from openline.engine import inputs as i
from openline.identity import Role
from openline.model import LegId, LineKey, Origin
from tests.cli.command import OPENLINE, in_here, openline

PLAIN = ("--name", "Evening Line", "--person", "Amira", "--person", "Ben")


def test_flags_make_a_centre_that_is_right_in_a_folder_of_its_own(tmp_path: Path) -> None:
    said = in_here("new", *PLAIN, "--folder", tmp_path / "line", "--json")
    assert (said.code, said.err) == (0, "")
    told = json.loads(said.out)
    config = Path(told["config"])
    assert config == tmp_path / "line" / "openline.toml"
    assert load(config).warnings == ()
    assert told["next"][-1] == f"openline run --config {told['folder']}"
    assert config.parent.stat().st_mode & 0o077 == 0


def test_a_file_of_answers_does_the_same_and_a_flag_wins(tmp_path: Path) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(
        'name = "Noche"\nlanguages = ["es"]\npeople = ["Amira"]\nrecovery_break_min = 0\n'
    )
    said = in_here("new", "--answers", answers, "--name", "Día", "--folder", tmp_path / "x")
    assert said.code == 0
    published = load(tmp_path / "x" / "openline.toml")
    assert published.centre_name("es") == "Día"
    assert published.settings.recovery_break == 0


def test_a_person_is_asked_until_each_answer_is_right(tmp_path: Path) -> None:
    terminal, theirs = pty.openpty()
    answers = ["Evening Line", "", "Chicago", "America/Chicago", "Mon 9", "Mon 9-17", ""]
    answers += ["Amira, Ben", "Bem", "Ben", "10", ""]
    os.write(terminal, "".join(f"{each}\n" for each in answers).encode())
    command = [*OPENLINE, "new"]
    ended = subprocess.run(command, cwd=tmp_path, stdin=theirs, capture_output=True, check=False)
    os.close(theirs)
    os.close(terminal)
    assert ended.returncode == 0, ended.stderr
    said = ended.stdout.decode()
    assert 'Did you mean "America/Chicago"?' in said
    assert 'Did you mean "Ben"?' in said
    assert '"mon 9" cannot be understood' in said
    published = load(tmp_path / "evening-line" / "openline.toml")
    assert published.time_zone == "America/Chicago"
    assert published.settings.queues[0].on_call == ("ben",)
    assert published.settings.recovery_break == 600_000_000


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    in_here("new", *PLAIN, "--folder", tmp_path / "line")
    written = (tmp_path / "line" / "openline.toml").read_text()
    said = openline("new", "--name", "Other", "--person", "Zoe", "--folder", tmp_path / "line")
    assert said.code == 2
    assert "nothing is ever overwritten" in said.sentence
    assert (tmp_path / "line" / "openline.toml").read_text() == written


def test_every_wrong_answer_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    said = openline("new", "--language", "spanish", "--time-zone", "chicago", cwd=tmp_path)
    assert said.code == 2
    questions = [line.partition(":")[0] for line in said.sentence.splitlines()]
    assert questions == ["name", "languages", "time_zone", "people"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = [", "answers.toml:1: "),
        ('nmae = "X"', 'no question "nmae"'),
        ('name = "X"\npeople = "Amira"', "of the wrong kind"),
    ],
)
def test_a_file_of_answers_that_is_wrong_is_refused_in_words(
    text: str, words: str, tmp_path: Path
) -> None:
    answers = tmp_path / "answers.toml"
    answers.write_text(text)
    said = openline("new", "--answers", answers, cwd=tmp_path)
    assert said.code == 2
    assert words in said.sentence


def test_the_first_person_gets_an_account_that_may_force_states(tmp_path: Path) -> None:
    folder = ("--folder", tmp_path / "line")
    password = "a long enough password\n"
    said = openline("new", *PLAIN, *folder, "--login", "ami", "--password-stdin", stdin=password)
    assert said.code == 0
    (account,) = listed(tmp_path / "line" / "data")
    assert (account.login, account.role, account.agent) == ("ami", Role.SUPERVISOR, "amira")


def test_a_password_that_is_too_short_is_told_with_the_way_to_try_again(tmp_path: Path) -> None:
    folder = ("--folder", tmp_path / "line")
    said = openline("new", *PLAIN, *folder, "--login", "ami", "--password-stdin", stdin="short\n")
    assert said.code == 2
    assert "openline user add ami" in said.sentence


def test_a_centre_begun_so_survives_the_loss_of_its_disk(tmp_path: Path) -> None:
    in_here("new", *PLAIN, "--folder", tmp_path / "line")
    config, data = tmp_path / "line" / "openline.toml", tmp_path / "line" / "data"

    def live(data: Path, leg: str | None) -> list[LegId]:
        """Runs the centre for a moment, lets somebody call, and returns who is there."""
        options = Options(config=config, data=data, speed=1.0, port=None)
        published = load(config)
        memory = open_memory(options, url=published.store.url)

        async def run() -> list[LegId]:
            running = await compose(options, published, memory)
            if leg is not None:
                line = LineKey(published.settings.lines[0].key)
                seen = i.LegArrived(leg=LegId(leg), line=line, origin=Origin.REAL)
                assert await running.centre.ask(seen) is None
            there = [call.leg for call in running.centre.durable.calls.values()]
            await running.stop()
            return there

        try:
            return asyncio.run(run())
        finally:
            memory.close()

    live(data, "web:1")
    assert in_here("backup", tmp_path / "night.backup", "--data", data).code == 0
    shutil.rmtree(data)
    again = tmp_path / "line" / "again"
    assert in_here("restore", tmp_path / "night.backup", again).code == 0
    assert live(again, "web:2") == ["web:1", "web:2"]
    assert in_here("replay", "--data", again).code == 0
