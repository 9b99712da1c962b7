import asyncio
from typing import Any

import pytest

from openline.engine import AnyInput, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import CallId, CommandId, LegId, Reason
from openline.telephony.browser import BrowserPort
from tests.telephony.browser.chromium import CHROMIUM, RELAYED, SECRET_ADDRESSES

CALLER, ANN, BEN = LegId("web:caller"), LegId("web:desk-ann"), LegId("web:desk-ben")
CALL = CallId(1)


class NotingPage:
    """Is a page's connection that keeps what it was told."""

    def __init__(self, *, is_here: bool = True) -> None:
        self.is_here = is_here
        self.heard: list[dict[str, Any]] = []
        self.was_replaced = False

    def send(self, message: dict[str, Any]) -> None:
        self.heard.append(message)

    def replaced(self) -> None:
        self.was_replaced = True

    def kinds(self) -> list[str]:
        return [message["t"] for message in self.heard]

    def signals(self) -> list[Any]:
        return [message["data"] for message in self.heard if message["t"] == "signal"]


class Exchange:
    """Is a browser port in use."""

    def __init__(self) -> None:
        self.seen: list[AnyInput] = []
        self.port = BrowserPort(lambda sound: f"/{sound}.mp3")
        self.port.start(self.seen.append)

    def page(self, leg: LegId, *, is_here: bool = True) -> NotingPage:
        page = NotingPage(is_here=is_here)
        self.port.attach(leg, page)
        return page

    def connect(self, session: int = 1, agent_leg: LegId = ANN) -> None:
        self.port.carry_out(
            c.ConnectLegs(
                id=CommandId(session), leg=CALLER, agent_leg=agent_leg, call=CALL, session=session
            )
        )


def offer(sdp: str = CHROMIUM) -> dict[str, Any]:
    return {"description": {"type": "offer", "sdp": sdp}}


# --- who holds a leg -----------------------------------------------------------------------------


def test_after_a_start_no_leg_is_held() -> None:
    assert Exchange().port.resume(State()) == ()


def test_a_page_that_goes_is_reported_as_lost_once() -> None:
    exchange = Exchange()
    page = exchange.page(CALLER)
    exchange.port.detach(CALLER, page)
    exchange.port.detach(CALLER, page)
    assert exchange.seen == [i.LegLost(leg=CALLER)]


def test_a_second_page_takes_the_leg_over_and_the_first_goes_unnoticed() -> None:
    exchange = Exchange()
    first = exchange.page(CALLER)
    second = exchange.page(CALLER)
    assert (first.was_replaced, second.was_replaced) == (True, False)
    exchange.port.detach(CALLER, first)
    assert exchange.seen == []
    exchange.port.detach(CALLER, second)
    assert exchange.seen == [i.LegLost(leg=CALLER)]


def test_a_page_that_takes_its_own_leg_again_is_not_replaced() -> None:
    exchange = Exchange()
    page = exchange.page(CALLER)
    exchange.port.attach(CALLER, page)
    assert not page.was_replaced


def test_a_page_whose_call_is_over_goes_unreported() -> None:
    exchange = Exchange()
    page = exchange.page(CALLER)
    exchange.port.forget(CALLER, page)
    exchange.port.detach(CALLER, page)
    assert exchange.seen == []


def test_an_order_reaches_the_page_that_holds_the_leg_now() -> None:
    exchange = Exchange()
    older = exchange.page(CALLER)
    newer = exchange.page(CALLER)
    music = c.PlayMusic(
        id=CommandId(1), leg=CALLER, call=CALL, music="quiet", reason=Reason.ARRIVED
    )
    exchange.port.carry_out(music)
    assert (older.kinds(), newer.kinds()) == ([], ["music"])


def test_an_order_for_a_page_that_is_away_is_dropped() -> None:
    exchange = Exchange()
    exchange.connect()
    assert exchange.seen == []


# --- signals -------------------------------------------------------------------------------------


def test_a_signal_goes_to_the_other_side_of_the_talk_both_ways() -> None:
    exchange = Exchange()
    caller, ann = exchange.page(CALLER), exchange.page(ANN)
    exchange.connect()
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(ANN, 1, offer("v=0"))
    assert ann.heard[-1] == {"t": "signal", "session": 1, "data": offer()}
    assert caller.heard[-1] == {"t": "signal", "session": 1, "data": offer("v=0")}


def test_no_signal_passes_without_a_talk() -> None:
    exchange = Exchange()
    exchange.page(CALLER)
    ann = exchange.page(ANN)
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(CALLER, 0, offer())
    assert ann.heard == []


