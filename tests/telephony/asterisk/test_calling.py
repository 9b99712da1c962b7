from pathlib import Path
from typing import Any

import pytest

from openline.configuration import Asterisk, Trunk
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import (
    MINUTE,
    CallbackId,
    CallId,
    CommandId,
    Instant,
    LegId,
    OutsideKey,
    RefusedError,
    SealedRef,
)
from openline.telephony.asterisk import WayOut
from openline.telephony.asterisk.calling import HOUR, Outgoing, read_number, why_failed

NOW = Instant(1_000 * HOUR)
DAY = 24 * HOUR
NUMBER = "+15125550123"


def trunk(**more: Any) -> Trunk:
    return Trunk(key="carrier", address="192.0.2.20", calls_from=(), dials=True, **more)


def way_out(*trunks: Trunk, number: str | None = NUMBER) -> WayOut:
    asterisk = Asterisk(
        folder=Path("/centre"),
        spool=Path("/dev/shm/centre"),
        sip_address="127.0.0.1",
        sip_port=5060,
        ari_port=8088,
        rtp_from=10_000,
        rtp_to=11_999,
        trunks=trunks,
        numbers=(),
        phones=(),
    )

    def opened(ref: SealedRef) -> str:
        if number is None:
            raise RefusedError("gone", code="gone")
        return number

    return WayOut(asterisk, outside=lambda _: number, opened=opened, day_of=lambda at: at // DAY)


def to_outside(*, passes_number: bool = False) -> c.DialOutside:
    return c.DialOutside(
        id=CommandId(1),
        leg=LegId("sip:outside-1"),
        call=CallId(1),
        outside=OutsideKey("shelter"),
        give_up_at=Instant(NOW + MINUTE),
        passes_number=passes_number,
    )


def back() -> c.Dial:
    return c.Dial(
        id=CommandId(1),
        leg=LegId("sip:callback-1"),
        call=CallId(1),
        callback=CallbackId(1),
        number=SealedRef("x"),
        give_up_at=Instant(NOW + MINUTE),
    )


@pytest.mark.parametrize(
    ("told", "country", "number"),
    [
        ("+4930998877665", None, "+4930998877665"),
        ("4930998877665", None, "+4930998877665"),
        ("030998877665", "49", "+4930998877665"),
        ("004930998877665", "49", "+4930998877665"),
        ("4930998877665", "49", "+4930998877665"),
        ("5125550100", "1", "+15125550100"),
        ("15125550100", "1", "+15125550100"),
        ("", None, None),
        ("anonymous", None, None),
        ("12", None, None),
        ("+0123456789", None, None),
        ("1" * 2_000, None, None),
        ("+1512555\\nDial(SIP/1)", None, None),
        ("${SHELL(ls)}", None, None),
        ("١٢٣٤٥٦٧٨", None, None),
    ],
)
def test_a_number_is_read_as_companies_tell_it(
    told: str, country: str | None, number: str | None
) -> None:
    assert read_number(told, country) == number


def test_without_a_trunk_that_dials_nobody_is_dialled() -> None:
    closed = way_out()
    assert not closed.is_open
    assert closed.outgoing(to_outside(), None, NOW) is i.DialFailure.FAILED
    assert not closed.is_spent(NOW)


def test_a_callback_shows_no_number_and_a_service_ours() -> None:
    out = way_out(trunk(shows="+15550100"))
    assert out.outgoing(back(), None, NOW) == Outgoing(trunk="carrier", number=NUMBER, shows=None)
    service = out.outgoing(to_outside(), "+4930998877665", NOW)
    assert service == Outgoing(trunk="carrier", number=NUMBER, shows="+15550100")


def test_in_an_emergency_the_callers_number_is_passed_and_no_ceiling_holds() -> None:
    out = way_out(trunk(calls_per_hour=1))
    assert isinstance(out.outgoing(to_outside(), None, NOW), Outgoing)
    assert out.outgoing(to_outside(), None, NOW) is i.DialFailure.HELD_BACK
    assert out.is_spent(NOW)
    assert not out.is_spent(Instant(NOW + HOUR))
    passed = out.outgoing(to_outside(passes_number=True), "+4930998877665", NOW)
    assert isinstance(passed, Outgoing)
    assert passed.shows == "+4930998877665"
    assert "4930998877665" not in repr(passed)


@pytest.mark.parametrize("number", ["+19005550100", "+4490912345", "1&SIP/2", "", None])
def test_premium_numbers_and_what_is_none_are_never_dialled(number: str | None) -> None:
    out = way_out(trunk(), number=number)
    assert out.outgoing(back(), None, NOW) is i.DialFailure.FAILED


def test_so_many_calls_an_hour_and_a_day_and_no_more() -> None:
    out = way_out(trunk(calls_per_hour=2, calls_per_day=3))
    later, tomorrow = Instant(NOW + HOUR), Instant((NOW // DAY + 1) * DAY)
    assert [out.dialled(NOW) for _ in range(3)] == [True, True, False]
    assert [out.dialled(later) for _ in range(2)] == [True, False]
    assert out.dialled(Instant(tomorrow))


def test_agents_are_dialled_within_the_same_ceilings_and_never_at_premium_numbers() -> None:
    out = way_out(trunk(calls_per_hour=1, shows="+15550100"))
    assert out.to_agent("+19005550100", NOW) is None
    rung = out.to_agent(NUMBER, NOW)
    assert rung == Outgoing(trunk="carrier", number=NUMBER, shows="+15550100")
    assert out.to_agent(NUMBER, NOW) is None
    assert out.outgoing(back(), None, NOW) is i.DialFailure.HELD_BACK


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        (17, i.DialFailure.BUSY),
        (19, i.DialFailure.NO_ANSWER),
        (1, i.DialFailure.FAILED),
        (0, i.DialFailure.FAILED),
    ],
)
def test_why_nobody_was_reached_is_told(cause: int, why: i.DialFailure) -> None:
    assert why_failed(cause) is why
