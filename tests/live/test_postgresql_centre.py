"""A whole centre on the PostgreSQL that its configuration names: it runs and it comes back."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openline.app.compose import compose
from openline.app.memory import open_memory
from openline.app.options import Options
from openline.configuration import load
from openline.engine import inputs as i
from openline.model import LegId, LineKey, Origin
from tests.cli.command import openline
from tests.live.postgresql_server import PostgresqlServer, programs

CONFIGURATION = """
[centre]
name = "Evening Line"
time_zone = "Europe/London"

[queues.talk]

[lines.evening]
queue = "talk"

[agents]
amira = {}
"""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    bin_ = programs()
    if bin_ is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with PostgresqlServer(bin_) as running:
        yield running


def configured(folder: Path, name: str, url: str) -> Path:
    config = folder / name
    config.write_text(f'{CONFIGURATION}\n[store]\nurl = "{url}"\n')
    return config


def evening(config: Path, data: Path, leg: str | None = None) -> list[LegId]:
    """Runs the centre for a moment, lets somebody call, and returns who is there."""
    # On a thread of its own: in this process the browser tests may keep a loop on the main one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_evening, config, data, leg).result()


def _evening(config: Path, data: Path, leg: str | None) -> list[LegId]:
    published = load(config)
    options = Options(config=config, data=data, speed=1.0, port=None)
    memory = open_memory(options, url=published.store.url)

    async def run() -> list[LegId]:
        running = await compose(options, published, memory)
        if leg is not None:
            seen = i.LegArrived(leg=LegId(leg), line=LineKey("evening"), origin=Origin.REAL)
            assert await running.centre.ask(seen) is None
        there = [call.leg for call in running.centre.durable.calls.values()]
        await running.stop()
        return there

    try:
        return asyncio.run(run())
    finally:
        memory.close()


def test_a_centre_lives_in_the_database_that_its_configuration_names(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    config = configured(tmp_path, "one.toml", server.new_database())
    data = tmp_path / "data"
    evening(config, data, "web:1")
    assert not (data / "openline.sqlite").exists()
    assert evening(config, data) == ["web:1"]

    # Without the configuration no command begins a second record beside it.
    for said in (openline("replay", "--data", data), openline("user", "list", "--data", data)):
        assert said.code in (1, 2)
        assert "--config" in said.err + said.out

    password = "a long enough password\n"
    added = openline(
        *("user", "add", "amira", "--data", data, "--config", config, "--agent", "amira"),
        "--password-stdin",
        stdin=password,
    )
    assert added.code == 0, added.err
    assert "amira" in openline("user", "list", "--data", data, "--config", config).out
    assert openline("replay", "--data", data, "--config", config).code == 0
    told = openline("replay", "--data", data, "--config", config, "--call", "1")
    assert told.out.startswith("Call 1, real"), told.err

    archive = tmp_path / "night.backup"
    assert openline("backup", archive, "--data", data, "--config", config).code == 0
    other = configured(tmp_path, "two.toml", server.new_database())
    again = tmp_path / "again"
    assert openline("restore", archive, again, "--config", other).code == 0
    assert evening(other, again, "web:2") == ["web:1", "web:2"]
    # And back into a file.
    plain = tmp_path / "plain.toml"
    plain.write_text(CONFIGURATION)
    assert openline("restore", archive, tmp_path / "file").code == 0
    assert evening(plain, tmp_path / "file") == ["web:1"]
