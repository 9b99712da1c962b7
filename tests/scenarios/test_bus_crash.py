"""Night 3, the surge: at 20:10 very many begin to call, at 20:14 a supervisor switches it on.

From that act on new callers hear another greeting and the partner queue stands back; who waits
keeps his place. At 21:30 it is switched back. Nobody sees half of it.
"""

import msgspec

from openline.engine import SurgeSettings
from openline.engine import commands as c
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import AgentKey, SurgeKey
from tests.engine.builders import CRISIS, CRISIS_LINE, DIRECT, ENGLISH, PUBLIC, another_version
from tests.engine.rehearsal import Rehearsal, only

CRASH = SurgeSettings(
    key=SurgeKey("crash"),
    lines=(msgspec.structs.replace(PUBLIC, greeting="many-are-calling"),),
    queues=(
        msgspec.structs.replace(CRISIS, priority=0),
        msgspec.structs.replace(ENGLISH, priority=5),
    ),
)
SETTINGS = another_version(version=1, lines=(PUBLIC, DIRECT, CRISIS_LINE), surges=(CRASH,))
EVERY_S = 60 / 25


def _switch(night: Rehearsal, surge: SurgeKey | None) -> None:
    switched = night.see(i.SurgeRequested(by=AgentKey("sue"), surge=surge))
    assert [type(event) for event in switched.events][:1] == [e.SurgeSwitched]


def _call_until(night: Rehearsal, minutes: float, first: int) -> int:
    """Lets 25 a minute call the public line; half of them give up. Returns the next number."""
    until = night.now + round(minutes * 60 * 1_000_000)
    number = first
    while night.now < until:
        night.arrive(f"web:{number}", line="public")
        night.wait(EVERY_S)
        night.hear_greeting(f"web:{number}")
        if number % 2:
            night.leave(f"web:{number}")
        number += 1
    return number


def _places(night: Rehearsal) -> dict[str, tuple[int, int | None]]:
    """Returns what the place of everybody counts by."""
    calls = night.state.calls_by_leg
    return {leg: (call.priority, call.waiting_since) for leg, call in calls.items()}


def test_a_surge_changes_what_comes_after_it_and_nothing_that_was_there() -> None:
    night = Rehearsal(SETTINGS)
    following = _call_until(night, 4, 1)
    before = {
        leg: (call.priority, call.waiting_since) for leg, call in night.state.calls_by_leg.items()
    }
    _switch(night, CRASH.key)
    assert {
        leg: (call.priority, call.waiting_since) for leg, call in night.state.calls_by_leg.items()
    } == before
    arrived = night.arrive("web:new", line="public")
    assert only(arrived.commands, c.PlayGreeting).sound == "many-are-calling"
    night.hear_greeting("web:new")
    assert night.call("web:new").priority == 5
    following = _call_until(night, 2, following)
    _switch(night, None)
    back = night.arrive("web:back", line="public")
    assert only(back.commands, c.PlayGreeting).sound == "welcome-en"


def test_in_a_surge_the_order_within_the_queue_is_kept_and_the_other_stands_back() -> None:
    night = Rehearsal(SETTINGS)
    _switch(night, CRASH.key)
    night.arrive("web:partner", line="crisis")
    _call_until(night, 1, 100)
    waiting = [call.id for call in night.state.calls.values() if call.queue == ENGLISH.key]
    night.ready("cleo")
    served = []
    for _ in range(4):
        served.append(night.state.offers[night.offer_to("cleo")].call)
        night.accept("cleo")
        night.hang_up("cleo")
        night.finish("cleo")
    # Both queues are hers: the public goes first now, in the order in which it came.
    assert served == waiting[:4]
