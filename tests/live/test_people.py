"""How people come in: the link, the second factor, and the page of those who look after accounts.

Every page is looked at by `examiner`, and gone through by keys alone once.
"""

import base64
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page, Playwright, expect

from openline.app.people import add
from openline.identity import Role
from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Round
from tests.live.people import WITHIN_MS
from tests.live.test_keyboard import press, tab_to

PASSWORD = "nine geese over the harbour"
SIGN_IN = '\n[sign_in]\nsecond_factor_for = ["supervisor"]\n'


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = configuration(folder)
    # No demonstration: here one signs in.
    earnest = config.read_text("utf-8").split("# Nobody is simulated")[0]
    earnest = earnest.replace("time_zone", 'languages = ["en", "es"]\ntime_zone', 1)
    config.write_text(earnest + SIGN_IN, encoding="utf-8")
    for login in ("ada", "eve"):
        add(
            folder / "data",
            login=login,
            password=PASSWORD,
            name=login.title(),
            role=Role.ADMINISTRATOR,
            agent=None,
        )
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def sign_in(page: Page, base: str, login: str, onward: str) -> None:
    page.goto(f"{base}/sign-in?next={onward}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url(f"**{onward}", timeout=WITHIN_MS)


def code_of(page: Page) -> str:
    """Returns what a telephone shows that learnt the key on the page."""
    key = page.locator(".factor__secret").inner_text().replace(" ", "")
    return TOTP(base64.b32decode(key), 6, SHA1(), 30).generate(time.time()).decode()


def send(page: Page) -> None:
    page.locator("main form button[type=submit]").last.click()


def test_the_pages_of_people_have_no_barrier_in_either_language(
    centre: CentreProcess, browser: Browser
) -> None:
    with ExitStack() as stack:
        visitors = Round(browser, centre.base, stack)
        for page, login in zip(visitors.pages, ("ada", "eve"), strict=True):
            sign_in(page, centre.base, login, "/people")
        visitors.look("people")
        links = []
        for page, login in zip(visitors.pages, ("sam", "sol"), strict=True):
            page.locator("#name").fill(login.title())
            page.locator("#login").fill(login)
            page.locator("#role").select_option("supervisor")
            page.locator(".people__form button").click()
            links.append(page.locator("#link").input_value(timeout=WITHIN_MS))
            page.locator("details[data-person] summary").first.click()
        visitors.look("a link, and an account that is changed")

        for page, link in zip(visitors.pages, links, strict=True):
            page.goto(link)
        visitors.look("an invitation")
        for examiner in visitors.examiners:
            page = examiner.page
            page.locator("#password").fill("password12345")
            page.locator("#again").fill("password12345")
            with examiner.expecting("status of 422"):
                send(page)
                expect(page.locator("#problem")).to_be_visible(timeout=WITHIN_MS)
        visitors.look("a password that is guessed first")
        for page in visitors.pages:
            page.locator("#password").fill(PASSWORD)
            page.locator("#again").fill(PASSWORD)
            send(page)
            page.wait_for_url("**/sign-in/setup", timeout=WITHIN_MS)
        visitors.look("a second factor is set up")
        for page in visitors.pages:
            page.locator("#code").fill(code_of(page))
            send(page)
        visitors.shows(".factor__codes")
        visitors.look("recovery codes")
        visitors.go("/account")
        visitors.look("one's own account")
        for examiner, link in zip(visitors.examiners, links, strict=True):
            with examiner.expecting("status of 410"):
                examiner.page.goto(link)
        visitors.look("a link that was used")
        for examiner in visitors.examiners:
            page = examiner.page
            page.context.clear_cookies(name="openline_session")
            login = "sam" if examiner.language == "en" else "sol"
            sign_in_half(page, centre.base, login)
            page.locator("#code").fill("000000")
            with examiner.expecting("status of 422"):
                send(page)
                expect(page.locator("#problem")).to_be_visible(timeout=WITHIN_MS)
        visitors.look("a wrong code")
        visitors.are_content()


def sign_in_half(page: Page, base: str, login: str) -> None:
    page.goto(f"{base}/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url("**/sign-in/code", timeout=WITHIN_MS)


def test_somebody_is_invited_and_closed_out_by_keys_alone(
    centre: CentreProcess, browser: Browser
) -> None:
    # Focus is looked at once it has moved: nothing glides into sight.
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(page, centre.base, "ada", "/people")
    tab_to(page, "name")
    page.keyboard.type("Ben")
    press(page, "Tab")
    page.keyboard.type("ben")
    press(page, "Tab", "Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Make the link")
    page.keyboard.press("Enter")
    expect(page.locator("#link")).to_be_visible(timeout=WITHIN_MS)
    tab_to(page, "Change Ben")
    press(page, "Enter")
    tab_to(page, "Close the account")
    page.keyboard.press("Enter")
    badge = page.locator(".person:has(.person__name:text-is('Ben')) .badge")
    expect(badge).to_have_text("closed", timeout=WITHIN_MS)
    context.close()
