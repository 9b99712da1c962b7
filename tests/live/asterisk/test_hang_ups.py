"""A caller hangs up at each step: it ends there, whoever was with him is free, nothing is left."""

from contextlib import ExitStack
from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import house, until
from tests.live.asterisk.sipp import Party, caller, telephone

GREETING_HZ, CONSENT_HZ, MENU_HZ = 1800, 1700, 1600
LINE = """
greeting = "welcome-en"
consent = { time_limit_s = 20 }
leads_to = { menu = "main" }
"""
OWN = {"welcome-en": GREETING_HZ, "consent-en": CONSENT_HZ, "menu-family-en": MENU_HZ}


def test_who_hangs_up_at_any_step_leaves_nothing_and_keeps_nobody(tmp_path: Path) -> None:
    with house(tmp_path, line=LINE, own=OWN) as home, ExitStack() as stack:
        enter = stack.enter_context
        # Hers rings for long, his is picked up at once.
        enter(telephone(home.ports["amira"], rings_s=60))
        enter(telephone(home.ports["ben"], hertz=440))
        amira = enter(Desk(home.centre.base, "amira"))
        ben = enter(Desk(home.centre.base, "ben"))

        def comes(until_hertz: int) -> Party:
            """Lets somebody call and answer no and one, as far as to what he hears then."""
            party = enter(caller(home.server, stays_s=200))
            for hertz, key in ((GREETING_HZ, ""), (CONSENT_HZ, "9"), (MENU_HZ, "1")):
                party.ear.hears(hertz, 20)
                if hertz == until_hertz:
                    return party
                if key:
                    party.ear.presses(key)
            return party

        def is_free(desk: Desk) -> None:
            desk.is_in("wrap_up", 20)
            desk.does("finish", disposition="helped", note="", ready=True)
            desk.is_in("ready")

        for hertz in (GREETING_HZ, CONSENT_HZ, MENU_HZ):
            comes(hertz).hangs_up()
        until(home.is_empty, what="a step of the beginning keeps something")
        # He waits, and then it rings for him.
        waits = comes(0)
        amira.waits(1, 20)
        waits.hangs_up()
        amira.waits(0)
        amira.does("ready")
        rung = comes(0)
        amira.is_in("offered", 20)
        rung.hangs_up()
        amira.is_in("ready")
        until(home.is_empty, what="her telephone rings on")
        # He talks, is on hold, and hears music while a colleague is asked, who is rung still.
        amira.does("pause", pause_reason="meal")
        amira.is_in("paused")
        ben.does("ready")
        talks = comes(0)
        talks.ear.hears(440, 20)
        talks.hangs_up()
        is_free(ben)
        held = comes(0)
        ben.is_in("talking", 20)
        ben.does("hold")
        held.hangs_up()
        is_free(ben)
        asked = comes(0)
        ben.is_in("talking", 20)
        amira.does("ready")
        ben.does("consult", agent="amira")
        amira.is_in("offered", 20)
        asked.hangs_up()
        ben.is_in("wrap_up", 20)
        amira.is_in("ready")
        until(home.is_empty, what="channels are left")
        assert all("because: caller hung up" in story for story in home.adds_up(8))
