"""How many agents a day needs in which calls come and go: interval by interval, exactly.

A steady-state formula for each half hour by itself goes wrong where calls are long: with 30-minute
calls and an evening peak it staffs the peak too early and leaves too soon. Here the chance of each
number of calls in the system is carried through the day:

- the *modified offered load* m(t), dm/dt = λ(t) - m(t)/h, is the work that would be in progress if
  nobody waited; a steady-state formula at that load is where the search begins (Jennings,
  Mandelbaum, Massey, Whitt 1996);
- then the Kolmogorov equations of the queue with n(t) agents and callers who leave are solved by
  uniformization, and in each interval in turn n is raised or lowered to the least that meets the
  target, given all that came before (in the spirit of Feldman, Mandelbaum, Massey, Whitt 2008).

An agent whose time is over finishes her call and takes no other: who leaves is fixed before, so of
the b busy among n agents she is one with chance b/n. She is kept as an *extra* until she is done.

A whole day, or several, is lived over and over until it repeats itself, so that it begins with the
night before; a shorter stretch begins with nobody there.
Talk and patience are exponential. A state is (extras at work, calls in the system).
"""

from dataclasses import dataclass
from math import comb, exp, lgamma, log

import numpy as np
from numpy.typing import NDArray

from openline.model import RefusedError
from openline.planning.erlang import Floats, Model
from openline.planning.staffing import Questions, Targets, least_agents

Counts = NDArray[np.int64]

