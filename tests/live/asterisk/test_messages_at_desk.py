"""Messages at the desk, in a real browser, with a message that was left by real SIP."""

import os
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.live.asterisk.sipp import caller
from tests.live.asterisk.test_voicemail import night, speaks
from tests.live.conftest import CHROMIUM, FLAGS

WITHIN_MS = 20_000


def test_a_message_is_played_and_done_with_by_two_keys(
    tmp_path: Path, playwright: Playwright
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    with night(tmp_path) as home:
        base = home.centre.base
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda each: said.append(each.text))
        page.context.request.post(
            f"{base}/demo/sign-in", form={"account": "amira"}, headers={"Origin": base}
        )
        page.goto(f"{base}/desk")
        expect(page.get_by_test_id("agent-state")).to_be_visible(timeout=WITHIN_MS)
        expect(page.get_by_test_id("messages")).to_be_hidden()
        with caller(home.server, hertz=1000) as maria:
            speaks(maria, 6)
            maria.hangs_up()
            message = page.get_by_test_id("message")
            expect(message).to_have_count(1, timeout=WITHIN_MS)
        expect(message).to_contain_text("Night box")
        expect(page.get_by_test_id("message-done")).to_be_hidden()
        shot(page, "waiting")
        # Nothing is done with what was never heard.
        page.keyboard.press("d")
        page.keyboard.press("v")
        expect(page.get_by_test_id("message-play")).to_contain_text("Stop", timeout=WITHIN_MS)
        shot(page, "playing")
        expect(page.get_by_test_id("message-play")).to_contain_text("Play", timeout=WITHIN_MS)
        page.keyboard.press("d")
        expect(message).to_contain_text("Destroyed for good")
        shot(page, "going")
        page.keyboard.press("d")
        expect(message).to_contain_text("Night box")
        expect(page.get_by_test_id("message-done")).to_contain_text("Done")
        page.keyboard.press("d")
        expect(message).to_have_count(0, timeout=WITHIN_MS)
        assert list((home.data / "recordings").iterdir()) == []
        assert said == []
    browser.close()


def shot(page: Page, name: str) -> None:
    if os.environ.get("SHOTS"):
        page.screenshot(path=f"{os.environ['SHOTS']}-{name}.png", full_page=True)
