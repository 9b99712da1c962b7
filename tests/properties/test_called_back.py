"""Is every callback that was promised made or explained, whatever comes between?

People ask for it, twice from one number too, and say when it is safe. It comes due, an agent is
rung, the number is dialled; somebody answers, the wrong person does, it is busy or nobody is there;
its time runs out, and the program dies in between. In the end no promise may be left.
"""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from openline.engine import AgentState, CallState
from openline.engine import inputs as i
from openline.invariants import expect
from openline.model import SECOND, AgentKey, Instant, SealedRef
from tests.engine.builders import CRISIS, another_version
from tests.properties import planted_bugs, planted_callback_bugs
from tests.properties.planted_bugs import PLANTED
from tests.properties.stage import AGENTS, ANY, NIGHTS, Stage, first_broken, one_of
from tests.properties.versions import ENGLISH_CALLS_BACK, SPANISH_CALLS_BACK


class CalledBack(Stage):
    """Plays whoever asks for a callback, and whoever answers it."""

    SETTINGS = another_version(queues=(ENGLISH_CALLS_BACK, SPANISH_CALLS_BACK, CRISIS))

    @rule(
        pick=ANY,
        number=st.integers(0, 2),
        begins=st.sampled_from((None, 0, 20)),
        lasts=st.sampled_from((None, 5, 60, 500)),
        message=st.booleans(),
    )
    def somebody_asks_for_it(
        self,
        pick: int,
        number: int,
        begins: int | None,
        lasts: int | None,
        message: bool,
    ) -> None:
        calls = self.rehearsal.state.calls.values()
        call = one_of((one for one in calls if one.is_waiting and one.has_leg), pick)
        if call is None:
            return
        now = self.rehearsal.now
        not_before = None if begins is None else Instant(now + begins * SECOND)
        until = None if lasts is None else Instant((not_before or now) + lasts * SECOND)
        self.rehearsal.see(
            i.CallbackAsked(
                leg=call.leg,
                number=SealedRef(f"number-{number}"),
                not_before=not_before,
                not_after=until,
                may_leave_message=message,
            )
        )

    @rule(number=st.integers(0, 2), message=st.booleans())
    def two_of_one_number_ask_for_it(self, number: int, message: bool) -> None:
        for may_leave_one in (message, not message):
            self.somebody_calls("direct")
            self.somebody_asks_for_it(
                len(self.rehearsal.state.calls) - 1, number, None, None, message=may_leave_one
            )

    @rule(pick=ANY, why=st.sampled_from((None, None, None, *i.DialFailure)))
    def the_number_answers_or_not(self, pick: int, why: i.DialFailure | None) -> None:
        calls = self.rehearsal.state.calls.values()
        call = one_of((one for one in calls if one.state is CallState.DIALLING), pick)
        if call is not None and why is None:
            self.rehearsal.see(i.DialAnswered(leg=call.leg))
        elif call is not None and why is not None:
            self.rehearsal.see(i.DialFailed(leg=call.leg, why=why))

    @rule(key=AGENTS, number=st.integers(0, 2))
    def somebody_is_called_back_and_answers(self, key: AgentKey, number: int) -> None:
        self.somebody_calls("direct")
        self.somebody_asks_for_it(self.callers, number, None, None, message=True)
        if self.rehearsal.agent(key).state in (AgentState.SIGNED_OUT, AgentState.PAUSED):
            self.rehearsal.ready(key)
        if self.rehearsal.agent(key).state is AgentState.OFFERED:
            self.rehearsal.accept(key)
            self.the_number_answers_or_not(0, None)

    @rule(pick=ANY, word=st.sampled_from(i.CallbackWord))
    def the_agent_says_who_answered(self, pick: int, word: i.CallbackWord) -> None:
        calls = self.rehearsal.state.calls.values()
        call = one_of((one for one in calls if one.callback and one.agent), pick)
        if call is not None and call.agent is not None:
            self.rehearsal.see(i.CallbackCloseRequested(agent=call.agent, word=word))

    @rule(seldom=st.integers(0, 9))
    def all_is_over_in_the_end(self, seldom: int) -> None:
        """Lets everybody hang up and hours go by: then no promise is left."""
        if seldom < 9:
            return
        for agent in self.rehearsal.state.agents.values():
            if agent.state is AgentState.OFFERED:
                self.rehearsal.decline(agent.key)
            if agent.state is AgentState.TALKING:
                self.rehearsal.hang_up(agent.key)
            self.rehearsal.sign_out(agent.key)
        self.rehearsal.wait(4_000)
        expect(not self.rehearsal.state.callbacks, "I18", "a promise is left in the end")


TestCalledBack = CalledBack.TestCase
TestCalledBack.settings = NIGHTS


@pytest.mark.parametrize(
    "bug",
    [
        planted_callback_bugs.one_number_is_promised_two_callbacks,
        planted_callback_bugs.one_of_two_may_allow_a_message,
        planted_callback_bugs.who_was_promised_a_callback_waits_on,
        planted_callback_bugs.nobody_asks_when_it_is_safe,
        planted_callback_bugs.a_promise_never_runs_out,
        planted_callback_bugs.the_wrong_person_counts_as_reached,
    ],
    ids=lambda bug: bug.__name__,
)
def test_what_breaks_a_promise_is_caught(
    bug: planted_bugs.Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, _ = PLANTED[bug.__name__]
    plant(monkeypatch)
    # Which check sees it first depends on what is drawn; `test_planted_bugs` says which must.
    assert first_broken(CalledBack) is not None
