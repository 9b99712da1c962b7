"""From what a party shall hear to requests: pure.

Every channel of ours has one *place* at any time: nothing, one recording, music, or a conversation.
An order of the engine gives it another place, and the way there is the same whoever ordered it:
leave what is there, enter what is to be. So orders replace each other without a word about pairs
of them, and one that is repeated finds its place taken and changes nothing. Between the two the new
place is written into a variable of the channel, which outlives us: after a restart we know what
each party hears and disturb nobody. (It cannot be written last: see `ari` on orders that wait.)
"""

import msgspec

from openline.engine import commands as c
from openline.model import AgentKey, CallId, CommandId, LegId, OfferId
from openline.telephony.asterisk.ari import Request
from openline.telephony.asterisk.calling import Outgoing
from openline.telephony.asterisk.files import APPLICATION, PLACE, TAPED

PREFIX = "sip"
_PHONE = "phone-"
_RING, _AGAIN = "ring-", "again-"
_ASK = "ask-"
_TAPE = "tape-"
_DIALLED = ("callback-", "outside-")
"""How legs begin that the engine names: those whom it has dialled."""
_GONE = (404, 409, 412)
"""Statuses that say: it is not there (any more), or not as it would have to be."""

NORMAL_CLEARING, REJECTED, BUSY = 16, 21, 17
CONGESTED = 42
SILENT = 44
"""The cause with which Asterisk ends a channel that has sent nothing for too long."""

# --- names ---------------------------------------------------------------------------------


def caller_leg(channel: str) -> LegId:
    """Returns the leg of a caller's channel."""
    return LegId(f"{PREFIX}:{channel}")


def phone_leg(agent: AgentKey) -> LegId:
    """Returns the leg of an agent's telephone; it is hers whether it is in a call or not."""
    return LegId(f"{PREFIX}:{_PHONE}{agent}")


def agent_at(leg: LegId) -> AgentKey | None:
    """Returns the agent whose telephone the leg is, or None if it is none."""
    name = leg.removeprefix(f"{PREFIX}:")
    return AgentKey(name.removeprefix(_PHONE)) if name.startswith(_PHONE) else None


def channel_at(leg: LegId) -> str:
    """Returns the channel of a caller's leg."""
    return leg.removeprefix(f"{PREFIX}:")


def ring_channel(offer: OfferId, agent: AgentKey) -> str:
    """Returns the name of the channel that rings for an offer: asked for twice, it rings once."""
    return f"{_RING}{offer}-{agent}"


def again_channel(call: CallId, session: int, agent: AgentKey) -> str:
    """Returns the name of the channel that brings an agent back into her conversation."""
    return f"{_AGAIN}{call}.{session}-{agent}"


def agent_of_channel(channel: str) -> AgentKey | None:
    """Returns for which agent a channel of ours was made, or None for a caller's."""
    if not channel.startswith((_RING, _AGAIN)):
        return None
    # A key may hold dashes, the number before it none.
    return AgentKey(channel.split("-", 2)[2])


def offer_of_channel(channel: str) -> OfferId | None:
    """Returns for which offer a channel rings, or None."""
    if not channel.startswith(_RING):
        return None
    return OfferId(int(channel.split("-", 2)[1]))


def is_dialled(channel: str) -> bool:
    """Tells whether we rang somebody outside by this channel."""
    return channel.startswith(_DIALLED)


def tape(name: str) -> str:
    """Returns the channel that overhears a caller for a recording of that name."""
    return f"{_TAPE}{name}"


def is_tape(channel: str) -> bool:
    """Tells whether a channel overhears somebody for a recording."""
    return channel.startswith(_TAPE)


def tape_name(channel: str) -> str:
    """Returns the name of the recording for which a channel overhears."""
    return channel.removeprefix(_TAPE)


def bridge_of(call: CallId) -> str:
    """Returns the name of the bridge of a call."""
    return f"talk-{call}"


# --- places --------------------------------------------------------------------------------


class Nothing(msgspec.Struct, frozen=True, tag="nothing"):
    """Is silence."""


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """Is whatever it was before we died: it is left with care."""


class Playing(msgspec.Struct, frozen=True, tag="play"):
    """Is one recording, heard once."""

    playback: CommandId
    sound: str
    attempt: int = 1
    """How often it was begun: Asterisk wants another name for each time."""


class Music(msgspec.Struct, frozen=True, tag="music"):
    """Is hold music."""

    name: str


class Talking(msgspec.Struct, frozen=True, tag="talk"):
    """Is a conversation."""

    bridge: str


class Recording(msgspec.Struct, frozen=True, tag="record"):
    """Is silence into which the caller speaks, after a tone, and which is recorded."""

    recording: CommandId
    name: str
    """That of the file; it says nothing."""
    limit_s: int
    silence_s: int
    """After so long a silence it is over."""


