"""What is still kept of one call: the record itself, and what was sealed with it.

Never a reference, never a word of a text; only of what kind it is and when its key goes.
"""

from openline.app.record import Record, before_call
from openline.centre.codec import decode_step
from openline.engine import events as e
from openline.model import CallId, Instant, LegId, Medium, SealedRef
from openline.reports.told import KeptText
from openline.sealing import SealedKind


def kept_of(record: Record, call: CallId) -> tuple[KeptText, ...]:
    """Returns what was sealed with a call, in the order in which it was; gone ones too."""
    refs: dict[SealedRef, None] = {}
    leg: LegId | None = None
    was_typed = False
    for each in record.store.read(before_call(record.store, record.keys, call)):
        body = record.keys.open_step(each.step, Instant(each.at), each.body)
        if body is None:
            continue
        is_over = False
        for event in decode_step(body, each.schema).events:
            if getattr(event, "call", None) != call:
                continue
            refs.update(dict.fromkeys(_refs_in(event)))
            if isinstance(event, e.CallArrived):
                leg, was_typed = event.leg, event.medium is Medium.TYPED
            was_typed = was_typed or isinstance(event, e.MediumChanged)
            is_over = isinstance(event, e.WrapUpFinished) or (
                isinstance(event, e.CallEnded) and event.agent is None
            )
        if is_over:
            break
    typed = (_conversation(record, leg),) if was_typed and leg is not None else ()
    return (*typed, *(_text(record, ref) for ref in refs))


def _conversation(record: Record, leg: LegId) -> KeptText:
    """Returns what is kept of what was written in a call, and when the last key of it goes."""
    ends = [each.destroy_at for each in record.store.written(leg)]
    if not ends:
        return KeptText(kind=None, destroy_at=None)
    return KeptText(kind=SealedKind.CONVERSATION.value, destroy_at=max(ends))


def _refs_in(event: e.AnyEvent) -> tuple[SealedRef, ...]:
    match event:
        case e.CallArrived():
            ref = event.caller
        case e.VoicemailLeft():
            ref = event.message
        case e.CallbackPromised():
            ref = event.number
        case e.WrapUpFinished():
            ref = event.note
        case _:
            ref = None
    return () if ref is None else (ref,)


def _text(record: Record, ref: SealedRef) -> KeptText:
    found = record.store.sealed(ref)
    if found is None:
        return KeptText(kind=None, destroy_at=None)
    return KeptText(kind=found.kind, destroy_at=found.destroy_at)