DAY_S = 86_400.0
STEP_S = 300.0
"""The rate is taken as constant for so long, and the chances are kept at each end."""
MOST_LOAD = 2_000.0
"""Erlangs; beyond it a steady-state formula for each interval is as good."""
_NIGHTS = 6
"""So often the day is lived at most; it repeats itself after two or three."""
_TAIL = 1e-8
"""A chance that is too small to matter: of a last extra, or of more calls than there is room."""
_SPREAD = 6.0
"""Room for calls, in standard deviations above the largest load; more is made if need be."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """Holds the question: one day or week of one queue, interval by interval."""

    rates: Floats
    """Calls a second, in steps of equal length."""
    steps: int
    """So many of them are one interval."""
    step_s: float
    aht_s: float
    patience_s: float
    """The mean; infinite where nobody leaves."""
    target_s: float
    """A call answered after at most so long is answered in time."""
    service_level: Floats
    """What each interval must reach."""
    repeats: bool = True
    """Whether its end is followed by its begin; else nobody is there when it begins."""

    @property
    def intervals(self) -> int:
        """How many there are."""
        return len(self.service_level)


@dataclass(frozen=True, kw_only=True)
class Staffed:
    """Holds the answer, an array each with a row for an interval."""

    agents: Counts
    service_level: Floats
    """The share of calls that come in the interval and are answered in time; 1 without calls."""
    wait_probability: Floats
    """The share that find everybody busy."""
    mean_wait_s: Floats
    """Over all calls that come in the interval, to the answer or to leaving."""
    occupancy: Floats


def day_of(questions: Questions, targets: Targets) -> Day:
    """Returns the day whose intervals are these questions, one after the other.

    Within an interval calls come evenly. Raises `RefusedError` where the rows are not intervals of
    one queue (`bad_table`), or a target is out of reach (`target_out_of_reach`).
    """
    if questions.model is Model.ERLANG_B:
        raise RefusedError(
            "With erlang-b nobody waits, so nothing is carried from one interval to the next: "
            "leave out --varying.",
            code="bad_table",
        )
    for name in ("interval_s", "aht_s", "patience_s", "target_s"):
        column = getattr(questions, name)
        if name == "patience_s" and questions.model is Model.ERLANG_C:
            continue
        if np.any(column != column[0]):
            row = int(np.flatnonzero(column != column[0])[0])
            raise RefusedError(
                f"Row {row + 2}, column {name}: {column[row]:g} is not {column[0]:g} as in the "
                f"first row. With --varying the rows are the intervals of one queue, in order.",
                code="bad_table",
            )
    if np.any((targets.service_level >= 1) & (questions.calls > 0)):
        raise RefusedError(
            "A service level of 100 % is out of reach: by chance everybody may be busy at once. "
            "Ask for 99.9 %, or less.",
            code="target_out_of_reach",
        )
    interval = float(questions.interval_s[0])
    steps = max(1, round(interval / STEP_S))
    return Day(
        rates=np.repeat(questions.rate, steps),
        steps=steps,
        step_s=interval / steps,
        aht_s=float(questions.aht_s[0]),
        patience_s=(
            float(questions.patience_s[0]) if questions.model is Model.ERLANG_A else np.inf
        ),
        target_s=float(questions.target_s[0]),
        service_level=targets.service_level,
        repeats=len(questions.calls) * interval % DAY_S == 0,
    )


def offered_load(day: Day) -> Floats:
    """Returns the modified offered load at the end of each step.

    A steady rate has its usual load: 10 calls an hour of 30 minutes each are 5 erlangs.

    >>> steady = Day(
    ...     rates=np.full(48, 10 / 3600),
    ...     steps=1,
    ...     step_s=1800.0,
    ...     aht_s=1800.0,
    ...     patience_s=300.0,
    ...     target_s=0.0,
    ...     service_level=np.full(48, 0.8),
    ... )
    >>> round(float(offered_load(steady)[-1]), 9)
    5.0
    """
    keeps = exp(-day.step_s / day.aht_s)
    load, loads = 0.0, np.empty(len(day.rates))
    # What was there before the day began is forgotten by keeps ** steps; live it until it is.
    for _ in range(200):
        begun = load
        for step, rate in enumerate(day.rates):
            load = load * keeps + rate * day.aht_s * (1 - keeps)
            loads[step] = load
        if not day.repeats or abs(load - begun) <= 1e-12 * max(load, 1e-9):
            break
    return loads


def staff_day(day: Day) -> Staffed:
    """Returns the least agents of each interval, and how they do.

    Raises `RefusedError` (code `target_out_of_reach`) where the load is too large for this.
    """
    loads = offered_load(day)
    if loads.max(initial=0.0) > MOST_LOAD:
        raise RefusedError(
            f"More than {MOST_LOAD:,.0f} calls at once: leave out --varying; at that size a "
            f"formula for each interval does as well.",
            code="target_out_of_reach",
        )
    agents = _begin(day, loads)
    most = float(loads.max(initial=0.0))
    before_it = float(loads[-1]) if day.repeats and len(loads) else 0.0
    state = _State(int(most + _SPREAD * most**0.5) + 15, before_it)
    figures: list[Floats] = []
    for _ in range(_NIGHTS):
        before, begun = agents.copy(), state.copy()
        figures = [_settle(day, state, agents, k) for k in range(day.intervals)]
        if not day.repeats:
            break
        if np.array_equal(before, agents) and state.is_near(begun):
            break
    columns = np.array(figures).T
    return Staffed(
        agents=agents,
        service_level=columns[0],
        wait_probability=columns[1],
        mean_wait_s=columns[2],
        occupancy=columns[3],
    )


def _begin(day: Day, loads: Floats) -> Counts:
    """Returns the least agents by the steady-state formula at the mean modified offered load."""
    means = loads.reshape(-1, day.steps).mean(axis=1)
    every = np.ones_like(means)
    model = Model.ERLANG_A if np.isfinite(day.patience_s) else Model.ERLANG_C
    patience = day.patience_s if np.isfinite(day.patience_s) else 1.0
    questions = Questions(
        model, means, day.aht_s * every, day.aht_s * every, patience * every, day.target_s * every
    )
    return least_agents(questions, Targets.of_service_level(day.service_level))


def _settle(day: Day, state: "_State", agents: Counts, k: int) -> Floats:
    """Finds the least agents of interval k, and carries the state to its end."""
    at_begin = state.copy()
    tried: dict[int, tuple[_State, Floats]] = {}

    def figures(n: int) -> Floats:
        if n not in tried:
            after = at_begin.copy()
            tried[n] = (after, _live(day, after, n, k))
        return tried[n][1]

    n = int(agents[k])
    target = day.service_level[k]
    while figures(n)[0] < target:
        n += 1
    while n > 0 and figures(n - 1)[0] >= target:
        n -= 1
    agents[k] = n
    state.take(tried[n][0])
    return figures(n)


def _live(day: Day, state: "_State", n: int, k: int) -> Floats:
    """Carries the state through interval k with n agents; returns the interval's figures."""
    state.staff(n)
    state.make_room()
    served = _served_in_time(n, day, state.room)
    whole, calls = np.zeros(4), 0.0
    for step in range(k * day.steps, (k + 1) * day.steps):
        rate = float(day.rates[step])
        spent = state.pass_time(rate, 1 / day.aht_s, 1 / day.patience_s, day.step_s)
        by_ahead, free, queue, busy = state.read(spent)
        in_time = free + float(by_ahead @ served[: len(by_ahead)])
        whole += (
            rate * in_time,
            rate * float(by_ahead.sum()),
            queue,
            busy,
        )
        calls += rate * day.step_s
    whole[:3] = whole[:3] / calls if calls > 0 else (1.0, 0.0, 0.0)
    whole[3] = whole[3] / (n * day.steps * day.step_s) if n > 0 else 0.0
    return whole


def _served_in_time(n: int, day: Day, room: int) -> Floats:
    """Returns for each number of callers ahead the chance to be served within the target time.

    With i ahead of him, one more is served or leaves at the rate n/h + i/p; he himself leaves at
    1/p. The chances solve g(i)' = (n/h + i/p) (g(i-1) - g(i)) - g(i)/p, with g(-1) = 1.
    """
    if day.target_s <= 0 or n == 0:
        return np.zeros(room + 1)
    leaves = 1 / day.patience_s
    ahead = np.arange(room + 1)
    onward = n / day.aht_s + ahead * leaves
    fastest = float(onward[-1] + leaves)
    # Uniformization: after each tick he is one nearer, gone, or where he was.
    found = np.zeros(room + 1)
    answer = np.zeros(room + 1)
    for weight in _poisson(fastest * day.target_s):
        answer += weight * found
        nearer = np.concatenate(([1.0], found[:-1]))
        found = found + (onward * (nearer - found) - leaves * found) / fastest
    return answer


