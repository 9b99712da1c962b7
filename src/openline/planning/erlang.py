"""How a queue with so many agents behaves on average: Erlang B, Erlang C and Erlang A, exactly.

All three take calls that come at random with rate λ, conversations with mean 1/μ, and n agents who
can take any of them. They differ in what happens when all n are busy. *Erlang B*: the call is
refused. *Erlang C*: it waits for ever, so that with λ ≥ nμ there is no steady state. *Erlang A*: it
waits with a patience of mean 1/θ and then leaves, which is what callers do (Palm 1957; Garnett,
Mandelbaum, Reiman 2002).

Everything works on arrays, one row a question, and adds positive numbers only: no difference of
nearly equal ones loses digits, so a figure is good to about 1e-12 relative, also where it is tiny.
With a = λ/μ, weigh every state against "all n are busy and nobody waits". The states with somebody
free together weigh

    s(0) = 0,   s(n) = (n/a) (1 + s(n-1)),   which is 1/B - 1 with Erlang's loss B.

For Erlang A put x = nμ/θ and y = λ/θ. The state "j wait" weighs t(j) = t(j-1) y / (x + j), from
t(0) = 1 on, the whole N = s + Σ t(j), and

    P(wait) = Σ t(j) / N       P(abandon) = Σ j t(j) / (y N)       E[wait] = Σ j t(j) / (λ N)

Who finds j before him is served with probability x / (x + j + 1), and then has waited the sum of
1 / ((x + i) θ) for i from 1 to j + 1. The virtual wait has the density nμ exp(h(w)) / N with
h(w) = y (1 - e^(-θw)) - nμ w; from it comes who is answered in time. Where y is large the sums
have too many terms, and the integrals over that density take their place (`virtual_wait`).

Garnett, Mandelbaum, Reiman, table 1: 50 agents, 48 calls a minute, conversations of 1 minute,
patience 2 minutes: 3.09 % leave, 3.71 s mean wait, 93.03 % occupancy.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from openline.planning.virtual_wait import Waiting, integrals, served_by

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_Y_SUMMED = 300.0
"""Up to this y the sums are taken; they have some hundred terms at most."""

_NEGLIGIBLE = 1e-18
_CANCELS = 1e-3
"""Where a difference is smaller than this share of its parts, it is integrated instead."""


class Model(StrEnum):
    """Says what happens to callers when everybody is busy."""

    ERLANG_A = "erlang-a"
    ERLANG_B = "erlang-b"
    ERLANG_C = "erlang-c"


class Behaviour(NamedTuple):
    """Holds the figures of the steady state, an array each."""

    service_level: Floats
    """The share of all calls that are answered within the target time (≤)."""
    abandon_probability: Floats
    """The share of all calls that are not answered; with Erlang B, that are refused."""
    mean_wait_s: Floats
    """Over all calls, to the answer or to leaving; infinite where the queue grows without end."""
    asa_s: Floats
    """Over answered calls, those answered at once included; NaN where none is answered."""
    wait_probability: Floats
    """The share of all calls that find everybody busy and wait."""
    occupancy: Floats
    """The share of their time that agents are busy; 0 without agents."""


def weights_below(load: Floats, most: int) -> Floats:
    """Returns s(n) = 1/B(n, a) - 1 for n from 0 to `most` (rows) and each load a (columns).

    Infinite where the loss is below 1e-308. Costs `most` steps over all columns.

    Three agents and two erlangs: B = (8/6) / (1 + 2 + 2 + 8/6) = 4/19, so s = 15/4.

    >>> float(weights_below(np.array([2.0]), 3)[3, 0])
    3.75
    """
    table = np.empty((most + 1, load.size))
    table[0] = 0.0
    with np.errstate(over="ignore", divide="ignore"):
        per_agent = 1.0 / load
        for n in range(1, most + 1):
            np.add(table[n - 1], 1.0, out=table[n])
            table[n] *= n * per_agent
    return table


def erlang_b(agents: Counts, rate: Floats, handle_s: Floats, below: Floats) -> Behaviour:
    """Returns how the agents do when calls are refused while all are busy.

    `rate` is in calls a second, `below` is s(n) of each row. Nobody waits, so the service level is
    the share that is not refused, whatever the target time.

    >>> b = erlang_b(np.array([3]), np.array([2.0]), np.array([1.0]), np.array([3.75]))
    >>> round(float(b.abandon_probability[0] * 19), 12)
    4.0
    """
    answered = _share(below, 1.0)
    nothing = np.zeros_like(rate)
    return Behaviour(
        service_level=answered,
        abandon_probability=1.0 / (1.0 + below),
        mean_wait_s=nothing,
        asa_s=np.where(answered > 0, 0.0, np.nan),
        wait_probability=nothing,
        occupancy=_occupancy(agents, rate * handle_s, answered),
    )


def erlang_c(
    agents: Counts, rate: Floats, handle_s: Floats, target_s: Floats, below: Floats
) -> Behaviour:
    """Returns how the agents do when everybody waits for ever.

    `rate` is in calls a second, `below` is s(n) of each row. With a ≥ n the queue grows without
    end: everybody waits, infinitely long.

    Three agents and two erlangs: 1 - C = s (1 - a/n) / (1 + s (1 - a/n)) = 1.25 / 2.25, so that
    4/9 wait.

    >>> two, one = np.array([2.0]), np.array([1.0])
    >>> c = erlang_c(np.array([3]), two, one, one, np.array([3.75]))
    >>> round(float(c.wait_probability[0] * 9), 12)
    4.0
    """
    load = rate * handle_s
    is_stable = load < agents
    with np.errstate(divide="ignore", invalid="ignore"):
        free_share = np.where(is_stable, (agents - load) / agents, 0.0)
        free_weight = np.where(is_stable, below * free_share, 0.0)
        waits = 1.0 / (1.0 + free_weight)
        spare = np.where(is_stable, (agents - load) / handle_s, 0.0)
        mean = np.where(is_stable, waits / spare, np.inf)
    # By expm1, so that nothing is subtracted from one.
    in_time = np.where(is_stable, -np.expm1(-spare * target_s), 0.0)
    return Behaviour(
        service_level=_share(free_weight, 1.0) + waits * in_time,
        abandon_probability=np.zeros_like(rate),
        mean_wait_s=mean,
        asa_s=mean,
        wait_probability=waits,
        occupancy=np.where(is_stable, _occupancy(agents, load, np.ones_like(rate)), agents > 0),
    )


def erlang_a(
    agents: Counts,
    rate: Floats,
    handle_s: Floats,
    patience_s: Floats,
    target_s: Floats,
    below: Floats,
) -> Behaviour:
    """Returns how the agents do when callers leave after an exponential patience.

    `rate` is in calls a second, positive; `below` is s(n) of each row.

    >>> minute = np.array([60.0])
    >>> s = weights_below(np.array([48.0]), 50)[50]
    >>> a = erlang_a(np.array([50]), 48 / minute, minute, 2 * minute, np.array([20.0]), s)
    >>> [round(float(each[0]), 4) for each in (a.abandon_probability, a.mean_wait_s, a.occupancy)]
    [0.0309, 3.7095, 0.9303]
    """
    nobody = agents == 0
    nothing = np.zeros_like(rate)
    # What holds where nobody answers: all wait until they leave.
    figures = np.array(
        Behaviour(nothing, nothing + 1, patience_s, nothing + np.nan, nothing + 1, nothing)
    )
    y = rate * patience_s
    for rows, method in (
        (~nobody & (y <= MOST_Y_SUMMED), sums),
        (~nobody & (y > MOST_Y_SUMMED), integrals),
    ):
        if rows.any():
            n, patience = agents[rows], patience_s[rows]
            waiting = method(
                n * patience / handle_s[rows], y[rows], target_s[rows] / patience, below[rows]
            )
            whole = waiting.below + waiting.all
            answered = _share(waiting.below + waiting.served, waiting.leaving)
            leaving = waiting.leaving / whole
            figures[:, rows] = Behaviour(
                service_level=_share(
                    waiting.below + waiting.in_time, waiting.all - waiting.in_time
                ),
                abandon_probability=leaving,
                mean_wait_s=leaving * patience,
                asa_s=waiting.served_wait / (waiting.below + waiting.served) * patience,
                wait_probability=waiting.all / whole,
                occupancy=_occupancy(n, rate[rows] * handle_s[rows], answered),
            )
    return Behaviour(*figures)


def sums(x: Floats, y: Floats, until: Floats, below: Floats) -> Waiting:
    """Returns the weights of those who wait, by adding up the states; `until` is the target · θ.

    Costs as many steps over all rows as the longest row has terms, some hundred at most.
    """
    later, queue, served_wait = _add_up(x, y)
    # g(T) times the same sum begun at z: those who are served after the target time.
    z = y * np.exp(-until)
    shrink = np.exp(-y * np.expm1(-until) - x * until)
    in_time = later - shrink * _later(x, z)
    cancels = (in_time < _CANCELS * later) & (until > 0)
    in_time *= x / y
    if cancels.any():
        in_time[cancels] = served_by(x[cancels], y[cancels], until[cancels])
    return Waiting(
        below=below,
        all=1.0 + later,
        leaving=queue / y,
        served=later * x / y,
        in_time=in_time,
        served_wait=served_wait,
    )


def _add_up(x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    """Returns Σ t(j), Σ j t(j) over j ≥ 1, and the wait of those served late, in patiences."""
    term = np.ones_like(x)
    waited = 1.0 / (x + 1.0)
    later, queue = np.zeros_like(x), np.zeros_like(x)
    served_wait = x / (x + 1.0) * waited
    j = 0
    while True:
        j += 1
        term *= y / (x + j)
        later += term
        queue += j * term
        waited += 1.0 / (x + (j + 1))
        served_wait += term * (x / (x + (j + 1)) * waited)
        # Past its largest term the series falls faster and faster.
        if np.all((term * j <= _NEGLIGIBLE * queue) & (x + j > y)):
            return later, queue, served_wait


def _later(x: Floats, y: Floats) -> Floats:
    """Returns Σ t(j) over j ≥ 1."""
    term, later = np.ones_like(x), np.zeros_like(x)
    j = 0
    while True:
        j += 1
        term *= y / (x + j)
        later += term
        if np.all((term <= _NEGLIGIBLE * later) & (x + j > y)):
            return later


def _share(part: Floats, rest: Floats | float) -> Floats:
    """Returns part / (part + rest), also where the part is infinite."""
    with np.errstate(divide="ignore", over="ignore"):
        return 1.0 / (1.0 + rest / part)


def _occupancy(agents: Counts, load: Floats, answered: Floats) -> Floats:
    # In overload the last digit may be one too many.
    busy = np.minimum(load * answered / np.maximum(agents, 1), 1.0)
    return np.where(agents > 0, busy, 0.0)
