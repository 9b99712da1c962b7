"""How a figure is shown to people in a terminal."""

from typing import TYPE_CHECKING

from openline.measures import definition
from openline.reports import COLUMNS, Sums

if TYPE_CHECKING:
    from rich.console import Console


WIDE = 120

SHORT = {
    "answered_in_target": "In time",
    "left_before_queue": "Left before",
    "left_in_menu": "In menu",
    "heard_closed": "Closed",
    "heard_message": "Message",
    "voicemail_left": "Voicemail",
    "arrived_answered": "Arr. answered",
    "arrived_answered_outside": "Arr. outside",
    "arrived_abandoned": "Arr. aband.",
    "arrived_for_callback": "Arr. callback",
    "answered_outside": "Outside",
    "short_abandoned": "Short aband.",
    "left_for_callback": "Callbacks",
    "callbacks_attempted": "Attempted",
    "callbacks_reached": "Reached",
    "callbacks_connected": "Made",
    "callbacks_in_target": "Made in time",
    "callback_wait": "To callback",
    "service_level": "Level",
    "abandon_rate": "Rate",
    "answer_rate": "Answered %",
    "asa": "ASA",
    "wait_median": "Median",
    "wait_p90": "P90",
    "wait_longest": "Longest",
    "average_time_to_abandon": "To abandon",
    "handle_time": "Handle",
    "talk_time": "Talk",
    "hold_time": "Hold",
    "wrap_up_time": "Wrap-up",
    "occupancy": "Occup.",
    "signed_in_time": "Signed in",
    "abandoned": "Aband.",
}
"""Headings of tables, where a whole name is too wide; `--explain` says what they mean."""


def heading(key: str) -> str:
    """Returns the figure's name over a column of a table."""
    return SHORT.get(key, definition(key).name)


def shown(key: str, sums: Sums) -> str:
    """Returns the figure as people read it; a dash where nothing can be said."""
    value = COLUMNS[key](sums)
    if value is None:
        return "–"
    unit = definition(key).unit
    if unit == "share":
        return f"{value:.1%}"
    if unit == "count":
        return f"{value:,}"
    return span(value)


def span(seconds: float) -> str:
    """Returns a length of time as people read it: minutes and seconds, or hours and minutes.

    >>> span(7.04), span(59.6), span(125), span(8_000)
    ('0:07', '1:00', '2:05', '2 h 13')
    """
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60:02d}"


def console() -> "Console":
    """Returns where tables are printed; as wide as they need where nobody looks at it."""
    from rich.console import Console

    found = Console()
    return found if found.is_terminal else Console(width=max(found.width, WIDE))
