import json
import os
from pathlib import Path

import pytest

from openline.model import BugError
from openline.web import Assets


def write_manifest(folder: Path, names: dict[str, str], at_s: int) -> None:
    manifest = folder / "manifest.json"
    manifest.write_text(json.dumps(names))
    os.utime(manifest, (at_s, at_s))


def test_a_name_leads_to_its_built_file(tmp_path: Path) -> None:
    write_manifest(tmp_path, {"pages/desk.js": "pages/desk-AB.js"}, 1000)
    assert Assets(tmp_path).url("pages/desk.js") == "/static/pages/desk-AB.js"


def test_a_new_build_under_a_running_centre_is_noticed(tmp_path: Path) -> None:
    assets = Assets(tmp_path)
    write_manifest(tmp_path, {"a.js": "a-1.js"}, 1000)
    assert assets.url("a.js") == "/static/a-1.js"
    write_manifest(tmp_path, {"a.js": "a-2.js"}, 1001)
    assert assets.url("a.js") == "/static/a-2.js"


def test_pages_that_were_never_built_say_how_to_build_them(tmp_path: Path) -> None:
    with pytest.raises(BugError, match=r"\./run"):
        Assets(tmp_path).url("a.js")


def test_an_asset_that_does_not_exist_is_named(tmp_path: Path) -> None:
    write_manifest(tmp_path, {}, 1000)
    with pytest.raises(BugError, match=r"sounds/none\.mp3"):
        Assets(tmp_path).url("sounds/none.mp3")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "way-out").symlink_to(tmp_path / "secret")
    assert Assets(dist).file("way-out") is None
