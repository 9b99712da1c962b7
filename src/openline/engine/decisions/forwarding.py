"""A queue sends a call to somebody outside: told, rung, and back at its place if that is in vain.

Nobody of ours is in between. The caller hears the announcement of the rule, then music while it
rings, and may hang up at any moment. If he is spoken with there, the call is theirs until one of
the two hangs up. If it is busy, refused, not answered in its time, or nothing can be dialled, the
call comes back to the place that it had, in the same queue entry, and whoever became free meanwhile
takes it by the usual order. It is tried once for each call, and counts as a hop like any other.

Emergency services are rung by people alone: the caller's own number goes with it.
"""

from openline.engine import commands as c
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions.acts import mix, offer_call, play_music, sound_for
from openline.engine.decisions.announcements import announce
from openline.engine.decisions.callback_offers import plan_again
from openline.engine.decisions.overflow import widen
from openline.engine.decisions.parties import dial
from openline.engine.decisions.rules import maximum_wait_at, may_leave, number_for
from openline.engine.destinations import ToOutside
from openline.engine.parties import PartyKind
from openline.engine.settings import Interflow
from openline.engine.state import Call
from openline.model import Instant, Reason


def forward(d: Decision, call: Call, rule: Interflow, to: ToOutside, reason: Reason) -> bool:
    """Takes a waiting call out of its queue and sends it outside; returns whether it went."""
    assert call.queue is not None, f"call {call.id} waits in no queue"
    if call.hops >= d.state.settings.hop_limit:
        d.record(e.HopLimitReached(call=call.id, reason=reason))
        return False
    playback = sound = due_at = None
    if rule.announcement is not None:
        playback = d.command_id()
        sound = sound_for(d, call, rule.announcement)
        due_at = Instant(d.now + d.state.settings.greeting_limit)
    d.record(
        e.CallForwarded(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            outside=to.outside,
            hops=call.hops + 1,
            playback=playback,
            sound=sound,
            due_at=due_at,
            reason=reason,
        )
    )
    if playback is None or sound is None:
        announced(d, call)
    else:
        d.order(c.PlayMessage(id=playback, leg=call.leg, call=call.id, sound=sound))
    return True


def announced(d: Decision, call: Call) -> None:
    """Rings the number, now that the caller knows; meanwhile it may have left the list.

    Whose connection is lost is not rung for: whoever answered would hear nobody.
    """
    assert call.forwarded_to is not None, f"call {call.id} is sent nowhere"
    assert call.sent_because is not None, f"call {call.id} is sent for no reason"
    outside = number_for(d.state, call, call.forwarded_to)
    if outside is None or call.gone_at is not None:
        why = Reason.UNKNOWN_OUTSIDE if outside is None else Reason.CALLER_LOST
        come_back(d, call, why)
        return
    dial(d, call, None, outside, PartyKind.THIRD, call.sent_because)
    mix(d, call, call.sent_because)


def come_back(d: Decision, call: Call, reason: Reason) -> None:
    """Gives the call its place again, by the rules in force now, and asks what is left of them."""
    assert call.queue is not None, f"call {call.id} came from no queue"
    assert call.queued_at is not None, f"call {call.id} is queued since never"
    assert call.forwarded_to is not None, f"call {call.id} was sent nowhere"
    queue = d.state.queues[call.queue]
    leaves_at = maximum_wait_at(d.state, call, call.queue, call.queued_at)
    d.record(
        e.ForwardFailed(
            call=call.id,
            line=call.line,
            queue=call.queue,
            origin=call.origin,
            outside=call.forwarded_to,
            leaves_at=leaves_at,
            reason=reason,
        )
    )
    if queue.overflow:
        widen(d, call, Reason.WAITED)
    play_music(d, call, call.leg, reason)
    if leaves_at is not None and leaves_at <= d.now:
        d.record(e.MaximumWaitReached(call=call.id, queue=queue.key))
    may_leave(d, call)
    offer_call(d, call)
    if queue.announcements is not None and (call.is_waiting or queue.announcements.every):
        announce(d, call)
    plan_again(d, call)
