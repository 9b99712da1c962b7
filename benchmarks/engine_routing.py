"""Does a routing decision cost the same in a large centre as in a small one?

A large centre (2,000 agents, 50 skills, 10,000 calls waiting) and a small one (20 agents, 10
waiting) answer the same inputs, taken in turn on one machine. Two decisions are timed, each as the
whole input that leads to it: an agent becomes ready while calls wait, and a call arrives while
agents are idle. Every agent has three skills in both, since the cost is promised per queue that
she serves. Once as usual, and once with priority that ages, a ceiling and the least occupied agent
chosen in every queue. The bound is on the ratio.
"""

import gc
import time
from random import Random
from statistics import median

from benchmarks.figure import Figure
from benchmarks.rooms import room
from openline.engine import AgentState, Engine, State
from openline.engine import inputs as i
from openline.model import Instant, LegId, LineKey, Origin

NAME = "engine_routing"

SKILLS = 50
DECISIONS = 2_000
ROUNDS = 5
BOUND = 3.0
SEED = 20260330


class Centre:
    """Is an engine full of people, with just enough around it to keep it busy."""

    def __init__(self, agents: int, *, waiting: int, every_rule: bool) -> None:
        chance = Random(SEED)
        settings = room(
            agents,
            skills=SKILLS,
            skills_each=3,
            ring_seconds=3_600,
            wrap_up_seconds=3_600,
            every_rule=every_rule,
        )
        self.engine = Engine(State())
        self._now = 0
        self._legs = 0
        self._chance = chance
        self._see(i.ConfigurationPublished(settings=settings))
        for _ in range(waiting):
            self._arrive()
        for key in list(self.engine.state.agents):
            self._see(
                i.SignInRequested(agent=key, leg=LegId(f"desk:{key}"), origins=(Origin.REAL,))
            )
            self._see(i.ReadyRequested(agent=key))
        self._agents = list(self.engine.state.agents)

    def _see(self, seen: i.AnyInput) -> float:
        """Hands an input in a millisecond later; returns the CPU seconds that it took."""
        self._now += 1_000
        now = Instant(self._now)
        begun = time.perf_counter_ns()
        self.engine.handle(seen, now)
        return (time.perf_counter_ns() - begun) / 1e9

    def _arrive(self) -> float:
        self._legs += 1
        line = LineKey(f"line-{self._legs % SKILLS}")
        return self._see(
            i.LegArrived(leg=LegId(f"web:{self._legs}"), line=line, origin=Origin.REAL)
        )

    def agent_becomes_ready(self) -> list[float]:
        """Times agents who finish a wrap-up while calls wait; each is offered the next call."""
        took: list[float] = []
        for _ in range(DECISIONS):
            key = self._chance.choice(self._agents)
            agent = self.engine.state.agents[key]
            if agent.offer is not None:
                self._see(i.AcceptRequested(agent=key, offer=agent.offer))
            if agent.state is AgentState.TALKING:
                self._see(i.HangUpRequested(agent=key))
                self._arrive()
            if agent.state is AgentState.WRAP_UP:
                seconds = self._see(i.WrapUpFinishRequested(agent=key, disposition="helped"))
                if agent.offer is not None:
                    took.append(seconds)
        return took

    def call_arrives(self) -> list[float]:
        """Times calls that arrive while agents are idle; each is offered at once."""
        took: list[float] = []
        for _ in range(DECISIONS):
            took.append(self._arrive())
            self._see(i.LegHungUp(leg=LegId(f"web:{self._legs}")))
        return took


def run() -> list[Figure]:
    """Measures both decisions in both centres, in turn, as usual and with every rule on."""
    return [*_measured(every_rule=False), *_measured(every_rule=True)]


def _measured(*, every_rule: bool) -> list[Figure]:
    """Takes the median of each decision; `every_rule` has ageing, a ceiling and least occupied."""
    # Whoever is there takes one call at once; so many more wait.
    busy, idle = (
        (
            Centre(2_000, waiting=2_000 + 10_000 if calls_wait else 0, every_rule=every_rule),
            Centre(20, waiting=20 + 10 if calls_wait else 0, every_rule=every_rule),
        )
        for calls_wait in (True, False)
    )
    gc.collect()
    figures: list[Figure] = []
    took: dict[str, tuple[list[float], list[float]]] = {
        "an agent becomes ready, 10,000 against 10 calls waiting": ([], []),
        "a call arrives, 2,000 against 20 agents idle": ([], []),
    }
    ready, arrives = took.values()
    for _ in range(ROUNDS):
        for which in (0, 1):
            ready[which].extend(busy[which].agent_becomes_ready())
            arrives[which].extend(idle[which].call_arrives())
    for name, (large, small) in took.items():
        in_large, in_small = median(large) * 1e6, median(small) * 1e6
        figures.append(
            Figure.at_most(
                name=f"{name}, every rule on" if every_rule else name,
                value=in_large / in_small,
                unit="times",
                against=f"bound: {BOUND:.0f} times (here {in_large:.1f} and {in_small:.1f} us)",
                reference=BOUND,
            )
        )
    return figures
