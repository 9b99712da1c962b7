"""The pure engine: inputs in, events and commands out; no clock, no IO, no chance.

Who gets the next call is decided in `routing`. What may follow what stands in `transitions`. How an
input is answered stands in `decisions/`; what an event changes, in `apply`.
"""

from openline.engine.commands import AnyCommand, Command
from openline.engine.destinations import AnyDestination, ToMenu, ToMessage, ToQueue, ToVoicemail
from openline.engine.engine import Engine, Outcome
from openline.engine.events import AnyEvent, CallOutcome, Event
from openline.engine.inputs import AnyInput, Input
from openline.engine.settings import (
    AgentChoice,
    AgentSettings,
    Announcements,
    BoxSettings,
    CallbackSettings,
    ConsentSettings,
    EntrySettings,
    FlowsWhen,
    HoursSettings,
    Interflow,
    LineSettings,
    MenuChoice,
    MenuSettings,
    OutsideKind,
    OutsideSettings,
    OverflowStep,
    PartnerSettings,
    QueueSettings,
    RecordingSettings,
    Settings,
    ShareSettings,
    SkillLevel,
    SurgeSettings,
)
from openline.engine.state import (
    Agent,
    AgentState,
    Call,
    Callback,
    CallState,
    Offer,
    Snapshot,
    State,
)

__all__ = [
    "Agent",
    "AgentChoice",
    "AgentSettings",
    "AgentState",
    "Announcements",
    "AnyCommand",
    "AnyDestination",
    "AnyEvent",
    "AnyInput",
    "BoxSettings",
    "Call",
    "CallOutcome",
    "CallState",
    "Callback",
    "CallbackSettings",
    "Command",
    "ConsentSettings",
    "Engine",
    "EntrySettings",
    "Event",
    "FlowsWhen",
    "HoursSettings",
    "Input",
    "Interflow",
    "LineSettings",
    "MenuChoice",
    "MenuSettings",
    "Offer",
    "Outcome",
    "OutsideKind",
    "OutsideSettings",
    "OverflowStep",
    "PartnerSettings",
    "QueueSettings",
    "RecordingSettings",
    "Settings",
    "ShareSettings",
    "SkillLevel",
    "Snapshot",
    "State",
    "SurgeSettings",
    "ToMenu",
    "ToMessage",
    "ToQueue",
    "ToVoicemail",
]
