"""Inputs about hand-overs to emergency services: each is looked at by somebody else afterwards.

One person may pass a caller's number on, for there is no time to ask a second; so the second look
comes after it. It stays due, also over restarts, until somebody other than who did it has taken it.
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.decision import Decision
from openline.engine.parties import HandOver
from openline.model import AgentKey, Reason


def review_requested(d: Decision, seen: i.ReviewRequested) -> None:
    """Notes who looked at a hand-over."""
    found = d.state.hand_overs.get(seen.hand_over)
    if found is None:
        d.refuse(seen, seen.by, Reason.UNKNOWN_HAND_OVER)
        return
    refusal = _refusal(d, found, seen.by)
    if refusal is not None:
        d.refuse(seen, seen.by, refusal)
        return
    d.record(
        e.HandOverReviewed(
            hand_over=found.number, call=found.call, outside=found.outside, by=seen.by
        )
    )


def _refusal(d: Decision, found: HandOver, by: AgentKey) -> Reason | None:
    if by not in d.state.agents:
        return Reason.UNKNOWN_AGENT
    return Reason.OWN_HAND_OVER if found.by == by else None
