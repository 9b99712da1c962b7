"""Nights on real SIP in which something breaks or changes under calls that go on: 5, 6 and 7.

The stuck agent, the kill, the rename. Each is what of its night concerns telephones; the whole of
it is told in `tests/scenarios`.
"""

import time
from contextlib import ExitStack
from pathlib import Path
from socket import SOCK_DGRAM

import pytest

from openline.app.people import add
from openline.identity import Role
from tests.cli.command import in_here
from tests.live.asterisk.crowd import Coming, callers
from tests.live.asterisk.day import ends_of
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import HICCUP_S
from tests.live.asterisk.house import House, house, until
from tests.live.asterisk.server import free_port
from tests.live.asterisk.sipp import Party, caller, outsider, telephone

RINGS_AT_MOST_S = 12.0

CALLBACK = """
[queues.talk.callback]
offer_after_s = 0
[queues.talk.announcements]
place = true
wait = false
every_s = 0
"""
_AGENT = """
[agents.{key}]
name = "{key}"
phone = {{ address = "127.0.0.1:{port}" }}
"""


def test_a_stuck_agent_costs_his_callers_seconds_and_none_of_them_his_place(
    tmp_path: Path,
) -> None:
    with house(tmp_path, lost_after_s=5, ring_timeout_s=30) as home, ExitStack() as stack:
        enter = stack.enter_context
        amira = enter(Desk(home.centre.base, "amira"))
        ben = enter(Desk(home.centre.base, "ben"))
        # His telephone has no power: it is rung, and says nothing at all.
        ben.does("ready")
        first = enter(caller(home.server, hertz=1000, stays_s=200))
        ben.is_in("offered", 20)
        rung = time.monotonic()
        ben.is_in("paused", 20)
        assert time.monotonic() - rung < RINGS_AT_MOST_S
        # He is not offered anything again before he says that he is there.
        later = enter(caller(home.server, hertz=1200, stays_s=200))
        amira.waits(2, 20)
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira.does("ready")
        first.ear.hears(600, 20)
        assert ben.view["state"] == "paused"
        # Now hers is gone in the middle of a talk: music for the caller, and she is rung again.
        phone.dies()
        first.ear.hears_sound(20)
        again = enter(telephone(home.ports["amira"], hertz=700))
        first.ear.hears(700, 20)
        again.ear.hears(1000)
        assert amira.view["state"] == "talking"
        amira.does("hang_up")
        amira.is_in("wrap_up")
        amira.does("finish", disposition="helped", note="", ready=True)
        later.ear.hears(700, 20)
        later.hangs_up()
        amira.is_in("wrap_up", 20)
        until(home.is_empty, what="channels are left")
        home.adds_up(2)


HERTZ = {"amira": 600, "ben": 440, "cleo": 500, "dora": 550, "emil": 650, "fay": 700}
RINGS_S = {"fay": 12.0}


class NightOfTheKill:
    """Is a house with a call in every state, each brought there by the one before it."""

    def __init__(self, home: House, stack: ExitStack, ports: dict[str, int]) -> None:
        self._home, self._enter = home, stack.enter_context
        self.desks = {key: self._enter(Desk(home.centre.base, key)) for key in ports}
        for key, port in ports.items():
            phone = telephone(port, hertz=HERTZ[key], rings_s=RINGS_S.get(key, 0.3))
            self._enter(phone)
        # One is in wrap-up, and another has asked a third.
        done = self._comes(800)
        self._takes("dora")
        done.hangs_up()
        self.desks["dora"].is_in("wrap_up")
        self.asked_about = self._comes(900)
        self._takes("emil")
        self.desks["ben"].does("ready")
        self.desks["emil"].does("consult", agent="ben")
        self.desks["ben"].is_in("talking", 20)
        # One will be rung for; one is promised a callback; one is in the menu.
        self.rung, promised = self._comes(1000), self._comes(1100, 2)

        def is_promised() -> bool:
            promised.ear.presses("1")
            return promised.has_ended

        until(is_promised, 20, every_s=1)
        self.answered = self._comes(1200, 3)
        self.waits, self.leaves = self._comes(1300, 4), self._comes(1400, 5)
        self.chooses = self._enter(caller(home.server, hertz=1500, stays_s=300))
        self.chooses.ear.hears_sound()
        # One rings, the callback is half dialled, and the last one was answered this moment.
        self.called_back = self._enter(outsider(home.server, hertz=1600, rings_s=9))
        self._takes("fay", "offered")
        self.offered = self.desks["fay"].view["offer"]["call"]
        self._takes("cleo")
        until(lambda: self.called_back.called, what="nobody was dialled")
        self._takes("amira")

    @property
    def waiting(self) -> int:
        """How many wait, as it is shown to all."""
        return int(self.desks["amira"].view["queues"][0]["waiting"])

    def _comes(self, tone: int, waiting: int = 1) -> Party:
        """Lets somebody call and choose; on return so many wait, he among them."""
        party = self._enter(caller(self._home.server, hertz=tone, stays_s=300))
        party.ear.hears_sound()
        self.chosen(party, waiting)
        return party

    def chosen(self, party: Party, waiting: int) -> None:
        """Lets somebody press the key of the queue, until so many wait."""

        def waits() -> bool:
            party.ear.presses("2")
            return self.waiting == waiting

        until(waits, 20, every_s=1, what=f"not {waiting} wait")

    def _takes(self, key: str, state: str = "talking") -> None:
        self.desks[key].does("ready")
        self.desks[key].is_in(state, 20)


