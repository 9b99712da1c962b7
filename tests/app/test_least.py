"""The least people with skills: every target is reached, and no kind can lose one more."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app.least import kinds_of, least_people
from openline.app.sharing import ALONE
from openline.app.study import Scenario, scenario_of, study
from openline.configuration import load
from openline.model import QueueKey, RefusedError
from openline.reports.runs import Estimate, Group, Per, estimates
from openline.simulation.changes import World, evenly, without

SMALL = Path(__file__).parents[2] / "examples" / "small-line.toml"
TALK = QueueKey("talk")
RUNS = 3


def an_evening() -> Scenario:
    return scenario_of(load(SMALL), start=date(2026, 3, 3), days=1, seed=1)


def level(scenario: Scenario, world: World) -> float:
    tried = msgspec.structs.replace(scenario, world=world)
    (found,) = study(
        (tried,), runs=RUNS, precision=None, shared=ALONE, tell=lambda done, best: None
    )
    runs = [run.of() for run in found.runs]
    each: Estimate = estimates(runs, Group(Per.QUEUE, TALK), ["service_level"])["service_level"]
    assert each.value is not None
    return each.value


def untold(words: str) -> None:
    pass


def test_no_kind_can_lose_one_more() -> None:
    scenario = an_evening()
    found = least_people(scenario, {TALK: 0.3}, runs=RUNS, shared=ALONE, tell=untold)
    assert found.added == 0
    assert 0 < found.needed < found.before
    world = scenario.world
    assert isinstance(world, World)
    kept = [count for _, count in found.kinds]

    def lives_with(counts: list[int]) -> float:
        gone = [
            kind.agents[place]
            for (kind, _), count in zip(found.kinds, counts, strict=True)
            if count < len(kind.agents)
            for place in evenly(len(kind.agents) - count, len(kind.agents))
        ]
        return level(scenario, without(world, gone))

    assert lives_with(kept) >= 0.3
    assert lives_with(kept) == found.levels[TALK].value
    for place, count in enumerate(kept):
        if count > 0 and sum(kept) > 1:
            assert lives_with([*kept[:place], count - 1, *kept[place + 1 :]]) < 0.3


def test_a_roster_that_is_too_small_is_added_to() -> None:
    found = least_people(an_evening(), {TALK: 0.6}, runs=RUNS, shared=ALONE, tell=untold)
    assert found.added > 0
    reached = found.levels[TALK].value
    assert reached is not None
    assert reached >= 0.6


def test_a_target_that_nobody_reaches_is_said() -> None:
    with pytest.raises(RefusedError, match=r"out of reach: not even \d+ people"):
        least_people(an_evening(), {TALK: 1.0}, runs=2, shared=ALONE, tell=untold)


def test_without_a_target_there_is_no_least() -> None:
    with pytest.raises(RefusedError, match="No queue has a service level"):
        least_people(an_evening(), {}, runs=2, shared=ALONE, tell=untold)


def test_kinds_hold_everybody_once() -> None:
    world = scenario_of(
        load(SMALL.with_name("yardstick.toml")), start=date(2026, 3, 3), days=1, seed=1
    ).world
    assert isinstance(world, World)
    agents = [agent for kind in kinds_of(world) for agent in kind.agents]
    assert sorted(agents) == sorted(a for group in world.profile.colleagues for a in group.agents)
    assert len({(kind.skills, kind.hours) for kind in kinds_of(world)}) == len(kinds_of(world))
