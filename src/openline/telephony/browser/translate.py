"""From the engine's commands to messages for pages: a pure function, see the page protocol."""

from collections.abc import Callable
from typing import Any

import msgspec

from openline.engine import AnyCommand
from openline.engine import commands as c
from openline.model import LegId

Message = dict[str, Any]
SoundUrl = Callable[[str], str]


PREFIX = "web"


def messages(
    command: AnyCommand,
    url_of: SoundUrl,
    *,
    relay_only: bool,
    kept: frozenset[LegId] = frozenset(),
) -> list[tuple[LegId, Message]]:
    """Returns what the pages at which legs are to be told.

    `relay_only` says that the two of a new connection may not meet but through the relay; `kept`
    are the legs that a mix pairs as they are paired already.
    Where only one of two legs is a page's (a practice call), there is nobody to connect with, and
    the page is told to be quiet: what the caller says comes as captions. Rings and their end tell
    a page nothing here, nor does a wait: pages draw them from their view, so that an offer and its
    end cannot overtake each other on two ways.
    """
    if isinstance(command, c.ConnectLegs | c.HoldCall | c.ResumeCall):
        ours = [leg for leg in (command.leg, command.agent_leg) if is_page(leg)]
        if len(ours) < 2:
            return [(leg, {"t": "quiet"}) for leg in ours]
    match command:
        case (
            c.PlayGreeting(id=playback, leg=leg, sound=sound)
            | c.PlayMessage(id=playback, leg=leg, sound=sound)
            | c.AskDigit(id=playback, leg=leg, sound=sound)
        ):
            return [(leg, {"t": "play", "playback": playback, "url": url_of(sound)})]
        case c.PlayMusic(leg=leg, music=music, reason=reason):
            return [(leg, {"t": "music", "url": url_of(music), "reason": reason.value})]
        case c.ConnectLegs(leg=leg, agent_leg=agent_leg, session=session):
            connect = {"t": "connect", "session": session, "relay_only": relay_only}
            return [(leg, connect | {"offerer": True}), (agent_leg, connect | {"offerer": False})]
        case c.HoldCall(leg=leg, agent_leg=agent_leg, session=session, music=music):
            return [
                (leg, {"t": "hold", "session": session, "url": url_of(music)}),
                (agent_leg, {"t": "hold", "session": session}),
            ]
        case c.ResumeCall(leg=leg, agent_leg=agent_leg, session=session):
            resume = {"t": "resume", "session": session}
            return [(leg, resume), (agent_leg, resume)]
        case c.ReleaseAgent(leg=leg) | c.HangUpLeg(leg=leg):
            return [(leg, {"t": "quiet"})]
        case c.MixCall():
            return _mixed(command, url_of, relay_only=relay_only, kept=kept)
        case (
            c.AnnounceWait()
            | c.RingAgent()
            | c.StopRinging()
            | c.RingOnCall()
            | c.RecordVoicemail()
        ):
            return []
        case c.OfferCallback() | c.Dial() | c.DialOutside() | c.EndWithWords():
            return []


def pairs_of(command: c.MixCall) -> list[tuple[LegId, LegId]]:
    """Returns the pages that hear each other, the one who makes the description first.

    Browsers talk in pairs; a mix of more than two is never ordered here (see `Capabilities`).
    """
    heard = {one.leg: one.others for one in command.hears if is_page(one.leg)}
    order = {leg: place for place, leg in enumerate(heard)}
    return [
        (leg, others[0])
        for leg, others in heard.items()
        if len(others) == 1 and heard.get(others[0]) == (leg,) and order[leg] < order[others[0]]
    ]


def _mixed(
    command: c.MixCall, url_of: SoundUrl, *, relay_only: bool, kept: frozenset[LegId]
) -> list[tuple[LegId, Message]]:
    session = command.session
    told: list[tuple[LegId, Message]] = []
    offers: dict[LegId, bool] = {}
    for first, second in pairs_of(command):
        offers |= {first: True, second: False}
    for one in command.hears:
        leg = one.leg
        if not is_page(leg):
            continue
        message: Message
        if leg in kept:
            message = {"t": "resume", "session": session}
        elif leg in offers:
            message = {
                "t": "connect",
                "session": session,
                "relay_only": relay_only,
                "offerer": offers[leg],
            }
        elif one.music:
            url = url_of(command.music)
            message = {"t": "music", "url": url, "reason": command.reason.value}
        else:
            message = {"t": "hold", "session": session}
        told.append((leg, message))
    return told


def is_page(leg: LegId) -> bool:
    """Tells whether the leg is one of ours."""
    return leg.startswith(f"{PREFIX}:")


# --- calls that are typed ----------------------------------------------------------------------


def typed_messages(
    command: AnyCommand, *, confer: frozenset[LegId] = frozenset()
) -> list[tuple[LegId, Message]]:
    """Returns what pages are told in a typed call: what to read, and never a sound.

    Whoever types may have somebody beside her who must not hear it. Agents who `confer` while she
    is on hold speak with each other and are told so elsewhere.
    """
    match command:
        case (
            c.PlayGreeting(id=playback, leg=leg, sound=sound)
            | c.PlayMessage(id=playback, leg=leg, sound=sound)
            | c.AskDigit(id=playback, leg=leg, sound=sound)
        ):
            return [(leg, {"t": "read", "playback": playback, "sound": sound})]
        case (
            c.ConnectLegs(leg=leg, agent_leg=other, session=session)
            | c.HoldCall(leg=leg, agent_leg=other, session=session)
            | c.ResumeCall(leg=leg, agent_leg=other, session=session)
        ):
            legs = [each for each in (leg, other) if is_page(each)]
            return [(each, {"t": "text", "session": session}) for each in legs]
        case c.MixCall(session=session):
            return [
                (one.leg, {"t": "text", "session": session})
                for one in command.hears
                if is_page(one.leg) and one.leg not in confer
            ]
        case c.PlayMusic(leg=leg) | c.ReleaseAgent(leg=leg) | c.HangUpLeg(leg=leg):
            return [(leg, {"t": "quiet"})]
        case _:
            return []


def without_caller(command: c.MixCall) -> c.MixCall:
    """Returns the part of a mix that agents have among themselves."""
    spoken = tuple(one for one in command.hears if one.others and one.leg != command.leg)
    return msgspec.structs.replace(command, hears=spoken)
