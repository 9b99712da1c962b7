"""How many whole calls does the engine carry in a second of CPU, beside SimPy at the same work?

Both play one model, with the same draws, in one process, one after the other: calls of three skills
arrive, one in ten of them urgent; they wait for whoever of 120 agents with two skills each has been
idle longest, ring, are answered, talked with and wrapped up; who has waited too long leaves. The
engine does it as it does live: every input goes through `handle`, every step gives events and
commands, and `next_wakeup` is asked after each. SimPy does only the queueing, with a router that
takes the next from the end of a deque: no events, no record, no rules. So the ratio is the price of
everything that makes a centre of a queue.
"""

import gc
import heapq
import time
from collections import deque
from collections.abc import Generator
from itertools import accumulate, count
from random import Random

import simpy

from benchmarks.figure import Figure
from openline.engine import CallState, Engine, Settings, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, Instant, LegId, LineKey, Origin, QueueKey
from tests.builders import agent, line, needs, queue, settings

NAME = "engine_calls"

AGENTS = 120
SKILLS = 3
URGENT = 0.1
"""The share of calls that go before the others of their skill, and of every other."""
CALLS = 20_000
SEED = 20260330
AIM = 0.4

MEAN_BETWEEN_S = 3.0
MEAN_RING_S = 4.0
MEAN_TALK_S = 300.0
MEAN_WRAP_UP_S = 60.0
MEAN_PATIENCE_S = 180.0
"""120 agents at 364 s a call and one every 3 s: a load of 121 erlangs, so that a queue forms."""


def skills_of(agent: int) -> tuple[int, int]:
    """Returns the two skills of an agent."""
    return agent % SKILLS, (agent + 1) % SKILLS


class Draws:
    """Draws one caller after another; both players draw the same ones."""

    def __init__(self, seed: int) -> None:
        chance = Random(seed)
        self.kinds = [(chance.randrange(SKILLS), chance.random() < URGENT) for _ in range(CALLS)]
        """Which skill each caller needs, and whether he is urgent."""
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
        self.micros = [
            [round(seconds * SECOND) for seconds in column]
            for column in zip(*self.callers, strict=True)
        ]
        """The same, a list for each draw, in the engine's unit of time."""


# --- with the engine -----------------------------------------------------------------------


def _line(skill: int, urgent: bool) -> LineKey:
    return LineKey(f"line-{skill}{'-urgent' if urgent else ''}")


def _settings() -> Settings:
    kinds = [(skill, urgent) for skill in range(SKILLS) for urgent in (False, True)]
    queues = {
        kind: queue(
            QueueKey(f"queue-{kind[0]}{'-urgent' if kind[1] else ''}"),
            needs(**{f"skill-{kind[0]}": 1}),
            priority=int(kind[1]),
            ring_seconds=60,
            wrap_up_seconds=600,
        )
        for kind in kinds
    }
    return settings(
        lines=[line(_line(*kind), queues[kind].key) for kind in kinds],
        queues=queues.values(),
        agents=[
            agent(AgentKey(f"agent-{n}"), **{f"skill-{skill}": 1 for skill in skills_of(n)})
            for n in range(AGENTS)
        ],
    )


