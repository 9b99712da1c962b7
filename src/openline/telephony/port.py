"""What every kind of telephony must be able to do for the centre.

A port holds legs, whose names begin with its prefix and a colon. It reports what it sees as engine
inputs and carries out engine commands. It keeps no queue, knows no agent's skills and decides
nothing. The centre calls it on its own event loop; nothing here may block.
"""

from collections.abc import Callable
from typing import Protocol

import msgspec

from openline.engine import AnyCommand, AnyInput, State
from openline.model import Instant, LegId

See = Callable[[AnyInput], None]
"""Hands an input to the centre; returns at once."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """Says what a port can do; what it cannot, the centre refuses in words."""

    hold: bool
    transfer: bool = False
    """Whether its callers can be put back to music and given to another agent."""
    consult: bool = False
    """Whether a caller can be parked while his agent talks with another."""
    outside: bool = False
    """Whether it can dial the destinations outside, and connect its callers with them."""
    three: bool = False
    """Whether more than two can hear each other in its calls."""
    listen: bool = False
    """Whether a supervisor can hear a talk, and be heard in it by some of them or all."""
    writes: bool = False
    """Whether its callers can type; then others can read along, and write, who could not be heard.
    """
    real_audio: bool
    """Whether two people can hear each other; a simulated call has none."""
    announcements: bool
    """Whether a caller can be told of his place and wait; else the order is not given out."""
    voicemail: bool
    """Whether a caller can be recorded; else the order fails and he hears the box's message."""
    dials: bool
    """Whether it can ring a number; callers of a port that cannot are not called back."""


class Timer(Protocol):
    """Is a pending call of a function."""

    def cancel(self) -> None:
        """Drops it; does nothing if it has run."""


class Clock(Protocol):
    """Tells centre time, which may run faster than the wall's."""

    def now(self) -> Instant:
        """Returns the present instant; it never runs backwards."""

    def at(self, instant: Instant, call: Callable[[], None]) -> Timer:
        """Calls the function on the event loop when the instant has come, or at once if past."""


class TelephonyPort(Protocol):
    """Is one kind of telephony."""

    prefix: str
    capabilities: Capabilities

    def start(self, see: See) -> None:
        """Begins to report; called once, before `resume`."""

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Takes up work on the legs of a recovered centre; returns those it holds now.

        The state is the durable one. The port may keep it to look at, and must not change it: the
        centre applies each durable step to it before it tells observers and gives out commands.
        """

    def carry_out(self, command: AnyCommand) -> None:
        """Carries the command out, soon; a failure comes back as the input `CommandFailed`.

        A `DialOutside` is given only to a port that can; it knows the number of the key from the
        configuration. A `ConnectLegs`, `HoldCall`, `ResumeCall` or `MixCall` whose legs belong to
        several ports is given to each of them. A `RecordVoicemail` is given only to a port that
        can record; the end of the recording is told before that of the leg. A command repeated with
        the same id changes nothing.
        """

    async def stop(self) -> None:
        """Ends its tasks; legs of real telephones are left alone."""
