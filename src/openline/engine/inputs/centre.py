"""What the program itself sees: configuration, clock, restart, failed orders."""

from openline.engine.inputs.base import Input
from openline.engine.settings import Settings
from openline.model import CommandId, Duration, LegId


class ConfigurationPublished(Input, frozen=True, kw_only=True):
    """A checked configuration became the valid one."""

    settings: Settings


class CentreStarted(Input, frozen=True, kw_only=True):
    """The program started, perhaps again; `legs` are those the ports still hold."""

    legs: tuple[LegId, ...]


class TimePassed(Input, frozen=True, kw_only=True):
    """The instant that `next_wakeup` named has come."""


class ClockStepped(Input, frozen=True, kw_only=True):
    """The wall clock was set: it moved by `by` against the monotonic one."""

    by: Duration


class CommandFailed(Input, frozen=True, kw_only=True):
    """An order could not be carried out."""

    command: CommandId
    leg: LegId
    why: str
    """One word from the adapter, for the record."""


AnyCentreInput = ConfigurationPublished | CentreStarted | TimePassed | ClockStepped | CommandFailed
