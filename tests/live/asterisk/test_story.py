"""The whole story of a call, with all parts real: SIPp, Asterisk, the centre, and three Chromiums.

A caller is asked and greeted, presses 2 for Spanish, waits with music, is answered in a browser, is
recorded with a pause, and is handed to a second agent, who takes an interpreter in; then all of it
is found in the reports. And once more with the router killed in every part of the talk.
"""

import json
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.cli.command import openline
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import HICCUP_S
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller, outsider
from tests.live.asterisk.test_browser_agents import at_her_desk, is_there, takes
from tests.live.asterisk.test_calls import presses_two_and_waits
from tests.live.asterisk.test_calls_out import OUTSIDE
from tests.live.asterisk.test_recording import hears, silences, there, tones
from tests.live.asterisk.test_voicemail import RATE
from tests.live.conftest import Browsers
from tests.live.people import WITHIN_MS, Person

CALLER_HZ, CARMEN_HZ, DORA_HZ, INTERPRETER_HZ = 1000, 700, 440, 1300

AGENTS = """
[agents.carmen]
name = "Carmen"
[agents.dora]
name = "Dora"
"""
LINE = """
consent = { time_limit_s = 30 }
greeting = "welcome-en"
leads_to = { menu = "main" }
"""


class Night:
    """Is a house in which the story happens, and how often its router dies in it."""

    def __init__(self, home: House, *, is_killed: bool) -> None:
        self.home = home
        self.is_killed = is_killed

    def may_die(self, *ears: Party, agents: tuple[str, ...]) -> None:
        """Kills the router, where it is that kind of night: nobody hears a gap."""
        if not self.is_killed:
            return
        before = time.monotonic()
        self.home.centre.kill()
        until(self.home.is_routing, 40, what="it does not come back")
        for key in agents:
            until(partial(is_there, self.home, key), 20, what=f"{key} is not there again")
        for party in ears:
            assert party.ear.longest_gap_s(before) < HICCUP_S


def has_happened(home: House, what: str) -> bool:
    """Tells whether the record has an event of a kind."""
    told = openline("replay", "--data", home.data, "--call", "1", "--json")
    return what in told.out


def says_yes(home: House, maria: Party) -> bool:
    maria.ear.presses("1")
    return has_happened(home, "ConsentAnswered")


def is_kept(home: House, room: Desk) -> None:
    """Asserts that what was recorded has both agents, the caller, and the pause."""
    until(lambda: there(room), 20, what="no recording")
    (recording,) = there(room)
    assert not recording["is_cut"]
    heard, said = hears(room, recording)
    assert {CARMEN_HZ, DORA_HZ} <= set(tones(said))
    assert set(tones(heard)) <= {CALLER_HZ, None}
    pause, *_ = silences(heard)
    for side in (heard, said):
        assert not np.any(side[(pause[0] + 1) * RATE // 2 : (pause[1] - 1) * RATE // 2])


def is_reported(home: House) -> None:
    """Asserts that the call is in the report, once."""
    words = ("--config", home.server.config, "--data", home.data, "--json")
    told = openline("report", *words, "--measures", "offered,answered,abandoned")
    assert told.code == 0, told.out
    (total,) = json.loads(told.out)["totals"]
    assert (total["offered"], total["answered"], total["abandoned"]) == (1, 1, 0)
    # And it can be lived again to the same end.
    assert openline("replay", "--data", home.data, "--check").code == 0


def hands_on(person: Person, what: str, name: str) -> None:
    """Chooses somebody in the dialogue of handing on."""
    person.does("hand-on")
    person.page.get_by_label(f"{what}: {name}").click(timeout=WITHIN_MS)


def records(page: Page, words: str) -> None:
    expect(page.get_by_test_id("recording")).to_contain_text(words, timeout=WITHIN_MS)


@pytest.mark.parametrize("is_killed", [False, True], ids=["whole", "router killed"])
def test_a_call_from_its_greeting_to_the_report(
    tmp_path: Path, browsers: Browsers, is_killed: bool
) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, line=LINE, more=AGENTS + OUTSIDE))
        until(lambda: home.health()["degraded"] == [], 20, what="the recorder does not come")
        night = Night(home, is_killed=is_killed)
        carmen = at_her_desk(home, browsers.hearing(CARMEN_HZ), "carmen")
        dora = at_her_desk(home, browsers.hearing(DORA_HZ), "dora")
        room = stack.enter_context(Desk(home.centre.base, "ben"))
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ, stays_s=300))
        # Asked, greeted, and asked in the menu; each takes its own key when it has begun.
        maria.ear.hears_sound(20)
        until(lambda: has_happened(home, "ConsentAsked"), 30, what="he is not asked")
        until(lambda: says_yes(home, maria), 30, what="his yes is not heard")
        until(lambda: has_happened(home, "MenuStarted"), 30, what="there is no menu")
        until(lambda: presses_two_and_waits(maria, room), 20, every_s=1, what="he does not wait")
        maria.ear.hears_sound()
        carmen.does("ready")
        carmen.sees("offered")
        expect(carmen.page.locator("#offer-language")).to_have_text("Spanish")
        takes(carmen)
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        records(carmen.page, "is being recorded")
        time.sleep(2)
        night.may_die(maria, agents=("carmen", "dora"))
        maria.ear.hears(CARMEN_HZ)
        carmen.hears(CALLER_HZ)
        carmen.does("recording-pause")
        records(carmen.page, "paused")
        time.sleep(3)
        carmen.does("recording-go-on")
        records(carmen.page, "is being recorded")
        time.sleep(2)
        # To a second agent, who takes in an interpreter.
        dora.does("ready")
        dora.sees("ready")
        hands_on(carmen, "Ask first", "Dora")
        takes(dora)
        dora.hears(CARMEN_HZ)
        carmen.hears(DORA_HZ)
        maria.ear.hears_sound()
        carmen.does("complete")
        carmen.sees("wrap_up")
        maria.ear.hears(DORA_HZ)
        dora.hears(CALLER_HZ)
        night.may_die(maria, agents=("carmen", "dora"))
        interpreter = stack.enter_context(outsider(home.server, hertz=INTERPRETER_HZ))
        hands_on(dora, "Ask to join", "Interpreter")
        interpreter.ear.hears_sound(20)
        night.may_die(maria, interpreter, agents=("carmen", "dora"))
        dora.does("end-call")
        dora.sees("wrap_up")
        assert maria.is_over()
        until(home.is_empty, 20, what="channels are left")
        is_kept(home, room)
        is_reported(home)
        assert carmen.complaints == dora.complaints == []
