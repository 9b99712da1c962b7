"""What a cover says in words, for the command line."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from openline.planning.cover import Cover
from openline.planning.erlang import Floats

MOST_SPANS = 4


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


def when_most(cover: Cover, weight: Floats) -> tuple[tuple[int, int], ...]:
    """Returns the times of the day that carry half of a weight, as begin and end in minutes."""
    by_clock: dict[int, float] = {}
    for stamp, each in zip(cover.stamps, weight.tolist(), strict=True):
        minute = int(stamp[11:13]) * 60 + int(stamp[14:16])
        by_clock[minute] = by_clock.get(minute, 0.0) + each
    clock = sorted(by_clock)
    heaviest, carried = set[int](), 0.0
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
    return tuple(sorted((run[0], run[-1] + minutes) for run in spans[:MOST_SPANS]))


def _when(cover: Cover, weight: Floats) -> str:
    """Returns the same in words, as 20:00–22:00."""
    told = [f"{_clock(begin)}–{_clock(end)}" for begin, end in when_most(cover, weight)]
    return " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _round(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 9.5 else f"{number:,.1f}"
