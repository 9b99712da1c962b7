"""What dies and what lives on: Asterisk killed, the centre frozen, away or killed again and again.

The centre killed once, with a call in every state, is night 6 in `test_nights_of_change`.
"""

import json
import os
import random
import signal
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from openline.app.parent import CRASHES_ALLOWED, CRASHES_WITHIN_S
from tests.cli.command import in_here
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import HICCUP_S
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, busy, caller, telephone

FOUND_S = 4.0
"""Of a machine that runs much else at the same time. How soon calls are routed again after a death
is measured by `./bench killed_router` on a quiet one; here it is seen that the loader forks it."""
SEED, KILLS = 20261122, 10
ENDED_S = 15.0


def _comes(home: House, stack: ExitStack, desk: Desk, number: int) -> Party:
    """Lets somebody call who waits before anybody after him calls."""
    party = stack.enter_context(caller(home.server, hertz=800 + 100 * number))
    desk.waits(number, 20)
    return party


def test_with_asterisk_all_calls_are_lost_and_everybody_is_free(tmp_path: Path) -> None:
    with house(tmp_path) as home, ExitStack() as stack:
        enter = stack.enter_context
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        _comes(home, stack, amira, 1)
        _comes(home, stack, amira, 2)
        amira.does("ready")
        amira.is_in("talking")
        killed = time.monotonic()
        home.server.kill()
        amira.is_in("wrap_up")
        took = time.monotonic() - killed
        amira.waits(0)
        # On a busy machine the recorder may still be on its way up.
        assert "telephones_not_connected" in home.health()["degraded"]

        home.server.start()
        until(home.is_routing)
        amira.does("finish", disposition="helped", note="", ready=True)
        # Her telephone still holds a call that nobody else knows of; a real one hangs up by itself.
        phone.dies()
        enter(telephone(home.ports["amira"], hertz=600))
        again = enter(caller(home.server, hertz=1000))
        amira.is_in("talking", 20)
        again.ear.hears(600)
        amira.does("hang_up")
        home.lets_go()
        told = in_here("replay", "--data", home.data, "--call", "1")
        assert "because: telephony lost" in told.out, told
        assert took < FOUND_S, f"{took:.2f} s"


def test_a_frozen_centre_is_ended_and_its_callers_stay(tmp_path: Path) -> None:
    with house(tmp_path) as home, ExitStack() as stack:
        enter = stack.enter_context
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        talks, waits = [_comes(home, stack, amira, number) for number in (1, 2)]
        amira.does("ready")
        amira.is_in("talking", 20)
        talks.ear.hears(600)
        at = time.monotonic()
        os.kill(home.centre.pid, signal.SIGSTOP)
        home.centre.wait_for("The centre died")
        assert time.monotonic() - at < ENDED_S
        until(home.is_routing, 40, what="it does not route again")
        amira.is_in("talking", 20)
        amira.waits(1)
        for party in (talks, waits):
            gap = party.ear.longest_gap_s(since=at)
            assert gap < HICCUP_S, f"silence of {gap:.3f} s"
        talks.hangs_up()
        amira.is_in("wrap_up")
        amira.does("finish", disposition="helped", note="", ready=True)
        waits.ear.hears(600, 20)
        amira.does("hang_up")
        until(home.is_empty, what="channels are left")
        home.lets_go()


def test_who_is_gone_without_a_goodbye_is_found_by_his_silence(tmp_path: Path) -> None:
    with house(tmp_path, lost_after_s=5) as home, ExitStack() as stack:
        enter = stack.enter_context
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        # Their telephone company dies, and nobody will ever say that they hung up.
        talks, waits = [_comes(home, stack, amira, number) for number in (1, 2)]
        amira.does("ready")
        amira.is_in("talking", 20)
        talks.ear.hears(600)
        stays = _comes(home, stack, amira, 2)
        for party in (talks, waits):
            party.dies()
        amira.is_in("wrap_up", 20)
        amira.waits(1, 20)
        amira.does("finish", disposition="helped", note="", ready=True)
        stays.ear.hears(600, 20)
        stays.hangs_up()
        amira.is_in("wrap_up")
        until(home.is_empty, what="channels are left")
        home.lets_go()
        for call, why in ((1, "telephony lost"), (2, "telephony lost"), (3, "caller hung up")):
            told = in_here("replay", "--data", home.data, "--call", str(call))
            assert f"because: {why}" in told.out, told
        assert in_here("replay", "--data", home.data, "--check").code == 0


