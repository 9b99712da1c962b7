"""Every page there is, as its readers have it, after calls whose confidences are on none of them.

The table below says who opens which page. A page that is added to the router and not to the table
fails; so does one that is in neither language whole, has a barrier, asks somebody else for
something, breaks the content-security policy, cannot be gone through with Tab alone, or brings a
byte of what a caller said, dialled or wrote. What a page shows only after it was used (a dialogue,
a mistake) is looked at by the tests of that page.
"""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.routing import iter_route_contexts
from playwright.sync_api import Browser, Page, Playwright, Response, expect

from openline.app.kept_tries import KeptTries
from openline.app.people import Invite, add, ask
from openline.app.trying import tries
from openline.configuration import load
from openline.identity import Role
from openline.model import Instant
from openline.planning.try_asked import Callers, TryAsked
from openline.simulation.changes import Changes
from tests.canary import scan, spellings
from tests.cli.tried import SMALL
from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Examiner, Round
from tests.live.people import WITHIN_MS, agent, caller
from tests.live.test_confidences import NEEDLES, NOTE
from tests.live.test_screens import CONFIGURATION
from tests.web.builders import NOW, Site

NUMBER = "+1 202 555 0142"
LINE = "Quillfeather waits behind the bakery"
PASSWORD = "nine geese over the harbour"


PLANTED = "<i data-planted></i>"
"""Stands in the name of a queue, and must be seen as it is."""


class Visit(NamedTuple):
    """Says who opens a page, at which address, and what stands there once it has spoken."""

    address: str
    login: str | None = "david"
    shows: str = "main h1, main h2"


VISITS = {
    "/": Visit("/", None, "[data-figure=waiting]:not(:text-is('–'))"),
    "/sign-in": Visit("/sign-in", None),
    "/join/{token}": Visit("/join/{token}", None),
    "/privacy": Visit("/privacy", None),
    "/call": Visit("/call", None),
    "/call/{line}": Visit("/call/greeted", None),
    "/desk": Visit("/desk", "desk", "[data-for~=paused]"),
    "/room": Visit("/room", shows="#room[data-state=live]"),
    "/sounds": Visit("/sounds", shows="[data-sound]"),
    "/wallboard": Visit("/wallboard", shows="#board[data-state=live]"),
    "/calls": Visit("/calls?show=all", shows=".table a"),
    "/calls/{call}": Visit("/calls/1", shows=".story"),
    "/reports": Visit("/reports?show=all", shows=".plot"),
    "/forecast": Visit("/forecast"),
    "/staffing": Visit("/staffing?calls=146&aht=6m", shows=".planner__said"),
    "/planner": Visit("/planner"),
    "/try": Visit("/try", shows="#try-kept"),
    "/try/kept/{name}": Visit("/try/kept/{name}", shows="svg.tried"),
    "/try/compared": Visit("/try/compared?first={name}&second={other}", shows="svg.tried"),
    "/study": Visit("/study"),
    "/health": Visit("/health", shows=".health"),
    "/kept": Visit("/kept", shows=".table td"),
    "/account": Visit("/account"),
    "/people": Visit("/people", "ada"),
}
ELSEWHERE = {
    "/sign-in/code": "test_people.py",
    "/sign-in/setup": "test_people.py",
    "/sign-in/passkey": "test_passkeys.py",
}
"""Pages that stand between two steps of one way in; the tests that look at them."""
NO_PAGES = {
    *("/static/{path:path}", "/favicon.ico", "/manifest.webmanifest"),
    *("/livez", "/readyz", "/sounds/spoken/{name}", "/reports/file", "/demo/sign-in"),
}

BEGIN_TO_NOTE_FOCUS = """() => {
  window.reached = new Set();
  window.dim = [];
  document.addEventListener("focusin", ({ target }) => {
    reached.add(target);
    // A choice shows its focus round its words too.
    const isOutlined = [target, target.closest(".choice") ?? target].some((shown) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    });
    if (!isOutlined && target.id !== "main") dim.push(target.outerHTML.slice(0, 120));
  });
}"""
NOT_REACHED = """() => {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  const isInOrder = (each) => each.tabIndex >= 0 && !each.disabled && each.type !== "hidden" &&
    each.checkVisibility({ visibilityProperty: true });
  // Of the choices of one question, Tab comes to one.
  const isReached = (each) => reached.has(each) || each.type === "radio" &&
    [...reached].some((other) => other.type === "radio" && other.name === each.name);
  const left = [...document.querySelectorAll(controls)].filter((each) => isInOrder(each));
  return left.filter((each) => !isReached(each)).map((each) => each.outerHTML.slice(0, 120));
}"""
PLANT_FAULTS = """() => {
  const [dim, trap, beyond] = ["Dim", "Trap", "Beyond"].map((text) => {
    const button = document.createElement("button");
    button.textContent = text;
    document.querySelector("main").append(button);
    return button;
  });
  dim.style.outline = "none";
  trap.addEventListener("keydown", (event) => event.preventDefault());
}"""
AT_ONCE, ENOUGH = 15, 20
"""Tabs pressed before it is asked what is left, and how often that is done."""


