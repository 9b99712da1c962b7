"""Rooms full of agents for benchmarks, and a real centre on a real disk to put them in.

A room has so many skills, each with a line and a queue of its own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from openline.centre import Centre, CentreClock
from openline.centre.clock import wall_now
from openline.engine import AgentChoice, Engine, Settings, State
from openline.model import AgentKey, Instant, LineKey, QueueKey
from openline.sealing import KeyStore, Sealer, Segments
from openline.store.sqlite import SqliteStore
from openline.telephony.port import TelephonyPort
from tests.builders import agent, line, needs, queue, seconds, settings

LINE = LineKey("line-0")


def room(
    agents: int,
    *,
    skills: int = 1,
    skills_each: int = 1,
    ring_seconds: float = 60,
    wrap_up_seconds: float = 600,
    every_rule: bool = False,
) -> Settings:
    """Returns a room in which agent n has the skills from `skills_each * n` on, round and round.

    Lines have no greeting. `every_rule` adds ageing, a ceiling and the least occupied agent.
    """
    queues = [
        queue(
            QueueKey(f"queue-{number}"),
            needs(**{f"skill-{number}": 1}),
            ring_seconds=ring_seconds,
            wrap_up_seconds=wrap_up_seconds,
        )
        for number in range(skills)
    ]
    if every_rule:
        queues = [
            msgspec.structs.replace(
                each,
                ageing=seconds(60),
                ceiling=seconds(600),
                choice=AgentChoice.LEAST_OCCUPIED,
            )
            for each in queues
        ]
    return settings(
        lines=[line(LineKey(f"line-{n}"), each.key) for n, each in enumerate(queues)],
        queues=queues,
        agents=[
            agent(AgentKey(f"agent-{number}"), **_levels(number, skills, skills_each))
            for number in range(agents)
        ],
    )


def _levels(number: int, skills: int, each: int) -> dict[str, int]:
    return {f"skill-{(each * number + k) % skills}": 1 for k in range(each)}


@asynccontextmanager
async def real_centre(
    folder: Path, settings: Settings, port: TelephonyPort
) -> AsyncIterator[tuple[Centre, SqliteStore]]:
    """Opens a centre with its record on the disk of the folder; it stops in order at the end."""
    store = SqliteStore.open(folder / "centre.sqlite", now=Instant(0), program_version="bench")
    sealer = Sealer(KeyStore(folder / "keys.sqlite"))
    centre = Centre(
        engine=Engine(State()),
        durable=State(),
        link=bytes(32),
        store=store,
        segments=Segments(sealer, Instant(wall_now())),
        clock=CentreClock(last=Instant(0)),
    )
    centre.add_port(port)
    await centre.start(settings)
    try:
        yield centre, store
    finally:
        await centre.stop()
        sealer.close()
        store.close()
