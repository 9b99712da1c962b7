"""An event loop whose time stands still until a test moves it.

Nothing sleeps: `advance` runs every timer at its own instant, in order, and lets everything that
became ready settle in between. Threads and sockets are real; only time is not. Time is kept in
whole microseconds, so that a deadline is met exactly.
"""

import asyncio
import functools
import heapq
import itertools
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, ParamSpec, TypeVarTuple, Unpack

P = ParamSpec("P")
Ts = TypeVarTuple("Ts")

SETTLING_TURNS = 20
"""Turns of the loop after which nothing is left that does not wait for time or a thread."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Is an event loop that runs timers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.microseconds = 0
        self._order = itertools.count()
        self._timers: list[tuple[int, int, asyncio.TimerHandle, Callable[[], object]]] = []

    def time(self) -> float:
        """Returns the virtual time in seconds."""
        return self.microseconds / 1_000_000

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Calls back when the test has moved time so far."""
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Ts]], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        """Calls back when the test has moved time up to there."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)

        def fire() -> None:
            self.call_soon(callback, *args, context=context)

        due = round(when * 1_000_000)
        heapq.heappush(self._timers, (due, next(self._order), handle, fire))
        return handle

    async def advance(self, seconds: float) -> None:
        """Lets so much time pass."""
        until = self.microseconds + round(seconds * 1_000_000)
        await settle()
        while self._timers and self._timers[0][0] <= until:
            due, _, handle, fire = heapq.heappop(self._timers)
            if not handle.cancelled():
                self.microseconds = max(self.microseconds, due)
                fire()
                await settle()
        self.microseconds = until
        await settle()


def virtual_loop() -> VirtualLoop:
    """Returns the loop that runs this test."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return loop


async def advance(seconds: float) -> None:
    """Lets so much time pass on the running loop."""
    await virtual_loop().advance(seconds)


async def settle() -> None:
    """Lets everything run that is ready, and what it makes ready."""
    for _ in range(SETTLING_TURNS):
        await asyncio.sleep(0)


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Makes a test of a coroutine; time in it passes by `advance` only."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run
