"""A note typed at a real desk is found nowhere: not on disk, not in what the centre says.

The note goes through everything: browser, socket, engine, record, store, a kill, a restart. And
whoever reads the pages of the room, of reports, calls and accounts gets none of it either: every
byte that comes to their browsers is kept and searched.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Response

from openline.app.people import add
from openline.identity import Role
from tests.canary import scan, spellings
from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import agent, caller

NOTE = "Marigold Quillfeather, +1 312 555 0147, afraid of going home"
NEEDLES = spellings("Marigold Quillfeather") | spellings("+13125550147")


def test_a_note_is_readable_nowhere_in_the_data_folder_or_the_log(
    tmp_path: Path, browsers: Browsers
) -> None:
    data = tmp_path / "data"
    with CentreProcess(configuration(tmp_path, greeting=False), data) as centre:
        amira = agent(browsers.hearing(800), centre.base, "amira")
        him = caller(browsers.hearing(1200), centre.base)
        him.sees("queued")
        amira.does("ready")
        amira.sees("offered")
        amira.does("answer")
        him.sees("talking")
        him.does("hang-up")
        amira.sees("wrap_up")
        amira.page.get_by_text("Helped", exact=True).click()
        amira.page.get_by_test_id("note").fill(NOTE)
        amira.does("done-pause")
        amira.sees("paused")
        assert scan(data, NEEDLES) == []

        centre.kill()
        centre.wait_for("everybody is at his place")
        amira.sees("paused")
        assert scan(data, NEEDLES) == []
        centre.stop()
        assert scan(data, NEEDLES) == []
        assert (data / "openline.sqlite").stat().st_size > 0
        said = "".join(centre.said).encode()
        assert not [needle for needle in NEEDLES if needle in said]
    # Nor was it ever sent back to a page, her own included.
    for person in (amira, him):
        assert "Quillfeather" not in str(person.frames)


NUMBER = "+1 202 555 0142"
PASSWORD = "nine geese over the harbour"
LIVE = {
    "/room": "#room[data-state=live]",
    "/wallboard": "[data-state=live]",
    "/desk": "html[data-state=paused]",
}
"""The pages whose figures come by a stream or socket, and what they show when it has spoken."""
READERS = {
    "ben": ("/room", "/calls", "/calls?outcome=answered", "/wallboard", "/desk", "/account"),
    "ada": ("/people", "/people/ada", "/account"),
    "both": ("/reports", "/reports?by=15m&show=all", "/forecast", "/health", "/kept", "/privacy"),
}


class Bytes:
    """Keeps every byte that comes to one reader's browser, streams and sockets included."""

    def __init__(self, page: Page, base: str, paths: tuple[str, ...]) -> None:
        self.page = page
        self._base = base
        self._paths = paths
        self.came: list[bytes] = []
        page.on("response", self._response)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.eventSourceMessageReceived", lambda told: self._text(told["data"]))
        wire.on("Network.webSocketFrameReceived", self._frame)

    def _response(self, response: Response) -> None:
        self.came.append(str(response.all_headers()).encode())
        if "event-stream" not in response.headers.get("content-type", ""):
            self.came.append(response.body() if response.status == 200 else b"")

    def _frame(self, told: dict[str, Any]) -> None:
        self._text(told["response"]["payloadData"])

    def _text(self, text: str) -> None:
        self.came.append(text.encode())

    def read_all(self) -> None:
        """Opens each page and stays until its stream or socket has spoken."""
        for path in self._paths:
            before = len(self.came)
            self.page.goto(f"{self._base}{path}")
            live = LIVE.get(path)
            if live is not None:
                self.page.wait_for_selector(live, state="attached", timeout=10_000)
            assert len(self.came) > before, path


def test_no_page_brings_a_note_a_number_or_an_address_to_who_reads_it(
    tmp_path: Path, browsers: Browsers
) -> None:
    data = tmp_path / "data"
    config = configuration(tmp_path, greeting=False)
    add(data, login="ada", password=PASSWORD, name="Ada", role=Role.ADMINISTRATOR, agent=None)
    with CentreProcess(config, data) as centre:
        amira = agent(browsers.hearing(800), centre.base, "amira")
        him = caller(browsers.hearing(1200), centre.base)
        amira.does("ready")
        amira.sees("offered")
        amira.does("answer")
        him.sees("talking")
        # His number, key by key: his agent sees the last of them, and nobody else anything.
        for key in NUMBER:
            if key.isdigit():
                him.page.keyboard.press(key)
        keys = amira.page.locator("#call-keys-last")
        keys.get_by_text("2", exact=True).wait_for(timeout=10_000)
        amira.page.get_by_test_id("note").fill(NOTE)
        during = [_reader(browsers, centre.base, who) for who in ("ben", "ada")]
        for reader in during:
            reader.read_all()
        him.does("hang-up")
        amira.sees("wrap_up")
        amira.page.get_by_text("Helped", exact=True).click()
        amira.does("done-pause")
        amira.sees("paused")
        for reader in during:
            reader.read_all()
        supervisor = during[0].page
        supervisor.goto(f"{centre.base}/calls")
        supervisor.locator(".table a").first.click()
        supervisor.locator(".story").wait_for(timeout=10_000)
        token = next(frame["token"] for frame in him.frames if frame["t"] == "welcome")
        secret = NEEDLES | spellings(NUMBER) | {str(token).encode()}
        for reader in during:
            came = b"\n".join(reader.came)
            assert len(came) > 10_000
            assert not [needle for needle in secret if needle in came]
        assert scan(data, spellings(NUMBER)) == []


def _reader(browsers: Browsers, base: str, who: str) -> Bytes:
    browser: Browser = browsers.hearing(1000 if who == "ben" else 1100)
    context = browser.new_context()
    page = context.new_page()
    path = "/demo/sign-in" if who == "ben" else "/sign-in"
    form: dict[str, str | float | bool] = {"login": who, "password": PASSWORD}
    if who == "ben":
        form = {"account": who}
    answer = context.request.post(f"{base}{path}", form=form, headers={"Origin": base})
    assert answer.ok, answer.status
    return Bytes(page, base, (*READERS[who], *READERS["both"]))
