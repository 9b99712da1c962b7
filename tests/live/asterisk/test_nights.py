"""Stories of nights on real SIP that need more telephones than one; others stand where they belong.

The dropped caller is here (night 4), and the interpreter (8). The kill (6) is in `test_survival`,
silence and the emergency (13) and the borrowed phone (14) are in `test_calls_out`.
"""

from contextlib import ExitStack
from pathlib import Path

from tests.cli.command import openline
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import house, until
from tests.live.asterisk.sipp import Party, caller, outsider, telephone

MOBILE, OTHER, HIDDEN = "4930111222333", "4930444555666", "anonymous"

INTERPRETER = """
[outside.interpreter]
kind = "interpreter"
number = "+1 512 555 0124"
"""


def test_a_dropped_caller_has_his_old_place_and_a_stranger_with_a_hidden_number_has_none(
    tmp_path: Path,
) -> None:
    with house(tmp_path) as home, ExitStack() as stack:
        enter = stack.enter_context
        amira = enter(Desk(home.centre.base, "amira"))

        def comes(hertz: int, shows: str, number: int) -> Party:
            party = enter(caller(home.server, hertz=hertz, shows=shows, stays_s=200))
            amira.waits(number, 20)
            return party

        dropped = comes(900, MOBILE, 1)
        comes(1100, OTHER, 2)
        dropped.ear.hears_sound()
        dropped.hangs_up()
        amira.waits(1, 20)
        comes(1300, HIDDEN, 2)
        comes(1500, MOBILE, 3)
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira.does("ready")
        # The mobile has its place back, the stranger has the one that he came to.
        for hertz in (1500, 1100, 1300):
            amira.is_in("talking", 20)
            phone.ear.hears(hertz)
            amira.does("hang_up")
            amira.is_in("wrap_up")
            amira.does("finish", disposition="helped", note="", ready=True)
        until(home.is_empty, what="channels are left")
        home.lets_go()
        told = openline("replay", "--data", home.data, "--call", "1")
        assert "because: caller hung up" in told.out, told


def test_an_interpreter_drops_out_is_replaced_and_goes_along_to_a_colleague(
    tmp_path: Path,
) -> None:
    with house(tmp_path, more=INTERPRETER) as home, ExitStack() as stack:
        enter = stack.enter_context
        enter(telephone(home.ports["amira"], hertz=600))
        second = enter(telephone(home.ports["ben"], hertz=440))
        maria = enter(caller(home.server, hertz=1000, stays_s=200))
        amira = enter(Desk(home.centre.base, "amira"))
        ben = enter(Desk(home.centre.base, "ben"))
        amira.does("ready")
        amira.is_in("talking", 20)
        maria.ear.hears(600)
        first = enter(outsider(home.server, hertz=700))
        amira.does("add_third", outside="interpreter")
        first.ear.hears_sound()
        first.hangs_up()
        assert first.is_over(20)
        amira.sees(lambda view: not view["call"]["parties"], 20)
        # The two go on without; then another comes.
        maria.ear.hears(600, 20)
        other = enter(outsider(home.server, hertz=800))
        amira.does("add_third", outside="interpreter")
        other.ear.hears_sound()
        ben.does("ready")
        amira.does("consult", agent="ben")
        ben.is_in("talking", 20)
        second.ear.hears(600)
        amira.does("complete")
        amira.is_in("wrap_up")
        # He has come along: Ben's call has a third party, and she hears Ben's world.
        ben.sees(lambda view: bool(view["call"]) and bool(view["call"]["parties"]), 20)
        other.ear.hears_sound()
        other.hangs_up()
        maria.ear.hears(440, 20)
        second.ear.hears(1000)
        maria.hangs_up()
        ben.is_in("wrap_up", 20)
        until(home.is_empty, what="channels are left")
        home.lets_go()
        assert openline("replay", "--data", home.data, "--check").code == 0
