import msgspec
import pytest

from openline.engine import AgentState, CallState, Snapshot, State
from openline.engine import inputs as i
from openline.invariants import reread, written
from openline.model import AgentKey
from tests.engine.builders import ANA, BEN, CLEO, DORA, another_version
from tests.engine.rehearsal import Rehearsal


def _a_busy_night() -> Rehearsal:
    night = Rehearsal()
    night.talk("ana", "web:1")
    night.hold("ana")
    night.arrive("web:2", line="public")
    night.arrive("web:3")
    night.arrive("web:4")
    night.ready("ben")
    night.lose("web:4")
    night.arrive("web:5", line="crisis")
    return night


def test_a_snapshot_gives_the_same_state_byte_for_byte() -> None:
    night = _a_busy_night()
    assert written(reread(night.state)) == written(night.state)


def test_a_restored_state_knows_everybody_by_their_leg() -> None:
    night = _a_busy_night()
    again = reread(night.state)
    assert {leg: call.id for leg, call in again.calls_by_leg.items()} == {
        leg: call.id for leg, call in night.state.calls_by_leg.items()
    }
    assert list(again.agents_by_leg) == list(night.state.agents_by_leg)


def test_a_snapshot_of_another_shape_is_not_read() -> None:
    whole = msgspec.msgpack.decode(written(Rehearsal().state))
    whole["favourite_colour"] = "blue"
    with pytest.raises(msgspec.ValidationError, match="favourite_colour"):
        msgspec.convert(whole, Snapshot)


def test_a_new_state_knows_nobody() -> None:
    state = State()
    assert not state.calls
    assert not state.agents
    assert state.index.deadlines.next_due() is None


def test_agents_keep_what_they_are_doing_when_the_configuration_changes() -> None:
    night = Rehearsal()
    night.talk("ana", "web:1")
    night.see(
        i.ConfigurationPublished(settings=another_version(agents=(DORA, CLEO, BEN, ANA))),
    )
    assert night.agent("ana").state is AgentState.TALKING
    assert night.call("web:1").state is CallState.TALKING
    assert [agent.number for agent in night.state.agents.values()] == [0, 1, 2, 3]
    assert list(night.state.agents) == ["dora", "cleo", "ben", "ana"]


def test_an_agent_who_is_no_longer_configured_is_forgotten() -> None:
    night = Rehearsal()
    night.see(i.ConfigurationPublished(settings=another_version(agents=(ANA, BEN, CLEO))))
    assert AgentKey("dora") not in night.state.agents
