"""Night 5 at real pages: the stuck agent, and the caller who must not pay for it.

Her browser freezes while an offer rings; her network is gone for forty seconds in a call, or her
laptop sleeps in the state *ready*. What the engine does then is told in tests/scenarios; here it is
what Chromium, the socket and the words of the desk make of it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import WITHIN_MS, Person, agent, caller
from tests.live.test_healing import asleep

AMIRA_HZ, BEN_HZ, CALLER_HZ = 800, 1000, 1200
RINGS_AT_MOST_S = 12.0
"""So long a caller may hear a telephone ring at which nobody is."""
AWAY_S = 40.0


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    # An offer that nobody withdraws would ring on for longer than the night allows.
    config = configuration(folder, ring_timeout_s=60, greeting=False)
    with CentreProcess(config, folder / "data") as running:
        yield running


def finish(person: Person) -> None:
    """Closes the work after a call, without taking another."""
    person.sees("wrap_up")
    person.page.get_by_text("Helped", exact=True).click()
    person.does("done-pause")
    person.sees("paused")


def test_an_offer_at_a_frozen_page_rings_elsewhere_in_time(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AMIRA_HZ), centre.base, "amira")
    ben = agent(browsers.hearing(BEN_HZ), centre.base, "ben")
    amira.does("ready")
    amira.sees("ready")
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    amira.sees("offered")
    ben.does("ready")
    ben.sees("ready")
    # No script of her page runs any more. (Chromium itself freezes no page with an open socket.)
    tools = amira.page.context.new_cdp_session(amira.page)
    tools.send("Debugger.enable")
    tools.send("Debugger.pause")
    frozen_at = time.monotonic()
    ben.sees("offered")
    assert time.monotonic() - frozen_at < RINGS_AT_MOST_S
    ben.does("answer")
    him.hears(BEN_HZ)
    # Awake again within her time, she is ready as she was, and her desk calls her to nothing.
    tools.send("Debugger.disable")
    amira.sees("ready")
    assert amira.page.evaluate("document.documentElement.dataset.alert") is None
    amira.does("pause")
    amira.sees("paused")
    ben.does("end-call")
    finish(ben)
    for person in (amira, ben, him):
        assert person.complaints == []


def test_forty_seconds_away_cost_the_caller_no_place_and_nobody_rings_a_sleeping_laptop(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AMIRA_HZ), centre.base, "amira")
    ben = agent(browsers.hearing(BEN_HZ), centre.base, "ben")
    callers = browsers.hearing(CALLER_HZ)
    ben.does("ready")
    ben.sees("ready")
    first = caller(callers, centre.base)
    ben.sees("offered")
    ben.does("answer")
    first.hears(BEN_HZ)
    amira.does("ready")
    amira.sees("ready")

    left_at = time.monotonic()
    ben.page.context.set_offline(True)
    with ExitStack() as night:
        night.enter_context(asleep(browsers.processes(AMIRA_HZ)))
        first.told("other_lost", True)
        assert any(frame["t"] == "music" for frame in first.frames)
        # The laptop was found asleep as soon: who comes now waits, and is rung at no dead desk.
        second = caller(callers, centre.base)
        second.sees("queued")
        # And who lost her has his first place again, before the one who came after him.
        first.sees("queued")
        first.told("place", 1)
        second.told("place", 2)
        first.page.wait_for_timeout(max(0.0, AWAY_S - (time.monotonic() - left_at)) * 1000)
        first.sees("queued")
        second.sees("queued")

    # Both are told why no call came, and say themselves when they are there again.
    amira.sees("paused")
    words = amira.page.locator("#paused-words")
    expect(words).to_contain_text("No call rang here meanwhile", timeout=WITHIN_MS)
    ben.page.context.set_offline(False)
    ben.sees("paused")
    ben.does("ready")
    ben.sees("offered")
    ben.does("answer")
    first.hears(BEN_HZ)
    ben.hears(CALLER_HZ)
    second.does("hang-up")
    ben.does("end-call")
    finish(ben)
    for person in (amira, ben, first, second):
        assert person.complaints == []
