"""An agent's desktop: what she asks for, and what she is shown.

Whatever she asks is answered by `done` once it is durable, or by `refused` with the reason. The
desktop is one leg, held by one page: a second tab takes it over.
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket

from openline.api.caller import (
    acknowledge,
    ice,
    is_ice_old,
    number,
    sound_input,
    unknown_message,
)
from openline.api.context import ApiContext, Here
from openline.api.socket import Message, PageSocket
from openline.api.unread import Memo as Unread
from openline.api.writing import WritingPage
from openline.centre.targets_view import targets_view
from openline.centre.views import View, agent_view
from openline.engine import AgentState, AnyInput
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import (
    AgentKey,
    BugError,
    CallId,
    LegId,
    OfferId,
    OpenlineError,
    Origin,
    OutsideKey,
    QueueKey,
    SealedRef,
)

NOTE_LIMIT = 10_000
"""Characters of a note."""


class DeskPage:
    """Is one socket of an agent's desktop."""

    def __init__(
        self, context: ApiContext, socket: PageSocket, agent: AgentKey, here: Here
    ) -> None:
        self._context = context
        self._socket = socket
        self._agent = agent
        self._here = here
        self._page = LegId(f"web:desk-{agent}")
        self._telephone = context.telephone_of(agent)
        self._leg = self._page if self._telephone is None else self._telephone
        self._is_open = False
        self._is_leaving = False
        self._shown: View | None = None
        self._unread: tuple[Unread, ...] = ()
        self._writing = WritingPage(
            context,
            socket,
            lambda: context.conversations.part_of_agent(agent),
            lambda: here.language,
        )

    async def run(self) -> None:
        """Speaks with the page until it is gone."""
        try:
            async for message in self._socket.messages():
                if self._is_open:
                    await self._hear(message)
                elif message["t"] == "hello":
                    await self._open(message)
                else:
                    self._socket.refuse("hello_first", "say hello first")
        finally:
            if self._is_open:
                self._context.watching.forget_agent(self._agent, self.refresh)
                self._context.conversations.forget_agent(self._agent, self._writing.tell)
                self._context.departures.forget(self._here.login, self._depart)
                if self._telephone is None:
                    self._context.pages.detach(self._page, self._socket)
                else:
                    # Her telephone is her leg: it rings and speaks without the page.
                    self._context.pages.forget(self._page, self._socket)

    async def _open(self, message: Message) -> None:
        context = self._context
        if self._agent not in context.centre.engine.state.agents:
            self._socket.refuse("unknown_agent", "this agent is not in the configuration")
            return
        self._is_open = True
        self._welcome()
        context.pages.attach(self._page, self._socket)
        context.watching.watch_agent(self._agent, self.refresh)
        context.conversations.watch_agent(self._agent, self._writing.tell)
        context.departures.watch(self._here.login, self._depart)
        if self._state is AgentState.SIGNED_OUT:
            await self._sign_in()
        elif self._telephone is None:
            session = number(message.get("session"))
            await context.centre.ask(i.LegReturned(leg=self._leg, session=session))
        self.refresh()

    def _depart(self) -> None:
        """Ends work because the account was closed or changed; a live call goes on to its end."""
        self._is_leaving = True
        self._context.centre.spawn(self._sign_out_for_good())

    async def _sign_out_for_good(self) -> None:
        seen = i.StateForced(by=self._agent, agent=self._agent, to=AgentState.SIGNED_OUT)
        await self._context.centre.ask(seen)
        self.refresh()

    def _welcome(self) -> None:
        told = ice(self._context, self._leg, self._socket)
        has_telephone = self._telephone is not None
        asterisk = self._context.published.asterisk
        phone = None if asterisk is None else asterisk.phone_of(self._agent)
        presses = phone is not None and phone.number is not None
        self._socket.send(
            {"t": "welcome", "ice": told, "telephone": has_telephone, "presses": presses}
        )

    @property
    def _state(self) -> AgentState:
        return self._context.centre.engine.state.agents[self._agent].state

    def _practises(self) -> bool:
        """Newcomers to a demonstration begin with practice calls; at work one asks for them."""
        return self._context.is_demo and self._context.published.practice.enabled

    async def _sign_in(self) -> None:
        await self._context.centre.ask(
            i.SignInRequested(
                agent=self._agent, leg=self._leg, origins=self._origins(practice=self._practises())
            )
        )

    def _origins(self, *, practice: bool, only: bool = False) -> tuple[Origin, ...]:
        """Real calls where her voice can reach the caller; practice if she wants it, or only it."""
        relay = self._context.ice_servers(self._leg, self._context.centre.clock.now())
        is_heard = self._telephone is not None or self._here.is_here or bool(relay)
        real = is_heard and not only
        return ((Origin.REAL,) if real else ()) + ((Origin.PRACTICE,) if practice else ())

    def _recording(self, call: CallId | None) -> str | None:
        known = None if call is None else self._context.centre.durable.calls.get(call)
        return self._context.recordings.light(known)

    # --- what the page says ------------------------------------------------------------------

    async def _hear(self, message: Message) -> None:
        if self._writing.hears(message):
            return
        centre = self._context.centre
        session = number(message.get("session"))
        match message["t"]:
            case "signal" if session is not None and isinstance(message.get("data"), dict):
                self._context.pages.signal(self._leg, session, message["data"])
            case "sound" if session is not None:
                await centre.ask(sound_input(self._leg, session, message))
                acknowledge(self._socket, message)
            case "do" if isinstance(message.get("what"), str) and message["what"] in _DO:
                await self._do(message)
            case "targets":
                self._tell_targets()
            case "read" if (read := number(message.get("memo"))) is not None:
                self._context.memos.read(self._agent, read)
                self.refresh()
            case "hello":
                pass
            case _:
                self._socket.send(unknown_message(message))
                acknowledge(self._socket, message)

    async def _do(self, message: Message) -> None:
        if message["what"] == "listen" and not self._here.supervises:
            self._refuse(message, "no_supervisor")
            return
        try:
            seen = await _DO[message["what"]](self, message)
        except _IncompleteError as error:
            self._socket.send(unknown_message({"t": f"{message['what']}: {error}"}))
            acknowledge(self._socket, message)
            return
        except OpenlineError:
            # The note could not be sealed, so nothing was done: she keeps it and tries again.
            self._refuse(message, "note_not_kept")
            return
        if message["what"] == "ready" and self._state is AgentState.SIGNED_OUT:
            await self._sign_in()
        try:
            refused = await self._context.centre.ask(seen)
        except BugError:
            # A fault of ours: it is in the log, nothing was done, and she can go on.
            self._refuse(message, "fault")
            return
        if message["what"] == "finish":
            self._context.notes_under_way.pop(self._agent, None)
        if refused is None:
            acknowledge(self._socket, message)
        else:
            self._refuse(message, refused.value)

    def _refuse(self, message: Message, reason: str) -> None:
        self._socket.send({"t": "refused", "n": number(message.get("n")), "reason": reason})

    # --- each request as an input ------------------------------------------------------------

    async def ready(self, message: Message) -> AnyInput:
        """Asks for calls."""
        return i.ReadyRequested(agent=self._agent)

    async def pause(self, message: Message) -> AnyInput:
        """Asks for no calls."""
        return i.PauseRequested(agent=self._agent, pause_reason=_text(message, "pause_reason"))

    async def sign_out(self, message: Message) -> AnyInput:
        """Ends work."""
        return i.SignOutRequested(agent=self._agent)

    async def accept(self, message: Message) -> AnyInput:
        """Answers an offer."""
        return i.AcceptRequested(agent=self._agent, offer=_offer(message))

    async def decline(self, message: Message) -> AnyInput:
        """Declines an offer."""
        return i.DeclineRequested(agent=self._agent, offer=_offer(message))

    async def hold(self, message: Message) -> AnyInput:
        """Parks the caller."""
        return i.HoldRequested(agent=self._agent)

    async def resume(self, message: Message) -> AnyInput:
        """Takes the caller back."""
        return i.ResumeRequested(agent=self._agent)

    async def hang_up(self, message: Message) -> AnyInput:
        """Ends the call."""
        return i.HangUpRequested(agent=self._agent)

    async def transfer(self, message: Message) -> AnyInput:
        """Hands the caller on without asking anybody first."""
        return i.TransferRequested(agent=self._agent, to=_target(message))

    async def close_callback(self, message: Message) -> AnyInput:
        """Ends a callback that did not reach the caller, with one word on who or what answered."""
        words = {word.value: word for word in i.CallbackWord}
        word = words.get(_text(message, "word"))
        if word is None:
            raise _IncompleteError(f"word must be one of {', '.join(words)}")
        return i.CallbackCloseRequested(agent=self._agent, word=word)

    async def consult(self, message: Message) -> AnyInput:
        """Asks a colleague about the call."""
        return i.ConsultRequested(agent=self._agent, to=_target(message))

    async def complete(self, message: Message) -> AnyInput:
        """Gives the call to the colleague who was asked."""
        return i.ConsultCompleteRequested(agent=self._agent)

    async def cancel_consult(self, message: Message) -> AnyInput:
        """Ends the question to a colleague and goes back to the caller."""
        return i.ConsultCancelRequested(agent=self._agent)

    async def add_third(self, message: Message) -> AnyInput:
        """Asks somebody to join the conversation, such as an interpreter."""
        return i.ThirdRequested(agent=self._agent, to=_target(message))

    async def listen(self, message: Message) -> AnyInput:
        """Takes part in an agent's talk as a supervisor: unheard, heard by her, or by all."""
        modes = {mode.value: mode for mode in ListenMode}
        mode = modes.get(_text(message, "mode"))
        if mode is None:
            raise _IncompleteError(f"mode must be one of {', '.join(modes)}")
        return i.ListenRequested(by=self._agent, agent=AgentKey(_text(message, "agent")), mode=mode)

    async def dismiss(self, message: Message) -> AnyInput:
        """Lets somebody go who joined the conversation."""
        party = number(message.get("party"))
        if party is None:
            raise _IncompleteError("party is missing")
        return i.PartyDismissRequested(agent=self._agent, party=OfferId(party))

    async def practice(self, message: Message) -> AnyInput:
        """Turns practice calls on or off, and real ones off while she has no microphone."""
        practice = message.get("on") is True
        only = practice and message.get("only") is True
        return i.OriginsChosen(
            agent=self._agent, origins=self._origins(practice=practice, only=only)
        )

    async def help(self, message: Message) -> AnyInput:
        """Raises her hand, so that the supervisors see that she wants help, or takes it down."""
        if message.get("on") is False:
            return i.HelpWithdrawRequested(agent=self._agent)
        return i.HelpRequested(agent=self._agent)

    async def extend(self, message: Message) -> AnyInput:
        """Asks for longer for the work after the call."""
        return i.WrapUpExtendRequested(agent=self._agent)

    async def finish(self, message: Message) -> AnyInput:
        """Closes the work after the call; the note is sealed before anything else knows of it."""
        disposition = _text(message, "disposition")
        pause_reason = message.get("pause_reason")
        return i.WrapUpFinishRequested(
            agent=self._agent,
            disposition=disposition,
            note=await self._sealed(message.get("note"), disposition),
            ready=message.get("ready") is True,
            pause_reason=pause_reason if isinstance(pause_reason, str) else None,
            recovery=message.get("recovery") is True,
        )

    async def _sealed(self, written: object, disposition: str) -> SealedRef | None:
        """Seals the note, once: not for a request that is refused or was fulfilled before."""
        if not isinstance(written, str) or not written.strip():
            return None
        if len(written) > NOTE_LIMIT:
            raise _IncompleteError("the note is too long")
        state = self._context.centre.engine.state
        agent = state.agents[self._agent]
        if agent.state is not AgentState.WRAP_UP or agent.call is None:
            return None
        if disposition not in state.settings.dispositions:
            return None
        # A page that lost its connection says it again on the next one, perhaps meanwhile.
        under_way, note = self._context.notes_under_way, (agent.call, hash(written))
        known, sealing = under_way.get(self._agent, (None, None))
        if sealing is None or known != note:
            sealing = asyncio.ensure_future(self._context.seal_note(written))
            under_way[self._agent] = note, sealing
        try:
            return await asyncio.shield(sealing)
        except OpenlineError:
            under_way.pop(self._agent, None)
            raise

    # --- what the page is shown --------------------------------------------------------------

    def _tell_targets(self) -> None:
        context = self._context
        told = targets_view(
            context.centre.durable,
            context.published,
            self._agent,
            self._here.language,
            context.centre.abilities(self._agent),
        )
        self._socket.send({"t": "targets", **told})

    def _tell_memos(self) -> None:
        name_of, language = self._context.published.name_of, self._here.language
        told = [
            {
                "number": each.number,
                "by": name_of("agent", each.by, language),
                "words": each.words,
                "at": each.at,
            }
            for each in self._unread
        ]
        self._socket.send({"t": "memos", "memos": told})

    def refresh(self) -> None:
        """Sends the picture, if it differs from the last one sent."""
        context = self._context
        state = context.centre.durable
        agent = state.agents.get(self._agent)
        if agent is None:
            return
        if is_ice_old(context, self._socket):
            self._welcome()
        now = context.centre.clock.now()
        view = agent_view(
            state,
            context.published,
            self._agent,
            self._here.language,
            context.days.day(self._agent, now),
            captions=() if agent.call is None else context.captions(agent.call),
            keys=() if agent.call is None else context.keys.of(agent.call),
            recording=self._recording(agent.call),
        )
        if view != self._shown:
            self._shown = view
            self._socket.send({"t": "view", "now": now, "agent": view})
        unread = context.memos.unread(self._agent, now)
        if unread != self._unread:
            self._unread = unread
            self._tell_memos()
        self._writing.tell()
        if self._is_leaving and agent.state is AgentState.SIGNED_OUT:
            self._socket.refuse("signed_out", "you were signed out by an administrator")


