"""The people of a record, as far as a record can tell: they meet another configuration.

A record shows when people called and what they did with the answers they got. Under other rules
they would get other answers, so what they did cannot be played back word for word; what can be
taken from it is what they had in mind. From the record come:

1. when each call came, to which line, and how long its greeting took;
2. how long it talked, was held and was wrapped up, if it was answered; where it was not, those of
   another call of the same line stand in, drawn by the call's number;
3. how long it was ready to wait, if it gave up; where it was answered first, that wait and a
   further one, drawn from an exponential distribution with the record's own mean patience (all
   waiting, divided by the number that gave up: what Erlang-A assumes);
4. when each agent was signed in, ready and paused; how quickly offers were accepted.

Left out: calls that ended before a queue, lost connections, declined and missed offers (a missed
one made its agent pause, and that pause is kept), and what supervisors did. Redials are in the
record as calls of their own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from random import Random

import msgspec

from openline.engine import AnyEvent, CallOutcome, Settings
from openline.engine import events as e
from openline.model import (
    MINUTE,
    SECOND,
    AgentKey,
    CallId,
    Duration,
    Instant,
    LineKey,
    OfferId,
    Origin,
    PartnerKey,
    Reason,
)
from openline.simulation.behaviour import AgentPlan, CallbackPlan, CallerName, CallerPlan
from openline.simulation.people import Arrival, People
from openline.simulation.profile import ColleagueGroup
from openline.simulation.shifts import Duty, Span

HOUR = Duration(60 * MINUTE)
LONG = Duration(24 * HOUR)
"""The patience of those who were answered, where nobody ever gave up."""
FOREVER = Instant(2**62)
USUAL_DELAY = Duration(4 * SECOND)
_OVER = e.WrapUpFinished | e.AgentReady | e.AgentPaused | e.AgentSignedOut


class RecordedCall(msgspec.Struct, kw_only=True):
    """Is what the record tells of one call."""

    line: LineKey
    at: Instant
    listens: Duration = Duration(0)
    greeted_at: Instant | None = None
    partner: PartnerKey | None = None
    queued_at: Instant | None = None
    answered_at: Instant | None = None
    held_at: Instant | None = None
    waited: Duration = Duration(0)
    talk: Duration | None = None
    hold: Duration = Duration(0)
    wrap_up: Duration | None = None
    ended_at: Instant | None = None
    is_ended_by_agent: bool = False
    agent: AgentKey | None = None
    """Who had the call at its end."""
    gave_up: bool = False
    left_early: bool = False
    waiting_since: Instant | None = None
    """What his place counts from where he is known to call again."""


class Witness:
    """Learns from the steps of a record what its people had in mind."""

    def __init__(self, origins: Iterable[Origin]) -> None:
        self._origins = frozenset(origins)
        self.calls: dict[CallId, RecordedCall] = {}
        self.settings: Settings | None = None
        """The last that were adopted."""
        self.configurations = 0
        """How many different ones were adopted."""
        self.missed = 0
        self.delays: list[Duration] = []
        self.first_calls: dict[AgentKey, Instant] = {}
        """When each agent was first seen to answer."""
        self.duties: dict[AgentKey, list[tuple[Instant, Duty, str | None]]] = {}
        self._served: dict[AgentKey, bool] = {}
        self._rung: dict[OfferId, Instant] = {}
        self._after: dict[AgentKey, RecordedCall] = {}

    def take(self, at: Instant, events: Iterable[AnyEvent]) -> None:
        """Takes one step into account."""
        self.take_first_calls(at, events)
        for event in events:
            self._of_agent(at, event)
            match event:
                case e.ConfigurationAdopted():
                    self.configurations += self.settings != event.settings
                    self.settings = event.settings
                case e.CallArrived() if event.origin in self._origins:
                    self.calls[event.call] = RecordedCall(
                        line=event.line, at=at, waiting_since=event.waiting_since
                    )
                case e.PartnerRecognised() if event.call in self.calls:
                    self.calls[event.call].partner = event.partner
                case e.GreetingStarted() if event.call in self.calls:
                    self.calls[event.call].greeted_at = at
                case e.CallQueued() if event.call in self.calls:
                    call = self.calls[event.call]
                    if call.queued_at is None:
                        call.queued_at = at
                        if call.greeted_at is not None:
                            call.listens = Duration(at - call.greeted_at)
                case e.CallOffered() if event.call in self.calls:
                    self._rung[event.offer] = at
                case e.OfferMissed() | e.OfferDeclined() | e.OfferWithdrawn():
                    rung = self._rung.pop(event.offer, None)
                    self.missed += rung is not None and not isinstance(event, e.OfferWithdrawn)
                case e.OfferAccepted() if event.call in self.calls:
                    call = self.calls[event.call]
                    self.delays.append(Duration(at - self._rung.pop(event.offer, at)))
                    call.answered_at = at
                    if call.queued_at is not None and call.talk is None:
                        call.waited = Duration(at - call.queued_at)
                case e.CallHeld() if event.call in self.calls:
                    call = self.calls[event.call]
                    call.held_at = call.held_at or at
                case e.CallSent() if event.call in self.calls:
                    self.calls[event.call].waited = event.waited
                case e.CallEnded() if event.call in self.calls:
                    self._ended(at, event)
                case _:
                    pass

    def take_first_calls(self, at: Instant, events: Iterable[AnyEvent]) -> None:
        """Notes of a step only who answers for the first time: for steps before the period."""
        for event in events:
            if type(event) is e.OfferAccepted and event.origin in self._origins:
                self.first_calls.setdefault(event.agent, at)

    def mean_patience(self) -> Duration:
        """Returns all waiting divided by the number of those who gave up; `LONG` if nobody did."""
        queued = [call for call in self.calls.values() if call.queued_at is not None]
        gave_up = sum(call.gave_up for call in queued)
        return Duration(sum(call.waited for call in queued) // gave_up) if gave_up else LONG

    def _ended(self, at: Instant, event: e.CallEnded) -> None:
        call = self.calls[event.call]
        call.ended_at = at
        call.left_early = event.outcome is CallOutcome.LEFT_BEFORE_QUEUE
        call.gave_up = event.outcome is CallOutcome.ABANDONED
        if event.outcome is CallOutcome.ANSWERED_OUTSIDE:
            call.waited = event.waited
        if call.gave_up and call.queued_at is not None:
            call.waited = Duration(at - call.queued_at)
        if event.agent is not None:
            call.talk = Duration(max(0, event.talked - event.held))
            call.hold = event.held
            call.agent = event.agent
            call.is_ended_by_agent = event.reason is Reason.AGENT_HUNG_UP
            self._after[event.agent] = call

    def _of_agent(self, at: Instant, event: AnyEvent) -> None:
        if isinstance(event, _OVER) and event.agent in self._after:
            call = self._after.pop(event.agent)
            call.wrap_up = Duration(at - (call.ended_at or at))
        match event:
            case e.AgentSignedIn():
                self._served[event.agent] = not self._origins.isdisjoint(event.origins)
                self._duty(event.agent, at, Duty.BREAK, None)
            case e.AgentReady():
                self._duty(event.agent, at, Duty.ON, None)
            case e.AgentPaused():
                self._duty(event.agent, at, Duty.BREAK, event.pause_reason)
            case e.AgentSignedOut():
                self._duty(event.agent, at, Duty.OFF, None)
            case _:
                pass

    def _duty(self, agent: AgentKey, at: Instant, duty: Duty, why: str | None) -> None:
        if self._served.get(agent, False):
            self.duties.setdefault(agent, []).append((at, duty, why))


class RecordedTimeline:
    """Tells what an agent was there for at any instant of the record."""

    def __init__(
        self, duties: Iterable[tuple[Instant, Duty, str | None]], pause_reasons: tuple[str, ...]
    ) -> None:
        self._starts: list[Instant] = [Instant(0)]
        self._duties: list[tuple[Duty, str | None]] = [(Duty.OFF, None)]
        for at, duty, why in duties:
            reason = None
            if duty is Duty.BREAK:
                if not pause_reasons:
                    duty = Duty.OFF
                else:
                    reason = why if why in pause_reasons else pause_reasons[0]
            if at == self._starts[-1]:
                self._duties[-1] = (duty, reason)
            elif self._duties[-1] != (duty, reason):
                self._starts.append(at)
                self._duties.append((duty, reason))

    def at(self, instant: Instant) -> Span:
        """Returns the span that holds the instant."""
        number = bisect_right(self._starts, instant) - 1
        is_last = number + 1 == len(self._starts)
        until = FOREVER if is_last else self._starts[number + 1]
        duty, reason = self._duties[number]
        return Span(
            duty=duty,
            start=self._starts[number],
            until=until,
            shift_ends_at=until,
            pause_reason=reason,
        )

    def is_tired(self, instant: Instant) -> bool:
        """Whether more offers are missed than usual: never, for none is."""
        return False


class RecordedBehaviour:
    """Gives the plans of the people of a record; equal records give equal plans."""

    def __init__(self, witness: Witness, dispositions: tuple[str, ...]) -> None:
        self._dispositions = dispositions
        self._delays = sorted(witness.delays)
        self._plans: dict[CallerName, CallerPlan] = {}
        self.arrivals: list[Arrival] = []
        in_mind = {
            number: call
            for number, call in witness.calls.items()
            if not call.left_early and call.queued_at is not None
        }
        self.mean_patience = witness.mean_patience()
        talks: dict[LineKey, list[RecordedCall]] = {}
        for call in in_mind.values():
            if call.talk is not None:
                talks.setdefault(call.line, []).append(call)
        everybody = [call for calls in talks.values() for call in calls]
        indexes: dict[int, int] = {}
        for number, call in in_mind.items():
            hour = call.at // HOUR
            index = indexes[hour] = indexes.get(hour, -1) + 1
            self.arrivals.append((call.at, hour, index))
            self._plans[CallerName(hour=hour, index=index)] = self._plan(
                number, call, talks.get(call.line) or everybody
            )
        self.arrivals.sort()

    def _plan(self, number: CallId, call: RecordedCall, others: list[RecordedCall]) -> CallerPlan:
        chance = Random(f"recorded:{number}")
        like = call
        if call.talk is None and others:
            like = others[int(chance.random() * len(others))]
        patience = call.waited
        if not call.gave_up:
            more = chance.expovariate(1 / self.mean_patience) if self.mean_patience > 0 else 0
            patience = Duration(call.waited + 1 + int(more))
        hold_after = 0
        if like.held_at is not None and like.answered_at is not None:
            hold_after = max(0, like.held_at - like.answered_at)
        return CallerPlan(
            line=call.line,
            partner=call.partner,
            listens=call.listens,
            patience=patience,
            talk=like.talk or Duration(0),
            hold_after=Duration(hold_after),
            hold=like.hold,
            wrap_up=like.wrap_up or Duration(0),
            is_ended_by_agent=like.is_ended_by_agent,
            redials_after=Duration(0),
        )

    def caller_plan(self, name: CallerName) -> CallerPlan:
        """Returns what this caller will do."""
        return self._plans[name]

    def callback_plan(self, name: CallerName) -> CallbackPlan:
        """Returns that nobody takes a callback: who would have is not known from a record."""
        return CallbackPlan(
            takes_it=False,
            decides_after=Duration(0),
            answers=False,
            is_busy=False,
            reacts_after=Duration(0),
        )

    def agent_plan(self, offer: OfferId, group: ColleagueGroup, *, is_tired: bool) -> AgentPlan:
        """Returns how an offer is taken: always, after a delay of the record."""
        if not self._delays:
            return AgentPlan(answers_after=USUAL_DELAY, is_missed=False)
        place = int(Random(f"offer:{offer}").random() * len(self._delays))
        return AgentPlan(answers_after=self._delays[place], is_missed=False)

    def wrap_up_of(self, call: CallId) -> Duration:
        """Returns a length where the call's own is not known: none."""
        return Duration(0)

    def disposition_of(self, call: CallId) -> str:
        """Returns an outcome; which one changes nothing."""
        return self._dispositions[0] if self._dispositions else ""


class RecordedArrivals:
    """Yields the arrivals of a record."""

    def __init__(self, arrivals: list[Arrival]) -> None:
        self._arrivals = arrivals

    def after(self, begin: Instant) -> Iterator[Arrival]:
        """Yields them in order, from an instant on."""
        for arrival in self._arrivals:
            if arrival[0] >= begin:
                yield arrival


def people_of(witness: Witness, settings: Settings) -> People:
    """Returns the people of a record as they would meet these settings."""
    behaviour = RecordedBehaviour(witness, settings.dispositions)
    group = ColleagueGroup(name="recorded", agents=tuple(witness.duties), shifts=())
    timelines: Mapping[AgentKey, RecordedTimeline] = {
        agent: RecordedTimeline(duties, settings.pause_reasons)
        for agent, duties in witness.duties.items()
    }
    return People.enacting(behaviour, RecordedArrivals(behaviour.arrivals), group, timelines)
