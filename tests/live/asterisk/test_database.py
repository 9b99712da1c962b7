"""The database stops under calls that go on: nobody on the line notices, and no record is lost.

PostgreSQL itself, stopped as hard as by a power cut. For how long changes nothing but how much lies
in the reserve meanwhile; five minutes of it are lived by `./bench stopped_database`.
"""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import HICCUP_S
from tests.live.asterisk.house import House, until
from tests.live.asterisk.sipp import caller, telephone
from tests.live.postgresql_server import PostgresqlServer, programs


def test_calls_come_are_answered_and_end_while_the_database_is_away(tmp_path: Path) -> None:
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with PostgresqlServer(bin_) as database, ExitStack() as stack:
        enter = stack.enter_context
        home = House(tmp_path, more=f'[store]\nurl = "{database.new_database()}"\n')
        enter(home.opens())
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        ends = enter(caller(home.server, hertz=1000, stays_s=200))
        amira.waits(1, 20)
        stays = enter(caller(home.server, hertz=1200, stays_s=200))
        amira.waits(2, 20)
        amira.does("ready")
        ends.ear.hears(600, 20)
        at = time.monotonic()
        database.stop("immediate")
        # One ends and is written up, one is answered, one comes and one leaves, all without it.
        late = enter(caller(home.server, hertz=1400, stays_s=200))
        amira.waits(2, 20)
        leaves = enter(caller(home.server, hertz=1600, stays_s=200))
        amira.waits(3, 20)
        leaves.ear.hears_sound()
        leaves.hangs_up()
        amira.waits(2)
        ends.hangs_up()
        amira.is_in("wrap_up", 20)
        amira.does("finish", disposition="helped", note="", ready=True)
        stays.ear.hears(600, 20)
        assert "store_refuses_writes" in home.health()["degraded"]
        for party in (stays, late):
            assert party.ear.longest_gap_s(since=at) < HICCUP_S
        # A kill now finds the reserve.
        home.centre.kill()
        home.centre.wait_for("The centre died")
        database.start()
        until(home.is_routing, 60, what="what happened does not come into the database")
        amira.is_in("talking", 20)
        amira.waits(1)
        for party in (stays, late):
            party.hangs_up()
        amira.waits(0)
        until(home.is_empty, what="channels are left")
        home.adds_up(4)
