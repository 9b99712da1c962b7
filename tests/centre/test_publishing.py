"""Does a configuration come into force as a whole, or not at all, while calls are live?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from openline.centre.emergency_list import EmergencyList
from openline.centre.publishing import Configured, Publishing, StaleBaseError
from openline.configuration import ConfigurationError, Published, load_text
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, Instant, RefusedError
from openline.store import ConfigurationRecord
from tests.builders import BEN, CARLA, ES, SPANISH
from tests.centre.small_centre import BEGIN, SmallCentre, open_centre
from tests.centre.small_published import TEXT, a_published
from tests.centre.virtual_loop import in_virtual_time

RENAMED = TEXT.replace('es = "Llamadas en español"', 'es = "Español"')
WITHOUT_SPANISH = TEXT.replace('queue = "spanish"', 'queue = "english"').replace(
    TEXT[TEXT.index("[queues.spanish]") : TEXT.index("[lines.en]")], ""
)
WITHOUT_CARLA = TEXT[: TEXT.index("[agents.carla]")]


class Desk:
    """Is a small centre at which somebody publishes."""

    def __init__(self, small: SmallCentre) -> None:
        self.small = small
        self.configured = Configured(a_published())
        self.told: list[Published] = []
        self.configured.observe(self.told.append)
        self.publishing = Publishing(
            small.centre,
            self.configured,
            written=self.configured.now,
            emergency=EmergencyList(small.store),
            load=lambda text, version: load_text(text, f"version {version}", version=version),
            wall=lambda: Instant(BEGIN),
        )
        small.centre.observe(self.publishing.noticed)


@asynccontextmanager
async def a_desk(folder: Path) -> AsyncIterator[Desk]:
    async with open_centre(folder, settings=load_text(TEXT, "x", version=1).settings) as small:
        if not small.store.configurations():
            small.store.add_configuration(
                ConfigurationRecord(version=1, at=Instant(BEGIN), by="", text=TEXT)
            )
        yield Desk(small)


@in_virtual_time
async def test_a_version_is_in_force_at_once_and_kept(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        change = await desk.publishing.publish(RENAMED, base=1, by="ada")
        assert (change.version, change.is_published, change.at_next_start) == (2, True, ())
        assert change.differences == (
            'queues.spanish.name.es: was "Llamadas en español", is "Español"',
        )
        assert desk.configured.now.name_of("queue", "spanish", "es") == "Español"
        assert desk.small.centre.durable.settings.version == 2
        assert desk.told == [desk.configured.now]
        versions = await desk.publishing.versions()
        assert [(each.version, each.by, each.text) for each in versions] == [
            (1, "", TEXT),
            (2, "ada", RENAMED),
        ]


@in_virtual_time
async def test_names_are_in_force_for_whoever_is_told_of_the_step(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        seen: list[str] = []

        def look(now: Instant, events: tuple[object, ...]) -> None:
            if any(isinstance(event, e.ConfigurationAdopted) for event in events):
                seen.append(desk.configured.now.name_of("queue", "spanish", "es"))

        desk.small.centre.observe(look)
        await desk.publishing.publish(RENAMED, base=1, by="ada")
        assert seen == ["Español"]


@in_virtual_time
async def test_a_dry_run_tells_and_changes_nothing(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        change = await desk.publishing.publish(RENAMED, base=1, by="ada", dry_run=True)
        assert (change.version, change.is_published, len(change.differences)) == (2, False, 1)
        assert desk.configured.now.version == a_published().version
        assert len(await desk.publishing.versions()) == 1


@in_virtual_time
async def test_a_text_that_says_the_same_is_no_new_version(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        change = await desk.publishing.publish("# said again\n" + TEXT, base=1, by="ada")
        assert (change.version, change.is_published, change.differences) == (1, False, ())
        assert len(await desk.publishing.versions()) == 1


@pytest.mark.parametrize(
    ("base", "words"),
    [
        (None, r"does not say .* version 2 is in force, published by ada"),
        (1, r"was begun from version 1, and version 2 is in force"),
    ],
)
def test_a_stale_base_is_refused_with_the_difference(
    base: int | None, words: str, tmp_path: Path
) -> None:
    @in_virtual_time
    async def refused() -> None:
        async with a_desk(tmp_path) as desk:
            await desk.publishing.publish(RENAMED, base=1, by="ada")
            with pytest.raises(StaleBaseError, match=words) as caught:
                await desk.publishing.publish(TEXT, base=base, by="bob")
            assert caught.value.differences == (
                'queues.spanish.name.es: was "Español", is "Llamadas en español"',
            )

    refused()


@in_virtual_time
async def test_an_older_version_published_again_undoes(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        await desk.publishing.publish(RENAMED, base=1, by="ada")
        first, _ = await desk.publishing.versions()
        change = await desk.publishing.publish(first.text, base=2, by="ada")
        assert change.version == 3
        assert desk.configured.now.name_of("queue", "spanish", "es") == "Llamadas en español"


@in_virtual_time
async def test_what_is_not_right_is_refused_in_the_words_of_the_check(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        with pytest.raises(ConfigurationError, match="queues\\.spanish"):
            await desk.publishing.publish(TEXT.replace("{ es = 1 }", "{ ex = 1 }"), base=1, by="a")
        assert len(await desk.publishing.versions()) == 1


@in_virtual_time
async def test_a_queue_in_which_somebody_waits_cannot_be_taken_away(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.small.arrive(1, ES)
        await desk.small.durable()
        with pytest.raises(RefusedError, match=r"in use: queue spanish \(1 call, 0 in wrap-up\)"):
            await desk.publishing.publish(WITHOUT_SPANISH, base=1, by="ada")
        assert SPANISH in desk.small.centre.durable.queues
        assert len(await desk.publishing.versions()) == 1
        desk.small.centre.see(i.LegHungUp(leg=desk.small.port.orders[0].leg))
        await desk.small.durable()
        await desk.publishing.publish(WITHOUT_SPANISH, base=1, by="ada")
        assert SPANISH not in desk.small.centre.durable.queues


@in_virtual_time
async def test_an_agent_who_is_at_work_cannot_be_taken_away(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.small.ready(CARLA)
        await desk.small.durable()
        with pytest.raises(RefusedError, match=r"in use: agent carla \(ready\)"):
            await desk.publishing.publish(WITHOUT_CARLA, base=1, by="ada")


@in_virtual_time
async def test_what_comes_into_use_at_the_last_moment_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_desk(tmp_path) as desk:
        desk.small.ready(AgentKey("carla"))
        await desk.small.durable()
        # As if she had signed in between the look and the step.
        monkeypatch.setattr("openline.centre.publishing.in_use", lambda state, settings: ())
        with pytest.raises(RefusedError, match="Somebody began to use") as caught:
            await desk.publishing.publish(WITHOUT_CARLA, base=1, by="ada")
        assert caught.value.code == "configuration_in_use"
        assert [each.version for each in await desk.publishing.versions()] == [1]
        assert desk.told == []


@in_virtual_time
async def test_what_is_read_at_a_start_only_is_told_apart(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        change = await desk.publishing.publish(
            RENAMED + "\n[server]\nport = 8900\n", base=1, by="ada"
        )
        assert change.at_next_start == ("server.port: new, 8900",)
        assert len(change.differences) == 2


@in_virtual_time
async def test_a_restart_goes_on_with_the_version_in_force(tmp_path: Path) -> None:
    async with a_desk(tmp_path) as desk:
        desk.small.ready(BEN)
        await desk.publishing.publish(RENAMED, base=1, by="ada")
    settings = load_text(RENAMED, "x", version=2).settings
    async with open_centre(tmp_path, settings=settings) as again:
        assert "ConfigurationAdopted" not in again.told_names()
        assert again.centre.durable.settings.version == 2
