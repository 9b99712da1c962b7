"""A recording that is missing or broken: callers hear nothing in its place and are served."""

from contextlib import ExitStack
from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, record_tone, until
from tests.live.asterisk.sipp import caller, telephone

WELCOME_HZ = 1800
ALARM = "telephones_broken_recordings"


def test_a_call_goes_on_without_its_recordings_and_the_alarm_shows_until_they_are_mended(
    tmp_path: Path,
) -> None:
    home = House(tmp_path, menu=True, own={"welcome-en": WELCOME_HZ, "menu-family-en": 1600})
    own = home.server.folder / "own"
    (own / "welcome-en.wav").write_bytes(b"this is no sound")
    with home.opens(), ExitStack() as stack:
        enter = stack.enter_context
        # Somebody tidies up while the centre runs.
        (own / "menu-family-en.wav").unlink()
        enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        ben = enter(Desk(home.centre.base, "ben"))
        amira.does("ready")
        maria = enter(caller(home.server, stays_s=200))
        until(lambda: maria.messages.count("m=audio") > 1, 20, what="she is not answered")
        maria.speaks_unasked()
        until(lambda: ALARM in home.health()["degraded"], 20, what="nobody is told")

        def is_through() -> bool:
            maria.ear.presses("1")
            return bool(amira.view["state"] == "talking")

        until(is_through, 20, every_s=1, what="the call does not go on")
        maria.ear.hears(600)
        # Whoever looks after the centre sees it, and reads what to do.
        page = ben.asks("/health").decode()
        assert "could not be played" in page
        assert "recording_not_played" in page
        told = [line for line in home.centre.said if "recording_not_played" in line]
        assert any("welcome-en" in line for line in told), told
        maria.hangs_up()
        amira.is_in("wrap_up", 20)
        # Mended while it runs: the next caller hears them, and the alarm is over by itself.
        record_tone(own / "welcome-en.wav", WELCOME_HZ)
        record_tone(own / "menu-family-en.wav", 1600)
        again = enter(caller(home.server, stays_s=200))
        again.ear.hears(WELCOME_HZ, 20)
        again.ear.hears(1600, 20)
        until(lambda: ALARM not in home.health()["degraded"], 20, what="the alarm stays")
        again.hangs_up()
        until(home.is_empty, what="channels are left")
        home.adds_up(2)
