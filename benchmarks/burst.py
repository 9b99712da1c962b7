"""Is a burst of 1,000 calls a second for ten seconds absorbed, in order, by the real centre?

A thread hands 10,000 callers to the event loop at their times, late or not, as sockets would; forty
agents answer, talk and come back meanwhile. The record is on a real disk. Measured is how long each
caller's step takes to be durable and told, and how soon after the last caller nothing waits for the
disk any more. The order of arrival must be the order in the record and in the queue.
"""

import asyncio
import statistics
import tempfile
import threading
import time
from pathlib import Path

import uvloop

from benchmarks.figure import Figure
from benchmarks.instruments import percentile, ticks
from benchmarks.rooms import LINE, real_centre, room
from openline.centre import Centre
from openline.engine import AnyCommand, AnyEvent, State
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Instant, LegId, Origin
from openline.telephony.port import Capabilities, See

NAME = "burst"

PER_SECOND = 1_000
SECONDS = 10
AGENTS = 40
P99_BOUND_MS = 250.0
LAST_BOUND_MS = 1_000.0


class _RoomPort:
    """Is callers and agents at once: whoever rings is answered, and hangs up a moment later."""

    prefix = "bench"
    capabilities = Capabilities(
        announcements=False, hold=True, real_audio=False, voicemail=False, dials=False
    )

    def start(self, see: See) -> None:
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        return ()

    def carry_out(self, command: AnyCommand) -> None:
        if isinstance(command, c.RingAgent):
            self._see(i.AcceptRequested(agent=command.agent, offer=command.offer))
        elif isinstance(command, c.ConnectLegs):
            asyncio.get_running_loop().call_later(1.0, self._leaves, command.leg)

    def _leaves(self, leg: LegId) -> None:
        self._see(i.LegHungUp(leg=leg))

    async def stop(self) -> None:
        pass


class _Told:
    """Takes note of each arrival when its step is durable, and lets agents close their wrap-up."""

    def __init__(self, centre: Centre) -> None:
        self.order: list[LegId] = []
        self.durable_at: dict[LegId, float] = {}
        self.offered: list[int] = []
        self._centre = centre

    def noticed(self, _now: Instant, events: tuple[AnyEvent, ...]) -> None:
        for event in events:
            if isinstance(event, e.CallArrived):
                self.order.append(event.leg)
                self.durable_at[event.leg] = time.perf_counter()
            elif isinstance(event, e.CallOffered):
                self.offered.append(event.call)
            elif isinstance(event, e.WrapUpStarted):
                self._centre.see(i.WrapUpFinishRequested(agent=event.agent, disposition="helped"))


def run() -> list[Figure]:
    """Lets the burst come and says how it went."""
    # Beside the working folder, which is on a disk: the system's folder may be in memory.
    with (
        tempfile.TemporaryDirectory(prefix=".bench-", dir=Path.cwd()) as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        waits, drained_ms, in_order = runner.run(_burst(Path(folder)))
    return [
        Figure.at_most(
            name=f"arrival to durable, p99 of {len(waits):,} calls in {SECONDS} s",
            value=percentile(waits, 99),
            unit="ms",
            against=f"bound: {P99_BOUND_MS:g} ms (p50 {statistics.median(waits):.1f} ms)",
            reference=P99_BOUND_MS,
        ),
        Figure.at_most(
            name="after the last arrival nothing waits for the disk",
            value=drained_ms,
            unit="ms",
            against=f"bound: {LAST_BOUND_MS:g} ms",
            reference=LAST_BOUND_MS,
        ),
        Figure(
            name="calls taken, recorded and offered in the order of arrival",
            value=in_order,
            unit="calls",
            against="all of them",
            reference=PER_SECOND * SECONDS,
            ratio=in_order / (PER_SECOND * SECONDS),
            ok=in_order == PER_SECOND * SECONDS,
        ),
    ]


async def _burst(folder: Path) -> tuple[list[float], float, int]:
    """Returns each wait, the time to the last one durable, and how many were in order."""
    async with real_centre(folder, room(AGENTS), _RoomPort()) as (centre, _):
        told = _Told(centre)
        centre.observe(told.noticed)
        for agent in list(centre.engine.state.agents):
            leg = LegId(f"bench:{agent}")
            centre.see(i.SignInRequested(agent=agent, leg=leg, origins=(Origin.REAL,)))
            centre.see(i.ReadyRequested(agent=agent))
        await centre.writer.flush()
        came: dict[LegId, float] = {}
        loop = asyncio.get_running_loop()

        def hand_in() -> None:
            for number in ticks(PER_SECOND * SECONDS, 1 / PER_SECOND):
                leg = LegId(f"bench:{number}")
                came[leg] = time.perf_counter()
                arrived = i.LegArrived(leg=leg, line=LINE, origin=Origin.REAL)
                loop.call_soon_threadsafe(centre.see, arrived)

        feeder = threading.Thread(target=hand_in)
        feeder.start()
        await asyncio.to_thread(feeder.join)
        while len(told.order) < len(came):
            await centre.writer.flush()
        drained = (max(told.durable_at.values()) - max(came.values())) * 1_000
    waits = [(told.durable_at[leg] - at) * 1_000 for leg, at in came.items()]
    in_order = sum(seen == leg for seen, leg in zip(told.order, came, strict=True))
    if told.offered != sorted(told.offered):
        in_order = 0
    return waits, drained, in_order