class _IncompleteError(Exception):
    """Says which part of a request is missing or wrong."""


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > 200:
        raise _IncompleteError(f"{name} is missing")
    return value


def _offer(message: Message) -> OfferId:
    value = number(message.get("offer"))
    if value is None:
        raise _IncompleteError("offer is missing")
    return OfferId(value)


def _target(message: Message) -> Target:
    """Returns where to: a queue, an agent or somebody outside, exactly one of them."""
    given = [name for name in ("queue", "agent", "outside") if message.get(name) is not None]
    if len(given) != 1:
        raise _IncompleteError("one of queue, agent, outside must be given")
    if given[0] == "outside":
        return ToOutside(outside=OutsideKey(_text(message, "outside")))
    if given[0] == "queue":
        return ToQueue(queue=QueueKey(_text(message, "queue")))
    return ToAgent(agent=AgentKey(_text(message, "agent")))


_DO: dict[str, Callable[[DeskPage, Message], Awaitable[AnyInput]]] = {
    "ready": DeskPage.ready,
    "pause": DeskPage.pause,
    "sign_out": DeskPage.sign_out,
    "accept": DeskPage.accept,
    "decline": DeskPage.decline,
    "hold": DeskPage.hold,
    "resume": DeskPage.resume,
    "hang_up": DeskPage.hang_up,
    "transfer": DeskPage.transfer,
    "close_callback": DeskPage.close_callback,
    "consult": DeskPage.consult,
    "complete": DeskPage.complete,
    "cancel_consult": DeskPage.cancel_consult,
    "add_third": DeskPage.add_third,
    "dismiss": DeskPage.dismiss,
    "listen": DeskPage.listen,
    "practice": DeskPage.practice,
    "help": DeskPage.help,
    "extend": DeskPage.extend,
    "finish": DeskPage.finish,
}


async def desk_socket(context: ApiContext, websocket: WebSocket) -> None:
    """Serves one desktop's WebSocket from hello to goodbye."""
    here = context.here(HTTPConnection(websocket.scope))
    await websocket.accept()
    socket = PageSocket(websocket, is_here=here.is_here)
    context.open_sockets.add(socket)
    try:
        async with socket.sending():
            if here.agent is None:
                socket.refuse("sign_in", "sign in as an agent first")
            else:
                await DeskPage(context, socket, here.agent, here).run()
    finally:
        context.open_sockets.discard(socket)
