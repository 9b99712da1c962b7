"""What an event about whole lines changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply.moves import adopt_anew
from openline.engine.state import ClosedLine, State


def _line_closed(state: State, event: e.LineClosed) -> None:
    state.closed_lines[event.line] = ClosedLine(line=event.line, by=event.by, since=state.now)


def _line_reopened(state: State, event: e.LineReopened) -> None:
    del state.closed_lines[event.line]


def _surge_switched(state: State, event: e.SurgeSwitched) -> None:
    state.surge = event.surge
    adopt_anew(state, state.settings)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.LineClosed: _line_closed,
    e.LineReopened: _line_reopened,
    e.SurgeSwitched: _surge_switched,
}
