"""Which talks are recorded just now: two tapes for each, of what a caller says and what he hears.

A tape is a channel of Asterisk that overhears the caller's; so a recording stays with him wherever
he is transferred, and nothing about his conversation is changed for it. A pause ends the tapes, and
what is said in it is written nowhere. Neither this nor the centre ever holds a sound.

There is no order of the engine for it: a talk is looked at whenever its caller is brought to
another place, something of it becomes durable, or somebody wants another thing of its recording.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

import structlog

from openline.engine import State
from openline.model import SECOND, CallId, Instant, OpenlineError, SealedRef
from openline.telephony.asterisk import seen as s
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.ari import Ari, AriGoneError, AriRefusedError, Json, Request
from openline.telephony.asterisk.parties import Caller
from openline.telephony.port import Clock

log = structlog.get_logger(__name__)

Names = tuple[SealedRef, SealedRef]
"""Of the tape of what a caller says, and of that of what he hears."""


class Talks(Protocol):
    """Keeps what is recorded of talks."""

    def wants(self, call: CallId) -> bool:
        """Tells whether a talk is to be recorded now."""

    async def part(self, call: CallId) -> Names:
        """Returns under which names both sides are to be recorded from now on.

        Raises `PeerError` if what is said could not be kept as it must be.
        """

    def unused(self, names: Names) -> None:
        """Notes that nothing was recorded under names that were given out."""

    def runs(self, call: CallId, *, is_running: bool) -> None:
        """Notes whether a talk is being recorded just now."""

    def failed(self, call: CallId, why: str) -> None:
        """Notes that a talk is not recorded although it should be; it is not tried again."""

    def call_of(self, name: str) -> CallId | None:
        """Returns of which call a tape is, or None if it is none of ours."""


class TalkTapes:
    """Begins and ends tapes."""

    def __init__(
        self,
        ari: Ari,
        talks: Talks,
        clock: Clock,
        *,
        state: Callable[[], State | None],
        at: Callable[[CallId], Caller | None],
    ) -> None:
        """`at` returns the caller of a call, as far as he is at a telephone."""
        self._ari = ari
        self._talks = talks
        self._clock = clock
        self._state = state
        self._at = at
        self._tapes: dict[CallId, Names] = {}
        self._recorded: set[str] = set()
        """Names of tapes that Asterisk writes."""
        self._beginning: dict[CallId, asyncio.Task[None]] = {}

    # --- what is to be ---------------------------------------------------------------------

    def look(self, call: CallId) -> None:
        """Begins or ends the tapes of a talk, as it is now."""
        is_wanted = self._is_wanted(call)
        if is_wanted and call not in self._tapes and call not in self._beginning:
            task = asyncio.get_running_loop().create_task(self._begin(call))
            self._beginning[call] = task
            task.add_done_callback(lambda _: self._beginning.pop(call, None))
        elif not is_wanted and call in self._tapes:
            self._end(call)

    def look_at(self, caller: Caller) -> None:
        """Looks at the talk of a caller who was brought to another place."""
        state = self._state()
        call = None if state is None else state.calls_by_leg.get(caller.leg)
        if call is not None and (call.consent is True or call.id in self._tapes):
            self.look(call.id)

    def _is_wanted(self, call: CallId) -> bool:
        caller = self._at(call)
        return (
            caller is not None
            and caller.place == t.Talking(t.bridge_of(call))
            and self._talks.wants(call)
        )

    async def _begin(self, call: CallId) -> None:
        try:
            names = await self._talks.part(call)
        except OpenlineError as error:
            self._talks.failed(call, str(error))
            return
        caller = self._at(call)
        if caller is None or not self._is_wanted(call):
            self._talks.unused(names)
            return
        self._tapes[call] = names
        for name, side in zip(names, ("in", "out"), strict=True):
            there = self._ari.send(t.overhear(caller.channel, name, side))
            there.add_done_callback(lambda done: self._answered(call, names, done))

    def _end(self, call: CallId) -> None:
        names = self._tapes.pop(call)
        for name in names:
            self._ari.send(t.hang_up(t.tape(name)))
            self._recorded.discard(name)
        self._talks.runs(call, is_running=False)

    def _answered(self, call: CallId, names: Names, done: asyncio.Future[Json]) -> None:
        error = None if done.cancelled() else done.exception()
        if isinstance(error, AriRefusedError) and self._tapes.get(call) == names:
            self._broke(call, f"asterisk_{error.status}")

    def _broke(self, call: CallId, why: str) -> None:
        """Ends both tapes: half a talk is none."""
        caller = self._at(call)
        self._end(call)
        if caller is not None:
            self._talks.failed(call, why)

    # --- what is seen ----------------------------------------------------------------------

    def taped(self, name: str) -> None:
        """Lets a tape that is there be written."""
        call = self._call_of(name)
        if call is None:
            self._ari.send(t.hang_up(t.tape(name)))
            return
        names = self._tapes[call]
        begun = self._ari.send(t.record_tape(name))

        def answered(done: asyncio.Future[Json]) -> None:
            error = None if done.cancelled() else done.exception()
            if error is None and not done.cancelled() and self._tapes.get(call) == names:
                self._recorded.add(name)
                if self._recorded.issuperset(names):
                    self._talks.runs(call, is_running=True)
            else:
                self._answered(call, names, done)

        begun.add_done_callback(answered)

    def recorded(self, seen: s.Recorded) -> None:
        """Takes the end of what Asterisk wrote: ours, its caller's, or that of its memory."""
        self._ended_by_itself(seen.name)

    def gone(self, channel: str) -> None:
        """Takes the end of a channel, which may be a tape."""
        if t.is_tape(channel):
            self._ended_by_itself(t.tape_name(channel))

    def _ended_by_itself(self, name: str) -> None:
        call = self._call_of(name)
        if call is None:
            return
        names = self._tapes[call]

        def is_he_there() -> None:
            if self._tapes.get(call) == names:
                self._broke(call, "tape_ended")

        # A tape ends with its caller as well, which is told after it.
        self._clock.at(Instant(self._clock.now() + SECOND), is_he_there)

    def _call_of(self, name: str) -> CallId | None:
        return next((call for call, names in self._tapes.items() if name in names), None)

    def left(self, call: CallId) -> None:
        """Learns that a caller is gone, and his tapes with him."""
        if call in self._tapes:
            self._end(call)

    # --- after a break ---------------------------------------------------------------------

    def take_up(self, channels: Iterable[str], live: Iterable[CallId]) -> None:
        """Goes on with the tapes that are there, ends those that nobody wants, begins the others.

        What an agent stopped the moment the centre died was noted before anything was done.
        """
        found: dict[CallId, dict[str, str]] = {}
        for channel in channels:
            name = t.tape_name(channel)
            call = self._talks.call_of(name)
            if call is not None:
                found.setdefault(call, {})[name] = channel
            else:
                self._ari.send(t.hang_up(channel))
        for call in set(found) | self._tapes.keys():
            self._take_up(call, sorted(found.get(call, {})))
        for call in live:
            self.look(call)

    def _take_up(self, call: CallId, names: list[str]) -> None:
        self._tapes.pop(call, None)
        # `in` sorts before `out`; tapes of two parts at once are of an order that was cut in half.
        parts = {name.rsplit(".", 1)[0] for name in names}
        if len(names) != 2 or len(parts) != 1 or not self._is_wanted(call):
            for name in names:
                self._ari.send(t.hang_up(t.tape(name)))
            return
        both = (SealedRef(names[0]), SealedRef(names[1]))
        self._tapes[call] = both
        asked = [self._ari.send(Request("GET", f"recordings/live/{name}")) for name in both]
        task = asyncio.get_running_loop().create_task(self._ask(call, both, asked))
        self._beginning[call] = task
        task.add_done_callback(lambda _: self._beginning.pop(call, None))

    async def _ask(self, call: CallId, names: Names, asked: list[asyncio.Future[Json]]) -> None:
        try:
            await asyncio.gather(*asked)
        except AriGoneError:
            return  # asked again when the connection is back
        except AriRefusedError:
            if self._tapes.get(call) == names:
                self._end(call)
                asyncio.get_running_loop().call_soon(self.look, call)
            return
        if self._tapes.get(call) == names:
            self._recorded.update(names)
            self._talks.runs(call, is_running=True)

    def lose_all(self) -> None:
        """Asterisk is gone, and all tapes with it."""
        tapes, self._tapes = self._tapes, {}
        self._recorded.clear()
        for call in tapes:
            self._talks.runs(call, is_running=False)
