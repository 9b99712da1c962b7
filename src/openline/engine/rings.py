"""Which calls may whom be offered: pools, their rings, and who reaches which.

A *pool* is a queue together with an origin: calls of different origins never share one. Where a
queue overflows, its pool has a *ring* for each step: a call is listed in the ring of the step that
it has reached, an agent in the ring of the earliest step at which she may take the queue's calls.
She looks at her ring and those beyond, he at his and those before. A queue that never overflows has
ring 0 alone. So a step costs one push, and the order of a pool is the same in all of its rings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from openline.model import CallId, Instant, Origin, QueueKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openline.engine.settings import AgentSettings, QueueSettings, Settings, SkillLevel
    from openline.model import AgentKey

Pool = tuple[QueueKey, Origin]
Ring = tuple[QueueKey, Origin, int]
Place = tuple[int, Instant, CallId, int]
"""Orders the waiting calls of a pool: by standing, then longer waiting, then the earlier call.

The last is the number of the queue entry: a call that was sent on may keep its standing and is not
in this line any more.

The standing is the negated priority. Where priority ages, it is the instant from which a call of
priority 0 would have had to wait to stand where this one does: `waiting_since - priority * ageing`.
All calls age alike, so this order never changes while they wait, and one push is enough.
"""

NOBODY: Final[Place] = (0, Instant(0), CallId(0), 0)
"""Stands where there is no place."""

Reaches = dict["AgentKey", tuple[tuple[QueueKey, int], ...]]
"""Each queue whose calls an agent may take, with the earliest step at which she may."""


def rings_of(settings: Settings) -> list[Ring]:
    """Returns every ring there is."""
    return [
        (queue.key, origin, step)
        for queue in settings.queues
        for origin in Origin
        for step in range(1 + len(queue.overflow))
    ]


def reaches(agent: AgentSettings, settings: Settings) -> Iterator[tuple[QueueKey, int]]:
    """Yields each queue whose calls the agent may take, with the earliest step at which she may."""
    for queue in settings.queues:
        reach = reach_of(agent.skills, queue)
        if reach is not None:
            yield queue.key, reach


def reach_of(skills: tuple[SkillLevel, ...], queue: QueueSettings) -> int | None:
    """Returns the earliest step at which these skills suffice for the queue's calls; None: none."""
    levels = {have.skill: have.level for have in skills}

    def meets(needs: tuple[SkillLevel, ...]) -> bool:
        return all(levels.get(need.skill, 0) >= need.level for need in needs)

    asked = (queue.needs, *(step.needs for step in queue.overflow))
    return next((reach for reach, needs in enumerate(asked) if meets(needs)), None)
