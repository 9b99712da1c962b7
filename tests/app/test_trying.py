"""A change tried for the page: the same two worlds as of the command, told run by run."""

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest

from openline.app.reading.living import Living
from openline.app.simulating import simulate
from openline.app.trying import tries
from openline.configuration import Published, load
from openline.model import Origin, QueueKey, RefusedError
from openline.planning.try_asked import Callers, Phase, Tried, TryAsked
from openline.simulation.changes import Changes
from openline.simulation.rules import PriorityRule
from tests.cli.command import in_here
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(180)

FEWER = TryAsked(
    callers=Callers.INVENTED,
    since=date(2026, 3, 3),
    days=1,
    runs=8,
    changes=Changes(people=-3),
)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


def told(published: Published, asked: TryAsked, data: Path = SMALL) -> list[Tried]:
    heard: list[Tried] = []
    results = [tried for tried, _ in tries(published, data, asked, heard.append)]
    return [*heard[:-1], *results[:-1], *heard[-1:], *results[-1:]]


def test_every_run_is_told_then_the_search_and_last_what_mends_it(published: Published) -> None:
    found = told(published, FEWER)
    assert [each.phase for each in found] == [
        *[Phase.LIVING] * 8,
        Phase.MENDING,
        Phase.DONE,
    ]
    assert [each.done for each in found[:8]] == list(range(1, 9))
    last = found[-1]
    assert last.leave.value is not None
    assert last.leave.half is not None
    assert last.leave.value > last.leave.half
    assert last.stretch is not None
    assert last.was_mend_looked_for


def test_it_says_what_the_command_says(published: Published) -> None:
    last = told(published, FEWER)[-1]
    said = in_here(
        "compare", SMALL, "--people", "-3", "--start", "2026-03-03", "--runs", "8", "--json"
    )
    answer = json.loads(said.out)
    difference = answer["figures"]["difference"]["abandoned"]
    assert last.leave.value == difference["value"]
    assert last.leave.half == difference["half_width"]
    by_clock = {each.clock: each.difference.value for each in last.half_hours}
    assert by_clock == {
        key: each["value"] for key, each in answer["abandoned_by"]["interval"].items()
    }


def test_halves_of_the_day_add_up_to_the_whole(published: Published) -> None:
    last = told(published, FEWER)[-1]
    assert last.leave.value == pytest.approx(
        sum(each.after - each.before for each in last.half_hours)
    )


def test_callers_are_learnt_from_the_record(published: Published, tmp_path: Path) -> None:
    data = tmp_path / "data"
    simulate(
        published,
        days=7,
        seed=1,
        start=date(2026, 3, 2),
        today=date(2026, 3, 2),
        record=data,
        is_checked=False,
        tell=lambda done, of: None,
    )
    asked = TryAsked(
        callers=Callers.RECORD,
        origin=Origin.SIMULATED,
        since=date(2026, 3, 2),
        days=7,
        runs=2,
        changes=Changes(volume=2.0),
    )
    found = told(published, asked, data)
    assert (found[-1].calls_learnt or 0) > 200
    assert (found[-1].leave.value or 0) > 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (Changes(people=-99), "bad_change"),
        (Changes(rules=(PriorityRule(queue=QueueKey("x"), priority=1),)), "bad_rule"),
    ],
    ids=["people", "rule"],
)
def test_what_makes_no_sense_is_refused(published: Published, changes: Changes, code: str) -> None:
    asked = TryAsked(callers=Callers.INVENTED, since=date(2026, 3, 3), days=1, changes=changes)
    with pytest.raises(RefusedError) as caught:
        told(published, asked)
    assert caught.value.code == code


def test_whoever_stops_ends_the_computation_itself(published: Published) -> None:
    long = TryAsked(
        callers=Callers.INVENTED,
        since=date(2026, 3, 3),
        days=60,
        runs=100,
        changes=Changes(people=-1),
    )

    async def ask() -> None:
        living = Living(SMALL, SMALL.parent, lambda: published)
        running = living.tried(long)
        assert (await anext(running)).done == 1
        # The process has ended when closing returns: it is killed and waited for.
        await running.aclose()
        again = living.tried(FEWER)
        assert (await anext(again)).done == 1
        await again.aclose()

    asyncio.run(ask())
