"""Every state against every event and every request: it is in the table, or it is refused."""

from typing import get_args

import pytest

from openline.engine import (
    AgentState,
    AnyEvent,
    AnyInput,
    Call,
    Callback,
    CallOutcome,
    CallState,
    Offer,
    State,
    ToQueue,
)
from openline.engine import events as e
from openline.engine import inputs as i
from openline.engine.apply import apply
from openline.engine.decisions import DECIDE
from openline.engine.parties import ListenMode, PartyKind
from openline.engine.transitions import (
    AGENT_TRANSITIONS,
    CALL_TRANSITIONS,
    FULFILLED,
    REFUSALS,
    REQUESTS,
)
from openline.model import (
    AgentKey,
    BugError,
    CallbackId,
    CallId,
    CommandId,
    Duration,
    Instant,
    LegId,
    LineKey,
    MenuKey,
    OfferId,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    Reason,
    SealedRef,
    ShareKey,
)
from tests.engine.builders import BOX, SETTINGS
from tests.engine.rehearsal import Rehearsal, kinds

CALL, OFFER, CALLBACK = CallId(1), OfferId(1), CallbackId(1)
ANA = AgentKey("ana")
DIRECT, ENGLISH = LineKey("direct"), QueueKey("english")
LATER = Instant(9_000_000_000_000_000)

