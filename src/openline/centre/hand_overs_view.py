"""Which hand-overs to emergency services are still to be looked at, and telling of a new one.

The view is a pure function from the durable state to plain values: which line and service, who did
it and when. Not who called: the number went along in signalling, and nobody here has seen it.
"""

from collections.abc import Callable, Collection

import structlog

from openline.centre.views import View
from openline.configuration import Published
from openline.engine import AnyEvent, State
from openline.engine import events as e
from openline.model import Instant, Origin

log = structlog.get_logger(__name__)


def hand_overs_view(
    state: State, published: Published, origins: Collection[Origin], language: str
) -> list[View]:
    """Returns those to be looked at, the oldest first."""
    return [
        {
            "key": str(one.number),
            "line": published.name_of("line", one.line, language),
            "outside": published.name_of("outside", one.outside, language),
            "by": published.name_of("agent", one.by, language),
            "at": one.at,
        }
        for one in state.hand_overs.values()
        if one.origin in origins
    ]


def alarm() -> Callable[[Instant, tuple[AnyEvent, ...]], None]:
    """Returns an observer that writes a warning into the log at every hand-over."""

    def noticed(_now: Instant, events: tuple[AnyEvent, ...]) -> None:
        for event in events:
            if isinstance(event, e.OutsideDialled) and event.passes_number:
                log.warning("emergency_hand_over", line=event.line, outside=event.outside)

    return noticed
