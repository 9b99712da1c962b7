"""Could this have happened to an agent?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.centre import nothing
from openline.invariants.told import Told, ToldAgent
from openline.model import AgentKey, Reason


def _agent_signed_in(told: Told, event: e.AgentSignedIn) -> None:
    agent = told.agents[event.agent]
    expect(agent.stage is AgentState.SIGNED_OUT, "I11", f"{agent.key} signed in twice")
    expect(
        all(other.leg != event.leg for other in told.agents.values()),
        "I2",
        f"two agents at leg {event.leg}",
    )
    agent.stage, agent.leg, agent.origins = AgentState.PAUSED, event.leg, event.origins
    agent.is_lost = False
    agent.signed_in_at, agent.busy = told.now, 0


def _agent_signed_out(told: Told, event: e.AgentSignedOut) -> None:
    agent = _freed(told, event.agent, AgentState.SIGNED_OUT, event)
    agent.leg, agent.origins = None, ()
    agent.is_lost = False


def _agent_origins_changed(told: Told, event: e.AgentOriginsChanged) -> None:
    told.agents[event.agent].origins = event.origins


def _agent_ready(told: Told, event: e.AgentReady) -> None:
    agent = _freed(told, event.agent, AgentState.READY, event)
    agent.idle_since = told.now


def _agent_paused(told: Told, event: e.AgentPaused) -> None:
    agent = _freed(told, event.agent, AgentState.PAUSED, event)
    agent.rests_until = event.rests_until


def _state_force_noted(told: Told, event: e.StateForceNoted) -> None:
    agent = told.agents[event.agent]
    has_call = agent.stage in (AgentState.TALKING, AgentState.WRAP_UP)
    expect(has_call, "forced", f"{agent.key} has no call to wait for")
    agent.forced_to = event.to


def _recovery_break_over(told: Told, event: e.RecoveryBreakOver) -> None:
    agent = told.agents[event.agent]
    is_over = agent.rests_until is not None and agent.rests_until <= told.now
    expect(is_over, "recovery", f"the break of {agent.key} was over too early")
    agent.rests_until = None


def _wrap_up_started(told: Told, event: e.WrapUpStarted) -> None:
    agent = told.agents[event.agent]
    expect(agent.call == event.call, "I2", f"{agent.key} wraps up a call not hers")
    has_given = told.handed_on.pop(event.agent, None) == event.call
    is_over = has_given or event.call not in told.calls
    expect(is_over, "I1", f"call {event.call} outlives its end")
    agent.stage, agent.wraps_up_since = AgentState.WRAP_UP, told.now


def _wrap_up_extended(told: Told, event: e.WrapUpExtended) -> None:
    agent = told.agents[event.agent]
    wraps_up = agent.stage is AgentState.WRAP_UP and event.warn_at > told.now
    expect(wraps_up, "I9", f"{agent.key} got no longer by asking for longer")


def _wrap_up_finished(told: Told, event: e.WrapUpFinished) -> None:
    agent = told.agents[event.agent]
    expect(agent.call == event.call, "I2", f"{agent.key} finished a call not hers")
    since = agent.wraps_up_since
    expect(since is not None and event.took == told.now - since, "I9", "wrap-up time")
    agent.has_finished = True


def _agent_lost(told: Told, event: e.AgentLost) -> None:
    told.agents[event.agent].is_lost = True


def _agent_returned(told: Told, event: e.AgentReturned) -> None:
    told.agents[event.agent].is_lost = False


def _help_asked(told: Told, event: e.HelpAsked) -> None:
    agent = told.agents[event.agent]
    has_call = agent.stage in (AgentState.TALKING, AgentState.WRAP_UP)
    expect(has_call, "help", f"{agent.key} has no call with which to be helped")
    expect(not agent.wants_help, "help", f"{agent.key} raised her hand twice")
    agent.wants_help = True


def _help_taken(told: Told, event: e.HelpTaken) -> None:
    agent = told.agents[event.agent]
    expect(agent.wants_help, "help", f"{agent.key} wants no help")
    expect(agent.help_by is None, "help", f"two supervisors come to {agent.key}")
    agent.help_by = event.by


def _help_given_back(told: Told, event: e.HelpGivenBack) -> None:
    agent = told.agents[event.agent]
    expect(agent.help_by == event.by, "help", f"{event.by} was not to come to {agent.key}")
    agent.help_by = None


def _help_ended(told: Told, event: e.HelpEnded) -> None:
    agent = told.agents[event.agent]
    expect(agent.wants_help, "help", f"{agent.key} had no hand up")
    agent.wants_help, agent.help_by = False, None


def _freed(
    told: Told,
    key: AgentKey,
    stage: AgentState,
    event: e.AgentReady | e.AgentPaused | e.AgentSignedOut,
) -> ToldAgent:
    """Returns the agent, who must have nobody depending on her, with no call any more."""
    agent = told.agents[key]
    expect(agent.offer is None, "I28", f"{key} went away under an offer")
    left = None if agent.call is None else told.calls.get(agent.call)
    is_hers = left is not None and left.agent == key
    expect(not is_hers, "I28", f"{key} went away in call {agent.call}")
    # Another has the call by now, or nobody had to: she let go of it without a wrap-up.
    told.handed_on.pop(key, None)
    _as_forced(told, agent, stage, event)
    expect(
        agent.stage is not AgentState.WRAP_UP or agent.has_finished,
        "I8",
        f"{key} left the work after a call, and nobody knows how long it took",
    )
    agent.stage = stage
    if agent.busy_since is not None:
        agent.busy += told.now - agent.busy_since
        agent.busy_since = None
    agent.call = agent.wraps_up_since = agent.forced_to = agent.rests_until = None
    agent.has_finished = agent.wants_help = False
    agent.help_by = None
    return agent


def _as_forced(
    told: Told,
    agent: ToldAgent,
    stage: AgentState,
    event: e.AgentReady | e.AgentPaused | e.AgentSignedOut,
) -> None:
    """Holds a change to what supervisors wanted, and to the break that nobody may cut."""
    is_forced = event.reason is Reason.FORCED
    expect(is_forced == (event.by is not None), "forced", f"who forced {agent.key}?")
    was_talking = agent.stage is AgentState.TALKING and agent.call is not None
    expect(not (is_forced and was_talking), "forced", f"{agent.key} was torn from her talk")
    rests = event.reason is Reason.RECOVERY
    leaves = stage is AgentState.SIGNED_OUT
    if agent.has_finished and agent.forced_to is not None and not rests and not leaves:
        expect(
            is_forced and stage is agent.forced_to,
            "forced",
            f"{agent.key} was to be {agent.forced_to.value} after her call",
        )
    if agent.stage is AgentState.WRAP_UP and stage is AgentState.READY:
        expect(agent.has_finished, "forced", f"{agent.key} was made ready while she typed")
    if is_forced and stage is not AgentState.SIGNED_OUT:
        expect(agent.rests_until is None, "recovery", f"the break of {agent.key} was cut")
    if rests:
        assert isinstance(event, e.AgentPaused)
        expect(
            event.rests_until == told.now + told.settings.recovery_break > told.now,
            "recovery",
            f"{agent.key} rests for another time than is configured",
        )


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.AgentSignedIn: _agent_signed_in,
    e.AgentSignedOut: _agent_signed_out,
    e.AgentOriginsChanged: _agent_origins_changed,
    e.AgentReady: _agent_ready,
    e.AgentPaused: _agent_paused,
    e.PauseNoted: nothing,
    e.StateForceNoted: _state_force_noted,
    e.RecoveryBreakOver: _recovery_break_over,
    e.HelpAsked: _help_asked,
    e.HelpTaken: _help_taken,
    e.HelpGivenBack: _help_given_back,
    e.HelpEnded: _help_ended,
    e.AgentLost: _agent_lost,
    e.AgentReturned: _agent_returned,
    e.WrapUpStarted: _wrap_up_started,
    e.WrapUpExtended: _wrap_up_extended,
    e.WrapUpLimitReached: nothing,
    e.WrapUpFinished: _wrap_up_finished,
}
