"""Three machines on one: network namespaces that know each other only through the middle one.

    caller 10.99.1.2 ──── 10.99.1.1 centre 10.99.2.1 ──── 10.99.2.2 agent

The centre's machine forwards, so the two others could reach each other, as any two can in the
Internet. What keeps them apart is only that neither learns where the other is; a page that did
learn it would find a direct way, and a test would see it.

Nothing is set up outside the namespaces. They carry the number of this process in their names,
and at the end go with everything that still runs in them.
"""

import ipaddress
import json
import os
import select
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

END_WITHIN_S = 10.0
AT_HOME = "192.168.77.7"


class NoNetworkError(Exception):
    """Says why there can be no namespaces here."""


@dataclass(frozen=True, kw_only=True)
class Namespace:
    """Is one machine."""

    name: str

    @property
    def inside(self) -> tuple[str, ...]:
        """The words before a command that make it run in here."""
        return ("ip", "netns", "exec", self.name)

    def program(self, program: str, folder: Path) -> Path:
        """Writes a script that stands for the program, and runs it in here."""
        script = folder / f"{self.name}-{Path(program).name}"
        script.write_text(f'#!/bin/sh\nexec {" ".join(self.inside)} {program} "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        return script

    def traces(self) -> set[str]:
        """Returns every way to write one of its addresses (a network card's too), in small letters.

        Loopback is left out: it is everybody's.
        """
        links = json.loads(_ip("-n", self.name, "-json", "address", "show"))
        found: set[str] = set()
        for link in links:
            if link["ifname"] == "lo":
                continue
            card = link["address"]
            found |= {card, card.replace(":", ""), card.replace(":", "-")}
            for given in link["addr_info"]:
                address = ipaddress.ip_address(given["local"])
                found |= {str(address), address.exploded, address.reverse_pointer}
                found |= {str(int(address)), address.packed.hex(), address.packed.hex(":")}
                found |= {str(address).replace(mark, "-") for mark in ".:"}
        return found


@dataclass(frozen=True, kw_only=True)
class Network:
    """Holds the three machines."""

    centre: Namespace
    caller: Namespace
    agent: Namespace
    seen_by_caller: str = "10.99.1.1"
    """The centre's address on the caller's side."""
    seen_by_agent: str = "10.99.2.1"


@contextmanager
def network() -> Iterator[Network]:
    """Makes the three machines; raises `NoNetworkError` where that is not possible."""
    _demand_namespaces()
    with ExitStack() as stack:
        names = [f"openline-{os.getpid()}-{who}" for who in ("centre", "caller", "agent")]
        centre, caller, agent = (stack.enter_context(_namespace(name)) for name in names)
        _wire(centre, "10.99.1.1", caller, "10.99.1.2")
        _wire(centre, "10.99.2.1", agent, "10.99.2.2")
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        _run(*centre.inside, "sh", "-c", forward)
        yield Network(centre=centre, caller=caller, agent=agent)


@contextmanager
def lonely_machine(*, hosts: Sequence[str]) -> Iterator[Namespace]:
    """Makes one machine at `AT_HOME` that reaches nobody, where all these names lead to itself.

    Raises `NoNetworkError` where that is not possible.
    """
    _demand_namespaces()
    with _namespace(f"openline-{os.getpid()}-lonely") as machine:
        # `ip netns exec` shows the files of this folder in place of those in /etc.
        own = Path("/etc/netns") / machine.name
        own.mkdir(parents=True)
        try:
            names = f"127.0.0.1 localhost\n{AT_HOME} {' '.join(hosts)}\n"
            (own / "hosts").write_text(names)
            _ip("-n", machine.name, "address", "add", f"{AT_HOME}/32", "dev", "lo")
            _ip("-n", machine.name, "route", "add", "default", "dev", "lo", "src", AT_HOME)
            yield machine
        finally:
            shutil.rmtree(own)


def _demand_namespaces() -> None:
    if shutil.which("ip") is None:
        raise NoNetworkError("network namespaces need iproute2: apt-get install iproute2")
    if os.geteuid() != 0:
        raise NoNetworkError("network namespaces need root")


@contextmanager
def _namespace(name: str) -> Iterator[Namespace]:
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        yield Namespace(name=name)
    finally:
        # Its cards go with the namespace, but the namespace only with the last process in it.
        for pid in _ip("netns", "pids", name).split():
            _end(int(pid))
        _ip("netns", "delete", name)


def _wire(centre: Namespace, centre_address: str, other: Namespace, address: str) -> None:
    card = "to-" + other.name.rpartition("-")[2]
    ends = ("type", "veth", "peer", "name", "to-centre", "netns", other.name)
    _ip("link", "add", card, "netns", centre.name, *ends)
    for place, end, own in ((centre, card, centre_address), (other, "to-centre", address)):
        _ip("-n", place.name, "address", "add", f"{own}/24", "dev", end)
        _ip("-n", place.name, "link", "set", end, "up")
    _ip("-n", other.name, "route", "add", "default", "via", centre_address)


def _end(pid: int) -> None:
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        signal.pidfd_send_signal(watched, signal.SIGKILL)
        select.select([watched], [], [], END_WITHIN_S)
    except ProcessLookupError:
        pass
    finally:
        os.close(watched)


def _ip(*words: str) -> str:
    return _run("ip", *words)


def _run(*command: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=END_WITHIN_S
    )
    if done.returncode != 0:
        raise NoNetworkError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
