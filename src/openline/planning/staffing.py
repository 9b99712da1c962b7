"""How many agents a queue needs, and what each one more or less would change.

A question is a row: so many calls in an interval, so long a conversation with its wrap-up, the
patience of callers, and the targets. The least number of agents that meets all targets is found by
searching over the exact formulas of `erlang`, never by a rule of thumb: each target is met by any
number above the least one that meets it, so halving finds it.

146 calls in half an hour, six minutes each, 80 % in 20 s: 35 agents by Erlang C; by Erlang A 34, 32
or 30 where callers' mean patience is 600, 180 or 60 s. State the model beside the number.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openline.model import RefusedError
from openline.planning.erlang import (
    Behaviour,
    Counts,
    Floats,
    Model,
    erlang_a,
    erlang_b,
    erlang_c,
    weights_below,
)

MOST_AGENTS = 1_000_000
"""More than this answers no question about a helpline; a target that needs them is out of reach."""

_CELLS = 4_000_000
"""How many weights are held at once: 32 MB."""


Marks = NDArray[np.bool_]


class Questions(NamedTuple):
    """Holds questions of one model, an array a column."""

    model: Model
    calls: Floats
    interval_s: Floats
    aht_s: Floats
    """Talk, hold and wrap-up together."""
    patience_s: Floats
    """The mean; used by Erlang A alone."""
    target_s: Floats
    """A call answered after at most so long is answered in time."""

    @property
    def rate(self) -> Floats:
        """Calls a second."""
        return self.calls / self.interval_s

    @property
    def load(self) -> Floats:
        """The offered load in erlangs: the agents who would be busy if nobody waited or left."""
        return self.rate * self.aht_s

    def rows(self, chosen: Counts | Marks | slice) -> "Questions":
        """Returns some of the questions."""
        return Questions(self.model, *(column[chosen] for column in self[1:]))


class Targets(NamedTuple):
    """Holds what must be reached, shares from 0 to 1; an array each, of the questions' length."""

    service_level: Floats
    most_abandoned: Floats
    """1 where it does not matter."""
    most_occupied: Floats
    """1 where it does not matter."""

    @classmethod
    def of_service_level(cls, shares: Floats) -> "Targets":
        """Returns targets on the service level alone."""
        any_share = np.ones_like(shares)
        return cls(shares, any_share, any_share)


