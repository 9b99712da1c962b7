"""What a caller and an agent are told when the microphone cannot be had, and how they go on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS, Person, agent

WITHOUT_CONSENT = tuple(flag for flag in FLAGS if "fake-ui" not in flag)
WITHOUT_DEVICE = tuple(flag for flag in FLAGS if "fake-device" not in flag)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    with CentreProcess(configuration(folder, practice=True), folder / "data") as running:
        yield running


@pytest.mark.parametrize(
    ("flags", "words"),
    [(WITHOUT_CONSENT, "not allowed"), (WITHOUT_DEVICE, "No microphone")],
    ids=["refused", "missing"],
)
def test_a_caller_without_microphone_is_told_how_to_mend_it(
    centre: CentreProcess, playwright: Playwright, flags: tuple[str, ...], words: str
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
    try:
        him = Person(browser.new_context().new_page())
        him.page.goto(f"{centre.base}/call/main")
        him.does("talk")
        expect(him.page.get_by_test_id("try-again")).to_be_visible(timeout=WITHIN_MS)
        expect(him.page.locator("main")).to_contain_text(words)
        assert him.frames == []  # no call was begun
    finally:
        browser.close()


def test_an_agent_without_microphone_can_still_practise(
    centre: CentreProcess, playwright: Playwright
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(WITHOUT_DEVICE))
    try:
        amira = agent(browser, centre.base, "amira")
        amira.does("ready")
        expect(amira.page.get_by_test_id("practise-without")).to_be_visible(timeout=WITHIN_MS)
        amira.does("practise-without")
        amira.sees("ready", "offered")
        amira.page.wait_for_selector("html[data-state=offered]", timeout=15_000)
        amira.does("answer")
        amira.sees("talking")
        expect(amira.page.get_by_test_id("captions").locator("li").first).to_be_visible(
            timeout=WITHIN_MS
        )
        amira.does("hold")
        amira.page.get_by_test_id("resume").wait_for(timeout=WITHIN_MS)
        amira.does("resume")
        amira.does("end-call")
        amira.sees("wrap_up")
        assert amira.complaints == []
    finally:
        browser.close()
