"""What the health page is told of a centre, and since when."""

from collections.abc import Callable
from pathlib import Path

import pytest

from openline.app.health import RECORDER_TROUBLES, TELEPHONE_TROUBLES, Health
from openline.model import PeerError
from openline.sealing import KeyStore, Sealer
from openline.store import DataFolder
from openline.web.care import Level
from tests.centre.small_centre import NotingPort, SmallCentre
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


def looked_after(
    tmp_path: Path,
    *,
    trouble: str | None = None,
    telephones: Callable[[], str | None] | None = None,
    recorder: Callable[[], str | None] | None = None,
) -> tuple[SmallCentre, Health]:
    small = SmallCentre(tmp_path, [NotingPort("test")])
    folder = DataFolder(tmp_path)
    health = Health(
        small.centre,
        Sealer(KeyStore(tmp_path / "keys-of-the-test.sqlite")),
        folder,
        on_call_trouble=lambda: trouble,
        has_relay=True,
        telephone_trouble=telephones,
        recorder_trouble=recorder,
    )
    return small, health


@in_virtual_time
async def test_a_centre_without_trouble_is_fine(tmp_path: Path) -> None:
    _, health = looked_after(tmp_path)
    levels = {each.code: each.level for each in await health.findings()}
    assert {levels[code] for code in ("store", "on_call", "retention", "relay", "gaps")} == {
        Level.OK
    }


@in_virtual_time
async def test_what_is_wrong_comes_first_and_keeps_its_begin_until_it_is_over(
    tmp_path: Path,
) -> None:
    small, health = looked_after(tmp_path)
    small.centre.store_failing = PeerError("the disk is full")
    [first, *_] = await health.findings()
    assert (first.code, first.level) == ("store_refuses", Level.WRONG)
    began = first.since
    assert began is not None
    [again, *_] = await health.findings()
    assert again.since == began
    small.centre.store_failing = None
    assert all(each.since is None for each in await health.findings() if each.code == "store")


@in_virtual_time
async def test_that_nobody_at_home_could_be_rung_is_wrong(tmp_path: Path) -> None:
    _, health = looked_after(tmp_path, trouble="failed")
    wrong = {each.code for each in await health.findings() if each.level is Level.WRONG}
    assert "on_call" in wrong


@in_virtual_time
async def test_a_centre_without_telephones_says_nothing_of_them(tmp_path: Path) -> None:
    _, health = looked_after(tmp_path)
    assert not [
        each.code
        for each in await health.findings()
        if each.code.startswith(("telephones", "recorder"))
    ]


@in_virtual_time
async def test_what_is_in_the_way_of_telephones_and_recordings_is_told_and_ends(
    tmp_path: Path,
) -> None:
    troubles: list[str | None] = [*TELEPHONE_TROUBLES, None]
    recorders: list[str | None] = [*RECORDER_TROUBLES, None]
    _, health = looked_after(
        tmp_path, telephones=lambda: troubles[0], recorder=lambda: recorders[0]
    )
    for here, kind in ((troubles, "telephones"), (recorders, "recorder")):
        while here:
            found = {each.code: each for each in await health.findings()}
            word = here[0]
            code = kind if word is None else f"{kind}_{word.removeprefix('recorder_')}"
            assert (found[code].level is Level.OK) == (word is None)
            assert (found[code].since is None) == (word is None)
            if len(here) == 1:
                break
            del here[0]