SAMPLES: tuple[AnyEvent, ...] = (
    e.GreetingStarted(call=CALL, playback=CommandId(1), due_at=LATER),
    e.ConsentAsked(call=CALL, playback=CommandId(1), due_at=LATER),
    e.ConsentAnswered(call=CALL, given=True, reason=Reason.CHOSEN),
    e.MenuStarted(
        call=CALL,
        menu=MenuKey("main"),
        attempt=1,
        playback=CommandId(1),
        due_at=LATER,
        reason=Reason.LED_ON,
    ),
    e.PromptHeard(call=CALL, due_at=LATER),
    e.ChoiceMade(
        call=CALL,
        menu=MenuKey("main"),
        digit="1",
        topic=None,
        language=None,
        reason=Reason.CHOSEN,
    ),
    e.CallSent(
        call=CALL,
        line=DIRECT,
        origin=Origin.REAL,
        to=ToQueue(queue=ENGLISH),
        hops=1,
        left=None,
        waited=Duration(0),
        reason=Reason.LED_ON,
    ),
    e.HopLimitReached(call=CALL, reason=Reason.LED_ON),
    e.CallForwarded(
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        outside=OutsideKey("lawyer"),
        hops=1,
        playback=CommandId(1),
        sound="we-connect-you",
        due_at=LATER,
        reason=Reason.MAXIMUM_WAIT,
    ),
    e.ForwardFailed(
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        outside=OutsideKey("lawyer"),
        leaves_at=None,
        reason=Reason.BUSY,
    ),
    e.MessageStarted(
        call=CALL,
        playback=CommandId(1),
        sound="closed",
        box=None,
        due_at=LATER,
        reason=Reason.LED_ON,
    ),
    e.VoicemailStarted(call=CALL, box=BOX.key, recording=CommandId(1), due_at=LATER),
    e.VoicemailLeft(
        call=CALL,
        line=DIRECT,
        origin=Origin.REAL,
        box=BOX.key,
        recording=CommandId(1),
        message=None,
        length=Duration(1),
    ),
    e.CallQueued(
        call=CALL,
        line=DIRECT,
        origin=Origin.REAL,
        queue=ENGLISH,
        entry=1,
        priority=0,
        waiting_since=Instant(0),
        reason=Reason.GREETING_HEARD,
    ),
    e.CallWidened(call=CALL, queue=ENGLISH, step=0, next_at=None, reason=Reason.WAITED),
    e.MaximumWaitMoved(call=CALL, queue=ENGLISH, leaves_at=None, reason=Reason.SURGE_SWITCHED),
    e.MaximumWaitReached(call=CALL, queue=ENGLISH),
    e.WaitAnnounced(call=CALL, queue=ENGLISH, place=1, wait=None, next_at=None),
    e.PartnerRecognised(call=CALL, partner=PartnerKey("hospital"), reason=Reason.ARRIVED),
    e.ShareLimitHeld(
        call=CALL, queue=ENGLISH, share=ShareKey("all"), serving=1, reason=Reason.SHARE_LIMIT
    ),
    e.CallOffered(
        offer=OFFER,
        call=CALL,
        queue=ENGLISH,
        agent=ANA,
        expires_at=LATER,
        reason=Reason.LONGEST_IDLE,
    ),
    e.OfferAccepted(
        offer=OFFER, call=CALL, queue=ENGLISH, origin=Origin.REAL, agent=ANA, waited=Duration(0)
    ),
    e.OfferDeclined(offer=OFFER, call=CALL, agent=ANA),
    e.OfferMissed(offer=OFFER, call=CALL, agent=ANA),
    e.OfferWithdrawn(offer=OFFER, call=CALL, agent=ANA, reason=Reason.CALLER_LEFT),
    e.CallHeld(call=CALL, agent=ANA),
    e.CallResumed(call=CALL, agent=ANA),
    e.CallTransferred(
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        agent=ANA,
        to=ToQueue(queue=ENGLISH),
        reason=Reason.TRANSFERRED,
        talked=Duration(0),
        held=Duration(0),
    ),
    e.CallGivenOutside(
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        agent=ANA,
        outside=OutsideKey("lawyer"),
        reason=Reason.TRANSFERRED,
        talked=Duration(0),
        held=Duration(0),
    ),
    e.PartyAsked(
        offer=OFFER,
        call=CALL,
        agent=ANA,
        leg=LegId("desk:ana"),
        kind=PartyKind.CONSULTED,
        by=AgentKey("ben"),
        queue=None,
        expires_at=LATER,
        reason=Reason.ASKED_FOR,
    ),
    e.ListeningStarted(
        party=OFFER,
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        agent=ANA,
        of=AgentKey("ben"),
        leg=LegId("desk:ana"),
        mode=ListenMode.LISTEN,
    ),
    e.PartyJoined(offer=OFFER, call=CALL, agent=ANA),
    e.PartyDeclined(offer=OFFER, call=CALL, agent=ANA),
    e.PartyMissed(offer=OFFER, call=CALL, agent=ANA),
    e.PartyWithdrawn(offer=OFFER, call=CALL, agent=ANA, reason=Reason.CALLER_LEFT),
    e.CallEnded(
        call=CALL,
        leg=LegId("web:1"),
        line=DIRECT,
        origin=Origin.REAL,
        outcome=CallOutcome.ABANDONED,
        reason=Reason.CALLER_HUNG_UP,
        queue=ENGLISH,
        agent=None,
        waited=Duration(0),
        talked=Duration(0),
        held=Duration(0),
    ),
    e.CallbackDialled(
        callback=CALLBACK,
        call=CALL,
        agent=ANA,
        attempt=1,
        dial=CommandId(1),
        give_up_at=LATER,
    ),
    e.CallbackReached(
        callback=CALLBACK,
        call=CALL,
        queue=ENGLISH,
        origin=Origin.REAL,
        agent=ANA,
        rang=Duration(0),
    ),
    e.AgentSignedIn(agent=ANA, leg=LegId("desk:ana"), origins=(Origin.REAL,)),
    e.AgentSignedOut(agent=ANA, reason=Reason.ASKED),
    e.AgentReady(agent=ANA, reason=Reason.ASKED),
    e.AgentPaused(agent=ANA, reason=Reason.ASKED),
    e.WrapUpStarted(
        agent=ANA,
        call=CALL,
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        warn_at=LATER,
        reason=Reason.CALLER_HUNG_UP,
    ),
)
"""One of every event that moves a call or an agent."""


CALL_EVENTS = [s for s in SAMPLES if any(type(s) in row for row in CALL_TRANSITIONS.values())]
AGENT_EVENTS = [s for s in SAMPLES if any(type(s) in row for row in AGENT_TRANSITIONS.values())]


