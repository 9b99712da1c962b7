"""What callers are told in between: place and wait, that they may be called back, a last word.

Nothing of it is kept: who was offered a callback stands on record, and a caller who was told
something while we died hears his music again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

from openline.engine import AnyCommand, Call, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import CallId, LegId, OpenlineError, Reason, SealedRef
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk import words
from openline.telephony.asterisk.calling import Know
from openline.telephony.asterisk.parties import Caller
from openline.telephony.asterisk.steering import Steering
from openline.telephony.asterisk.talks import Talks
from openline.telephony.asterisk.voicemail import Boxes

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Told:
    """Holds what the telephones ask of the centre."""

    shown: Callable[[CallId], str]
    """What an agent's telephone shows of a call: never whose it is."""
    language: Callable[[CallId | None], str]
    """In which language a caller is spoken to."""
    takes_calls: Callable[[], bool]
    """Callers who come while it is false hear that they cannot be answered now."""
    known: Know
    """What follows from a caller's number."""
    sealed: Callable[[str], Awaitable[SealedRef]]
    """Seals the number of somebody who is to be called back; raises `PeerError`."""
    pressed: Callable[[LegId, str], None]
    """Shows a key to those who talk with the caller; it is on no record."""
    boxes: Boxes
    """Keeps what callers leave in voicemail boxes."""
    talks: Talks
    """Keeps what is recorded of talks."""
    spoken: Callable[[str], Path | None]
    """Where the file lies, without its ending, that stands for a recording; None if none does."""


class Telling:
    """Tells callers, and takes their wish to be called back."""

    def __init__(
        self,
        steering: Steering,
        centre: Told,
        state: Callable[[], State | None],
        say: Callable[[i.AnyInput], None],
    ) -> None:
        self._steering = steering
        self._centre = centre
        self._state = state
        self._say = say
        self._promising: set[asyncio.Task[None]] = set()

    @property
    def promising(self) -> int:
        """How many promises to call back are being sealed."""
        return len(self._promising)

    def in_between(self, command: c.AnnounceWait | c.OfferCallback, caller: Caller | None) -> None:
        """Lets somebody who waits hear something; then his music goes on."""
        if caller is None or not isinstance(caller.place, t.Music):
            return
        language = self._language(caller)
        if isinstance(command, c.OfferCallback):
            sounds = words.offered(language)
        else:
            sounds = words.told(command.place, command.wait, language)
        there = [sound for sound in sounds if self._steering.has(sound)]
        if there:
            before = caller.place
            self._steering.play(command, caller, "+".join(there))
            caller.then = before

    def goodbye(self, command: AnyCommand, caller: Caller | None) -> bool:
        """Lets a caller hear a last word, after which he leaves; returns whether there is one."""
        match command:
            case c.EndWithWords(sound=sound):
                pass
            case c.HangUpLeg(reason=Reason.CALLBACK_ASKED):
                sound = words.promised(self._language(caller))
            case _:
                return False
        if caller is None or not caller.is_up or not self._steering.has(sound):
            return False
        self._steering.play(command, caller, sound)
        caller.is_leaving = True
        return True

    def pressed(self, caller: Caller, digit: str) -> None:
        """Takes a key that answers no question of the centre."""
        call = self._call_of(caller)
        is_offered = call is not None and call.is_callback_offered
        if digit == words.CALL_ME_BACK and is_offered and caller.number is not None:
            promising = asyncio.get_running_loop().create_task(self._promise(caller, caller.number))
            self._promising.add(promising)
            promising.add_done_callback(self._promising.discard)
        else:
            self._centre.pressed(caller.leg, digit)

    async def _promise(self, caller: Caller, number: str) -> None:
        try:
            sealed = await self._centre.sealed(number)
        except OpenlineError as error:
            # He waits on as before.
            log.error("callback_not_promised", why=type(error).__name__)
            return
        self._say(i.CallbackAsked(leg=caller.leg, number=sealed))

    def _call_of(self, caller: Caller) -> Call | None:
        state = self._state()
        return None if state is None else state.calls_by_leg.get(caller.leg)

    def _language(self, caller: Caller | None) -> str:
        call = None if caller is None else self._call_of(caller)
        return self._centre.language(None if call is None else call.id)
