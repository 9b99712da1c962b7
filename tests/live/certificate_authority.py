"""A certificate authority of our own that speaks ACME: Caddy, in a machine of its own.

The names it is asked about lead to that same machine, by its own list of hosts.
"""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.live.network import Namespace, lonely_machine

CADDY = shutil.which("caddy")
AUTHORITY = "ca.example.test"

CONFIGURATION = """
{
	admin off
	skip_install_trust
	auto_https disable_redirects
	storage file_system %(storage)s
	http_port 8081
	https_port 8443
}
https://%(authority)s:8443 {
	tls internal
	acme_server
}
"""


@dataclass(frozen=True, kw_only=True)
class CertificateAuthority:
    """Is where it runs, and how it is believed."""

    machine: Namespace
    directory: str
    root: Path
    """Its own certificate."""


@contextmanager
def certificate_authority(folder: Path, name: str) -> Iterator[CertificateAuthority]:
    """Runs one while the context lasts; the name leads to its machine.

    Raises `NoNetworkError` where there can be no namespaces.
    """
    assert CADDY is not None
    file = folder / "Caddyfile"
    file.write_text(CONFIGURATION % {"storage": folder / "storage", "authority": AUTHORITY})
    with lonely_machine(hosts=(AUTHORITY, name)) as machine:
        process = subprocess.Popen(
            [*machine.inside, CADDY, "run", "--config", str(file), "--adapter", "caddyfile"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with ExitStack() as stack:
            assert process.stderr is not None
            stack.enter_context(process.stderr)
            stack.callback(process.wait)
            stack.callback(process.kill)
            said = []
            for line in process.stderr:
                said.append(line)
                if "serving initial configuration" in line:
                    break
            else:
                raise AssertionError("".join(said))
            # What it says later is read and thrown away, so that it never waits for a reader.
            reader = threading.Thread(target=process.stderr.read, daemon=True)
            reader.start()
            stack.callback(reader.join)
            # Callbacks run from the last to the first: it is killed, then its words end.
            stack.callback(process.kill)
            yield CertificateAuthority(
                machine=machine,
                directory=f"https://{AUTHORITY}:8443/acme/local/directory",
                root=folder / "storage" / "pki" / "authorities" / "local" / "root.crt",
            )
