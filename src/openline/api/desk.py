"""An agent's desktop: what she asks for, and what she is shown.

Whatever she asks is answered by `done` once it is durable, or by `refused` with the reason. The
desktop is one leg, held by one page: a second tab takes it over.
"""

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
from openline.api.desk_phone import DeskPhone
from openline.api.desk_requests import REQUESTS, DeskRequests, IncompleteError
from openline.api.socket import Message, PageSocket
from openline.api.unread import Memo as Unread
from openline.api.writing import WritingPage
from openline.centre.targets_view import targets_view
from openline.centre.views import View, agent_view
from openline.engine import AgentState
from openline.engine import inputs as i
from openline.model import (
    AgentKey,
    BugError,
    CallId,
    LegId,
    OpenlineError,
)


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
        self._phone = self._page_as_telephone()
        self._requests = DeskRequests(context, agent, here, self._leg)
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

    def _page_as_telephone(self) -> DeskPhone | None:
        phones = self._context.browser_phones
        account = None if phones is None else phones.account(self._agent)
        if phones is None or account is None:
            return None
        return DeskPhone(phones, self._agent, account, self._socket)

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
                if self._phone is not None:
                    await self._phone.leave(is_elsewhere=self._socket.is_replaced)

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
        has_telephone = self._telephone is not None and self._phone is None
        asterisk = self._context.published.asterisk
        phone = None if asterisk is None else asterisk.phone_of(self._agent)
        presses = phone is not None and phone.number is not None
        account = None if self._phone is None else self._phone.account
        self._socket.send(
            {
                "t": "welcome",
                "ice": told,
                "telephone": has_telephone,
                "presses": presses,
                "phone": account,
            }
        )

    @property
    def _state(self) -> AgentState:
        return self._context.centre.engine.state.agents[self._agent].state

    def _practises(self) -> bool:
        """Newcomers to a demonstration begin with practice calls; at work one asks for them."""
        return self._context.is_demo and self._context.published.practice.enabled

    async def _sign_in(self) -> None:
        origins = self._requests.origins(practice=self._practises())
        await self._context.centre.ask(
            i.SignInRequested(agent=self._agent, leg=self._leg, origins=origins)
        )

    def _recording(self, call: CallId | None) -> str | None:
        known = None if call is None else self._context.centre.durable.calls.get(call)
        return self._context.recordings.light(known)

    # --- what the page says ------------------------------------------------------------------

    async def _hear(self, message: Message) -> None:
        if self._writing.hears(message):
            return
        if self._phone is not None and await self._phone.hears(message):
            return
        centre = self._context.centre
        session = number(message.get("session"))
        match message["t"]:
            case "signal" if session is not None and isinstance(message.get("data"), dict):
                self._context.pages.signal(self._leg, session, message["data"])
            case "sound" if session is not None:
                await centre.ask(sound_input(self._leg, session, message))
                acknowledge(self._socket, message)
            case "do" if isinstance(message.get("what"), str) and message["what"] in REQUESTS:
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
            seen = await REQUESTS[message["what"]](self._requests, message)
        except IncompleteError as error:
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
            is_kept=agent.call is not None and context.recordings.is_kept(agent.call),
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
