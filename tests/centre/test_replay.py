import sqlite3
from pathlib import Path

import pytest

from openline.centre.codec import state_hash
from openline.centre.replay import Replayed, replay_store
from openline.engine import Agent, Call, State
from openline.engine.decisions import acts
from openline.model import Instant, PeerError
from openline.sealing import SegmentKeys
from openline.store.sqlite import SqliteStore
from tests.builders import BEN, CARLA
from tests.centre.small_centre import keys_of, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time


@in_virtual_time
async def keep_a_record(folder: Path, names: list[str]) -> None:
    """Writes the record of an evening in two runs; `names` takes the state's name at its end."""
    async with open_centre(folder) as small:
        small.ready(BEN)
        await advance(1)
        small.ready(CARLA)
        small.arrive(1)
        await advance(25)
        small.wall_offset += 5_000_000
        small.arrive(2)
    async with open_centre(folder) as small:
        small.arrive(3)
        await advance(60)
        await small.durable()
        names.append(state_hash(small.centre.durable))


def replayed(folder: Path) -> Replayed:
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    try:
        return replay_store(store, keys_of(folder))
    finally:
        store.close()


def test_a_record_lived_again_agrees_and_ends_in_the_same_state(tmp_path: Path) -> None:
    names: list[str] = []
    keep_a_record(tmp_path, names)
    again = replayed(tmp_path)
    assert [again.state] == names
    assert again.steps > 10


def test_an_empty_record_agrees(tmp_path: Path) -> None:
    store = SqliteStore.open(tmp_path / "openline.sqlite", now=Instant(0), program_version="test")
    nothing = Replayed(steps=0, state=state_hash(State()), forgotten_until=0)
    assert replay_store(store, SegmentKeys()) == nothing
    store.close()


def test_a_routing_that_decides_otherwise_is_found_at_its_first_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_a_record(tmp_path, [])

    def shortest_idle(state: State, call: Call) -> Agent | None:
        idle = [agent for agent in state.agents.values() if agent.is_idle]
        return max(idle, key=lambda agent: agent.idle_since) if idle else None

    monkeypatch.setattr(acts, "next_agent", shortest_idle)
    # 1 and 2 begin the centre, 3 to 6 are the agents', 7 is the first call: Ben had waited longer.
    with pytest.raises(PeerError, match=r"^step 7 \(LegArrived\) leads to .*CallOffered.* then"):
        replayed(tmp_path)


def test_a_change_by_hand_is_found_by_its_step(tmp_path: Path) -> None:
    keep_a_record(tmp_path, [])
    with sqlite3.connect(tmp_path / "openline.sqlite") as connection:
        connection.execute("UPDATE journal SET at = at + 1 WHERE step = 4")
    connection.close()
    with pytest.raises(PeerError, match=r"^step 4 was changed"):
        replayed(tmp_path)


def test_a_record_that_forgot_its_beginning_is_lived_again_from_the_next_segment_on(
    tmp_path: Path,
) -> None:
    names: list[str] = []
    keep_a_record(tmp_path, names)
    store = SqliteStore.open(tmp_path / "openline.sqlite", now=Instant(0), program_version="test")
    opening = store.opening_snapshot(1)
    assert opening is not None
    store.forget(opening.step)
    store.close()
    again = replayed(tmp_path)
    assert (again.forgotten_until, again.state) == (opening.step, names[0])
