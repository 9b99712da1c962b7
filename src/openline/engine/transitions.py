"""What a call and an agent may do next, as data.

`apply` reads these tables and refuses anything else as a bug of ours; the tests walk them and the
docs draw them. `REQUESTS` is for people: in which states a request of an agent makes sense; in any
other it is refused with a reason, and nothing changes.

    call:   (arrives) -> greeting -> queued <-> offered -> talking <-> held -> (ended)
            greeting <-> consent; greeting | menu | queued -> menu
            greeting | menu | queued -> message <-> voicemail -> (ended)
            (callback) -> queued                -> talking -> dialling -> talking
            talking | held -> outside -> queued | (ended)
            queued -> forwarded -> queued | (ended)
    agent:  signed_out -> paused <-> ready <-> offered -> talking -> wrap_up -> ready | paused
"""

from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.state import AgentState, CallState
from openline.model import Reason

CALL_TRANSITIONS: dict[CallState, dict[type[e.Event], CallState | None]] = {
    CallState.GREETING: {
        e.PartnerRecognised: CallState.GREETING,
        e.GreetingStarted: CallState.GREETING,
        e.ConsentAsked: CallState.CONSENT,
        e.CallSent: CallState.GREETING,
        e.HopLimitReached: CallState.GREETING,
        e.MenuStarted: CallState.MENU,
        e.MessageStarted: CallState.MESSAGE,
        e.CallQueued: CallState.QUEUED,
        e.CallEnded: None,
    },
    CallState.CONSENT: {
        e.PromptHeard: CallState.CONSENT,
        e.ConsentAnswered: CallState.GREETING,
        e.CallEnded: None,
    },
    CallState.MENU: {
        e.MenuStarted: CallState.MENU,
        e.PromptHeard: CallState.MENU,
        e.ChoiceMade: CallState.MENU,
        e.PartnerRecognised: CallState.MENU,
        e.CallSent: CallState.MENU,
        e.HopLimitReached: CallState.MENU,
        e.MessageStarted: CallState.MESSAGE,
        e.CallQueued: CallState.QUEUED,
        e.CallEnded: None,
    },
    CallState.MESSAGE: {
        e.VoicemailStarted: CallState.VOICEMAIL,
        e.CallEnded: None,
    },
    CallState.VOICEMAIL: {
        e.MessageStarted: CallState.MESSAGE,
        e.VoicemailLeft: CallState.VOICEMAIL,
        e.CallEnded: None,
    },
    CallState.QUEUED: {
        e.CallWidened: CallState.QUEUED,
        e.MaximumWaitMoved: CallState.QUEUED,
        e.MaximumWaitReached: CallState.QUEUED,
        e.WaitAnnounced: CallState.QUEUED,
        e.ShareLimitHeld: CallState.QUEUED,
        e.CallForwarded: CallState.FORWARDED,
        e.CallOffered: CallState.OFFERED,
        e.CallSent: CallState.QUEUED,
        e.HopLimitReached: CallState.QUEUED,
        e.MenuStarted: CallState.MENU,
        e.MessageStarted: CallState.MESSAGE,
        e.CallQueued: CallState.QUEUED,
        e.CallEnded: None,
    },
    CallState.OFFERED: {
        e.CallWidened: CallState.OFFERED,
        e.MaximumWaitMoved: CallState.OFFERED,
        e.MaximumWaitReached: CallState.OFFERED,
        e.WaitAnnounced: CallState.OFFERED,
        e.OfferAccepted: CallState.TALKING,
        e.OfferDeclined: CallState.QUEUED,
        e.OfferMissed: CallState.QUEUED,
        e.OfferWithdrawn: CallState.QUEUED,
    },
    CallState.TALKING: {
        e.CallHeld: CallState.HELD,
        e.CallTransferred: CallState.TALKING,
        e.CallGivenOutside: CallState.OUTSIDE,
        e.CallQueued: CallState.QUEUED,
        e.CallbackDialled: CallState.DIALLING,
        e.CallEnded: None,
    },
    CallState.DIALLING: {e.CallbackReached: CallState.TALKING, e.CallEnded: None},
    CallState.HELD: {
        e.CallResumed: CallState.TALKING,
        e.CallTransferred: CallState.TALKING,
        e.CallGivenOutside: CallState.OUTSIDE,
        e.CallQueued: CallState.QUEUED,
        e.CallEnded: None,
    },
    CallState.OUTSIDE: {e.CallQueued: CallState.QUEUED, e.CallEnded: None},
    CallState.FORWARDED: {e.ForwardFailed: CallState.QUEUED, e.CallEnded: None},
}
"""`None` is the end: the call leaves the state."""

