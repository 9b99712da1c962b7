"""Whole calls over real SIP: what caller and agent do, and what they hear."""

import os
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import house, until
from tests.live.asterisk.sipp import CALLER_NAME, CALLER_NUMBER, Party, caller, telephone

CALLER_HZ, AMIRA_HZ, BEN_HZ = 1000, 600, 440


def test_a_caller_is_greeted_chooses_waits_and_is_answered_at_a_telephone(tmp_path: Path) -> None:
    with (
        house(tmp_path, menu=True) as home,
        telephone(home.ports["amira"], hertz=AMIRA_HZ, rings_s=1.0) as phone,
        caller(home.server, hertz=CALLER_HZ) as maria,
        Desk(home.centre.base, "amira") as amira,
    ):
        maria.ear.hears_sound()
        # The greeting asks nothing yet: keys count once the menu has begun.
        until(lambda: presses_two_and_waits(maria, amira), 20, every_s=1)
        amira.does("ready")
        offered = amira.is_in("offered", 20)
        assert offered["offer"]["line"] == "Main"
        amira.is_in("talking")
        maria.ear.hears(AMIRA_HZ)
        phone.ear.hears(CALLER_HZ)
        # Somebody who cannot speak aloud answers by keys, and the agent sees them.
        for key in "15#":
            maria.ear.presses(key)
        amira.sees(lambda view: view["call"]["keys"] == ["1", "5", "#"])
        amira.does("hold")
        until(phone.ear.is_silent, what="the agent hears something on hold")
        maria.ear.hears_sound()
        amira.does("resume")
        maria.ear.hears(AMIRA_HZ)
        phone.ear.hears(CALLER_HZ)
        amira.does("hang_up")
        amira.is_in("wrap_up")
        assert maria.is_over()
        until(home.is_empty, what="channels are left")
        amira.does("finish", disposition="helped", note="", ready=True)
        amira.is_in("ready")
        assert home.health()["degraded"] == []


def presses_two_and_waits(party: Party, desk: Desk) -> bool:
    party.ear.presses("2")
    return bool(desk.view["queues"][0]["waiting"])


def test_an_agent_ends_the_call_by_hanging_up_her_telephone(tmp_path: Path) -> None:
    with (
        house(tmp_path) as home,
        telephone(home.ports["amira"], stays_s=3) as phone,
        caller(home.server) as maria,
        Desk(home.centre.base, "amira") as amira,
    ):
        amira.does("ready")
        amira.is_in("talking", 20)
        phone.ear.hears(1000)
        amira.is_in("wrap_up", 20)
        assert maria.is_over()
        until(home.is_empty, what="channels are left")


def test_who_does_not_pick_up_is_paused_and_the_caller_goes_to_another(tmp_path: Path) -> None:
    with (
        house(tmp_path, ring_timeout_s=5) as home,
        telephone(home.ports["amira"], rings_s=60),
        telephone(home.ports["ben"], hertz=440),
        caller(home.server) as maria,
        Desk(home.centre.base, "amira") as amira,
    ):
        amira.does("ready")
        amira.is_in("offered", 20)
        with Desk(home.centre.base, "ben") as ben:
            ben.does("ready")
            amira.is_in("paused", 20)
            ben.is_in("talking", 20)
            maria.ear.hears(440)
            assert amira.view["reason"] == "offer_missed"


def test_a_call_is_handed_to_a_colleague_at_another_telephone(tmp_path: Path) -> None:
    with (
        house(tmp_path) as home,
        telephone(home.ports["amira"], hertz=600) as first,
        telephone(home.ports["ben"], hertz=440) as second,
        caller(home.server, hertz=1000) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as ben,
    ):
        amira.does("ready")
        amira.is_in("talking", 20)
        maria.ear.hears(600)
        ben.does("ready")
        amira.does("consult", agent="ben")
        ben.is_in("talking", 20)
        # The two speak with each other, and the caller hears music and neither of them.
        second.ear.hears(600)
        first.ear.hears(440)
        maria.ear.hears_sound()
        amira.does("complete")
        amira.is_in("wrap_up")
        maria.ear.hears(440)
        second.ear.hears(1000)
        maria.hangs_up()
        ben.is_in("wrap_up")
        until(home.is_empty, what="channels are left")