@pytest.mark.timeout(200)
def test_a_kill_finds_each_call_in_another_state_and_leaves_it_there(tmp_path: Path) -> None:
    ports = {key: free_port(SOCK_DGRAM) for key in ("cleo", "dora", "emil", "fay")}
    more = CALLBACK + "".join(_AGENT.format(key=key, port=port) for key, port in ports.items())
    home = House(tmp_path, menu=True, ring_timeout_s=90, more=more, own={"welcome-en": 1800})
    with home.opens(), ExitStack() as stack:
        night = NightOfTheKill(home, stack, ports | home.ports)
        desks = night.desks

        loader, killed = home.centre.loader, time.monotonic()
        assert loader is not None
        home.centre.kill()
        night.leaves.hangs_up()
        until(home.is_routing, 40, what="it does not route again")

        # The program was loaded already.
        assert home.centre.loader == loader
        desks["amira"].waits(1, 20)
        states = {key: desk.view["state"] for key, desk in desks.items()}
        assert states == dict.fromkeys(desks, "talking") | {"dora": "wrap_up", "fay": "offered"}
        night.answered.ear.hears(HERTZ["amira"])
        # What rang rings on, here and there.
        until(lambda: "ACK" in night.called_back.messages, 20, what="it does not ring on")
        night.called_back.speaks_first()
        night.called_back.ear.hears(HERTZ["cleo"], 20)
        night.rung.ear.hears(HERTZ["fay"], 20)
        assert desks["fay"].view["call"]["id"] == night.offered
        for party in (night.answered, night.waits, night.asked_about, night.rung):
            gap = party.ear.longest_gap_s(since=killed - 1)
            assert gap < HICCUP_S, f"silence of {gap:.3f} s"
        desks["emil"].does("complete")
        desks["emil"].is_in("wrap_up")
        night.asked_about.ear.hears(HERTZ["ben"])
        # He hears the menu again, and his key counts; who waited is before him.
        night.chosen(night.chooses, 2)
        desks["dora"].does("finish", disposition="helped", note="", ready=True)
        desks["dora"].is_in("talking", 20)
        night.waits.ear.hears(HERTZ["dora"])
        night.chooses.hangs_up()
        desks["amira"].waits(0)
        for key in ("amira", "ben", "cleo", "dora", "fay"):
            desks[key].does("hang_up")
        until(home.is_empty, what="channels are left")
        stories = home.adds_up(9)
        assert sum("because: left while away" in story for story in stories) == 1


SPANISH_NUMBER, CROWD, CROWD_STAYS_S = "15550177", 78, 20.0
CLOSED_HZ, WELCOME_HZ = 1900, 1700
RENAMED = """
[skills.spanish]
name = "Spanish"
[queues.spanish]
name = "Spanish"
needs = {{ spanish = 1 }}
[lines.spanish]
queue = "spanish"
entries.city = {{ kind = "number", number = "+{number}" }}
[agents.cleo]
name = "Cleo"
phone = {{ address = "127.0.0.1:{cleo}" }}
skills = {{ spanish = 1 }}
[agents.dora]
name = "Dora"
phone = {{ address = "127.0.0.1:{dora}" }}
skills = {{ spanish = 1 }}
"""
CLOSED = """
hours = "never"
closed = { message = "closed-en" }"""
NEVER = """
[hours.never]
weekdays = []
"""


