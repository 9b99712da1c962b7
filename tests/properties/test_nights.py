"""Do the invariants hold whatever happens, in whatever order?

Two players ask. Hypothesis chooses what happens next and shrinks a night that goes wrong to the
shortest one; a plain generator plays longer nights, faster. Every input is checked by the rehearsal
(see `tests/engine/rehearsal.py`).
"""

import os
from random import Random
from typing import get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from openline.engine import AnyEvent
from tests.engine.rehearsal import Rehearsal
from tests.properties.random_day import RandomDay
from tests.properties.versions import VERSIONS


class Night(RuleBasedStateMachine):
    """Lets hypothesis choose what happens next."""

    day: RandomDay

    @initialize(chance=st.randoms(use_true_random=False))
    def begin(self, chance: Random) -> None:
        self.day = RandomDay(Rehearsal(), chance)

    @rule()
    def somebody_calls(self) -> None:
        self.day.arrive()

    @rule()
    def a_greeting_ends(self) -> None:
        self.day.greeting_ends()

    @rule(times=st.integers(1, 6))
    def agents_go_on(self, times: int) -> None:
        for _ in range(times):
            self.day.agent_goes_on()

    @rule()
    def agents_confer(self) -> None:
        self.day.agents_confer()

    @rule()
    def an_agent_asks_anything(self) -> None:
        self.day.agent_asks_anything()

    @rule()
    def time_goes_on(self) -> None:
        self.day.time_goes_on()

    @rule()
    def a_digit_is_pressed(self) -> None:
        self.day.digit_is_pressed()

    @rule()
    def a_supervisor_switches_lines_and_surges(self) -> None:
        self.day.supervisor_switches()

    @rule()
    def a_caller_leaves(self) -> None:
        self.day.caller_leaves()

    @rule()
    def a_page_is_lost(self) -> None:
        self.day.page_is_lost()

    @rule()
    def a_page_comes_back(self) -> None:
        self.day.page_comes_back()

    @rule()
    def sound_is_reported(self) -> None:
        self.day.sound_is_reported()

    @rule()
    def the_same_is_said_again(self) -> None:
        self.day.say_again()

    @rule()
    def something_is_heard_late(self) -> None:
        self.day.say_late()

    @rule()
    def the_program_dies_and_starts(self) -> None:
        self.day.restart()

    @rule()
    def a_supervisor_forces_a_state(self) -> None:
        self.day.supervisor_forces()

    @rule()
    def a_supervisor_changes_skills_or_takes_a_call(self) -> None:
        self.day.supervisor_teaches()

    @rule()
    def a_supervisor_comes_to_help(self) -> None:
        self.day.supervisor_comes()

    @rule()
    def a_caller_wants_to_be_called_back(self) -> None:
        self.day.caller_wants_callback()

    @rule()
    def a_dialled_person_reacts(self) -> None:
        self.day.dialled_person_reacts()

    @rule()
    def a_configuration_is_published(self) -> None:
        self.day.publish()

    @rule()
    def the_clock_is_set_or_an_order_fails(self) -> None:
        self.day.clock_or_command()


TestNight = Night.TestCase
TestNight.settings = settings(
    max_examples=int(os.environ.get("OPENLINE_NIGHTS", "250")), stateful_step_count=50
)


@pytest.mark.parametrize("seed", range(12))
def test_no_invariant_breaks_on_a_random_day(seed: int) -> None:
    rehearsal = Rehearsal()
    RandomDay(rehearsal, Random(seed)).play(600)
    assert rehearsal.history.accepted > 5, "a day on which nobody was answered proves nothing"


def test_the_random_days_meet_every_kind_of_event() -> None:
    met: set[str] = set()
    kinds = {kind.__name__ for kind in get_args(AnyEvent)}
    for seed in range(150):
        if met == kinds:
            break
        # Each begins in another configuration, so that what one alone leads to is met soon.
        rehearsal = Rehearsal(VERSIONS[-1 - seed % len(VERSIONS)])
        RandomDay(rehearsal, Random(seed)).play(600)
        met.update(type(event).__name__ for event in rehearsal.events)
    assert met == kinds
