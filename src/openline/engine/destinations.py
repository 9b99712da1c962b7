"""Where can a call be sent?

One closed set of places, each an immutable value, so that whoever sends a call on (a line, a queue
that is full, an agent) says where in the same words. How a call gets there is one act for all of
them: `decisions.sending.send_to`.
"""

from openline.engine.value import Value
from openline.model import BoxKey, MenuKey, OutsideKey, QueueKey


class Destination(Value, tag=True, frozen=True, kw_only=True):
    """Is a place to which a call can be sent."""


class ToQueue(Destination, frozen=True, kw_only=True):
    """The call waits for an agent."""

    queue: QueueKey


class ToMenu(Destination, frozen=True, kw_only=True):
    """The caller chooses by a digit where to go from there."""

    menu: MenuKey


class ToMessage(Destination, frozen=True, kw_only=True):
    """The caller hears a sound once, and then the call ends."""

    sound: str


class ToVoicemail(Destination, frozen=True, kw_only=True):
    """The caller hears what the box says and may leave a message in it."""

    box: BoxKey


class ToOutside(Destination, frozen=True, kw_only=True):
    """To somebody outside, by the key of the fixed list; nobody here dials a number."""

    outside: OutsideKey


AnyDestination = ToQueue | ToMenu | ToMessage | ToVoicemail
"""Where whoever calls can lead himself. Nobody does so out of the house: see `AnyWayOut`."""

AnyWayOut = AnyDestination | ToOutside
"""Where a queue can send who waits in it. Only a queue sends calls outside, for only there has a
call a place to which it can come back, and no caller can have a number dialled by pressing a key.
"""
