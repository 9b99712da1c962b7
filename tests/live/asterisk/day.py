"""A day of the yardstick line compressed: real SIP, some minutes, and every call held to account.

The shape of the day, the talks, the patience are the yardstick's, each time divided by the same
number; a room of agents takes what comes. SIPp on both sides counts what it saw, the record is
asked what it holds, and the two are compared to the call. Where the two can be right and disagree,
because somebody hung up in the very moment in which somebody picked up, that moment is counted too.
"""

import math
import random
import socket
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from openline.app.record import record_of
from openline.centre.codec import decode_step
from openline.engine.events import CallEnded, CallOffered
from openline.engine.events.endings import CallOutcome
from openline.model import Instant, Reason
from tests.live.asterisk.crowd import Coming, Crowd, PickUp, callers, cpu_s, telephones
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.house import House, until
from tests.live.asterisk.server import free_port

CLOSED_NUMBER = "15550199"
_CLOSED_SHARE, _IMPATIENT_SHARE = 0.05, 0.35
_TALK_S, _PATIENCE_S, _RINGS_S = 300.0, 180.0, (0.2, 1.2)
_TICK_S = 0.2
"""Who ends a talk so soon after it began may have hung up before it did."""

_MORE = """
[lines.legal]
queue = "talk"
hours = "never"
closed = {{ message = "closed-en" }}
entries.law = {{ kind = "number", number = "+{closed}" }}

[hours.never]
weekdays = []
"""
_AGENT = """
[agents.{key}]
name = "{key}"
phone = {{ address = "127.0.0.1:{port}" }}
"""


class Plan(NamedTuple):
    """Is a compressed day."""

    comings: list[Coming]
    pick_ups: list[PickUp]
    length_s: float


def plan(calls: int, length_s: float, scale: float, seed: int) -> Plan:
    """Returns a day of so many calls; every time of a call is the yardstick's over `scale`."""
    chance = random.Random(seed)
    times = list[float]()
    while len(times) < calls:
        at = chance.uniform(0, 24)
        if chance.uniform(0, 1.75) < 1 + 0.75 * math.cos(2 * math.pi * (at - 15) / 24):
            times.append(at / 24 * length_s)
    comings = []
    for at in sorted(times):
        patience = chance.expovariate(scale / _PATIENCE_S)
        stays = patience if chance.random() < _IMPATIENT_SHARE else 600.0
        if chance.random() < _CLOSED_SHARE:
            comings.append(Coming(at, 600.0, CLOSED_NUMBER))
        else:
            comings.append(Coming(at, stays))
    # Lognormal with a coefficient of variation of 1.
    sigma = math.sqrt(math.log(2))
    mu = math.log(_TALK_S / scale) - sigma**2 / 2
    pick_ups = [
        PickUp(chance.uniform(*_RINGS_S), max(0.5, chance.lognormvariate(mu, sigma)))
        for _ in range(calls)
    ]
    return Plan(comings, pick_ups, length_s)


class Room:
    """Is everybody on duty: each takes what rings, and is ready again at once after a talk."""

    def __init__(self, base: str, agents: list[str]) -> None:
        self._desks = [Desk(base, agent) for agent in agents]
        self._stack = ExitStack()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.failed = ""

    def __enter__(self) -> "Room":
        for desk in self._desks:
            self._stack.enter_context(desk)
            desk.does("ready")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join(timeout=30)
        self._stack.close()

    def _work(self) -> None:
        while not self._is_over.wait(0.02):
            for desk in self._desks:
                state = desk.view["state"]
                try:
                    if state == "wrap_up":
                        desk.does("finish", disposition="helped", note="", ready=True)
                    elif state == "paused":
                        desk.does("ready")
                except AssertionError as error:
                    # What she saw was a moment old; what she sees now decides.
                    self.failed = str(error)


def home_of(
    folder: Path, agents: int, *, database: str | None = None, **how: Any
) -> tuple[House, list[str], int]:
    """Returns a house with a room of agents, who they are and the port of their telephones.

    `database` is the address of one that keeps the record, instead of a file.
    """
    port = free_port(socket.SOCK_DGRAM)
    keys = [f"a{number}" for number in range(1, agents + 1)]
    more = _MORE.format(closed=CLOSED_NUMBER)
    more += "".join(_AGENT.format(key=key, port=port) for key in keys)
    if database is not None:
        more += f'[store]\nurl = "{database}"\n'
    # Nobody of this crowd sends any sound.
    return House(folder, more=more, lost_after_s=3_600, sound_ports=4_000, **how), keys, port


