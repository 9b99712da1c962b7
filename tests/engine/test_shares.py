from random import Random

import msgspec
import pytest

from openline.engine import PartnerSettings, Settings, ShareSettings
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import CallId, Instant, LegId, LineKey, Origin, PartnerKey, Reason, ShareKey
from tests.builders import agent, line, queue, seconds
from tests.engine.builders import BEGIN, another_version
from tests.engine.rehearsal import Rehearsal, only

ALL, HOUSES = ShareKey("all"), ShareKey("houses")
HOSPITAL, CLINIC = PartnerKey("hospital"), PartnerKey("clinic")
ROOM = queue(LineKey("room"))  # type: ignore[arg-type]  # one word for line and queue
AGENTS = tuple(agent(LineKey(f"a{number}")) for number in range(6))  # type: ignore[arg-type]


def a_centre(*shares: ShareSettings, ceiling_s: int = 0) -> Settings:
    innermost = shares[-1].key
    return another_version(
        lines=(line(LineKey("room"), ROOM.key),),
        queues=(msgspec.structs.replace(ROOM, ceiling=seconds(ceiling_s)),),
        agents=AGENTS,
        partners=(
            PartnerSettings(key=HOSPITAL, begins=BEGIN, share=innermost),
            PartnerSettings(key=CLINIC, begins=Instant(BEGIN + seconds(60)), share=shares[0].key),
        ),
        shares=shares,
    )


def calls(night: Rehearsal, leg: str, partner: str | None = None) -> CallId:
    night.see(
        i.LegArrived(
            leg=LegId(leg),
            line=LineKey("room"),
            origin=Origin.REAL,
            partner=None if partner is None else PartnerKey(partner),
        )
    )
    return night.call(leg).id


def served(night: Rehearsal) -> list[str]:
    """Returns the legs of the calls that ring or are talked in."""
    return [leg for leg, call in night.state.calls_by_leg.items() if not call.is_waiting]


def end(night: Rehearsal, leg: str) -> None:
    """Lets an agent end the call and take the next."""
    agent_key = night.call(leg).agent
    assert agent_key is not None
    night.hang_up(agent_key)
    night.finish(agent_key)
    night.accept(agent_key)


def two_agents(*shares: ShareSettings, ceiling_s: int = 0) -> Rehearsal:
    night = Rehearsal(a_centre(*shares, ceiling_s=ceiling_s))
    for key in ("a0", "a1"):
        night.ready(key)
    return night


def test_a_partner_over_its_limit_is_passed_over_while_the_public_waits() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    calls(night, "sip:h1", "hospital")
    calls(night, "sip:p1")
    for key in ("a0", "a1"):
        night.accept(key)
    held = calls(night, "sip:h2", "hospital")
    calls(night, "sip:p2")
    end(night, "sip:p1")
    assert served(night) == ["sip:h1", "sip:p2"]
    told = only(night.events, e.ShareLimitHeld)
    assert (told.call, told.share, told.serving) == (held, ALL, 1)
    assert told.reason is Reason.SHARE_LIMIT


def test_nobody_is_idle_for_a_limit() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    for number in (1, 2):
        calls(night, f"sip:h{number}", "hospital")
    assert served(night) == ["sip:h1", "sip:h2"]
    assert not [event for event in night.events if isinstance(event, e.ShareLimitHeld)]


def test_a_partner_is_next_again_as_soon_as_its_share_has_room() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    calls(night, "sip:h1", "hospital")
    calls(night, "sip:p1")
    for key in ("a0", "a1"):
        night.accept(key)
    calls(night, "sip:h2", "hospital")
    calls(night, "sip:p2")
    end(night, "sip:h1")
    assert "sip:h2" in served(night), "it came first, and its share has room"


def test_a_partner_whose_caller_went_on_outside_has_room_for_the_next() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    calls(night, "sip:h1", "hospital")
    calls(night, "sip:p1")
    for key in ("a0", "a1"):
        night.accept(key)
    night.transfer("a0", outside="lawyer")
    night.outside_answers("sip:h1", "lawyer")
    calls(night, "sip:h2", "hospital")
    calls(night, "sip:p2")
    end(night, "sip:p1")
    assert "sip:h2" in served(night), "it came first, and no agent serves its partner"


