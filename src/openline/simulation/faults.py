"""A centre to which things happen: the live engine among simulated people, and faults by a seed.

Like `run`, but between engine and people stands what stands there in life, and breaks:

- *Record first.* A step is durable, told to `on_step` and carried out, in that order. While the
  store refuses, steps wait and nobody hears of them; the engine goes on ahead of the record.
- *Kill.* The program dies. What was not durable never happened; the engine is built anew from what
  was. People find themselves again as after a real restart, but some of their legs are gone.
- *Lost leg.* A page loses its connection; most come back within half a minute.
- *Lost order.* A command does not reach anybody; half of the time that is noticed and reported.
- *Doubled and late inputs.* What was said is said again, at once or later; or it is heard late,
  after what was said after it.
- *Clock step.* Somebody sets the wall clock, by up to a day either way.

Equal arguments give equal runs.
"""

from collections import Counter, deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import NamedTuple

import msgspec

from openline.engine import AnyCommand, AnyInput, Engine, Outcome, Settings, Snapshot, State
from openline.engine import inputs as i
from openline.engine.apply import apply_step
from openline.engine.value import Value
from openline.model import MINUTE, SECOND, Duration, Instant, LegId
from openline.model.names import Name
from openline.simulation.people import People
from openline.simulation.profile import WorldProfile

DAY = 24 * 60 * MINUTE
OnDurable = Callable[[int, AnyInput, Instant, Outcome], None]
"""Told of each durable step: its number, the input, its instant and what it led to."""


class Fault(Name):
    """Says what goes wrong."""

    KILL = "kill"
    LOST_LEG = "lost_leg"
    STORE_REFUSES = "store_refuses"
    CLOCK_STEP = "clock_step"
    LOST_ORDER = "lost_order"
    DOUBLED = "doubled"
    LATE = "late"


class Faults(Value, frozen=True, kw_only=True):
    """Says how often things go wrong; the seed fixes when."""

    seed: int
    kills_per_day: float = 4.0
    lost_legs_per_day: float = 60.0
    refusals_per_day: float = 8.0
    clock_steps_per_day: float = 2.0
    lost_order_share: float = 0.002
    doubled_share: float = 0.005
    late_share: float = 0.002
    down_at_most: Duration = Duration(90 * SECOND)
    """After a kill."""
    refuses_at_most: Duration = Duration(120 * SECOND)
    late_at_most: Duration = Duration(5 * SECOND)
    away_at_most: Duration = Duration(30 * SECOND)
    """A lost leg that comes back does so within this time."""
    gone_share: float = 0.2
    """Of lost legs: those that never come back."""
    killed_share: float = 0.2
    """Of refusals of the store: those that end with the program killed, as an operator would."""
    dead_share: float = 0.1
    """Of legs at a kill: those that are not there any more."""
    noticed_share: float = 0.5
    """Of lost orders: those that the port reports."""


class _Waiting(NamedTuple):
    step: int
    seen: AnyInput
    now: Instant
    outcome: Outcome


