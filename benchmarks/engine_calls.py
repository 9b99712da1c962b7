"""How many whole calls does the engine carry in a second of CPU, beside SimPy at the same work?

Both play one model, with the same draws, in one process, one after the other: calls arrive, wait
for the longest-idle of the agents, ring, are answered, talked with and wrapped up; who has waited
too long leaves. The engine does it as it does live: every input goes through `handle`, every step
gives events and commands, and `next_wakeup` is asked after each. SimPy does only the queueing, with
a router that takes the next from the end of a deque: no events, no record, no rules. So the ratio
is the price of everything that makes a centre of a queue.
"""

import gc
import heapq
import time
from collections import deque
from collections.abc import Generator
from itertools import count
from random import Random

import simpy

from benchmarks.figure import Figure
from benchmarks.rooms import LINE, room
from openline.engine import CallState, Engine, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, Instant, LegId, Origin

NAME = "engine_calls"

AGENTS = 60
CALLS = 20_000
SEED = 20260330
AIM = 0.4

MEAN_BETWEEN_S = 6.0
MEAN_RING_S = 4.0
MEAN_TALK_S = 300.0
MEAN_WRAP_UP_S = 60.0
MEAN_PATIENCE_S = 180.0
"""60 agents at 364 s a call and one every 6 s: a load of 61 erlangs, so that a queue forms."""


