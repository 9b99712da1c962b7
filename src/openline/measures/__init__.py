"""Every figure defined once: wallboard, reports, simulation and planning share these.

`fold` turns the record into tallies, `presence` into agents' time; `tally` holds and adds them,
`figures` computes from them, `estimate` says what a caller is told, `definitions` says what each
figure means in words.
"""

from openline.measures.definitions import DEFINITIONS, Definition, definition
from openline.measures.estimate import RecentTimes, wait_estimate
from openline.measures.figures import (
    ServiceLevelVariant,
    abandon_rate,
    agent_no_answer,
    answer_rate,
    asa,
    average_time_to_abandon,
    handle_time,
    occupancy,
    service_level,
)
from openline.measures.fold import (
    INTERVAL,
    Cell,
    Day,
    Fold,
    Interval,
    by_queue,
    of,
    start_of_interval,
)
from openline.measures.presence import Presence
from openline.measures.talk import Talk
from openline.measures.tally import AgentTime, Tally, total

__all__ = [
    "DEFINITIONS",
    "INTERVAL",
    "AgentTime",
    "Cell",
    "Day",
    "Definition",
    "Fold",
    "Interval",
    "Presence",
    "RecentTimes",
    "ServiceLevelVariant",
    "Talk",
    "Tally",
    "abandon_rate",
    "agent_no_answer",
    "answer_rate",
    "asa",
    "average_time_to_abandon",
    "by_queue",
    "definition",
    "handle_time",
    "occupancy",
    "of",
    "service_level",
    "start_of_interval",
    "total",
    "wait_estimate",
]
