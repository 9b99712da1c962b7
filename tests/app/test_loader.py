"""The loader of a real centre: it has loaded all, runs no thread, and forks again and again."""

import os
import select
from pathlib import Path

import pytest

from openline.app.loader import Loader
from openline.app.parent import child_command, listen

pytestmark = pytest.mark.timeout(120)


def test_each_centre_that_is_forked_reads_its_configuration_anew(tmp_path: Path) -> None:
    config = tmp_path / "openline.toml"
    command = child_command(["--config", str(config), "--data", str(tmp_path / "data")])
    with listen("127.0.0.1", 0) as listening:
        loader = Loader(command, listening.fileno())
        try:
            for content in (None, "[centre]\n", "no toml"):
                if content is not None:
                    config.write_text(content, encoding="utf-8")
                assert _exit_code(loader) == 2, content
            (tasks,) = Path(f"/proc/{loader.pid}").glob("task")
            assert len(list(tasks.iterdir())) == 1, "a thread would not be there after the fork"
        finally:
            loader.close()


def test_who_is_told_to_stop_waits_for_no_loader(tmp_path: Path) -> None:
    woken, waking = os.pipe()
    with listen("127.0.0.1", 0) as listening:
        loader = Loader(["sleep", "60"], listening.fileno())
        try:
            os.write(waking, b"!")
            assert loader.fork(waking, woken, woken=woken) is None
        finally:
            loader.close()
            os.close(woken)
            os.close(waking)


def _exit_code(loader: Loader) -> int:
    """Lets a centre begin and waits until it has refused."""
    told, ready = os.pipe()
    parent, held = os.pipe()
    never, _never = os.pipe()
    handle = loader.fork(ready, parent, woken=never)
    assert handle is not None
    select.select([handle], [], [])
    for end in (told, ready, parent, held, never, _never, handle):
        os.close(end)
    return loader.exit_code()
