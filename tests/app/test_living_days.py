"""Days lived for the page: what the commands say, run by run, and all that computes is ended."""

import asyncio
import json
import os
from datetime import date
from pathlib import Path

import pytest

from openline.app.living_days import lives_days
from openline.app.reading.living import Living
from openline.app.sharing import ALONE, Shared
from openline.app.simulating import simulate
from openline.configuration import Published, load
from openline.model import Origin, RefusedError
from openline.planning.study_asked import MOST_DAYS, Lived, StudyAsked
from openline.planning.try_asked import Callers, Phase
from tests.cli.command import in_here
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(180)

INVENTED = StudyAsked(callers=Callers.INVENTED, since=date(2026, 3, 3), days=1, runs=10)


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


def told(
    published: Published, asked: StudyAsked, data: Path = SMALL, shared: Shared = ALONE
) -> list[Lived]:
    heard: list[Lived] = []
    found = list(lives_days(published, data, asked, shared, heard.append))
    return [*heard, *found]


def test_a_study_says_what_the_command_says(published: Published) -> None:
    found = told(published, INVENTED)
    assert [each.done for each in found] == list(range(1, 11))
    assert [each.phase for each in found[-2:]] == [Phase.LIVING, Phase.DONE]
    said = in_here("simulate", "--config", SMALL, "--start", "2026-03-03", "--runs", "10", "--json")
    groups = json.loads(said.out)["groups"]
    whole = {each.key: each.lived for each in found[-1].whole}
    figures = groups[0]["figures"]
    assert whole["service_level"].value == figures["service_level"]["value"]
    assert whole["abandoned"].half == figures["abandoned"]["half_width"]
    parts = {(each.per, each.key) for each in found[-1].parts}
    # Half hours in which nobody calls are left out.
    assert parts == {
        (each["per"], each["key"])
        for each in groups
        if each["per"] != "all" and each["figures"]["offered"]["value"]
    }


def test_it_is_equal_whoever_shares_the_runs(published: Published) -> None:
    assert (
        told(published, INVENTED)[-1] == told(published, INVENTED, shared=Shared(processes=2))[-1]
    )


def test_it_stops_by_itself_or_says_that_it_could_not(published: Published) -> None:
    week = StudyAsked(callers=Callers.INVENTED, since=date(2026, 3, 3), days=14, runs=None)
    last = told(published, week, shared=Shared(processes=2))[-1]
    assert last.phase is Phase.DONE
    assert last.is_precise
    figures = {each.key: each.lived.half or 1.0 for each in last.whole}
    assert max(figures["service_level"], figures["abandon_rate"]) <= 0.01


def test_the_twin_is_held_against_its_record(published: Published, tmp_path: Path) -> None:
    data = tmp_path / "data"
    simulate(
        published,
        days=14,
        seed=1,
        start=date(2026, 3, 2),
        today=date(2026, 3, 2),
        record=data,
        is_checked=False,
        tell=lambda done, of: None,
    )
    asked = StudyAsked(
        callers=Callers.RECORD,
        origin=Origin.SIMULATED,
        since=date(2026, 3, 2),
        days=14,
        runs=10,
    )
    found = told(published, asked, data)
    assert found[0].phase is Phase.READING
    last = found[-1]
    assert last.learnt is not None
    assert last.learnt.calls > 500
    assert last.learnt.bands[0].from_days == 0
    assert [line.line for line in last.learnt.lines] == ["evening"]
    fits = [each.fits for each in last.whole]
    assert sum(each is True for each in fits) >= len(fits) - 2
    said = in_here(
        *("twin", "--config", SMALL, "--data", data, "--origin", "simulated", "--runs", "10"),
        *("--from", "2026-03-02", "--to", "2026-03-15", "--json"),
    )
    figures = json.loads(said.out)["figures"]
    assert {each.key: each.recorded for each in last.whole if each.key == "offered"} == {
        "offered": figures["offered"]["recorded"]
    }
    assert [each.fits for each in last.whole] == [each["is_within"] for each in figures.values()]


@pytest.mark.parametrize("days", [0, MOST_DAYS + 1])
def test_days_that_make_no_sense_are_refused(published: Published, days: int) -> None:
    asked = StudyAsked(callers=Callers.INVENTED, since=date(2026, 3, 3), days=days, runs=10)
    with pytest.raises(RefusedError) as caught:
        told(published, asked)
    assert caught.value.code == "bad_span"


def test_whoever_stops_ends_all_that_computes(published: Published) -> None:
    long = StudyAsked(callers=Callers.INVENTED, since=date(2026, 3, 3), days=60, runs=100)

    async def ask() -> None:
        living = Living(SMALL, SMALL.parent, lambda: published)
        running = living.days(long)
        assert (await anext(running)).done == 1
        before = _groups_of_children()
        assert len(before) == 1
        await running.aclose()
        assert not _is_anybody_in(before)

    asyncio.run(ask())


def _groups_of_children() -> set[int]:
    """Returns the process groups, other than ours, of which a child of ours is the head."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and int(fields[2]) == int(path.parent.name):
            found.add(int(fields[2]))
    return found


def _is_anybody_in(groups: set[int]) -> bool:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) in groups and fields[0] != "Z":
            return True
    return False
