"""The port of real telephones: its connection, what is taken up with it, and what is lost.

A caller's leg is his channel. An agent's leg is her telephone, whether it is in a call or not: it
is there as long as it can be rung, and a channel is made for each offer.

Nothing is kept here but what Asterisk would tell again (`stock`), so a break of the connection
loses nothing: orders that come meanwhile are dropped, and the engine orders anew what each hears.
"""

import asyncio

import structlog

from openline.configuration import Asterisk
from openline.engine import AgentState, AnyCommand, AnyEvent, State
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import SECOND, AgentKey, CallId, Instant, LegId
from openline.telephony.asterisk import seen as s
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.accounts import Secrets, endpoint_of
from openline.telephony.asterisk.ari import Ari, AriGoneError, AriRefusedError, Json, Request
from openline.telephony.asterisk.calling import WayOut
from openline.telephony.asterisk.files import APPLICATION, ON_DUTY
from openline.telephony.asterisk.in_browser import BrowserPhones
from openline.telephony.asterisk.stock import Stock, read_stock, take
from openline.telephony.asterisk.switchboard import Switchboard
from openline.telephony.asterisk.telling import Told
from openline.telephony.port import Capabilities, Clock, See, Timer

log = structlog.get_logger(__name__)

LOST_AFTER_S = 1.5
"""If nobody listens at Asterisk's port for so long, it is gone, and all its calls with it."""
_ON_DUTY = (e.AgentSignedIn, e.AgentReady, e.AgentPaused, e.AgentSignedOut)


