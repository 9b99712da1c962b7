"""A centre that is open to the world: with a certificate of one's own, and with a fetched one."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openline.app.people import Invite, ask
from openline.app.relay_program import SECRET_VARIABLE
from openline.identity import Role
from tests.app.public.papers import filed, paper
from tests.live.centre_process import CentreProcess
from tests.live.certificate_authority import (
    CADDY,
    CertificateAuthority,
    certificate_authority,
)
from tests.live.network import AT_HOME, Namespace, NoNetworkError

NAME = "help.example.test"
CURL = shutil.which("curl")
UCLIENT = shutil.which("turnutils_uclient")

CONFIGURATION = """
[centre]
name = "Test Line"
time_zone = "America/Chicago"
[queues.talk]
[lines.main]
name = "Test Line"
queue = "talk"
[agents]
amira = { name = "Amira" }
[pause_reasons]
meal = { name = "Meal" }
[dispositions]
helped = { name = "Helped" }
[server.public]
name = "%(name)s"
%(more)s
"""


def configuration(folder: Path, more: str) -> Path:
    file = folder / "centre.toml"
    file.write_text(CONFIGURATION % {"name": NAME, "more": more})
    return file


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Is what a visitor got."""

    status: int
    headers: dict[str, str]
    body: str


def visited(address: str, *words: str, inside: Sequence[str] = ()) -> Answer:
    """Asks an address as a stranger does, with curl."""
    if CURL is None:
        pytest.skip("curl is not installed: apt-get install curl")
    said = subprocess.run(
        [*inside, CURL, "--silent", "--show-error", "--include", *words, address],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    head, _, body = said.partition("\n\n")
    first, *lines = head.splitlines()
    pairs = (line.partition(": ") for line in lines)
    return Answer(
        status=int(first.split()[1]),
        headers={name.lower(): value for name, _, value in pairs},
        body=body,
    )


def test_a_given_certificate_serves_the_pages_and_what_is_plain_leads_there(
    tmp_path: Path,
) -> None:
    now = datetime.now(UTC)
    files = filed(tmp_path, *paper(NAME, begins=now - timedelta(1), ends=now + timedelta(90)))
    http_port, port = free_port(), free_port()
    config = configuration(
        tmp_path,
        f'host = "127.0.0.1"\nhttp_port = {http_port}\n'
        'certificate = "chain.pem"\ncertificate_key = "key.pem"',
    )
    data = tmp_path / "data"
    with CentreProcess(config, data, "--port", str(port)) as centre:
        assert centre.base == f"https://{NAME}"
        centre.wait_for(f"TCP 443 .*port {port}: the pages")
        # Whoever follows the name comes to this machine, whatever port the router leads it to.
        led = (
            *("--connect-to", f"{NAME}:443:127.0.0.1:{port}"),
            *("--connect-to", f"{NAME}:80:127.0.0.1:{http_port}"),
            *("--cacert", str(files.certificate)),
        )
        answer = visited(f"https://{NAME}/readyz", *led)
        assert answer.status == 200
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        # At this machine too a password is needed: the name is everybody's.
        assert visited(f"https://{NAME}/desk", *led).status == 401
        plain = visited(f"http://{NAME}/call?line=main", *led)
        assert plain.status == 308
        assert plain.headers["location"] == f"https://{NAME}/call?line=main"

        invited = ask(data, Invite(login="amira", name="Amira", role=Role.SUPERVISOR, agent=None))
        assert invited.address == f"https://{NAME}"

        # The same after a crash: the port was kept, the certificate is read again.
        before = centre.pid
        centre.kill()
        centre.wait_for("The centre is back")
        assert centre.pid != before
        assert visited(f"https://{NAME}/readyz", *led).status == 200


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('certificate = "none.pem"\ncertificate_key = "none.pem"', "none.pem cannot be read"),
        (
            'certificate = "chain.pem"\ncertificate_key = "key.pem"\n[simulation]\n'
            'calls_per_day = 1\n[simulation.day]\nopen = { start = "00:00", end = "00:01" }\n'
            '[[simulation.callers]]\nline = "main"\ntalk_mean_s = 60',
            "it is a demonstration",
        ),
    ],
)
def test_what_must_not_be_opened_is_refused_in_words(tmp_path: Path, more: str, words: str) -> None:
    filed(tmp_path, *paper(NAME))
    config = configuration(tmp_path, f"http_port = {free_port()}\n{more}")
    with pytest.raises(AssertionError, match=words) as caught:
        CentreProcess(config, tmp_path / "data")
    assert "Traceback" not in str(caught.value)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CertificateAuthority]:
    if CADDY is None:
        pytest.skip("Caddy is not installed: apt-get install caddy")
    try:
        with certificate_authority(tmp_path_factory.mktemp("authority"), NAME) as running:
            yield running
    except NoNetworkError as error:
        pytest.skip(str(error))