def test_a_limit_holds_past_the_ceiling_too() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1), ceiling_s=30)
    calls(night, "sip:h1", "hospital")
    calls(night, "sip:p1")
    for key in ("a0", "a1"):
        night.accept(key)
    calls(night, "sip:h2", "hospital")
    night.wait(40)
    calls(night, "sip:p2")
    end(night, "sip:p1")
    assert "sip:p2" in served(night)


def test_the_inner_limit_holds_within_the_outer_one() -> None:
    night = two_agents(
        ShareSettings(key=ALL, agents=2), ShareSettings(key=HOUSES, agents=1, within=ALL)
    )
    night.wait(100)
    calls(night, "sip:h1", "hospital")
    calls(night, "sip:p1")
    for key in ("a0", "a1"):
        night.accept(key)
    calls(night, "sip:h2", "hospital")
    calls(night, "sip:c1", "clinic")
    calls(night, "sip:p2")
    end(night, "sip:p1")
    assert served(night) == ["sip:h1", "sip:c1"], "the hospital has its one, the partners two"


@pytest.mark.parametrize(("at_work", "limit"), [(2, 1), (4, 2), (6, 3)])
def test_a_limit_may_be_a_part_of_those_at_work(at_work: int, limit: int) -> None:
    night = Rehearsal(a_centre(ShareSettings(key=ALL, percent=50)))
    for number in range(at_work):
        night.ready(f"a{number}")
    assert night.state.index.callers.limits.limit(ALL, Origin.REAL) == limit


def test_a_partner_is_none_before_its_first_day() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    calls(night, "sip:c1", "clinic")
    assert night.call("sip:c1").partner is None
    night.wait(60)
    calls(night, "sip:c2", "clinic")
    assert night.call("sip:c2").partner == CLINIC


def test_a_transferred_call_is_its_partners_still() -> None:
    night = two_agents(ShareSettings(key=ALL, agents=1))
    calls(night, "sip:h1", "hospital")
    night.accept("a0")
    night.pause("a1")
    night.transfer("a0", queue="room")
    assert night.state.index.callers.limits.serving[ALL, Origin.REAL] == 0
    night.ready("a1")
    assert night.state.index.callers.limits.serving[ALL, Origin.REAL] == 1


@pytest.mark.parametrize("seed", range(3))
def test_hundreds_of_partners_wait_in_order(seed: int) -> None:
    """Every choice is checked against a plain search by the rehearsal."""
    chance = Random(seed)
    keys = [PartnerKey(f"p{number}") for number in range(40)]
    own = [ShareKey(f"own-{key}") for key in keys]
    centre = another_version(
        lines=(line(LineKey("room"), ROOM.key),),
        queues=(ROOM,),
        agents=AGENTS,
        partners=tuple(
            PartnerSettings(key=key, begins=BEGIN, share=share)
            for key, share in zip(keys, own, strict=True)
        ),
        shares=(
            ShareSettings(key=ALL, agents=2),
            *(ShareSettings(key=share, agents=1, within=ALL) for share in own),
        ),
    )
    night = Rehearsal(centre)
    for number in range(6):
        night.ready(f"a{number}")
    for number in range(150):
        calls(night, f"sip:{number}", chance.choice([None, *keys[:10]]))
        if chance.random() < 0.3:
            night.leave(chance.choice(list(night.state.calls_by_leg)))
        free = [one for one in night.state.agents.values() if one.offer is not None]
        for one in free:
            night.accept(one.key)
        busy = [one for one in night.state.agents.values() if one.call in night.state.calls]
        if busy and chance.random() < 0.6:
            one = chance.choice(busy)
            night.hang_up(one.key)
            night.finish(one.key)
        night.wait(1)
    assert any(isinstance(event, e.ShareLimitHeld) for event in night.events)