class AsteriskPort:
    """Holds the calls of one Asterisk."""

    prefix = t.PREFIX

    def __init__(
        self,
        asterisk: Asterisk,
        secrets: Secrets,
        clock: Clock,
        *,
        centre: Told,
        way_out: WayOut,
        host: str = "127.0.0.1",
        port: int | None = None,
    ) -> None:
        """Does nothing yet."""
        self.capabilities = Capabilities(
            announcements=True,
            hold=True,
            transfer=True,
            consult=True,
            outside=way_out.is_open,
            three=True,
            real_audio=True,
            voicemail=True,
            dials=way_out.is_open,
        )
        self._clock = clock
        self._way_out = way_out
        self._see: See | None = None
        self._stock: Stock | None = None
        self._started_at = ""
        self._early: list[Json] = []
        """Events that came before the record was told."""
        self._took_stock = asyncio.Event()
        self._on_duty: frozenset[AgentKey] = frozenset()
        self._refused_since: Timer | None = None
        self._asking: asyncio.Task[None] | None = None
        self.ari = Ari(
            host=host,
            port=asterisk.ari_port if port is None else port,
            application=APPLICATION,
            password=secrets.ari,
            on_event=self._on_event,
            on_up=self._on_up,
            on_down=self._on_down,
        )
        self._board = Switchboard(
            asterisk, clock, self.ari, centre=centre, way_out=way_out, say=self._say
        )
        self.in_browser = BrowserPhones(
            asterisk, secrets, self._board, host=host, port=asterisk.ari_port
        )
        """The telephones that are pages."""

    # --- the connection --------------------------------------------------------------------

    async def connect(self, within_s: float) -> bool:
        """Connects, so that `resume` knows what is there; returns whether that was in time.

        Where it was not, the port goes on trying, and takes up what it finds later.
        """
        self.ari.start()
        try:
            await asyncio.wait_for(self._took_stock.wait(), within_s)
        except TimeoutError:
            log.error("asterisk_not_there")
        return self._stock is not None

    def leg_of(self, agent: AgentKey) -> LegId | None:
        """Returns the leg of an agent's telephone, or None if she has none."""
        return t.phone_leg(agent) if agent in self._board.phones else None

    @property
    def trouble(self) -> str | None:
        """What keeps telephones from working, in one word; None if nothing does."""
        if self.ari.is_replaced:
            return "taken_over"
        if self.ari.is_refused:
            return "wrong_password"
        if not self.ari.is_up:
            return "not_connected"
        if self._board.admission.is_full(self._clock.now()):
            return "turn_calls_away"
        if self._way_out.is_spent(self._clock.now()):
            return "calls_out_spent"
        return "broken_recordings" if self._board.steering.broken_sounds else None

    def start(self, see: See) -> None:
        """Begins to report."""
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Takes up the calls that are there, if Asterisk has told of them yet."""
        self._board.state = state
        self._on_duty = frozenset(
            agent.key
            for agent in state.agents.values()
            if agent.state not in (AgentState.SIGNED_OUT, AgentState.PAUSED)
            and self._is_hunted(agent.key)
        )
        legs = () if self._stock is None else self._take_up(self._stock, i.HangUp.WHILE_AWAY)
        early, self._early = self._early, []
        for event in early:
            self._on_event(event)
        return legs

    async def stop(self) -> None:
        """Lets go of the connection; calls, music and conversations go on."""
        log.info("telephones_let_go", **self._board.held)
        self._see = None
        if self._asking is not None:
            self._asking.cancel()
        if self._refused_since is not None:
            self._refused_since.cancel()
        await self.ari.stop()

    def _on_up(self) -> None:
        if self._refused_since is not None:
            self._refused_since.cancel()
            self._refused_since = None
        self._board.changes.asks()
        self.ari.send(s.wanted_events(APPLICATION))
        # Orders that are given from now on come after these questions.
        asked = [
            self.ari.send(Request("GET", path))
            for path in ("asterisk/info", "channels", "bridges", "endpoints/PJSIP")
        ]
        self._asking = asyncio.get_running_loop().create_task(self._ask(asked))

    async def _ask(self, asked: list[asyncio.Future[object]]) -> None:
        try:
            info, channels, bridges, endpoints = await asyncio.gather(*asked)
        except (AriGoneError, AriRefusedError) as error:
            log.error("asterisk_did_not_tell", why=str(error))
            return
        stock = read_stock(info, channels, bridges, endpoints)  # type: ignore[arg-type]  # JSON
        was_restarted = self._started_at not in ("", stock.started_at)
        self._started_at = stock.started_at
        self._stock = stock
        self._took_stock.set()
        if self._board.state is not None:
            self._take_up(stock, i.HangUp.TELEPHONY_LOST if was_restarted else i.HangUp.WHILE_AWAY)

    def _take_up(self, stock: Stock, left: i.HangUp) -> tuple[LegId, ...]:
        assert self._board.state is not None, "nobody has told what is on record"
        taken = take(
            self._board.state,
            stock,
            left=left,
            new_since=self._board.new_since(),
            arrives=self._board.arrival,
            asked={key for key, phone in self._board.phones.items() if phone.number is not None},
        )
        self._board.take_up(stock, taken)
        self._tell_on_duty()
        log.info(
            "asterisk_taken_up",
            callers=len(self._board.callers),
            left=sum(isinstance(seen, i.LegHungUp) for seen in taken.inputs),
            orphans=len(taken.orphans),
        )
        for seen in taken.inputs:
            self._board.voicemail.before(seen)
            self._say(seen)
        return taken.legs

    def _on_down(self, nobody_listens: bool) -> None:
        if nobody_listens and self._refused_since is None:
            at = Instant(self._clock.now() + int(LOST_AFTER_S * SECOND))
            self._refused_since = self._clock.at(at, self._lose_all)
        elif not nobody_listens and self._refused_since is not None:
            self._refused_since.cancel()
            self._refused_since = None

    def _lose_all(self) -> None:
        log.error("asterisk_gone", callers=len(self._board.callers))
        self._board.lose_all()

    # --- what goes through -----------------------------------------------------------------

    def carry_out(self, command: AnyCommand) -> None:
        """Sends what the order needs; while nothing can be sent, the engine will order it anew."""
        self._board.carry_out(command)

    def _on_event(self, event: Json) -> None:
        if self._board.state is None:
            self._early.append(event)
            return
        seen = s.seen(event)
        if seen is not None:
            self._board.see(seen)

    # --- who is on duty --------------------------------------------------------------------

    def noticed(self, now: object, events: tuple[AnyEvent, ...]) -> None:
        """Learns of durable events, after they were applied to the durable state."""
        for event in events:
            call = getattr(event, "call", None)
            if call is not None:
                self.look(call)
            if isinstance(event, _ON_DUTY) and event.agent in self._board.phones:
                if isinstance(event, e.AgentReady) and self._is_hunted(event.agent):
                    self._on_duty |= {event.agent}
                else:
                    self._on_duty -= {event.agent}
                self._tell_on_duty()
                phone = self._board.phones[event.agent]
                if isinstance(event, e.AgentSignedIn) and not phone.is_there:
                    self._say(i.LegLost(leg=t.phone_leg(event.agent)))

    def _is_hunted(self, agent: AgentKey) -> bool:
        """Tells whether her telephone can be rung while we are away: nobody asks, nor carries."""
        phone = self._board.phones.get(agent)
        return phone is not None and phone.number is None and not phone.in_browser

    def look(self, call: CallId) -> None:
        """Begins, ends or leaves the recording of a talk, as it is now."""
        self._board.tapes.look(call)

    def _tell_on_duty(self) -> None:
        """Leaves with Asterisk who is to be rung if we are away for long."""
        names = "&".join(f"PJSIP/{endpoint_of(agent)}" for agent in sorted(self._on_duty))
        query = (("variable", ON_DUTY), ("value", names))
        self.ari.send(Request("POST", "asterisk/variable", query))

    def _say(self, seen: i.AnyInput) -> None:
        if self._see is not None:
            self._see(seen)
