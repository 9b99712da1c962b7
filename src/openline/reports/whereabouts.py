"""Where a difference lies: in which hours of the day, in which queue, on which day of the week.

Differences of counts add up, so a part of the day has a share of the whole difference. Named is the
shortest stretch of the day that holds most of what went in the direction of the whole; nothing is
named where no part stands out.
"""

from collections.abc import Mapping, Sequence

MOST = 0.6
"""A part is worth naming if it holds such a share of what went in the same direction."""
LONGEST = 20
"""A stretch of more half hours is named no more: it is most of the day."""
DAY = 48


def busiest_stretch(by_half_hour: Mapping[str, float]) -> tuple[int, int] | None:
    """Returns begin and end, in minutes of the day, of the stretch that holds most of it.

    Keys are half hours as "20:30". The end is not after the begin where it is on the next day.

    >>> busiest_stretch({"19:30": 0.5, "20:00": 4.0, "20:30": 5.0, "23:00": 1.0, "23:30": -1.0})
    (1200, 1260)
    """
    values = [0.0] * DAY
    for clock, value in by_half_hour.items():
        hours, minutes = clock.split(":")
        values[(int(hours) * 60 + int(minutes)) // 30] += value
    toward = _toward(values)
    wanted = MOST * sum(toward)
    if wanted <= 0:
        return None
    for length in range(1, LONGEST + 1):
        sums = [sum(toward[(begin + step) % DAY] for step in range(length)) for begin in range(DAY)]
        best = max(range(DAY), key=lambda begin: (sums[begin], -begin))
        if sums[best] >= wanted:
            end = (best + length) * 30
            return best * 30, end if end <= DAY * 30 else end - DAY * 30
    return None


def standing_out(by_part: Mapping[str, float]) -> str | None:
    """Returns the part that alone holds most of it, where there are several.

    >>> standing_out({"talk-en": 9.0, "talk-es": 1.0, "legal": -2.0})
    'talk-en'
    >>> standing_out({"talk-en": 9.0})
    """
    if len(by_part) < 2:
        return None
    names = list(by_part)
    toward = _toward([by_part[name] for name in names])
    most = max(range(len(names)), key=lambda place: (toward[place], -place))
    return names[most] if toward[most] > 0 and toward[most] >= MOST * sum(toward) else None


def _toward(values: Sequence[float]) -> list[float]:
    """Returns what went in the direction of the whole, as positive numbers."""
    sign = 1.0 if sum(values) >= 0 else -1.0
    return [max(0.0, sign * value) for value in values]
