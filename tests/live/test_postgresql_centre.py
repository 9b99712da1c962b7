"""A whole centre on the PostgreSQL that its configuration names: it runs and it comes back."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest

from openline.app.compose import Running, compose
from openline.app.memory import open_memory
from openline.app.options import Options
from openline.configuration import load
from openline.engine import AgentState
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, LineKey, Medium, Origin
from openline.sealing import SealedKind
from tests.canary import key_spellings, scan, spellings
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

[dispositions]
helped = { name = "Helped" }
"""
T = TypeVar("T")

AMIRA = AgentKey("amira")
HER_LEG, DESK = LegId("web:0123456789abcdef"), LegId("web:fedcba9876543210")
WORDS = "Cinnabar Shearwater behind the bakery"


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

    async def lived(running: Running) -> list[LegId]:
        if leg is not None:
            seen = i.LegArrived(leg=LegId(leg), line=LineKey("evening"), origin=Origin.REAL)
            assert await running.centre.ask(seen) is None
        return [call.leg for call in running.centre.durable.calls.values()]

    return while_it_runs(config, data, lived)


def while_it_runs(config: Path, data: Path, lives: Callable[[Running], Awaitable[T]]) -> T:
    """Starts the centre, lives something in it, stops it, and returns what came of it."""
    published = load(config)
    options = Options(config=config, data=data, speed=1.0, port=None)

    async def run() -> T:
        running = await compose(options, published, memory)
        try:
            return await lives(running)
        finally:
            await running.stop()

    def on_a_thread() -> T:
        return asyncio.run(run())

    memory = open_memory(options, url=published.store.url)
    try:
        # On a thread of its own: in this process the browser tests may keep a loop on the main one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(on_a_thread).result()
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


# --- a typed call --------------------------------------------------------------------------------


async def _is_answered(running: Running) -> None:
    """Lets somebody who types reach Amira."""
    arrives = i.LegArrived(
        leg=HER_LEG, line=LineKey("evening"), origin=Origin.REAL, medium=Medium.TYPED
    )
    signs_in = i.SignInRequested(agent=AMIRA, leg=DESK, origins=(Origin.REAL,))
    for seen in (arrives, signs_in, i.ReadyRequested(agent=AMIRA)):
        assert await running.centre.ask(seen) is None
    offer = running.centre.durable.agents[AMIRA].offer
    assert offer is not None
    assert await running.centre.ask(i.AcceptRequested(agent=AMIRA, offer=offer)) is None


async def _writes(running: Running, key: str, text: str) -> None:
    """Lets the caller write a line; it is durable on return."""
    conversations = running.context.conversations
    part = conversations.part_of_caller(HER_LEG)
    assert part is not None
    assert await conversations.write(part, key, text) is None


def _read_by_her(running: Running) -> list[str]:
    """Returns what is on Amira's desk."""
    conversations = running.context.conversations
    part = conversations.part_of_agent(AMIRA)
    return [] if part is None else [line.text for line in conversations.lines(part)]


def test_a_typed_call_lives_and_is_wrapped_up_in_a_database_that_reads_no_word_of_it(
    server: PostgresqlServer, tmp_path: Path
) -> None:
    config = configured(tmp_path, "typed.toml", server.new_database())
    data = tmp_path / "data"

    async def begins(running: Running) -> None:
        await _is_answered(running)
        await _writes(running, "k1", WORDS)
        assert _read_by_her(running) == [WORDS]

    async def goes_on(running: Running) -> None:
        assert _read_by_her(running) == [WORDS]
        await _writes(running, "k1", WORDS)  # said again, and known
        await _writes(running, "k2", "goodbye")
        assert await running.centre.ask(i.LegHungUp(leg=HER_LEG)) is None
        assert running.centre.durable.agents[AMIRA].state is AgentState.WRAP_UP

    async def is_wrapped_up(running: Running) -> None:
        assert _read_by_her(running) == [WORDS, "goodbye"]
        done = i.WrapUpFinishRequested(agent=AMIRA, disposition="helped", ready=False)
        assert await running.centre.ask(done) is None
        assert _read_by_her(running) == []

    async def is_over(running: Running) -> list[str]:
        return _read_by_her(running)

    for lived in (begins, goes_on, is_wrapped_up):
        while_it_runs(config, data, lived)
    assert while_it_runs(config, data, is_over) == []

    # All that lies on any disk: the tables, the log of the database, its own talk, our folder. What
    # would open the lines lies with us alone.
    server.sql("CHECKPOINT")
    memory = open_memory(
        Options(config=config, data=data, speed=1.0, port=None), url=load(config).store.url
    )
    keys = [key for _, key, _ in memory.sealer.keys_of(SealedKind.CONVERSATION)]
    memory.close()
    assert keys != []
    # The leg, which is drawn at random, stands there to be read: so the tables are looked into.
    assert scan(server.folder, {HER_LEG.encode()}) != []
    for folder in (server.folder, data):
        assert scan(folder, spellings(WORDS)) == []
    assert scan(server.folder, set().union(*map(key_spellings, keys))) == []
    assert openline("replay", "--data", data, "--config", config).code == 0
