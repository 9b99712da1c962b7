"""What agents ask for."""

from openline.engine.inputs.base import Input
from openline.engine.targets import Target
from openline.model import AgentKey, LegId, OfferId, Origin, SealedRef


class AgentRequest(Input, frozen=True, kw_only=True):
    """Is what an agent asks for."""

    agent: AgentKey


class SignInRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent starts work at the leg, for calls of these origins."""

    leg: LegId
    origins: tuple[Origin, ...]


class SignOutRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends work."""


class OriginsChosen(AgentRequest, frozen=True, kw_only=True):
    """An agent chose which origins she serves (practice on or off)."""

    origins: tuple[Origin, ...]


class ReadyRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent will take calls."""


class PauseRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent will take no calls; during a call it is noted and counts after it."""

    pause_reason: str


class AcceptRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent answers an offer."""

    offer: OfferId


class DeclineRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent declines an offer."""

    offer: OfferId


class HoldRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent parks the caller."""


class ResumeRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent takes the parked caller back."""


class HangUpRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends the call."""


class TransferRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent hands the caller on without asking anybody first."""

    to: Target


class ConsultRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent asks a colleague for advice on her call; the caller hears music meanwhile."""

    to: Target


class ConsultCompleteRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent gives her call to the colleague with whom she has spoken."""


class ConsultCancelRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent ends the consultation, joined or still ringing, and is with the caller again."""


class WrapUpFinishRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent has done the work after the call; `note` is sealed before it gets here."""

    disposition: str
    note: SealedRef | None = None
    ready: bool = True
    """Whether she will take calls at once; else she is paused for `pause_reason`."""
    pause_reason: str | None = None
    recovery: bool = False
    """Whether she asks for the recovery break first. Why she does is hers alone and told nobody."""


class WrapUpExtendRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent needs longer for the work after the call."""


class ThirdRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent wants somebody to join her conversation, such as an interpreter."""

    to: Target


class PartyDismissRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent lets somebody go who joined her conversation, or is rung for it."""

    party: OfferId


class HelpRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent raises a silent hand: she wants a supervisor's help with the call she has."""


class HelpWithdrawRequested(AgentRequest, frozen=True, kw_only=True):
    """An agent takes her hand down again."""


AnyAgentInput = (
    SignInRequested
    | SignOutRequested
    | OriginsChosen
    | ReadyRequested
    | PauseRequested
    | AcceptRequested
    | DeclineRequested
    | HoldRequested
    | ResumeRequested
    | HangUpRequested
    | TransferRequested
    | ConsultRequested
    | ConsultCompleteRequested
    | ConsultCancelRequested
    | ThirdRequested
    | PartyDismissRequested
    | WrapUpFinishRequested
    | WrapUpExtendRequested
    | HelpRequested
    | HelpWithdrawRequested
)