def _state(call_state: CallState, agent_state: AgentState) -> State:
    """Makes a state with one call, one offer and Ana, whether or not they fit each other."""
    state = State()
    state.adopt(SETTINGS)
    call = Call(
        id=CALL,
        leg=LegId("web:1"),
        line=DIRECT,
        origin=Origin.REAL,
        caller=None,
        state=call_state,
        arrived_at=Instant(0),
        queue=ENGLISH,
        waiting_since=Instant(0),
    )
    state.calls[CALL] = state.calls_by_leg[call.leg] = call
    state.offers[OFFER] = Offer(id=OFFER, call=CALL, agent=ANA, expires_at=LATER)
    state.callbacks[CALLBACK] = Callback(
        id=CALLBACK,
        port="sip",
        line=DIRECT,
        queue=ENGLISH,
        origin=Origin.REAL,
        priority=0,
        waiting_since=Instant(0),
        number=SealedRef("sealed"),
        not_before=Instant(0),
        not_after=LATER,
        is_window=False,
        may_leave_message=False,
        call=CALL,
    )
    ana = state.agents[ANA]
    ana.state, ana.leg = agent_state, LegId("desk:ana")
    state.agents_by_leg[LegId("desk:ana")] = ana
    return state


def _agent_who_fits(event: AnyEvent) -> AgentState:
    fitting = [state for state, row in AGENT_TRANSITIONS.items() if type(event) in row]
    return fitting[0] if fitting else AgentState.PAUSED


def _call_that_fits(event: AnyEvent) -> CallState:
    fitting = [state for state, row in CALL_TRANSITIONS.items() if type(event) in row]
    return fitting[0] if fitting else CallState.TALKING


def _name(value: AnyEvent | AnyInput | CallState | AgentState) -> str:
    return value.value if isinstance(value, CallState | AgentState) else type(value).__name__


def test_every_event_that_a_table_names_has_a_sample() -> None:
    named = {kind for row in CALL_TRANSITIONS.values() for kind in row}
    named |= {kind for row in AGENT_TRANSITIONS.values() for kind in row}
    assert named == {type(sample) for sample in SAMPLES}


def test_every_state_has_a_row() -> None:
    assert set(CALL_TRANSITIONS) == set(CallState)
    assert set(AGENT_TRANSITIONS) == set(AgentState)


@pytest.mark.parametrize("event", CALL_EVENTS, ids=_name)
@pytest.mark.parametrize("before", CallState, ids=_name)
def test_a_call_moves_as_its_table_says_and_in_no_other_way(
    before: CallState, event: AnyEvent
) -> None:
    state = _state(before, _agent_who_fits(event))
    if type(event) not in CALL_TRANSITIONS[before]:
        with pytest.raises(BugError, match=f"call 1 is {before.value}"):
            apply(state, event)
        return
    apply(state, event)
    after = CALL_TRANSITIONS[before][type(event)]
    assert (state.calls[CALL].state if CALL in state.calls else None) is after


@pytest.mark.parametrize("event", AGENT_EVENTS, ids=_name)
@pytest.mark.parametrize("before", AgentState, ids=_name)
def test_an_agent_moves_as_her_table_says_and_in_no_other_way(
    before: AgentState, event: AnyEvent
) -> None:
    state = _state(_call_that_fits(event), before)
    if type(event) not in AGENT_TRANSITIONS[before]:
        with pytest.raises(BugError, match=f"agent ana is {before.value}"):
            apply(state, event)
        return
    apply(state, event)
    assert state.agents[ANA].state is AGENT_TRANSITIONS[before][type(event)]


# --- what people ask -----------------------------------------------------------------------

