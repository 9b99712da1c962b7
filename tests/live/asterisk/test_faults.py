"""The connection between Openline and Asterisk at its worst: calls go on, and all adds up after."""

import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.asterisk.bad_network import BadNetwork, Fault
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, until
from tests.live.asterisk.sipp import caller, telephone

SEED = 20261123
HEALS_S = 20.0


def hour(home: House, stack: ExitStack, amira: Desk) -> None:
    """Lets one caller talk and another wait and give up; afterwards nobody is there."""
    amira.does("ready")
    talks = stack.enter_context(caller(home.server, hertz=1000))
    amira.is_in("talking", HEALS_S)
    talks.ear.hears(600)
    waits = stack.enter_context(caller(home.server, hertz=1200))
    amira.waits(1, HEALS_S)
    waits.ear.hears_sound(HEALS_S)
    waits.hangs_up()
    amira.waits(0, HEALS_S)
    talks.hangs_up()
    amira.is_in("wrap_up", HEALS_S)
    amira.does("finish", disposition="helped", note="", ready=False)
    until(home.is_empty, HEALS_S, what="channels are left")


@pytest.mark.timeout(240)
def test_events_that_come_late_or_twice_or_swapped_change_nothing(tmp_path: Path) -> None:
    home = House(tmp_path)
    with home.server, BadNetwork(home.server.ari_port, SEED) as network, ExitStack() as stack:
        stack.enter_context(home.start_centre(by_port=network.port))
        stack.enter_context(telephone(home.ports["amira"], hertz=600))
        amira = stack.enter_context(Desk(home.centre.base, "amira"))
        faults: tuple[Fault, ...] = ("doubled", "swapped", "late", "slow")
        for fault in faults:
            network.fault = fault
            hour(home, stack, amira)
        network.fault = "none"
        hour(home, stack, amira)
        assert network.met > 10
        home.adds_up(2 * (len(faults) + 1))


@pytest.mark.timeout(240)
def test_a_connection_that_breaks_or_is_dumb_or_begins_anew_loses_nobody(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    home = House(tmp_path)
    with home.server, BadNetwork(home.server.ari_port, SEED) as network, ExitStack() as stack:
        enter = stack.enter_context
        enter(home.start_centre(by_port=network.port))
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        talks = enter(caller(home.server, hertz=1000, stays_s=200))
        amira.does("ready")
        amira.is_in("talking", HEALS_S)
        talks.ear.hears(600)
        # It breaks again and again while somebody comes.
        waits = enter(caller(home.server, hertz=1200, stays_s=200))
        for _ in range(5):
            until(lambda: chance.random() < 0.1)
            network.cuts()
        amira.waits(1, HEALS_S)
        # It is there and carries nothing: one leaves meanwhile, and another comes.
        network.fault = "dumb"
        waits.hangs_up()
        late = enter(caller(home.server, hertz=1400, stays_s=200))
        until(lambda: home.health()["degraded"] == ["telephones_not_connected"], HEALS_S)
        network.fault = "none"
        late.ear.hears_sound(HEALS_S)
        amira.waits(1, HEALS_S)
        # Asterisk's own side of it is unloaded and loaded again.
        home.server.ask("/asterisk/modules/res_ari.so", "PUT")
        home.server.reloads_events()
        until(home.is_routing, HEALS_S, what="it does not come back")
        talks.ear.hears(600)
        talks.hangs_up()
        amira.is_in("wrap_up", HEALS_S)
        amira.does("finish", disposition="helped", note="", ready=True)
        late.ear.hears(600, HEALS_S)
        late.hangs_up()
        amira.is_in("wrap_up", HEALS_S)
        until(home.is_empty, HEALS_S, what="channels are left")
        home.adds_up(3)
