"""A running centre for tests: the real engine, journal and SQLite; a telephone that takes notes.

`open_centre` opens (or opens again) the centre of a folder on the virtual loop. Its store can be
held back (`hold`, `let_go`) and made to fail (`failure`), as a slow or full disk would.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from openline.centre import Centre, CentreClock
from openline.centre.codec import SCHEMA, decode_state, encode_state
from openline.centre.recovery import recover
from openline.engine import AnyCommand, AnyEvent, AnyInput, Engine, Settings, State
from openline.engine import inputs as i
from openline.model import (
    AgentKey,
    Duration,
    Instant,
    LegId,
    LineKey,
    OpenlineError,
    Origin,
    Reason,
)
from openline.sealing import TERMS, KeyStore, SealedKind, Sealer, SegmentKeys, Segments
from openline.store import JournalRecord
from openline.store.sqlite import SqliteStore
from openline.telephony.port import Capabilities, See
from tests.builders import ES, a_centre
from tests.centre.virtual_loop import settle, virtual_loop

BEGIN = 1_774_911_600_000_000
"""30 March 2026, 23:00 UTC in microseconds: what the wall shows when a test begins."""


class HeldStore(SqliteStore):
    """Is the real store, behind a gate."""

    def __init__(self, *opened: Any) -> None:
        super().__init__(*opened)
        self.failure: OpenlineError | None = None
        self.commits: list[tuple[int, ...]] = []
        """The steps of each commit, in order."""
        self.tries = 0
        self._open = threading.Event()
        self._open.set()
        self._knocked = threading.Event()

    def hold(self) -> None:
        """Lets no commit through from now on."""
        self._knocked.clear()
        self._open.clear()

    def let_go(self) -> None:
        """Lets commits through again."""
        self._open.set()

    async def knocked(self) -> None:
        """Waits until a commit stands before the gate."""
        assert await asyncio.to_thread(self._knocked.wait, 30), "no commit came"

    def append(self, records: Sequence[JournalRecord]) -> None:
        """Commits when the gate is open, unless the disk is to fail."""
        self._knocked.set()
        assert self._open.wait(30), "the gate was never opened"
        self.tries += 1
        if self.failure is not None:
            raise self.failure
        super().append(records)
        self.commits.append(tuple(record.step for record in records))


class NotingPort:
    """Is a telephone exchange that writes down its orders."""

    capabilities = Capabilities(
        announcements=True,
        hold=True,
        transfer=True,
        consult=True,
        outside=True,
        three=True,
        listen=True,
        real_audio=False,
        voicemail=False,
        dials=False,
    )

    def __init__(self, prefix: str, legs: Iterable[str] = ()) -> None:
        self.prefix = prefix
        self.orders: list[AnyCommand] = []
        self.seen_while_starting: tuple[AnyInput, ...] = ()
        """What it reports before the centre has begun."""
        self.is_stopped = False
        self._legs = tuple(LegId(leg) for leg in legs)

    def start(self, see: See) -> None:
        """Begins to report."""
        self.see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Returns the legs it was made with."""
        for seen in self.seen_while_starting:
            self.see(seen)
        return self._legs

    def carry_out(self, command: AnyCommand) -> None:
        """Writes the order down."""
        self.orders.append(command)

    async def stop(self) -> None:
        """Notes the end."""
        self.is_stopped = True

    def names(self) -> list[str]:
        """Returns the kinds of all orders, oldest first."""
        return [type(order).__name__ for order in self.orders]


class SmallCentre:
    """Is one run of a centre, with all that it wrote, ordered and told."""

    def __init__(
        self,
        path: Path,
        ports: Sequence[NotingPort],
        term: Duration = TERMS[SealedKind.JOURNAL],
    ) -> None:
        self.folder = path
        self.wall_offset = BEGIN - virtual_loop().microseconds
        """Set this to set the wall clock."""
        self.is_stopped = False
        """Set by a test that has stopped the centre itself."""
        loop = virtual_loop()
        wall = Instant(BEGIN)
        self.store = HeldStore.open(path / "openline.sqlite", now=wall, program_version="test")
        self.sealer = Sealer(KeyStore(path / "keys.sqlite"))
        self.segments = Segments(self.sealer, wall, term=term)
        recovered = recover(self.store, self.segments)
        durable = recovered.state
        self.centre = Centre(
            engine=Engine(decode_state(encode_state(durable), SCHEMA)),
            durable=durable,
            link=recovered.hash,
            store=self.store,
            segments=self.segments,
            clock=CentreClock(
                last=durable.now,
                steady=lambda: loop.microseconds,
                wall=lambda: loop.microseconds + self.wall_offset,
            ),
        )
        self.port = ports[0]
        for port in ports:
            self.centre.add_port(port)
        self.told: list[tuple[Instant, tuple[AnyEvent, ...]]] = []
        self.centre.observe(lambda now, events: self.told.append((now, events)))

    def close(self) -> None:
        """Lets go of its files."""
        self.sealer.close()
        self.store.close()

    @property
    def state(self) -> State:
        """What the engine knows, perhaps ahead of the disk."""
        return self.centre.engine.state

    def told_names(self) -> list[str]:
        """Returns the kinds of all events told, oldest first."""
        return [type(event).__name__ for _, events in self.told for event in events]

    async def durable(self) -> None:
        """Waits until everything that was seen, and what followed from it, is on disk."""
        await settle()
        while self.centre.writer.backlog:
            await self.centre.writer.flush()
            await settle()
        await self.centre.writer.flush()  # a snapshot may have been asked for last
        await settle()

    def store_failing(self) -> OpenlineError | None:
        """Returns why the store refuses writes, if it does."""
        return self.centre.store_failing

    async def store_refused(self) -> None:
        """Waits until the store has refused what it was last given."""
        with contextlib.suppress(OpenlineError):
            await self.centre.writer.flush()

    def arrive(self, number: int, line: LineKey = ES) -> LegId:
        """Lets somebody call."""
        leg = LegId(f"test:{number}")
        self.centre.see(i.LegArrived(leg=leg, line=line, origin=Origin.REAL))
        return leg

    def arrive_and_ask(self, number: int) -> asyncio.Future[Reason | None]:
        """Lets somebody call, and asks whether the call was taken."""
        leg = LegId(f"test:{number}")
        return self.centre.ask(i.LegArrived(leg=leg, line=ES, origin=Origin.REAL))

    def ready(self, key: AgentKey) -> None:
        """Lets an agent sign in and take calls."""
        leg = LegId(f"test:{key}")
        self.centre.see(i.SignInRequested(agent=key, leg=leg, origins=(Origin.REAL,)))
        self.centre.see(i.ReadyRequested(agent=key))


def keys_of(folder: Path) -> SegmentKeys:
    """Returns the keys of the record in the folder of a centre that does not run."""
    keys = KeyStore(folder / "keys.sqlite")
    try:
        return SegmentKeys((ref, key) for ref, key, _ in keys.of_kind(SealedKind.JOURNAL))
    finally:
        keys.close()


@asynccontextmanager
async def open_centre(
    path: Path,
    *,
    settings: Settings | None = None,
    ports: Sequence[NotingPort] | None = None,
    term: Duration = TERMS[SealedKind.JOURNAL],
) -> AsyncIterator[SmallCentre]:
    """Runs the centre of a folder and stops it in order at the end."""
    small = SmallCentre(path, [NotingPort("test")] if ports is None else ports, term)
    try:
        assert await small.centre.start(a_centre() if settings is None else settings) is None
        yield small
    finally:
        small.store.let_go()
        try:
            if not small.is_stopped:
                await small.centre.stop()
        finally:
            small.close()
