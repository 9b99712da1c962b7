"""Agents at ordinary telephones, rung by the trunk: a key takes the call, and nothing else does."""

from contextlib import ExitStack
from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.sipp import Party, caller, outsider, telephone

CALLER_HZ, CARMEN_HZ, BEN_HZ = 1000, 700, 440
HER_NUMBER = "+15125550177"

CARMEN = """
[agents.carmen]
name = "Carmen"
phone = { ordinary = true }
"""


def with_carmen(folder: Path, stack: ExitStack, **how: object) -> House:
    numbers = folder / "numbers"
    numbers.write_text("# at home\ncarmen +1 512 555 0177\n")
    numbers.chmod(0o600)
    keys = 'numbers_file = "numbers"'
    return stack.enter_context(house(folder, more=CARMEN, asterisk=keys, **how))


def picks_up(home: House, stack: ExitStack) -> Party:
    return stack.enter_context(outsider(home.server, hertz=CARMEN_HZ))


def is_nowhere(folder: Path, said: list[str]) -> None:
    """Asserts that her number is in no file but her own list, and in no line of the log."""
    for file in (file for file in folder.rglob("*") if file.is_file() and file.name != "numbers"):
        assert HER_NUMBER[1:] not in file.read_bytes().decode("utf-8", "replace"), file
    assert not any(HER_NUMBER[1:] in line for line in said)


def test_she_is_rung_at_home_and_takes_the_call_by_a_key(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = with_carmen(tmp_path, stack)
        phone = picks_up(home, stack)
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        carmen = stack.enter_context(Desk(home.centre.base, "carmen"))
        carmen.does("ready")
        carmen.is_in("offered", 20)
        phone.ear.hears_sound(20)
        assert phone.called == [HER_NUMBER]
        assert phone.shown == "<sip:+15550100@127.0.0.2>"
        # Another key is none, and until then nobody is connected.
        phone.ear.presses("7")
        phone.ear.hears_sound()
        carmen.is_in("offered")
        phone.ear.presses("1")
        carmen.is_in("talking")
        maria.ear.hears(CARMEN_HZ)
        phone.ear.hears(CALLER_HZ)
        carmen.does("hold")
        until(phone.ear.is_silent, what="she hears something on hold")
        carmen.does("resume")
        maria.ear.hears(CARMEN_HZ)
        phone.hangs_up()
        carmen.is_in("wrap_up")
        assert maria.is_over()
        until(home.is_empty, what="channels are left")
        home.centre.stop()
        is_nowhere(tmp_path, home.centre.said)


def test_a_voicemail_that_picks_up_gets_no_caller(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = with_carmen(tmp_path, stack, ring_timeout_s=6)
        voicemail = picks_up(home, stack)
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        carmen = stack.enter_context(Desk(home.centre.base, "carmen"))
        carmen.does("ready")
        voicemail.ear.hears_sound(20)
        paused = carmen.is_in("paused", 20)
        assert paused["reason"] == "offer_missed"
        assert voicemail.is_over()
        maria.ear.hears_sound()
        # The next agent gets the caller, who has kept his place.
        ben = stack.enter_context(Desk(home.centre.base, "ben"))
        phone = stack.enter_context(telephone(home.ports["ben"], hertz=BEN_HZ))
        ben.does("ready")
        ben.is_in("talking", 20)
        maria.ear.hears(BEN_HZ)
        phone.ear.hears(CALLER_HZ)


def test_who_hangs_up_without_the_key_has_declined(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = with_carmen(tmp_path, stack)
        phone = picks_up(home, stack)
        stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        carmen = stack.enter_context(Desk(home.centre.base, "carmen"))
        carmen.does("ready")
        phone.ear.hears_sound(20)
        phone.hangs_up()
        paused = carmen.is_in("paused")
        assert paused["reason"] == "offer_declined"
        carmen.waits(1)


def test_a_restart_asks_on_and_connects_nobody_by_itself(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = with_carmen(tmp_path, stack, ring_timeout_s=60)
        phone = picks_up(home, stack)
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        carmen = stack.enter_context(Desk(home.centre.base, "carmen"))
        carmen.does("ready")
        phone.ear.hears_sound(20)
        home.centre.kill()
        until(home.is_routing, 40, what="it does not come back")
        carmen.is_in("offered", 20)
        phone.ear.presses("1")
        carmen.is_in("talking", 20)
        maria.ear.hears(CARMEN_HZ)
        phone.ear.hears(CALLER_HZ)
        # And once more, in the conversation.
        home.centre.kill()
        until(home.is_routing, 40, what="it does not come back")
        maria.ear.hears(CARMEN_HZ)
        phone.ear.hears(CALLER_HZ)
        assert len(phone.called) == 1


def test_ceilings_hold_for_agents_too(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = with_carmen(tmp_path, stack, calls_per_hour=1)
        first = picks_up(home, stack)
        stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        carmen = stack.enter_context(Desk(home.centre.base, "carmen"))
        carmen.does("ready")
        first.ear.hears_sound(20)
        first.hangs_up()
        carmen.is_in("paused")
        second = picks_up(home, stack)
        carmen.does("ready")
        carmen.is_in("paused", 20)
        assert second.called == []
        assert "telephones_calls_out_spent" in home.health()["degraded"]
        carmen.waits(1)
