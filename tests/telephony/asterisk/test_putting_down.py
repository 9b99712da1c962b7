"""What it means that the channel to an agent's telephone ended."""

from openline.engine import AnyInput, State
from openline.engine import inputs as i
from openline.model import AgentKey, LegId, Origin
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.parties import Telephone
from openline.telephony.asterisk.putting_down import put_down
from tests.engine.rehearsal import Rehearsal

BEN, ANA = AgentKey("ben"), AgentKey("ana")
LOST = i.LegLost(leg=t.phone_leg(BEN)), i.LegReturned(leg=t.phone_leg(BEN))


def talking() -> Rehearsal:
    """Returns a night in which Ben talks and Ana is ready."""
    night = Rehearsal()
    night.see(i.SignInRequested(agent=BEN, leg=t.phone_leg(BEN), origins=(Origin.REAL,)))
    night.see(i.ReadyRequested(agent=BEN))
    night.arrive("sip:x-1")
    night.accept("ben")
    night.see(i.SignInRequested(agent=ANA, leg=LegId("sip:other"), origins=(Origin.REAL,)))
    night.ready("ana")
    return night


def told(
    state: State | None,
    *,
    cause: int = 16,
    is_up: bool = True,
    is_there: bool = True,
    in_browser: bool = False,
) -> tuple[AnyInput, ...]:
    phone = Telephone(
        agent=BEN, endpoint="phone-ben", is_there=is_there, is_up=is_up, in_browser=in_browser
    )
    return put_down(state, phone, "ring-7-ben", cause)


def test_putting_down_ends_the_call() -> None:
    assert told(talking().state) == (i.HangUpRequested(agent=BEN),)
    assert told(None) == (i.HangUpRequested(agent=BEN),)


def test_while_a_colleague_is_consulted_it_gives_him_the_call() -> None:
    night = talking()
    night.consult("ben", to="ana")
    night.accept("ana")
    (seen,) = told(night.state)
    assert seen == i.ConsultCompleteRequested(agent=BEN)
    night.see(seen)
    assert night.call("sip:x-1").agent == ANA


def test_while_it_still_rings_there_her_own_rings_again_and_the_caller_is_hers() -> None:
    night = talking()
    night.consult("ben", to="ana")
    assert told(night.state) == LOST
    for seen in LOST:
        night.see(seen)
    assert night.call("sip:x-1").agent == BEN


def test_a_channel_that_ends_otherwise_is_an_accident() -> None:
    assert told(talking().state, cause=t.SILENT) == LOST
    assert told(talking().state, cause=t.SILENT, is_there=False) == LOST[:1]


def test_who_does_not_pick_up_has_declined() -> None:
    (seen,) = told(talking().state, is_up=False)
    assert isinstance(seen, i.DeclineRequested)


def test_what_ends_at_a_page_is_never_her_wish() -> None:
    assert told(talking().state, in_browser=True) == LOST
    assert told(talking().state, in_browser=True, is_there=False) == LOST[:1]
