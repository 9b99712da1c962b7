"""Reading what planners type: durations, targets, percentages, counts; and saying what is wrong."""

import math
import re
from fractions import Fraction

from openline.model import RefusedError

_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(min|[smhd]?)\s*")


def duration_s(text: str, what: str) -> float:
    """Returns a duration in seconds: 30m, 6m30s, 1h, 90s, or a plain number of seconds.

    Raises:
        RefusedError: it is none, or not above zero (`bad_duration`).

    >>> duration_s("6m30s", "--aht")
    390.0
    """
    rest, total = text.strip().lower(), 0.0
    while rest:
        part = _PART.match(rest)
        if part is None:
            break
        total += float(part[1]) * _UNITS[part[2]]
        rest = rest[part.end() :]
    if rest or not math.isfinite(total) or total <= 0:
        raise RefusedError(
            f"{what}: {text!r} is no duration. Write 30m, 6m30s, 1h, 90s or a number of seconds, "
            f"above zero.",
            code="bad_duration",
        )
    return total


def target(text: str, what: str) -> tuple[float, float]:
    """Returns a service-level target as percent and seconds: 80/20, or 80/20s, 90/1m.

    Raises:
        RefusedError: it is none (`bad_target`, `bad_percent`, `bad_duration`).

    >>> target("80/20", "--target")
    (80.0, 20.0)
    """
    share, slash, within = text.partition("/")
    if not slash:
        raise RefusedError(
            f"{what}: {text!r} is no target. Write 80/20 for 80 % answered within 20 seconds.",
            code="bad_target",
        )
    seconds = 0.0 if within.strip() in ("0", "0s") else duration_s(within, what)
    return percent(share, what), seconds


def percent(text: str, what: str) -> float:
    """Returns a percentage, from 0 to 100.

    Raises:
        RefusedError: it is none (`bad_percent`).
    """
    value = _number(text.strip().removesuffix("%"))
    if value is None or not 0 <= value <= 100:
        raise RefusedError(
            f"{what}: {text!r} is no percentage. Write a number from 0 to 100.", code="bad_percent"
        )
    return value


def shrinkage(text: str) -> Fraction:
    """Returns a percentage below 100, exactly as it was written.

    Raises:
        RefusedError: it is none (`bad_percent`).
    """
    value = percent(text, "--shrinkage")
    if value == 100:
        raise RefusedError(
            "--shrinkage: at 100 % nobody is ever there. Write a number below 100.",
            code="bad_percent",
        )
    return Fraction(text.strip().removesuffix("%").strip())


def number(text: str, what: str, *, above_zero: bool) -> float:
    """Returns a number that is not negative.

    Raises:
        RefusedError: it is none (`bad_number`).
    """
    value = _number(text)
    if value is None or value < 0 or (above_zero and value == 0):
        least = "above zero" if above_zero else "0 or more"
        comma = " Write decimals with a point." if "," in text else ""
        raise RefusedError(f"{what}: {text!r} is no number {least}.{comma}", code="bad_number")
    return value


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
