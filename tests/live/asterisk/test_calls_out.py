"""Calls out over real SIP: destinations outside, callbacks, and what never goes out."""

import re
from contextlib import ExitStack
from pathlib import Path

from tests.cli.command import openline
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.server import TRUNK
from tests.live.asterisk.sipp import CALLER_NUMBER, Party, busy, caller, outsider, telephone

CALLER_HZ, AMIRA_HZ, OUTSIDE_HZ = 1000, 600, 700

OUTSIDE = """
[outside.shelter]
number = "+1 512 555 0123"
[outside.interpreter]
kind = "interpreter"
number = "+1 512 555 0124"
[outside.dispatcher]
kind = "emergency"
number = "911"
"""

CALLBACK = """
[queues.talk.callback]
offer_after_s = 0
goodbye = "wrong-number-en"
[queues.talk.announcements]
place = true
wait = false
every_s = 0
"""


def talking(home: House, stack: ExitStack) -> tuple[Party, Party, Desk]:
    """Lets a caller talk with Amira; returns him, her telephone and her desktop."""
    phone = stack.enter_context(telephone(home.ports["amira"], hertz=AMIRA_HZ))
    maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
    amira = stack.enter_context(Desk(home.centre.base, "amira"))
    amira.does("ready")
    amira.is_in("talking", 20)
    maria.ear.hears(AMIRA_HZ)
    return maria, phone, amira


def called(party: Party) -> list[str]:
    """Returns the numbers that were dialled there."""
    return re.findall(r"^INVITE sip:([^@]*)@", party.messages, re.MULTILINE)


def shown(party: Party) -> str:
    """Returns who calls, as it is told there."""
    found = re.search(r"^From: (.*);tag", party.messages, re.MULTILINE)
    assert found is not None, party.messages
    return found[1]


def test_a_caller_is_handed_on_outside_and_an_interpreter_comes_in(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=OUTSIDE))
        maria, _, amira = talking(home, stack)
        outside = stack.enter_context(outsider(home.server, hertz=OUTSIDE_HZ))
        amira.does("add_third", outside="interpreter")
        outside.ear.hears_sound()
        assert called(outside) == ["+15125550124"]
        assert shown(outside) == "<sip:+15550100@127.0.0.2>"
        amira.does("dismiss", party=amira.view["call"]["parties"][0]["id"])
        assert outside.is_over()
        maria.ear.hears(AMIRA_HZ)
        again = stack.enter_context(outsider(home.server, hertz=OUTSIDE_HZ))
        amira.does("transfer", outside="shelter")
        amira.is_in("wrap_up")
        maria.ear.hears(OUTSIDE_HZ)
        again.ear.hears(CALLER_HZ)
        # The one who answers there lives on when we do not.
        home.centre.kill()
        until(home.is_routing, 40, what="it does not come back")
        assert again.ear.longest_gap_s(since=0) < 1
        maria.ear.hears(OUTSIDE_HZ)
        maria.hangs_up()
        assert again.is_over()
        until(home.is_empty, what="channels are left")


def test_in_an_emergency_the_number_is_passed_on_and_found_nowhere(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=OUTSIDE))
        _, _, amira = talking(home, stack)
        dispatcher = stack.enter_context(outsider(home.server, hertz=OUTSIDE_HZ))
        amira.does("add_third", outside="dispatcher")
        dispatcher.ear.hears_sound()
        assert called(dispatcher) == ["911"]
        assert CALLER_NUMBER in shown(dispatcher)
        assert CALLER_NUMBER not in str(amira.view)
        home.centre.stop()
        said = home.centre.said
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        assert CALLER_NUMBER not in file.read_bytes().decode("utf-8", "replace"), file
    assert not any(CALLER_NUMBER in line for line in said)


def test_a_caller_asks_to_be_called_back_and_is(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=CALLBACK))
        amira = stack.enter_context(Desk(home.centre.base, "amira"))
        maria = stack.enter_context(caller(home.server, hertz=CALLER_HZ))
        amira.waits(1, 20)
        maria.ear.hears_sound()
        maria.ear.presses("1")
        # A last word to him, and the line is his again.
        assert maria.is_over(20)
        until(home.is_empty, what="channels are left")
        phone = stack.enter_context(telephone(home.ports["amira"], hertz=AMIRA_HZ, rings_s=1))
        again = stack.enter_context(outsider(home.server, hertz=CALLER_HZ, rings_s=1))
        amira.does("ready")
        # She is on the line before it rings there.
        amira.is_in("talking", 20)
        until(lambda: called(again), what="nobody was dialled")
        phone.speaks_first()
        again.speaks_first()
        phone.ear.hears(CALLER_HZ)
        again.ear.hears(AMIRA_HZ)
        assert called(again) == [f"+{CALLER_NUMBER}"]
        assert shown(again) == '"Anonymous" <sip:anonymous@127.0.0.2>'
        assert "\nPrivacy: id" in again.messages
        amira.does("close_callback", word="wrong_person")
        assert again.is_over(20)
        amira.is_in("wrap_up")
        until(home.is_empty, what="channels are left")
        home.centre.stop()
        assert "Callback promised" in openline("replay", "--data", home.data, "--call", "1").out
        assert openline("replay", "--data", home.data, "--check").code == 0
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        assert CALLER_NUMBER not in file.read_bytes().decode("utf-8", "replace"), file


def test_who_is_busy_outside_leaves_the_two_as_they_were(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=OUTSIDE))
        maria, phone, amira = talking(home, stack)
        outside = stack.enter_context(busy(home.server.trunk_port, TRUNK))
        amira.does("add_third", outside="shelter")
        until(lambda: called(outside), what="nobody was dialled")
        until(lambda: not amira.view["call"]["parties"], what="he is taken for answering")
        maria.ear.hears(AMIRA_HZ)
        phone.ear.hears(CALLER_HZ)
