"""Erlang A in long arithmetic, slow and plain.

With so many digits the plain differences do no harm that the program must avoid, and no case needs
integrals.
"""

from typing import NamedTuple

import mpmath as mp


class Exact(NamedTuple):
    """Holds the figures of one queue, as `Behaviour` names them."""

    service_level: mp.mpf
    abandon_probability: mp.mpf
    mean_wait_s: mp.mpf
    asa_s: mp.mpf
    wait_probability: mp.mpf
    occupancy: mp.mpf


def erlang_a(agents: int, rate: float, aht: float, patience: float, target: float) -> Exact:
    """Returns the exact figures, for at least one agent; times in seconds."""
    x, y = agents * patience / aht, rate * patience
    excess = max(y / x - 1, 0.0)
    with mp.workdps(60 + int(x * (excess - float(mp.log(1 + excess))))):
        n, lam = agents, mp.mpf(rate)
        mu, theta, t = 1 / mp.mpf(aht), 1 / mp.mpf(patience), mp.mpf(target)
        load = lam / mu
        below = mp.mpf(0)
        for k in range(1, n + 1):
            below = k / load * (1 + below)
        x, y = n * mu / theta, lam / theta

        # Who finds j waiting is served with probability x / (x + j + 1), stage by stage.
        every, served, served_wait = mp.mpf(1), x / (x + 1), x / (x + 1) ** 2
        term, stages, j = mp.mpf(1), 1 / (x + 1), 0
        while term > mp.eps or j < y:
            j += 1
            term *= y / (x + j)
            stages += 1 / (x + j + 1)
            every += term
            served += term * x / (x + j + 1)
            served_wait += term * x / (x + j + 1) * stages
        whole = below + every
        # The share that is served after the target, by the virtual wait at that moment.
        z = y * mp.exp(-theta * t)
        late = mp.exp(y - z - n * mu * t) * (mp.hyp1f1(1, x + 1, z, maxterms=10**6) - 1) * x / y
        answered = (below + served) / whole
        return Exact(
            service_level=(below + served - late) / whole,
            abandon_probability=1 - answered,
            mean_wait_s=(1 - answered) / theta,
            asa_s=served_wait / (below + served) / theta,
            wait_probability=every / whole,
            occupancy=load * answered / n,
        )


def erlang_a_of_many(
    agents: int, rate: float, aht: float, patience: float, target: float
) -> dict[str, mp.mpf]:
    """Returns the exact figures where many call within one patience; all but `asa_s`.

    Nothing is summed over the queue's length: who is busy follows from the agents' own states, and
    the queue's part from the confluent series, by its continued fraction where it is long.
    """
    with mp.workdps(60):
        n, lam = agents, mp.mpf(rate)
        mu, theta, t = 1 / mp.mpf(aht), 1 / mp.mpf(patience), mp.mpf(target)
        load, x, y = lam / mu, n * mu / theta, lam / theta
        weight, below, idle = mp.mpf(1), mp.mpf(0), mp.mpf(0)
        for k in range(n, 0, -1):
            weight *= k / load
            below += weight
            idle += (n - k + 1) * weight
        every = confluent(x, y)
        whole = below + every
        busy = n - idle / whole
        answered = busy / load
        z = y * mp.exp(-theta * t)
        late = mp.exp(y - z - n * mu * t) * (confluent(x, z) - 1) * x / y
        return {
            "service_level": answered - late / whole,
            "abandon_probability": 1 - answered,
            "mean_wait_s": (1 - answered) / theta,
            "wait_probability": every / whole,
            "occupancy": busy / n,
        }


def confluent(x: mp.mpf, y: mp.mpf) -> mp.mpf:
    """Returns 1F1(1; x + 1; y), the sum over j of y^j / ((x + 1) … (x + j)).

    Above x it is what the upper incomplete gamma function leaves of the whole one; that has a
    continued fraction (Abramowitz and Stegun 6.5.31), here by Lentz.
    """
    if y <= x:
        term, whole, j = mp.mpf(1), mp.mpf(1), 0
        while term > mp.eps * whole / 1000:
            j += 1
            term *= y / (x + j)
            whole += term
        return whole
    b, c = y + 1 - x, mp.mpf(10) ** 1000
    d = 1 / b
    fraction, i, step = d, 0, mp.mpf(0)
    while abs(step - 1) >= 100 * mp.eps:
        i += 1
        b += 2
        d = 1 / (b - i * (i - x) * d)
        c = b - i * (i - x) / c
        step = c * d
        fraction *= step
    return x * (mp.exp(y - x * mp.log(y) + mp.loggamma(x)) - fraction)
