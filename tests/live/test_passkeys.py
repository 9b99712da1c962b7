"""A passkey in a real browser, whose own virtual device holds it and knows its owner's finger.

A supervisor, whose role needs more than a password here, sets one up, comes in by it, and is shut
out once it is taken away. Each page is looked at by `examiner`.
"""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Playwright, expect

from openline.app.people import add
from openline.identity import Role
from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Round
from tests.live.people import WITHIN_MS

PASSWORD = "nine geese over the harbour"
SIGN_IN = '\n[sign_in]\nsecond_factor_for = ["supervisor"]\n'
LOGINS = ("sam", "sol")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("centre")
    config = configuration(folder)
    earnest = config.read_text("utf-8").split("# Nobody is simulated")[0]
    earnest = earnest.replace("time_zone", 'languages = ["en", "es"]\ntime_zone', 1)
    config.write_text(earnest + SIGN_IN, encoding="utf-8")
    for login in LOGINS:
        add(
            folder / "data",
            login=login,
            password=PASSWORD,
            name=login.title(),
            role=Role.SUPERVISOR,
            agent=None,
        )
    with CentreProcess(config, folder / "data") as running:
        # A passkey belongs to a name; an address of numbers has none.
        yield running.base.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def give_device(page: Page) -> tuple[CDPSession, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session, made["authenticatorId"]


def by_password(page: Page, base: str, login: str, onward: str) -> None:
    page.goto(f"{base}/sign-in")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url(f"**{onward}", timeout=WITHIN_MS)


def press(page: Page, *, onward: str) -> None:
    page.locator("[data-passkey] button").click()
    page.wait_for_url(f"**{onward}", timeout=WITHIN_MS)


def leave(page: Page) -> None:
    # The room keeps a stream open, which would complain of a session that is gone.
    page.goto("about:blank")
    page.context.clear_cookies(name="openline_session")


def test_a_passkey_from_the_first_to_the_last_day(base: str, browser: Browser) -> None:
    with ExitStack() as stack:
        visitors = Round(browser, base, stack)
        devices = [give_device(page) for page in visitors.pages]
        for page, login in zip(visitors.pages, LOGINS, strict=True):
            by_password(page, base, login, "/sign-in/setup")
        visitors.look("a passkey is offered beside the code")
        for page in visitors.pages:
            press(page, onward="/room")
            leave(page)
            page.goto(f"{base}/sign-in")
            expect(page.locator("[data-passkey] button")).to_be_visible(timeout=WITHIN_MS)
        visitors.look("signing in, where passkeys are known")
        for page in visitors.pages:
            press(page, onward="/room")
            leave(page)
        for page, login in zip(visitors.pages, LOGINS, strict=True):
            # The password alone opens nothing any more, and sets up nothing either.
            by_password(page, base, login, "/sign-in/passkey")
        visitors.look("the password is not enough")
        for page in visitors.pages:
            press(page, onward="/room")
        visitors.go("/account")
        for page in visitors.pages:
            expect(page.locator("[data-passkey] button")).to_be_visible(timeout=WITHIN_MS)
            expect(page.locator(".person")).to_have_count(1)
        visitors.look("an account with a passkey")
        for page in visitors.pages:
            # The device knows that it holds one already.
            page.locator("[data-passkey] button").click()
            expect(page.locator("[data-passkey] [role=alert]")).to_be_visible(timeout=WITHIN_MS)
        visitors.look("the same device once more")
        for examiner, (session, device) in zip(visitors.examiners, devices, strict=True):
            page = examiner.page
            page.locator(".person button").click()
            expect(page.locator(".person")).to_have_count(0, timeout=WITHIN_MS)
            kept = session.send("WebAuthn.getCredentials", {"authenticatorId": device})
            assert len(kept["credentials"]) == 1
            leave(page)
            page.goto(f"{base}/sign-in")
            with examiner.expecting("status of 422"):
                page.locator("[data-passkey] button").click()
                alert = page.locator("[data-passkey] [role=alert]")
                expect(alert).to_be_visible(timeout=WITHIN_MS)
        visitors.look("a passkey that was taken away")
        visitors.are_content()


def test_where_the_address_has_no_name_the_page_says_what_is_missing(
    base: str, browser: Browser
) -> None:
    numbers = base.replace("localhost", "127.0.0.1")
    page = browser.new_context().new_page()
    by_password(page, numbers, "sam", "/sign-in/setup")
    expect(page.locator("[data-cannot]")).to_contain_text("name of our page", timeout=WITHIN_MS)
    expect(page.locator("[data-passkey] button")).to_be_hidden()
    page.context.close()
