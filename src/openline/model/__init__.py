"""Names and values that every layer shares: ids, instants, origins, reasons, errors."""

from openline.model.errors import BugError, OpenlineError, PeerError, RefusedError, TooSoonError
from openline.model.ids import (
    AgentKey,
    BoxKey,
    CallbackId,
    CallId,
    CommandId,
    EntryKey,
    HoursKey,
    LegId,
    LineKey,
    MenuKey,
    OfferId,
    OutsideKey,
    PartnerKey,
    QueueKey,
    SealedRef,
    ShareKey,
    SkillKey,
    SurgeKey,
)
from openline.model.instants import MILLISECOND, MINUTE, SECOND, Duration, Instant
from openline.model.medium import Medium
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
    "CallbackId",
    "CommandId",
    "Duration",
    "EntryKey",
    "HoursKey",
    "Instant",
    "LegId",
    "LineKey",
    "Medium",
    "MenuKey",
    "OfferId",
    "OpenlineError",
    "Origin",
    "OutsideKey",
    "PartnerKey",
    "PeerError",
    "QueueKey",
    "Reason",
    "RefusedError",
    "SealedRef",
    "ShareKey",
    "SkillKey",
    "SurgeKey",
    "TooSoonError",
]
