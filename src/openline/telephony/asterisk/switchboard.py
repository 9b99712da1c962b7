"""Who is on the line and what each hears: orders become requests, what channels do becomes inputs.

It keeps only what Asterisk would tell it again (`stock`). An agent accepts by picking up and ends
the conversation by hanging up; what she asks for on her desktop works as well.
"""

import math
import re
from collections.abc import Callable
from functools import partial

import structlog

from openline.configuration import Asterisk
from openline.engine import AnyCommand, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, CallId, LegId, LineKey, Reason
from openline.telephony.asterisk import dead_telephones
from openline.telephony.asterisk import seen as s
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.admission import Admission
from openline.telephony.asterisk.ari import Ari, Request
from openline.telephony.asterisk.calling import WayOut, read_number, why_failed
from openline.telephony.asterisk.hearing import Hearing
from openline.telephony.asterisk.ordinary import Asked
from openline.telephony.asterisk.parties import Caller, Telephone, phones_of
from openline.telephony.asterisk.putting_down import put_down
from openline.telephony.asterisk.steering import Steering
from openline.telephony.asterisk.stock import Stock, Taken, arrived_input
from openline.telephony.asterisk.taken_up import Changes, callers_of, find
from openline.telephony.asterisk.talks import TalkTapes
from openline.telephony.asterisk.telling import Telling, Told
from openline.telephony.asterisk.voicemail import Voicemail
from openline.telephony.port import Clock

log = structlog.get_logger(__name__)

_REMEMBERED = 1_000