ASKED: tuple[i.AgentRequest, ...] = (
    i.SignOutRequested(agent=ANA),
    i.OriginsChosen(agent=ANA, origins=(Origin.PRACTICE,)),
    i.ReadyRequested(agent=ANA),
    i.PauseRequested(agent=ANA, pause_reason="lunch"),
    i.AcceptRequested(agent=ANA, offer=OFFER),
    i.DeclineRequested(agent=ANA, offer=OFFER),
    i.HoldRequested(agent=ANA),
    i.ResumeRequested(agent=ANA),
    i.HangUpRequested(agent=ANA),
    i.TransferRequested(agent=ANA, to=ToQueue(queue=ENGLISH)),
    i.CallbackCloseRequested(agent=ANA, word=i.CallbackWord.WRONG_PERSON),
    i.ConsultRequested(agent=ANA, to=ToQueue(queue=ENGLISH)),
    i.ConsultCompleteRequested(agent=ANA),
    i.ConsultCancelRequested(agent=ANA),
    i.ThirdRequested(agent=ANA, to=ToQueue(queue=ENGLISH)),
    i.PartyDismissRequested(agent=ANA, party=OFFER),
    i.WrapUpFinishRequested(agent=ANA, disposition="helped"),
    i.WrapUpExtendRequested(agent=ANA),
    i.HelpRequested(agent=ANA),
    i.HelpWithdrawRequested(agent=ANA),
)


_NOTHING_TO_DO_YET = (
    i.ResumeRequested,
    i.WrapUpExtendRequested,
    i.HelpWithdrawRequested,
    i.ConsultRequested,
    i.ConsultCompleteRequested,
    i.ConsultCancelRequested,
    i.ThirdRequested,
    i.PartyDismissRequested,
)
"""In a talk just begun there is nothing to take back; a limit just set cannot be moved on; no
hand is up; nobody else is ready to be asked, and so nobody was."""


def _ana_is(wanted: AgentState) -> Rehearsal:
    night = Rehearsal()
    if wanted is AgentState.SIGNED_OUT:
        return night
    night.sign_in("ana")
    if wanted is AgentState.PAUSED:
        return night
    night.ready("ana")
    if wanted is AgentState.READY:
        return night
    night.arrive("web:1")
    if wanted is AgentState.OFFERED:
        return night
    night.accept("ana")
    if wanted is AgentState.WRAP_UP:
        night.hang_up("ana")
    return night


def test_every_request_has_a_row() -> None:
    requests = {kind for kind in get_args(AnyInput) if issubclass(kind, i.AgentRequest)}
    assert set(REQUESTS) == requests - {i.SignInRequested} == {type(asked) for asked in ASKED}


def test_every_input_is_answered() -> None:
    assert set(DECIDE) == set(get_args(AnyInput))


@pytest.mark.parametrize("asked", ASKED, ids=_name)
@pytest.mark.parametrize("state", AgentState, ids=_name)
def test_a_request_is_granted_fulfilled_already_or_refused_with_its_reason(
    state: AgentState, asked: i.AgentRequest
) -> None:
    night = _ana_is(state)
    assert night.agent("ana").state is state
    if isinstance(asked, i.AcceptRequested) and state is AgentState.TALKING:
        expected: AnyEvent | None = e.InputPassedOver(
            input=type(asked).__name__, reason=Reason.NOTHING_TO_DO
        )
    elif isinstance(asked, i.CallbackCloseRequested) and state is AgentState.TALKING:
        expected = e.RequestRefused(
            agent=ANA, request=type(asked).__name__, reason=Reason.NO_CALLBACK
        )
    elif state in REQUESTS[type(asked)]:
        expected = None
    elif state in FULFILLED.get(type(asked), ()):
        expected = e.InputPassedOver(input=type(asked).__name__, reason=Reason.NOTHING_TO_DO)
    else:
        reason = REFUSALS.get(type(asked), Reason.NOT_IN_THIS_STATE)
        if state is AgentState.SIGNED_OUT:
            reason = Reason.NOT_SIGNED_IN
        expected = e.RequestRefused(agent=ANA, request=type(asked).__name__, reason=reason)
    outcome = night.see(asked)  # type: ignore[arg-type]  # each sample is one of the union
    if expected is not None:
        assert outcome.events == (expected,)
        assert not outcome.commands
    elif not isinstance(asked, _NOTHING_TO_DO_YET):
        assert not {"RequestRefused", "InputPassedOver"} & set(kinds(outcome.events))
