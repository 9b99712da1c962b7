"""A small centre with its sockets, put together from the real parts, and pages that use it.

Only three things are not real: time (see `tests.centre.virtual_loop`), who is signed in (a header
says so), and the network: pages speak ASGI with the application, as a server would for them.
Whatever the centre says is compared with the page protocol as it comes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.requests import HTTPConnection

from openline.api import ApiContext, Here, RoomFeed, WallboardFeed, router
from openline.api.context import BrowserPhones
from openline.app.messages import Messages
from openline.app.recordings import Recordings
from openline.app.sound_spool import NO_SPOOL, SoundSpool
from openline.app.spoken import Spoken
from openline.app.transcripts import Transcripts
from openline.centre import Watching
from openline.centre.conversations import Conversations
from openline.centre.emergency_list import EmergencyList
from openline.centre.keys import TalkKeys
from openline.centre.publishing import Configured, Publishing
from openline.centre.redial import Redials
from openline.centre.views import Places
from openline.configuration import Published, load_text
from openline.model import AgentKey, Instant, LegId, PeerError, SealedRef
from openline.reports import CivilDays, DeskDays, LivePicture, ShownQueue
from openline.sealing import TERMS, ConversationKeys, Tokens
from openline.store import ConfigurationRecord
from openline.telephony.browser import BrowserPort
from tests.centre import protocol
from tests.centre.small_centre import NotingPort, SmallCentre
from tests.centre.small_published import a_published
from tests.centre.virtual_loop import settle

Message = dict[str, Any]
Scope = MutableMapping[str, Any]

_SECRET = bytes(range(32))


class House:
    """Is a centre that pages can reach."""

    def __init__(
        self,
        folder: Path,
        *,
        relay: bool = False,
        speed: float = 1.0,
        spool: SoundSpool | None = None,
        browser_phones: BrowserPhones | None = None,
    ) -> None:
        self.published: Published = a_published()
        self.sealed: list[str] = []
        self.note_failure: PeerError | None = None
        self.on_call_trouble: str | None = None
        self.telephone_trouble: str | None = None
        self.telephones: dict[AgentKey, LegId] = {}
        self.pages = BrowserPort(lambda sound: f"/{sound}.mp3")
        small = SmallCentre(folder, [NotingPort("test")])
        centre = small.centre
        centre.add_port(self.pages)
        centre.clock.speed = speed
        state = centre.durable
        shown = [ShownQueue(key=q.key, name=q.key) for q in self.published.settings.queues]
        picture = LivePicture(state, shown, self.published.zone)
        days = DeskDays(state, CivilDays(self.published.zone))
        watching = Watching(state)
        configured = Configured(self.published)
        self.publishing = Publishing(
            centre,
            configured,
            written=self.published,
            emergency=EmergencyList(small.store),
            load=lambda text, version: load_text(text, "published", version=version),
            wall=centre.clock.now,
        )
        configured.observe(
            lambda new: picture.show(
                [ShownQueue(key=q.key, name=q.key) for q in new.settings.queues]
            )
        )
        if not small.store.configurations():
            first = ConfigurationRecord(version=1, at=Instant(0), by="", text=self.published.source)
            small.store.add_configuration(first)
        redials = Redials(centre.clock)
        feed = WallboardFeed(picture, configured, centre.clock)
        room = RoomFeed(picture, configured, centre, self.publishing)
        self.keys = TalkKeys(state, watching.agent_changed)
        keys = ConversationKeys(small.sealer)
        transcripts = Transcripts(centre, small.segments, keys)
        self.conversations = Conversations(state, transcripts, centre.clock.now)
        self.conversations.take_up()
        for observer in (
            self.publishing.noticed,
            picture.noticed,
            days.noticed,
            watching.noticed,
            feed.noticed,
            room.noticed,
            self.keys.noticed,
            self.conversations.noticed,
            redials.noticed,
        ):
            centre.observe(observer)
        self.small = small
        self.messages = Messages(
            centre,
            small.sealer,
            configured,
            spool=SoundSpool(NO_SPOOL) if spool is None else spool,
            folder=folder / "recordings",
            terms=TERMS,
        )
        self.recordings = Recordings(
            centre,
            small.sealer,
            spool=SoundSpool(NO_SPOOL) if spool is None else spool,
            folder=folder / "recordings",
            terms=TERMS,
            changed=watching.agent_changed,
        )
        self.centre = centre
        self.feed = feed
        self.room = room
        self.context = ApiContext(
            centre=centre,
            watching=watching,
            configured=configured,
            publishing=self.publishing,
            picture=picture,
            places=Places(state),
            days=days,
            feed=feed,
            room=room,
            pages=self.pages,
            redials=redials,
            tokens=Tokens(_SECRET),
            here=_here,
            seal_note=self._seal,
            keys=self.keys,
            conversations=self.conversations,
            captions=lambda call: [],
            ice_servers=lambda leg, now: [{"urls": ["turn:relay"]}] if relay else [],
            is_demo=False,
            on_call_trouble=lambda: self.on_call_trouble,
            telephone_trouble=lambda: self.telephone_trouble,
            telephone_of=self.telephones.get,
            browser_phones=browser_phones,
            recorder_trouble=lambda: None if spool is None else self.messages.trouble,
            messages=self.messages,
            recordings=self.recordings,
            spoken=Spoken(centre, lambda name: f"/static/{name}.mp3", None),
        )
        self.app = FastAPI()
        self.app.include_router(router(self.context))
        self._open: list[Page] = []

    async def _seal(self, text: str) -> SealedRef:
        if self.note_failure is not None:
            raise self.note_failure
        self.sealed.append(text)
        return SealedRef(f"sealed-{len(self.sealed)}")

    async def durable(self) -> None:
        """Waits until everything that was seen, and what followed from it, is on disk."""
        await self.small.durable()

    def told_names(self) -> list[str]:
        """Returns the kinds of all durable events, oldest first."""
        return self.small.told_names()

    # --- pages -------------------------------------------------------------------------------

    async def page(self, path: str, **headers: str) -> "Page":
        """Opens a WebSocket; it has been accepted on return."""
        page = Page(self.app, path, headers, self.durable)
        self._open.append(page)
        await page.accepted()
        return page

    async def caller(self, line: str = "es", **hello: Any) -> "Page":
        """Opens a caller's page that has said hello."""
        page = await self.page("/ws/call")
        page.say(
            "hello", line=line, language="en", token=None, session=None, playback=None, **hello
        )
        return page

    async def caller_back(self, token: str, session: int | None = None, **headers: str) -> "Page":
        """Opens a caller's page that holds the token of a call."""
        page = await self.page("/ws/call", **headers)
        page.say("hello", line="es", language="en", token=token, session=session, playback=None)
        return page

    async def desk(
        self, agent: str = "carla", session: int | None = None, **headers: str
    ) -> "Page":
        """Opens an agent's desktop that has said hello."""
        page = await self.page("/ws/desk", agent=agent, **headers)
        page.say("hello", session=session)
        return page

    async def close(self) -> None:
        """Closes all pages and stops the centre."""
        for page in self._open:
            await page.leave()
        self.context.watching.stop()
        self.feed.close()
        self.room.close()
        if not self.small.is_stopped:
            await self.centre.stop()