def test_who_puts_down_her_telephone_while_she_consults_gives_the_call_away(
    tmp_path: Path,
) -> None:
    with (
        house(tmp_path) as home,
        telephone(home.ports["amira"], hertz=600) as first,
        telephone(home.ports["ben"], hertz=440, rings_s=6) as second,
        caller(home.server, hertz=1000) as maria,
        Desk(home.centre.base, "amira") as amira,
        Desk(home.centre.base, "ben") as ben,
    ):
        amira.does("ready")
        amira.is_in("talking", 20)
        maria.ear.hears(600)
        ben.does("ready")
        amira.does("consult", agent="ben")
        # It rings there still: she would leave her caller alone, so her own rings again.
        first.hangs_up()
        ben.is_in("talking", 20)
        second.speaks_first()
        first.ear.hears(440, 20)
        first.hangs_up()
        amira.is_in("wrap_up", 20)
        maria.ear.hears(440)
        second.ear.hears(1000)
        maria.hangs_up()
        ben.is_in("wrap_up")
        until(home.is_empty, what="channels are left")


@pytest.mark.parametrize("beyond_it", ["message", "refusal"])
def test_who_comes_when_too_many_do_is_told_and_not_left_in_silence(
    tmp_path: Path, beyond_it: str
) -> None:
    with ExitStack() as stack:
        enter = stack.enter_context
        home = enter(house(tmp_path, most_arriving=1, beyond_it=beyond_it))
        amira = enter(Desk(home.centre.base, "amira"))
        # All three come in the same moment, since the centre looks away until they are there.
        os.kill(home.centre.pid, signal.SIGSTOP)
        come = [enter(caller(home.server)) for _ in range(3)]
        until(lambda: len(home.channels()) == 3, what="they did not come")
        os.kill(home.centre.pid, signal.SIGCONT)
        # Where the first has his word before the third is seen, the second may come in too.
        amira.sees(lambda view: view["queues"][0]["waiting"] in (1, 2), 20)
        until(lambda: len(home.channels()) in (1, 2), 20, what="they are not told")
        until(lambda: len(home.channels()) == amira.view["queues"][0]["waiting"], 20)
        away = 3 - len(home.channels())

        def refused() -> int:
            return sum("SIP/2.0 503" in party.messages for party in come)

        # SIPp writes down what it has heard when it has time.
        until(lambda: refused() == (away if beyond_it == "refusal" else 0), what="not told so")
        if beyond_it == "message":
            assert all(party.ear.has_heard for party in come)
        assert "telephones_turn_calls_away" in home.health()["degraded"]


def test_a_number_that_is_not_ours_and_a_stranger_get_nowhere(tmp_path: Path) -> None:
    with house(tmp_path) as home:
        with caller(home.server, number="15559999") as lost:
            assert not lost.is_over()
        with caller(home.server, address="127.0.0.3") as stranger:
            assert not stranger.is_over()
        assert home.is_empty()


def test_no_number_and_no_name_of_a_caller_is_found_anywhere_afterwards(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path))
        stack.enter_context(telephone(home.ports["amira"]))
        maria = stack.enter_context(caller(home.server))
        amira = stack.enter_context(Desk(home.centre.base, "amira"))
        amira.does("ready")
        amira.is_in("talking", 20)
        maria.ear.hears(600)
        channels = home.channels()
        for channel in channels:
            # Asterisk keeps it for Openline, as long as the call lasts, and shows it nobody else.
            channel["channelvars"].pop("OPENLINE_NUMBER")
        told = [str(channels), str(amira.view)]
        # Whom nobody lets in, and what is no call at all, is not noted either.
        stack.enter_context(caller(home.server, address="127.0.0.3"))
        stack.enter_context(caller(home.server, number="15559999"))
        time.sleep(1)
        maria.hangs_up()
        amira.is_in("wrap_up")
        home.centre.stop()
        told += [*home.centre.said]
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        told.append(file.read_bytes().decode("utf-8", "replace"))
    for each in told:
        assert CALLER_NUMBER not in each
        assert CALLER_NAME not in each
