"""What a cover says in words, for the command line."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from openline.planning.cover import Cover
from openline.planning.erlang import Floats

MOST_SPANS = 4
LOSES = 0.10
"""From this share of leaving callers on, the risk is called high."""


def risk_word(gap: int, leave: float) -> str:
    """Returns the risk of an interval in a word.

    >>> [risk_word(*each) for each in ((0, 0.02), (-1, 0.05), (-4, 0.3))]
    ['covered', 'short', 'high']
    """
    if gap >= 0:
        return "covered"
    return "high" if leave >= LOSES else "short"


def verdict_words(cover: Cover) -> list[str]:
    """Returns sentences that say whether the roster covers, and where it falls short most."""
    short = cover.gap < 0
    calls, leave = float(cover.calls.sum()), float(cover.leave.sum())
    share = 100 * leave / calls if calls else 0.0
    with_it = f"About {leave:,.0f} of {calls:,.0f} callers leave ({share:.1f} %)."
    if not short.any():
        return [f"The roster covers every interval. {with_it}"]
    missing = float(-cover.gap[short].sum()) * cover.intervals.interval_s / 3600
    return [
        f"The roster falls short in {int(short.sum()):,} of {len(short):,} intervals, by "
        f"{missing:,.1f} hours of work together. {with_it}",
        f"Most leave {_when(cover, cover.leave)}.",
    ]


def difference_words(before: Cover, after: Cover, ends: Sequence[tuple[Cover, ...]]) -> list[str]:
    """Returns sentences on what a change does; `ends` are before and after at the range's ends."""
    fewer = before.leave - after.leave
    total = float(fewer.sum())
    late = float((before.late - after.late).sum())
    if abs(total) < 0.05 and abs(late) < 0.05:
        return ["With the change nothing differs that can be told."]
    word = "fewer" if total >= 0 else "more"
    in_time = "more" if late >= 0 else "fewer"
    said = [
        f"With the change about {_round(abs(total))} {word} callers leave, mostly "
        f"{_when(before, np.abs(fewer))}; about {_round(abs(late))} {in_time} are answered in time."
    ]
    if ends:
        each = sorted(
            float((one.leave - other.leave).sum()) * (1 if total >= 0 else -1)
            for one, other in ends
        )
        said.append(
            f"If every interval came at the low or the high end of its 80 % range, it would be "
            f"{_round(each[0])} to {_round(each[-1])}"
            + (", so the same way at both ends." if each[0] > 0 else ".")
        )
    short = int((before.gap < 0).sum()), int((after.gap < 0).sum())
    if short[0] != short[1]:
        said.append(f"Intervals that fall short: {short[0]:,} before, {short[1]:,} after.")
    return said


def _when(cover: Cover, weight: Floats) -> str:
    """Returns the times of the day that carry half of a weight, as 20:00–22:00."""
    by_clock: dict[str, float] = {}
    for stamp, each in zip(cover.stamps, weight.tolist(), strict=True):
        by_clock[stamp[11:16]] = by_clock.get(stamp[11:16], 0.0) + each
    clock = sorted(by_clock)
    heaviest, carried = set[str](), 0.0
    for time in sorted(clock, key=lambda time: -by_clock[time]):
        if carried >= 0.5 * sum(by_clock.values()):
            break
        heaviest.add(time)
        carried += by_clock[time]
    minutes = int(cover.intervals.interval_s // 60)
    spans = [
        (list(run)) for chosen, run in groupby(clock, key=lambda time: time in heaviest) if chosen
    ]
    spans.sort(key=lambda run: -sum(by_clock[time] for time in run))
    told = sorted(f"{run[0]}–{_plus(run[-1], minutes)}" for run in spans[:MOST_SPANS])
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _plus(clock: str, minutes: int) -> str:
    at = int(clock[:2]) * 60 + int(clock[3:]) + minutes
    return f"{at // 60:02d}:{at % 60:02d}"


def _round(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 9.5 else f"{number:,.1f}"
