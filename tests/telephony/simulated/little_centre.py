"""A centre in memory: the real engine, a record with the delay of a disk, ports, and `kill`.

Inputs are answered at once; their events become durable, and their commands are carried out, a
little later. `kill` loses all that was not durable, as kill -9 does, and hands back the state that
a disk would hold: without anything derived, and sharing nothing.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from openline.engine import AnyCommand, AnyEvent, AnyInput, Engine, Settings, Snapshot, State
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.apply import apply_step
from openline.model import Duration, Instant, LegId
from openline.telephony.port import TelephonyPort, Timer
from tests.virtual_clock import VirtualClock

Observer = Callable[[Instant, tuple[AnyEvent, ...]], None]
_JSON = msgspec.json.Decoder(Snapshot)


def copy_of(state: State) -> State:
    return State.restored(_JSON.decode(msgspec.json.encode(state.snapshot())))


@dataclass(frozen=True)
class _Step:
    number: int
    now: Instant
    events: tuple[AnyEvent, ...]
    commands: tuple[AnyCommand, ...]


class LittleCentre:
    def __init__(
        self,
        clock: VirtualClock,
        ports: Sequence[TelephonyPort],
        settings: Settings,
        *,
        durable: State | None = None,
        durable_after: Duration,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.clock = clock
        self.durable = State() if durable is None else durable
        self.engine = Engine(copy_of(self.durable))
        self.record: list[tuple[Instant, AnyEvent]] = []
        """Durable events, in order."""
        self.legs: tuple[LegId, ...] = ()
        self._ports = {port.prefix: port for port in ports}
        self._observers = observers
        self._after = durable_after
        self._pending: deque[_Step] = deque()
        self._timer: Timer | None = None
        self._is_dead = False
        for port in ports:
            port.start(self.see)
        self.legs = tuple(leg for port in ports for leg in port.resume(self.durable))
        self.see(i.CentreStarted(legs=self.legs))
        self.see(i.ConfigurationPublished(settings=settings))

    def see(self, seen: AnyInput) -> None:
        if self._is_dead:
            return
        now = self.clock.now()
        outcome = self.engine.handle(seen, now)
        if outcome.events:
            step = _Step(self.engine.state.step, now, outcome.events, outcome.commands)
            self._pending.append(step)
            self.clock.at(Instant(now + self._after), self._on_durable)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        wakeup = self.engine.next_wakeup()
        if wakeup is not None:
            self._timer = self.clock.at(wakeup, lambda: self.see(i.TimePassed()))

    def _write(self) -> _Step:
        step = self._pending.popleft()
        apply_step(self.durable, step.number, step.now, step.events)
        self.record += [(step.now, event) for event in step.events]
        return step

    def _on_durable(self) -> None:
        if self._is_dead:
            return
        step = self._write()
        for observer in self._observers:
            observer(step.now, step.events)
        for command in step.commands:
            legs = [command.leg]
            if isinstance(command, c.ConnectLegs | c.HoldCall | c.ResumeCall):
                legs.append(command.agent_leg)
            for prefix in dict.fromkeys(leg.partition(":")[0] for leg in legs):
                if prefix in self._ports:
                    self._ports[prefix].carry_out(command)

    def kill(self, chance: Random | None = None) -> State:
        """Ends the program without a word; returns what the disk has.

        With `chance`, some of the last steps had just been written when it came.
        """
        self._is_dead = True
        if self._timer is not None:
            self._timer.cancel()
        for _ in range(0 if chance is None else chance.randint(0, len(self._pending))):
            self._write()
        return copy_of(self.durable)

    def happened(self, kind: type[e.Event]) -> list[AnyEvent]:
        return [event for _, event in self.record if isinstance(event, kind)]
