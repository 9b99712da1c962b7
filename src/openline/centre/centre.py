"""The running centre: one engine, one record, and the rule between them.

*Record first, then act.* An input is handled at once, so the engine's state runs ahead of the
disk; but its events are seen by nobody and its commands are carried out by nobody until the step
is durable. For that the centre keeps a second state, built from durable events alone by the same
`apply` that recovery uses: every screen is drawn from it, every snapshot is taken from it, and it
can be compared with the engine's at any time.

One event loop, one writer thread, no locks. Nothing polls: the loop wakes on inputs, on the
engine's next deadline and on the writer's word that steps are durable.

Cost of an input on the loop: handling, encoding, hashing and a second `apply`, together some tens
of microseconds; the wait for the disk is the writer's.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec
import structlog

from openline.centre.abilities import abilities_of, missing_ability, why_not_heard
from openline.centre.carrying_out import carry_out
from openline.centre.clock import CentreClock
from openline.centre.codec import SCHEMA, Step, chain, decode_state, encode_state, encode_step
from openline.engine import AnyCommand, AnyEvent, AnyInput, Engine, Settings, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.apply import apply_step
from openline.model import AgentKey, BugError, Instant, OpenlineError, Reason
from openline.sealing import Segments
from openline.sealing.segments import mark_of
from openline.store import JournalRecord, JournalWriter, SnapshotRecord, Spool, Store
from openline.telephony.port import TelephonyPort, Timer

log = structlog.get_logger(__name__)

Observer = Callable[[Instant, tuple[AnyEvent, ...]], None]
"""Is told of every durable step, in order, on the loop."""

FAULTS_ALLOWED = 5
FAULTS_WITHIN_S = 10.0
"""So many inputs in so short a time that cannot be answered end the centre."""

SNAPSHOT_EVERY = 5_000
"""Steps between snapshots: a restart applies at most about so many, well under a second."""


class _Pending(msgspec.Struct, frozen=True):
    step: int
    now: Instant
    events: tuple[AnyEvent, ...]
    commands: tuple[AnyCommand, ...]
    answered: asyncio.Future[Reason | None] | None
    link: bytes
    at: float
    opens_segment: bool


class Centre:
    """Runs one centre on the present event loop."""

    def __init__(
        self,
        *,
        engine: Engine,
        durable: State,
        link: bytes,
        store: Store,
        segments: Segments,
        clock: CentreClock,
        spool: Spool | None = None,
    ) -> None:
        self.engine = engine
        self.durable = durable
        self.clock = clock
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._link = link
        self._durable_link = link
        self._store = store
        self._segments = segments
        self._segment = b""
        """What names the key of the segment that the last step went into."""
        self._writer = JournalWriter(
            store,
            durable=self._on_durable,
            failed=self._on_write_failed,
            recovered=self._on_store_again,
            spool=spool,
        )
        self._pending: deque[_Pending] = deque()
        self._ports: dict[str, TelephonyPort] = {}
        self._observers: list[Observer] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._early: list[AnyInput] | None = None
        self._timer: Timer | None = None
        self._armed_for: Instant | None = None
        self._snapshot_step = durable.step
        self._faults: deque[float] = deque(maxlen=FAULTS_ALLOWED)
        self.input_to_command_us: deque[int] = deque(maxlen=10_000)
        """The last waits from an input to the carrying out of its commands, in microseconds."""
        self.store_failing: OpenlineError | None = None
        """Set while the store refuses writes: calls go on by the spool; without one, they wait."""

    @property
    def writer(self) -> JournalWriter:
        """The one thread that writes to the store; other small writes go through it too."""
        return self._writer

    @property
    def takes_new_calls(self) -> bool:
        """Whether a new call would be kept: by the store or, while that refuses, by the spool.

        Calls that are in already go on from memory alone if they must; nobody else is let in then,
        for a crash would forget him.
        """
        return self.store_failing is None or self._writer.is_spooling

    @property
    def store(self) -> Store:
        """The store, for reading."""
        return self._store

    # --- wiring ----------------------------------------------------------------------------

    def add_port(self, port: TelephonyPort) -> None:
        """Adds a kind of telephony; before `start`."""
        self._ports[port.prefix] = port

    def observe(self, observer: Observer) -> None:
        """Adds one who is told of every durable step."""
        self._observers.append(observer)

    async def start(self, settings: Settings) -> Reason | None:
        """Takes up the ports' legs, adopts the settings and begins; durable on return.

        Returns why the settings were refused, if they were. What ports see while they take up
        their work is handed in after that, so that it meets a centre that knows its agents.
        """
        early: list[AnyInput] = []
        self._early = early
        for port in self._ports.values():
            port.start(self.see)
        legs = [leg for port in self._ports.values() for leg in port.resume(self.durable)]
        self._early = None
        started = self.ask(i.CentreStarted(legs=tuple(legs)))
        adopted = self.ask(i.ConfigurationPublished(settings=settings))
        for seen in early:
            self.see(seen)
        both = asyncio.ensure_future(asyncio.gather(started, adopted))
        ends: set[asyncio.Future[Any]] = {both, self.failed}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        if self.failed.done():
            both.cancel()
            self.failed.result()
        return both.result()[1]

    async def stop(self) -> None:
        """Ends the ports, makes everything durable and writes a last snapshot.

        Raises `PeerError` if the store still refuses what waits; a failed centre ends quietly.
        """
        for port in self._ports.values():
            await port.stop()
        if self._timer is not None:
            self._timer.cancel()
        for task in list(self._tasks):
            task.cancel()
        if self.failed.done():
            # Whoever runs the centre knows already; what can still be written is.
            with contextlib.suppress(OpenlineError):
                await self._writer.close()
            return
        try:
            await self._writer.flush()
            self.save_snapshot()
        finally:
            await self._writer.close()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs a task of the centre; a fault in it is logged and ends nothing else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._task_done)

    def _task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("task_failed", exc_info=task.exception())

    # --- inputs ----------------------------------------------------------------------------

    def see(self, seen: AnyInput) -> None:
        """Takes an input; what follows is carried out once it is durable."""
        if self._early is not None:
            self._early.append(seen)
        else:
            self._take(seen, None)

    def ask(self, seen: AnyInput) -> asyncio.Future[Reason | None]:
        """Takes an input at once; the future waits until its step is durable.

        It holds why the input was refused, or None, or the `BugError` that kept the engine from
        answering it; it is cancelled if the centre fails.
        """
        answered: asyncio.Future[Reason | None] = asyncio.get_running_loop().create_future()
        self._take(seen, answered)
        return answered

    def abilities(self, agent: AgentKey) -> tuple[str, ...]:
        """Returns what the telephony can do with the call that the agent has."""
        return abilities_of(agent, self.durable, self._ports)

    def why_not_heard(self, agent: AgentKey) -> Reason | None:
        """Returns why no supervisor can listen to the agent's talk now; None where one can."""
        return why_not_heard(agent, self.durable, self._ports)

    def _take(self, seen: AnyInput, answered: asyncio.Future[Reason | None] | None) -> None:
        if self.failed.done():
            if answered is not None:
                answered.cancel()
            return
        moved = self.clock.step_since_last_asked()
        if moved is not None:
            self._take(i.ClockStepped(by=moved), None)
            self._take(seen, answered)
            return
        lacking = missing_ability(seen, self.engine.state, self._ports)
        if lacking is not None:
            if answered is not None:
                answered.set_result(lacking)
            return
        now = self.clock.now()
        try:
            outcome = self.engine.handle(seen, now)
            if outcome.events:
                self._write(seen, now, outcome.events, outcome.commands, answered)
        except Exception as error:
            # Whatever it is, the engine's state may be half changed, and nothing of this step may
            # reach the record: the input is dropped and the engine rebuilt without it.
            log.error("input_failed", input=type(seen).__name__, exc_info=error)
            if answered is not None:
                answered.set_exception(BugError(f"{type(seen).__name__} could not be answered"))
                answered.exception()  # looked at: an asker who is gone by now is no second fault
            self._rebuild_engine(error)
            return
        if not outcome.events and answered is not None:
            answered.set_result(None)
        self._arm()

    def _write(
        self,
        seen: AnyInput,
        now: Instant,
        events: tuple[AnyEvent, ...],
        commands: tuple[AnyCommand, ...],
        answered: asyncio.Future[Reason | None] | None,
    ) -> None:
        step = self.engine.state.step
        body = self._segments.seal_step(step, now, encode_step(Step(seen=seen, events=events)))
        self._link = chain(self._link, step, now, body)
        at = asyncio.get_running_loop().time()
        segment = mark_of(body)
        opens = segment != self._segment
        self._segment = segment
        self._pending.append(_Pending(step, now, events, commands, answered, self._link, at, opens))
        self._writer.submit(
            JournalRecord(step=step, at=now, schema=SCHEMA, body=body, hash=self._link)
        )

    def _rebuild_engine(self, error: Exception) -> None:
        """Makes the engine anew from what is on record or on its way there; calls go on.

        A fault that comes again and again is not one input's: then the centre ends, is started
        again from the record, and who starts it gives up if that does not help.
        """
        now_s = asyncio.get_running_loop().time()
        self._faults.append(now_s)
        if self._faults[0] > now_s - FAULTS_WITHIN_S and len(self._faults) == FAULTS_ALLOWED:
            self._on_failed(error)
            return
        state = decode_state(encode_state(self.durable), SCHEMA)
        for pending in self._pending:
            apply_step(state, pending.step, pending.now, pending.events)
        self.engine = Engine(state)
        self._arm()

    # --- time ------------------------------------------------------------------------------

    def _arm(self) -> None:
        wakeup = self.engine.next_wakeup()
        if wakeup == self._armed_for:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._armed_for = wakeup
        if wakeup is not None:
            self._timer = self.clock.at(wakeup, self._wake)

    def _wake(self) -> None:
        self._timer = self._armed_for = None
        self.see(i.TimePassed())

    # --- durable ---------------------------------------------------------------------------

    def _on_store_again(self) -> None:
        self.store_failing = None
        log.info("store_writes_again")

    def _on_durable(self, step: int) -> None:
        while self._pending and self._pending[0].step <= step:
            pending = self._pending.popleft()
            if pending.opens_segment and self.durable.step:
                self.save_snapshot(opens_segment=True)
            apply_step(self.durable, pending.step, pending.now, pending.events)
            self._durable_link = pending.link
            for observer in self._observers:
                self._tell(observer, pending)
            for command in pending.commands:
                carry_out(command, self._ports, self.see)
            if pending.commands:
                waited = asyncio.get_running_loop().time() - pending.at
                self.input_to_command_us.append(int(waited * 1_000_000))
            if pending.answered is not None and not pending.answered.done():
                pending.answered.set_result(_refusal(pending.events))
        if self.durable.step - self._snapshot_step >= SNAPSHOT_EVERY:
            self.save_snapshot()

    def _tell(self, observer: Observer, pending: _Pending) -> None:
        try:
            observer(pending.now, pending.events)
        except Exception as error:
            # No call may wait for a picture that broke.
            log.error("observer_failed", step=pending.step, exc_info=error)

    def save_snapshot(self, *, opens_segment: bool = False) -> asyncio.Future[None]:
        """Keeps the durable state, sealed under the key now in use; the future waits for that."""
        state = self.durable
        self._snapshot_step = state.step
        record = SnapshotRecord(
            step=state.step,
            at=state.now,
            schema=SCHEMA,
            body=self._segments.seal_snapshot(state.step, state.now, encode_state(state)),
            hash=self._durable_link,
            opens_segment=opens_segment,
        )
        saving = self._writer.run(lambda: self._store.save_snapshot(record))
        saving.add_done_callback(_note_snapshot)
        return saving

    def _on_write_failed(self, error: OpenlineError) -> None:
        """Goes on from memory while the writer tries again; a broken record is the end."""
        if isinstance(error, BugError):
            self._on_failed(error)
        elif self.store_failing is None:
            self.store_failing = error
            log.error("store_refuses_writes", why=str(error), backlog=self._writer.backlog)

    def _on_failed(self, error: BaseException) -> None:
        if not self.failed.done():
            if not isinstance(error, OpenlineError):
                error = BugError(str(error))
            self.failed.set_exception(error)
            for pending in self._pending:
                if pending.answered is not None:
                    pending.answered.cancel()


def _note_snapshot(saving: asyncio.Future[None]) -> None:
    """Logs a snapshot that could not be kept: the next start takes longer, and that is all."""
    if not saving.cancelled() and saving.exception() is not None:
        log.error("snapshot_failed", why=str(saving.exception()))


def _refusal(events: tuple[AnyEvent, ...]) -> Reason | None:
    for event in events:
        if isinstance(event, e.RequestRefused):
            return event.reason
        if isinstance(event, e.InputPassedOver) and event.reason is not Reason.NOTHING_TO_DO:
            return event.reason
    return None
