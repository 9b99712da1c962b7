"""Every screen in its main states, in both languages and both appearances: see `examiner`.

The readers go through the same things at once, each with a desk and a call of their own, so that
what takes time (a greeting, an offer that nobody takes) is waited for only once.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Round
from tests.live.people import WITHIN_MS

CONFIGURATION = """
[centre]
name = { en = "Test Line", es = "Línea de Prueba" }
time_zone = "America/Chicago"
languages = ["en", "es"]

[skills]
quick = { name = { en = "Quick", es = "Rápida" } }

[queues.talk]
name = { en = "Talk", es = "Conversación" }
ring_timeout_s = 60

[queues.brief]
name = { en = "Rings briefly", es = "Suena poco" }
needs = { quick = 1 }
ring_timeout_s = 5

[lines.main]
name = { en = "Main Line", es = "Línea Principal" }
queue = "talk"

[lines.greeted]
name = { en = "Line with a greeting", es = "Línea con saludo" }
queue = "talk"
greeting = "welcome-en"

[lines.brief]
name = { en = "Brief Line", es = "Línea Breve" }
queue = "brief"

[agents]
amira = { name = "Amira", skills = { quick = 3 } }
ben = { name = "Ben", skills = { quick = 3 } }
carmen = { name = "Carmen" }
david = { name = "David" }

[pause_reasons]
meal = { name = { en = "Meal", es = "Comida" } }
rest = { name = { en = "Rest", es = "Descanso" } }

[dispositions]
helped = { name = { en = "Helped", es = "Ayuda dada" } }
referred = { name = { en = "Referred", es = "Remitida" } }

[practice]
after_s = 0

# Nobody is simulated; the table makes this a demonstration.
[simulation]
calls_per_day = 1
[simulation.day]
open = { start = "00:00", end = "00:01" }
[[simulation.callers]]
line = "main"
talk_mean_s = 60
"""
QUICK = ("amira", "ben")
LEARNERS = ("carmen", "david")
"""Only lines that ring long are theirs, so there is time to look at an offer."""

PLANT_FAULTS = """() => {
  const main = document.querySelector("main");
  const plant = (tag, text) => {
    const planted = document.createElement(tag);
    planted.textContent = text;
    main.append(planted);
    return planted;
  };
  plant("input", "");
  plant("p", "faint").style.color = "#777";
  plant("p", "desk.offer.nothing");
  plant("p", "You are in the queue");
  plant("div", "").style.cssText = "width: 1400px; height: 1px";
  plant("img", "").src = "https://elsewhere.example/picture.png";
}"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = folder / "openline.toml"
    config.write_text(CONFIGURATION, encoding="utf-8")
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def deaf_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser on a machine without a microphone."""
    flags = [flag for flag in FLAGS if "fake-device" not in flag]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
    yield browser
    browser.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what a test has opened."""
    with ExitStack() as stack:
        yield stack


