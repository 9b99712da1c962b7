"""How soon does an idle agent's telephone ring after a caller has arrived at Asterisk?

Ten calls a second by real SIP, with more agents than are needed, so that one is always idle. A
second listener at Asterisk notes by Asterisk's own clock when each caller's channel came to us,
when the channel to the agent's telephone was made, and when that rang; the record says which
belongs to which. What lies before the second channel is our own share and the way of an event and
of an order; the rest is Asterisk's and the telephone's. Our processor time for a call is told
beside it: a busy machine lets everybody wait, and makes nobody work more. `OPENLINE_SECONDS=10` is
a short one.
"""

import json
import os
import sys
import tempfile
import threading
from base64 import b64encode
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from benchmarks.figure import Figure
from benchmarks.instruments import percentile
from openline.app.record import record_of
from openline.centre.codec import decode_step
from openline.engine.events import CallArrived, CallOffered
from openline.model import CallId, Instant, OfferId
from openline.telephony.asterisk.translate import channel_at, offer_of_channel
from tests.live.asterisk.crowd import Coming, PickUp, callers, cpu_s, telephones
from tests.live.asterisk.day import Room, home_of
from tests.live.asterisk.house import House, until

NAME = "asterisk_ringing"
IS_LONG = True
SECONDS = float(os.environ.get("OPENLINE_SECONDS", "120"))
RATE, AGENTS = 10, 60
BOUND_MS, OWN_MS = 250.0, 10.0


class Listener(threading.Thread):
    """Hears all that Asterisk tells of channels, by a name of its own, and orders nothing."""

    def __init__(self, home: House) -> None:
        super().__init__(daemon=True)
        word = b64encode(f"openline:{home.server.ari_password}".encode()).decode()
        uri = f"ws://127.0.0.1:{home.server.ari_port}/ari/events?app=listener&subscribeAll=true"
        self._socket = connect(
            uri, additional_headers={"Authorization": f"Basic {word}"}, compression=None
        )
        self.arrived: dict[str, datetime] = {}
        self.made: dict[str, datetime] = {}
        self.rang: dict[str, datetime] = {}

    def run(self) -> None:
        """Listens until it is closed."""
        with suppress(WebSocketException):
            while True:
                self._note(json.loads(self._socket.recv()))

    def close(self) -> None:
        """Hears no more."""
        self._socket.close()

    def _note(self, told: Any) -> None:
        channel = told.get("channel")
        if channel is None:
            return
        match told["type"], channel:
            case "ChannelDialplan", {"dialplan": {"app_name": "Stasis"}}:
                noted = self.arrived
            case "ChannelCreated", _:
                noted = self.made
            case "ChannelStateChange", {"state": "Ringing"}:
                noted = self.rang
            case _:
                return
        noted.setdefault(str(channel["id"]), datetime.fromisoformat(told["timestamp"]))


def run(seconds: float = SECONDS) -> list[Figure]:
    """Lets them come, and tells how long it took."""
    calls = round(seconds * RATE)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        enter = stack.enter_context
        home, keys, port = home_of(Path(folder), AGENTS)
        enter(home.server)
        enter(home.start_centre())
        enter(telephones(port, [PickUp(0.5, 1.0)]))
        enter(Room(home.centre.base, keys))
        listener = Listener(home)
        listener.start()
        before = [cpu_s(pid) for pid in (home.centre.pid, home.server.pid)]
        crowd = enter(callers(home.server, [Coming(n / RATE, 60.0) for n in range(calls)]))
        is_good = crowd.is_over(seconds + 120)
        until(home.is_empty, 30, what="channels are left")
        now = [cpu_s(pid) for pid in (home.centre.pid, home.server.pid)]
        listener.close()
        home.centre.stop()
        if not is_good:
            sys.stderr.write(crowd.why())
        own, whole = _times(listener, home.data)
    ours, theirs = ((n - b) / calls * 1_000 for n, b in zip(now, before, strict=True))
    shown = (
        f"of {len(whole)}: to the order p50 {percentile(own, 50):.0f} ms, "
        f"to the ringing p50 {percentile(whole, 50):.0f} ms; CPU of a call: "
        f"Openline {ours:.1f} ms with {AGENTS} desks open, Asterisk {theirs:.1f} ms\n"
    )
    sys.stderr.write(shown)
    return [
        Figure.at_least(
            name="calls that rang at an agent's telephone",
            value=len(whole),
            unit="calls",
            against="bound: all",
            reference=calls,
        ),
        Figure.at_most(
            name=f"p99 from arrival in Stasis to the ringing telephone, {RATE} calls/s",
            value=percentile(whole, 99),
            unit="ms",
            against=f"bound: {BOUND_MS:g} ms on a machine that does nothing else",
            reference=BOUND_MS,
        ),
        Figure.at_most(
            name="our own share with both ways of the wire, the median",
            value=percentile(own, 50),
            unit="ms",
            against=f"bound: {OWN_MS:g} ms on a machine that does nothing else",
            reference=OWN_MS,
        ),
        Figure.at_most(
            name="our own share with both ways of the wire, p99",
            value=percentile(own, 99),
            unit="ms",
            against=f"bound: {OWN_MS:g} ms on a machine that does nothing else",
            reference=OWN_MS,
        ),
    ]


def _times(listener: Listener, data: Path) -> tuple[list[float], list[float]]:
    """Returns the milliseconds from each arrival to the order, and to the first ringing."""
    channels: dict[CallId, str] = {}
    calls: dict[OfferId, CallId] = {}
    with record_of(data) as record:
        for row in record.store.read(0):
            body = record.keys.open_step(row.step, Instant(row.at), row.body)
            assert body is not None, "a step of today is forgotten"
            for event in decode_step(body, row.schema).events:
                if isinstance(event, CallArrived):
                    channels[event.call] = channel_at(event.leg)
                elif isinstance(event, CallOffered):
                    calls[event.offer] = event.call
    own, whole = {}, {}
    for channel, at in listener.rang.items():
        offer = offer_of_channel(channel)
        call = None if offer is None else calls.get(offer)
        if call is None or call in whole:
            continue
        arrived = listener.arrived[channels[call]]
        own[call] = (listener.made[channel] - arrived).total_seconds() * 1_000
        whole[call] = (at - arrived).total_seconds() * 1_000
    return list(own.values()), list(whole.values())
