"""A plan is lived by a process of its own, which ends when nobody listens any more."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from openline.app.reading.living import AT_ONCE, Living
from openline.configuration import Published, load
from openline.model import RefusedError
from openline.planning.plan_asked import Assumptions, LivedPlan, Plan, PlanAsked
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(120)

HOURS = "\n".join(f"2026-03-02 {hour:02d}:00;{6 + hour % 3}" for hour in range(24))
CALLS = f"timestamp;mean\n{HOURS}".encode()
ROSTER = b"person;start;end\n" + b"\n".join(
    f"P{at};2026-03-02 08:00;2026-03-02 20:00".encode() for at in range(4)
)
PLAN = Plan(calls=CALLS, roster=ROSTER, assumptions=Assumptions(aht_s=600.0))


@pytest.fixture(scope="module")
def published() -> Published:
    return load(SMALL)


def run(ask: Callable[[Living], Awaitable[None]], published: Published, config: Path) -> None:
    async def asked() -> None:
        await ask(Living(config, config.parent, lambda: published))

    asyncio.run(asked())


def test_every_run_is_told_and_the_same_plan_goes_the_same_way(published: Published) -> None:
    async def ask(living: Living) -> None:
        found: list[list[LivedPlan]] = []
        for _ in range(2):
            found.append([told async for told in living.lived(PlanAsked(plan=PLAN))])
        assert found[0] == found[1]
        assert [told.done for told in found[0]] == list(range(1, 21))
        last = found[0][-1]
        assert len(last.intervals) == 24
        assert last.leave.half is not None
        assert last.leave.half < (found[0][4].leave.half or 0)
        assert last.fewer is None

    run(ask, published, SMALL)


def test_the_same_table_with_other_ends_of_lines_is_no_change(published: Published) -> None:
    as_sent = Plan(
        calls=CALLS.replace(b"\n", b"\r\n"),
        roster=ROSTER.replace(b"\n", b"\r\n"),
        assumptions=PLAN.assumptions,
    )

    async def ask(living: Living) -> None:
        stream = living.lived(PlanAsked(plan=as_sent, was=PLAN))
        assert (await anext(stream)).fewer is None
        await stream.aclose()

    run(ask, published, SMALL)


def test_whoever_stops_ends_the_process_and_makes_room_for_others(published: Published) -> None:
    async def ask(living: Living) -> None:
        streams = [living.lived(PlanAsked(plan=PLAN)) for _ in range(AT_ONCE)]
        for stream in streams:
            assert (await anext(stream)).done == 1
        with pytest.raises(RefusedError) as caught:
            await anext(living.lived(PlanAsked(plan=PLAN)))
        assert caught.value.code == "busy"
        await streams[0].aclose()
        more = living.lived(PlanAsked(plan=PLAN))
        assert (await anext(more)).done == 1
        for stream in (streams[1], more):
            await stream.aclose()

    run(ask, published, SMALL)


def test_what_cannot_be_lived_is_refused_in_words(published: Published) -> None:
    async def ask(living: Living) -> None:
        with pytest.raises(RefusedError) as caught:
            await anext(
                living.lived(PlanAsked(plan=Plan(calls=CALLS, assumptions=Assumptions(aht_s=60.0))))
            )
        assert caught.value.code == "no_roster"

    run(ask, published, SMALL)
