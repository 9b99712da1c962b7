"""Names and values that every layer shares: ids, instants, origins, reasons, errors."""

from openline.model.errors import BugError, OpenlineError, PeerError, RefusedError, TooSoonError
from openline.model.ids import (
    AgentKey,
    BoxKey,
    CallId,
    CommandId,
    LegId,
    LineKey,
    OfferId,
    QueueKey,
    SealedRef,
    SkillKey,
)
from openline.model.instants import MILLISECOND, MINUTE, SECOND, Duration, Instant
from openline.model.origin import Origin
from openline.model.reasons import Reason

__all__ = [
    "MILLISECOND",
    "MINUTE",
    "SECOND",
    "AgentKey",
    "BoxKey",
    "BugError",
    "CallId",
    "CommandId",
    "Duration",
    "Instant",
    "LegId",
    "LineKey",
    "OfferId",
    "OpenlineError",
    "Origin",
    "PeerError",
    "QueueKey",
    "Reason",
    "RefusedError",
    "SealedRef",
    "SkillKey",
    "TooSoonError",
]