class Switchboard:
    """Knows callers and telephones, and steers them by one connection."""

    def __init__(
        self,
        asterisk: Asterisk,
        clock: Clock,
        ari: Ari,
        *,
        centre: Told,
        way_out: WayOut,
        say: Callable[[i.AnyInput], None],
    ) -> None:
        """Knows nobody yet; `say` takes what is seen."""
        self.ari = ari
        self.steering = Steering(ari, asterisk.folder, say, centre.spoken)
        self.callers: dict[str, Caller] = {}
        self.phones = phones_of(asterisk)
        self.state: State | None = None
        """What is on record; None until that is told."""
        self.changes = Changes()
        self._went: dict[str, None] = {}
        """The channels that ended last: what is told of one afterwards comes too late."""
        self._clock = clock
        self._centre = centre
        self._country_code = asterisk.country_code
        self._refuses = asterisk.refuses_arrivals
        self.admission = Admission(asterisk.most_arriving)
        self._way_out = way_out
        self._say = say
        self._telling = Telling(self.steering, centre, lambda: self.state, say)
        self._asked = Asked(self.steering, way_out, lambda: centre.language(None))
        self.voicemail = Voicemail(
            self.steering, centre.boxes, lambda: self.state, self._is_here, say
        )
        self._hearing = Hearing(
            self.steering, self._telling, clock, self._is_here, self._hang_up, say
        )

        self.tapes = TalkTapes(
            ari, centre.talks, clock, state=lambda: self.state, at=self._caller_of
        )

    # --- what is there ---------------------------------------------------------------------

    def new_since(self) -> frozenset[LegId]:
        """Returns the callers who came after Asterisk was asked."""
        return frozenset(t.caller_leg(name) for name in self.changes.came(self.callers))

    def take_up(self, stock: Stock, taken: Taken) -> None:
        """Holds from now on what is there, and ends what nobody needs."""
        new, gone = self.changes.came(self.callers), self.changes.went(self.callers)
        self.callers = {name: self.callers[name] for name in sorted(new)} | callers_of(
            stock, new | gone, self._number
        )
        for phone in self.phones.values():
            if find(phone, stock, taken.orphans):
                self._asked.goes_on(phone, self.state)
        for channel in taken.orphans:
            self.callers.pop(channel, None)
            self.ari.send(t.hang_up(channel))
        for bridge in taken.empty:
            self.ari.send(t.end_bridge(bridge))
        self.changes.told()
        self.admission.clear()
        assert self.state is not None, "nobody has told what is on record"
        self.tapes.take_up(stock.tapes, list(self.state.calls))

    def lose_all(self) -> None:
        """Asterisk is gone, and with it every call; telephones come back with it."""
        callers, self.callers = self.callers, {}
        self.admission.clear()
        self.tapes.lose_all()
        for caller in callers.values():
            self._say_gone(caller, i.HangUp.TELEPHONY_LOST, i.DialFailure.FAILED)
        for phone in self.phones.values():
            phone.forget()
            self._phone_is(phone, is_there=False)

    @property
    def held(self) -> dict[str, int]:
        """What it holds just now, by kind; nothing, where nobody is on the line."""
        return {
            "callers": len(self.callers),
            "ringing_or_talking": sum(each.channel is not None for each in self.phones.values()),
            "arriving": self.admission.arriving,
            "promising": self._telling.promising,
            "orders": self.ari.unanswered,
        }

    # --- orders ----------------------------------------------------------------------------

    def carry_out(self, command: AnyCommand) -> None:
        """Sends what the order needs; while nothing can be sent, the engine will order it anew."""
        phone = self._phone_at(command.leg)
        caller = self.callers.get(t.channel_at(command.leg))
        if caller is not None:
            self.admission.heard(caller.channel)
        match command:
            case c.PlayGreeting(sound=sound) | c.PlayMessage(sound=sound):
                self.steering.play(command, caller, sound)
            case c.AskDigit(sound=sound):
                self.steering.play(command, caller, sound)
                if caller is not None:
                    caller.question = command.id
            case c.PlayMusic(music=music):
                if phone is not None:
                    phone.pending = None
                party = phone if caller is None else caller
                self.steering.put(command, party, t.Music(music))
            case c.RingAgent() if phone is not None:
                self._ring(command, phone)
            case c.StopRinging(offer=offer, reason=reason) if phone is not None:
                if reason is not Reason.ACCEPTED and phone.rings_for(offer):
                    self._release(phone)
            case c.ConnectLegs() | c.HoldCall() | c.ResumeCall() | c.MixCall():
                self._join(command)
            case c.ReleaseAgent() if phone is not None:
                self._release(phone)
            case c.HangUpLeg() if phone is not None:
                self._release(phone)
            case c.HangUpLeg() | c.EndWithWords():
                if not self._telling.goodbye(command, caller):
                    self._hang_up(t.channel_at(command.leg))
            case c.Dial() | c.DialOutside():
                self._dial(command)
            case c.RecordVoicemail():
                self.voicemail.record(command, caller)
            case c.AnnounceWait() | c.OfferCallback():
                self._telling.in_between(command, caller)
            case _:
                self.steering.failed(command, "cannot_do_that")
        if caller is not None:
            self.tapes.look_at(caller)

    def _hang_up(self, channel: str) -> None:
        self._end_caller(channel)
        self.ari.send(t.hang_up(channel))

    def _dial(self, command: c.Dial | c.DialOutside) -> None:
        channel = t.channel_at(command.leg)
        if channel in self.callers:
            return
        now = self._clock.now()
        outgoing = self._way_out.outgoing(command, self._number_in(command.call), now)
        seconds = math.ceil((command.give_up_at - now) / SECOND)
        if isinstance(outgoing, i.DialFailure) or seconds <= 0:
            why = outgoing if isinstance(outgoing, i.DialFailure) else i.DialFailure.FAILED
            self._say(i.DialFailed(leg=command.leg, why=why))
            return
        # Asterisk may be asked already what is there, and not have it yet.
        self.changes.note(channel)
        self.callers[channel] = Caller(
            leg=command.leg, channel=channel, is_answered=True, is_dialled=True, is_up=False
        )
        rung = t.call_out(channel, outgoing, seconds)
        self.steering.send(command, [rung], partial(self._hang_up, channel))

    def _caller_of(self, call: CallId) -> Caller | None:
        known = None if self.state is None else self.state.calls.get(call)
        return None if known is None else self.callers.get(t.channel_at(known.leg))

    def _number_in(self, call: CallId) -> str | None:
        """Returns the number of the caller in a call."""
        caller = self._caller_of(call)
        return None if caller is None else caller.number

    def _ring(self, command: c.RingAgent, phone: Telephone) -> None:
        channel = t.ring_channel(command.offer, phone.agent)
        if phone.channel == channel:
            return
        self._release(phone)
        seconds = math.ceil((command.expires_at - self._clock.now()) / SECOND)
        if seconds > 0:
            self._make_ring(command, phone, channel, command.call, seconds)

    def _make_ring(
        self, command: AnyCommand, phone: Telephone, channel: str, call: CallId, seconds: int
    ) -> None:
        phone.channel, phone.is_up, phone.place = channel, False, t.NOTHING
        refused = partial(self._phone_gone, phone, channel, t.REJECTED)
        if phone.number is None:
            # Quotes and the like would end what is shown and begin something else.
            shown = re.sub(r"[^\w .-]", "", self._centre.shown(call))
            rung: Request | None = t.ring(channel, phone.endpoint, shown, seconds)
        else:
            rung = self._asked.rung(phone.number, channel, seconds, self._clock.now())
        if rung is None:
            refused()
        else:
            self.steering.send(command, [rung], refused)
            if phone.number is None:
                is_dead = partial(self._is_dead, phone, channel)
                dead_telephones.watch(self.ari, self._clock, phone, channel, is_dead)

    def _is_dead(self, phone: Telephone, channel: str) -> None:
        self.ari.send(t.hang_up(channel))
        self._phone_gone(phone, channel, t.REJECTED)

    def _join(self, command: t.Conversation) -> None:
        """Lets everybody named hear what is said there: in a bridge, music, or nothing."""
        caller = self.callers.get(t.channel_at(command.leg))
        if caller is None:
            # He hung up while the order was on its way, and that has been told: a bridge made for
            # him now would stay.
            return
        places = t.wanted_places(command)
        if places.get(command.leg) == t.NOTHING:
            # His agent has no telephone, and is asked for no sound by us.
            self.steering.failed(command, "no_telephone")
            return
        bridges = {place.bridge for place in places.values() if isinstance(place, t.Talking)}
        caller.bridges |= bridges
        for bridge in sorted(bridges):
            self.ari.send(t.make_bridge(bridge))
        for leg, place in places.items():
            phone = self._phone_at(leg)
            if phone is None:
                self.steering.put(command, self.callers.get(t.channel_at(leg)), place)
            elif phone.is_up:
                phone.pending = None
                self.steering.put(command, phone, place)
            elif isinstance(place, t.Talking):
                self._bring(command, phone)
        self.tapes.look_at(caller)
        for bridge in sorted(bridges):
            members = [leg for leg, place in places.items() if place == t.Talking(bridge)]
            self.steering.tell_when_joined(bridge, members, command.session)

    def _bring(self, command: t.Conversation, phone: Telephone) -> None:
        """Lets the conversation begin when she picks up; rings her if nothing does."""
        phone.pending = command
        if phone.channel is None:
            again = t.again_channel(command.call, command.session, phone.agent)
            self._make_ring(command, phone, again, command.call, self._heals_within_s())

    def _phone_at(self, leg: LegId) -> Telephone | None:
        agent = t.agent_at(leg)
        return None if agent is None else self.phones.get(agent)

    def _heals_within_s(self) -> int:
        assert self.state is not None, "an order before the record was told"
        return math.ceil(self.state.settings.heal_within / SECOND)

    def _end_caller(self, channel: str) -> Caller | None:
        caller = self.callers.pop(channel, None)
        self.admission.heard(channel)
        call = None if caller is None else self._call_at(caller.leg)
        if call is not None:
            self.tapes.left(call)
        if caller is not None:
            for bridge in sorted(caller.bridges):
                self.ari.send(t.end_bridge(bridge))
        return caller

    def _call_at(self, leg: LegId) -> CallId | None:
        call = None if self.state is None else self.state.calls_by_leg.get(leg)
        return None if call is None else call.id

    def _release(self, phone: Telephone) -> None:
        if phone.channel is not None:
            self.ari.send(t.hang_up(phone.channel))
        phone.forget()

    # --- what is seen ----------------------------------------------------------------------

    def see(self, seen: s.Seen) -> None:
        """Takes what Asterisk tells."""
        match seen:
            case s.Arrived():
                self._arrived(seen)
            case s.PickedUp(channel):
                self._picked_up(channel)
            case s.Gone(channel, cause):
                self._gone(channel, cause)
            case s.Pressed(channel, digit):
                phone = self._phone_on(channel)
                if phone is not None and self._asked.takes(phone, digit):
                    self._took(phone, channel)
                self._hearing.pressed(self.callers.get(channel), digit)
            case s.Heard(playback, channel, is_broken):
                self._hearing.heard(self.callers.get(channel), playback, is_broken=is_broken)
            case s.Recorded(channel):
                self.voicemail.recorded(seen, self.callers.get(channel))
                self.tapes.recorded(seen)
            case s.Taped(name):
                self.tapes.taped(name)
            case s.PhoneIs(endpoint, is_there):
                for phone in self.phones.values():
                    if phone.endpoint == endpoint:
                        self._phone_is(phone, is_there=is_there)

    def _arrived(self, seen: s.Arrived) -> None:
        if seen.channel in self.callers or seen.channel in self._went:
            return
        self.changes.note(seen.channel)
        if not self._centre.takes_calls():
            self.ari.send(t.say_sorry(seen.channel))
            return
        if not self.admission.admits(seen.channel, self._clock.now()):
            turn_away = t.refuse if self._refuses else t.say_sorry
            self.ari.send(turn_away(seen.channel))
            return
        leg = t.caller_leg(seen.channel)
        number = self._number(seen)
        self.callers[seen.channel] = Caller(leg=leg, channel=seen.channel, number=number)
        self._say(self.arrival(seen))

    def arrival(self, seen: s.Arrived) -> i.LegArrived:
        """Returns what the centre is told of somebody who called: nothing of his number."""
        line = LineKey(seen.line)
        known = self._centre.known(t.caller_leg(seen.channel), line, self._number(seen))
        return arrived_input(seen, known)

    def _number(self, seen: s.Arrived | None) -> str | None:
        return None if seen is None else read_number(seen.number, self._country_code)

    def _picked_up(self, channel: str) -> None:
        outside = self.callers.get(channel)
        if outside is not None and outside.is_dialled:
            if not outside.is_up:
                outside.is_up = True
                self._say(i.DialAnswered(leg=outside.leg))
            return
        phone = self._phone_on(channel)
        if phone is None:
            self.ari.send(t.hang_up(channel))
            return
        if phone.number is not None:
            self._asked.picked_up(phone)
        else:
            self._took(phone, channel)

    def _took(self, phone: Telephone, channel: str) -> None:
        """An agent is at her telephone and takes the call."""
        phone.is_up = True
        offer = t.offer_of_channel(channel)
        if phone.pending is not None:
            self._join(phone.pending)
        elif offer is not None:
            self._say(i.AcceptRequested(agent=phone.agent, offer=offer))
        else:
            self._say(i.LegReturned(leg=t.phone_leg(phone.agent)))

    def _gone(self, channel: str, cause: int) -> None:
        self.changes.note(channel)
        self._went[channel] = None
        if len(self._went) > _REMEMBERED:
            del self._went[next(iter(self._went))]
        self.tapes.gone(channel)
        caller = self._end_caller(channel)
        if caller is not None:
            is_lost = cause == t.SILENT
            why = i.HangUp.TELEPHONY_LOST if is_lost else i.HangUp.BY_PARTY
            self._say_gone(caller, why, why_failed(cause))
            return
        phone = self._phone_on(channel)
        if phone is not None:
            self._phone_gone(phone, channel, cause)

    def _phone_on(self, channel: str) -> Telephone | None:
        """Returns the telephone that a channel is of now."""
        agent = t.agent_of_channel(channel)
        phone = None if agent is None else self.phones.get(agent)
        return phone if phone is not None and phone.channel == channel else None

    def _is_here(self, caller: Caller) -> bool:
        return self.callers.get(caller.channel) is caller

    def _say_gone(self, caller: Caller, why: i.HangUp, failure: i.DialFailure) -> None:
        self.voicemail.leaves(caller)
        if caller.is_up and not caller.is_leaving:
            self._say(i.LegHungUp(leg=caller.leg, why=why))
        elif not caller.is_up:
            self._say(i.DialFailed(leg=caller.leg, why=failure))

    def _phone_gone(self, phone: Telephone, channel: str, cause: int) -> None:
        """Her channel ended and it was not us who ended it."""
        told = put_down(self.state, phone, channel, cause)
        phone.forget()
        for seen in told:
            self._say(seen)

    # --- pages that are telephones ---------------------------------------------------------

    def page_is(self, agent: AgentKey, *, is_there: bool) -> None:
        """Learns whether the page of an agent can be rung."""
        phone = self.phones.get(agent)
        if phone is not None:
            self._phone_is(phone, is_there=is_there)

    def page_without_call(self, agent: AgentKey) -> None:
        """Ends what her page had before it was closed or loaded anew: nobody hears her by it."""
        phone = self.phones.get(agent)
        if phone is None or phone.channel is None:
            return
        self._release(phone)
        phone.is_there = False
        leg = t.phone_leg(agent)
        if self.state is not None and leg in self.state.agents_by_leg:
            self._say(i.LegLost(leg=leg))

    def _phone_is(self, phone: Telephone, *, is_there: bool) -> None:
        if phone.is_there == is_there:
            return
        phone.is_there = is_there
        leg = t.phone_leg(phone.agent)
        if self.state is None or leg not in self.state.agents_by_leg:
            return
        if is_there:
            self._say(i.LegReturned(leg=leg))
        elif phone.channel is None:
            self._say(i.LegLost(leg=leg))
