"""To whom can an agent hand her call on now? A pure function from the durable state to values.

Asked for when she wants to, and not part of her view: the list grows with the centre and changes
with every colleague. Somebody on it may be taken a moment later; that is refused in words.
"""

from collections.abc import Sequence
from typing import Any

from openline.configuration import Published
from openline.engine import AgentState, Call, State
from openline.engine.decisions.parties import may_be_rung
from openline.model import AgentKey


def targets_view(
    state: State, published: Published, key: AgentKey, language: str, can: Sequence[str]
) -> dict[str, Any]:
    """Returns every queue, and who of her colleagues is ready for such a call.

    `can` is what the telephony can do with it. Without a conversation there is nothing to hand on.
    """
    agent = state.agents.get(key)
    if agent is None or agent.state is not AgentState.TALKING or agent.call is None:
        return {"call": None, "can": [], "queues": [], "agents": [], "outside": []}
    call = state.calls[agent.call]
    return {
        "call": call.id,
        "can": list(can),
        "queues": _queues(state, published, call, language),
        "agents": _agents(state, published, call, language),
        "outside": [
            {
                "key": each.key,
                "name": published.name_of("outside", each.key, language),
                "kind": each.kind.value,
            }
            for each in state.outside.values()
            if not each.lines or call.line in each.lines
        ],
    }


def _queues(state: State, published: Published, call: Call, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": queue,
            "name": published.name_of("queue", queue, language),
            "waiting": len(state.index.callers.waiting((queue, call.origin))),
        }
        for queue in state.queues
    ]


def _agents(state: State, published: Published, call: Call, language: str) -> list[dict[str, Any]]:
    return [
        {
            "key": other.key,
            "name": published.name_of("agent", other.key, language),
            "skills": [
                published.name_of("skill", each.skill, language)
                for each in state.agent_settings[other.key].skills
            ],
        }
        for other in state.agents.values()
        if may_be_rung(call, other)
    ]
