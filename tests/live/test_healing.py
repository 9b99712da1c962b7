"""What a page does when its machine sleeps, its network goes, or it is opened twice."""

import contextlib
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import WITHIN_MS, Person, agent, caller

AGENT_HZ, CALLER_HZ = 800, 1200


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    with CentreProcess(configuration(folder, greeting=False), folder / "data") as running:
        yield running


@pytest.fixture
def talk(centre: CentreProcess, browsers: Browsers) -> Iterator[tuple[Person, Person]]:
    """Amira talks with a caller; afterwards she is signed out again."""
    amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    him.sees("queued")
    amira.does("ready")
    amira.sees("offered")
    amira.does("answer")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    yield amira, him
    amira.does("end-call")
    amira.sees("wrap_up")
    amira.page.get_by_text("Helped", exact=True).click()
    amira.does("done-pause")
    amira.sees("paused")


def test_a_machine_that_sleeps_is_missed_and_heals_when_it_wakes(
    talk: tuple[Person, Person], browsers: Browsers
) -> None:
    amira, him = talk
    with asleep(browsers.processes(CALLER_HZ)):
        # She is told, and what she hears meanwhile is music of her own page's player.
        amira.told("other_lost", True)
        assert any(frame["t"] == "music" for frame in amira.frames)
    amira.told("other_lost", False)
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)


def test_an_agent_whose_network_goes_for_a_moment_finds_her_caller_again(
    talk: tuple[Person, Person],
) -> None:
    amira, him = talk
    amira.page.context.set_offline(True)
    him.told("other_lost", True)
    assert any(frame["t"] == "music" for frame in him.frames)
    amira.page.context.set_offline(False)
    him.told("other_lost", False)
    him.hears(AGENT_HZ)
    amira.hears(CALLER_HZ)


def test_a_second_tab_takes_the_desk_over_and_the_first_says_so(
    talk: tuple[Person, Person],
) -> None:
    amira, him = talk
    second = Person(amira.page.context.new_page())
    second.page.goto(amira.page.url)
    second.sees("talking")
    amira.sees("elsewhere")
    expect(amira.page.locator("#end-words")).to_contain_text("a call you were in goes on there")
    second.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    # And back: the first tab takes it over again.
    amira.does("start-again")
    amira.sees("talking")
    second.sees("elsewhere")
    amira.hears(CALLER_HZ)
    second.page.close()


def test_the_button_pulls_the_plug_and_the_page_tells_what_happened(
    talk: tuple[Person, Person], centre: CentreProcess
) -> None:
    amira, him = talk
    front = amira.page.context.new_page()
    front.goto(centre.base)
    before = centre.pid
    front.get_by_role("button", name="Pull the plug").click()
    centre.wait_for("everybody is at his place")
    assert centre.pid != before
    expect(front.locator("#plug-result")).to_contain_text("still there", timeout=WITHIN_MS)
    him.hears(AGENT_HZ)
    amira.hears(CALLER_HZ)
    front.close()


JUMP = """(milliseconds) => {
  const now = Date.now;
  Date.now = () => now() + milliseconds;
}"""


def test_a_clock_that_jumps_costs_no_call_and_falsifies_no_time(
    talk: tuple[Person, Person],
) -> None:
    amira, him = talk
    for hours in (2, -4):
        hellos = sum(said["t"] == "hello" for said in amira.said)
        amira.page.evaluate(JUMP, hours * 3_600_000)
        # Forward it looks like a long silence, as after a sleep: she connects anew.
        while hours > 0 and sum(said["t"] == "hello" for said in amira.said) == hellos:
            amira.page.wait_for_timeout(50)
        amira.told("other_lost", False)
        him.told("other_lost", False)
        amira.sees("talking")
        amira.hears(CALLER_HZ)
        him.hears(AGENT_HZ)
        # The centre's clock rules: minutes, and not hours.
        expect(amira.page.locator("#call-time")).to_have_text(re.compile(r"^\d:\d\d$"))
        expect(amira.page.locator(".offline")).to_be_hidden(timeout=WITHIN_MS)