def fetching(folder: Path, authority: CertificateAuthority) -> Path:
    return configuration(
        folder,
        "[server.public.acme]\nterms_agreed = true\n"
        f'directory = "{authority.directory}"\nauthorities = "{authority.root}"',
    )


def test_a_certificate_is_fetched_from_an_authority_and_kept(
    tmp_path: Path, authority: CertificateAuthority
) -> None:
    config, data = fetching(tmp_path, authority), tmp_path / "data"
    machine = authority.machine
    ports = ("--port", "443")
    with CentreProcess(config, data, *ports, inside=machine.inside) as centre:
        centre.wait_for("Fetching a certificate")
        believed = ("--cacert", str(authority.root))
        answer = visited(f"https://{NAME}/readyz", *believed, inside=machine.inside)
        assert json.loads(answer.body)["status"] == "ready"
    kept = data / "certificate" / "certificate.pem"
    assert oct(kept.stat().st_mode)[-3:] == "600"
    # Once fetched it is used until it is due, though the centre is started again.
    before = kept.read_bytes()
    with CentreProcess(config, data, *ports, inside=machine.inside) as centre:
        assert not any("Fetching" in line for line in centre.said)
    assert kept.read_bytes() == before


def test_an_authority_that_gives_none_is_told_with_what_it_needs(
    tmp_path: Path, authority: CertificateAuthority
) -> None:
    config = fetching(tmp_path, authority)
    # Nobody says that this authority is to be believed.
    config.write_text(config.read_text().replace("authorities = ", "# "))
    with pytest.raises(AssertionError, match="port 80 must be let through") as caught:
        CentreProcess(config, tmp_path / "data", "--port", "443", inside=authority.machine.inside)
    assert "CERTIFICATE_VERIFY_FAILED" in str(caught.value)
    assert "Traceback" not in str(caught.value)


@pytest.mark.skipif(UCLIENT is None, reason="coturn is not installed: apt-get install coturn")
def test_a_relay_runs_beside_it_where_coturn_is_and_outlives_the_centre(
    tmp_path: Path, authority: CertificateAuthority
) -> None:
    config, machine = fetching(tmp_path, authority), authority.machine
    data = tmp_path / "data"
    with CentreProcess(config, data, "--port", "443", inside=machine.inside) as centre:
        centre.wait_for(rf"UDP 3478 +to {AT_HOME}: sound")
        page = visited(
            f"https://{NAME}/call/main", "--cacert", str(authority.root), inside=machine.inside
        )
        assert page.status == 200, "with a relay, callers elsewhere can talk"
        relay = carried(machine, centre.pid)
        centre.kill()
        centre.wait_for("The centre is back")
        # The same secret at the same relay: calls that were carried go on.
        assert carried(machine, centre.pid) == relay


def carried(machine: Namespace, centre: int) -> str:
    """Sends sound from one client to another through the relay; returns the secret they used."""
    words = Path(f"/proc/{centre}/environ").read_bytes().split(b"\0")
    mine = f"{SECRET_VARIABLE}=".encode()
    (secret,) = (word.removeprefix(mine) for word in words if word.startswith(mine))
    assert UCLIENT is not None
    done = subprocess.run(
        [*machine.inside, UCLIENT, "-W", secret.decode(), "-u", "test", "-y", "-n", "5", AT_HOME],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Total lost packets 0 (" in done.stdout, done.stdout
    return secret.decode()
