"""A centre that was just started listens on loopback and nowhere else."""

import contextlib
import socket
import struct
from pathlib import Path

from tests.live.centre_process import CentreProcess, configuration

LISTENING = "0A"


def test_a_new_centre_opens_no_port_beyond_loopback(tmp_path: Path) -> None:
    with CentreProcess(configuration(tmp_path), tmp_path / "data") as centre:
        port = int(centre.base.rpartition(":")[2])
        assert listening_of(centre.pid) == [("127.0.0.1", port)]


def listening_of(pid: int) -> list[tuple[str, int]]:
    """Returns the addresses on which a process listens, by IPv4 or IPv6."""
    sockets = {
        str(link).removeprefix("socket:[").removesuffix("]")
        for link in _descriptors(pid)
        if str(link).startswith("socket:[")
    }
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTENING and fields[9] in sockets:
                address, port = fields[1].split(":")
                found.append((_written(address), int(port, 16)))
    return found


def _descriptors(pid: int) -> list[Path]:
    """Returns what the process has open, as links; what it closes meanwhile is passed over."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            found.append(link.readlink())
    return found


def _written(address: str) -> str:
    if len(address) == 8:
        return socket.inet_ntoa(struct.pack("<I", int(address, 16)))
    return f"[{address}]"
