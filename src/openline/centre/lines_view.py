"""What a supervisor sees of the lines: a pure function from the durable state to plain values."""

from typing import Any

from openline.configuration import Published
from openline.engine import LineSettings, State
from openline.engine.decisions.opening import is_open
from openline.model import Instant


def lines_view(state: State, published: Published, language: str) -> dict[str, Any]:
    """Returns every line with who closed it, if anybody did, and the surges.

    Whether a line is open is said of the last step: nothing may have happened since.
    """
    return {
        "lines": [_line(state, published, line, language) for line in state.settings.lines],
        "surge": state.surge,
        "surges": [
            {"key": surge.key, "name": published.name_of("surge", surge.key, language)}
            for surge in state.settings.surges
        ],
    }


def _line(state: State, published: Published, line: LineSettings, language: str) -> dict[str, Any]:
    closed = state.closed_lines.get(line.key)
    return {
        "key": line.key,
        "name": published.name_of("line", line.key, language),
        "open": closed is None and _by_its_hours(state, line, state.now),
        "closed_by": None if closed is None else published.name_of("agent", closed.by, language),
        "closed_since": None if closed is None else closed.since,
    }


def _by_its_hours(state: State, line: LineSettings, now: Instant) -> bool:
    return line.hours is None or is_open(state.hours[line.hours], now)
