"""Who else is there while one part of the centre is tried?

A `Stage` is a hypothesis machine with the little that every part needs: people call, agents do what
is next for them, time goes by, the program dies. A machine of one part adds its own rules and asks
more of its part. Each rule says whom it means by a number, so that a failing night shrinks to few
steps that read as a story; after every step the rehearsal holds all invariants.

`first_broken` lets a machine look for a bug that is planted; it does not shrink.
"""

from collections.abc import Iterable
from typing import TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from openline.engine import AgentState, CallState, Settings
from openline.engine import inputs as i
from openline.invariants import InvariantBrokenError
from openline.model import AgentKey, BugError, LegId
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal

T = TypeVar("T")

ANY = st.integers(0, 11)
"""Picks one of however many there are."""
AGENTS = st.sampled_from([one.key for one in SETTINGS.agents])
LINES = st.sampled_from([one.key for one in SETTINGS.lines])
NIGHTS = settings(max_examples=30, stateful_step_count=30)
SEARCH = settings(
    max_examples=300, stateful_step_count=30, phases=(Phase.generate,), print_blob=False
)


def one_of(found: Iterable[T], pick: int) -> T | None:
    """Returns one of what there is, or None where there is nothing."""
    every = list(found)
    return every[pick % len(every)] if every else None


def first_broken(machine: type[RuleBasedStateMachine]) -> str | None:
    """Returns what first catches a bug that is planted now: an invariant, or the engine itself."""
    try:
        run_state_machine_as_test(machine, settings=SEARCH)
    except InvariantBrokenError as broken:
        return broken.number
    except (BugError, AssertionError):
        return "BugError"
    return None


class Stage(RuleBasedStateMachine):
    """Plays the callers and agents around the part that is tried."""

    SETTINGS: Settings = SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self.rehearsal = Rehearsal(self.SETTINGS)
        self.callers = 0

    @rule(line=LINES)
    def somebody_calls(self, line: str) -> None:
        self.callers += 1
        self.rehearsal.arrive(f"sip:{self.callers}", line)

    @rule(key=AGENTS)
    def somebody_calls_and_is_answered(self, key: AgentKey) -> None:
        """Leads straight to a talk, which chance alone seldom does."""
        agent = self.rehearsal.state.agents.get(key)
        if agent is not None and agent.state is AgentState.WRAP_UP:
            self.rehearsal.finish(key)
        if agent is not None and agent.state in (AgentState.SIGNED_OUT, AgentState.PAUSED):
            self.rehearsal.ready(key)
        self.somebody_calls("direct")
        if agent is not None and agent.state is AgentState.OFFERED:
            self.rehearsal.accept(key)

    @rule(pick=ANY)
    def somebody_hears_to_the_end(self, pick: int) -> None:
        calls = self.rehearsal.state.calls.values()
        call = one_of((one for one in calls if one.playback is not None), pick)
        if call is not None and call.playback is not None and call.state is not CallState.VOICEMAIL:
            self.rehearsal.see(i.PlaybackFinished(leg=call.leg, playback=call.playback))

    @rule(pick=ANY)
    def a_caller_leaves(self, pick: int) -> None:
        leg = one_of(self.rehearsal.state.calls_by_leg, pick)
        if leg is not None:
            self.rehearsal.leave(leg)

    @rule(key=AGENTS)
    def an_agent_goes_on(self, key: AgentKey) -> None:
        agent = self.rehearsal.state.agents.get(key)
        if agent is None:
            return
        match agent.state:
            case AgentState.SIGNED_OUT | AgentState.PAUSED:
                self.rehearsal.ready(key)
            case AgentState.OFFERED:
                self.rehearsal.accept(key)
            case AgentState.TALKING:
                self.rehearsal.hang_up(key)
            case AgentState.WRAP_UP:
                self.rehearsal.finish(key)
            case _:
                pass

    @rule(key=AGENTS, hard=st.booleans())
    def an_agent_takes_a_rest(self, key: AgentKey, hard: bool) -> None:
        agent = self.rehearsal.state.agents.get(key)
        if agent is not None and agent.state is AgentState.WRAP_UP:
            self.rehearsal.finish(key, ready=False, recovery=hard)
        elif agent is not None:
            self.rehearsal.pause(key)

    @rule(seconds=st.sampled_from((1, 5, 20, 31, 90, 400)))
    def time_goes_on(self, seconds: int) -> None:
        self.rehearsal.wait(seconds)

    @rule(kept=st.integers(0, 3))
    def the_program_dies_and_starts(self, kept: int) -> None:
        state = self.rehearsal.state
        legs = [*state.calls_by_leg, *state.agents_by_leg, *state.calls_by_outside_leg]
        there = [leg for place, leg in enumerate(legs) if kept == 0 or place % (kept + 1)]
        self.rehearsal.restart(*there, LegId("web:forgotten"))
