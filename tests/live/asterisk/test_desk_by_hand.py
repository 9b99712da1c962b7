"""A recorded talk and an emergency at a desk in a real browser, by its keys and its buttons."""

from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.live.asterisk.house import House, until
from tests.live.asterisk.sipp import caller, outsider
from tests.live.asterisk.test_browser_agents import CARMEN, at_her_desk, takes
from tests.live.asterisk.test_nights import OUTSIDE
from tests.live.asterisk.test_recording import asking
from tests.live.conftest import Browsers
from tests.live.people import WITHIN_MS

CALLER_HZ, CARMEN_HZ, OUTSIDE_HZ = 1000, 700, 600


def light(page: Page, wanted: str, words: str) -> None:
    """Waits until the light of the desk is so, in words that are seen."""
    box = page.get_by_test_id("recording")
    expect(box).to_have_attribute("data-value", wanted, timeout=WITHIN_MS)
    expect(box.locator("#recording-words")).to_have_text(words)


def test_a_talk_is_recorded_paused_and_heard_and_an_ambulance_is_one_key_away(
    tmp_path: Path, browsers: Browsers
) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(asking(tmp_path, more=OUTSIDE + CARMEN))
        browser = browsers.hearing(CARMEN_HZ)
        carmen = at_her_desk(home, browser)
        page = carmen.page
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        maria.ear.hears_sound(20)
        waiting = page.locator("#queues .desk__waiting")

        def waits() -> bool:
            maria.ear.presses("1")
            page.wait_for_timeout(500)
            return waiting.first.text_content() == "1"

        until(waits, 20, what="he is not in the queue")
        carmen.does("ready")
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)

        light(page, "on", "This talk is being recorded")
        page.locator("#main").focus()
        page.keyboard.press("c")
        light(page, "paused", "The recording is paused")
        page.wait_for_timeout(1500)
        page.keyboard.press("c")
        light(page, "on", "This talk is being recorded")

        # The emergency: no key connects by accident, one button does, and it says what is so.
        page.keyboard.press("!")
        dialog = page.locator("#emergency-dialog")
        expect(dialog).to_be_visible()
        button = dialog.get_by_role("button", name="Connect with Dispatcher")
        expect(button).to_be_visible(timeout=WITHIN_MS)
        for key in ("Enter", "!", " ", "e"):
            page.keyboard.press(key)
        expect(dialog).to_be_visible()
        dispatcher = stack.enter_context(outsider(home.server, hertz=OUTSIDE_HZ, rings_s=2))
        page.wait_for_timeout(1000)  # until the guard of the dialogue is over
        button.click()
        state = page.get_by_test_id("emergency-state")
        expect(state).to_contain_text("It rings at Dispatcher", timeout=WITHIN_MS)
        expect(state).to_contain_text("Dispatcher is there", timeout=WITHIN_MS)
        dispatcher.ear.hears_sound()
        assert dispatcher.called == ["911"]
        # With a third it goes on, as the guide says; the light stays on.
        light(page, "on", "This talk is being recorded")
        page.locator("#emergency-stop").click()
        assert dispatcher.is_over(20)
        expect(state).to_be_hidden(timeout=WITHIN_MS)
        light(page, "on", "This talk is being recorded")
        page.locator("#main").focus()
        page.keyboard.press("e")
        page.keyboard.press("e")
        carmen.sees("wrap_up")
        assert carmen.complaints == []
        is_heard_and_destroyed(home, browser)


def is_heard_and_destroyed(home: House, browser: Browser) -> None:
    """Opens the story of the call, as whoever looks after the room has it."""
    context = browser.new_context()
    context.request.post(
        f"{home.centre.base}/demo/sign-in",
        form={"account": "ben"},
        headers={"Origin": home.centre.base},
    )
    room = context.new_page()
    room.goto(f"{home.centre.base}/calls/1")
    story = room.get_by_test_id("recording")
    expect(story).to_contain_text("Recorded, until")
    hear = room.get_by_test_id("recording-hear")
    expect(hear).to_be_disabled()
    room.get_by_test_id("recording-why").select_option("quality")
    hear.click()
    expect(hear).to_have_text("Stop", timeout=WITHIN_MS)
    hear.click()
    # As its caller wishes: asked twice, then gone for good.
    destroy = room.get_by_test_id("recording-destroy")
    destroy.click()
    destroy.click()
    expect(room.locator("[data-gone]")).to_be_visible(timeout=WITHIN_MS)
    room.reload()
    expect(story).to_be_hidden()
    assert list((home.data / "recordings").iterdir()) == []
