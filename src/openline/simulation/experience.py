"""How much longer those take who are new: talk and wrap-up by days since an agent's first call.

For each band of days the work done is held against the work expected: what calls of the same line
and part of the day took on average, whoever answered. So a new agent on the night shift is compared
with nights. Few calls tell little: a band with n of them has the weight n / (n + 50).

    pace = 1 + (done / expected - 1) · n / (n + 50)

Of the persons it knows their keys, as the journal has them, and when each was first seen to answer.
Who answered in the first two weeks that can be read may have been there before, unless the centre
began then: such a one counts as long there.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from openline.engine.value import Value
from openline.model import MINUTE, AgentKey, Duration, Instant
from openline.simulation.behaviour import CallerPlan

DAY = Duration(24 * 60 * MINUTE)
BANDS_DAYS = (14, 42, 91)
"""The first two weeks, to six weeks, to three months; and longer."""
BANDS = len(BANDS_DAYS) + 1
LONG_THERE = Instant(0)
"""The first call of who was there before anything can be read."""
UNSURE = Duration(BANDS_DAYS[0] * DAY)
ENOUGH_CALLS = 50


class Experience(Value, frozen=True, kw_only=True):
    """Is what was learnt of those who answer."""

    first_calls: dict[AgentKey, Instant]
    calls: tuple[int, ...] = (0,) * BANDS
    """Answered, by band."""
    talk: tuple[float, ...] = (1.0,) * BANDS
    """Times as long as usual, by band."""
    wrap_up: tuple[float, ...] = (1.0,) * BANDS

    def band(self, agent: AgentKey, at: Instant) -> int:
        """Returns how long an agent has been there, as a number from 0, the newest.

        Who was never seen to answer is one of many more, and counts as long there.
        """
        return bisect_right(BANDS_DAYS, (at - self.first_calls.get(agent, LONG_THERE)) // DAY)

    def paced(self, plan: CallerPlan, agent: AgentKey, at: Instant) -> CallerPlan:
        """Returns what becomes of a plan when this agent answers."""
        band = self.band(agent, at)
        talk, wrap_up = self.talk[band], self.wrap_up[band]
        if talk == wrap_up == 1.0:
            return plan
        return msgspec.structs.replace(
            plan,
            talk=Duration(int(plan.talk * talk)),
            hold_after=Duration(int(plan.hold_after * talk)),
            wrap_up=Duration(int(plan.wrap_up * wrap_up)),
        )


def believed(first_calls: Mapping[AgentKey, Instant], since: Instant) -> dict[AgentKey, Instant]:
    """Returns the first calls where everything before an instant is unknown."""
    return {agent: LONG_THERE if at < since + UNSURE else at for agent, at in first_calls.items()}


class Done(NamedTuple):
    """Is the work of one call beside what calls like it took."""

    agent: AgentKey
    at: Instant
    talk: Duration
    wrap_up: Duration
    usual_talk: float
    usual_wrap_up: float


def experience_of(done: Iterable[Done], first_calls: Mapping[AgentKey, Instant]) -> Experience:
    """Returns how the bands differ.

    Ninety calls of ten minutes by who is new, where such calls take eight:

    >>> new = [Done(AgentKey("ana"), Instant(5), 600, 60, 480.0, 60.0)] * 90
    >>> found = experience_of(new, {AgentKey("ana"): Instant(1)})
    >>> found.calls, [round(pace, 3) for pace in found.talk], found.wrap_up[0]
    ((90, 0, 0, 0), [1.161, 1.0, 1.0, 1.0], 1.0)
    """
    known = Experience(first_calls=dict(first_calls))
    sums = [[0.0] * 4 for _ in range(BANDS)]
    calls = [0] * BANDS
    for each in done:
        band = known.band(each.agent, each.at)
        calls[band] += 1
        own = sums[band]
        own[0] += each.talk
        own[1] += each.usual_talk
        own[2] += each.wrap_up
        own[3] += each.usual_wrap_up
    return msgspec.structs.replace(
        known,
        calls=tuple(calls),
        talk=tuple(_pace(own[0], own[1], n) for own, n in zip(sums, calls, strict=True)),
        wrap_up=tuple(_pace(own[2], own[3], n) for own, n in zip(sums, calls, strict=True)),
    )


def _pace(done: float, usual: float, calls: int) -> float:
    if usual <= 0:
        return 1.0
    return 1.0 + (done / usual - 1.0) * calls / (calls + ENOUGH_CALLS)
