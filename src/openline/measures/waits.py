"""How waits are spread: medians and percentiles that can be added up.

A percentile of a day cannot be made from the percentiles of its hours. So a tally keeps how many
answered calls waited about how long, in steps that grow with the wait, and such counts do add: of
intervals to a day, of queues to a centre, of days to a year, in any order with the same result.

The steps: to the millisecond below 128 ms; from there 64 steps for every doubling. A percentile is
told as the middle of its step, so it is wrong by less than 1 part in 128 (0.8 %), or by half a
millisecond. The longest wait is kept beside them and is exact.

Why not every wait, exactly: these counts outlive the record that they were made of, and a list of
waits to the microsecond would keep a fingerprint of every call for ever (docs/adr). And a year's
counts are some hundred numbers.
"""

from collections.abc import Mapping

from openline.model import MILLISECOND, Duration

_FINE_BITS = 6
"""64 steps for each doubling."""


def step_of(wait: Duration) -> int:
    """Returns the number of the step that holds the wait; longer waits have no smaller ones.

    >>> step_of(Duration(127_999)), step_of(Duration(128_000)), step_of(Duration(20_000_000))
    (127, 128, 590)
    """
    whole = max(0, wait) // MILLISECOND
    coarse = max(0, whole.bit_length() - _FINE_BITS - 1)
    return (coarse << _FINE_BITS) + (whole >> coarse)


def bounds_of(step: int) -> tuple[Duration, Duration]:
    """Returns where the step begins and where the next one does.

    >>> bounds_of(590)  # holds 20 s
    (19968000, 20224000)
    """
    coarse = max(0, (step >> _FINE_BITS) - 1)
    first = (step - (coarse << _FINE_BITS)) << coarse
    return Duration(first * MILLISECOND), Duration((first + (1 << coarse)) * MILLISECOND)


def percentile(counts: Mapping[int, int], per_cent: int, longest: Duration) -> Duration | None:
    """Returns the least wait that so many per cent of the calls did not exceed, or None for none.

    The nearest-rank definition: of n waits in order, the one at place n · p / 100, rounded up. It
    is told as the middle of its step, and never as more than the longest.

    Waits of 1, 2, 3 and 40 seconds: the 2nd is the median, the 4th the 90th percentile.

    >>> counts = {step_of(Duration(s * 1_000_000)): 1 for s in (1, 2, 3, 40)}
    >>> percentile(counts, 50, Duration(40_000_000))
    2000000
    >>> percentile(counts, 90, Duration(40_000_000))
    40000000
    """
    calls = sum(counts.values())
    if calls == 0:
        return None
    place = -(-calls * per_cent // 100)
    for step in sorted(counts):
        place -= counts[step]
        if place <= 0:
            begin, end = bounds_of(step)
            return min(Duration((begin + end) // 2), longest)
    return longest
