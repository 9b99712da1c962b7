"""What a caller is told about the wait, or that nothing honest can be said.

The reasoning: while everybody is on a call, the agents of the queue together finish a call every
h / n on average (h the mean handle time, n the agents at work). The caller at place k needs k such
endings before her own turn: k · h / n. It is the mean wait of the k-th in line in a queue with n
servers that are all busy, if handle times are spread about exponentially, and a fair guess if not.

What it leaves out, on purpose: callers before her who give up (the wait is then shorter: a
pleasant error), and that an agent may serve other queues too (longer). So it is spoken in rounded
words and with a cap, never to the second. Agents who are paused are not counted: whether they come
back is theirs to say.

It is silent (None) when nobody is there to answer, and when too few calls have ended lately to know
h and no usual handle time was given. A wrong number hurts more than none: who was told two minutes
and waits ten feels lied to.
"""

from openline.model import MINUTE, Duration

LONGEST_TOLD = Duration(60 * MINUTE)
"""Beyond this only "more than an hour" is honest: so many things change in an hour."""
CALLS_NEEDED = 5
CALLS_REMEMBERED = 50


def mean_of(times: list[Duration]) -> Duration | None:
    """Returns the mean of the last handle times, or None while there are too few of them."""
    return Duration(round(sum(times) / len(times))) if len(times) >= CALLS_NEEDED else None


def wait_estimate(
    place: int,
    agents: int,
    recent_mean: Duration | None,
    usual: Duration | None = None,
) -> Duration | None:
    """Returns how much longer the caller may wait, at most `LONGEST_TOLD`, or None.

    `place` counts from 1 (the next to be answered). `agents` are those who serve the queue and are
    ready, being rung, talking or in wrap-up. `recent_mean` is the mean handle time of the last
    calls; where it is None, `usual` stands in for it, if there is one.

    Third in line, six agents at work, ten minutes a call: 3 · 600 s / 6 = 300 s.

    >>> wait_estimate(3, 6, Duration(600_000_000)) // 1_000_000
    300
    >>> wait_estimate(30, 1, Duration(600_000_000)) == LONGEST_TOLD
    True
    >>> wait_estimate(1, 0, Duration(600_000_000)) is None  # nobody signed in
    True
    >>> wait_estimate(1, 2, None) is None  # nothing known of handle times
    True
    """
    handle = usual if recent_mean is None else recent_mean
    if place < 1 or agents < 1 or handle is None:
        return None
    return min(Duration(place * handle // agents), LONGEST_TOLD)