class FaultyCentre:
    """Runs one centre through its faults."""

    def __init__(
        self, settings: Settings, profile: WorldProfile, faults: Faults, on_step: OnDurable
    ) -> None:
        self.met: Counter[Fault] = Counter()
        """How often each fault came."""
        self.lost_steps = 0
        """Steps that were not durable when the program was killed."""
        self._settings = settings
        self._profile = profile
        self._faults = faults
        self._on_step = on_step
        self._chance = Random(f"{faults.seed}:faults")
        self._engine = Engine(State())
        self._durable = State()
        self._people = People(profile)
        self._now = Instant(0)
        self._refuses_until: Instant | None = None
        self._not_durable: deque[_Waiting] = deque()
        self._order = count()
        self._later: list[tuple[Instant, int, AnyInput]] = []
        self._coming: list[tuple[Instant, int, Fault]] = []
        self._rates = {
            Fault.KILL: faults.kills_per_day,
            Fault.LOST_LEG: faults.lost_legs_per_day,
            Fault.STORE_REFUSES: faults.refusals_per_day,
            Fault.CLOCK_STEP: faults.clock_steps_per_day,
        }
        self._befall: dict[Fault, Callable[[], None]] = {
            Fault.KILL: self._kill,
            Fault.LOST_LEG: self._lose_leg,
            Fault.STORE_REFUSES: self._refuse,
            Fault.CLOCK_STEP: self._step_clock,
        }

    def run(self, start: Instant, end: Instant) -> None:
        """Runs from an empty centre at `start` up to `end`; whoever is on duty signs in at once."""
        self._now = start
        for fault in self._rates:
            self._plan(fault)
        self._see(i.ConfigurationPublished(settings=self._settings))
        self._people.take_over(State(), start)
        while True:
            at, act = self._next()
            if at >= end:
                break
            self._now = max(self._now, at)
            act()
        self._now = end
        self._flush()

    def _next(self) -> tuple[Instant, Callable[[], None]]:
        """Returns what comes first; of what comes at once, the centre's own deadlines first."""
        coming: list[tuple[Instant, int, Callable[[], None]]] = []
        due = self._engine.next_wakeup()
        if due is not None:
            coming.append((due, 0, self._wake))
        if self._refuses_until is not None:
            coming.append((self._refuses_until, 1, self._accept_again))
        move = self._people.next_at()
        if move is not None:
            coming.append((move, 2, self._move))
        if self._later:
            coming.append((self._later[0][0], 3, self._hear_late))
        if self._coming:
            coming.append((self._coming[0][0], 4, self._meet))
        if not coming:
            return Instant(2**62), self._wake
        at, _, act = min(coming, key=_first)
        return at, act

    # --- what goes on ----------------------------------------------------------------------

    def _wake(self) -> None:
        self._see(i.TimePassed())

    def _move(self) -> None:
        for seen in self._people.move(self._now):
            way = self._chance.random()
            if way < self._faults.late_share:
                self.met[Fault.LATE] += 1
                self._say_later(seen)
                continue
            self._see(seen)
            if way > 1 - self._faults.doubled_share:
                self.met[Fault.DOUBLED] += 1
                if self._chance.random() < 0.5:
                    self._see(seen)
                else:
                    self._say_later(seen)

    def _say_later(self, seen: AnyInput) -> None:
        after = self._chance.random() * self._faults.late_at_most
        heappush(self._later, (Instant(int(self._now + after)), next(self._order), seen))

    def _hear_late(self) -> None:
        self._see(heappop(self._later)[2])

    def _see(self, seen: AnyInput) -> None:
        outcome = self._engine.handle(seen, self._now)
        if not outcome.events:
            return
        step = _Waiting(self._engine.state.step, seen, self._now, outcome)
        if self._refuses_until is None:
            self._become_durable(step)
        else:
            self._not_durable.append(step)

    def _become_durable(self, step: _Waiting) -> None:
        apply_step(self._durable, step.step, step.now, step.outcome.events)
        self._on_step(step.step, step.seen, step.now, step.outcome)
        for command in step.outcome.commands:
            self._carry_out(command)

    def _carry_out(self, command: AnyCommand) -> None:
        if self._chance.random() >= self._faults.lost_order_share:
            self._people.hear(command, self._now)
            return
        self.met[Fault.LOST_ORDER] += 1
        if self._chance.random() < self._faults.noticed_share:
            self._say_later(i.CommandFailed(command=command.id, leg=command.leg, why="unreachable"))

    # --- what goes wrong -------------------------------------------------------------------

    def _plan(self, fault: Fault) -> None:
        rate = self._rates[fault]
        if rate > 0:
            after = self._chance.expovariate(rate) * DAY
            heappush(self._coming, (Instant(int(self._now + after)), next(self._order), fault))

    def _meet(self) -> None:
        fault = heappop(self._coming)[2]
        self.met[fault] += 1
        self._befall[fault]()
        self._plan(fault)

    def _kill(self) -> None:
        self.lost_steps += len(self._not_durable)
        self._not_durable.clear()
        self._later.clear()
        self._refuses_until = None
        down = self._chance.random() * self._faults.down_at_most
        self._now = Instant(int(self._now + down))
        written = msgspec.msgpack.encode(self._durable.snapshot())
        self._engine = Engine(State.restored(msgspec.msgpack.decode(written, type=Snapshot)))
        self._people = People(self._profile)
        legs = self._people.take_over(self._durable, self._now)
        there = (leg for leg in legs if self._chance.random() >= self._faults.dead_share)
        self._see(i.CentreStarted(legs=tuple(there)))
        self._see(i.ConfigurationPublished(settings=self._settings))

    def _lose_leg(self) -> None:
        state = self._durable
        legs: list[LegId] = [*state.calls_by_leg, *state.agents_by_leg]
        if not legs:
            return
        leg = self._chance.choice(legs)
        self._see(i.LegLost(leg=leg))
        if self._chance.random() >= self._faults.gone_share:
            away = self._chance.random() * self._faults.away_at_most
            back = i.LegReturned(leg=leg)
            heappush(self._later, (Instant(int(self._now + away)), next(self._order), back))

    def _refuse(self) -> None:
        if self._refuses_until is None:
            lasts = self._chance.random() * self._faults.refuses_at_most
            self._refuses_until = Instant(int(self._now + lasts))

    def _accept_again(self) -> None:
        if self._chance.random() < self._faults.killed_share:
            self.met[Fault.KILL] += 1
            self._kill()
        else:
            self._flush()

    def _flush(self) -> None:
        self._refuses_until = None
        while self._not_durable:
            self._become_durable(self._not_durable.popleft())

    def _step_clock(self) -> None:
        by = Duration(int(self._chance.uniform(-DAY, DAY)))
        self._see(i.ClockStepped(by=by))


def _first(coming: tuple[Instant, int, Callable[[], None]]) -> tuple[Instant, int]:
    return coming[0], coming[1]
