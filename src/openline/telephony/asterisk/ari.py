"""One connection to Asterisk's REST interface: orders out, answers and events in.

Orders travel over the same WebSocket as the events. Asterisk carries them out in the order in which
they were sent, so a sequence needs no waiting between its steps, and an order that is sent after a
question is carried out after it was answered. An order is given to a connection or to none: when
the connection breaks, everything unanswered fails with `AriGoneError`, nothing is sent again, and
whoever steers looks at what is there when it is back.

*Beware of orders that wait.* As Asterisk carries out one after the other, one that waits holds up
all: setting a variable of a channel, or moving it, waits until a recording that is being played to
it has ended. Whoever orders such a thing ends the recording first.

*A half-open connection* is found because a question is asked every `ASK_EVERY_S` and any answer is
awaited for `ANSWER_WITHIN_S` at most. That finds a REST interface that hangs, too.

*Nobody fences us.* A second program that takes our name gets all events from then on, while our
orders would still be obeyed. Asterisk tells us once (`ApplicationReplaced`): from then on nothing
is sent, and nothing brings this object back.

Addresses and numbers are in what passes here. None of it is logged.
"""

import asyncio
import contextlib
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, InvalidStatus, WebSocketException

from openline.model import PeerError

log = structlog.get_logger(__name__)

ASK_EVERY_S = 1.0
CONNECT_WITHIN_S = 2.0
ANSWER_WITHIN_S = 2.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.05, 1.0
_REMEMBERED = 10_000
_LATELY = 64
"""What is told twice in so many events, to the letter and the millisecond, happened once."""
_LARGEST = 16 * 1024 * 1024
"""Bytes of one message: the list of all channels of a full machine is the largest."""

Json = dict[str, Any]


class AriGoneError(PeerError):
    """There is no connection, or it broke before the answer."""


class AriRefusedError(PeerError):
    """Asterisk answered that it would not."""

    def __init__(self, status: int, what: str) -> None:
        super().__init__(f"Asterisk answered {status} to {what}")
        self.status = status


class Request(msgspec.Struct, frozen=True):
    """Is one order or question: what is sent, without what makes it unique."""

    method: str
    path: str
    """Without the first slash."""
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    tolerates: tuple[int, ...] = ()
    """Statuses that are as good as done: it is gone that is to end, or there that is to begin."""

    @property
    def what(self) -> str:
        """Which kind of order it is, without any name or id: for counters and logs."""
        words = self.path.split("/")
        return f"{self.method} {words[0]}{'/' + words[2] if len(words) > 2 else ''}"


_ARE_YOU_THERE = Request("GET", "asterisk/ping")


class _Waiting(msgspec.Struct):
    answered: asyncio.Future[Any]
    request: Request
    sent_at: float
    gives_up: asyncio.TimerHandle


