"""How idle agents are ranked for a queue: who has the least number is rung first.

A rank may only change when an agent becomes idle anew, for it is the key of a heap. That is why an
agent's occupancy counts up to when she became ready: the time she then waits lowers everybody's.
Ties, and queues that rank nobody, go by who has been idle longest (see `index`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openline.engine.settings import AgentChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from openline.engine.live import Agent
    from openline.engine.settings import QueueSettings, Settings
    from openline.model import QueueKey

_MILLION = 1_000_000


def ranks(settings: Settings) -> dict[QueueKey, Callable[[Agent], int]]:
    """Returns the ranking of each queue that does not simply take the longest idle."""
    found: dict[QueueKey, Callable[[Agent], int]] = {}
    for queue in settings.queues:
        if queue.choice is AgentChoice.BEST_SKILL:
            found[queue.key] = _by_skill(queue, settings)
        elif queue.choice is AgentChoice.LEAST_OCCUPIED:
            found[queue.key] = occupancy
    return found


def _by_skill(queue: QueueSettings, settings: Settings) -> Callable[[Agent], int]:
    needed = {need.skill for need in queue.needs}
    sums = {
        agent.key: -sum(have.level for have in agent.skills if have.skill in needed)
        for agent in settings.agents
    }
    return lambda agent: sums[agent.key]


def occupancy(agent: Agent) -> int:
    """Returns the share of talk and wrap-up, from sign-in to becoming ready, in millionths."""
    if agent.signed_in_at is None or agent.idle_since <= agent.signed_in_at:
        return 0
    return agent.busy * _MILLION // (agent.idle_since - agent.signed_in_at)
