"""What follows from who calls, over real SIP: partners, places, words in between, callbacks."""

import time
from contextlib import ExitStack
from pathlib import Path

from tests.cli.command import in_here
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import loudest
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller, telephone
from tests.sound import wav

PLACE_HZ = 1500
SHELTER, PREMIUM = "15125550177", "19005550100"

RULES = f"""
[partners]
rows = '''key,name,entry,at,start
shelter,Shelter,number,+{SHELTER},2020-01-01
'''
[queues.talk.announcements]
place = true
wait = false
every_s = 0
"""

CALLBACK = """
[queues.talk.callback]
offer_after_s = 0
[queues.talk.announcements]
place = true
wait = false
every_s = 0
"""


def test_a_partner_is_known_a_place_is_spoken_and_who_was_cut_off_has_his_again(
    tmp_path: Path,
) -> None:
    home = House(tmp_path, more=RULES, own={"place-1-en": PLACE_HZ})
    with ExitStack() as stack:
        enter = stack.enter_context
        enter(home.server)
        enter(home.start_centre())
        amira = enter(Desk(home.centre.base, "amira"))

        def comes(hertz: int, shows: str, number: int) -> Party:
            party = enter(caller(home.server, hertz=hertz, shows=shows, stays_s=200))
            amira.waits(number, 20)
            return party

        shelter = comes(700, SHELTER, 1)
        shelter.ear.hears(PLACE_HZ, 20)
        cut_off = comes(900, "4930111222333", 2)
        comes(1100, "4930444555666", 3)
        cut_off.ear.hears_sound()
        cut_off.hangs_up()
        amira.waits(2, 20)
        comes(1300, "4930111222333", 3)
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira.does("ready")
        # The one who was cut off comes before who came after him.
        for hertz in (700, 1300, 1100):
            amira.is_in("talking", 20)
            phone.ear.hears(hertz)
            amira.does("hang_up")
            amira.is_in("wrap_up")
            amira.does("finish", disposition="helped", note="", ready=True)
        amira.waits(0)
        until(home.is_empty, what="channels are left")
        home.centre.stop()
        told = [in_here("replay", "--data", home.data, "--call", str(n)).out for n in (1, 2)]
        assert "known to come from a partner" in told[0] or "shelter" in told[0], told[0]
        assert "partner" not in told[1], told[1]


def test_a_premium_number_is_never_called_back_whatever_its_caller_presses(tmp_path: Path) -> None:
    home = House(tmp_path, more=CALLBACK)
    with ExitStack() as stack:
        enter = stack.enter_context
        enter(home.server)
        enter(home.start_centre())
        amira = enter(Desk(home.centre.base, "amira"))
        dear = enter(caller(home.server, shows=PREMIUM))
        amira.waits(1, 20)
        dear.ear.hears_sound()
        for _ in range(3):
            dear.ear.presses("1")
            time.sleep(0.5)
        other = enter(caller(home.server, hertz=1200))
        amira.waits(2, 20)
        other.ear.hears_sound()
        other.ear.presses("1")
        assert other.is_over(20)
        # A promise was made to the other alone; his place goes on without him.
        assert len(home.channels()) == 1
        dear.hangs_up()
        until(home.is_empty, what="channels are left")
        home.centre.stop()
        told = [in_here("replay", "--data", home.data, "--call", str(n)).out for n in (1, 2)]
        assert "Callback promised" not in told[0], told[0]
        assert "Callback promised" in told[1], told[1]


def test_a_greeting_that_a_supervisor_spoke_is_heard_by_the_next_caller(tmp_path: Path) -> None:
    with house(tmp_path, menu=True) as home, Desk(home.centre.base, "ben") as ben:
        with caller(home.server) as maria:
            maria.ear.hears_sound()
        asked = "/api/sounds?sound=welcome-en&instead_of=0&says_so=false"
        ben.asks(asked, wav(6, hertz=700))
        with caller(home.server) as maria:
            maria.ear.hears(700)
        ben.asks("/api/sounds/choice", {"sound": "welcome-en", "take": 0, "instead_of": 1})
        with caller(home.server) as maria:
            maria.ear.hears_sound()
            assert abs((loudest(maria.ear.lately(1)) or 0) - 700) > 20
        assert "telephones_broken_recordings" not in home.health()["degraded"]
