"""A small helpline, begun in the browser, lives through the loss of its disk: by commands alone."""

import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from openline.cli.running_centre import RunningCentre
from openline.configuration import load
from tests.cli.command import OPENLINE, openline
from tests.web.test_begin import ACCOUNT, RIGHT

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")


@contextmanager
def running(config: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Runs `openline run`; it is stopped by Ctrl-C, as people stop it."""
    command = [*OPENLINE, "run", "--config", str(config), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait() == 0


def says_address(process: subprocess.Popen[str]) -> str:
    """Returns the next address that it tells."""
    assert process.stdout is not None
    for line in process.stdout:
        found = _ADDRESS.search(line)
        if found is not None:
            return found[0]
    raise AssertionError("it ended without an address")


def post(address: str, form: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=30)
    headers = {
        "Origin": f"http://{parts.netloc}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/html",
    }
    connection.request("POST", parts.path, urlencode(form), headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def test_a_helpline_begun_in_the_browser_survives_backup_loss_of_the_disk_and_restore(
    tmp_path: Path,
) -> None:
    line = tmp_path / "evening-line"
    with running(line) as process:
        page = says_address(process)
        assert not line.exists()
        short = {**ACCOUNT, "password": "short", "again": "short"}
        status, _ = post(page, {**RIGHT, **short, "step": "write"})
        assert status == 422
        assert not (line / "data").exists()
        status, _ = post(page, {**RIGHT, **ACCOUNT, "step": "write"})
        assert status == 200
        # The same port, now the centre's own.
        centre = says_address(process)
        assert urlsplit(centre).netloc == urlsplit(page).netloc
        administrator = RunningCentre(centre)
        administrator.sign_in(ACCOUNT["login"], ACCOUNT["password"])
        assert len(administrator.get("/api/configuration")["versions"]) == 1
        made = openline("backup", tmp_path / "a.backup", "--data", line / "data")
        assert made.code == 0, made.err
    assert load(line / "openline.toml").centre_name("en") == "Evening Line"

    shutil.rmtree(line / "data")
    assert openline("restore", tmp_path / "a.backup", line / "data").code == 0
    assert "ada  administrator" in openline("user", "list", "--data", line / "data").out
    with running(line) as process:
        centre = says_address(process)
        administrator = RunningCentre(centre)
        administrator.sign_in(ACCOUNT["login"], ACCOUNT["password"])
    assert openline("replay", "--config", line, "--check").code == 0


def test_ctrl_c_before_anything_was_answered_leaves_nothing_behind(tmp_path: Path) -> None:
    with running(tmp_path / "new") as process:
        assert "/begin/" in says_address(process)
    assert list(tmp_path.iterdir()) == []
