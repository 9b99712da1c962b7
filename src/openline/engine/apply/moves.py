"""Moving calls and agents along the tables of transitions; anything else is a bug of ours."""

from openline.engine import events as e
from openline.engine.settings import Settings
from openline.engine.state import Agent, Call, State
from openline.engine.transitions import AGENT_TRANSITIONS, CALL_TRANSITIONS
from openline.model import BugError, Reason


def move_call(call: Call, event: e.Event) -> None:
    """Moves the call along its table."""
    try:
        following = CALL_TRANSITIONS[call.state][type(event)]
    except KeyError:
        raise BugError(
            f"call {call.id} is {call.state.value}: {type(event).__name__} cannot happen to it"
        ) from None
    if following is not None:
        call.state = following


def move_agent(state: State, agent: Agent, event: e.Event, reason: Reason | None) -> None:
    """Moves the agent along her table, and notes since when and why."""
    try:
        agent.state = AGENT_TRANSITIONS[agent.state][type(event)]
    except KeyError:
        raise BugError(
            f"agent {agent.key} is {agent.state.value}: {type(event).__name__} cannot happen to her"
        ) from None
    agent.since = state.now
    agent.reason = reason
    if state.index.work.counts_work:
        state.index.work.agent_moved(agent)


def adopt_anew(state: State, settings: Settings) -> None:
    """Puts other rules in force, by a new configuration, a surge or changed skills.

    Whatever steps the waiting calls had reached are of the old ones; what they reach now follows.
    """
    for call in state.calls.values():
        call.step = 0
        call.widens_at = None
        call.announce_at = None
    state.adopt(settings)
    for queue in [queue for queue in state.handled if queue not in state.index.callers.estimated]:
        del state.handled[queue]


def nothing(state: State, event: e.Event) -> None:
    """Leaves the state as it is: the event is for the record only."""
