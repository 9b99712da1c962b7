"""The sums that stay are those of the fold over the events, to the last call."""

import random
from pathlib import Path

import pytest

from openline.centre import sums as sums_module
from openline.centre.recovery import steps_since
from openline.centre.sums import DaySums, KeptSums, kept_sums, next_day
from openline.engine import inputs as i
from openline.measures import INTERVAL, AgentTime, Attendance, Fold, Slice, Slices, Tally, of
from openline.model import Duration, Instant, LegId, Origin
from openline.sealing.kinds import DAY
from openline.store.sqlite import SqliteStore
from tests.builders import BEN, CARLA, EN, ES, a_centre
from tests.centre.small_centre import BEGIN, SmallCentre, keys_of, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

SECOND_DAY = Instant(BEGIN - BEGIN % DAY + DAY)
TARGETS = {queue.key: Duration(20_000_000) for queue in a_centre().queues}


async def live(small: SmallCentre, chance: random.Random, hours: int) -> None:
    """Lets people call, wait, be answered and give up."""
    for number in range(hours * 6):
        origin = chance.choice([Origin.REAL, Origin.REAL, Origin.PRACTICE])
        leg = LegId(f"test:{small.centre.durable.step}-{number}")
        small.centre.see(i.LegArrived(leg=leg, line=chance.choice([EN, ES]), origin=origin))
        for _ in range(4):
            await advance(chance.uniform(20, 130))
            for offer in list(small.state.offers.values()):
                if chance.random() < 0.6:
                    small.centre.see(i.AcceptRequested(agent=offer.agent, offer=offer.id))
        if chance.random() < 0.7:
            small.centre.see(i.LegHungUp(leg=leg))
        await small.durable()


@in_virtual_time
async def keep_a_record(folder: Path, hours: int) -> None:
    """Writes the record of an evening and a night, in two runs."""
    chance = random.Random(7)
    for _ in range(2):
        async with open_centre(folder) as small:
            small.ready(CARLA)
            small.ready(BEN)
            await live(small, chance, hours)
            await advance(3600)


def summed(folder: Path, begin: Instant) -> tuple[list[KeptSums], bool]:
    """Sums a day, keeps it and reads it again."""
    store = SqliteStore.open(folder / "openline.sqlite", now=begin, program_version="test")
    day = DaySums(store, keys_of(folder), begin, targets=TARGETS, short_abandons={})
    for _ in day.run():
        pass
    store.keep_sums(day.end, day.records())
    kept = kept_sums(store, begin, day.end)
    store.close()
    return kept, day.is_settled


def folded(folder: Path, begin: Instant) -> dict[Instant, tuple[Tally, AgentTime]]:
    """Folds all events at once, and returns what belongs to real calls of the day."""

    def slice_of(at: Instant) -> Slice:
        start = Instant(at - at % INTERVAL)
        return Slice(start, Instant(start + INTERVAL))

    books = Slices(slice_of)
    fold = Fold(settings=a_centre(), targets=TARGETS, books=books)
    attendance = Attendance(slice_of, begin=Instant(0))
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    for at, events in steps_since(store, keys_of(folder), Instant(0)):
        for event in events:
            fold.notice(at, event)
            if at < begin + DAY:
                attendance.notice(at, event)
    store.close()
    attendance.settle(Instant(begin + DAY))
    found = {}
    for start in range(begin, begin + DAY, INTERVAL):
        quarter = slice_of(Instant(start))
        sums = (
            of(books.cells(quarter), origins=[Origin.REAL]),
            attendance.time(quarter, [Origin.REAL]),
        )
        if sums != (Tally(), AgentTime()):
            found[quarter.start] = sums
    return found


@pytest.mark.parametrize("begin", [Instant(SECOND_DAY - DAY), SECOND_DAY], ids=["first", "second"])
def test_the_sums_of_a_day_are_those_of_a_fold_over_all_events(
    begin: Instant, tmp_path: Path
) -> None:
    keep_a_record(tmp_path, hours=3)
    kept, _ = summed(tmp_path, begin)
    expected = folded(tmp_path, begin)
    assert sum(tally.offered for tally, _ in expected.values()) > 3
    found = {each.start: (of(each.calls, origins=[Origin.REAL]), each.agents) for each in kept}
    assert found == expected
    for each in kept:
        for cell in each.calls:
            assert cell.origin is Origin.REAL


def test_a_day_is_settled_when_all_that_began_in_it_has_ended(tmp_path: Path) -> None:
    @in_virtual_time
    async def wait_on() -> None:
        async with open_centre(tmp_path) as small:
            small.arrive(1)
            await advance(3 * 86_400)
            small.arrive(2, EN)
            await small.durable()

    wait_on()
    kept, is_settled = summed(tmp_path, Instant(SECOND_DAY - DAY))
    assert not is_settled
    assert [of(each.calls, origins=[Origin.REAL]).offered for each in kept] == [1]
    _, is_settled = summed(tmp_path, SECOND_DAY)
    assert is_settled


def test_days_are_summed_in_order_and_empty_ones_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_virtual_time
    async def call_twice() -> None:
        async with open_centre(tmp_path) as small:
            small.arrive(1)
            await advance(10 * 86_400)
            small.arrive(2, EN)
            await small.durable()

    monkeypatch.setattr(sums_module, "STEPS_AT_ONCE", 1)
    store = SqliteStore.open(tmp_path / "openline.sqlite", now=SECOND_DAY, program_version="test")
    assert next_day(store) is None
    store.close()
    call_twice()
    store = SqliteStore.open(tmp_path / "openline.sqlite", now=SECOND_DAY, program_version="test")
    first = SECOND_DAY - DAY
    assert next_day(store) == first
    store.keep_sums(SECOND_DAY, [])
    assert next_day(store) == first + 10 * DAY
    store.keep_sums(Instant(first + 11 * DAY), [])
    assert next_day(store) is None
    store.close()
