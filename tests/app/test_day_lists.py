"""When the centre makes the list of a day's calls, and that it is forgotten with the day."""

from contextlib import closing
from pathlib import Path

import pytest

from openline.app import retention as retention_module
from openline.app.key_copies import segment_keys
from openline.app.retention import RETRY_S
from openline.centre.call_lists import open_details, open_filters
from openline.engine import inputs as i
from openline.model import Instant, LegId, PeerError
from openline.reports.call_columns import DayColumns
from openline.sealing.kinds import DAY
from openline.store import CallListRecord, DataFolder
from openline.store.sqlite import SqliteStore
from tests.app.test_retention import Kept, kept_in
from tests.centre.virtual_loop import in_virtual_time

EVER = Instant(2**62)


async def call(kept: Kept, number: int) -> None:
    """Lets somebody call who waits a minute and hangs up."""
    leg = kept.small.arrive(number)
    await kept.after(60)
    kept.small.centre.see(i.LegHungUp(leg=leg))
    await kept.after(60)


def listed(kept: Kept) -> dict[Instant, DayColumns]:
    """Returns what can be read of the lists with the keys that are there."""
    found = {}
    for day, sealed in kept.store.call_list_filters(Instant(0), EVER):
        filters = open_filters(kept.small.segments, day, sealed)
        details = open_details(kept.small.segments, day, kept.store.call_list_details(day) or b"")
        assert filters is not None
        assert details is not None
        found[day] = DayColumns(filters, details)
    return found


def calls_in(columns: DayColumns) -> int:
    return len(columns.details.call) // 8


@in_virtual_time
async def test_a_day_that_is_over_has_a_list_that_a_restart_finds(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        today = Instant(kept.small.centre.clock.now() // DAY * DAY)
        for number in range(3):
            await call(kept, number)
        assert listed(kept) == {}
        await kept.days_pass(2)
        before = listed(kept)
        assert calls_in(before[today]) == 3
        [kind] = before[today].filters.kinds
        assert kind.outcome == "abandoned"
    async with kept_in(tmp_path) as kept:
        assert listed(kept) == before


@in_virtual_time
async def test_a_list_goes_with_the_key_of_its_day_and_a_copy_of_it_opens_no_more(
    tmp_path: Path,
) -> None:
    async with kept_in(tmp_path) as kept:
        await call(kept, 1)
        await kept.days_pass(2)
        [(day, filters)] = kept.store.call_list_filters(Instant(0), EVER)
        details = kept.store.call_list_details(day)
        assert details is not None
        assert open_filters(kept.small.segments, day, filters) is not None
        await kept.days_pass(104)
        assert kept.store.call_list_filters(Instant(0), EVER) == []
        assert open_filters(kept.small.segments, day, filters) is None
        assert open_details(kept.small.segments, day, details) is None
    data = DataFolder(tmp_path)
    with closing(SqliteStore.open_to_read(data.database)) as store:
        assert store.call_list_marks(Instant(0), EVER) == {}
    assert open_filters(segment_keys(data, Instant(0)), day, filters) is None


@in_virtual_time
async def test_a_list_that_is_another_days_or_was_changed_is_not_read(tmp_path: Path) -> None:
    async with kept_in(tmp_path) as kept:
        await call(kept, 1)
        await kept.days_pass(2)
        [(day, filters)] = kept.store.call_list_filters(Instant(0), EVER)
        for moved, body in ((Instant(day + DAY), filters), (day, filters[:-1]), (day, filters[:9])):
            with pytest.raises(PeerError, match="not what was sealed"):
                open_filters(kept.small.segments, moved, body)
        with pytest.raises(PeerError, match="not what was sealed"):
            open_details(kept.small.segments, day, filters)


@in_virtual_time
async def test_a_centre_that_dies_while_it_makes_a_list_makes_it_at_its_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def dies(*_: object) -> None:
        raise PeerError("died")

    async with kept_in(tmp_path) as kept:
        with monkeypatch.context() as planted:
            # Read, sealed, and never written.
            planted.setattr(SqliteStore, "keep_call_list", dies)
            await call(kept, 1)
            await kept.days_pass(2)
            assert kept.store.call_list_marks(Instant(0), EVER) == {}
            assert kept.store.summed_until() > 0
    async with kept_in(tmp_path) as kept:
        [made] = listed(kept).values()
        assert calls_in(made) == 1


@in_virtual_time
async def test_a_list_that_cannot_be_kept_is_tried_again_and_one_that_is_lost_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[CallListRecord] = []

    def refuses(_: SqliteStore, record: CallListRecord) -> None:
        tried.append(record)
        raise PeerError("The disk is full.")

    async with kept_in(tmp_path) as kept:
        with monkeypatch.context() as planted:
            planted.setattr(SqliteStore, "keep_call_list", refuses)
            await call(kept, 1)
            await kept.days_pass(2)
        assert tried
        await kept.after(RETRY_S)
        before = listed(kept)
        assert len(before) == 1
        kept.store.remove_call_lists(list(before))
    async with kept_in(tmp_path) as kept:
        assert listed(kept) == before
        # Sealed anew: never twice under the same number.
        [(_, sealed)] = kept.store.call_list_filters(Instant(0), EVER)
        assert sealed != tried[-1].filters


@in_virtual_time
async def test_a_day_of_which_a_call_goes_on_is_listed_when_that_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_module, "WAITS_AT_MOST", DAY)
    async with kept_in(tmp_path) as kept:
        kept.small.arrive(7)
        await call(kept, 1)
        await kept.days_pass(4)
        assert kept.store.summed_until() > 0
        assert listed(kept) == {}
        kept.small.centre.see(i.LegHungUp(leg=LegId("test:7")))
        await call(kept, 2)
        await kept.days_pass(3)
        first, *_ = listed(kept).values()
        assert calls_in(first) == 2
