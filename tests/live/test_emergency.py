"""The emergency button: one key opens the question, and no key answers it by accident."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS
from tests.live.test_screens import CONFIGURATION

WITH_A_SERVICE = CONFIGURATION.replace(
    "[queues.talk]",
    """[outside.ambulance]
name = { en = "Ambulance", es = "Ambulancia" }
number = "+13125550199"
kind = "emergency"

[queues.talk]""",
)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = folder / "openline.toml"
    config.write_text(WITH_A_SERVICE, encoding="utf-8")
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def test_one_key_asks_and_no_key_answers(centre: CentreProcess, browser: Browser) -> None:
    at_desk = browser.new_context(permissions=["microphone"])
    at_desk.request.post(
        f"{centre.base}/demo/sign-in", form={"account": "amira"}, headers={"Origin": centre.base}
    )
    desk, caller = at_desk.new_page(), browser.new_context(permissions=["microphone"]).new_page()
    desk.goto(f"{centre.base}/desk")
    desk.get_by_test_id("practice-toggle").set_checked(False)
    desk.get_by_test_id("ready").click()
    desk.wait_for_selector("html[data-state=ready]", timeout=WITHIN_MS, state="attached")
    expect(desk.get_by_test_id("emergency")).to_be_hidden()
    caller.goto(f"{centre.base}/call/main?rawmic=1")
    caller.get_by_test_id("talk").click()
    desk.get_by_test_id("answer").click(timeout=WITHIN_MS)
    expect(desk.get_by_test_id("emergency")).to_be_visible(timeout=WITHIN_MS)
    desk.locator("#main").focus()
    for key in ("!", "!", "Enter", " ", "e", "e"):
        desk.keyboard.press(key)
    dialog = desk.locator("#emergency-dialog")
    expect(dialog).to_be_visible()
    # Browsers connect two people and no third: it says so, and what to do, instead of a button.
    expect(dialog.locator("#emergency-words")).to_contain_text("cannot ring anybody else")
    expect(dialog.locator("#emergency-services strong")).to_have_text("Ambulance")
    expect(dialog.locator("#emergency-services button")).to_be_hidden()
    assert desk.evaluate("document.documentElement.dataset.state") == "talking"
    caller.get_by_test_id("hang-up").click()
    expect(dialog).to_be_hidden(timeout=WITHIN_MS)
    at_desk.close()
    caller.context.close()
