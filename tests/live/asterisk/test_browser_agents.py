"""Agents who answer calls in a real Chromium: sound straight to Asterisk, signals by us."""

import time
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from tests.live.asterisk.ear import HICCUP_S, loudest
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller
from tests.live.conftest import Browsers
from tests.live.people import Person, agent

CALLER_HZ, CARMEN_HZ = 1000, 700

CARMEN = """
[agents.carmen]
name = "Carmen"
"""


def at_her_desk(home: House, browser: Browser, key: str = "carmen") -> Person:
    """Opens a desktop that is a telephone, and waits until it can be rung."""
    person = agent(browser, home.centre.base, key)
    until(lambda: is_there(home, key), what=f"the page of {key} does not register")
    return person


def is_there(home: House, key: str) -> bool:
    endpoints = {each["resource"]: each["state"] for each in home.server.ask("/endpoints/PJSIP")}
    return bool(endpoints[f"phone-{key}"] == "online")


def takes(person: Person) -> None:
    """Answers what is offered."""
    person.sees("offered")
    person.does("answer")
    person.sees("talking")


def test_she_answers_in_the_browser(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        carmen.sees("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        carmen.does("tones")
        for key in "5#":
            carmen.page.locator(f"[data-tone-key='{key}']").click()
        until(lambda: maria.ear.keys == "5#", what=f"the keys were {maria.ear.keys!r}")
        carmen.does("end-call")
        carmen.sees("wrap_up")
        assert maria.is_over()
        until(home.is_empty, what="channels are left")
        assert carmen.complaints == []


def test_the_sound_goes_on_when_the_router_is_killed(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        rung = {channel["id"] for channel in home.channels()}
        before = time.monotonic()
        home.centre.kill()
        until(home.is_routing, 40, what="it does not come back")
        until(lambda: is_there(home, "carmen"), 20, what="her page does not register again")
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        assert maria.ear.longest_gap_s(before) < HICCUP_S
        # Nobody was rung anew, and what she asks for reaches her page.
        assert {channel["id"] for channel in home.channels()} == rung
        carmen.does("hold")
        until(lambda: carmen_hz_is_away(maria), what="he still hears her on hold")
        carmen.does("resume")
        maria.ear.hears(CARMEN_HZ)
        carmen.does("end-call")
        carmen.sees("wrap_up")
        assert maria.is_over()
        until(home.is_empty, what="channels are left")
        until(lambda: not has_sound(carmen), what="her page keeps a call that is over")


def test_a_page_that_is_loaded_anew_has_its_call_again(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        carmen.page.reload()
        carmen.sees("talking")
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        # Another tab takes the call with it.
        other = Person(carmen.page.context.new_page())
        other.page.goto(f"{home.centre.base}/desk?rawmic=1")
        other.sees("talking")
        carmen.sees("elsewhere")
        maria.ear.hears(CARMEN_HZ)
        other.hears(CALLER_HZ)
        other.does("end-call")
        other.sees("wrap_up")
        assert maria.is_over()
        until(home.is_empty, what="channels are left")


def test_a_closed_page_is_rung_no_more_and_its_caller_waits_with_music(
    tmp_path: Path, browsers: Browsers
) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        browser = browsers.hearing(CARMEN_HZ)
        carmen = at_her_desk(home, browser)
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        context = carmen.page.context
        carmen.page.close()
        until(lambda: not is_there(home, "carmen"), what="her page is still there")
        until(lambda: carmen_hz_is_away(maria), what="he hears who is gone")
        maria.ear.hears_sound()
        again = Person(context.new_page())
        again.page.goto(f"{home.centre.base}/desk?rawmic=1")
        again.sees("talking")
        maria.ear.hears(CARMEN_HZ)
        again.hears(CALLER_HZ)


def test_a_microphone_that_is_off_stays_off(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        carmen.does("mute")
        until(maria.ear.is_silent, what="he hears her although she is off")
        # She is registered anew, and says anew where her signals go.
        home.centre.kill()
        until(home.is_routing, 40, what="it does not come back")
        until(lambda: is_there(home, "carmen"), 20, what="her page does not register again")
        assert maria.ear.is_silent()
        carmen.hears(CALLER_HZ)
        assert maria.ear.is_silent()
        carmen.does("mute")
        maria.ear.hears(CARMEN_HZ)


def carmen_hz_is_away(maria: Party) -> bool:
    """Tells whether half a second was heard without her."""
    found = loudest(maria.ear.lately(0.5))
    return found is None or abs(found - CARMEN_HZ) > 8


def has_sound(person: Person) -> bool:
    """Tells whether anything is played at the page."""
    return bool(person.page.evaluate("() => document.getElementById('remote').srcObject !== null"))


def test_she_tries_headset_and_network_before_her_shift(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("trial")
        carmen.shows("trial-words", "You are heard")
        carmen.hears(CARMEN_HZ)
        carmen.does("trial")
        until(home.is_empty, what="channels are left")
        # And in the middle of another one a call comes, which ends it.
        carmen.does("trial")
        carmen.shows("trial-words", "You are heard")
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        until(lambda: len(home.channels()) == 2, what="the trial goes on")
        assert carmen.complaints == []


def test_a_caller_who_leaves_while_the_router_is_away_leaves_no_call_at_her_page(
    tmp_path: Path, browsers: Browsers
) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        home.centre.kill()
        maria.hangs_up()
        assert maria.is_over()
        until(home.is_routing, 40, what="it does not come back")
        carmen.sees("wrap_up")
        until(lambda: not has_sound(carmen), 15, what="her page keeps a call that is over")
        until(home.is_empty, 15, what="channels are left")


def test_asterisk_that_died_finds_her_page_again(tmp_path: Path, browsers: Browsers) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CARMEN))
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ))
        carmen.does("ready")
        lost = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        lost.ear.hears(CARMEN_HZ)
        home.server.kill()
        carmen.sees("wrap_up")
        home.server.start()
        until(lambda: is_there(home, "carmen"), 30, what="her page does not register again")
        carmen.page.get_by_label("Helped").check()
        carmen.does("done-ready")
        carmen.sees("ready")
        again = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        takes(carmen)
        again.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
