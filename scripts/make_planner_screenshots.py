"""Makes the pictures of the tutorial for planners anew: the pages themselves, asked as it says.

    .venv/bin/python -m scripts.make_planner_screenshots

Three months of the small line are simulated first, as in the tutorial; then a real Chromium asks
the pages of a centre that has them. It takes about three minutes. Look at each picture.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.make_screenshots import ROOT, Camera
from tests.cli.command import in_here
from tests.live.centre_process import CentreProcess
from tests.live.conftest import Browsers

EXAMPLES = ROOT / "examples"
SMALL = EXAMPLES / "small-line.toml"
WITHIN_MS = 240_000
"""The twin gives way to everything else."""
ALL_BYTES = 800_000
SINCE = "2026-05-03"
"""Four weeks from here end a day before the record does: the centre that is started on it finds
talks of its last night, and ends them today."""


def main() -> int:
    """Makes all pictures; returns 1 if they have become too large for a repository."""
    camera = Camera()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        data, week = Path(folder) / "data", Path(folder) / "next-week.csv"
        says(
            "simulate", "--config", SMALL, "--start", "2026-03-02", "--days", "91", "--record", data
        )
        says(
            *("forecast", "--config", SMALL, "--data", data, "--kind", "simulated"),
            *("--horizon", "7d", "--out", week),
        )
        centre = stack.enter_context(CentreProcess(SMALL, data))
        playwright = stack.enter_context(sync_playwright())
        browser = Browsers(playwright, Path(folder), stack).hearing(440)
        planner = signed_in(browser, centre.base)
        study(camera, planner)
        change(camera, planner)
        plan(camera, planner, week)
    print(f"all: {camera.bytes // 1000} kB")
    return 0 if camera.bytes <= ALL_BYTES else 1


def says(*words: str | Path) -> None:
    """Types a command that must work."""
    said = in_here(*words)
    if said.code != 0:
        raise RuntimeError(f"{words}: {said.err}")


def signed_in(browser: Browser, base: str) -> Page:
    """Signs in as who looks after the room, and may plan."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=base)
    # The last of the small line's volunteers.
    context.request.post("/demo/sign-in", form={"account": "carmen"}, headers={"Origin": base})
    return context.new_page()


def plan(camera: Camera, page: Page, week: Path) -> None:
    """The week as one picture, then tomorrow with the twin's risk of each half hour."""
    page.goto("/planner")
    page.locator("#planner-calls-file").set_input_files(week)
    page.locator("#planner-roster-file").set_input_files(EXAMPLES / "evening-roster.csv")
    for field, text in {"patience": "5m", "target": "70/60", "shrinkage": "20"}.items():
        page.locator(f"#planner-{field}").fill(text)
    page.keyboard.press("Enter")
    page.locator("#planner-said").wait_for(timeout=WITHIN_MS)
    beginning_with(page, "#planner-said")
    camera.take(page, "plan-week")
    tomorrow = page.locator(".planner__days button").nth(1)
    tomorrow.click()
    expect(tomorrow).to_have_attribute("aria-pressed", "true", timeout=WITHIN_MS)
    page.locator("#planner-twin-ask").click()
    page.locator("#planner-twin-said").wait_for(timeout=WITHIN_MS)
    page.locator("#planner-twin-stop").wait_for(state="hidden", timeout=WITHIN_MS)
    beginning_with(page, "#planner-twin-said")
    camera.take(page, "plan-risk")


def study(camera: Camera, page: Page) -> None:
    """How well the twin knows four weeks of the record."""
    page.goto("/study")
    page.locator("#filter-origin").select_option("simulated")
    page.locator("#try-since").fill(SINCE)
    page.locator("#try-days").fill("28")
    asked(page)
    camera.take(page, "plan-twin-fits")


def change(camera: Camera, page: Page) -> None:
    """What a callback after four minutes does among callers like those of four weeks."""
    page.goto("/try")
    page.locator("#filter-callers").select_option("record")
    page.locator("#filter-origin").select_option("simulated")
    page.locator("#try-since").fill(SINCE)
    page.locator("#try-days").fill("28")
    page.locator("#filter-runs").select_option("10")
    page.locator("#try-callback").fill("4m")
    asked(page)
    camera.take(page, "plan-rule")


def asked(page: Page) -> None:
    """Asks and waits for the last word."""
    page.locator("#try-ask").click()
    page.locator("#try-said").wait_for(timeout=WITHIN_MS)
    page.locator("#try-stop").wait_for(state="hidden", timeout=WITHIN_MS)
    beginning_with(page, "#try-said")


def beginning_with(page: Page, selector: str) -> None:
    """Scrolls so that this part stands at the top."""
    page.locator(selector).evaluate(
        "element => window.scrollTo(0, element.getBoundingClientRect().top + scrollY - 24)"
    )


if __name__ == "__main__":
    sys.exit(main())
