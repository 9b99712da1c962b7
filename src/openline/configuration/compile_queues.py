"""Turns what the document says of queues into the engine's values, with and without a surge."""

from collections.abc import Iterable, Mapping

import msgspec

from openline.configuration.document import Document
from openline.configuration.line_tables import SurgeQueueTable
from openline.configuration.queue_tables import (
    CallbackTable,
    InterflowTable,
    OverflowTable,
    QueueTable,
)
from openline.engine import (
    AgentChoice,
    Announcements,
    AnyWayOut,
    CallbackSettings,
    FlowsWhen,
    Interflow,
    OverflowStep,
    QueueSettings,
    SkillLevel,
    ToMessage,
    ToOutside,
    ToQueue,
    ToVoicemail,
)
from openline.model import SECOND, AgentKey, BoxKey, Duration, OutsideKey, QueueKey, SkillKey


def queues_of(document: Document) -> tuple[QueueSettings, ...]:
    """Returns every queue as it is usually."""
    return tuple(_queue(key, queue) for key, queue in document.queues.items())


def _queue(key: str, queue: QueueTable) -> QueueSettings:
    told = queue.announcements
    return QueueSettings(
        key=QueueKey(key),
        needs=levels(queue.needs),
        priority=queue.priority,
        ring_timeout=_seconds(queue.ring_timeout_s),
        wrap_up_limit=_seconds(queue.wrap_up_limit_s),
        ageing=_seconds(queue.ageing_s),
        ceiling=_seconds(queue.ceiling_s),
        choice=AgentChoice(queue.choice),
        on_call=tuple(AgentKey(agent) for agent in queue.on_call),
        on_call_after=_seconds(queue.on_call_after_s),
        transferred_priority=queue.transferred_priority,
        overflow=_steps(queue.overflow),
        announcements=None
        if told is None
        else Announcements(place=told.place, wait=told.wait, every=_seconds(told.every_s)),
        interflow=_rules(queue.interflow),
        callback=None if queue.callback is None else _callback(queue.callback),
    )


def surging(queue: QueueSettings, other: SurgeQueueTable) -> QueueSettings:
    """Returns the queue as it is during a surge: what the surge does not name stays."""
    changed: dict[str, object] = {}
    if other.priority is not None:
        changed["priority"] = other.priority
    if other.ageing_s is not None:
        changed["ageing"] = _seconds(other.ageing_s)
    if other.ceiling_s is not None:
        changed["ceiling"] = _seconds(other.ceiling_s)
    if other.overflow is not None:
        changed["overflow"] = _steps(other.overflow)
    if other.interflow is not None:
        changed["interflow"] = _rules(other.interflow)
    if queue.callback is not None and not other.offers_callbacks:
        changed["callback"] = msgspec.structs.replace(queue.callback, offer_after=None)
    elif queue.callback is not None and other.callback_offer_after_s is not None:
        after = _seconds(other.callback_offer_after_s)
        changed["callback"] = msgspec.structs.replace(queue.callback, offer_after=after)
    return msgspec.structs.replace(queue, **changed)


def levels(written: Mapping[str, int]) -> tuple[SkillLevel, ...]:
    """Returns skills with their levels."""
    return tuple(SkillLevel(skill=SkillKey(key), level=level) for key, level in written.items())


def _steps(written: Iterable[OverflowTable]) -> tuple[OverflowStep, ...]:
    return tuple(
        OverflowStep(after=_seconds(step.after_s), needs=levels(step.needs)) for step in written
    )


def _rules(written: Iterable[InterflowTable]) -> tuple[Interflow, ...]:
    return tuple(
        Interflow(
            when=FlowsWhen(rule.when),
            to=_destination(rule),
            after=_seconds(rule.after_s or 0),
            keeps_place=rule.keeps_place,
            announcement=rule.announcement,
        )
        for rule in written
    )


def _destination(rule: InterflowTable) -> AnyWayOut:
    if rule.queue is not None:
        return ToQueue(queue=QueueKey(rule.queue))
    if rule.voicemail is not None:
        return ToVoicemail(box=BoxKey(rule.voicemail))
    if rule.outside is not None:
        return ToOutside(outside=OutsideKey(rule.outside))
    return ToMessage(sound=rule.message or "")


def _callback(table: CallbackTable) -> CallbackSettings:
    after = table.offer_after_s
    return CallbackSettings(
        attempts=table.attempts,
        pause=_seconds(table.pause_s),
        dial_timeout=_seconds(table.dial_timeout_s),
        kept=_seconds(table.kept_s),
        offer_after=None if after is None else _seconds(after),
        goodbye=table.goodbye,
    )


def _seconds(seconds: int) -> Duration:
    return Duration(seconds * SECOND)
