"""A typed call, as two people live it: no microphone, no sound, not a word of it elsewhere."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.canary import scan, spellings
from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import WITHIN_MS, Person, agent

AGENT_HZ, CALLER_HZ = 800, 1200
SECRET = "Wolframite Pelican is in the next room"


def types(person: Person, text: str) -> None:
    """Writes a line and sends it."""
    person.page.get_by_test_id("write").fill(text)
    person.page.get_by_test_id("write").press("Enter")


def reads(person: Person, text: str) -> None:
    """Waits until the last line of the conversation is this one."""
    last = person.page.get_by_test_id("lines").locator("li").last
    expect(last.locator(".writing__text")).to_have_text(text, timeout=WITHIN_MS)


def _healing(centre: CentreProcess, her: Person, amira: Person) -> None:
    """Loads either page anew and kills the centre: nothing that was shown is lost."""
    shown = her.page.locator(".writing__text").last.text_content() or ""
    her.page.reload()
    her.sees("talking")
    reads(her, shown)
    amira.page.reload()
    amira.sees("talking")
    reads(amira, shown)
    centre.kill()
    types(her, "are you still there")
    reads(amira, "are you still there")
    types(amira, "yes")
    reads(her, "yes")


def _by_voice_and_back(her: Person, amira: Person) -> None:
    """Lets her speak for a while; a microphone is asked for only then."""
    asked = "window.asked ?? 0"
    assert her.page.evaluate(asked) == 0
    her.does("to-voice")
    amira.hears(CALLER_HZ)
    her.hears(AGENT_HZ)
    assert her.page.evaluate(asked) == 1
    her.does("to-typed")
    expect(her.page.get_by_test_id("to-voice")).to_be_visible(timeout=WITHIN_MS)
    types(her, "back to typing")
    reads(amira, "back to typing")
    amira.does("hold")
    her.sees("held")
    types(her, "fine")
    reads(amira, "fine")
    amira.does("resume")
    her.sees("talking")


def test_a_caller_types_with_an_agent_speaks_and_types_again(
    tmp_path: Path, browsers: Browsers
) -> None:
    data = tmp_path / "data"
    with CentreProcess(configuration(tmp_path), data) as centre:
        amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
        page = browsers.hearing(CALLER_HZ).new_context().new_page()
        page.add_init_script(
            "navigator.mediaDevices.getUserMedia = new Proxy("
            "navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices),"
            "{apply: (f, _, a) => { window.asked = (window.asked ?? 0) + 1; return f(...a); }});"
        )
        her = Person(page)
        page.goto(f"{centre.base}/call/main")
        her.does("type")
        her.sees("greeting")
        her.shows("read", "stay on this page")
        her.sees("queued")
        amira.does("ready")
        amira.sees("offered")
        expect(amira.page.locator("#offer-heading")).to_have_text("A typed call for you")
        amira.does("answer")
        her.sees("talking")
        expect(amira.page.get_by_test_id("write")).to_be_focused(timeout=WITHIN_MS)

        types(her, SECRET)
        reads(amira, SECRET)
        expect(her.page.locator(".writing__state").last).to_contain_text("delivered")
        types(amira, "<img src=x onerror=window.broken=1> I am with you")
        reads(her, "<img src=x onerror=window.broken=1> I am with you")
        assert page.evaluate("window.broken ?? null") is None
        # A screen reader is told the other's finished line, and nothing of one's own.
        expect(page.locator("#announcer")).to_contain_text("I am with you")
        her.page.get_by_test_id("write").press_sequentially("hm")
        expect(amira.page.get_by_test_id("draft")).to_have_text("is writing …")
        her.page.get_by_test_id("write").fill("")
        assert page.evaluate("window.asked ?? 0") == 0

        _healing(centre, her, amira)
        assert scan(data, spellings(SECRET)) == []
        _by_voice_and_back(her, amira)

        her.does("hang-up")
        her.sees("ended")
        amira.sees("wrap_up")
        reads(amira, "fine")
        reads(her, "fine")
        # Nor does a fault of ours take it from whoever still works on the call.
        centre.kill()
        amira.page.reload()
        amira.sees("wrap_up")
        reads(amira, "fine")
        amira.shows("lines", SECRET)
        her.does("clear")
        expect(her.page.get_by_test_id("writing")).to_be_hidden()
        amira.page.get_by_text("Helped", exact=True).click()
        amira.does("done-pause")
        amira.sees("paused")
        expect(amira.page.get_by_test_id("writing")).to_be_hidden()
        assert SECRET not in amira.page.content()
        centre.stop()
        assert scan(data, spellings(SECRET)) == []
        said = "".join(centre.said)
        assert SECRET not in said
    assert her.complaints == []
    assert amira.complaints == []
    assert not {"play", "music"} & {frame["t"] for frame in her.frames}


@pytest.mark.parametrize("leave", ["quick-exit", "escape"])
def test_whoever_leaves_at_once_leaves_no_word(
    leave: str, tmp_path: Path, browsers: Browsers
) -> None:
    with CentreProcess(configuration(tmp_path, greeting=False), tmp_path / "data") as centre:
        amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
        her = Person(browsers.hearing(CALLER_HZ).new_page())
        her.page.goto(f"{centre.base}/call/main")
        her.does("type")
        her.sees("queued")
        amira.does("ready")
        amira.sees("offered")
        amira.does("answer")
        her.sees("talking")
        types(her, SECRET)
        reads(amira, SECRET)
        if leave == "escape":
            for _ in range(3):
                her.page.keyboard.press("Escape")
        else:
            her.does(leave)
        her.page.wait_for_url("about:blank")
        amira.sees("wrap_up")
        her.page.goto(f"{centre.base}/call/main")
        her.sees("start")
        assert SECRET not in her.page.content()
        assert her.page.evaluate("Object.keys(sessionStorage)") == []
