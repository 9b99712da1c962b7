"""The page of an answer that takes long, in Chromium: it tells, waits out a centre that is away,
shows the answer by itself, and is barred to nobody.

The pages are the real ones; what reads the record is told by the test how far it is.
"""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Playwright, expect

from openline.reports.sheets import Sheet, SheetAsked
from openline.web import Assets, StillReadingError
from openline.web.guard import SESSION_COOKIE
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import AXE
from tests.web.builders import SAM, BookReading, Site

BUILT = Path(__file__).parents[2] / "src" / "openline" / "web" / "static" / "dist"


class SlowReading(BookReading):
    """Says how far it is for as long as the test wants it to."""

    def __init__(self) -> None:
        super().__init__()
        self.done: int | None = 0

    async def sheet(self, asked: SheetAsked) -> Sheet:
        if self.done is None:
            return await super().sheet(asked)
        raise StillReadingError("t0k3n", self.done, 30 if self.done else 0)


@pytest.fixture
def slow() -> SlowReading:
    return SlowReading()


@pytest.fixture
def base(slow: SlowReading, tmp_path: Path) -> Iterator[str]:
    site = Site(tmp_path, reading=slow, assets=Assets(BUILT))
    site.sessions.accounts["signed-in-sam"] = SAM
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(site.app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield opened
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_report_tells_how_far_it_is_and_is_shown_without_being_asked_for_again(
    slow: SlowReading, base: str, browser: Browser, scheme: str, tmp_path: Path
) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 1280, "height": 720},
    )
    context.add_cookies([{"name": SESSION_COOKIE, "value": "signed-in-sam", "url": base}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto(f"{base}/reports?from=2026-03-01&to=2026-03-30")
    still = page.locator("[data-still-words]")
    expect(still).to_have_text("It begins in a moment.")
    slow.done = 12
    expect(still).to_have_text("12 of 30 days are read.")
    expect(page.locator("progress")).to_have_attribute("value", "12")
    page.evaluate(AXE.read_text())
    found = page.evaluate("async () => (await axe.run(document)).violations.map((each) => each.id)")
    assert found == []
    page.screenshot(path=str(tmp_path / f"still-{scheme}.png"))
    # Away for a moment: said so, and gone on by itself.
    context.set_offline(True)
    expect(page.locator("[data-still-lost]")).to_be_visible()
    context.set_offline(False)
    slow.done = None
    expect(page.locator(".reading__table")).to_be_visible(timeout=15_000)
    assert page.evaluate("() => document.activeElement.tagName") == "H1"
    # What has come works: a choice asks for the report anew.
    slow.done = 0
    page.select_option("[name=show]", "times")
    expect(still).to_have_text("It begins in a moment.")
    assert "show=times" in page.url
    page.get_by_role("button", name="Stop reading").click()
    page.wait_for_url("**/reports")
    assert slow.stopped == ["t0k3n"]
    assert troubles == []
    context.close()
