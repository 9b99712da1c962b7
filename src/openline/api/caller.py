"""A caller's page: one call, opened by one token, on whatever socket it comes back with."""

import secrets
from typing import Any

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from openline.api.context import ApiContext
from openline.api.socket import GOING_AWAY, Message, PageSocket
from openline.api.writing import WritingPage
from openline.centre.conversations import Part
from openline.centre.views import caller_view, ended_view
from openline.engine import Call
from openline.engine import inputs as i
from openline.model import SECOND, CommandId, LegId, LineKey, Medium, Origin, Reason

ICE_RENEWED_AFTER = 12 * 3600 * SECOND
"""Relay credentials must be good for longer than this: see `app.relay`."""


class CallerPage:
    """Is one socket of a caller's page; several may follow each other on one call."""

    def __init__(self, context: ApiContext, socket: PageSocket, language: str) -> None:
        self._context = context
        self._socket = socket
        self._language = language
        self._leg: LegId | None = None
        self._line = ""
        self._is_over = False
        self._shown: Message | None = None
        self._medium = Medium.VOICE
        self._writing = WritingPage(context, socket, self._part, lambda: self._language)

    # --- the life of the socket --------------------------------------------------------------

    async def run(self) -> None:
        """Speaks with the page until it is gone."""
        try:
            async for message in self._socket.messages():
                if self._leg is None:
                    if not await self._hello(message):
                        return
                else:
                    await self._hear(self._leg, message)
        finally:
            if self._leg is not None:
                self._context.watching.forget_caller(self._leg, self)
                self._context.conversations.forget_caller(self._leg, self._writing.tell)
                if self._is_over:
                    self._context.pages.forget(self._leg, self._socket)
                else:
                    self._context.pages.detach(self._leg, self._socket)

    async def _hello(self, message: Message) -> bool:
        """Begins a call or takes one up again; returns whether there is one."""
        if message["t"] != "hello":
            self._socket.refuse("hello_first", "say hello first")
            return False
        if message.get("language") in self._context.published.languages:
            self._language = message["language"]
        token = message.get("token")
        if isinstance(token, str):
            return self._take_up(token, message)
        return await self._begin(message)

    async def _begin(self, message: Message) -> bool:
        line = message.get("line")
        context = self._context
        if context.centre.clock.speed != 1:
            self._socket.refuse("fast_clock", "this centre's clock does not run at real speed")
            return False
        if context.published.asterisk is not None:
            self._socket.refuse("by_telephone", "this centre is called by telephone")
            return False
        if not any(known.key == line for known in context.published.settings.lines):
            self._socket.refuse("unknown_line", "there is no such line")
            return False
        if not context.centre.takes_new_calls:
            # A crash would forget this call: who is in already goes on, nobody else is let in.
            self._socket.refuse("not_now", "the centre cannot take a new call just now")
            return False
        leg = LegId(f"web:{secrets.token_hex(8)}")
        self._socket.hold_back()
        self._attach(leg, str(line))
        key = LineKey(str(line))
        entry = context.published.web_entry(key, self._language)
        # A page's ticket is its last call's token: it holds a leg's name, which is drawn at random.
        held = message.get("redial")
        lost = context.tokens.leg_of(held) if isinstance(held, str) else None
        since = context.redials.arrives(leg, key, Origin.REAL, mark=leg, held=lost or "")
        refused = await context.centre.ask(
            i.LegArrived(
                leg=leg,
                line=key,
                origin=Origin.REAL,
                entry=entry,
                waiting_since=since,
                medium=_medium(message) or Medium.VOICE,
            )
        )
        if refused is not None:
            self._is_over = True
            self._socket.refuse(refused.value, "the call could not be taken")
            return False
        # Only now: who holds a token holds a call that no crash can undo.
        self._socket.send_first(self._welcome(leg))
        return True

    def _take_up(self, token: str, message: Message) -> bool:
        context = self._context
        opened = context.tokens.leg_of(token)
        if opened is None:
            self._socket.refuse("bad_token", "this call cannot be found")
            return False
        leg = LegId(opened)
        call = context.centre.engine.state.calls_by_leg.get(leg)
        if call is None:
            now = context.centre.clock.now()
            line = str(message.get("line"))
            view = ended_view(context.published, line, self._language, Reason.CALL_IS_OVER, now)
            self._socket.send(self._welcome(leg))
            self._socket.send({"t": "view", "now": now, "call": view})
            self._socket.close(GOING_AWAY)
            return False
        self._socket.send(self._welcome(leg))
        self._attach(leg, call.line)
        context.centre.see(i.LegReturned(leg=leg, session=_number(message.get("session"))))
        self.refresh()
        return True

    def _attach(self, leg: LegId, line: str) -> None:
        self._leg = leg
        self._line = line
        self._context.watching.watch_caller(leg, self)
        self._context.conversations.watch_caller(leg, self._writing.tell)
        self._context.pages.attach(leg, self._socket)

    def _welcome(self, leg: LegId) -> Message:
        return {
            "t": "welcome",
            "token": self._context.tokens.make(leg),
            "ice": ice(self._context, leg, self._socket),
        }

    # --- what the page says ------------------------------------------------------------------

    def _part(self) -> Part | None:
        """Returns what the caller may do in the conversation, if the call is a typed one."""
        if self._leg is None or self._is_over:
            return None
        return self._context.conversations.part_of_caller(self._leg)

    async def _hear(self, leg: LegId, message: Message) -> None:
        if self._writing.hears(message):
            return
        centre = self._context.centre
        session = _number(message.get("session"))
        match message["t"]:
            case "signal" if session is not None and isinstance(message.get("data"), dict):
                self._context.pages.signal(leg, session, message["data"])
                return
            case "played" if _number(message.get("playback")) is not None:
                await centre.ask(
                    i.PlaybackFinished(leg=leg, playback=CommandId(message["playback"]))
                )
            case "digit" if _number(message.get("playback")) is not None and _is_key(message):
                await centre.ask(
                    i.DigitPressed(
                        leg=leg,
                        playback=CommandId(message["playback"]),
                        digit=message["digit"],
                    )
                )
            case "key" if _is_key(message):
                # Not an input: whoever cannot speak answers with it, and nobody records it.
                self._context.keys.press(leg, message["digit"])
            case "sound" if session is not None:
                await centre.ask(sound_input(leg, session, message))
            case "medium" if (medium := _medium(message)) is not None:
                refused = await centre.ask(i.MediumChosen(leg=leg, medium=medium))
                if refused is not None:
                    reason = refused.value
                    self._socket.send({"t": "refused", "n": message.get("n"), "reason": reason})
                    return
            case "bye":
                await centre.ask(i.LegHungUp(leg=leg))
            case "hello":
                return
            case _:
                self._socket.send(unknown_message(message))
        acknowledge(self._socket, message)

    # --- what the page is shown --------------------------------------------------------------

    def refresh(self) -> None:
        """Sends the picture, if it differs from the last one sent."""
        context = self._context
        call: Call | None = None
        if self._leg is not None:
            call = context.centre.durable.calls_by_leg.get(self._leg)
        if self._leg is None or call is None or self._is_over:
            return
        if is_ice_old(context, self._socket):
            self._socket.send(self._welcome(self._leg))
        view = caller_view(
            context.centre.durable,
            context.published,
            context.picture,
            context.places,
            call,
            self._language,
        )
        if view != self._shown:
            self._shown = view
            self._medium = call.medium
            self._socket.send({"t": "view", "now": context.centre.clock.now(), "call": view})
        self._writing.tell()

    def ended(self, reason: Reason) -> None:
        """Shows that the call is over."""
        now = self._context.centre.clock.now()
        self._is_over = True
        view = ended_view(
            self._context.published, self._line, self._language, reason, now, self._medium
        )
        self._socket.send({"t": "view", "now": now, "call": view})


