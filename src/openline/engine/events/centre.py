"""Facts about the program and about what it could not make sense of."""

from openline.engine.events.base import Event
from openline.engine.settings import Settings
from openline.model import AgentKey, CommandId, Duration, LegId, Reason


class ConfigurationAdopted(Event, frozen=True, kw_only=True):
    """From here on the settings hold."""

    settings: Settings


class CentreResumed(Event, frozen=True, kw_only=True):
    """The program began, perhaps again; the legs not found outside follow as lost."""

    legs_seen: int


class ClockStepNoted(Event, frozen=True, kw_only=True):
    """The wall clock was set; centre time goes on undisturbed."""

    by: Duration


class CommandFailureNoted(Event, frozen=True, kw_only=True):
    """An order could not be carried out."""

    command: CommandId
    leg: LegId
    why: str


class InputPassedOver(Event, frozen=True, kw_only=True):
    """An input meant nothing in the present state; nothing changed."""

    input: str
    reason: Reason


class RequestRefused(Event, frozen=True, kw_only=True):
    """An agent asked for what is not possible now; nothing changed."""

    agent: AgentKey
    request: str
    reason: Reason


AnyCentreEvent = (
    ConfigurationAdopted
    | CentreResumed
    | ClockStepNoted
    | CommandFailureNoted
    | InputPassedOver
    | RequestRefused
)
