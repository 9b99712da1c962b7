"""People on three machines: they talk through the relay, and learn nothing of each other.

Each page's every frame from the centre is read, and what its connection says of the other side.
The relay is set up as `docs/how-to/relay.md` tells it, so these tests try that page too.
"""

import ipaddress
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, WebSocket, expect

from openline.app.people import add
from openline.identity import Role
from openline.model import AgentKey
from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, Browsers
from tests.live.network import Namespace, Network, NoNetworkError, network
from tests.live.people import Person
from tests.live.relay_server import TURNSERVER, WRITTEN_NAME, relay_server, written

AGENT_HZ, CALLER_HZ = 800, 1200
PASSWORD = "a password for one test"
SECRET = "a-secret-for-one-test"
HIDDEN = "0.0.0.0"

CONFIGURATION = """
[centre]
name = "Test Line"
time_zone = "America/Chicago"

[server]
host = "0.0.0.0"

[queues.talk]
name = "Talk"

[lines.main]
name = "Test Line"
queue = "talk"

[agents]
amira = { name = "Amira" }

[pause_reasons]
meal = { name = "Meal" }

[dispositions]
helped = { name = "Helped" }

[practice]
enabled = false
"""

# Keeps a page's connections where a test finds them.
REMEMBER_PEERS = """
  window.peers = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...given) { super(...given); window.peers.push(this); }
  };
"""
# What an altered page would do: look for every way, not for the relay's alone, and write what it
# found into its description too.
ANY_WAY = """
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(given) { super({ ...given, iceTransportPolicy: "all" }); }
    async setLocalDescription(...given) {
      await super.setLocalDescription(...given);
      await new Promise((done) => {
        const look = () => { if (this.iceGatheringState === "complete") done(); };
        this.addEventListener("icegatheringstatechange", look);
        look();
      });
    }
  };
"""
CANDIDATES_OF = """async (type) => {
  const connected = window.peers.filter((peer) => peer.connectionState === "connected");
  const reports = await Promise.all(connected.map((peer) => peer.getStats()));
  return reports.flatMap((report) => [...report.values()]).filter((entry) => entry.type === type);
}"""
TRY_SOCKET = """(path) => new Promise((answer) => {
  const socket = new WebSocket(`ws://${location.host}${path}`);
  socket.onopen = () => answer("open");
  socket.onerror = () => answer("refused");
})"""


@pytest.fixture(scope="module")
def machines() -> Iterator[Network]:
    with ExitStack() as stack:
        try:
            made = stack.enter_context(network())
        except NoNetworkError as error:
            pytest.skip(str(error))
        yield made


@dataclass(frozen=True, kw_only=True)
class House:
    """Is a centre on its machine, and browsers on all three."""

    machines: Network
    port: int
    browsers: Browsers
    folder: Path

    def browser(self, where: Namespace, address: str, hertz: int) -> tuple[Browser, str]:
        """Starts a browser on a machine; returns it and the centre's address as seen there."""
        host = f"{address}:{self.port}"
        assert CHROMIUM is not None
        return self.browsers.hearing(
            hertz,
            # A microphone and a sign-in need https; here there is none to be had.
            f"--unsafely-treat-insecure-origin-as-secure=http://{host},ws://{host}",
            program=where.program(CHROMIUM, self.folder),
        ), f"http://{host}"

    def caller(self, *scripts: str) -> Person:
        """Calls from the caller's machine."""
        machines = self.machines
        browser, base = self.browser(machines.caller, machines.seen_by_caller, CALLER_HZ)
        him = Person(page_with(browser, *scripts))
        him.page.goto(f"{base}/call/main?rawmic=1")
        him.does("talk")
        return him

    def agent(self) -> Person:
        """Signs an agent in on her machine and goes ready."""
        machines = self.machines
        browser, base = self.browser(machines.agent, machines.seen_by_agent, AGENT_HZ)
        her = Person(page_with(browser))
        sign_in(her.page, base)
        her.page.goto(f"{base}/desk?rawmic=1")
        her.sees("paused")
        her.does("ready")
        her.sees("ready", "offered")
        return her


def page_with(browser: Browser, *scripts: str) -> Page:
    page = browser.new_context(permissions=["microphone", "notifications"]).new_page()
    for script in (REMEMBER_PEERS, *scripts):
        page.add_init_script(f"{{{script}}}")
    return page


