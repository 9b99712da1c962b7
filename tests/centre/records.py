"""Records to be read by those who doubt them: a short evening, and ways to spoil it.

`rewrite` forges: it puts other steps into a record and makes the chain anew, as somebody would who
knows how it is made.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from openline.centre.codec import SCHEMA, Step, chain, decode_step, encode_step, first_link
from openline.model import Instant
from openline.sealing import KeyStore, Sealer, Segments
from openline.store.sqlite import SqliteStore
from tests.builders import BEN, CARLA
from tests.centre.small_centre import BEGIN, keys_of, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time

TimedStep = tuple[Instant, Step]


def keep_an_evening(folder: Path) -> None:
    """Writes the record of a short evening in two runs into a folder, which it makes."""
    folder.mkdir(exist_ok=True)
    _play(folder)


@in_virtual_time
async def _play(folder: Path) -> None:
    async with open_centre(folder) as small:
        small.ready(BEN)
        await advance(1)
        small.ready(CARLA)
        small.arrive(1)
        await advance(25)
        small.wall_offset += 5_000_000
        small.arrive(2)
    async with open_centre(folder) as small:
        small.arrive(3)
        await advance(60)


def tamper(folder: Path, *statements: str) -> None:
    """Changes the database of a folder by hand."""
    connection = sqlite3.connect(folder / "openline.sqlite")
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def steps_of(folder: Path) -> list[TimedStep]:
    """Returns the steps of a record."""
    store = SqliteStore.open_to_read(folder / "openline.sqlite")
    try:
        found = []
        for each in store.read():
            body = keys_of(folder).open_step(each.step, each.at, each.body)
            assert body is not None
            found.append((each.at, decode_step(body, each.schema)))
        return found
    finally:
        store.close()


def rewrite(folder: Path, change: Callable[[list[TimedStep]], list[TimedStep]]) -> None:
    """Puts other steps in the place of those that are there, with a chain that is whole."""
    steps = change(steps_of(folder))
    sealer = Sealer(KeyStore(folder / "keys.sqlite"))
    segments = Segments(sealer, Instant(BEGIN))
    sealer.close()
    connection = sqlite3.connect(folder / "openline.sqlite")
    with connection:
        (centre,) = connection.execute("SELECT value FROM meta WHERE key = 'centre_id'").fetchone()
        link = first_link(centre)
        connection.execute("DELETE FROM journal")
        for number, (at, step) in enumerate(steps, start=1):
            body = segments.seal_step(number, at, encode_step(step))
            link = chain(link, number, at, body)
            row = (number, at, SCHEMA, body, link)
            connection.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("UPDATE journal_head SET step = ?, hash = ?", (len(steps), link))
    connection.close()


def move_in(folder: Path, other: Path) -> None:
    """Puts the journal of another centre into the folder, head and all."""
    connection = sqlite3.connect(folder / "openline.sqlite")
    connection.execute("ATTACH ? AS other", (str(other / "openline.sqlite"),))
    with connection:
        connection.execute("DELETE FROM journal")
        connection.execute("INSERT INTO journal SELECT * FROM other.journal")
        connection.execute(
            "UPDATE journal_head SET step = there.step, hash = there.hash "
            "FROM other.journal_head AS there"
        )
    connection.close()