class Asking(msgspec.Struct, frozen=True, tag="ask"):
    """Is the question to whoever picked up an ordinary telephone, said over and over."""

    sound: str


Place = Nothing | Unknown | Playing | Music | Talking | Recording | Asking
NOTHING = Nothing()


def playback_name(place: Playing) -> str:
    """Returns how a playback is known to Asterisk."""
    return f"play-{place.playback}-{place.attempt}"


def place_written(place: Place) -> str:
    """Returns a place as it is kept in the channel's variable.

    >>> place_written(Music("quiet"))
    'music quiet'
    """
    match place:
        case Playing(playback, sound, attempt):
            return f"play {playback} {sound} {attempt}"
        case Music(name):
            return f"music {name}"
        case Talking(bridge):
            return f"talk {bridge}"
        case Recording(recording, name, limit_s, silence_s):
            return f"record {recording} {name} {limit_s} {silence_s}"
        case Asking(sound):
            return f"ask {sound}"
        case Nothing() | Unknown():
            return "nothing"


def place_read(text: str) -> Place:
    """Returns the place that a channel's variable tells.

    >>> place_read("music quiet")
    Music(name='quiet')
    >>> place_read("something else")
    Unknown()
    """
    match text.split(" "):
        case ["play", number, sound, attempt] if number.isdigit() and attempt.isdigit():
            return Playing(CommandId(int(number)), sound, int(attempt))
        case ["music", name]:
            return Music(name)
        case ["talk", bridge]:
            return Talking(bridge)
        case ["record", number, name, limit, silence] if all(
            each.isdigit() for each in (number, limit, silence)
        ):
            return Recording(CommandId(int(number)), name, int(limit), int(silence))
        case ["ask", sound]:
            return Asking(sound)
        case ["nothing"]:
            return NOTHING
        case _:
            return Unknown()


Conversation = c.ConnectLegs | c.HoldCall | c.ResumeCall | c.MixCall
"""The orders that say who hears whom."""


def wanted_places(command: Conversation) -> dict[LegId, Place]:
    """Returns the place of each leg of ours that an order names.

    Somebody whose other is no leg of ours hears nothing by us.
    """
    talking = Talking(bridge_of(command.call))
    wanted: dict[LegId, Place] = {}
    match command:
        case c.ConnectLegs() | c.ResumeCall():
            legs = (command.leg, command.agent_leg)
            wanted |= dict.fromkeys(legs, talking if all(map(is_ours, legs)) else NOTHING)
        case c.HoldCall():
            wanted |= {command.leg: Music(command.music), command.agent_leg: NOTHING}
        case c.MixCall():
            aside = Talking(f"{talking.bridge}-aside")
            for one in command.hears:
                room = (one.leg, *one.others)
                if one.music:
                    wanted[one.leg] = Music(command.music)
                elif not one.others or not all(map(is_ours, room)):
                    wanted[one.leg] = NOTHING
                else:
                    wanted[one.leg] = talking if command.leg in room else aside
    return {leg: place for leg, place in wanted.items() if is_ours(leg)}


def is_ours(leg: LegId) -> bool:
    """Tells whether a leg is a telephone's."""
    return leg.startswith(f"{PREFIX}:")


def moves(channel: str, before: Place, after: Place, media: str = "") -> list[Request]:
    """Returns the requests that bring a channel from one place to another.

    `media` is how Asterisk is told the recording of a `Playing`. A bridge must be there before.
    """
    if before == after:
        return []
    noted = Request(
        "POST",
        f"channels/{channel}/variable",
        (("variable", PLACE), ("value", place_written(after))),
        tolerates=_GONE,
    )
    return [*_leave(channel, before), noted, *_enter(channel, after, media)]


def _leave(channel: str, place: Place) -> list[Request]:
    no_music = Request("DELETE", f"channels/{channel}/moh", tolerates=_GONE)
    match place:
        case Playing():
            return [Request("DELETE", f"playbacks/{playback_name(place)}", tolerates=_GONE)]
        case Music() | Unknown():
            return [no_music]
        case Talking(bridge):
            path = f"bridges/{bridge}/removeChannel"
            return [Request("POST", path, (("channel", channel),), tolerates=(*_GONE, 400, 422))]
        case Recording(name=name):
            return [Request("POST", f"recordings/live/{name}/stop", tolerates=_GONE)]
        case Asking():
            return [Request("DELETE", f"playbacks/{_ASK}{channel}", tolerates=_GONE)]
        case Nothing():
            return []