class _State:
    """Keeps the chance of each (extras at work, calls in the system)."""

    def __init__(self, room: int, load: float) -> None:
        self.room = room
        self.n = 0
        # As with endlessly many agents; the first nights put it right.
        chances = _poisson(load)[: room + 1] if load > 0 else np.ones(1)
        self.chances = np.zeros((1, room + 1))
        self.chances[0, : len(chances)] = chances / chances.sum()

    def make_room(self) -> None:
        """Makes room for more calls where some might come that have none."""
        while self.chances[:, -1].sum() > _TAIL and self.room < 4 * MOST_LOAD:
            more = self.room // 4 + 5
            self.chances = np.pad(self.chances, ((0, 0), (0, more)))
            self.room += more

    def copy(self) -> "_State":
        other = _State.__new__(_State)
        other.room, other.n, other.chances = self.room, self.n, self.chances.copy()
        return other

    def take(self, other: "_State") -> None:
        self.room, self.n, self.chances = other.room, other.n, other.chances

    def is_near(self, other: "_State") -> bool:
        same = self.chances.shape == other.chances.shape
        return same and bool(np.abs(self.chances - other.chances).max() < 1e-5)

    def staff(self, n: int) -> None:
        """Changes the agents to n; of those who leave, the busy ones become extras."""
        leaving = self.n - n
        if leaving > 0:
            extras, room = self.chances.shape[0], self.room
            spread = np.zeros((extras + leaving, room + 1))
            for e in range(extras):
                busy = np.clip(np.arange(room + 1) - e, 0, self.n)
                for at_work in range(leaving + 1):
                    share = _hypergeometric(self.n, leaving, at_work)[busy]
                    spread[e + at_work] += self.chances[e] * share
            self.chances = spread
        self.n = n
        while len(self.chances) > 1 and self.chances[-1].sum() < _TAIL:
            # So little, that the last extra is taken to be done.
            self.chances[-2] += self.chances[-1]
            self.chances = self.chances[:-1]

    def pass_time(self, rate: float, serves: float, leaves: float, seconds: float) -> Floats:
        """Carries the chances on; returns the time that was spent in each state."""
        extras = np.arange(len(self.chances))[:, None]
        calls = np.arange(self.room + 1)[None, :]
        beyond = np.maximum(calls - extras, 0)
        busy = np.minimum(beyond, self.n)
        down = busy * serves + (beyond - busy) * leaves
        # A state with more extras than calls has no chance, and must not go below nobody.
        done = np.minimum(extras, calls) * serves
        fastest = float((rate + down + done).max())
        ticks = _poisson(fastest * seconds)
        later = 1.0 - np.cumsum(ticks)
        now = self.chances
        after, spent = np.zeros_like(now), np.zeros_like(now)
        up, down, done = rate / fastest, down / fastest, done / fastest
        stays = 1.0 - down - done
        stays[:, :-1] -= up
        for weight, rest in zip(ticks, later, strict=True):
            after += weight * now
            spent += max(rest, 0.0) / fastest * now
            onward = stays * now
            onward[:, 1:] += up * now[:, :-1]
            onward[:, :-1] += (down * now)[:, 1:]
            onward[:-1, :-1] += (done * now)[1:, 1:]
            now = onward
        self.chances = after / after.sum()
        spent *= seconds / spent.sum()
        return spent

    def read(self, spent: Floats) -> tuple[Floats, float, float, float]:
        """Returns how the time was spent.

        By the number ahead of one who must wait; with somebody free; and the callers waiting and
        the agents busy, each times the time.
        """
        by_ahead = np.zeros(self.room + 1)
        free = queue = busy = 0.0
        for e, row in enumerate(spent):
            beyond = np.maximum(np.arange(self.room + 1) - e, 0)
            waiting = np.maximum(beyond - self.n, 0)
            first = e + self.n
            free += float(row[:first].sum())
            by_ahead[: self.room + 1 - first] += row[first:]
            queue += float(row @ waiting)
            busy += float(row @ (beyond - waiting))
        return by_ahead, free, queue, busy


def _hypergeometric(agents: int, leaving: int, at_work: int) -> Floats:
    """Returns for each number busy the chance that so many of those who leave are at work."""
    ways = comb(agents, leaving)
    return np.array(
        [
            comb(busy, at_work) * comb(agents - busy, leaving - at_work) / ways
            for busy in range(agents + 1)
        ]
    )


def _poisson(mean: float) -> Floats:
    """Returns the chances of 0, 1, 2 … events, to where hardly any are left."""
    most = int(mean + 6 * mean**0.5 + 12)
    found = np.array([exp(k * log(mean) - mean - lgamma(k + 1)) for k in range(most + 1)])
    found /= found.sum()
    return found
