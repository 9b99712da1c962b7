"""What `openline run` says when it cannot open the centre: one sentence, and no traceback."""

import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.app.parent import listen
from tests.app.running import RunningCentre
from tests.centre.small_published import TEXT
from tests.cli.command import OPENLINE, openline

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path)
    yield running
    running.close()


def test_it_says_where_it_is_open_and_ends_by_ctrl_c(config: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [*OPENLINE, "run", "--config", str(config), "--port", "0"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            said += line
        assert "http://127.0.0.1:" in said
        assert "demonstration" not in said
        process.send_signal(signal.SIGINT)
        _, logged = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in logged
    assert (tmp_path / "data" / "small" / "openline.sqlite").exists()


def test_a_port_that_is_taken(config: Path, tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = openline("run", "--config", config, "--port", str(port), cwd=tmp_path)
    assert said.code == 2
    assert f"Port {port} on 127.0.0.1 cannot be had" in said.sentence
    assert "--port" in said.sentence
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("speed", ["0", "-1", "3601", "nan"])
def test_a_speed_that_makes_no_sense(speed: str, config: Path, tmp_path: Path) -> None:
    said = openline("run", "--config", config, f"--speed={speed}", "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "time can run from 0.1 to 3600 times as fast" in said.sentence


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_there_is_not(port: str, config: Path, tmp_path: Path) -> None:
    said = openline("run", "--config", config, f"--port={port}", cwd=tmp_path)
    assert said.code == 2
    assert "a port is a number from 0 to 65535" in said.sentence


def test_a_configuration_that_is_not_there(tmp_path: Path) -> None:
    said = openline("run", "--config", tmp_path / "nowhere.toml", "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "nowhere.toml" in said.sentence
    assert "no such file" in said.sentence
    assert not (tmp_path / "data").exists()


def test_a_centre_is_begun_before_it_is_opened_to_the_world(tmp_path: Path) -> None:
    folder = tmp_path / "evening"
    said = openline("run", "--config", str(folder), "--public", "help.example.org", cwd=tmp_path)
    assert said.code == 2
    assert "Begin it first" in said.sentence


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--public", "help.example.org"), "a certificate is needed"),
        (("--public", "help.example.org", "--certificate", "c.pem"), "go together"),
        (("--certificate", "c.pem", "--certificate-key", "k.pem"), "--public NAME"),
    ],
)
def test_a_centre_that_cannot_be_opened_to_the_world_says_what_is_missing(
    config: Path, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    said = openline("run", "--config", str(config), "--port", "0", *options, cwd=tmp_path)
    assert said.code == 2
    assert words in said.sentence


def test_a_configuration_with_a_mistake_names_it(config: Path, tmp_path: Path) -> None:
    config.write_text(TEXT.replace('queue = "english"', 'queue = "inglish"'), encoding="utf-8")
    said = openline("run", "--config", config, "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "small.toml:" in said.sentence
    assert "inglish" in said.sentence


def test_a_data_folder_in_use_names_who_holds_it(centre: RunningCentre, tmp_path: Path) -> None:
    centre.start()
    assert centre.process is not None
    said = openline(
        "run", "--config", centre.config, "--data", centre.data, "--port", "0", cwd=tmp_path
    )
    assert said.code == 2
    assert str(centre.data) in said.sentence
    assert f"process {centre.process.pid} on " in said.sentence
    # The first goes on undisturbed.
    assert centre.get("/livez")[0] == 200


def test_data_of_a_newer_version(config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    account = ("user", "add", "ann", "--data", data, "--role", "supervisor", "--password-stdin")
    assert openline(*account, stdin="a long enough password\n").code == 0
    with sqlite3.connect(data / "openline.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '99'")
    connection.close()
    said = openline("run", "--config", config, "--data", data, "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "version 99" in said.sentence
    assert "newer Openline" in said.sentence


def test_a_file_where_the_data_folder_should_be(config: Path, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder", encoding="utf-8")
    said = openline(
        "run", "--config", config, "--data", tmp_path / "data", "--port", "0", cwd=tmp_path
    )
    assert said.code == 2
    assert "there is a file of that name" in said.sentence


def test_a_file_that_is_no_database(config: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "openline.sqlite").write_bytes(b"these are not the bytes of a database" * 100)
    said = openline("run", "--config", config, "--data", data, "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "is not an Openline database" in said.sentence


def test_a_folder_on_a_file_system_that_can_only_be_read(config: Path, tmp_path: Path) -> None:
    # The kernel's own folder takes no new entries, whoever asks.
    data = Path("/sys/kernel/openline")
    said = openline("run", "--config", config, "--data", data, "--port", "0", cwd=tmp_path)
    assert said.code == 2
    assert "data folder" in said.sentence


def test_a_record_that_was_changed_by_hand_is_named_and_not_tried_again_and_again(
    centre: RunningCentre, tmp_path: Path
) -> None:
    centre.start()
    centre.end(signal.SIGKILL)
    with sqlite3.connect(centre.data / "openline.sqlite") as connection:
        connection.execute("UPDATE journal SET at = at + 1 WHERE step = 1")
    connection.close()
    said = openline(
        "run", "--config", centre.config, "--data", centre.data, "--port", "0", cwd=tmp_path
    )
    assert said.code == 1
    assert "step 1 of the record" in said.sentence
    assert "restore a backup" in said.sentence