def _enter(channel: str, place: Place, media: str) -> list[Request]:
    match place:
        case Playing():
            path = f"channels/{channel}/play/{playback_name(place)}"
            return [Request("POST", path, (("media", media),))]
        case Music(name):
            return [Request("POST", f"channels/{channel}/moh", (("mohClass", name),))]
        case Talking(bridge):
            return [Request("POST", f"bridges/{bridge}/addChannel", (("channel", channel),))]
        case Recording():
            # Asterisk begins the second when the first was heard.
            path = f"channels/{channel}/play/beep-{place.recording}"
            return [
                Request("POST", path, (("media", media),), tolerates=_GONE),
                record(channel, place),
            ]
        case Asking():
            return [
                Request(
                    "POST",
                    f"channels/{channel}/play/{_ASK}{channel}",
                    (("media", media),),
                    tolerates=_GONE,
                )
            ]
        case Nothing() | Unknown():
            return []


def record(channel: str, place: Recording) -> Request:
    """Records what a channel says, as plain sound, into the folder that is memory."""
    query = (
        ("name", place.name),
        ("format", "wav"),
        ("maxDurationSeconds", str(place.limit_s)),
        ("maxSilenceSeconds", str(place.silence_s)),
        ("ifExists", "fail"),
        ("terminateOn", "#"),
    )
    return Request("POST", f"channels/{channel}/record", query)


def overhear(channel: str, name: str, side: str) -> Request:
    """Makes a tape: `in` is what the caller says, `out` what he hears."""
    query = (("spy", side), ("whisper", "none"), ("app", APPLICATION), ("appArgs", TAPED))
    return Request("POST", f"channels/{channel}/snoop/{tape(name)}", query)


def record_tape(name: str) -> Request:
    """Records a tape, as plain sound, into the folder that is memory, until it is hung up."""
    query = (
        ("name", name),
        ("format", "wav"),
        ("maxDurationSeconds", "0"),
        ("maxSilenceSeconds", "0"),
        ("ifExists", "fail"),
        ("terminateOn", "none"),
    )
    return Request("POST", f"channels/{tape(name)}/record", query)


def answer(channel: str) -> Request:
    """Takes a caller's call."""
    return Request("POST", f"channels/{channel}/answer")


def hang_up(channel: str) -> Request:
    """Ends a channel."""
    return Request("DELETE", f"channels/{channel}", (("reason_code", "16"),), tolerates=_GONE)


def refuse(channel: str) -> Request:
    """Refuses a call that nobody has taken: "service unavailable", so that others may try."""
    query = (("reason_code", str(CONGESTED)),)
    return Request("DELETE", f"channels/{channel}", query, tolerates=_GONE)


def say_sorry(channel: str) -> Request:
    """Gives a caller back to the dialplan, which says that nobody can answer now."""
    query = (("context", "router-down"), ("extension", "s"), ("label", "sorry"))
    return Request("POST", f"channels/{channel}/continue", query, tolerates=_GONE)


def make_bridge(bridge: str) -> Request:
    """Makes a bridge, which may be there already.

    In one that passes packets on as they come, nobody would tell us of the keys that are pressed.
    """
    query = (("type", "mixing,dtmf_events"),)
    return Request("POST", f"bridges/{bridge}", query, tolerates=(409,))


def end_bridge(bridge: str) -> Request:
    """Ends a bridge; who is in it stays on the line."""
    return Request("DELETE", f"bridges/{bridge}", tolerates=_GONE)


def ring(channel: str, endpoint: str, shown: str, seconds: int) -> Request:
    """Rings a telephone; who answers is led to us by the dialplan, also while we are away."""
    query = (
        ("endpoint", f"PJSIP/{endpoint}"),
        ("context", "agents"),
        ("extension", "s"),
        ("priority", "1"),
        ("callerId", f'"{shown}" <>'),
        ("timeout", str(seconds)),
    )
    return Request("POST", f"channels/{channel}", query, tolerates=(409,))


_PRIVATE = msgspec.json.encode({"variables": {"PJSIP_HEADER(add,Privacy)": "id"}})
"""Says by RFC 3323 and RFC 3325 that nobody beyond the trunk may tell who calls."""


def call_out(channel: str, outgoing: Outgoing, seconds: int) -> Request:
    """Rings a number outside; like a telephone's, the call is led to us when it is answered."""
    shown = '"Anonymous" <anonymous>' if outgoing.shows is None else f"<{outgoing.shows}>"
    query = (
        ("endpoint", f"PJSIP/{outgoing.number}@trunk-{outgoing.trunk}"),
        ("context", "agents"),
        ("extension", "s"),
        ("priority", "1"),
        ("callerId", shown),
        ("timeout", str(seconds)),
    )
    body = _PRIVATE if outgoing.shows is None else None
    return Request("POST", f"channels/{channel}", query, body, tolerates=(409,))
