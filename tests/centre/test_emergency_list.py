"""Does a change of the emergency services take two persons and a day, to the second (P9)?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import structlog

from openline.centre.emergency_list import DELAY, EmergencyList
from openline.centre.publishing import Configured, Publishing
from openline.configuration import load_text
from openline.model import SECOND, Instant, OutsideKey, RefusedError
from openline.store import ConfigurationRecord
from tests.centre import small_centre
from tests.centre.small_centre import BEGIN, SmallCentre, open_centre
from tests.centre.small_published import TEXT
from tests.centre.virtual_loop import advance, in_virtual_time

AMBULANCE = OutsideKey("ambulance")
LISTED = TEXT + '\n[outside.ambulance]\nname = "Ambulance"\nkind = "emergency"\nnumber = "112"\n'
ALTERED = LISTED.replace('"112"', '"+1 512 555 0100"')
REMOVED = TEXT
ADDED = LISTED + '\n[outside.fire]\nkind = "emergency"\nnumber = "101"\n'
RENAMED = ALTERED.replace('es = "Llamadas en español"', 'es = "Español"')
REUSED = ALTERED.replace('kind = "emergency"', 'kind = "service"')
DAY_S = DELAY / SECOND


class Office:
    """Is a small centre whose configuration several people look after."""

    def __init__(self, small: SmallCentre) -> None:
        self.small = small
        newest = small.store.configurations()[-1]
        written = load_text(newest.text, "x", version=newest.version)
        self.list = EmergencyList(small.store)
        self.configured = Configured(self.list.over(written, small.centre.clock.now()))
        self.publishing = Publishing(
            small.centre,
            self.configured,
            written=written,
            emergency=self.list,
            load=lambda text, version: load_text(text, f"version {version}", version=version),
            wall=lambda: Instant(BEGIN),
        )
        small.centre.observe(self.publishing.noticed)

    @property
    def number(self) -> str | None:
        """What is dialled for the ambulance now."""
        return self.configured.now.outside_numbers.get(AMBULANCE)

    @property
    def keys(self) -> set[str]:
        """The emergency services that the engine knows."""
        return {each.key for each in self.small.centre.durable.settings.outside}

    def now(self) -> Instant:
        return self.small.centre.clock.now()

    async def wait(self, seconds: float) -> None:
        """Lets so much time pass, and everything that comes due reach the disk."""
        await advance(seconds)
        await self.small.durable()

    async def publish(self, text: str, by: str = "ada") -> None:
        base = (await self.publishing.versions())[-1].version
        await self.publishing.publish(text, base=base, by=by)

    def version(self) -> int:
        pending = self.list.pending(self.now())
        assert pending is not None
        return pending.version


@asynccontextmanager
async def an_office(folder: Path, text: str = LISTED) -> AsyncIterator[Office]:
    async with open_centre(folder, settings=load_text(text, "x", version=1).settings) as small:
        if not small.store.configurations():
            record = ConfigurationRecord(version=1, at=Instant(BEGIN), by="", text=text)
            small.store.add_configuration(record)
        office = Office(small)
        await office.publishing.start("")
        try:
            yield office
        finally:
            office.publishing.stop()


@in_virtual_time
async def test_the_first_list_of_a_new_centre_is_free(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        assert office.list.pending(office.now()) is None
        assert (office.number, office.keys) == ("112", {"ambulance"})


@in_virtual_time
async def test_another_number_waits_for_a_second_person_and_a_day_to_the_second(
    tmp_path: Path,
) -> None:
    async with an_office(tmp_path) as office:
        with structlog.testing.capture_logs() as logged:
            await office.publish(RENAMED)
        assert [each["event"] for each in logged] == ["emergency_list_proposed"]
        # All else is in force at once.
        assert office.configured.now.name_of("queue", "spanish", "es") == "Español"
        assert office.number == "112"
        await office.wait(3 * DAY_S)
        assert office.number == "112"
        await office.publishing.confirm_list(office.version(), by="sam")
        await office.wait(DAY_S - 1)
        assert office.number == "112"
        await office.wait(1)
        assert office.number == "+15125550100"
        assert office.list.pending(office.now()) is None
        last = office.list.history()[-1]
        assert (last.by, last.confirmed_by, last.version) == ("ada", "sam", 2)


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (ADDED, {"ambulance"}, {"ambulance", "fire"}),
        (REMOVED, {"ambulance"}, set()),
    ],
    ids=["one comes in", "one goes"],
)
def test_a_service_comes_and_goes_with_one_step_of_the_record(
    text: str, before: set[str], after: set[str], tmp_path: Path
) -> None:
    @in_virtual_time
    async def waits() -> None:
        async with an_office(tmp_path) as office:
            await office.publish(text)
            assert office.keys == before
            await office.publishing.confirm_list(2, by="sam")
            told = len(office.small.told)
            await office.wait(DAY_S)
            assert office.keys == after
            assert office.small.told_names()[-1] == "ConfigurationAdopted"
            assert len(office.small.told) == told + 1

    waits()


@in_virtual_time
async def test_one_person_alone_is_refused_in_words(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.publish(ALTERED)
        with pytest.raises(RefusedError, match="You proposed this change yourself") as caught:
            await office.publishing.confirm_list(2, by="ada")
        assert caught.value.code == "own_proposal"
        await office.wait(2 * DAY_S)
        assert office.number == "112"


@in_virtual_time
async def test_an_account_that_was_made_for_it_confirms_nothing(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        store = office.small.store
        store.add_account_event(at=office.now(), what="added", login="sam", by="ada")
        await office.wait(60)
        await office.publish(ALTERED)
        store.add_account_event(at=office.now(), what="added", login="me-too", by="ada")
        with pytest.raises(RefusedError, match="Your account was made or changed") as caught:
            await office.publishing.confirm_list(2, by="me-too")
        assert caught.value.code == "account_changed"
        await office.publishing.confirm_list(2, by="sam")


@in_virtual_time
async def test_who_confirms_second_or_what_does_not_wait_is_told_so(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        with pytest.raises(RefusedError, match="No change of the list"):
            await office.publishing.confirm_list(1, by="sam")
        await office.publish(ALTERED)
        with pytest.raises(RefusedError, match="version 7"):
            await office.publishing.withdraw_list(7, by="sam")
        await office.publishing.confirm_list(2, by="sam")
        with pytest.raises(RefusedError, match="sam has confirmed this change already"):
            await office.publishing.confirm_list(2, by="sol")


@in_virtual_time
async def test_one_person_withdraws_it_in_the_last_second(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.publish(ALTERED)
        await office.publishing.confirm_list(2, by="sam")
        await office.wait(DAY_S - 1)
        await office.publishing.withdraw_list(2, by="sol")
        await office.wait(DAY_S)
        assert office.number == "112"
        # A text that still has it asks for nothing: whoever publishes hours did not mean it.
        await office.publish(RENAMED, by="bob")
        assert office.list.pending(office.now()) is None
        await office.publish(LISTED)
        await office.publish(ALTERED)
        assert office.version() == 5


@in_virtual_time
async def test_another_text_takes_its_place_and_the_old_list_takes_it_back(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.publish(ALTERED)
        await office.publishing.confirm_list(2, by="sam")
        await office.publish(RENAMED)
        assert office.version() == 2, "the same list goes on waiting"
        await office.publish(ADDED)
        pending = office.list.pending(office.now())
        assert pending is not None
        assert (pending.version, pending.confirmed_by) == (4, None)
        await office.wait(2 * DAY_S)
        assert office.keys == {"ambulance"}
        await office.publish(LISTED)
        assert office.list.pending(office.now()) is None
        assert [each.withdrawn_by for each in office.list.history()] == [None, "ada", "ada", None]


@in_virtual_time
async def test_the_wall_clock_shortens_nothing(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        await office.publish(ALTERED)
        await office.publishing.confirm_list(2, by="sam")
        office.small.wall_offset += 10 * DELAY
        await office.wait(DAY_S - 1)
        assert office.number == "112"


@in_virtual_time
async def test_the_key_of_an_emergency_service_is_put_to_no_other_use(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        with pytest.raises(RefusedError, match="a key of its own") as caught:
            await office.publish(REUSED)
        assert caught.value.code == "emergency_key"
        assert len(await office.publishing.versions()) == 1


@in_virtual_time
async def test_a_dry_run_tells_what_would_wait(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        change = await office.publishing.publish(ALTERED, base=1, by="ada", dry_run=True)
        [held] = change.held_back
        assert (held.key, held.was, held.becomes) == ("ambulance", "112", "+15125550100")
        assert office.list.pending(office.now()) is None


@pytest.mark.parametrize("away_s", [3600.0, 2 * DAY_S], ids=["meanwhile", "while it was away"])
def test_a_restart_forgets_nothing_and_what_came_due_is_in_force(
    away_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @in_virtual_time
    async def again() -> None:
        async with an_office(tmp_path) as office:
            await office.publish(ALTERED)
            await office.publishing.confirm_list(2, by="sam")
        # What the wall shows at the next start.
        monkeypatch.setattr(small_centre, "BEGIN", BEGIN + int(away_s) * SECOND)
        async with an_office(tmp_path) as office:
            due = away_s > DAY_S
            assert (office.list.pending(office.now()) is None) is due
            assert office.number == ("+15125550100" if due else "112")
            await office.wait(DAY_S)
            assert office.number == "+15125550100"

    again()


@in_virtual_time
async def test_a_list_that_a_start_read_from_a_file_takes_two_who_are_known(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        record = ConfigurationRecord(version=2, at=Instant(BEGIN), by="", text=ALTERED)
        office.small.store.add_configuration(record)
    async with an_office(tmp_path) as office:
        assert (office.number, office.version()) == ("112", 2)
        await office.publishing.confirm_list(2, by="ada")
        await office.wait(2 * DAY_S)
        assert office.number == "112"
        with pytest.raises(RefusedError, match="yourself"):
            await office.publishing.confirm_list(2, by="ada")
        await office.publishing.confirm_list(2, by="sam")
        await office.wait(DAY_S)
        assert office.number == "+15125550100"
