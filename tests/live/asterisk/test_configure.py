"""The real Asterisk takes what `openline asterisk configure` writes, whole and without a word."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.telephony.asterisk.modules import FOR_BROWSERS, MODULES, OPTIONAL
from tests.app.test_ports import listening_of
from tests.cli.command import openline
from tests.live.asterisk.server import HEAD, Server

CENTRE = f"""\
{HEAD}
[queues.talk]
[lines.main]
queue = "talk"
[lines.main.entries.city]
kind = "number"
number = "+15550100"
[agents.amira]
phone = {{}}
[agents.ben]
phone = {{ address = "127.0.0.1:5070" }}
[agents.carmen]
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("asterisk"), CENTRE) as running:
        yield running


def test_it_starts_without_a_complaint(server: Server) -> None:
    complaints = [line for line in server.log.splitlines() if re.search(r"WARNING|ERROR", line)]
    assert complaints == []


def test_every_module_that_is_named_runs_and_no_other(server: Server) -> None:
    running = {
        module["name"].removesuffix(".so")
        for module in server.ask("/asterisk/modules")
        if module["status"] == "Running" and module["name"].endswith(".so")
    }
    wanted = {*MODULES, *FOR_BROWSERS}
    assert running <= wanted
    assert wanted - running <= set(OPTIONAL)


def test_it_knows_trunk_and_telephones(server: Server) -> None:
    known = {endpoint["resource"]: endpoint["state"] for endpoint in server.ask("/endpoints/PJSIP")}
    assert set(known) == {"trunk-carrier", "phone-amira", "phone-ben", "phone-carmen"}
    assert known["phone-amira"] == "offline"
    assert known["phone-ben"] == "online"


def test_it_listens_on_loopback_alone(server: Server) -> None:
    assert listening_of(server.pid) == [("127.0.0.1", server.ari_port)]
    bound = udp_of(server.pid)
    assert f"0100007F:{server.sip_port:04X}" in bound
    # Its SIP library asks name servers from two ports of chance, one for each kind of address.
    elsewhere = [place for place in bound if not place.startswith("0100007F:")]
    assert len(elsewhere) <= 2
    assert not any(place.endswith(f":{server.sip_port:04X}") for place in elsewhere)


def udp_of(pid: int) -> list[str]:
    """Returns the local addresses of a process's UDP sockets, as the kernel writes them."""
    links = [str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()]
    mine = {link[8:-1] for link in links if link.startswith("socket:[")}
    return [
        fields[1]
        for table in ("udp", "udp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        if (fields := line.split())[9] in mine
    ]


def test_it_is_as_it_should_be_after_it_ran(server: Server) -> None:
    check = [sys.executable, "-m", "openline.cli", "asterisk", "configure", "--check"]
    done = subprocess.run(
        [*check, "--config", str(server.config)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"{server.folder} is as it should be.\n")


def test_it_ends_with_who_started_it_however_that_ends(tmp_path: Path) -> None:
    server = Server(tmp_path, CENTRE)
    with server:
        asterisk = server.pid
        parent = int(Path(f"/proc/{asterisk}/stat").read_text().rpartition(")")[2].split()[1])
        os.kill(parent, signal.SIGKILL)
        until = time.monotonic() + 5
        while Path(f"/proc/{asterisk}").exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert not Path(f"/proc/{asterisk}").exists()


def test_the_doctor_tells_whether_browsers_can_come(server: Server) -> None:
    told = openline("doctor", "--config", server.config).out
    assert "agents in browsers: Asterisk takes them; 0 of 1 are registered now." in told
