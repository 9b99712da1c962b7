"""Makes docs/images anew: a real centre, a real Chromium, nothing drawn by hand.

    .venv/bin/python -m scripts.make_screenshots

The demonstration is first run fast, until its afternoon is busy and the wallboard has a day to
show; then at real speed on the same data folder, as a restart would, and photographed. It takes
about three minutes. Pictures are 1280 x 720; run it after the screens changed and look at each.
"""

import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.live.centre_process import CentreProcess
from tests.live.conftest import Browsers
from tests.live.people import Person, agent, caller

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
DEMO = ROOT / "examples" / "yardstick.toml"

FAST = "300"
FROM_HOUR, TO_HOUR = 14, 17
"""The busiest hours of the demonstration's day, by its own clock."""
LINE = "family-en"
SUPERVISOR = "supervisor"
"""Who looks after the room in the demonstration."""
CALLS, ROSTER = (DEMO.parent / f"invented-{each}.csv" for each in ("calls", "roster"))
ALL_BYTES = 1_500_000


class Camera:
    """Saves what a page shows."""

    def __init__(self) -> None:
        self.bytes = 0

    def take(self, page: Page, name: str) -> None:
        """Saves the visible part of the page as it is at this moment."""
        file = IMAGES / f"{name}.png"
        page.screenshot(path=file, caret="hide")
        self.bytes += file.stat().st_size
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1000} kB")


def main() -> int:
    """Makes all pictures; returns 1 if they have become too large for a repository."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    camera = Camera()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data = Path(folder) / "data"
        with CentreProcess(DEMO, data, "--speed", FAST) as fast:
            if not any(map(_is_busy, pictures(fast.base))):
                print("".join(fast.said), file=sys.stderr)
                raise RuntimeError("the stream ended before the centre was busy; see above")
        centre = stack.enter_context(CentreProcess(DEMO, data))
        playwright = stack.enter_context(sync_playwright())
        browser = Browsers(playwright, Path(folder), stack).hearing(440)
        photograph(camera, browser, centre.base)
    print(f"all: {camera.bytes // 1000} kB")
    return 0 if camera.bytes <= ALL_BYTES else 1


def photograph(camera: Camera, browser: Browser, base: str) -> None:
    """Goes through the screens in the order in which a newcomer meets them."""
    front = opened(browser.new_context(), f"{base}/")
    _wait_for_figures(front)
    camera.take(front, "first-page")

    him = caller(browser, base, LINE)
    him.sees("menu")
    food = him.page.get_by_test_id("choices").get_by_role("button").first
    food.wait_for()
    camera.take(him.page, "caller-choices")
    food.click()
    him.sees("queued")
    him.page.get_by_test_id("place").wait_for()
    camera.take(him.page, "caller-waiting")

    amira = agent(browser, base, "amira")
    amira.does("ready")
    amira.sees("offered")
    amira.page.wait_for_function(
        "() => Number(document.getElementById('offer-seconds').textContent) < 17"
    )
    camera.take(amira.page, "desk-offer")
    amira.does("answer")
    him.sees("talking")
    him.does("hang-up")
    amira.sees("wrap_up")
    amira.page.get_by_text("Helped in the talk", exact=True).click()
    amira.page.get_by_test_id("note").fill("Asked which food banks open on Saturday.")
    camera.take(amira.page, "wrap-up")
    amira.does("done-ready")

    practise(amira)
    camera.take(amira.page, "practice-call")

    watch(camera, browser, base)
    look_after(camera, browser, base)
    plan(camera, browser, base)


def practise(learner: Person) -> None:
    """Answers a practice call and listens to its first lines."""
    learner.sees("offered")
    learner.does("answer")
    learner.sees("talking")
    learner.page.get_by_test_id("captions").locator("li").nth(2).wait_for(timeout=60_000)


def watch(camera: Camera, browser: Browser, base: str) -> None:
    """Looks at the wallboard by day and by night."""
    board = opened(browser.new_context(), f"{base}/wallboard")
    _wait_for_board(board)
    camera.take(board, "wallboard")
    dark = browser.new_context()
    dark.add_cookies([{"name": "theme", "value": "dark", "url": base}])
    board = opened(dark, f"{base}/wallboard")
    _wait_for_board(board)
    camera.take(board, "wallboard-dark")


def look_after(camera: Camera, browser: Browser, base: str) -> None:
    """Looks at the room as a supervisor has it."""
    room = _supervisor(browser, base, "/room")
    room.wait_for_selector("#room[data-state=live]", state="attached")
    room.locator("#people .person").nth(3).wait_for()
    camera.take(room, "room")


def plan(camera: Camera, browser: Browser, base: str) -> None:
    """Plans a week of the example, and puts one person more on its evenings."""
    planner = _supervisor(browser, base, "/planner")
    planner.locator("#planner-calls-file").set_input_files(CALLS)
    planner.locator("#planner-roster-file").set_input_files(ROSTER)
    planner.locator("#planner-aht").fill("6m")
    planner.keyboard.press("Enter")
    said = planner.locator("#planner-said")
    said.wait_for(timeout=60_000)
    # From the answer in words on: below it the picture has room.
    said.evaluate("(said) => said.scrollIntoView()")
    camera.take(planner, "planner")


def _supervisor(browser: Browser, base: str, path: str) -> Page:
    context = browser.new_context()
    form: dict[str, str | float | bool] = {"account": SUPERVISOR}
    context.request.post(f"{base}/demo/sign-in", form=form, headers={"Origin": base})
    return opened(context, f"{base}{path}")


def opened(context: BrowserContext, url: str) -> Page:
    """Opens a page in a browser of its own."""
    page = context.new_page()
    page.goto(url)
    return page


def _wait_for_figures(page: Page) -> None:
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-figure]')].every(e => e.textContent !== '–')"
    )


def _wait_for_board(page: Page) -> None:
    page.wait_for_selector("#board-strip > *", state="attached")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.big [data-number]')]"
        ".every(e => e.textContent.trim() !== '–')"
    )


def _is_busy(picture: dict[str, Any]) -> bool:
    now = datetime.fromtimestamp(picture["now"] / 1_000_000, UTC)
    hour = now.astimezone(ZoneInfo(picture["zone"])).hour
    return FROM_HOUR <= hour < TO_HOUR and picture["total"]["answered"] > 0


def pictures(base: str) -> Iterator[dict[str, Any]]:
    """Yields the wallboard's pictures as they come."""
    url = f"{base}/events/wallboard?origins=real,simulated"
    with urllib.request.urlopen(url, timeout=60) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


if __name__ == "__main__":
    sys.exit(main())
