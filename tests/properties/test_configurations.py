"""Is a configuration one whole while calls live, whatever is published when?

Versions are published, taken back and published again: people, lines and queues go and come back,
rules change, and a name changes where nothing else does. Beside the invariants the machine asks
that what was refused changed nothing, that what was adopted is there in full, and that a new name
moves nobody.
"""

import msgspec
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from openline.engine import AgentState, Settings, State
from openline.engine import events as e
from openline.invariants import expect
from openline.model import AgentKey
from tests.properties import planted_bugs
from tests.properties.planted_bugs import PLANTED
from tests.properties.stage import AGENTS, LINES, NIGHTS, Stage, first_broken
from tests.properties.versions import VERSIONS


class Configurations(Stage):
    """Plays whoever publishes."""

    def __init__(self) -> None:
        super().__init__()
        self.valid: Settings = self.SETTINGS
        self.before: list[Settings] = []

    def publish(self, settings: Settings) -> bool:
        """Publishes and notes what holds from then on; returns whether it was adopted."""
        numbered = msgspec.structs.replace(settings, version=self.valid.version + 1)
        events = self.rehearsal.publish(numbered).events
        is_adopted = any(isinstance(event, e.ConfigurationAdopted) for event in events)
        if is_adopted:
            self.before.append(self.valid)
            self.valid = numbered
        return is_adopted

    @rule(settings=st.sampled_from(VERSIONS))
    def another_version_is_published(self, settings: Settings) -> None:
        self.publish(settings)

    @rule(key=AGENTS)
    def somebody_leaves_the_team(self, key: AgentKey) -> None:
        agents = tuple(one for one in self.valid.agents if one.key != key)
        self.publish(msgspec.structs.replace(self.valid, agents=agents))

    @rule(key=AGENTS)
    def somebody_learns_what_a_caller_waits_for(self, key: AgentKey) -> None:
        """Lets her be ready and able to do nothing, somebody call, and gives her skills back."""
        whole = self.valid
        unlearnt = tuple(
            msgspec.structs.replace(one, skills=()) if one.key == key else one
            for one in whole.agents
        )
        self.publish(msgspec.structs.replace(whole, agents=unlearnt))
        agent = self.rehearsal.state.agents.get(key)
        if agent is not None and agent.state in (AgentState.SIGNED_OUT, AgentState.PAUSED):
            self.rehearsal.ready(key)
        self.somebody_calls("direct")
        self.publish(whole)

    @rule(key=LINES)
    def a_line_is_taken_away(self, key: str) -> None:
        lines = tuple(one for one in self.valid.lines if one.key != key)
        self.publish(msgspec.structs.replace(self.valid, lines=lines))

    @rule()
    def a_name_is_changed(self) -> None:
        """Names are not the engine's: all that it sees of one is another version."""
        before = _people(self.rehearsal.state)
        expect(self.publish(self.valid), "I24", "a new name was refused")
        expect(_people(self.rehearsal.state) == before, "I24", "a new name moved somebody")

    @rule()
    def the_last_version_is_taken_back(self) -> None:
        if self.before:
            self.publish(self.before[-1])

    @invariant()
    def what_was_published_holds_as_a_whole(self) -> None:
        state = self.rehearsal.state
        expect(state.settings == self.valid, "I24", "another configuration holds")
        expect(
            [*state.agents] == [one.key for one in self.valid.agents]
            and set(state.lines) == {one.key for one in self.valid.lines}
            and set(state.queues) == {one.key for one in self.valid.queues},
            "I24",
            "half a configuration holds",
        )


def _people(state: State) -> tuple[object, ...]:
    """Returns who waits where and since when, who talks with whom, and what everybody does."""
    calls = [
        (call.id, call.state, call.queue, call.priority, call.waiting_since, call.agent, call.offer)
        for call in state.calls.values()
    ]
    agents = [
        (agent.key, agent.state, agent.since, agent.call, agent.offer, agent.rests_until)
        for agent in state.agents.values()
    ]
    return (calls, agents, list(state.callbacks))


TestConfigurations = Configurations.TestCase
TestConfigurations.settings = NIGHTS


@pytest.mark.parametrize(
    "bug",
    [
        planted_bugs.a_configuration_may_drop_who_is_at_work,
        planted_bugs.a_new_configuration_wakes_nobody,
        planted_bugs.skills_are_learnt_only_once,
    ],
    ids=lambda bug: bug.__name__,
)
def test_half_a_configuration_is_caught(
    bug: planted_bugs.Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, _ = PLANTED[bug.__name__]
    plant(monkeypatch)
    # Which check sees it first depends on what is drawn; `test_planted_bugs` says which must.
    assert first_broken(Configurations) is not None