def test_while_the_centre_stays_away_those_on_duty_are_rung_and_then_words_are_said(
    tmp_path: Path,
) -> None:
    with house(tmp_path) as home, ExitStack() as stack:
        enter = stack.enter_context
        amira = enter(Desk(home.centre.base, "amira"))
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira.does("ready")
        amira.is_in("ready")
        home.centre.stop()
        maria = enter(caller(home.server, hertz=1000))
        # Music first, for as long as the centre may come back; then her telephone rings.
        maria.ear.hears_sound()
        maria.ear.hears(600, 20)
        phone.ear.hears(1000)
        maria.hangs_up()
        until(home.is_empty, what="channels are left")
        phone.dies()
        enter(busy(home.ports["amira"]))
        unlucky = enter(caller(home.server, hertz=1000))
        assert unlucky.is_over(30)
        until(home.is_empty, what="channels are left")


def test_a_wrong_password_is_told(tmp_path: Path) -> None:
    home = House(tmp_path)
    with home.server:
        secrets = home.server.folder / "secrets"
        known = json.loads(secrets.read_text())
        secrets.write_text(json.dumps(known | {"ari": "another"}))
        with home.start_centre():
            until(lambda: home.health()["degraded"] == ["telephones_wrong_password"])
            # Once it is put right the centre is told at its next start; nobody else is harmed.
            assert home.health()["status"] == "ready"


def _died(home: House, times: int) -> bool:
    return sum("centre died" in line for line in home.centre.said) == times


@pytest.mark.timeout(400)
def test_kills_at_random_points_lose_nobody_and_the_records_add_up(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with house(tmp_path) as home, ExitStack() as stack:
        enter = stack.enter_context
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        talks = _comes(home, stack, amira, 1)
        amira.does("ready")
        amira.is_in("talking", 20)
        talks.ear.hears(600)
        begun, waiting = time.monotonic(), list[Party]()
        killed: list[float] = []
        for number in range(KILLS):
            if number >= CRASHES_ALLOWED:
                # One more in half a minute would end it: whoever starts it again gives up then.
                earliest = killed[-CRASHES_ALLOWED] + CRASHES_WITHIN_S + 1
                time.sleep(max(0.0, earliest - time.monotonic()))
            waiting.append(enter(caller(home.server, hertz=800, stays_s=300)))
            time.sleep(chance.uniform(0, 0.5))
            if len(waiting) > 1 and chance.random() < 0.5:
                waiting.pop(0).hangs_up()
            killed.append(time.monotonic())
            home.centre.kill()
            until(partial(_died, home, number + 1), what="it was not killed")
            until(home.is_routing, 40, what="it does not route again")
            amira.waits(len(waiting), 20)
        assert amira.view["state"] == "talking"
        for party in (talks, *waiting):
            gap = party.ear.longest_gap_s(since=begun)
            assert gap < HICCUP_S, f"silence of {gap:.3f} s, seed {SEED}"
        for party in (talks, *waiting):
            party.hangs_up()
        amira.waits(0)
        amira.is_in("wrap_up")
        until(home.is_empty, what="channels are left")
        home.lets_go()
        assert in_here("replay", "--data", home.data, "--check").code == 0
        # One call for everybody who came: none was counted twice, and the last has its end.
        last = in_here("replay", "--data", home.data, "--call", str(KILLS + 1))
        assert "It ended" in last.out, last
        assert in_here("replay", "--data", home.data, "--call", str(KILLS + 2)).code != 0