def _here(connection: HTTPConnection) -> Here:
    agent = connection.headers.get("x-agent")
    return Here(
        agent=None if agent is None else AgentKey(agent),
        login=connection.headers.get("x-login", ""),
        is_here=connection.headers.get("x-far") is None,
        language=connection.headers.get("x-language", "en"),
        supervises=connection.headers.get("x-supervises") is not None,
    )


@asynccontextmanager
async def open_house(
    folder: Path,
    *,
    relay: bool = False,
    speed: float = 1.0,
    spool: SoundSpool | None = None,
    browser_phones: BrowserPhones | None = None,
) -> AsyncIterator[House]:
    """Runs a centre with its sockets; ends pages and centre at the end."""
    house = House(folder, relay=relay, speed=speed, spool=spool, browser_phones=browser_phones)
    try:
        assert await house.centre.start(house.published.settings) is None
        yield house
    finally:
        house.small.store.let_go()
        house.small.store.failure = None
        await house.close()
        house.small.close()


class Page:
    """Is one WebSocket of a page, from the browser's side."""

    def __init__(
        self,
        app: FastAPI,
        path: str,
        headers: dict[str, str],
        go_on: Callable[[], Awaitable[None]],
    ) -> None:
        """Connects; `go_on` lets the centre do all that it can without time passing."""
        self.heard: list[Message] = []
        """All messages so far, beats left out."""
        self.closed_with: int | None = None
        self.beats = 0
        self._unread: list[Message] = []
        self._numbers = 0
        self._towards: asyncio.Queue[Message] = asyncio.Queue()
        self._go_on = go_on
        self._is_accepted = False
        self._promised = protocol.message_keys("Caller's page", "The centre says")
        if path == "/ws/desk":
            self._promised |= protocol.message_keys("Agent desktop", "The centre says")
            self._promised["welcome"] = {"t", "ice", "telephone", "presses", "phone"}
            self._promised["hold"] = {"t", "session"}
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "ws",
            "headers": [(f"x-{name}".encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 80),
            "subprotocols": [],
            "state": {},
        }
        self._towards.put_nowait({"type": "websocket.connect"})
        self.serving = asyncio.create_task(app(scope, self._receive, self._send))

    # --- the server's side ---------------------------------------------------------------------

    async def _receive(self) -> Message:
        return await self._towards.get()

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        match message["type"]:
            case "websocket.accept":
                self._is_accepted = True
            case "websocket.close":
                self.closed_with = message.get("code", 1000)
                self._towards.put_nowait({"type": "websocket.disconnect", "code": 1000})
            case _:
                self._hear(json.loads(message["text"]))

    def _hear(self, message: Message) -> None:
        promised = self._promised[message["t"]]
        assert set(message) == promised, f"not as the page protocol has it: {message}"
        if message["t"] == "view" and "call" in message:
            protocol.of(message["call"], protocol.caller_keys())
        elif message["t"] == "view":
            protocol.of(message["agent"], protocol.agent_keys())
        if message["t"] == "beat":
            self.beats += 1
        else:
            self.heard.append(message)
            self._unread.append(message)

    # --- the page's side -------------------------------------------------------------------------

    async def accepted(self) -> None:
        """Waits until the WebSocket is open."""
        await settle()
        assert self._is_accepted

    def say(self, kind: str, **rest: Any) -> None:
        """Says a message."""
        self.say_text(json.dumps({"t": kind, **rest}))

    def say_numbered(self, kind: str, **rest: Any) -> int:
        """Says a message that is to be answered by `done`; returns its number."""
        self._numbers += 1
        self.say(kind, n=self._numbers, **rest)
        return self._numbers

    def say_text(self, text: str) -> None:
        """Says any text."""
        self._towards.put_nowait({"type": "websocket.receive", "text": text})

    def say_bytes(self, content: bytes) -> None:
        """Sends a binary message."""
        self._towards.put_nowait({"type": "websocket.receive", "bytes": content})

    async def done(self, kind: str, **rest: Any) -> None:
        """Says a message and waits until it is done."""
        number = self.say_numbered(kind, **rest)
        await self.hears("done", n=number)

    async def do(self, what: str, **rest: Any) -> Message:
        """Asks for something at a desktop; returns the answer, `done` or `refused`."""
        number = self.say_numbered("do", what=what, **rest)
        return await self.hears_one(lambda heard: heard.get("n") == number)

    async def hears(self, kind: str, **wanted: Any) -> Message:
        """Waits for the next message of a kind with these values."""
        return await self.hears_one(
            lambda heard: heard["t"] == kind and wanted.items() <= heard.items()
        )

    async def sees(self, state: str, **wanted: Any) -> Message:
        """Waits for the next view in a state, with these values; returns the view."""

        def fits(heard: Message) -> bool:
            view: Message = heard.get("call") or heard.get("agent") or {}
            return (
                heard["t"] == "view"
                and view["state"] == state
                and all(view[name] == value for name, value in wanted.items())
            )

        heard = await self.hears_one(fits)
        view: Message = heard["call"] if "call" in heard else heard["agent"]
        return view

    async def hears_one(self, fits: Callable[[Message], bool]) -> Message:
        """Waits for the next message that fits; passes over those of its kind before it.

        Messages of other kinds can still be waited for: only within a kind is order looked at.
        Fails when the centre has done all that it can and nothing has come.
        """
        for _ in range(3):
            for place, message in enumerate(self._unread):
                if fits(message):
                    self._unread = [
                        other
                        for later, other in enumerate(self._unread)
                        if other["t"] != message["t"] or later > place
                    ]
                    return message
            await self._go_on()
        if self.serving.done():
            self.serving.result()  # shows what broke
        raise AssertionError(f"closed with {self.closed_with}, unread: {self._unread}")

    async def closed(self) -> int:
        """Waits until the centre has closed the socket; returns the code."""
        await self.serving
        assert self.closed_with is not None
        return self.closed_with

    async def leave(self, code: int = 1001) -> None:
        """Breaks the connection, as a page that is closed; returns when the centre knows."""
        self._towards.put_nowait({"type": "websocket.disconnect", "code": code})
        await self.serving

    def kinds(self) -> list[str]:
        """Returns the kinds of all messages so far."""
        return [message["t"] for message in self.heard]


async def talk(house: House) -> tuple[Page, Page]:
    """Returns a caller's page and a desktop that are in a conversation, session 1."""
    desk = await house.desk()
    await desk.do("ready")
    caller = await house.caller()
    view = await desk.sees("offered")
    await desk.do("accept", offer=view["offer"]["id"])
    await caller.hears("connect")
    await desk.hears("connect")
    await settle()
    return caller, desk


def leg_of(house: House) -> LegId:
    """Returns the leg of the only caller."""
    (leg,) = house.centre.durable.calls_by_leg
    return leg


def now_of(house: House) -> Instant:
    """Returns centre time."""
    return house.centre.clock.now()