class Bytes:
    """Keeps every byte that comes to one reader's browser, streams and sockets included."""

    def __init__(self, page: Page) -> None:
        self.came: list[bytes] = []
        self._page = page
        page.on("response", self._response)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.eventSourceMessageReceived", lambda told: self._text(told["data"]))
        wire.on("Network.webSocketFrameReceived", self._frame)

    def _response(self, response: Response) -> None:
        if "/static/" in response.url:
            return  # the same for everybody, and made before anybody called
        self.came.append(str(response.headers).encode())
        is_page = response.request.resource_type == "document"
        is_stream = "event-stream" in response.headers.get("content-type", "")
        if response.status == 200 and not is_page and not is_stream:
            self.came.append(response.body())

    def open(self, address: str) -> None:
        """Opens a page; its bytes are read once it stands, before anything leads away from it."""
        answer = self._page.goto(address)
        assert answer is not None
        assert answer.ok, answer.status
        self.came.append(answer.body())

    def _frame(self, told: dict[str, Any]) -> None:
        self._text(told["response"]["payloadData"])

    def _text(self, text: str) -> None:
        self.came.append(text.encode())


class Readers:
    """Are those who open the pages, each in English and in Spanish."""

    def __init__(self, browser: Browser, base: str, stack: ExitStack) -> None:
        self.rounds = {who: Round(browser, base, stack) for who in (None, "desk", "david", "ada")}
        self._bytes = {who: list(map(Bytes, each.pages)) for who, each in self.rounds.items()}
        self._base = base
        for logins in (("ben", "carmen"), ("david", "david")):
            who = "desk" if "ben" in logins else "david"
            for page, login in zip(self.rounds[who].pages, logins, strict=True):
                self._sign_in(page, "/demo/sign-in", {"account": login})
        for page in self.rounds["ada"].pages:
            self._sign_in(page, "/sign-in", {"login": "ada", "password": PASSWORD})

    def _sign_in(self, page: Page, path: str, form: dict[str, str | float | bool]) -> None:
        headers = {"Origin": self._base}
        answer = page.context.request.post(f"{self._base}{path}", form=form, headers=headers)
        assert answer.ok, answer.status

    @property
    def bytes(self) -> list[Bytes]:
        """What came to each of them."""
        return [each for both in self._bytes.values() for each in both]

    def open(self, visit: Visit, names: dict[str, str]) -> Round:
        """Opens a page for both, and waits until it has spoken."""
        round_ = self.rounds[visit.login]
        for each in self._bytes[visit.login]:
            each.open(f"{self._base}{visit.address.format(**names)}")
        for page in round_.pages:
            expect(page.locator(visit.shows).first).to_be_visible(timeout=WITHIN_MS)
            assert page.locator("[data-planted]").count() == 0, visit.address
        return round_


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """What stands in the addresses; filled as it becomes known."""
    return {}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centre") / "data"


@pytest.fixture(scope="module")
def centre(data: Path, names: dict[str, str]) -> Iterator[CentreProcess]:
    config = data.parent / "openline.toml"
    config.write_text(CONFIGURATION.replace('"Talk"', f'"Talk {PLANTED}"'), encoding="utf-8")
    add(data, login="ada", password=PASSWORD, name="Ada", role=Role.ADMINISTRATOR, agent=None)
    invite = Invite(login="eve", name="Eve", role=Role.PLANNER, agent=None)
    invited = ask(data, invite).invited
    assert invited is not None
    names["token"] = invited.token
    names["name"], names["other"] = (kept(data, people) for people in (-1, -3))
    with CentreProcess(config, data) as running:
        yield running


