"""How does an engine behave when it is driven as the shell drives it?

A `Rehearsal` is one engine with a clock of its own and words for what people do. After every input
it checks all invariants, folds the events into a second state that must stay equal byte for byte,
and lets a twin, restored from a snapshot now and then, answer the same input in the same way. So
every test that rehearses something tests these too.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from openline.engine import (
    Agent,
    AgentState,
    AnyCommand,
    AnyEvent,
    AnyInput,
    Call,
    Engine,
    Outcome,
    Settings,
    State,
)
from openline.engine import inputs as i
from openline.engine.apply import apply_step
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.invariants import (
    History,
    check,
    check_fold,
    check_round_trip,
    expect,
    reread,
    written,
)
from openline.model import (
    SECOND,
    AgentKey,
    CallId,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
    QueueKey,
)
from tests.engine.builders import BEGIN, SETTINGS
from tests.engine.ears import Ears

_TWIN_EVERY = 10

T = TypeVar("T")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Is one input and what it led to."""

    seen: AnyInput
    now: Instant
    outcome: Outcome


class Rehearsal:
    """Drives one engine and checks it at every step."""

    def __init__(self, settings: Settings = SETTINGS, now: Instant = BEGIN) -> None:
        self.engine = Engine(State())
        self.now = now
        self.steps: list[Step] = []
        self.history = History()
        self._ears = Ears()
        self._folded = State()
        self._twin = Engine(State())
        self.see(i.ConfigurationPublished(settings=settings))

    @property
    def state(self) -> State:
        """The engine's knowledge."""
        return self.engine.state

    @property
    def events(self) -> list[AnyEvent]:
        """All events so far."""
        return [event for step in self.steps for event in step.outcome.events]

    # --- inputs and time -------------------------------------------------------------------

    def see(self, seen: AnyInput) -> Outcome:
        """Hands one input in and checks everything."""
        outcome = self.engine.handle(seen, self.now)
        self.steps.append(Step(seen=seen, now=self.now, outcome=outcome))
        self.history.add(self.now, outcome.events)
        if outcome.events:
            apply_step(self._folded, self.state.step, self.now, outcome.events)
        check(self.state, self.history)
        self._ears.hear(outcome.commands)
        self._ears.check(self.state)
        check_fold(self.state, self._folded)
        twin = self._twin.handle(seen, self.now)
        expect(twin == outcome, "I5", f"a restored engine answers {type(seen).__name__} otherwise")
        if len(self.steps) % _TWIN_EVERY == 0:
            check_round_trip(self.state)
            self._twin = Engine(reread(self.state))
        return outcome

    def say_again(self) -> Outcome:
        """Says the last thing once more at the same instant: it must change nothing (I11).

        A page that returns twice begins its sound anew twice, which is the one thing allowed.
        """
        last = self.steps[-1]
        assert self.now == last.now, "time went on since it was said"
        sessions_count = not isinstance(last.seen, i.LegReturned)
        before = self._essence(sessions_count=sessions_count)
        outcome = self.see(last.seen)
        expect(
            self._essence(sessions_count=sessions_count) == before,
            "I11",
            f"{type(last.seen).__name__} said twice changed something",
        )
        return outcome

    def _essence(self, *, sessions_count: bool) -> bytes:
        state = reread(self.state)
        state.step = 0
        for call in state.calls.values():
            call.session = call.session if sessions_count else 0
        return written(state)

    def wait(self, seconds: float) -> list[AnyEvent]:
        """Lets time go by, waking the engine whenever it asks; returns what happened."""
        events: list[AnyEvent] = []
        until = Instant(self.now + round(seconds * SECOND))
        while (at := self.engine.next_wakeup()) is not None and at <= until:
            self.now = at
            events.extend(self.see(i.TimePassed()).events)
        self.now = until
        return events

    def oversleep(self, seconds: float) -> list[AnyEvent]:
        """Lets time go by in one piece and wakes the engine only then."""
        self.now = Instant(self.now + round(seconds * SECOND))
        return list(self.see(i.TimePassed()).events)

    def restart(self, *legs: str) -> Outcome:
        """Kills the engine, rebuilds it from a snapshot, and tells it which legs are there."""
        self.engine = Engine(reread(self.state))
        return self.see(i.CentreStarted(legs=tuple(LegId(leg) for leg in legs)))

    def publish(self, settings: Settings) -> Outcome:
        """Publishes another configuration."""
        return self.see(i.ConfigurationPublished(settings=settings))

    # --- callers ---------------------------------------------------------------------------

    def arrive(
        self,
        leg: str,
        line: str = "direct",
        origin: Origin = Origin.REAL,
        waiting_since: Instant | None = None,
    ) -> Outcome:
        """Lets somebody call; by telephone (`sip:…`) he can be called back."""
        return self.see(
            i.LegArrived(
                leg=LegId(leg),
                line=LineKey(line),
                origin=origin,
                can_be_called_back=leg.startswith("sip:"),
                waiting_since=waiting_since,
            )
        )

    def hear_greeting(self, leg: str) -> Outcome:
        """Lets the caller hear the greeting to its end."""
        playback = self.call(leg).playback
        assert playback is not None
        return self.see(i.PlaybackFinished(leg=LegId(leg), playback=playback))

    def leave(self, leg: str) -> Outcome:
        """Lets the caller hang up."""
        return self.see(i.LegHungUp(leg=LegId(leg)))

    def lose(self, leg: str) -> Outcome:
        """Breaks the connection to a page."""
        return self.see(i.LegLost(leg=LegId(leg)))

    def come_back(self, leg: str, session: int | None = None) -> Outcome:
        """Connects a page again."""
        return self.see(i.LegReturned(leg=LegId(leg), session=session))

    # --- agents ----------------------------------------------------------------------------

    def sign_in(self, agent: str, *origins: Origin) -> Outcome:
        """Signs an agent in at her leg `desk:<key>`, for real calls unless told otherwise."""
        return self.see(
            i.SignInRequested(
                agent=AgentKey(agent),
                leg=LegId(f"desk:{agent}"),
                origins=origins or (Origin.REAL,),
            )
        )

    def ready(self, agent: str) -> Outcome:
        """Makes an agent ready, signed in first if need be."""
        if self.agent(agent).state is AgentState.SIGNED_OUT:
            self.sign_in(agent)
        return self.see(i.ReadyRequested(agent=AgentKey(agent)))

    def pause(self, agent: str, pause_reason: str = "lunch") -> Outcome:
        """Lets an agent ask for a pause."""
        return self.see(i.PauseRequested(agent=AgentKey(agent), pause_reason=pause_reason))

    def sign_out(self, agent: str) -> Outcome:
        """Lets an agent ask to go."""
        return self.see(i.SignOutRequested(agent=AgentKey(agent)))

    def accept(self, agent: str) -> Outcome:
        """Lets an agent answer the offer she has."""
        return self.see(i.AcceptRequested(agent=AgentKey(agent), offer=self.offer_to(agent)))

    def decline(self, agent: str) -> Outcome:
        """Lets an agent decline the offer she has."""
        return self.see(i.DeclineRequested(agent=AgentKey(agent), offer=self.offer_to(agent)))

    def hold(self, agent: str) -> Outcome:
        """Lets an agent park her caller."""
        return self.see(i.HoldRequested(agent=AgentKey(agent)))

    def resume(self, agent: str) -> Outcome:
        """Lets an agent take her caller back."""
        return self.see(i.ResumeRequested(agent=AgentKey(agent)))

    def transfer(
        self,
        agent: str,
        *,
        queue: str | None = None,
        to: str | None = None,
        outside: str | None = None,
    ) -> Outcome:
        """Lets an agent hand her caller on, to a queue, to a colleague or outside."""
        return self.see(i.TransferRequested(agent=AgentKey(agent), to=target(queue, to, outside)))

    def consult(
        self,
        agent: str,
        *,
        queue: str | None = None,
        to: str | None = None,
        outside: str | None = None,
    ) -> Outcome:
        """Lets an agent ask a queue, a colleague or somebody outside about her call."""
        return self.see(i.ConsultRequested(agent=AgentKey(agent), to=target(queue, to, outside)))

    def complete(self, agent: str) -> Outcome:
        """Lets an agent give her call to whom she consults."""
        return self.see(i.ConsultCompleteRequested(agent=AgentKey(agent)))

    def cancel(self, agent: str) -> Outcome:
        """Lets an agent end the consultation."""
        return self.see(i.ConsultCancelRequested(agent=AgentKey(agent)))

    def third(
        self,
        agent: str,
        *,
        queue: str | None = None,
        to: str | None = None,
        outside: str | None = None,
    ) -> Outcome:
        """Lets an agent ask somebody to join her conversation."""
        return self.see(i.ThirdRequested(agent=AgentKey(agent), to=target(queue, to, outside)))

    def dismiss(self, agent: str, party: OfferId) -> Outcome:
        """Lets an agent let a third go."""
        return self.see(i.PartyDismissRequested(agent=AgentKey(agent), party=party))

    def hang_up(self, agent: str) -> Outcome:
        """Lets an agent end the call."""
        return self.see(i.HangUpRequested(agent=AgentKey(agent)))

    def finish(
        self,
        agent: str,
        disposition: str = "helped",
        *,
        ready: bool = True,
        pause_reason: str | None = None,
        recovery: bool = False,
    ) -> Outcome:
        """Lets an agent close the work after a call."""
        return self.see(
            i.WrapUpFinishRequested(
                agent=AgentKey(agent),
                disposition=disposition,
                ready=ready,
                pause_reason=pause_reason,
                recovery=recovery,
            )
        )

    def extend(self, agent: str) -> Outcome:
        """Lets an agent ask for longer to work after a call."""
        return self.see(i.WrapUpExtendRequested(agent=AgentKey(agent)))

    def ask_help(self, agent: str) -> Outcome:
        """Lets an agent raise her hand."""
        return self.see(i.HelpRequested(agent=AgentKey(agent)))

    def withdraw_help(self, agent: str) -> Outcome:
        """Lets an agent take her hand down."""
        return self.see(i.HelpWithdrawRequested(agent=AgentKey(agent)))

    def take_help(self, agent: str, by: str = "sue", *, takes: bool = True) -> Outcome:
        """Lets a supervisor say that he comes, or that he does not after all."""
        return self.see(i.HelpTakeRequested(by=AgentKey(by), agent=AgentKey(agent), takes=takes))

    def force(self, agent: str, to: AgentState, pause_reason: str | None = None) -> Outcome:
        """Lets the supervisor `sue` force a state on an agent."""
        return self.see(
            i.StateForced(
                by=AgentKey("sue"), agent=AgentKey(agent), to=to, pause_reason=pause_reason
            )
        )

    def listen(self, supervisor: str, to: str, mode: ListenMode = ListenMode.LISTEN) -> Outcome:
        """Lets a supervisor listen to an agent's talk."""
        return self.see(i.ListenRequested(by=AgentKey(supervisor), agent=AgentKey(to), mode=mode))

    def talk(self, agent: str, leg: str, line: str = "direct") -> CallId:
        """Brings the agent, who must be free, into a conversation with a new caller."""
        self.arrive(leg, line)
        self.ready(agent)
        self.accept(agent)
        call = self.call(leg)
        assert call.agent == agent, f"{agent} was to have the call, not {call.agent}"
        return call.id

    # --- those outside ---------------------------------------------------------------------

    def outside_leg(self, caller: str, outside: str) -> LegId:
        """Returns the leg of somebody outside who is in the caller's call, or rung for it."""
        (leg,) = (one.leg for one in self.call(caller).parties if one.outside == outside)
        return leg

    def outside_answers(self, caller: str, outside: str) -> Outcome:
        """Lets somebody outside answer."""
        return self.see(i.DialAnswered(leg=self.outside_leg(caller, outside)))

    def outside_hangs_up(self, caller: str, outside: str) -> Outcome:
        """Lets somebody outside hang up."""
        return self.see(i.LegHungUp(leg=self.outside_leg(caller, outside)))

    # --- looking ---------------------------------------------------------------------------

    def call(self, leg: str) -> Call:
        """Returns the live call at the leg."""
        return self.state.calls_by_leg[LegId(leg)]

    def agent(self, key: str) -> Agent:
        """Returns the agent."""
        return self.state.agents[AgentKey(key)]

    def offer_to(self, agent: str) -> OfferId:
        """Returns the offer that is out to the agent."""
        offer = self.agent(agent).offer
        assert offer is not None, f"{agent} has no offer: {self.agent(agent).state.value}"
        return offer

    def agent_offered(self, leg: str) -> str | None:
        """Returns to whom the caller is being offered, or None."""
        offer = self.call(leg).offer
        return None if offer is None else self.state.offers[offer].agent


def target(
    queue: str | None = None, agent: str | None = None, outside: str | None = None
) -> Target:
    """Returns the target that is a queue, an agent or somebody outside."""
    if outside is not None:
        return ToOutside(outside=OutsideKey(outside))
    if queue is not None:
        return ToQueue(queue=QueueKey(queue))
    assert agent is not None, "a target is missing"
    return ToAgent(agent=AgentKey(agent))


def only(found: Iterable[AnyEvent] | Iterable[AnyCommand], kind: type[T]) -> T:
    """Returns the one of that kind; there must be exactly one."""
    of_kind = [one for one in found if isinstance(one, kind)]
    assert len(of_kind) == 1, f"{len(of_kind)} of {kind.__name__} in {list(found)}"
    return of_kind[0]


def kinds(found: Iterable[AnyEvent] | Iterable[AnyCommand]) -> list[str]:
    """Returns the names of what happened or was ordered."""
    return [type(one).__name__ for one in found]
