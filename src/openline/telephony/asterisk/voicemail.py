"""Callers who leave a message: a tone, what they say, and what becomes of it.

Asterisk writes what is said into memory under a name that the centre gives, and neither this nor
the centre ever holds it: who seals it is a process of its own. Here it is only begun, and told to
be over. Whoever hangs up ends his message like one who falls silent.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

from openline.engine import AnyInput, CallState, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import (
    SECOND,
    BoxKey,
    CallId,
    CommandId,
    Duration,
    LegId,
    OpenlineError,
    SealedRef,
)
from openline.telephony.asterisk import seen as s
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.ari import AriRefusedError, Json, Request
from openline.telephony.asterisk.parties import Caller
from openline.telephony.asterisk.steering import Steering

log = structlog.get_logger(__name__)


class Boxes(Protocol):
    """Keeps what callers leave."""

    async def begin(self, call: CallId, box: BoxKey, recording: CommandId) -> SealedRef:
        """Returns the name under which a caller is recorded; the same for the same order.

        Raises `PeerError` if what he says could not be kept as it must be.
        """

    def ended(self, ref: SealedRef, spoken: Duration) -> bool:
        """Notes that a recording is over; returns whether it holds a message."""

    def found(self, call: CallId, recording: CommandId) -> tuple[SealedRef, Duration] | None:
        """Returns what there is of a recording whose end nobody saw, and how long it is."""

    def silence(self, box: BoxKey) -> Duration:
        """Returns after how long a silence a message is over."""


class Voicemail:
    """Lets callers speak into boxes."""

    def __init__(
        self,
        steering: Steering,
        boxes: Boxes,
        state: Callable[[], State | None],
        is_here: Callable[[Caller], bool],
        say: Callable[[AnyInput], None],
    ) -> None:
        self._steering = steering
        self._boxes = boxes
        self._state = state
        self._is_here = is_here
        self._say = say
        self._beginning: set[asyncio.Task[None]] = set()

    def record(self, command: c.RecordVoicemail, caller: Caller | None) -> None:
        """Carries out the order, which may be one that was carried out already."""
        if caller is None or not caller.is_up:
            return
        place = caller.place
        if isinstance(place, t.Recording) and place.recording == command.id:
            self._look_whether_it_ended(command, caller, place)
            return
        beginning = asyncio.get_running_loop().create_task(self._begin(command, caller))
        self._beginning.add(beginning)
        beginning.add_done_callback(self._beginning.discard)

    async def _begin(self, command: c.RecordVoicemail, caller: Caller) -> None:
        try:
            ref = await self._boxes.begin(command.call, command.box, command.id)
        except OpenlineError as error:
            log.error("message_not_recorded", why=str(error))
            self._steering.failed(command, "cannot_record")
            return
        if not self._is_here(caller):
            self._boxes.ended(ref, Duration(0))
            return
        place = t.Recording(
            command.id,
            ref,
            command.limit // SECOND,
            max(1, self._boxes.silence(command.box) // SECOND),
        )
        self._steering.put(command, caller, place)

    def _look_whether_it_ended(
        self, command: c.RecordVoicemail, caller: Caller, place: t.Recording
    ) -> None:
        """Asks for a recording that was begun before we came: its end was told to nobody."""
        there = self._steering.ari.send(Request("GET", f"recordings/live/{place.name}"))

        def answered(done: asyncio.Future[Json]) -> None:
            error = None if done.cancelled() else done.exception()
            if isinstance(error, AriRefusedError) and caller.place == place:
                self._tell_found(caller.leg, command.call, place.recording)
                caller.place = t.NOTHING

        there.add_done_callback(answered)

    def recorded(self, seen: s.Recorded, caller: Caller | None) -> None:
        """Takes the end of a recording."""
        place = None if caller is None else caller.place
        if caller is None or not isinstance(place, t.Recording) or place.name != seen.name:
            return
        caller.place = t.NOTHING
        spoken = Duration(0 if seen.is_broken else seen.spoken_s * SECOND)
        self._tell(caller.leg, place.recording, SealedRef(seen.name), spoken)

    def leaves(self, caller: Caller) -> None:
        """Tells of a message whose end was not told, before its caller is told to be gone."""
        place, state = caller.place, self._state()
        call = None if state is None else state.calls_by_leg.get(caller.leg)
        if isinstance(place, t.Recording) and call is not None:
            caller.place = t.NOTHING
            self._tell_found(caller.leg, call.id, place.recording)

    def before(self, seen: AnyInput) -> None:
        """Tells of the message of somebody who is told to have gone while we were away."""
        state = self._state()
        if not isinstance(seen, i.LegHungUp) or state is None:
            return
        call = state.calls_by_leg.get(seen.leg)
        if call is not None and call.state is CallState.VOICEMAIL and call.playback is not None:
            self._tell_found(seen.leg, call.id, call.playback)

    def _tell_found(self, leg: LegId, call: CallId, recording: CommandId) -> None:
        found = self._boxes.found(call, recording)
        if found is None:
            self._say(i.VoicemailEnded(leg=leg, recording=recording, length=Duration(0)))
        else:
            self._tell(leg, recording, *found)

    def _tell(self, leg: LegId, recording: CommandId, ref: SealedRef, spoken: Duration) -> None:
        is_message = self._boxes.ended(ref, spoken)
        self._say(
            i.VoicemailEnded(
                leg=leg,
                recording=recording,
                length=spoken if is_message else Duration(0),
                message=ref if is_message else None,
            )
        )
