"""Night 15: alone at 03:00.

Amira is the only one at work. She talks; then somebody in a crisis calls. He is told the truth
about his place and stands before everybody who is in no crisis; when three quarters of a minute
have gone by, the two at home are rung although Amira is at work, for she is not free. Whoever comes
takes him, and the next is the second person that Amira wants for a call of her own.

The configuration is the one that the guide to ringing people at home gives.
"""

import re
from pathlib import Path

from openline.configuration import load_text
from openline.engine import CallState
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.mix import Hears
from openline.model import LegId
from tests.engine.rehearsal import Rehearsal, only

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "ring-people-at-home.md"


def a_night() -> Rehearsal:
    """Amira is alone and talks with somebody of the evening line."""
    text = GUIDE.read_text(encoding="utf-8")
    (written,) = re.findall(r"```toml\n(\[centre\].*?)```", text, flags=re.DOTALL)
    night = Rehearsal(load_text(written, "the guide", version=1).settings)
    night.ready("amira")
    night.arrive("sip:first", "evening")
    night.hear_greeting("sip:first")
    night.accept("amira")
    night.wait(60)
    return night


def in_a_crisis(night: Rehearsal, leg: str = "sip:crisis") -> None:
    night.arrive(leg, "crisis")
    night.hear_greeting(leg)


def rung(night: Rehearsal) -> list[str]:
    orders = [order for step in night.steps for order in step.outcome.commands]
    return [order.agent for order in orders if isinstance(order, c.RingOnCall)]


def test_a_night_alone_and_then_not() -> None:
    night = a_night()

    # The second caller hears his true place at once, and again while he waits.
    in_a_crisis(night)
    night.wait(44)
    orders = [order for step in night.steps for order in step.outcome.commands]
    told = [order for order in orders if isinstance(order, c.AnnounceWait)]
    assert [(order.leg, order.place) for order in told] == [("sip:crisis", 1)] * 2
    assert rung(night) == [], "Amira may still be free in time"

    # After three quarters of a minute he is no longer hers alone: home is rung, once.
    arrived = night.call("sip:crisis").waiting_since
    night.wait(2)
    assert rung(night) == ["carmen", "ben"]
    assert night.call("sip:crisis").waiting_since == arrived, "he keeps his place"
    night.wait(120)
    assert rung(night) == ["carmen", "ben"]

    # Carmen is there after two minutes, and he is the first whom she hears.
    night.ready("carmen")
    assert night.agent_offered("sip:crisis") == "carmen"
    night.accept("carmen")
    assert only(night.events, e.OnCallRung).agents == ("carmen", "ben")

    # Amira's own call has become hard. Ben has come too: he joins her, and she is not alone.
    night.ready("ben")
    night.third("amira", to="ben")
    outcome = night.accept("ben")
    heard = only(outcome.commands, c.MixCall).hears
    first, amira, ben = LegId("sip:first"), LegId("desk:amira"), LegId("desk:ben")
    assert Hears(leg=first, others=(amira, ben)) in heard
    night.wait(300)

    # Both callers end when they want to, and nobody is left behind.
    night.leave("sip:crisis")
    night.leave("sip:first")
    assert not night.state.calls


def test_she_takes_him_herself_if_she_is_free_before_they_come() -> None:
    night = a_night()
    in_a_crisis(night)
    night.wait(100)
    night.hang_up("amira")
    night.finish("amira")
    assert night.agent_offered("sip:crisis") == "amira"
    night.accept("amira")
    night.ready("carmen")
    assert night.agent("carmen").offer is None, "there is nobody left to take"


def test_who_is_in_a_crisis_comes_before_who_has_waited_longer() -> None:
    night = a_night()
    night.arrive("sip:second", "evening")
    night.hear_greeting("sip:second")
    night.wait(200)
    in_a_crisis(night)
    night.wait(10)
    night.hang_up("amira")
    night.finish("amira")
    assert night.agent_offered("sip:crisis") == "amira"
    assert night.call("sip:second").state is CallState.QUEUED


def test_nobody_at_home_is_rung_for_a_call_that_she_can_take() -> None:
    night = a_night()
    night.hang_up("amira")
    night.finish("amira")
    in_a_crisis(night)
    assert night.agent_offered("sip:crisis") == "amira"
    night.accept("amira")
    night.wait(900)
    assert rung(night) == []


def test_the_list_is_rung_again_for_another_when_the_first_is_helped() -> None:
    night = a_night()
    in_a_crisis(night)
    night.wait(60)
    night.leave("sip:crisis")
    night.wait(30)
    in_a_crisis(night, "sip:another")
    night.wait(46)
    assert rung(night) == ["carmen", "ben", "carmen", "ben"]
