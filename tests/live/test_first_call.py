"""The first call, as a newcomer lives it: two real browsers, one centre, and a power cut."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import Person, agent, caller

AGENT_HZ, CALLER_HZ = 800, 1200


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[CentreProcess]:
    with CentreProcess(configuration(tmp_path), tmp_path / "data") as running:
        yield running


def test_a_caller_waits_and_talks_with_an_agent_and_the_wallboard_counts_it(
    centre: CentreProcess, browsers: Browsers
) -> None:
    agents, callers = browsers.hearing(AGENT_HZ), browsers.hearing(CALLER_HZ)
    amira = agent(agents, centre.base, "amira")
    him = caller(callers, centre.base)

    him.sees("greeting")
    him.sees("queued")  # nobody is ready yet
    him.shows("place", "first")
    assert figures(amira.page, centre.base)["waiting"] == 1

    amira.does("ready")
    amira.sees("offered")
    amira.does("answer")
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)

    amira.does("hold")
    him.sees("held")
    amira.does("resume")
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)

    amira.does("end-call")
    him.sees("ended")
    amira.sees("wrap_up")
    amira.page.get_by_text("Helped", exact=True).click()
    amira.page.get_by_test_id("note").fill("asked for the opening hours")
    amira.does("done-pause")
    amira.sees("paused")

    counted = figures(amira.page, centre.base)
    assert {name: counted[name] for name in ("arrived", "offered", "answered", "abandoned")} == {
        "arrived": 1,
        "offered": 1,
        "answered": 1,
        "abandoned": 0,
    }
    assert counted["waiting"] == counted["talking"] == counted["wrap_up"] == 0
    for person in (amira, him):
        assert person.complaints == []


def test_everybody_is_at_his_place_after_the_centre_was_killed(
    centre: CentreProcess, browsers: Browsers
) -> None:
    agents, callers = browsers.hearing(AGENT_HZ), browsers.hearing(CALLER_HZ)
    amira = agent(agents, centre.base, "amira")
    ben = agent(agents, centre.base, "ben")

    amira.does("ready")
    amira.sees("ready")
    talking = caller(callers, centre.base)
    amira.sees("offered")
    amira.does("answer")
    talking.sees("talking")
    amira.hears(CALLER_HZ)

    first = caller(callers, centre.base)
    first.sees("queued")
    second = caller(callers, centre.base)
    second.sees("queued")
    third = caller(callers, centre.base)
    third.sees("queued")
    ben.does("ready")
    ben.sees("offered")
    first.sees("offered")
    greeted = caller(callers, centre.base)
    greeted.sees("greeting")

    before = centre.pid
    centre.kill()
    centre.wait_for("everybody is at his place")
    assert centre.pid != before

    # The conversation went on all the time, from page to page, in the same session.
    amira.hears(CALLER_HZ)
    talking.hears(AGENT_HZ)
    assert sessions(amira) == sessions(talking) == [1]
    amira.sees("talking")
    # The offer is still Ben's, and the one who was first is still first.
    ben.sees("offered")
    ben.does("answer")
    first.sees("talking")
    ben.hears(CALLER_HZ)
    # The two behind keep their order, and the one in the greeting comes after them.
    greeted.sees("queued")
    assert [place_of(person) for person in (second, third, greeted)] == [1, 2, 3]

    talking.does("hang-up")
    amira.sees("wrap_up")
    ben.does("end-call")
    first.sees("ended")
    counted = figures(amira.page, centre.base)
    assert (counted["arrived"], counted["answered"], counted["waiting"]) == (5, 2, 3)
    assert counted["abandoned"] == 0
    for person in (amira, ben, talking, first, second, third, greeted):
        assert person.complaints == []


def test_a_page_that_is_reloaded_finds_its_conversation_again(
    centre: CentreProcess, browsers: Browsers
) -> None:
    agents, callers = browsers.hearing(AGENT_HZ), browsers.hearing(CALLER_HZ)
    amira = agent(agents, centre.base, "amira")
    amira.does("ready")
    him = caller(callers, centre.base)
    amira.sees("offered")
    amira.does("answer")
    amira.hears(CALLER_HZ)

    him.page.reload()
    him.sees("talking")
    amira.hears(CALLER_HZ)
    him.hears(AGENT_HZ)

    amira.page.reload()
    amira.sees("talking")
    him.hears(AGENT_HZ)
    amira.hears(CALLER_HZ)


def test_a_caller_who_closes_his_page_is_gone_after_his_time(
    centre: CentreProcess, browsers: Browsers
) -> None:
    amira = agent(browsers.hearing(AGENT_HZ), centre.base, "amira")
    him = caller(browsers.hearing(CALLER_HZ), centre.base)
    him.sees("queued")
    him.page.context.close()

    def is_gone(picture: dict[str, Any]) -> bool:
        return bool(picture["total"]["abandoned"] == 1)

    gone = picture_when(amira.page, centre.base, is_gone)
    assert gone["total"]["waiting"] == 0


# --- what the wallboard says -------------------------------------------------------------------


def figures(page: Page, base: str) -> dict[str, Any]:
    """Returns the wallboard's figures over all queues, of real calls."""
    return dict(picture_when(page, base, lambda _: True)["total"])


def picture_when(page: Page, base: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Reads the stream until a picture holds what is asked."""
    cookies = "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())
    asked = urllib.request.Request(
        f"{base}/events/wallboard?origins=real", headers={"Cookie": cookies}
    )
    with urllib.request.urlopen(asked, timeout=30) as stream:
        for line in stream:
            if line.startswith(b"data: "):
                picture: dict[str, Any] = json.loads(line[6:])
                if "total" in picture and holds(picture):
                    return picture
    raise AssertionError("the stream ended first")


def sessions(person: Person) -> list[int]:
    """Returns the sound sessions that the page was told to build."""
    return [frame["session"] for frame in person.frames if frame["t"] == "connect"]


def place_of(person: Person) -> int | None:
    """Returns the place that the page was told last."""
    views = [frame["call"] for frame in person.frames if frame["t"] == "view"]
    place: int | None = views[-1]["place"]
    return place
