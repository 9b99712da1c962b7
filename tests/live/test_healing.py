"""What a page does when its machine sleeps, its network goes, or it is opened twice."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

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
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    amira.does("ready")
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
