"""The connection in cases that Asterisk does not produce on demand: a peer stands in its place."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from openline.telephony.asterisk import ari as ari_module
from openline.telephony.asterisk.ari import Ari, AriGoneError, AriRefusedError, Request

PING = Request("GET", "asterisk/ping")


class Peer:
    """Answers orders as it is told to, and says what it likes."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.socket: ServerConnection | None = None
        self.answers: Callable[[dict[str, Any]], Any] = lambda order: (200, '{"ping":"pong"}')
        self.server: Server | None = None
        self.port = 0

    async def start(self, port: int = 0) -> None:
        self.server = await serve(self._serve, "127.0.0.1", port)
        self.port = next(iter(self.server.sockets)).getsockname()[1]

    async def stop(self) -> None:
        assert self.server is not None
        self.server.close()
        await self.server.wait_closed()

    async def _serve(self, socket: ServerConnection) -> None:
        self.socket = socket
        async for text in socket:
            order = json.loads(text)
            self.heard.append(order)
            answer = self.answers(order)
            if answer is not None:
                status, body = answer
                await self.says(
                    type="RESTResponse",
                    request_id=order["request_id"],
                    status_code=status,
                    message_body=body,
                )

    async def says(self, **message: Any) -> None:
        assert self.socket is not None
        await self.socket.send(json.dumps(message))


class Listener:
    """Is an `Ari` with what it reported."""

    def __init__(self, port: int) -> None:
        self.events: list[dict[str, Any]] = []
        self.ups = asyncio.Semaphore(0)
        self.downs: asyncio.Queue[bool] = asyncio.Queue()
        self.ari = Ari(
            port=port,
            application="openline",
            password="word",
            on_event=self._event,
            on_up=self.ups.release,
            on_down=self.downs.put_nowait,
        )

    def _event(self, event: dict[str, Any]) -> None:
        if event["type"] == "Broken":
            raise KeyError("channel")
        self.events.append(event)


def run(test: Callable[[Peer, Listener], Awaitable[None]]) -> None:
    async def whole() -> None:
        peer = Peer()
        await peer.start()
        listener = Listener(peer.port)
        listener.ari.start()
        await listener.ups.acquire()
        try:
            await test(peer, listener)
        finally:
            await listener.ari.stop()
            await peer.stop()

    asyncio.run(asyncio.wait_for(whole(), 20))


def test_an_order_is_answered_and_its_time_is_counted() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        assert await listener.ari.send(PING) == {"ping": "pong"}
        assert len(listener.ari.answer_us["GET asterisk"]) == 1

    run(test)


def test_orders_arrive_in_the_order_in_which_they_were_given() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        orders = [Request("POST", f"channels/{number}/answer") for number in range(50)]
        await asyncio.gather(*(listener.ari.send(order) for order in orders))
        assert [order["uri"] for order in peer.heard] == [order.path for order in orders]

    run(test)


def test_a_refusal_is_told_unless_it_is_as_good_as_done() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        peer.answers = lambda order: (404, '{"message":"not found"}')
        with pytest.raises(AriRefusedError) as refused:
            await listener.ari.send(Request("DELETE", "channels/x"))
        assert refused.value.status == 404
        assert "channels/x" not in str(refused.value)
        assert await listener.ari.send(Request("DELETE", "x", tolerates=(404,))) is None

    run(test)


def test_a_broken_connection_fails_what_waits_and_is_made_again() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        peer.answers = lambda order: None
        waiting = listener.ari.send(PING)
        await asyncio.sleep(0)
        assert peer.socket is not None
        peer.socket.transport.abort()
        with pytest.raises(AriGoneError):
            await waiting
        await listener.ups.acquire()
        assert listener.ari.connections == 2

    run(test)


def test_a_connection_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ari_module, "ANSWER_WITHIN_S", 0.05)
    monkeypatch.setattr(ari_module, "ASK_EVERY_S", 0.05)

    async def test(peer: Peer, listener: Listener) -> None:
        # Half-open: the socket stands, and nobody on the other side does anything.
        peer.answers = lambda order: None
        await listener.ups.acquire()
        assert listener.ari.connections == 2

    run(test)


def test_who_is_replaced_does_nothing_any_more() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        await peer.says(type="ApplicationReplaced", application="openline")
        await listener.downs.get()
        assert listener.ari.is_replaced
        assert not listener.ari.is_up
        heard = len(peer.heard)
        with pytest.raises(AriGoneError):
            await listener.ari.send(PING)
        assert len(peer.heard) == heard
        assert listener.ari.connections == 1

    run(test)


def test_one_event_that_is_not_as_it_should_be_ends_nothing() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        await peer.says(type="Broken")
        await peer.says(type="StasisStart")
        assert await listener.ari.send(PING) == {"ping": "pong"}
        assert [event["type"] for event in listener.events] == ["StasisStart"]
        assert listener.ari.events == {"Broken": 1, "StasisStart": 1}

    run(test)


def test_what_is_told_twice_happened_once() -> None:
    async def test(peer: Peer, listener: Listener) -> None:
        for at in ("1", "1", "2"):
            await peer.says(type="ChannelDtmfReceived", digit="5", timestamp=at)
        await listener.ari.send(PING)
        assert [event["timestamp"] for event in listener.events] == ["1", "2"]
        assert listener.ari.doubled == 1

    run(test)


def test_that_nobody_listens_is_told_apart_from_all_else() -> None:
    async def whole() -> None:
        peer = Peer()
        await peer.start()
        port = peer.port
        await peer.stop()
        listener = Listener(port)
        listener.ari.start()
        assert await listener.downs.get() is True
        await peer.start(port)
        await listener.ups.acquire()
        await listener.ari.stop()
        await peer.stop()

    asyncio.run(asyncio.wait_for(whole(), 20))