async def caller_socket(context: ApiContext, websocket: WebSocket) -> None:
    """Serves one caller's WebSocket from hello to goodbye."""
    here = context.here(HTTPConnection(websocket.scope))
    await websocket.accept()
    socket = PageSocket(websocket, is_here=here.is_here)
    context.open_sockets.add(socket)
    try:
        async with socket.sending():
            await CallerPage(context, socket, here.language).run()
    finally:
        context.open_sockets.discard(socket)


# --- shared with the desktop -------------------------------------------------------------------


def ice(context: ApiContext, leg: LegId, socket: PageSocket) -> Message:
    """Returns the relay servers that the page may use; whether it must, each `connect` says."""
    now = context.centre.clock.now()
    socket.ice_given_at = now
    return {"servers": context.ice_servers(leg, now)}


def is_ice_old(context: ApiContext, socket: PageSocket) -> bool:
    """Tells whether the page needs another `welcome`, with credentials for its next call.

    A desktop may stay open for days. Asked before each new picture, since one always comes before
    sound: an offer before a call, a loss before the next try.
    """
    given_at = socket.ice_given_at
    return given_at is not None and context.centre.clock.now() - given_at > ICE_RENEWED_AFTER


def sound_input(leg: LegId, session: int, message: Message) -> i.SoundConnected | i.SoundLost:
    """Translates the page's word on whether the other side can be heard."""
    if message.get("up") is True:
        return i.SoundConnected(leg=leg, session=session)
    return i.SoundLost(leg=leg, session=session)


def acknowledge(socket: PageSocket, message: Message) -> None:
    """Tells the page that what it said is durable and need not be said again."""
    number = _number(message.get("n"))
    if number is not None:
        socket.send({"t": "done", "n": number})


def unknown_message(message: Message) -> Message:
    """Answers what is not in the protocol; it changes nothing and the page goes on."""
    return {
        "t": "error",
        "code": "unknown_message",
        "message": f"there is no such message: {str(message['t'])[:40]}, or a part is missing",
        "retry": True,
    }


def _medium(message: Message) -> Medium | None:
    """Returns whether he wants to speak or to type; None: he does not say."""
    said = message.get("medium")
    return next((medium for medium in Medium if medium.value == said), None)


def _is_key(message: Message) -> bool:
    return message.get("digit") in tuple("0123456789*#")


def _number(value: Any) -> int | None:
    """Returns a counting number that may be a session, a message or a command; else None."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53:
        return value
    return None


number = _number
