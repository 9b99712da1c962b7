"""How heavy is each page, and how soon does it show what it is for?

A real browser without a cache opens every page of a demonstration of the yardstick line in its
busy hours, each time as a stranger's browser does. Weight is what comes over the wire until the
page rests; the first useful paint is the largest piece of content that it shows (which is never
before the first), from the moment the address was given.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.figure import Figure
from openline.app.people import add
from openline.identity import Role
from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS

NAME = "page_load"
IS_LONG = True

EXAMPLE = Path(__file__).parents[1] / "examples" / "yardstick.toml"
LINE = "family-en"
BOUND_BYTES = 250_000
BOUND_S = 1.0
TIMES = 5
PASSWORD = "a long enough password"
PAGES = {
    "nobody": ("/", "/sign-in", "/call", f"/call/{LINE}", "/privacy"),
    "sam": ("/room", "/calls", "/reports", "/forecast", "/health", "/kept", "/wallboard"),
    "ada": ("/people", "/account"),
    "demo": ("/desk",),
}
"""By who opens them: a stranger, a supervisor, an administrator, and who answers."""

SHOWN = """() => new Promise((resolve) => {
  let shown = 0;
  const note = (list) => { for (const each of list.getEntries()) shown = each.startTime; };
  new PerformanceObserver(note).observe({ type: "largest-contentful-paint", buffered: true });
  // Two frames after the page rests all entries are there.
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(shown), 300)));
})"""


def run() -> list[Figure]:
    """Opens each page some times; returns its weight and its first useful paint."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "data"
        for login, role in (("sam", Role.SUPERVISOR), ("ada", Role.ADMINISTRATOR)):
            add(data, login=login, password=PASSWORD, name=login, role=role, agent=None)
        with CentreProcess(EXAMPLE, data) as centre:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
            found = {
                path: _opened(browser, centre.base, path, who)
                for who, paths in PAGES.items()
                for path in paths
            }
            browser.close()
    heaviest = max(found, key=lambda path: found[path][0])
    slowest = max(found, key=lambda path: found[path][1])
    return [
        Figure.at_most(
            name=f"heaviest of {len(found)} pages: {heaviest}",
            value=found[heaviest][0] / 1000,
            unit="kB",
            against="bound: 250 kB without a cache",
            reference=BOUND_BYTES / 1000,
        ),
        Figure.at_most(
            name=f"slowest to its first useful paint: {slowest}, median of {TIMES}",
            value=found[slowest][1],
            unit="s",
            against="bound: 1 s",
            reference=BOUND_S,
        ),
    ]


def _opened(browser: Browser, base: str, path: str, who: str) -> tuple[int, float]:
    """Returns bytes and seconds; the state of a session is taken over, the cache is not."""
    context = browser.new_context()
    _sign_in(context.new_page(), base, who)
    state = context.storage_state()
    context.close()
    times = [_once(browser.new_context(storage_state=state), base + path) for _ in range(TIMES)]
    return max(came for came, _ in times), statistics.median(shown for _, shown in times)


def _once(context: BrowserContext, address: str) -> tuple[int, float]:
    page = context.new_page()
    came: list[float] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda told: came.append(told["encodedDataLength"]))
    page.goto(address, wait_until="load")
    shown: float = page.evaluate(SHOWN)
    context.close()
    return int(sum(came)), shown / 1000


def _sign_in(page: Page, base: str, who: str) -> None:
    if who == "nobody":
        return
    page.goto(f"{base}/sign-in")
    if who == "demo":
        page.locator(".account").first.click()
    else:
        page.locator("main details summary").click()
        page.locator("#login").fill(who)
        page.locator("#password").fill(PASSWORD)
        page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