def test_a_browser_that_is_killed_and_opened_again_has_its_talk(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
    amira.does("ready")
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    amira.sees("offered")
    amira.does("answer")
    him.hears(AGENT_HZ)
    for process in browsers.processes(AGENT_HZ):
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    him.told("other_lost", True)
    assert any(frame["t"] == "music" for frame in him.frames)
    # She sits down again as whoever opens a browser: nothing of the call was left in the old one.
    again = agent(browsers.hearing(AGENT_HZ), centre.base, "amira", found="talking")
    him.told("other_lost", False)
    again.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    again.does("end-call")
    again.sees("wrap_up")
    # What is to be written down waits for her through a reload, too.
    again.page.reload()
    again.sees("wrap_up")
    again.page.get_by_text("Helped", exact=True).click()
    again.does("done-pause")
    again.sees("paused")


def test_a_page_that_is_reloaded_while_it_rings_rings_on(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
    amira.does("ready")
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    amira.sees("offered")
    since = offer_of(amira)["waiting_since"]
    amira.page.reload()
    amira.sees("offered")
    # Offered anew, since nobody else is there; and nobody waits from the beginning for it.
    assert offer_of(amira)["waiting_since"] == since
    assert amira.page.evaluate("document.documentElement.dataset.alert") == "offer"
    amira.page.keyboard.press("a")
    amira.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)
    him.does("hang-up")
    amira.sees("wrap_up")
    amira.page.get_by_text("Helped", exact=True).click()
    amira.does("done-pause")
    amira.sees("paused")


def offer_of(person: Person) -> dict[str, Any]:
    """Returns the offer in the view that the page was told last."""
    views = [frame["agent"] for frame in person.frames if frame["t"] == "view"]
    return dict(views[-1]["offer"])


# Keeps the devices of a page, so that they can be taken from it.
HEADSET = """() => {
  window.tracks = [];
  window.isUnplugged = false;
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (wanted) {
    if (window.isUnplugged) throw new DOMException("no device", "NotFoundError");
    const stream = await ask.call(this, wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
  window.unplug = () => {
    window.isUnplugged = true;
    const track = window.tracks.at(-1);
    track.stop();
    track.dispatchEvent(new Event("ended"));
  };
  window.plugIn = () => {
    window.isUnplugged = false;
    navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
  };
}"""


def test_a_headset_that_is_unplugged_is_told_of_and_heard_again_when_it_is_back(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
    amira.page.add_init_script(f"({HEADSET})()")
    amira.page.reload()
    amira.sees("paused")
    amira.does("ready")
    # While she waits for a call, the page says that she could not be heard, and what to do.
    waiting = amira.page.locator("#waiting-words")
    amira.sees("ready")
    amira.page.evaluate("unplug()")
    expect(waiting).to_contain_text("Plug it in again", timeout=WITHIN_MS)
    amira.page.evaluate("plugIn()")
    expect(waiting).not_to_contain_text("Plug it in again", timeout=WITHIN_MS)
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    amira.sees("offered")
    amira.does("answer")
    him.hears(AGENT_HZ)
    notice = amira.page.locator("#call-notice")
    amira.page.evaluate("unplug()")
    expect(notice).not_to_be_empty(timeout=WITHIN_MS)
    # The call goes on: she hears her caller, and is told what he does not hear.
    amira.sees("talking")
    amira.hears(CALLER_HZ)
    amira.page.evaluate("plugIn()")
    expect(notice).to_be_empty(timeout=WITHIN_MS)
    him.hears(AGENT_HZ)
    amira.does("end-call")
    amira.sees("wrap_up")
    amira.page.get_by_text("Helped", exact=True).click()
    amira.does("done-pause")
    amira.sees("paused")


@contextlib.contextmanager
def asleep(processes: list[int]) -> Iterator[None]:
    """Stops a browser with all its processes, as a machine that sleeps does."""
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def test_processes_are_found(browsers: Browsers) -> None:
    browsers.hearing(CALLER_HZ)
    found = browsers.processes(CALLER_HZ)
    assert len(found) > 1
    assert all(Path(f"/proc/{process}").exists() for process in found)
