from collections.abc import Container
from typing import Any

from openline.engine import inputs as i
from openline.model import AgentKey, LegId, LineKey, Origin
from openline.telephony.asterisk.calling import Known
from openline.telephony.asterisk.stock import Stock, arrived_input, read_stock, take
from tests.engine.rehearsal import Rehearsal

CALLER = LegId("sip:x-1")


def channel(name: str, place: str = "", app: str = "Stasis", line: str = "direct") -> Any:
    return {
        "id": name,
        "channelvars": {"OPENLINE_LINE": line, "OPENLINE_PLACE": place},
        "dialplan": {"app_name": app},
    }


def stock(*channels: Any, talking: tuple[str, ...] = (), there: bool = True) -> Stock:
    phone = {"resource": "phone-ben", "state": "online" if there else "offline"}
    bridges = [{"id": "talk-1", "channels": list(talking)}]
    return read_stock({"status": {"startup_time": "t"}}, list(channels), bridges, [phone])


def taken(
    night: Rehearsal,
    found: Stock,
    *,
    new: frozenset[LegId] = frozenset(),
    asked: Container[AgentKey] = (),
) -> Any:
    return take(
        night.state,
        found,
        left=i.HangUp.WHILE_AWAY,
        new_since=new,
        arrives=lambda arrived: arrived_input(arrived, Known()),
        asked=asked,
    )


def talking() -> Rehearsal:
    night = Rehearsal()
    night.see(i.SignInRequested(agent=BEN, leg=LegId("sip:phone-ben"), origins=(Origin.REAL,)))
    night.see(i.ReadyRequested(agent=BEN))
    night.arrive("sip:x-1")
    night.see(i.AcceptRequested(agent=BEN, offer=night.offer_to("ben")))
    return night


BEN = Rehearsal().state.settings.agents[1].key


def test_who_has_left_meanwhile_is_closed_and_marked() -> None:
    night = Rehearsal()
    night.arrive("sip:x-1")
    found = taken(night, stock())
    assert found.inputs == (i.LegHungUp(leg=CALLER, why=i.HangUp.WHILE_AWAY),)
    assert found.legs == ()


def test_who_came_after_the_question_is_not_missed() -> None:
    night = Rehearsal()
    night.arrive("sip:x-1")
    assert taken(night, stock(), new=frozenset({CALLER})).inputs == ()


def test_who_waits_is_back_at_his_place() -> None:
    night = Rehearsal()
    night.arrive("sip:x-1")
    found = taken(night, stock(channel("x-1", "music quiet")))
    assert found.legs == (CALLER,)
    assert found.inputs == (i.LegReturned(leg=CALLER),)


def test_who_came_while_nobody_was_here_has_just_arrived() -> None:
    (seen,) = taken(Rehearsal(), stock(channel("x-9"))).inputs
    assert isinstance(seen, i.LegArrived)
    assert (seen.leg, seen.line) == ("sip:x-9", LineKey("direct"))


def test_who_still_hears_the_dialplans_music_comes_by_himself() -> None:
    found = taken(Rehearsal(), stock(channel("x-9", app="MusicOnHold")))
    assert found.inputs == ()
    assert found.orphans == ()


def test_who_was_told_of_and_is_not_on_record_is_hung_up() -> None:
    assert taken(Rehearsal(), stock(channel("x-9", "music quiet"))).orphans == ("x-9",)


def test_a_conversation_goes_on_in_its_session() -> None:
    night = talking()
    ring = f"ring-{night.call('sip:x-1').accepted}-ben"
    found = taken(
        night,
        stock(channel("x-1", "talk talk-1"), channel(ring, line=""), talking=("x-1", ring)),
    )
    assert i.LegReturned(leg=CALLER, session=1) in found.inputs
    assert found.orphans == ()


def test_an_agent_who_is_not_on_the_line_any_more_is_rung_again() -> None:
    night = talking()
    found = taken(night, stock(channel("x-1", "talk talk-1"), talking=("x-1",)))
    assert found.inputs == (
        i.LegReturned(leg=CALLER, session=None),
        i.LegLost(leg=LegId("sip:phone-ben")),
        i.LegReturned(leg=LegId("sip:phone-ben")),
    )


def test_an_agents_channel_without_a_conversation_is_an_orphan() -> None:
    ring = channel("ring-77-ben", line="")
    assert taken(Rehearsal(), stock(ring)).orphans == ("ring-77-ben",)


def test_an_agent_who_picked_up_meanwhile_has_accepted() -> None:
    night = Rehearsal()
    night.see(i.SignInRequested(agent=BEN, leg=LegId("sip:phone-ben"), origins=(Origin.REAL,)))
    night.see(i.ReadyRequested(agent=BEN))
    night.arrive("sip:x-1")
    offer = night.offer_to("ben")
    found = taken(
        night, stock(channel("x-1", "music quiet"), channel(f"ring-{offer}-ben", line=""))
    )
    assert found.inputs[-1] == i.AcceptRequested(agent=BEN, offer=offer)


def test_whoever_picked_up_an_ordinary_telephone_has_accepted_nothing() -> None:
    night = Rehearsal()
    night.see(i.SignInRequested(agent=BEN, leg=LegId("sip:phone-ben"), origins=(Origin.REAL,)))
    night.see(i.ReadyRequested(agent=BEN))
    night.arrive("sip:x-1")
    ring = channel(f"ring-{night.offer_to('ben')}-ben", "ask press-to-take-en", line="")
    found = taken(night, stock(channel("x-1", "music quiet"), ring, there=False), asked={BEN})
    assert found.inputs == (i.LegReturned(leg=CALLER),)
    assert found.orphans == ()


def test_a_telephone_that_cannot_be_reached_is_lost() -> None:
    night = Rehearsal()
    night.see(i.SignInRequested(agent=BEN, leg=LegId("sip:phone-ben"), origins=(Origin.REAL,)))
    assert taken(night, stock(there=False)).inputs == (i.LegLost(leg=LegId("sip:phone-ben")),)


def test_a_bridge_that_nobody_is_in_is_ended() -> None:
    assert taken(Rehearsal(), stock()).empty == ("talk-1",)