@pytest.mark.timeout(200)
def test_a_rename_at_noon_with_eighty_calls_live_moves_nobody(tmp_path: Path) -> None:
    ports = {key: free_port(SOCK_DGRAM) for key in ("cleo", "dora")}
    home = House(
        tmp_path,
        more=RENAMED.format(number=SPANISH_NUMBER, **ports),
        own={"welcome-en": WELCOME_HZ, "closed-en": CLOSED_HZ},
        lost_after_s=3_600,
    )
    password, role = "correct horse battery", Role.ADMINISTRATOR
    add(home.data, login="ada", password=password, name="Ada", role=role, agent=None)
    with home.opens(), ExitStack() as stack:
        enter = stack.enter_context
        cleo, dora = (enter(Desk(home.centre.base, key)) for key in ports)
        for port, hertz in zip(ports.values(), (500, 550), strict=True):
            enter(telephone(port, hertz=hertz))

        def waits(callers: int, name: str) -> None:
            wanted = (name, callers)
            dora.sees(
                lambda view: wanted in [(q["name"], q["waiting"]) for q in view["queues"]], 20
            )

        talks = enter(caller(home.server, hertz=1000, stays_s=200, number=SPANISH_NUMBER))
        waits(1, "Spanish")
        cleo.does("ready")
        cleo.is_in("talking", 20)
        waits(0, "Spanish")
        first = enter(caller(home.server, hertz=1200, stays_s=200, number=SPANISH_NUMBER))
        waits(1, "Spanish")
        plan = [Coming(number / 40, CROWD_STAYS_S, SPANISH_NUMBER) for number in range(CROWD)]
        crowd = enter(callers(home.server, plan))
        waits(1 + CROWD, "Spanish")

        # Noon.
        at, file = time.monotonic(), tmp_path / "noon.toml"
        text = home.server.config.read_text(encoding="utf-8")
        for before, after in (
            ('[queues.spanish]\nname = "Spanish"', '[queues.spanish]\nname = "Español"'),
            ('queue = "spanish"', 'queue = "spanish"\ngreeting = "welcome-en"'),
            (f'{ports["cleo"]}" }}\nskills = {{ spanish = 1 }}', f'{ports["cleo"]}" }}'),
            ('[lines.main]\nqueue = "talk"', '[lines.main]\nqueue = "talk"' + CLOSED),
        ):
            assert before in text, before
            text = text.replace(before, after)
        file.write_text(text + NEVER, encoding="utf-8")
        who = ("--login", "ada", "--at", home.centre.base, "--password-stdin", "--base", "1")
        said = in_here("publish", file, *who, stdin=f"{password}\n")
        assert "Version 2 is in force" in said.out, said

        # Nobody moved, and nobody heard anything of it.
        waits(1 + CROWD, "Español")
        assert cleo.view["state"] == "talking"
        for party in (talks, first):
            assert party.ear.longest_gap_s(since=at) < HICCUP_S
        # Who calls from now on meets the new lines.
        greeted = enter(caller(home.server, stays_s=200, number=SPANISH_NUMBER))
        greeted.ear.hears(WELCOME_HZ)
        late = enter(caller(home.server, stays_s=200))
        late.ear.hears(CLOSED_HZ)
        assert late.is_over(20)
        # Who speaks no Spanish any more is offered nobody of them; the other the one who is first.
        cleo.does("hang_up")
        cleo.is_in("wrap_up")
        cleo.does("finish", disposition="helped", note="", ready=True)
        dora.does("ready")
        dora.is_in("talking", 20)
        first.ear.hears(550)
        assert cleo.view["state"] == "ready"
        assert crowd.is_over(60), crowd.why()
        assert crowd.said["left"] == CROWD, crowd.why()
        for party in (first, greeted):
            party.hangs_up()
        until(home.is_empty, 20, what="channels are left")
        home.lets_go()
        assert in_here("replay", "--data", home.data, "--check").code == 0
        assert len(ends_of(home.data)[0]) == CROWD + 4