def test_what_is_looked_for_would_be_found(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    visitors = Round(browser, centre.base, stack)
    visitors.go("/call")
    for page in visitors.pages:
        page.evaluate(PLANT_FAULTS)
    visitors.look("with faults")
    english, spanish = ("\n".join(examiner.complaints) for examiner in visitors.examiners)
    for found in (english, spanish):
        for fault in ("light: label", "light: color-contrast", "dark: color-contrast"):
            assert fault in found
        assert "an id in place of words: 'desk.offer.nothing'" in found
        assert found.count("scrolls sideways") >= 3
        assert "Content Security Policy" in found
    assert "English words" not in english
    assert "English words: 'You are in the queue'" in spanish


def test_the_first_page_and_the_small_ones(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    visitors = Round(browser, centre.base, stack)
    visitors.go("/")
    for page in visitors.pages:
        expect(page.locator("[data-figure=waiting]")).not_to_have_text("–", timeout=WITHIN_MS)
    for page in visitors.pages:
        page.locator("details[data-menu] summary").click()
    visitors.look("choice of appearance")

    visitors.go("/sign-in")
    for number, examiner in enumerate(visitors.examiners):
        page = examiner.page
        page.locator("details.disclosure summary").click()
        page.locator("#login").fill(f"nobody-{number}")
        page.locator("#password").fill("not the password")
        with examiner.expecting("status of 422"):
            page.locator("#sign-in button[type=submit]").click()
            expect(page.locator("#problem")).to_be_visible(timeout=WITHIN_MS)
    visitors.look("wrong password")

    for examiner in visitors.examiners:
        with examiner.expecting("status of 404"):
            examiner.page.goto(f"{centre.base}/nowhere")
    visitors.look("nothing here")
    visitors.are_content()


def test_a_call_and_the_wallboard(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    desks, callers, boards = (Round(browser, centre.base, stack) for _ in range(3))
    desks.sit_down(QUICK)
    desks.sees("paused")
    desks.look("desk, just come")
    desks.does("practice-toggle")

    callers.go("/call/greeted?rawmic=1")
    callers.look("caller, start")
    callers.does("talk")
    callers.sees("greeting")
    callers.look("caller, greeting")
    callers.does("hang-up")
    callers.sees("ended")
    callers.look("caller, ended")

    callers.go("/call/brief?rawmic=1")
    callers.does("talk")
    callers.sees("queued")
    callers.look("caller, queued")
    boards.go("/wallboard")
    boards.shows("#board-queues [data-trouble=unattended]")
    boards.look("wallboard, nobody to answer")

    desks.does("ready")
    callers.sees("offered")
    callers.look("caller, next")
    desks.shows("[data-testid=quiet-alert]")
    desks.look("desk, missed a call")
    for page in desks.pages:
        page.get_by_test_id("ready").click()
        page.get_by_test_id("answer").click(timeout=WITHIN_MS)
    callers.sees("talking")
    for page in desks.pages:
        expect(page.locator("#call-notice")).to_be_empty(timeout=WITHIN_MS)
    callers.look("caller, talking")
    desks.look("desk, talking")
    desks.does("hold")
    callers.sees("held")
    callers.look("caller, on hold")
    desks.look("desk, caller on hold")
    callers.does("hang-up")
    desks.sees("wrap_up")
    desks.look("desk, wrap-up")
    desks.does("done-ready")
    desks.shows("#disposition-missing")
    desks.look("desk, answer missing")
    for page in desks.pages:
        page.locator("#dispositions .choice").first.click()
    desks.does("done-ready")
    desks.sees("ready")
    desks.look("desk, ready")
    for page in desks.pages:
        page.keyboard.press("?")
    desks.shows("#keys-dialog")
    desks.look("desk, key map")
    for page in desks.pages:
        page.keyboard.press("Escape")

    boards.look("wallboard, calm")
    for page in boards.pages:
        page.locator("#big-ready summary").click()
    boards.look("wallboard, what a figure means")
    with boards.away():
        # A stream that is open would only be missed after 15 s; a new one fails at once.
        for page in boards.pages:
            page.locator("#board-origins button").first.click()
        boards.shows("#board[data-state=stale]")
        boards.look("wallboard, stale")
    desks.does("pause")
    desks.sees("paused")
    for round_ in (desks, callers, boards):
        round_.are_content()


def test_a_practice_call(centre: CentreProcess, browser: Browser, stack: ExitStack) -> None:
    desks = Round(browser, centre.base, stack)
    desks.sit_down(LEARNERS)
    for page in desks.pages:
        page.get_by_test_id("practice-toggle").set_checked(True)
    desks.does("ready")
    desks.sees("offered")
    desks.look("desk, practice call rings")
    desks.does("answer")
    desks.shows("#captions li")
    desks.look("desk, practice call")
    desks.does("hold")
    desks.shows("#resume")
    desks.look("desk, practice caller on hold")
    with desks.away():
        desks.shows("[data-offline]")
        desks.look("desk, centre out of reach")
    desks.does("end-call")
    desks.sees("wrap_up")
    for page in desks.pages:
        page.locator("#dispositions .choice").first.click()
    desks.does("done-pause")
    desks.sees("paused")
    desks.look("desk, paused")
    desks.are_content()


def test_without_a_microphone_and_in_a_second_tab(
    centre: CentreProcess, browser: Browser, deaf_browser: Browser, stack: ExitStack
) -> None:
    desks, deaf = (Round(which, centre.base, stack) for which in (browser, deaf_browser))
    desks.sit_down(LEARNERS)
    desks.sees("paused")
    deaf.sit_down(LEARNERS)
    desks.sees("elsewhere")
    desks.look("desk, open elsewhere")
    deaf.does("ready")
    deaf.sees("microphone")
    deaf.look("desk, no microphone")
    deaf.go("/call/main")
    deaf.does("talk")
    deaf.sees("microphone")
    deaf.look("caller, no microphone")
    desks.are_content()
    deaf.are_content()


def test_a_typed_call(centre: CentreProcess, browser: Browser, stack: ExitStack) -> None:
    desks, callers = (Round(browser, centre.base, stack) for _ in range(2))
    desks.sit_down(LEARNERS)
    callers.go("/call/greeted")
    callers.does("type")
    callers.sees("greeting")
    callers.look("caller who types, greeting")
    callers.sees("queued")
    callers.look("caller who types, waiting")
    desks.does("ready")
    desks.sees("offered")
    desks.look("desk, typed call offered")
    desks.does("answer")
    callers.sees("talking")
    callers.look("caller who types, nothing written yet")
    for each, text in ((callers, "7 + 7 = 14"), (desks, "14"), (callers, "\u202b14 \u05d0")):
        for page in each.pages:
            page.get_by_test_id("write").fill(text)
            page.get_by_test_id("write").press("Enter")
        for page in (*callers.pages, *desks.pages):
            last = page.get_by_test_id("lines").locator(".writing__text").last
            expect(last).to_have_text(text, timeout=WITHIN_MS)
    callers.look("caller who types, in conversation")
    desks.look("desk, typed call")
    desks.does("hold")
    callers.sees("held")
    callers.look("caller who types, on hold")
    desks.look("desk, typed call on hold")
    desks.does("resume")
    callers.sees("talking")
    callers.does("hang-up")
    callers.sees("ended")
    callers.look("caller who typed, ended")
    desks.sees("wrap_up")
    desks.look("desk, work after a typed call")
    callers.are_content()
    desks.are_content()
