"""Stories of nights on real SIP that need more telephones than one; others stand where they belong.

The dropped caller is here (night 4), the interpreter (8), silence (13) and the borrowed phone (14);
the stuck agent (5), the kill (6) and the rename (7) are in `test_nights_of_change`. Each is what of
its night concerns telephones; the whole of it is told in `tests/scenarios`.
"""

from contextlib import ExitStack
from pathlib import Path

from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import house, until
from tests.live.asterisk.sipp import CALLER_NUMBER, Party, caller, outsider, telephone

MOBILE, OTHER, HIDDEN = "4930111222333", "4930444555666", "anonymous"

GOODBYE_HZ = 1900

OUTSIDE = """
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
        assert "because: caller hung up" in home.adds_up(4)[0]


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
        home.adds_up(1)


def test_in_silence_keys_answer_and_the_emergency_service_alone_learns_the_number(
    tmp_path: Path,
) -> None:
    with house(tmp_path, more=OUTSIDE) as home, ExitStack() as stack:
        enter = stack.enter_context
        phone = enter(telephone(home.ports["amira"], hertz=600))
        # His line is open, and nothing comes from it.
        silent = enter(caller(home.server, hertz=0, stays_s=200))
        amira = enter(Desk(home.centre.base, "amira"))
        # The last of several people looks after the room as well.
        ben = enter(Desk(home.centre.base, "ben"))
        amira.does("ready")
        amira.is_in("talking", 20)
        silent.ear.hears(600)
        assert phone.ear.is_silent()
        # "Are you alone? One for yes, two for no."
        for number, key in enumerate("12", 1):
            silent.ear.presses(key)
            amira.sees(lambda view, n=number: len(view["call"]["keys"]) == n)  # type: ignore[misc]
        assert amira.view["call"]["keys"] == ["1", "2"]
        dispatcher = enter(outsider(home.server, hertz=700))
        amira.does("add_third", outside="dispatcher")
        # The three hear each other, and only there it is told whose telephone it is.
        for party in (dispatcher, silent, phone):
            party.ear.hears_sound()
        assert dispatcher.called == ["911"]
        assert CALLER_NUMBER in dispatcher.shown
        silent.hangs_up()
        amira.is_in("wrap_up", 20)
        assert dispatcher.is_over()
        amira.does("finish", disposition="helped", note="", ready=False)
        # Next morning, after a start: somebody else looks at it, and sees who did it and when.
        home.centre.kill()
        until(home.is_routing, 40, what="it does not route again")
        (found,) = ben.room()["hand_overs"]
        assert (found["outside"], found["by"]) == ("Dispatcher", "Amira")
        ben.asks(f"/api/hand-overs/{found['key']}/review", {})
        until(lambda: not ben.room()["hand_overs"], every_s=0.5)
        for desk in (amira, ben):
            assert not any(CALLER_NUMBER in text for text in desk.told)
        until(home.is_empty, what="channels are left")
        home.adds_up(1)
        home.tells_nowhere(CALLER_NUMBER)


def test_who_answers_a_borrowed_phone_hears_neutral_words_and_is_not_rung_again(
    tmp_path: Path,
) -> None:
    with (
        house(tmp_path, more=CALLBACK, own={"wrong-number-en": GOODBYE_HZ}) as home,
        ExitStack() as stack,
    ):
        enter = stack.enter_context
        amira = enter(Desk(home.centre.base, "amira"))
        maria = enter(caller(home.server))
        amira.waits(1, 20)
        maria.ear.hears_sound()
        maria.ear.presses("1")
        # A last word to her, and the line is hers again.
        assert maria.is_over(20)
        phone = enter(telephone(home.ports["amira"], hertz=600, rings_s=1))
        other = enter(outsider(home.server, hertz=1000, rings_s=1))
        amira.does("ready")
        # The agent is on the line before it rings there.
        amira.is_in("talking", 20)
        until(lambda: other.called, what="nobody was dialled")
        phone.speaks_first()
        other.speaks_first()
        phone.ear.hears(1000)
        other.ear.hears(600)
        assert other.called == [f"+{CALLER_NUMBER}"]
        # Nothing on the display names the helpline, or says from where it is rung.
        assert other.shown == '"Anonymous" <sip:anonymous@127.0.0.2>'
        assert "\nPrivacy: id" in other.messages
        for name in ("Test Line", "15550100", "openline"):
            assert name not in other.messages, name
        amira.does("close_callback", word="wrong_person")
        other.ear.hears(GOODBYE_HZ)
        assert other.is_over(20)
        amira.is_in("wrap_up")
        again = enter(outsider(home.server))
        amira.does("finish", disposition="helped", note="", ready=True)
        amira.is_in("ready")
        until(home.is_empty, what="channels are left")
        asked, called = home.adds_up(2)
        assert "Callback promised" in asked
        assert "because: wrong person" in called, called
        assert again.called == []
        home.tells_nowhere(CALLER_NUMBER)