@pytest.mark.parametrize("session", [0, 1, 3])
def test_no_signal_of_another_session_passes(session: int) -> None:
    exchange = Exchange()
    exchange.page(CALLER)
    ann = exchange.page(ANN)
    exchange.connect(session=1)
    exchange.connect(session=2)
    exchange.port.signal(CALLER, session, offer())
    assert ann.signals() == []


def test_no_signal_passes_to_a_third_page() -> None:
    exchange = Exchange()
    exchange.page(CALLER)
    exchange.page(ANN)
    ben = exchange.page(BEN)
    exchange.connect()
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(BEN, 1, offer())
    assert ben.signals() == []


def test_an_agent_who_was_lost_no_longer_reaches_the_caller_whom_another_has_taken() -> None:
    exchange = Exchange()
    caller = exchange.page(CALLER)
    ann, ben = exchange.page(ANN), exchange.page(BEN)
    exchange.connect(session=1, agent_leg=ANN)
    exchange.connect(session=2, agent_leg=BEN)
    exchange.port.signal(ANN, 1, offer())
    exchange.port.signal(ANN, 2, offer())
    assert caller.signals() == []
    exchange.port.signal(CALLER, 2, offer())
    assert (len(ann.signals()), len(ben.signals())) == (0, 1)


@pytest.mark.parametrize(
    "order",
    [
        c.ReleaseAgent(id=CommandId(9), leg=ANN, call=CALL, reason=Reason.CALL_ENDED),
        c.HangUpLeg(id=CommandId(9), leg=CALLER, reason=Reason.AGENT_HUNG_UP),
    ],
    ids=["agent released", "caller hung up"],
)
def test_no_signal_passes_after_the_talk(order: c.ReleaseAgent | c.HangUpLeg) -> None:
    exchange = Exchange()
    caller, ann = exchange.page(CALLER), exchange.page(ANN)
    exchange.connect()
    exchange.port.carry_out(order)
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(ANN, 1, offer())
    assert caller.signals() == ann.signals() == []


def test_no_signal_passes_from_a_caller_whose_page_was_let_go() -> None:
    exchange = Exchange()
    caller, ann = exchange.page(CALLER), exchange.page(ANN)
    exchange.connect()
    exchange.port.forget(CALLER, caller)
    exchange.page(CALLER)
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(ANN, 1, offer())
    assert caller.signals() == ann.signals() == []


def test_a_talk_outlives_the_reload_of_a_page_and_its_being_held() -> None:
    exchange = Exchange()
    caller, ann = exchange.page(CALLER), exchange.page(ANN)
    exchange.connect()
    exchange.port.detach(CALLER, caller)
    exchange.page(CALLER)
    exchange.port.carry_out(
        c.HoldCall(id=CommandId(2), leg=CALLER, agent_leg=ANN, call=CALL, session=1, music="quiet")
    )
    exchange.port.signal(CALLER, 1, offer())
    assert len(ann.signals()) == 1


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize("caller_is_here", [True, False])
@pytest.mark.parametrize("agent_is_here", [True, False])
def test_addresses_pass_only_between_two_pages_on_this_machine(
    caller_is_here: bool, agent_is_here: bool
) -> None:
    exchange = Exchange()
    caller = exchange.page(CALLER, is_here=caller_is_here)
    ann = exchange.page(ANN, is_here=agent_is_here)
    exchange.connect()
    exchange.port.signal(CALLER, 1, offer())
    exchange.port.signal(ANN, 1, offer())
    may_meet = caller_is_here and agent_is_here
    for page in (caller, ann):
        (connect,) = [message for message in page.heard if message["t"] == "connect"]
        assert connect["relay_only"] is not may_meet
        (signal,) = page.signals()
        assert (signal == offer()) is may_meet
        leaked = [secret for secret in SECRET_ADDRESSES if secret in str(signal)]
        assert bool(leaked) is may_meet


def test_where_nothing_of_a_signal_may_pass_the_other_side_hears_nothing() -> None:
    exchange = Exchange()
    exchange.page(CALLER, is_here=False)
    ann = exchange.page(ANN)
    exchange.connect()
    exchange.port.signal(CALLER, 1, {"candidate": {"candidate": "candidate:1 1 udp 1 …"}})
    exchange.port.signal(CALLER, 1, {"candidate": {"candidate": RELAYED["relay, UDP"]}})
    assert len(ann.signals()) == 1


def test_it_lets_all_pages_go_when_it_stops() -> None:
    exchange = Exchange()
    page = exchange.page(CALLER)
    asyncio.run(exchange.port.stop())
    exchange.port.detach(CALLER, page)
    assert exchange.seen == []
