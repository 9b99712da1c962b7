"""Which figures a report can show, and how each is computed from the sums of a row.

A key is that of `measures.definitions`, which also says its unit and what it means. Shares run from
0 to 1 and times are seconds; None is a figure that nothing can be said of, never 0.
"""

from collections.abc import Callable, Sequence
from difflib import get_close_matches

import msgspec

from openline.measures import (
    ENDINGS,
    AgentTime,
    ServiceLevelVariant,
    Tally,
    abandon_rate,
    agent_no_answer,
    answer_rate,
    asa,
    average_time_to_abandon,
    callback_wait,
    definition,
    handle_parts,
    handle_time,
    longest_wait,
    occupancy,
    pause_share,
    service_level,
    wait_percentile,
)
from openline.model import SECOND, Duration, RefusedError

Value = int | float | None


class Sums(msgspec.Struct, kw_only=True):
    """Holds what a row adds up to; rows are added, figures are computed last."""

    tally: Tally
    judged: Tally
    """Of the queues that have a target: only they have a service level."""
    arrivals: bool
    """Whether arrivals belong to this row: they reach a line, and no queue yet."""
    time: AgentTime | None
    """Of the whole centre; None for a row that is not of all of it."""

    def add(self, other: "Sums") -> None:
        """Adds the other's sums to these."""
        self.tally.add(other.tally)
        self.judged.add(other.judged)
        if self.time is not None and other.time is not None:
            self.time = self.time.plus(other.time)


def _seconds(duration: Duration | None) -> float | None:
    return None if duration is None else duration / SECOND


def _count(field: str) -> Callable[[Sums], Value]:
    return lambda sums: int(getattr(sums.tally, field))


def _arrival(field: str) -> Callable[[Sums], Value]:
    return lambda sums: int(getattr(sums.tally, field)) if sums.arrivals else None


def _level(variant: ServiceLevelVariant) -> Callable[[Sums], Value]:
    return lambda sums: service_level(sums.judged, variant)


def _part(number: int) -> Callable[[Sums], Value]:
    def of(sums: Sums) -> Value:
        parts = handle_parts(sums.tally)
        return None if parts is None else parts[number] / SECOND

    return of


COLUMNS: dict[str, Callable[[Sums], Value]] = {
    "arrived": _arrival("arrived"),
    **{key: _arrival(key) for key in ENDINGS.values()},
    "offered": _count("offered"),
    "answered": _count("answered"),
    "answered_in_target": lambda sums: sums.judged.answered_in_target,
    "abandoned": _count("abandoned"),
    "short_abandoned": _count("short_abandoned"),
    "flowed_out": _count("flowed_out"),
    "answered_outside": _count("answered_outside"),
    "left_for_callback": _count("left_for_callback"),
    "callbacks_attempted": _count("callbacks_attempted"),
    "callbacks_reached": _count("callbacks_reached"),
    "callbacks_connected": _count("callbacks_connected"),
    "callbacks_in_target": lambda sums: sums.judged.callbacks_in_target,
    "callback_wait": lambda sums: _seconds(callback_wait(sums.tally)),
    "service_level": _level(ServiceLevelVariant.HEADLINE),
    "service_level.without_short_abandons": _level(ServiceLevelVariant.WITHOUT_SHORT_ABANDONS),
    "service_level.answered_only": _level(ServiceLevelVariant.ANSWERED_ONLY),
    "service_level.with_flowed_out": _level(ServiceLevelVariant.WITH_FLOWED_OUT),
    "service_level.with_answered_outside": _level(ServiceLevelVariant.WITH_ANSWERED_OUTSIDE),
    "service_level.asterisk_sl2": _level(ServiceLevelVariant.ASTERISK_SL2),
    "abandon_rate": lambda sums: abandon_rate(sums.tally),
    "abandon_rate.without_short_abandons": lambda sums: abandon_rate(
        sums.tally, without_short=True
    ),
    "answer_rate": lambda sums: answer_rate(sums.tally),
    "asa": lambda sums: _seconds(asa(sums.tally)),
    "wait_median": lambda sums: _seconds(wait_percentile(sums.tally, 50)),
    "wait_p90": lambda sums: _seconds(wait_percentile(sums.tally, 90)),
    "wait_longest": lambda sums: _seconds(longest_wait(sums.tally)),
    "average_time_to_abandon": lambda sums: _seconds(average_time_to_abandon(sums.tally)),
    "handled": _count("handled"),
    "handle_time": lambda sums: _seconds(handle_time(sums.tally)),
    "talk_time": _part(0),
    "hold_time": _part(1),
    "wrap_up_time": _part(2),
    "occupancy": lambda sums: None if sums.time is None else occupancy(sums.time),
    "agent_no_answer": lambda sums: agent_no_answer(sums.tally),
    "signed_in_time": lambda sums: None if sums.time is None else _seconds(sums.time.signed_in),
    "pause_share": lambda sums: None if sums.time is None else pause_share(sums.time),
}

ARRIVALS = ("arrived", *ENDINGS.values())
"""Arrivals and how they ended; the others add up to the first, but for who is still here."""
USUAL = (
    "offered",
    "answered",
    "abandoned",
    "service_level",
    "abandon_rate",
    "asa",
    "wait_p90",
    "wait_longest",
    "handle_time",
    "occupancy",
)
"""What a report shows unless it is told."""


def chosen(keys: Sequence[str]) -> tuple[str, ...]:
    """Returns the keys, once each and in this order; `all` and `arrivals` stand for several.

    Raises `RefusedError` (code `unknown_measure`) for a key that no report can show.
    """
    found: dict[str, None] = {}
    for key in keys:
        if key == "all":
            found.update(dict.fromkeys(COLUMNS))
        elif key == "arrivals":
            found.update(dict.fromkeys(ARRIVALS))
        elif key in COLUMNS:
            found[key] = None
        else:
            near = get_close_matches(key, COLUMNS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise RefusedError(
                f"--measures {key}: no report shows such a measure.{hint} "
                f"There are: {', '.join(COLUMNS)}.",
                code="unknown_measure",
            )
    return tuple(found) or USUAL


def column(key: str) -> str:
    """Returns the figure's name in files: with its unit where it is a time."""
    return f"{key}_s" if definition(key).unit == "seconds" else key


def figures(sums: Sums, keys: Sequence[str]) -> dict[str, str | Value]:
    """Returns the figures by their names in files; None where nothing can be said."""
    return {column(key): COLUMNS[key](sums) for key in keys}