class Draws:
    """Draws one caller after another; both players draw the same ones."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.callers = [
            tuple(
                chance.expovariate(1 / mean)
                for mean in (
                    MEAN_BETWEEN_S,
                    MEAN_RING_S,
                    MEAN_TALK_S,
                    MEAN_WRAP_UP_S,
                    MEAN_PATIENCE_S,
                )
            )
            for _ in range(CALLS)
        ]


# --- with the engine -----------------------------------------------------------------------


def play_engine(draws: Draws) -> tuple[int, int]:
    """Plays the model on the engine; returns how many calls were answered and abandoned."""
    engine = Engine(State())
    now = Instant(0)
    engine.handle(i.ConfigurationPublished(settings=room(AGENTS)), now)
    for agent in list(engine.state.agents):
        engine.handle(
            i.SignInRequested(agent=agent, leg=LegId(f"desk:{agent}"), origins=(Origin.REAL,)), now
        )
        engine.handle(i.ReadyRequested(agent=agent), now)

    # What follows by a person's doing waits in a heap of its own, as in a simulation.
    pending: list[tuple[Instant, int, i.AnyInput]] = []
    number = count().__next__
    push, pop = heapq.heappush, heapq.heappop
    callers = draws.callers
    calls_by_leg, talking = engine.state.calls_by_leg, CallState.TALKING
    handle, next_wakeup = engine.handle, engine.next_wakeup

    def later(seconds: float, seen: i.AnyInput) -> None:
        push(pending, (Instant(now + round(seconds * SECOND)), number(), seen))

    def arrive(caller: int) -> None:
        leg = LegId(f"web:{caller}")
        later(callers[caller][0], i.LegArrived(leg=leg, line=LINE, origin=Origin.REAL))

    arrived = answered = abandoned = 0
    arrive(0)
    wake = next_wakeup()
    while pending:
        if wake is not None and wake < pending[0][0]:
            now = wake
            seen: i.AnyInput = i.TimePassed()
        else:
            now, _, seen = pop(pending)
            if type(seen) is i.LegHungUp:
                call = calls_by_leg.get(seen.leg)
                if call is None or call.state is talking:
                    continue  # his patience was not tried
        outcome = handle(seen, now)
        wake = next_wakeup()
        if type(seen) is i.LegArrived:
            later(callers[arrived][4], i.LegHungUp(leg=seen.leg))
            arrived += 1
            if arrived < CALLS:
                arrive(arrived)
        for event in outcome.events:
            kind = type(event)
            if kind not in _FOLLOWED:
                continue
            if isinstance(event, e.CallOffered):
                accept = i.AcceptRequested(agent=event.agent, offer=event.offer)
                later(callers[event.call - 1][1], accept)
            elif isinstance(event, e.OfferAccepted):
                answered += 1
                later(callers[event.call - 1][2], i.HangUpRequested(agent=event.agent))
            elif isinstance(event, e.WrapUpStarted):
                finish = i.WrapUpFinishRequested(agent=event.agent, disposition="helped")
                later(callers[event.call - 1][3], finish)
            elif isinstance(event, e.CallEnded) and event.agent is None:
                abandoned += 1
    return answered, abandoned


_FOLLOWED = frozenset((e.CallOffered, e.OfferAccepted, e.WrapUpStarted, e.CallEnded))
"""The events after which somebody does something; the others are passed over at once."""


# --- with SimPy ----------------------------------------------------------------------------


class _Waiting:
    """Is one caller who waits, and the event by which SimPy tells him of an agent."""

    __slots__ = ("found", "is_gone")

    def __init__(self, found: simpy.Event) -> None:
        self.found = found
        self.is_gone = False


def play_simpy(draws: Draws) -> tuple[int, int]:
    """Plays the model on SimPy; returns how many calls were answered and abandoned."""
    world = simpy.Environment()
    idle: deque[int] = deque(range(AGENTS))
    waiting: deque[_Waiting] = deque()
    tallies = {"answered": 0, "abandoned": 0}

    def free(agent: int) -> None:
        while waiting:
            caller = waiting.popleft()
            if not caller.is_gone:
                caller.found.succeed(agent)
                return
        idle.append(agent)

    def call(drawn: tuple[float, ...]) -> Generator[simpy.Event, object, None]:
        _, ring, talk, wrap_up, patience = drawn
        leaves = world.timeout(patience)
        if idle:
            agent = idle.popleft()
        else:
            caller = _Waiting(world.event())
            waiting.append(caller)
            yield caller.found | leaves
            if not caller.found.triggered:
                caller.is_gone = True
                tallies["abandoned"] += 1
                return
            found = caller.found.value
            assert found is not None
            agent = found
        answers = world.timeout(ring)
        yield answers | leaves
        if not answers.processed:
            tallies["abandoned"] += 1
            free(agent)
            return
        tallies["answered"] += 1
        yield world.timeout(talk)
        yield world.timeout(wrap_up)
        free(agent)

    def source() -> Generator[simpy.Event, object, None]:
        for drawn in draws.callers:
            yield world.timeout(drawn[0])
            world.process(call(drawn))

    world.process(source())
    world.run()
    return tallies["answered"], tallies["abandoned"]


# --- measuring -----------------------------------------------------------------------------


def run() -> list[Figure]:
    """Measures both, alternating, the best of five each."""
    draws = Draws(SEED)
    players = {"engine": play_engine, "simpy": play_simpy}
    best = dict.fromkeys(players, 0.0)
    results: dict[str, tuple[int, int]] = {}
    for _ in range(5):
        for name, play in players.items():
            gc.collect()
            begun = time.process_time()
            results[name] = play(draws)
            best[name] = max(best[name], CALLS / (time.process_time() - begun))
    return [
        Figure(
            name="whole calls per CPU second",
            value=best["engine"],
            unit="calls/s",
            against=f"SimPy {simpy.__version__}, same model and draws, O(1) router; aim: {AIM:.1f}",
            reference=best["simpy"],
            ratio=best["engine"] / best["simpy"],
            ok=best["engine"] >= AIM * best["simpy"],
        ),
        _same_model("answered", results["engine"][0], results["simpy"][0]),
        _same_model("abandoned", results["engine"][1], results["simpy"][1]),
    ]


def _same_model(what: str, engine: int, peer: int) -> Figure:
    """Shows that both played the same model: the ends of the calls agree within two in a hundred.

    They need not agree to the call: SimPy keeps time in floats and the engine in microseconds, and
    from the first tie that falls otherwise the nights go apart.
    """
    return Figure(
        name=f"calls {what}",
        value=engine,
        unit="calls",
        against="SimPy, within 2 %",
        reference=peer,
        ratio=engine / peer if peer else None,
        ok=abs(engine - peer) <= 0.02 * CALLS,
    )
