"""How a party is brought to the place that an order gives it, and what becomes of the order.

It knows neither who calls whom nor why: that is the switchboard's.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from openline.engine import AnyCommand
from openline.engine import inputs as i
from openline.model import LegId
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk import words
from openline.telephony.asterisk.ari import Ari, AriRefusedError, Json, Request
from openline.telephony.asterisk.parties import Caller, Telephone

BEEP = "beep"
"""The sound after which a caller is recorded."""

log = structlog.get_logger(__name__)


class Steering:
    """Sends what brings parties to their places, and tells of orders that Asterisk refused."""

    def __init__(
        self,
        ari: Ari,
        folder: Path,
        say: Callable[[i.AnyInput], None],
        spoken: Callable[[str], Path | None],
    ) -> None:
        self.ari = ari
        self.broken_sounds: set[str] = set()
        """Recordings that Asterisk could not play: callers heard silence instead."""
        self._folder = folder
        self._say = say
        self._spoken = spoken
        self._own = frozenset(file.stem for file in (folder / "own").glob("*.*"))
        self._ours = frozenset(file.stem for file in (folder / "sounds").glob("*.*"))

    def has(self, sound: str) -> bool:
        """Tells whether there is such a recording."""
        return sound in self._own or sound in self._ours

    def play(self, command: AnyCommand, caller: Caller | None, sound: str) -> None:
        """Lets a caller hear a recording once, or several of ours that are joined by `+`."""
        before = None if caller is None else caller.place
        attempt = 1
        if isinstance(before, t.Playing) and before.playback == command.id:
            attempt = before.attempt + (before.sound != sound)
        self.put(command, caller, t.Playing(command.id, sound, attempt))

    def put(self, command: AnyCommand, party: Caller | Telephone | None, place: t.Place) -> None:
        """Brings a party to a place; for one that is not there nothing is to be done."""
        if party is None or party.channel is None or not party.is_up:
            return
        if isinstance(party, Caller):
            party.question = party.then = None
            if not party.is_answered:
                party.is_answered = True
                self.send(command, [t.answer(party.channel)])
        sound = place.sound if isinstance(place, t.Playing) else ""
        media = self._media(BEEP if isinstance(place, t.Recording) else sound)
        self.send(command, t.moves(party.channel, party.place, place, media))
        party.place = place

    def ask(self, phone: Telephone, sound: str) -> None:
        """Lets whoever picked up an ordinary telephone hear what is to be pressed, many times."""
        if phone.channel is None:
            return
        media = self._media("+".join([sound] * words.ASKED_TIMES))
        place = t.Asking(sound)
        for request in t.moves(phone.channel, phone.place, place, media):
            self.ari.send(request)
        phone.place = place

    def ask_no_more(self, phone: Telephone) -> None:
        """Ends the question: the key was pressed."""
        if phone.channel is not None:
            for request in t.moves(phone.channel, phone.place, t.NOTHING):
                self.ari.send(request)
        phone.place = t.NOTHING

    def go_back(self, caller: Caller) -> None:
        """Brings a caller, who heard something in between, back to what he heard before."""
        place, caller.then = caller.then, None
        if place is not None:
            self.go(caller, place)

    def go(self, caller: Caller, place: t.Place) -> None:
        """Brings a caller to a place that needs no recording, on no order but his own doing."""
        for request in t.moves(caller.channel, caller.place, place):
            self.ari.send(request)
        caller.place = place

    def _media(self, sound: str) -> str:
        return ",".join(f"sound:{self._file(name)}" for name in sound.split("+"))

    def _file(self, name: str) -> Path:
        """Returns where a recording lies: spoken in the room, given by the house, or ours."""
        spoken = self._spoken(name)
        if spoken is not None:
            return spoken
        return self._folder / ("own" if name in self._own else "sounds") / name

    def not_played(self, sound: str) -> None:
        """Notes a recording that somebody should have heard."""
        log.error("recording_not_played", sound=sound)
        self.broken_sounds.add(sound)

    def played(self, sound: str) -> None:
        """Notes that somebody heard a recording: it was mended, if it was broken."""
        self.broken_sounds.discard(sound)

    def tell_when_joined(self, bridge: str, members: Iterable[LegId], session: int) -> None:
        """Tells of the sound of a conversation once at least two are in it."""
        # Answered after all that was sent before it: then all are in who will be.
        there = self.ari.send(Request("GET", f"bridges/{bridge}"))

        def answered(done: asyncio.Future[Json]) -> None:
            if done.cancelled() or done.exception() is not None:
                return
            if len(done.result().get("channels", ())) >= 2:
                for leg in members:
                    self._say(i.SoundConnected(leg=leg, session=session))

        there.add_done_callback(answered)

    def send(
        self,
        command: AnyCommand,
        requests: Iterable[Request],
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Sends what an order needs; `refused` is called if Asterisk will not."""
        for request in requests:
            done = self.ari.send(request)
            done.add_done_callback(lambda done: self._answered(command, done, refused))

    def _answered(
        self,
        command: AnyCommand,
        done: asyncio.Future[object],
        refused: Callable[[], None] | None,
    ) -> None:
        error = None if done.cancelled() else done.exception()
        if isinstance(error, AriRefusedError):
            log.info("asterisk_refused", order=type(command).__name__, status=error.status)
            self.failed(command, f"asterisk_{error.status}")
            if refused is not None:
                refused()

    def failed(self, command: AnyCommand, why: str) -> None:
        """Tells that an order could not be carried out."""
        self._say(i.CommandFailed(command=command.id, leg=command.leg, why=why))
