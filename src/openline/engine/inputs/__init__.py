"""What was seen outside: the only things that can make the engine do anything.

An input says what somebody or something did, never what should follow from it. Adapters and the
use-cases of the centre make them; `decisions/` answers them. They may come doubled, late, out of
order or for things that are gone: each such case is answered by name (see `transitions`).
"""

from openline.engine.inputs.agents import (
    AcceptRequested,
    AgentRequest,
    AnyAgentInput,
    ConsultCancelRequested,
    ConsultCompleteRequested,
    ConsultRequested,
    DeclineRequested,
    HangUpRequested,
    HoldRequested,
    OriginsChosen,
    PauseRequested,
    ReadyRequested,
    ResumeRequested,
    SignInRequested,
    SignOutRequested,
    TransferRequested,
    WrapUpExtendRequested,
    WrapUpFinishRequested,
)
from openline.engine.inputs.base import Input
from openline.engine.inputs.callbacks import (
    AnyCallbackInput,
    CallbackAsked,
    CallbackCloseRequested,
    CallbackWord,
    DialAnswered,
    DialFailed,
    DialFailure,
    WaitEstimated,
)
from openline.engine.inputs.centre import (
    AnyCentreInput,
    CentreStarted,
    ClockStepped,
    CommandFailed,
    ConfigurationPublished,
    TimePassed,
)
from openline.engine.inputs.legs import (
    AnyLegInput,
    DigitPressed,
    LegArrived,
    LegHungUp,
    LegLost,
    LegReturned,
    PlaybackFinished,
    SoundConnected,
    SoundLost,
    VoicemailEnded,
)
from openline.engine.inputs.supervisors import (
    AnySupervisorInput,
    LineClosureRequested,
    StateForced,
    SurgeRequested,
)

AnyInput = AnyCentreInput | AnyLegInput | AnyCallbackInput | AnyAgentInput | AnySupervisorInput

__all__ = [
    "AcceptRequested",
    "AgentRequest",
    "AnyAgentInput",
    "AnyCallbackInput",
    "AnyCentreInput",
    "AnyInput",
    "AnyLegInput",
    "AnySupervisorInput",
    "CallbackAsked",
    "CallbackCloseRequested",
    "CallbackWord",
    "CentreStarted",
    "ClockStepped",
    "CommandFailed",
    "ConfigurationPublished",
    "ConsultCancelRequested",
    "ConsultCompleteRequested",
    "ConsultRequested",
    "DeclineRequested",
    "DialAnswered",
    "DialFailed",
    "DialFailure",
    "DigitPressed",
    "HangUpRequested",
    "HoldRequested",
    "Input",
    "LegArrived",
    "LegHungUp",
    "LegLost",
    "LegReturned",
    "LineClosureRequested",
    "OriginsChosen",
    "PauseRequested",
    "PlaybackFinished",
    "ReadyRequested",
    "ResumeRequested",
    "SignInRequested",
    "SignOutRequested",
    "SoundConnected",
    "SoundLost",
    "StateForced",
    "SurgeRequested",
    "TimePassed",
    "TransferRequested",
    "VoicemailEnded",
    "WaitEstimated",
    "WrapUpExtendRequested",
    "WrapUpFinishRequested",
]
