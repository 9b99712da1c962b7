"""What a planner asks shows how far it is, and ends when she stops, leaves, or the server goes."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS
from tests.live.test_screens import CONFIGURATION
from tests.planning.invented_calls import invented

pytestmark = pytest.mark.timeout(240)
ENDS_WITHIN_S = 15.0
LONG_MS = 90_000


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    config = tmp_path / "openline.toml"
    config.write_text(CONFIGURATION, encoding="utf-8")
    with CentreProcess(config, tmp_path / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of quarters of an hour: some seconds of work."""
    history = invented(seed=11, days=1100, per_day=600, minutes=15)
    lines = ["timestamp;calls"]
    for day in range(history.days):
        for slot in range(history.slots):
            when = datetime.combine(history.day(day), datetime.min.time())
            when += timedelta(minutes=15 * slot)
            lines.append(f"{when:%Y-%m-%d %H:%M};{history.calls[day, slot]:.0f}")
    file = tmp_path_factory.mktemp("calls") / "calls.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def planner(browser: Browser, centre: CentreProcess) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.context.request.post(
        f"{centre.base}/demo/sign-in", form={"account": "david"}, headers={"Origin": centre.base}
    )
    return page


def workers(data: Path) -> list[int]:
    """Returns the processes of this centre that work something out for planners."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if b"--patient" in words and os.fsencode(data) in words:
                found.append(int(entry.name))
    return found


def until(holds: Callable[[], bool], what: str) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < ENDS_WITHIN_S, what
        time.sleep(0.05)  # another process is waited for


def begin(page: Page, centre: CentreProcess, calls: Path, path: str) -> None:
    """Asks, and waits until it shows how far the answer is."""
    page.goto(centre.base + path)
    ask(page, calls, path)
    expect(page.locator("#asked-far")).to_contain_text("past days", timeout=LONG_MS)


def ask(page: Page, calls: Path, path: str) -> None:
    field = "#planner-calls-file" if path == "/planner" else "#forecast-calls-file"
    page.locator(field).set_input_files(calls)
    if path == "/planner":
        page.locator("#planner-aht").fill("6m")
    page.locator("form .button--primary").first.click()


@pytest.mark.parametrize("path", ["/forecast", "/planner"])
def test_stopping_or_leaving_ends_the_work_and_only_ones_own(
    centre: CentreProcess, browser: Browser, calls: Path, tmp_path: Path, path: str
) -> None:
    data = tmp_path / "data"
    first, second = planner(browser, centre), planner(browser, centre)
    second.goto(centre.base + path)
    begin(first, centre, calls, path)
    ask(second, calls, path)
    until(lambda: len(workers(data)) == 2, "two do not work at once")
    first.locator("#asked-stop").click()
    expect(first.locator("#asked-busy")).to_be_hidden(timeout=WITHIN_MS)
    until(lambda: len(workers(data)) == 1, "a stopped question still works")
    # The other's answer comes all the same.
    answered = "#planner-said" if path == "/planner" else "#forecast-answer .reading__about"
    expect(second.locator(answered)).to_be_visible(timeout=LONG_MS)
    begin(first, centre, calls, path)
    before = set(workers(data))
    first.goto(centre.base + "/reports")
    until(lambda: len(set(workers(data)) & before) < len(before), "a page that was left works on")


def test_a_server_that_goes_away_in_the_middle_is_told_and_what_was_typed_stays(
    centre: CentreProcess, browser: Browser, calls: Path, tmp_path: Path
) -> None:
    page = planner(browser, centre)
    begin(page, centre, calls, "/forecast")
    page.locator("#filter-special").fill("2026-09-10=campaign")
    centre.kill()
    expect(page.locator("#asked-lost")).to_contain_text("restarted", timeout=WITHIN_MS)
    expect(page.locator("#filter-special")).to_have_value("2026-09-10=campaign")
    until(lambda: not workers(tmp_path / "data"), "works on without a centre")
