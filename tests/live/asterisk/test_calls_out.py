"""Calls out over real SIP: destinations outside, and who answers there or does not.

The emergency hand-over and the promised callback are nights of their own, in `test_nights`.
"""

from contextlib import ExitStack
from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.server import TRUNK
from tests.live.asterisk.sipp import Party, busy, caller, outsider, telephone

CALLER_HZ, AMIRA_HZ, OUTSIDE_HZ = 1000, 600, 700

OUTSIDE = """
[outside.shelter]
number = "+1 512 555 0123"
[outside.interpreter]
kind = "interpreter"
number = "+1 512 555 0124"
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


def test_a_caller_is_handed_on_outside_and_an_interpreter_comes_in(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=OUTSIDE))
        maria, _, amira = talking(home, stack)
        outside = stack.enter_context(outsider(home.server, hertz=OUTSIDE_HZ))
        amira.does("add_third", outside="interpreter")
        outside.ear.hears_sound()
        assert outside.called == ["+15125550124"]
        assert outside.shown == "<sip:+15550100@127.0.0.2>"
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


def test_who_is_busy_outside_leaves_the_two_as_they_were(tmp_path: Path) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(house(tmp_path, more=OUTSIDE))
        maria, phone, amira = talking(home, stack)
        outside = stack.enter_context(busy(home.server.trunk_port, TRUNK))
        amira.does("add_third", outside="shelter")
        until(lambda: outside.called, what="nobody was dialled")
        until(lambda: not amira.view["call"]["parties"], what="he is taken for answering")
        maria.ear.hears(AMIRA_HZ)
        phone.ear.hears(CALLER_HZ)