class Ari:
    """Keeps one connection, makes it again when it breaks, and counts."""

    def __init__(
        self,
        *,
        port: int,
        application: str,
        password: str,
        on_event: Callable[[Json], None],
        on_up: Callable[[], None],
        on_down: Callable[[bool], None],
        host: str = "127.0.0.1",
    ) -> None:
        """Does nothing yet.

        `on_up` is called when orders can be given, before any event of the connection; `on_down`
        when that is over or could not be begun, with whether nobody listens there at all. `host`
        is this machine: a test may put a bad network in between.
        """
        self._uri = f"ws://{host}:{port}/ari/events?app={application}&subscribeAll=true"
        word = b64encode(f"{application}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {word}"}
        self._on_event = on_event
        self._on_up = on_up
        self._on_down = on_down
        self._socket: ClientConnection | None = None
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue()
        self._waiting: dict[str, _Waiting] = {}
        self._numbers = 0
        self._task: asyncio.Task[None] | None = None
        self.is_replaced = False
        """Whether another program has taken our name; it does not come back from that."""
        self.is_refused = False
        """Whether Asterisk does not know our password."""
        self.events: Counter[str] = Counter()
        """How many came, by kind."""
        self._lately: deque[str | bytes] = deque(maxlen=_LATELY)
        self.doubled = 0
        """How many came that had come before."""
        self.connections = 0
        """How often a connection was made."""
        self.answer_us: dict[str, deque[int]] = {}
        """The last times from order to answer in microseconds, by kind of order."""

    @property
    def is_up(self) -> bool:
        """Whether orders can be given."""
        return self._socket is not None and not self.is_replaced

    @property
    def unanswered(self) -> int:
        """How many orders wait for their answer, and so each for its time to be over."""
        return sum(each.request != _ARE_YOU_THERE for each in self._waiting.values())

    def start(self) -> None:
        """Begins to connect, and goes on with that until `stop`."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Ends the connection; nothing in Asterisk ends with it."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    # --- orders ----------------------------------------------------------------------------

    def send(self, request: Request) -> asyncio.Future[Any]:
        """Gives an order or asks a question; returns at once.

        The future holds the answer (None where it is empty), or `AriGoneError` or
        `AriRefusedError`. Whoever does not look at it loses nothing.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Any] = loop.create_future()
        answered.add_done_callback(_looked_at)
        if not self.is_up:
            answered.set_exception(AriGoneError("Asterisk is not connected"))
            return answered
        self._numbers += 1
        number = str(self._numbers)
        self._waiting[number] = _Waiting(
            answered=answered,
            request=request,
            sent_at=loop.time(),
            gives_up=loop.call_later(ANSWER_WITHIN_S, self._give_up, number),
        )
        self._outbox.put_nowait(_encoded(request, number))
        return answered

    def _give_up(self, number: str) -> None:
        """Takes a connection that does not answer for broken."""
        if number in self._waiting and self._socket is not None:
            log.error("asterisk_does_not_answer", what=self._waiting[number].request.what)
            self._socket.transport.abort()

    def _answer(self, message: Json) -> None:
        waiting = self._waiting.pop(str(message.get("request_id")), None)
        if waiting is None:
            return
        waiting.gives_up.cancel()
        took = asyncio.get_running_loop().time() - waiting.sent_at
        kept = self.answer_us.setdefault(waiting.request.what, deque(maxlen=_REMEMBERED))
        kept.append(int(took * 1_000_000))
        status = message.get("status_code", 500)
        if waiting.answered.done():
            return
        if status < 300 or status in waiting.request.tolerates:
            text = message.get("message_body")
            value = msgspec.json.decode(text) if text and status < 300 else None
            waiting.answered.set_result(value)
        else:
            waiting.answered.set_exception(AriRefusedError(status, waiting.request.what))

    # --- the connection --------------------------------------------------------------------

    async def _run(self) -> None:
        pause = _FIRST_PAUSE_S
        while not self.is_replaced:
            nobody_listens = False
            try:
                await self._connected()
                pause = _FIRST_PAUSE_S
            except ConnectionRefusedError:
                nobody_listens = True
            except InvalidStatus as error:
                # 404 while its modules load, 401 for a password that is not its own.
                self.is_refused = error.response.status_code == 401
                if self.is_refused:
                    log.error("asterisk_refuses_password")
            except (OSError, TimeoutError, WebSocketException, InvalidHandshake):
                pass
            self._on_down(nobody_listens)
            if not self.is_replaced:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_S)
        log.error("asterisk_taken_over")

    async def _connected(self) -> None:
        """Makes one connection and stays with it until it ends."""
        async with connect(
            self._uri,
            additional_headers=self._headers,
            open_timeout=CONNECT_WITHIN_S,
            close_timeout=1,
            ping_interval=None,
            max_size=_LARGEST,
            compression=None,
            proxy=None,
        ) as socket:
            self.is_refused = False
            self._socket = socket
            self._outbox = asyncio.Queue()
            self.connections += 1
            loop = asyncio.get_running_loop()
            sending = loop.create_task(self._send_all(socket, self._outbox))
            asking = loop.create_task(self._ask_again())
            try:
                self._on_up()
                async for text in socket:
                    self._hear(text)
                    if self.is_replaced:
                        return
            finally:
                self._socket = None
                sending.cancel()
                asking.cancel()
                self._fail_all()

    async def _ask_again(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY_S)
            self.send(_ARE_YOU_THERE)

    @staticmethod
    async def _send_all(socket: ClientConnection, outbox: asyncio.Queue[bytes]) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            while True:
                await socket.send(await outbox.get(), text=True)

    def _hear(self, text: str | bytes) -> None:
        message: Json = msgspec.json.decode(text)
        kind = message.get("type")
        if kind == "RESTResponse":
            self._answer(message)
            return
        if text in self._lately:
            self.doubled += 1
            return
        self._lately.append(text)
        self.events[str(kind)] += 1
        if kind == "ApplicationReplaced":
            self.is_replaced = True
            return
        try:
            self._on_event(message)
        except Exception as error:
            # One event that is not as it should be must not end the connection of all calls.
            log.error("asterisk_event_failed", kind=kind, exc_info=error)

    def _fail_all(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for each in waiting.values():
            each.gives_up.cancel()
            if not each.answered.done():
                each.answered.set_exception(AriGoneError("the connection to Asterisk broke"))


def _encoded(request: Request, number: str) -> bytes:
    message: Mapping[str, object] = {
        "type": "RESTRequest",
        "request_id": number,
        "method": request.method,
        "uri": request.path,
        "query_strings": [{"name": name, "value": value} for name, value in request.query],
    }
    if request.body is not None:
        message = {
            **message,
            "content_type": "application/json",
            "message_body": request.body.decode(),
        }
    return msgspec.json.encode(message)


def _looked_at(answered: asyncio.Future[Any]) -> None:
    """Takes a failure as seen, so that nobody complains of an order that nobody waits for."""
    if not answered.cancelled():
        answered.exception()
