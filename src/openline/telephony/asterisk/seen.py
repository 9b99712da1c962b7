"""What Asterisk's events say that concerns us: pure, and the one place that reads them."""

from typing import Any

import msgspec

from openline.model import CommandId
from openline.telephony.asterisk.ari import Json, Request
from openline.telephony.asterisk.files import ENTRY, LINE, NUMBER, TAPED

ARRIVED, RUNG = "arrived", "rung"
"""Words by which the dialplan hands a channel over."""

_UNREACHABLE = frozenset({3, 18, 20, 27, 38})
"""Causes (Q.850) that say of a telephone: nobody is there to ring."""

WANTED = (
    "StasisStart",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "PlaybackFinished",
    "RecordingFinished",
    "RecordingFailed",
    "ContactStatusChange",
    "PeerStatusChange",
    "ApplicationReplaced",
    "RESTResponse",
)
"""The kinds of events that are asked for; over half of all others are variables that were set.

Asterisk holds answers to our own orders for events too: left out, none would ever come.
"""


class Arrived(msgspec.Struct, frozen=True):
    """Somebody called a line."""

    channel: str
    line: str
    entry: str
    number: str = ""
    """As the telephone company told it; empty where it was withheld."""

    def __repr__(self) -> str:
        return f"Arrived(channel={self.channel!r}, line={self.line!r})"


class PickedUp(msgspec.Struct, frozen=True):
    """An agent answered her telephone, or somebody outside did whom we dialled."""

    channel: str


class Gone(msgspec.Struct, frozen=True):
    """A channel ended."""

    channel: str
    cause: int

    @property
    def is_unreachable(self) -> bool:
        """Whether nobody was there to ring."""
        return self.cause in _UNREACHABLE


class Pressed(msgspec.Struct, frozen=True):
    """Somebody pressed a key."""

    channel: str
    digit: str


class Heard(msgspec.Struct, frozen=True):
    """A recording came to its end, or could not be played."""

    playback: CommandId
    channel: str
    is_broken: bool


class Taped(msgspec.Struct, frozen=True):
    """A channel that overhears somebody is there and can be recorded."""

    name: str


class PhoneIs(msgspec.Struct, frozen=True):
    """A telephone can be reached, or no longer."""

    endpoint: str
    is_there: bool


class Recorded(msgspec.Struct, frozen=True):
    """The recording of a channel ended, or could not be made."""

    channel: str
    name: str
    spoken_s: int
    """How much of it was not silence, in whole seconds."""
    is_broken: bool


Seen = Arrived | Taped | PickedUp | Gone | Pressed | Heard | PhoneIs | Recorded


def seen(event: Json) -> Seen | None:
    """Returns what an event says that concerns us, or None."""
    match event:
        case {"type": "StasisStart", "channel": {"id": str(channel)} as whole, "args": [word]}:
            if word == RUNG:
                return PickedUp(channel)
            if word == TAPED:
                return Taped(channel.removeprefix("tape-"))
            return arrival(whole)
        case {"type": "ChannelDestroyed", "channel": {"id": str(channel)}}:
            return Gone(channel, int(event.get("cause", 0)))
        case {"type": "ChannelDtmfReceived", "channel": {"id": str(channel)}, "digit": str(digit)}:
            return Pressed(channel, digit) if digit in tuple("0123456789*#") else None
        case {
            "type": "PlaybackFinished",
            "playback": {"id": str(name), "target_uri": str(target)} as playback,
        }:
            words = name.split("-")
            if words[0] != "play" or len(words) != 3:
                return None
            is_broken = playback.get("state") == "failed"
            return Heard(CommandId(int(words[1])), target.removeprefix("channel:"), is_broken)
        case {"recording": {"name": str(name), "target_uri": str(target)} as recording}:
            return Recorded(
                target.removeprefix("channel:"),
                name,
                int(recording.get("talking_duration", recording.get("duration", 0))),
                event["type"] == "RecordingFailed",
            )
        case {"endpoint": {"resource": str(endpoint), "state": str(state)}}:
            return PhoneIs(endpoint, state == "online")
        case _:
            return None


def arrival(channel: dict[str, Any]) -> Arrived | None:
    """Returns the arrival that a channel is, by its variables; None for one that is none."""
    variables = channel.get("channelvars") or {}
    line = variables.get(LINE)
    if not line:
        return None
    return Arrived(
        str(channel["id"]),
        str(line),
        str(variables.get(ENTRY, "")),
        str(variables.get(NUMBER, "")),
    )


def wanted_events(application: str) -> Request:
    """Asks for the events that are read here, and no others."""
    body = msgspec.json.encode({"allowed": [{"type": kind} for kind in WANTED]})
    return Request("PUT", f"applications/{application}/eventFilter", body=body)
