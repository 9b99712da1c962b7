"""A stream of pictures: drawn at most every so often, sent to everyone who looks.

A picture is drawn only when something durable happened or a quarter of an hour began, once for each
kind of viewer (origins and language), whatever their number. What happens after a pause is drawn at
once; what follows on its heels waits for the next turn. A viewer who is slow gets the newest
picture next and none of those between.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator

from openline.centre import CentreClock
from openline.engine import AnyEvent
from openline.measures import INTERVAL, start_of_interval
from openline.model import Instant, Origin
from openline.telephony.port import Timer

BEAT_EVERY_S = 5.0
"""How often a quiet stream says that it is there, so that a page notices a dead connection."""

Kind = tuple[tuple[Origin, ...], str]


class _Channel:
    """Holds the newest picture of one kind and wakes its viewers."""

    __slots__ = ("frame", "number", "viewers", "woken")

    def __init__(self) -> None:
        self.number = 0
        self.frame = b""
        self.viewers = 0
        self.woken = asyncio.Event()

    def publish(self, picture: bytes) -> None:
        self.number += 1
        self.frame = b"id: %d\nevent: picture\ndata: %s\n\n" % (self.number, picture)
        self.woken.set()
        self.woken = asyncio.Event()


class PictureFeed(ABC):
    """Gives out pictures; how one is drawn says each kind of feed."""

    every_s = 0.5

    def __init__(self, clock: CentreClock) -> None:
        self._clock = clock
        self._channels: dict[Kind, _Channel] = {}
        self._drawing: asyncio.Handle | None = None
        self._not_before = 0.0
        self._interval: Timer | None = None
        self._closed = False

    def noticed(self, now: Instant, events: tuple[AnyEvent, ...]) -> None:
        """Plans a new picture, if anybody looks."""
        self._plan()

    def close(self) -> None:
        """Ends every stream."""
        self._closed = True
        for timer in (self._drawing, self._interval):
            if timer is not None:
                timer.cancel()
        for channel in self._channels.values():
            channel.woken.set()

    async def stream(self, kind: Kind) -> AsyncGenerator[bytes, None]:
        """Yields the present picture at once and every newer one, as server-sent events."""
        channel = self._channels.get(kind)
        if channel is None:
            channel = self._channels[kind] = _Channel()
        if channel.viewers == 0:
            # Nobody looked, so nothing was drawn: the frame that is there may be old.
            channel.publish(self._draw(kind))
        channel.viewers += 1
        self._watch_interval()
        seen = 0
        try:
            yield b"retry: 1000\n\n"
            while not self._closed:
                woken = channel.woken
                if channel.number != seen:
                    seen = channel.number
                    yield channel.frame
                    continue
                try:
                    async with asyncio.timeout(BEAT_EVERY_S):
                        await woken.wait()
                except TimeoutError:
                    yield b"event: beat\ndata: {}\n\n"
        finally:
            channel.viewers -= 1
            if channel.viewers == 0:
                self._channels.pop(kind, None)

    def _plan(self) -> None:
        if self._drawing is None and self._channels and not self._closed:
            loop = asyncio.get_running_loop()
            is_soon = loop.time() >= self._not_before
            self._drawing = (
                loop.call_soon(self._publish)
                if is_soon
                else loop.call_at(self._not_before, self._publish)
            )

    def _publish(self) -> None:
        self._drawing = None
        self._not_before = asyncio.get_running_loop().time() + self.every_s
        for kind, channel in self._channels.items():
            channel.publish(self._draw(kind))

    @abstractmethod
    def _draw(self, kind: Kind) -> bytes:
        """Returns the present picture, as JSON."""

    def _watch_interval(self) -> None:
        """Draws anew when an interval, and with it perhaps the day, begins in silence."""
        if self._interval is None and not self._closed:
            following = Instant(start_of_interval(self._clock.now()) + INTERVAL)
            self._interval = self._clock.at(following, self._interval_began)

    def _interval_began(self) -> None:
        self._interval = None
        self._plan()
        if self._channels:
            self._watch_interval()
