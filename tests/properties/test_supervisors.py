"""Does what a supervisor orders hold, and can all of it be undone?

States are forced on people, also home; lines are closed and opened, a surge is switched, and each
order may be taken back. Beside the invariants the machine knows what was ordered, and asks after
every step whether that is what holds.
"""

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from openline.engine import AgentState, SurgeSettings, ToMessage
from openline.engine import inputs as i
from openline.invariants import expect
from openline.model import AgentKey, LineKey, QueueKey, SurgeKey
from tests.engine.builders import CRISIS_LINE, DIRECT, PUBLIC, PUBLICO, SPANISH, another_version
from tests.properties import planted_bugs
from tests.properties.planted_bugs import PLANTED
from tests.properties.stage import AGENTS, LINES, NIGHTS, Stage, first_broken

CLOSED = ToMessage(sound="closed")
FLOOD = SurgeKey("flood")
WITH_SURGE = another_version(
    recovery_s=60,
    lines=(
        *(msgspec.structs.replace(each, emergency=CLOSED) for each in (PUBLIC, DIRECT, PUBLICO)),
        CRISIS_LINE,
    ),
    surges=(
        SurgeSettings(
            key=FLOOD,
            lines=(msgspec.structs.replace(PUBLIC, greeting="many-are-calling", emergency=CLOSED),),
            queues=(msgspec.structs.replace(SPANISH, priority=7),),
        ),
    ),
)
SUE = AgentKey("sue")


class Supervisors(Stage):
    """Plays supervisors over people, lines and the surge."""

    SETTINGS = WITH_SURGE

    def __init__(self) -> None:
        super().__init__()
        self.closed: set[LineKey] = set()
        self.surge: SurgeKey | None = None
        self.undoes: list[i.AnyInput] = []
        self.skills = {one.key: one.skills for one in self.SETTINGS.agents}

    @rule(
        key=AGENTS,
        to=st.sampled_from((AgentState.READY, AgentState.PAUSED, AgentState.SIGNED_OUT)),
        why=st.sampled_from((None, "lunch", "training")),
    )
    def a_state_is_forced(self, key: AgentKey, to: AgentState, why: str | None) -> None:
        before = self.rehearsal.agent(key)
        if before.state in (AgentState.READY, AgentState.PAUSED):
            again = before.state, before.pause_reason
            self.undoes.append(i.StateForced(by=SUE, agent=key, to=again[0], pause_reason=again[1]))
        self.rehearsal.force(key, to, why)

    @rule(key=AGENTS, to=st.sampled_from((AgentState.PAUSED, AgentState.SIGNED_OUT)))
    def somebody_is_forced_in_the_middle_of_a_talk(self, key: AgentKey, to: AgentState) -> None:
        self.somebody_calls_and_is_answered(key)
        self.rehearsal.force(key, to, None)

    @rule(key=AGENTS)
    def somebody_is_called_out_of_her_break(self, key: AgentKey) -> None:
        self.somebody_calls_and_is_answered(key)
        if self.rehearsal.agent(key).state is AgentState.TALKING:
            self.rehearsal.hang_up(key)
            self.an_agent_takes_a_rest(key, hard=True)
            self.rehearsal.force(key, AgentState.READY, None)

    @rule(line=LINES, closed=st.booleans())
    def a_line_is_switched(self, line: LineKey, closed: bool) -> None:
        was = line in self.closed
        self.undoes.append(i.LineClosureRequested(by=SUE, line=line, closed=was))
        self.order(i.LineClosureRequested(by=SUE, line=line, closed=closed))

    @rule(surge=st.sampled_from((None, FLOOD)))
    def a_surge_is_switched(self, surge: SurgeKey | None) -> None:
        self.undoes.append(i.SurgeRequested(by=SUE, surge=self.surge))
        self.order(i.SurgeRequested(by=SUE, surge=surge))

    @rule(key=AGENTS, like=AGENTS)
    def somebody_is_to_take_what_another_takes(self, key: AgentKey, like: AgentKey) -> None:
        now = self.rehearsal.state.agent_settings
        has, gets = now[key].skills, now[like].skills
        self.undoes.append(i.SkillsChangeRequested(by=SUE, agent=key, skills=has, instead_of=gets))
        self.order(i.SkillsChangeRequested(by=SUE, agent=key, skills=gets, instead_of=has))

    @rule(key=AGENTS, queue=st.sampled_from([one.key for one in WITH_SURGE.queues]))
    def somebody_takes_a_call(self, key: AgentKey, queue: QueueKey) -> None:
        self.rehearsal.see(i.CallTakeRequested(by=key, queue=queue))

    @rule()
    def the_last_order_is_undone(self) -> None:
        if self.undoes:
            self.order(self.undoes.pop())

    def order(self, seen: i.AnyInput) -> None:
        """Gives an order and notes what is to hold from then on."""
        self.rehearsal.see(seen)
        match seen:
            case i.LineClosureRequested():
                line = self.rehearsal.state.lines[seen.line]
                if seen.closed and line.emergency is not None:
                    self.closed.add(seen.line)
                else:
                    self.closed.discard(seen.line)
            case i.SkillsChangeRequested() if set(seen.instead_of) == set(self.skills[seen.agent]):
                self.skills[seen.agent] = seen.skills
            case i.SurgeRequested():
                self.surge = seen.surge
            case _:
                pass

    @invariant()
    def what_was_ordered_holds(self) -> None:
        state = self.rehearsal.state
        expect(set(state.closed_lines) == self.closed, "closing", "other lines are closed")
        for key, skills in self.skills.items():
            has = state.agent_settings[key].skills
            expect(set(has) == set(skills), "skills", f"{key} can take something else")
        expect(state.surge == self.surge, "I24", "another surge is on")
        greeting = state.lines[LineKey("public")].greeting
        usual = self.SETTINGS.lines[0].greeting
        expect((greeting != usual) == (self.surge is not None), "I24", "half a surge is on")


TestSupervisors = Supervisors.TestCase
TestSupervisors.settings = NIGHTS


@pytest.mark.parametrize(
    "bug",
    [
        planted_bugs.a_closed_line_stays_closed,
        planted_bugs.one_closed_line_closes_all,
        planted_bugs.a_supervisor_cuts_a_recovery_break,
        planted_bugs.a_supervisor_cuts_a_talk,
        planted_bugs.a_surge_is_never_over,
        planted_bugs.nobody_says_who_gave_her_the_skill,
        planted_bugs.who_takes_a_call_takes_the_last,
        planted_bugs.who_is_sent_home_leaves_her_wrap_up_untold,
        planted_bugs.what_was_forced_is_forgotten_after_the_call,
    ],
    ids=lambda bug: bug.__name__,
)
def test_what_breaks_an_order_is_caught(
    bug: planted_bugs.Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, _ = PLANTED[bug.__name__]
    plant(monkeypatch)
    # Which check sees it first depends on what is drawn; `test_planted_bugs` says which must.
    assert first_broken(Supervisors) is not None
