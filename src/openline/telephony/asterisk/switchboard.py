"""Who is on the line and what each hears: orders become requests, what channels do becomes inputs.

It keeps only what Asterisk would tell it again (`stock`). An agent accepts by picking up and ends
the conversation by hanging up; what she asks for on her desktop works as well.
"""

import asyncio
import math
import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import structlog

from openline.configuration import Asterisk
from openline.engine import AnyCommand, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import SECOND, CallId, CommandId, Instant, LegId, Reason
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.ari import Ari, AriRefusedError, Json, Request
from openline.telephony.asterisk.files import endpoint_of
from openline.telephony.asterisk.parties import Caller, Telephone
from openline.telephony.asterisk.stock import Stock, Taken, arrived_input
from openline.telephony.port import Clock

log = structlog.get_logger(__name__)

_NORMAL = (0, t.NORMAL_CLEARING, 31)


class Switchboard:
    """Knows callers and telephones, and steers them by one connection."""

    def __init__(
        self,
        asterisk: Asterisk,
        clock: Clock,
        ari: Ari,
        *,
        shown: Callable[[CallId], str],
        takes_calls: Callable[[], bool],
        say: Callable[[i.AnyInput], None],
    ) -> None:
        """Knows nobody yet; `say` takes what is seen."""
        self.ari = ari
        self.callers: dict[str, Caller] = {}
        self.phones = {
            phone.agent: Telephone(agent=phone.agent, endpoint=endpoint_of(phone.agent))
            for phone in asterisk.phones
        }
        self.state: State | None = None
        """What is on record; None until that is told."""
        self.changed: set[str] = set()
        """Channels that came or went since Asterisk was asked what is there."""
        self.broken_sounds: set[str] = set()
        """Recordings that Asterisk could not play: callers heard silence instead."""
        self._by_endpoint = {phone.endpoint: phone for phone in self.phones.values()}
        self._clock = clock
        self._shown = shown
        self._takes_calls = takes_calls
        self._say = say
        self._folder: Path = asterisk.folder
        self._own = frozenset(file.stem for file in (asterisk.folder / "own").glob("*.*"))

    # --- what is there ---------------------------------------------------------------------

    def new_since(self) -> frozenset[LegId]:
        """Returns the callers who came after Asterisk was asked."""
        return frozenset(t.caller_leg(name) for name in self.changed & self.callers.keys())

    def take_up(self, stock: Stock, taken: Taken) -> None:
        """Holds from now on what is there, and ends what nobody needs."""
        new = self.changed & self.callers.keys()
        gone = self.changed - self.callers.keys()
        self.callers = {name: self.callers[name] for name in sorted(new)} | {
            found.channel: Caller(
                leg=leg, channel=found.channel, place=found.place, is_answered=found.was_told
            )
            for leg, found in stock.callers.items()
            if found.channel not in gone
        }
        for phone in self.phones.values():
            phone.is_there = phone.endpoint in stock.reachable
            phone.forget()
            for channel, agent in stock.ringing.items():
                if agent == phone.agent and channel not in taken.orphans:
                    phone.channel = channel
            for found in stock.phones.get(phone.agent, ()):
                if found.channel not in taken.orphans:
                    phone.channel, phone.is_up, phone.place = found.channel, True, found.place
        for channel in taken.orphans:
            self.callers.pop(channel, None)
            self.ari.send(t.hang_up(channel))
        for bridge in taken.empty:
            self.ari.send(t.end_bridge(bridge))

    def lose_all(self) -> None:
        """Asterisk is gone, and with it every call; telephones come back with it."""
        callers, self.callers = self.callers, {}
        for caller in callers.values():
            self._say(i.LegHungUp(leg=caller.leg, why=i.HangUp.TELEPHONY_LOST))
        for phone in self.phones.values():
            phone.forget()
            self._phone_is(phone, is_there=False)

    # --- orders ----------------------------------------------------------------------------

    def carry_out(self, command: AnyCommand) -> None:
        """Sends what the order needs; while nothing can be sent, the engine will order it anew."""
        phone = self._phone_at(command.leg)
        caller = self.callers.get(t.channel_at(command.leg))
        match command:
            case c.PlayGreeting(sound=sound) | c.PlayMessage(sound=sound):
                self._play(command, caller, sound)
            case c.AskDigit(sound=sound):
                self._play(command, caller, sound)
                if caller is not None:
                    caller.question = command.id
            case c.PlayMusic(music=music):
                if phone is not None:
                    phone.pending = None
                self._put(command, phone if caller is None else caller, t.Music(music))
            case c.RingAgent() if phone is not None:
                self._ring(command, phone)
            case c.StopRinging(offer=offer, reason=reason) if phone is not None:
                if reason is not Reason.ACCEPTED and phone.rings_for(offer):
                    self._release(phone)
            case c.ConnectLegs() | c.HoldCall() | c.ResumeCall() | c.MixCall():
                self._join(command)
            case c.ReleaseAgent() if phone is not None:
                self._release(phone)
            case c.HangUpLeg() | c.EndWithWords():
                if phone is not None:
                    self._release(phone)
                else:
                    self._end_caller(t.channel_at(command.leg))
                    self.ari.send(t.hang_up(t.channel_at(command.leg)))
            case c.Dial():
                self._say(i.DialFailed(leg=command.leg, why=i.DialFailure.FAILED))
            case c.AnnounceWait() | c.OfferCallback():
                pass
            case _:
                self._failed(command, "cannot_do_that")

    def _play(self, command: AnyCommand, caller: Caller | None, sound: str) -> None:
        before = None if caller is None else caller.place
        attempt = 1
        if isinstance(before, t.Playing) and before.playback == command.id:
            attempt = before.attempt + (before.sound != sound)
        self._put(command, caller, t.Playing(command.id, sound, attempt))

    def _put(self, command: AnyCommand, party: Caller | Telephone | None, place: t.Place) -> None:
        """Brings a party to a place; for one that is not there nothing is to be done."""
        if party is None or party.channel is None or not party.is_up:
            return
        if isinstance(party, Caller):
            party.question = None
            if not party.is_answered:
                party.is_answered = True
                self._send(command, [t.answer(party.channel)])
        media = self._media(place.sound) if isinstance(place, t.Playing) else ""
        self._send(command, t.moves(party.channel, party.place, place, media))
        party.place = place

    def _media(self, sound: str) -> str:
        return f"sound:{self._folder}/{'own' if sound in self._own else 'sounds'}/{sound}"

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
        # Quotes and the like would end what is shown and begin something else.
        shown = re.sub(r"[^\w .-]", "", self._shown(call))
        rung = t.ring(channel, phone.endpoint, shown, seconds)
        self._send(command, [rung], lambda: self._phone_gone(phone, channel, t.REJECTED))

    def _join(self, command: t.Conversation) -> None:
        """Lets everybody named hear what is said there: in a bridge, music, or nothing."""
        caller = self.callers.get(t.channel_at(command.leg))
        places = t.wanted_places(command)
        if caller is not None and places.get(command.leg) == t.NOTHING:
            # His agent has no telephone, and is asked for no sound by us.
            self._failed(command, "no_telephone")
            return
        bridges = {place.bridge for place in places.values() if isinstance(place, t.Talking)}
        if caller is not None:
            caller.bridges |= bridges
        for bridge in sorted(bridges):
            self.ari.send(t.make_bridge(bridge))
        for leg, place in places.items():
            phone = self._phone_at(leg)
            if phone is None:
                self._put(command, self.callers.get(t.channel_at(leg)), place)
            elif phone.is_up:
                phone.pending = None
                self._put(command, phone, place)
            elif isinstance(place, t.Talking):
                self._bring(command, phone)
        for bridge in sorted(bridges):
            # Answered after all that was sent before it: then all are in who will be.
            there = self.ari.send(Request("GET", f"bridges/{bridge}"))
            there.add_done_callback(partial(self._bridge_is, command, places, bridge))

    def _bring(self, command: t.Conversation, phone: Telephone) -> None:
        """Lets the conversation begin when she picks up; rings her if nothing does."""
        phone.pending = command
        if phone.channel is None:
            again = t.again_channel(command.call, command.session, phone.agent)
            self._make_ring(command, phone, again, command.call, self._heals_within_s())

    def _bridge_is(
        self,
        command: t.Conversation,
        places: dict[LegId, t.Place],
        bridge: str,
        done: asyncio.Future[Json],
    ) -> None:
        if done.cancelled() or done.exception() is not None:
            return
        if len(done.result().get("channels", ())) >= 2:
            for leg, place in places.items():
                if place == t.Talking(bridge):
                    self._say(i.SoundConnected(leg=leg, session=command.session))

    def _phone_at(self, leg: LegId) -> Telephone | None:
        agent = t.agent_at(leg)
        return None if agent is None else self.phones.get(agent)

    def _heals_within_s(self) -> int:
        assert self.state is not None, "an order before the record was told"
        return math.ceil(self.state.settings.heal_within / SECOND)

    def _end_caller(self, channel: str) -> Caller | None:
        caller = self.callers.pop(channel, None)
        if caller is not None:
            for bridge in sorted(caller.bridges):
                self.ari.send(t.end_bridge(bridge))
        return caller

    def _release(self, phone: Telephone) -> None:
        if phone.channel is not None:
            self.ari.send(t.hang_up(phone.channel))
        phone.forget()

    def _send(
        self,
        command: AnyCommand,
        requests: Iterable[Request],
        refused: Callable[[], None] | None = None,
    ) -> None:
        for request in requests:
            done = self.ari.send(request)
            done.add_done_callback(lambda done: self._answered(command, done, refused))

    def _answered(
        self,
        command: AnyCommand,
        done: asyncio.Future[object],
        refused: Callable[[], None] | None,
    ) -> None:
        error = None if done.cancelled() else done.exception()
        if isinstance(error, AriRefusedError):
            log.info("asterisk_refused", order=type(command).__name__, status=error.status)
            self._failed(command, f"asterisk_{error.status}")
            if refused is not None:
                refused()

    # --- what is seen ----------------------------------------------------------------------

    def see(self, seen: t.Seen) -> None:
        """Takes what Asterisk tells."""
        match seen:
            case t.Arrived():
                self._arrived(seen)
            case t.PickedUp(channel):
                self._picked_up(channel)
            case t.Gone(channel, cause):
                self._gone(channel, cause)
            case t.Pressed(channel, digit):
                self._pressed(channel, digit)
            case t.Heard(playback, channel, is_broken):
                self._heard(playback, channel, is_broken)
            case t.PhoneIs(endpoint, is_there):
                phone = self._by_endpoint.get(endpoint)
                if phone is not None:
                    self._phone_is(phone, is_there=is_there)

    def _arrived(self, seen: t.Arrived) -> None:
        if seen.channel in self.callers:
            return
        self.changed.add(seen.channel)
        if not self._takes_calls():
            self.ari.send(t.say_sorry(seen.channel))
            return
        leg = t.caller_leg(seen.channel)
        self.callers[seen.channel] = Caller(leg=leg, channel=seen.channel)
        self._say(arrived_input(seen))

    def _picked_up(self, channel: str) -> None:
        agent = t.agent_of_channel(channel)
        phone = None if agent is None else self.phones.get(agent)
        if phone is None or phone.channel != channel:
            self.ari.send(t.hang_up(channel))
            return
        phone.is_up = True
        offer = t.offer_of_channel(channel)
        if phone.pending is not None:
            self._join(phone.pending)
        elif offer is not None:
            self._say(i.AcceptRequested(agent=phone.agent, offer=offer))
        else:
            self._say(i.LegReturned(leg=t.phone_leg(phone.agent)))

    def _gone(self, channel: str, cause: int) -> None:
        self.changed.add(channel)
        caller = self._end_caller(channel)
        if caller is not None:
            self._say(i.LegHungUp(leg=caller.leg))
            return
        agent = t.agent_of_channel(channel)
        phone = None if agent is None else self.phones.get(agent)
        if phone is not None and phone.channel == channel:
            self._phone_gone(phone, channel, cause)

    def _phone_gone(self, phone: Telephone, channel: str, cause: int) -> None:
        """Her channel ended and it was not us who ended it."""
        was_up, pending = phone.is_up, phone.pending
        phone.forget()
        leg, offer = t.phone_leg(phone.agent), t.offer_of_channel(channel)
        if was_up and cause in _NORMAL:
            self._say(i.HangUpRequested(agent=phone.agent))
        elif was_up or pending is not None:
            # Her caller hears music, and if she can be rung she is, for as long as that may heal.
            self._say(i.LegLost(leg=leg))
            if was_up and phone.is_there:
                self._say(i.LegReturned(leg=leg))
        elif offer is not None:
            # Declined, busy or not to be found: she is paused, and no empty chair is rung twice.
            self._say(i.DeclineRequested(agent=phone.agent, offer=offer))

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

    def _pressed(self, channel: str, digit: str) -> None:
        caller = self.callers.get(channel)
        if caller is None or caller.question is None:
            return
        question = caller.question
        if isinstance(caller.place, t.Playing):
            for request in t.moves(channel, caller.place, t.NOTHING):
                self.ari.send(request)
            caller.place = t.NOTHING
        self._say(i.DigitPressed(leg=caller.leg, playback=question, digit=digit))

    def _heard(self, playback: CommandId, channel: str, is_broken: bool) -> None:
        caller = self.callers.get(channel)
        place = None if caller is None else caller.place
        if caller is None or not isinstance(place, t.Playing) or place.playback != playback:
            return
        if is_broken:
            # A recording fails as well when its listener hangs up, which is told after it.
            sound, later = place.sound, Instant(self._clock.now() + SECOND)
            self._clock.at(later, lambda: self._note_broken(channel, sound))
        caller.place = t.NOTHING
        self._say(i.PlaybackFinished(leg=caller.leg, playback=playback))

    def _note_broken(self, channel: str, sound: str) -> None:
        if channel in self.callers:
            log.error("recording_not_played", sound=sound)
            self.broken_sounds.add(sound)

    def _failed(self, command: AnyCommand, why: str) -> None:
        self._say(i.CommandFailed(command=command.id, leg=command.leg, why=why))