def behave(questions: Questions, agents: Counts) -> Behaviour:
    """Returns the figures with so many agents, an array each.

    Where there are no calls nobody waits: the service level is 1 and all else 0.
    """
    most = int(agents.max(initial=0))
    parts = [
        _behave(questions.rows(rows), agents[rows], None) for rows in _chunks(len(agents), most)
    ]
    return Behaviour(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def least_agents(questions: Questions, targets: Targets) -> Counts:
    """Returns for each question the least number of agents that meets all its targets.

    Raises:
        RefusedError: a target is out of reach for any number (`target_out_of_reach`).
    """
    _check(questions, targets)
    high = _enough(questions, targets)
    found = np.empty_like(high)
    for rows in _chunks(len(high), int(high.max(initial=0))):
        found[rows] = _least(questions.rows(rows), Targets(*(t[rows] for t in targets)), high[rows])
    return found


def to_schedule(agents: int, shrinkage_percent: Fraction) -> int:
    """Returns how many people must be planned so that so many are there: n / (1 - shrinkage).

    21 on the phones at 30 % shrinkage are 30 on the roster, exactly.

    >>> to_schedule(21, Fraction(30))
    30
    """
    return -(-agents * 100 // (100 - shrinkage_percent))


def _check(questions: Questions, targets: Targets) -> None:
    has_calls = questions.calls > 0
    if np.any(has_calls & (targets.service_level >= 1)):
        raise RefusedError(
            "A service level of 100 % is out of reach: by chance everybody may be busy at once, "
            "however many there are. Ask for 99.9 %, or less.",
            code="target_out_of_reach",
        )
    loses = questions.model is not Model.ERLANG_C
    if np.any(has_calls & (targets.most_abandoned <= 0) & loses):
        raise RefusedError(
            "That nobody ever leaves is out of reach: by chance everybody may be busy at once, "
            "however many there are. Ask for 0.1 %, or more.",
            code="target_out_of_reach",
        )

    # So many share the load, and nobody leaves them: found without trying their number.
    if np.any(has_calls & (targets.most_occupied < questions.load / MOST_AGENTS)):
        raise _too_many()


def _too_many() -> RefusedError:
    return RefusedError(
        f"The targets are out of reach: {MOST_AGENTS:,} agents do not meet them. Agents who are "
        f"hardly ever busy must be endlessly many; allow more occupancy.",
        code="target_out_of_reach",
    )


def _chunks(rows: int, most: int) -> list[slice]:
    size = max(1, _CELLS // (most + 1))
    return [slice(begin, begin + size) for begin in range(0, rows, size)]


def _enough(questions: Questions, targets: Targets) -> Counts:
    """Returns numbers of agents that meet the targets, found by doubling what is above the load."""
    load = questions.load
    spread = np.sqrt(load) + 1
    high = np.where(questions.calls > 0, np.ceil(load + spread), 0).astype(np.int64)
    missing = np.arange(len(high))
    while True:
        rows = questions.rows(missing)
        met = _meets(behave(rows, high[missing]), Targets(*(t[missing] for t in targets)))
        missing = missing[~met]
        if not missing.size:
            return high
        spread[missing] *= 2
        high[missing] = np.ceil(load[missing] + spread[missing])
        if high[missing].max() > MOST_AGENTS:
            raise _too_many()


def _least(questions: Questions, targets: Targets, high: Counts) -> Counts:
    """Returns the least numbers that meet the targets; `high` meets them."""
    table = weights_below(questions.load, int(high.max(initial=0)))
    # Invariant: `high` meets the targets and `low` does not, or is -1.
    low = np.full_like(high, -1)
    # Fewer than a load's worth of agents seldom do: so the first look is there.
    middle = np.minimum(np.floor(questions.load).astype(np.int64), high - 1)
    open_ = np.flatnonzero(high > 0)
    middle = middle[open_]
    while open_.size:
        below = table[middle, open_]
        met = _meets(
            _behave(questions.rows(open_), middle, below), Targets(*(t[open_] for t in targets))
        )
        high[open_[met]] = middle[met]
        low[open_[~met]] = middle[~met]
        open_ = open_[high[open_] - low[open_] > 1]
        middle = (high[open_] + low[open_]) // 2
    return high


def _meets(behaviour: Behaviour, targets: Targets) -> Marks:
    return (
        (behaviour.service_level >= targets.service_level)
        & (behaviour.abandon_probability <= targets.most_abandoned)
        & (behaviour.occupancy <= targets.most_occupied)
    )


def _behave(questions: Questions, agents: Counts, below: Floats | None) -> Behaviour:
    has_calls = questions.calls > 0
    some = questions.rows(has_calls)
    count, rate, load = agents[has_calls], some.rate, some.load
    if below is None:
        below = weights_below(load, int(count.max(initial=0)))[count, np.arange(len(count))]
    else:
        below = below[has_calls]
    match questions.model:
        case Model.ERLANG_A:
            found = erlang_a(count, rate, some.aht_s, some.patience_s, some.target_s, below)
        case Model.ERLANG_C:
            found = erlang_c(count, rate, some.aht_s, some.target_s, below)
        case _:
            found = erlang_b(count, rate, some.aht_s, below)
    quiet = np.zeros(len(agents))
    whole = Behaviour(quiet + 1, *(quiet.copy() for _ in found[1:]))
    for column, values in zip(whole, found, strict=True):
        column[has_calls] = values
    return whole