AGENT_TRANSITIONS: dict[AgentState, dict[type[e.Event], AgentState]] = {
    AgentState.SIGNED_OUT: {e.AgentSignedIn: AgentState.PAUSED},
    AgentState.PAUSED: {
        e.ListeningStarted: AgentState.TALKING,
        e.AgentReady: AgentState.READY,
        e.AgentPaused: AgentState.PAUSED,
        e.AgentSignedOut: AgentState.SIGNED_OUT,
    },
    AgentState.READY: {
        e.CallOffered: AgentState.OFFERED,
        e.PartyAsked: AgentState.OFFERED,
        e.ListeningStarted: AgentState.TALKING,
        e.AgentPaused: AgentState.PAUSED,
        e.AgentSignedOut: AgentState.SIGNED_OUT,
    },
    AgentState.OFFERED: {
        e.OfferAccepted: AgentState.TALKING,
        e.OfferDeclined: AgentState.PAUSED,
        e.OfferMissed: AgentState.PAUSED,
        e.OfferWithdrawn: AgentState.READY,
        e.PartyJoined: AgentState.TALKING,
        e.PartyDeclined: AgentState.PAUSED,
        e.PartyMissed: AgentState.PAUSED,
        e.PartyWithdrawn: AgentState.READY,
    },
    AgentState.TALKING: {
        e.WrapUpStarted: AgentState.WRAP_UP,
        e.AgentPaused: AgentState.PAUSED,
        e.AgentReady: AgentState.READY,
        e.AgentSignedOut: AgentState.SIGNED_OUT,
    },
    AgentState.WRAP_UP: {
        e.AgentReady: AgentState.READY,
        e.AgentPaused: AgentState.PAUSED,
        e.AgentSignedOut: AgentState.SIGNED_OUT,
    },
}

_SIGNED_IN = tuple(state for state in AgentState if state is not AgentState.SIGNED_OUT)

REQUESTS: dict[type[i.Input], tuple[AgentState, ...]] = {
    i.SignOutRequested: (
        AgentState.PAUSED,
        AgentState.READY,
        AgentState.OFFERED,
        AgentState.WRAP_UP,
    ),
    i.OriginsChosen: _SIGNED_IN,
    i.ReadyRequested: (AgentState.PAUSED,),
    i.PauseRequested: _SIGNED_IN,
    i.AcceptRequested: (AgentState.OFFERED,),
    i.DeclineRequested: (AgentState.OFFERED,),
    i.HoldRequested: (AgentState.TALKING,),
    i.ResumeRequested: (AgentState.TALKING,),
    i.HangUpRequested: (AgentState.TALKING,),
    i.TransferRequested: (AgentState.TALKING,),
    i.CallbackCloseRequested: (AgentState.TALKING,),
    i.ConsultRequested: (AgentState.TALKING,),
    i.ConsultCompleteRequested: (AgentState.TALKING,),
    i.ConsultCancelRequested: (AgentState.TALKING,),
    i.ThirdRequested: (AgentState.TALKING,),
    i.PartyDismissRequested: (AgentState.TALKING,),
    i.WrapUpFinishRequested: (AgentState.WRAP_UP,),
    i.WrapUpExtendRequested: (AgentState.WRAP_UP,),
    i.HelpRequested: (AgentState.TALKING, AgentState.WRAP_UP),
    i.HelpWithdrawRequested: (AgentState.TALKING, AgentState.WRAP_UP),
}
"""The states in which a request of an agent makes sense."""

FORCEABLE: dict[AgentState, tuple[AgentState, ...]] = {
    AgentState.READY: (AgentState.PAUSED,),
    AgentState.PAUSED: (AgentState.PAUSED, AgentState.READY, AgentState.OFFERED),
    AgentState.SIGNED_OUT: REQUESTS[i.SignOutRequested],
}
"""What a supervisor may force at once, and from where; while she has a call it is only noted."""

FULFILLED: dict[type[i.Input], tuple[AgentState, ...]] = {
    i.SignOutRequested: (AgentState.SIGNED_OUT,),
    i.ReadyRequested: (AgentState.READY, AgentState.OFFERED),
    i.DeclineRequested: (AgentState.PAUSED,),
    i.HangUpRequested: (AgentState.WRAP_UP,),
    i.TransferRequested: (AgentState.WRAP_UP,),
    i.CallbackCloseRequested: (AgentState.WRAP_UP,),
    i.ConsultCompleteRequested: (AgentState.WRAP_UP,),
    i.WrapUpFinishRequested: (AgentState.READY, AgentState.PAUSED, AgentState.OFFERED),
    i.HelpWithdrawRequested: (
        AgentState.SIGNED_OUT,
        AgentState.PAUSED,
        AgentState.READY,
        AgentState.OFFERED,
    ),
}
"""The states in which a request is already fulfilled: said twice, it changes nothing.

A page says a thing again when it does not know whether it was heard (see the page protocol), so
this is common after a restart and no mistake of anybody's.
"""

REFUSALS: dict[type[i.Input], Reason] = {
    i.SignOutRequested: Reason.IN_A_CALL,
    i.AcceptRequested: Reason.OFFER_IS_OVER,
    i.DeclineRequested: Reason.OFFER_IS_OVER,
    i.HoldRequested: Reason.CALL_IS_OVER,
    i.ResumeRequested: Reason.CALL_IS_OVER,
    i.HangUpRequested: Reason.CALL_IS_OVER,
    i.TransferRequested: Reason.CALL_IS_OVER,
    i.CallbackCloseRequested: Reason.CALL_IS_OVER,
    i.ConsultRequested: Reason.CALL_IS_OVER,
    i.ConsultCompleteRequested: Reason.CALL_IS_OVER,
    i.ConsultCancelRequested: Reason.CALL_IS_OVER,
    i.ThirdRequested: Reason.CALL_IS_OVER,
    i.PartyDismissRequested: Reason.CALL_IS_OVER,
    i.HelpRequested: Reason.CALL_IS_OVER,
}
"""Why a request is refused in any other state; else it is just not for this state."""
