"""Could this have happened to the whole centre?"""

from collections.abc import Callable
from typing import Any

from openline.engine import AgentState
from openline.engine import events as e
from openline.invariants.catalogue import expect
from openline.invariants.told import Told, ToldAgent


def nothing(_told: Told, _event: e.Event) -> None:
    """Takes note of an event that changes nothing."""


def _configuration_adopted(told: Told, event: e.ConfigurationAdopted) -> None:
    kept, settings = told.agents, event.settings
    told.settings = settings
    told.queue_settings = {queue.key: queue for queue in settings.queues}
    told.agent_settings = {agent.key: agent for agent in settings.agents}
    told.agents = {}
    for number, configured in enumerate(settings.agents):
        agent = kept.pop(configured.key, None)
        if agent is None:
            agent = ToldAgent(key=configured.key, number=number, idle_since=told.now)
        agent.number = number
        told.agents[configured.key] = agent
        levels = {have.skill: have.level for have in configured.skills}
        told.serves[configured.key] = frozenset(
            queue.key
            for queue in settings.queues
            if all(levels.get(need.skill, 0) >= need.level for need in queue.needs)
        )
    for agent in kept.values():
        expect(agent.stage is AgentState.SIGNED_OUT, "I24", f"{agent.key} vanished while at work")
    for call in told.calls.values():
        is_there = call.queue is None or call.queue in told.queue_settings
        expect(is_there, "I24", f"call {call.id} lost its queue")


def _centre_resumed(told: Told, _event: e.CentreResumed) -> None:
    for offer in told.offers.values():
        offer.needs_renewal = True


FOLD: dict[type[e.Event], Callable[[Told, Any], None]] = {
    e.ConfigurationAdopted: _configuration_adopted,
    e.CentreResumed: _centre_resumed,
    e.ClockStepNoted: nothing,
    e.CommandFailureNoted: nothing,
    e.InputPassedOver: nothing,
    e.RequestRefused: nothing,
}
