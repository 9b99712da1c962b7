"""Whole calls over real SIP: what caller and agent do, and what they hear."""

from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import house, until
from tests.live.asterisk.sipp import caller, telephone

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
        until(lambda: maria.ear.presses("2") or amira.waiting(1.0), 20)
        amira.does("ready")
        offered = amira.is_in("offered", 20)
        assert offered["offer"]["line"] == "Main"
        amira.is_in("talking")
        maria.ear.hears(AMIRA_HZ)
        phone.ear.hears(CALLER_HZ)
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