def sign_in(page: Page, base: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("#login", "amira")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("#sign-in button[type=submit]")


@pytest.fixture
def house(machines: Network, browsers: Browsers, tmp_path: Path) -> Iterator[House]:
    """A centre without a relay."""
    with ExitStack() as stack:
        port = started(stack, machines, CONFIGURATION, tmp_path)
        yield House(machines=machines, port=port, browsers=browsers, folder=tmp_path)


@pytest.fixture
def house_with_relay(machines: Network, browsers: Browsers, tmp_path: Path) -> Iterator[House]:
    """A centre with the relay of the how-to, which both sides reach at one address."""
    if TURNSERVER is None:
        pytest.skip("coturn is not installed: apt-get install coturn")
    relay = machines.seen_by_caller
    (tmp_path / "turn-secret.txt").write_text(f"{SECRET}\n")
    settings = CONFIGURATION + written("toml").replace(WRITTEN_NAME, relay)
    with ExitStack() as stack:
        stack.enter_context(relay_server(machines.centre, relay, SECRET, tmp_path))
        port = started(stack, machines, settings, tmp_path)
        yield House(machines=machines, port=port, browsers=browsers, folder=tmp_path)


def started(stack: ExitStack, machines: Network, settings: str, folder: Path) -> int:
    """Opens a centre with one agent's account; returns its port."""
    config, data = folder / "openline.toml", folder / "data"
    config.write_text(settings)
    role, agent = Role.AGENT, AgentKey("amira")
    add(data, login="amira", password=PASSWORD, name="Amira", role=role, agent=agent)
    centre = stack.enter_context(CentreProcess(config, data, inside=machines.centre.inside))
    return int(centre.base.rpartition(":")[2])


# --- without a relay ---------------------------------------------------------------------------


def test_without_a_relay_nobody_can_talk_but_at_the_machine_of_the_centre(house: House) -> None:
    machines = house.machines
    browser, base = house.browser(machines.caller, machines.seen_by_caller, CALLER_HZ)
    page = page_with(browser)
    refused = page.goto(f"{base}/call/main")
    assert refused is not None
    assert refused.status == 503
    expect(page.locator("h1")).to_have_text("You cannot talk from this page just now")
    expect(page.get_by_text("It is not your doing.")).to_be_visible()
    assert try_socket(page, "/ws/call") == "refused: 403"

    sign_in(page, base)
    refused = page.goto(f"{base}/desk")
    assert refused is not None
    assert refused.status == 503
    expect(page.locator("h1")).to_have_text("Calls cannot be taken from this page just now")
    assert try_socket(page, "/ws/desk") == "refused: 403"

    browser, base = house.browser(machines.centre, "127.0.0.1", CALLER_HZ)
    here = Person(page_with(browser))
    here.page.goto(f"{base}/call/main?rawmic=1")
    here.does("talk")
    here.sees("queued")
    assert try_socket(here.page, "/ws/call") == "open"


def try_socket(page: Page, path: str) -> str:
    """Returns whether the centre takes a WebSocket from this page, and if not, its answer."""
    said: list[str] = []

    def failed(error: str) -> None:  # a method of a list is no listener to Playwright
        said.append(error)

    def connecting(socket: WebSocket) -> None:
        socket.on("socketerror", failed)

    page.on("websocket", connecting)
    answer = page.evaluate(TRY_SOCKET, path)
    codes = [code for error in said for code in re.findall(r"response code: (\d+)", error)]
    return ": ".join([answer, *codes])


# --- with a relay ------------------------------------------------------------------------------


def test_two_machines_talk_through_the_relay_and_learn_nothing_of_each_other(
    house_with_relay: House,
) -> None:
    machines = house_with_relay.machines
    amira = house_with_relay.agent()
    him = house_with_relay.caller()
    amira.sees("offered")
    amira.does("answer")
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    learns_nothing_of(machines.agent, him, machines)
    learns_nothing_of(machines.caller, amira, machines)

    him.page.reload()
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    learns_nothing_of(machines.agent, him, machines)
    learns_nothing_of(machines.caller, amira, machines)
    assert [frame["session"] for frame in amira.frames if frame["t"] == "connect"] == [1, 2]
    for person in (amira, him):
        # Not even the centre is told more than it must be.
        assert set(re.findall(r"typ (\w+)", json.dumps(person.said))) == {"relay"}
        assert person.complaints == []


def test_what_a_page_tells_of_its_own_address_does_not_reach_the_other(
    house_with_relay: House,
) -> None:
    machines = house_with_relay.machines
    amira = house_with_relay.agent()
    him = house_with_relay.caller(ANY_WAY)
    amira.sees("offered")
    amira.does("answer")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)

    # He does tell it, in both places there are.
    host = re.compile(r"candidate:\S+ 1 udp \d+ 10\.99\.1\.2 \d+ typ host")
    told = [message["data"] for message in him.said if message["t"] == "signal"]
    assert any(host.search(data["candidate"]["candidate"]) for data in told if "candidate" in data)
    assert any(host.search(data["description"]["sdp"]) for data in told if "description" in data)
    learns_nothing_of(machines.caller, amira, machines)
    learns_nothing_of(machines.agent, him, machines)


def learns_nothing_of(other: Namespace, person: Person, machines: Network) -> None:
    """Reads all that a page was told and all that its connection knows."""
    relay = machines.seen_by_caller
    told = [json.dumps(frame, ensure_ascii=False) for frame in person.frames]
    descriptions = [s["description"] for s in person.signals if "description" in s]
    candidates = [line for text in told for line in re.findall(r"candidate:[^\"\\]+", text)]
    assert descriptions
    assert candidates
    for candidate in candidates:
        form = (
            rf"candidate:\w+ 1 udp \d+ {re.escape(relay)} \d+ typ relay raddr 0\.0\.0\.0 rport 9\b"
        )
        assert re.match(form, candidate), candidate
    traces = other.traces()
    for text in told:
        assert addresses_in(text) <= {relay, HIDDEN}, text
        assert ".local" not in text, text  # the name that a browser hides an address behind
        assert not [trace for trace in traces if trace in text.lower()], text

    remote = person.page.evaluate(CANDIDATES_OF, "remote-candidate")
    assert remote, "there is no connection"
    assert {(entry["candidateType"], entry["address"]) for entry in remote} == {("relay", relay)}


def addresses_in(text: str) -> set[str]:
    """Returns every network address of either kind that stands in a text."""
    found = set(re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text))
    for word in re.findall(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*", text):
        try:
            found.add(str(ipaddress.IPv6Address(word)))
        except ValueError:
            continue
    return found
