"""Where a conversation can be handed on to.

To a queue, which is a destination like any other, to one agent, who is no place to which a line
could lead, or to somebody outside, of a fixed list. Messages and boxes are not among them: whoever
was spoken with is given to a person.
"""

from openline.engine.destinations import ToOutside, ToQueue
from openline.engine.value import Value
from openline.model import AgentKey


class ToAgent(Value, tag=True, frozen=True, kw_only=True):
    """To one agent, who must be ready."""

    agent: AgentKey


__all__ = ["Target", "ToAgent", "ToOutside"]

Target = ToQueue | ToAgent | ToOutside
