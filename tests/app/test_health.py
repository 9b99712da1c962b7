"""What the health page is told of a centre, and since when."""

from pathlib import Path

import pytest

from openline.app.health import Health
from openline.model import PeerError
from openline.sealing import KeyStore, Sealer
from openline.store import DataFolder
from openline.web.care import Level
from tests.centre.small_centre import NotingPort, SmallCentre
from tests.centre.virtual_loop import in_virtual_time

pytestmark = pytest.mark.timeout(30)


def looked_after(tmp_path: Path, *, trouble: str | None = None) -> tuple[SmallCentre, Health]:
    small = SmallCentre(tmp_path, [NotingPort("test")])
    folder = DataFolder(tmp_path)
    health = Health(
        small.centre,
        Sealer(KeyStore(tmp_path / "keys-of-the-test.sqlite")),
        folder,
        on_call_trouble=lambda: trouble,
        has_relay=True,
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