class Account(NamedTuple):
    """Is what each side holds of a day, and where they differ."""

    differences: list[str]
    callers: Counter[str]
    telephones: Counter[str]
    record: Counter[str]
    in_doubt: int
    """Talks of which SIPp alone cannot tell whether they began."""
    centre_cpu_s: float
    asterisk_cpu_s: float
    sipp_cpu_s: float


def lived(folder: Path, day: Plan, agents: int, *, database: str | None = None) -> Account:
    """Lives the day and holds the two sides against each other."""
    home, keys, port = home_of(folder, agents, database=database)
    with home.opens(), ExitStack() as stack:
        enter = stack.enter_context
        phones = enter(telephones(port, day.pick_ups))
        enter(Room(home.centre.base, keys))
        watched = [home.centre.pid, home.server.pid]
        before = [cpu_s(pid) for pid in watched]
        crowd = enter(callers(home.server, day.comings))
        sipp = [phones.pid, crowd.pid]
        used, end = list[float](), time.monotonic() + day.length_s
        while time.monotonic() < end:
            time.sleep(1)
            used = [cpu_s(pid) for pid in sipp]
        is_good = crowd.is_over(240)
        until(home.is_empty, 30, what="channels are left")
        spent = [cpu_s(pid) - was for pid, was in zip(watched, before, strict=True)]
        home.lets_go()
        account = _account(ends_of(home.data, database), crowd, phones)
        if not is_good:
            account.differences.append(f"SIPp: not every call went by the scenario. {crowd.why()}")
        return account._replace(
            centre_cpu_s=spent[0], asterisk_cpu_s=spent[1], sipp_cpu_s=sum(used)
        )


def ends_of(data: Path, database: str | None = None) -> tuple[list[CallEnded], int]:
    """Returns how each call of a record ended, and how many offers were made."""
    ends = list[CallEnded]()
    offers = 0
    with record_of(data, database) as record:
        for row in record.store.read(0):
            body = record.keys.open_step(row.step, Instant(row.at), row.body)
            assert body is not None, "a step of today is forgotten"
            for event in decode_step(body, row.schema).events:
                if isinstance(event, CallEnded):
                    ends.append(event)
                offers += isinstance(event, CallOffered)
    return ends, offers


def _account(held: tuple[list[CallEnded], int], crowd: Crowd, phones: Crowd) -> Account:
    ends, offers = held
    outcomes = Counter(end.outcome.value for end in ends)
    by_caller = sum(end.reason is Reason.CALLER_HUNG_UP for end in ends)
    lost = sum(end.reason is Reason.TELEPHONY_LOST for end in ends)
    came, rung = crowd.said, phones.said
    answered = outcomes[CallOutcome.ANSWERED.value]
    doubt = sum(
        line.startswith("caller_left") and float(f"0{line[12:]}") <= _TICK_S * 1_000
        for line in phones.lines
    )
    pairs = {
        "calls": (came["came"], len(ends)),
        "taken": (came["taken"], len(ends)),
        "left by the caller": (came["left"], by_caller),
        "ended by the centre": (came["ended"], len(ends) - by_caller),
        "refused": (came["refused"], 0),
        "lost": (0, lost),
    }
    differences = [
        f"{what}: SIPp {told}, the record {held}"
        for what, (told, held) in pairs.items()
        if abs(told - held) > (came["crossed"] if what.startswith(("left", "ended")) else 0)
    ]
    if not rung["picked_up"] - doubt <= answered <= rung["picked_up"]:
        differences.append(
            f"answered: {rung['picked_up']} telephones, the record {answered}; {doubt} in doubt"
        )
    if rung["picked_up"] + rung["cancelled"] + rung["too_late"] > offers:
        differences.append(f"offers: telephones {rung}, the record {offers}")
    outcomes["offers"], outcomes["by_caller"] = offers, by_caller
    return Account(differences, came, rung, outcomes, doubt, 0.0, 0.0, 0.0)