def play_engine(draws: Draws) -> tuple[int, int]:
    """Plays the model on the engine; returns how many calls were answered and abandoned."""
    engine = Engine(State())
    now = Instant(0)
    engine.handle(i.ConfigurationPublished(settings=_settings()), now)
    for key in list(engine.state.agents):
        engine.handle(
            i.SignInRequested(agent=key, leg=LegId(f"desk:{key}"), origins=(Origin.REAL,)), now
        )
        engine.handle(i.ReadyRequested(agent=key), now)

    # What follows by a person's doing waits in a heap of its own, as in a simulation.
    pending: list[tuple[int, int, i.AnyInput]] = []
    number = count().__next__
    push, pop = heapq.heappush, heapq.heappop
    lines = [_line(*kind) for kind in draws.kinds]
    between, ring, talk, wrap_up, patience = draws.micros
    calls_by_leg, talking = engine.state.calls_by_leg, CallState.TALKING
    handle, next_wakeup = engine.handle, engine.next_wakeup
    hung_up, time_passed, followed = i.LegHungUp, i.TimePassed(), _FOLLOWED
    arrivals = accumulate(between)
    arrived = answered = abandoned = 0
    arrives_at: int | None = next(arrivals)
    wake = next_wakeup()
    seen: i.AnyInput
    while pending or arrives_at is not None:
        first = pending[0][0] if pending else _NEVER
        if wake is not None and wake < first and (arrives_at is None or wake < arrives_at):
            now, seen = wake, time_passed
        elif arrives_at is not None and arrives_at < first:
            now = Instant(arrives_at)
            leg = LegId(f"web:{arrived}")
            seen = i.LegArrived(leg=leg, line=lines[arrived], origin=_REAL)
            push(pending, (now + patience[arrived], number(), i.LegHungUp(leg=leg)))
            arrived += 1
            arrives_at = next(arrivals, None)
        else:
            at, _, seen = pop(pending)
            now = Instant(at)
            if type(seen) is hung_up:
                call = calls_by_leg.get(seen.leg)
                if call is None or call.state is talking:
                    continue  # his patience was not tried
        events = handle(seen, now).events
        wake = next_wakeup()
        for event in events:
            if type(event) not in followed:
                continue
            follows: i.AnyInput
            if type(event) is e.CallOffered:
                took = ring[event.call - 1]
                follows = i.AcceptRequested(agent=event.agent, offer=event.offer)
            elif type(event) is e.OfferAccepted:
                answered += 1
                took = talk[event.call - 1]
                follows = i.HangUpRequested(agent=event.agent)
            elif type(event) is e.WrapUpStarted:
                took = wrap_up[event.call - 1]
                follows = i.WrapUpFinishRequested(agent=event.agent, disposition="helped")
            else:
                assert type(event) is e.CallEnded
                abandoned += event.agent is None
                continue
            push(pending, (now + took, number(), follows))
    return answered, abandoned


_REAL = Origin.REAL
_NEVER = 1 << 62
_FOLLOWED = frozenset((e.CallOffered, e.OfferAccepted, e.WrapUpStarted, e.CallEnded))
"""The events after which somebody does something; the others are passed over at once."""


# --- with SimPy ----------------------------------------------------------------------------


class _Waiting:
    """Is one caller who waits, and the event by which SimPy tells him of an agent."""

    __slots__ = ("found", "is_gone", "number")

    def __init__(self, found: simpy.Event, number: int) -> None:
        self.found = found
        self.is_gone = False
        self.number = number


def play_simpy(draws: Draws) -> tuple[int, int]:
    """Plays the model on SimPy; returns how many calls were answered and abandoned.

    The router is O(1): a deque of idle agents for each skill, in which an agent stands under each
    of hers with a stamp that shows whether the entry still holds, and a deque of callers for each
    skill and urgency.
    """
    world = simpy.Environment()
    idle: list[deque[tuple[int, int]]] = [deque() for _ in range(SKILLS)]
    stamps = [0] * AGENTS
    waiting = {urgent: [deque[_Waiting]() for _ in range(SKILLS)] for urgent in (False, True)}
    tallies = {"answered": 0, "abandoned": 0}
    skills = [skills_of(agent) for agent in range(AGENTS)]

    def rest(agent: int) -> None:
        for skill in skills[agent]:
            idle[skill].append((agent, stamps[agent]))

    def free(agent: int) -> None:
        for callers_of in (waiting[True], waiting[False]):
            best: deque[_Waiting] | None = None
            for skill in skills[agent]:
                callers = callers_of[skill]
                while callers and callers[0].is_gone:
                    callers.popleft()
                if callers and (best is None or callers[0].number < best[0].number):
                    best = callers
            if best is not None:
                best.popleft().found.succeed(agent)
                return
        rest(agent)

    def longest_idle(skill: int) -> int | None:
        agents = idle[skill]
        while agents:
            agent, stamp = agents.popleft()
            if stamps[agent] == stamp:
                stamps[agent] += 1
                return agent
        return None

    def call(number: int) -> Generator[simpy.Event, object, None]:
        _, ring, talk, wrap_up, patience = draws.callers[number]
        skill, urgent = draws.kinds[number]
        leaves = world.timeout(patience)
        agent = longest_idle(skill)
        if agent is None:
            caller = _Waiting(world.event(), number)
            waiting[urgent][skill].append(caller)
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
        for number, drawn in enumerate(draws.callers):
            yield world.timeout(drawn[0])
            world.process(call(number))

    for number in range(AGENTS):
        rest(number)

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