def kept(data: Path, people: int) -> str:
    """Has a change tried and kept; returns its name."""
    asked = TryAsked(
        callers=Callers.INVENTED,
        since=date(2026, 3, 3),
        days=1,
        runs=2,
        changes=Changes(people=people),
    )
    tried, found = list(tries(load(SMALL), SMALL, asked, lambda told: None))[-1]
    return KeptTries(data).keep(asked, tried, found, Instant(NOW)).name


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def test_no_page_is_left_out(tmp_path: Path) -> None:
    pages = {
        str(each.path)
        for each in iter_route_contexts(Site(tmp_path).app.routes)
        if "GET" in (each.methods or ())
        and not str(each.path).startswith(("/api/", "/events/", "/ws/"))
    }
    assert pages - NO_PAGES == VISITS.keys() | ELSEWHERE.keys()
    for path, file in ELSEWHERE.items():
        assert path in (Path(__file__).parent / file).read_text("utf-8")


def test_what_tab_cannot_reach_and_what_shows_no_focus_would_be_found(
    centre: CentreProcess, browser: Browser
) -> None:
    with ExitStack() as stack:
        visitor = Round(browser, centre.base, stack).examiners[0]
        visitor.page.goto(f"{centre.base}/privacy")
        visitor.page.evaluate(PLANT_FAULTS)
        _goes_through(visitor)
        dim, beyond = (text.partition("] ")[2] for text in visitor.complaints)
        assert re.fullmatch("no focus is seen at .*Dim.*", dim)
        assert re.fullmatch("Tab never comes to .*Beyond.*", beyond)


@pytest.mark.timeout(300)
def test_every_page_is_whole_open_to_all_and_brings_no_confidence(
    centre: CentreProcess, browser: Browser, data: Path, names: dict[str, str]
) -> None:
    with ExitStack() as stack:
        readers = Readers(browser, centre.base, stack)
        token = _calls(browser, centre.base, readers)
        for visit in VISITS.values():
            round_ = readers.open(visit, names)
            # What stands in whose way is the same in both languages, as far as nothing was done.
            round_.look(visit.address, barriers_in=("en",))
            _goes_through(round_.examiners[0])
        for round_ in readers.rounds.values():
            round_.are_content()
        secret = NEEDLES | spellings(NUMBER) | spellings(LINE) | {token.encode()}
        for each in readers.bytes:
            came = b"\n".join(each.came)
            assert len(came) > 10_000
            assert not [needle for needle in secret if needle in came]
        assert scan(data, spellings(NUMBER) | spellings(LINE)) == []


def _calls(browser: Browser, base: str, readers: Readers) -> str:
    """Has somebody speak and somebody write; returns what proves the first one's page is his."""
    amira = agent(browser, base, "amira")
    amira.page.get_by_test_id("practice-toggle").set_checked(False)
    him = caller(browser, base)
    amira.does("ready")
    amira.does("answer")
    him.sees("talking")
    # His number, key by key: his agent sees the last of them, and nobody else anything.
    for key in NUMBER:
        if key.isdigit():
            him.page.keyboard.press(key)
    last = amira.page.locator("#call-keys-last")
    expect(last).to_have_text("2", timeout=WITHIN_MS)
    amira.page.get_by_test_id("note").fill(NOTE)
    for visit in (VISITS["/room"], VISITS["/wallboard"], Visit("/calls")):
        readers.open(visit, {})
    him.does("hang-up")
    amira.sees("wrap_up")
    amira.page.locator("#dispositions .choice").first.click()
    amira.does("done-ready")

    her = browser.new_context().new_page()
    her.goto(f"{base}/call/main")
    her.get_by_test_id("type").click()
    amira.does("answer")
    her.get_by_test_id("write").fill(LINE)
    her.get_by_test_id("write").press("Enter")
    expect(amira.page.get_by_test_id("lines")).to_contain_text(LINE, timeout=WITHIN_MS)
    her.get_by_test_id("hang-up").click()
    amira.sees("wrap_up")
    amira.page.locator("#dispositions .choice").first.click()
    amira.does("done-pause")
    amira.sees("paused")
    amira.page.context.close()
    return str(next(frame["token"] for frame in him.frames if frame["t"] == "welcome"))


def _goes_through(examiner: Examiner) -> None:
    """Presses Tab until everything was reached that can be pressed or filled in."""
    page = examiner.page
    page.evaluate(BEGIN_TO_NOTE_FOCUS)
    left = None
    for _ in range(ENOUGH):
        for _ in range(AT_ONCE):
            page.keyboard.press("Tab")
        left = page.evaluate(NOT_REACHED)
        if not left:
            break
    for element in dict.fromkeys(page.evaluate("dim")):
        examiner.complain(f"no focus is seen at {element}")
    for element in left or ():
        examiner.complain(f"Tab never comes to {element}")
